"""Keeps a second driver away from a run: there is but one writer to a journal."""

from __future__ import annotations

import fcntl
import secrets
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING

from sqlalchemy import text

from document.errors import GoujiError
from pipeline.faults import sentence
from pipeline.journal import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from pipeline.journal_place import Place

_MARK = 16
_RELEASE = 5.0
"""Seconds in which a server notices that a driver was killed."""


@contextmanager
def held_folder(run: Path) -> Iterator[str]:
    """Hold a run's folder; the hold ends with the process, however that ends.

    Gives a mark that is the run's own on this machine and stays the same from hold to hold, so
    that what a killed holder left elsewhere can be told from everybody else's. Raises GoujiError
    where another process has the folder.
    """
    with (run / "lock").open("a+", encoding="ascii", errors="replace") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GoujiError("run-in-use", sentence("run-in-use")) from error
        stream.seek(0)
        mark = stream.read(_MARK + 1)
        if len(mark) != _MARK or not set(mark) <= set("0123456789abcdef"):
            mark = secrets.token_hex(_MARK // 2)
            with suppress(OSError):  # a full disk: the next holder makes another one
                stream.truncate(0)
                stream.write(mark)
                stream.flush()
        yield mark


@contextmanager
def held_database(engine: Engine, place: Place) -> Iterator[None]:
    """Hold a run in a PostgreSQL database against drivers on whatever machine.

    The hold ends with this process's connection. Raises GoujiError where another has it, and
    OutputError where the server does not answer.
    """
    if engine.dialect.name != "postgresql" or place.run is None:
        yield
        return
    with guarded(), engine.connect() as connection:
        _claim(connection, int(place.run[:15], 16))
        try:
            yield
        finally:
            connection.invalidate()


def _claim(connection: Connection, key: int) -> None:
    # A driver whose machine lost its power is noticed after a minute, not after two hours.
    for setting in ("idle = 30", "interval = 10", "count = 3"):
        connection.execute(text(f"SET tcp_keepalives_{setting}"))
    claim = text("SELECT pg_try_advisory_lock(:key)")
    end = monotonic() + _RELEASE
    while not connection.scalar(claim, {"key": key}):
        if monotonic() > end:
            raise GoujiError("run-in-use", sentence("run-in-use"))
        sleep(0.1)
    connection.commit()  # the hold is the session's, not the transaction's
