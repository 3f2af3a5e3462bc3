"""The journal of a batch: what was given, tried and found. Rows are added, none is changed.

One process writes; every call is a transaction, so that a result is there whole or not at all.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, insert, inspect, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from document.errors import OutputError
from document.report import Report, Status
from pipeline.export_json import pack
from pipeline.faults import fault, sentence
from pipeline.journal_place import FILE, Place, place_of, remember
from pipeline.journal_rows import rows_of, storable
from pipeline.journal_schema import (
    ABOUT,
    ATTEMPTS,
    DOCUMENTS,
    METADATA,
    REFUSALS,
    RESULTS,
    SETTINGS,
    SIGHTINGS,
    VERSION,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL, Connection, Engine, Table
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from document.message import Message
    from pipeline.settings import Settings

_PATIENCE = 60.0
"""Seconds in which a server may come back."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place that a document came by, and what a list said of it."""

    sha256: str
    size: int
    place: str
    agency: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input whose bytes could not be had, and why."""

    place: str
    code: str
    message: Message


@dataclass(frozen=True, slots=True)
class Attempt:
    """A worker's turn at a document. ``outcome`` is "read" or the code of what went wrong.

    ``base`` are the settings of the result that pages read again were put into.
    """

    sha256: str
    settings: str
    seconds: float
    alone: bool
    outcome: str
    trace: str | None = None
    base: str | None = None


def new_journal(folder: Path, asked: str | None = None) -> Engine:
    """Open or begin the journal of a run folder, at the database URL ``asked`` if one is.

    Raises InputError where the URL is of no use or the journal lies elsewhere, and OutputError.
    """
    place = place_of(folder, asked)
    with guarded():
        engine = _engine(place.url)
        if inspect(engine).has_table(ABOUT.name):
            _check(engine, place)  # what is not ours must not be remembered as ours
        remember(folder, place)
        METADATA.create_all(engine)
        about = [("version", VERSION)] + ([] if place.run is None else [("run", place.run)])
        with engine.begin() as connection:
            for name, said in about:
                _add_once(connection, ABOUT, {"name": name, "text": said}, ("name",))
    _check(engine, place)
    return engine


def old_journal(folder: Path) -> Engine:
    """Open the journal of a run. Raises InputError where there is none, and OutputError."""
    place = place_of(folder)
    if place.run is None and not (folder / FILE).is_file():
        raise fault("not-a-run")
    with guarded():
        engine = _engine(place.url)
        if not inspect(engine).has_table(ABOUT.name):
            raise fault("not-a-run")
    _check(engine, place)
    return engine


def _check(engine: Engine, place: Place) -> None:
    """Make sure that a journal is ours and of our version. Raises OutputError."""
    with guarded(), engine.connect() as connection:
        held = select(ABOUT.c.name, ABOUT.c.text)
        found = {row[0]: row[1] for row in connection.execute(held)}
    version = found.get("version", VERSION)
    if version != VERSION:
        message = sentence("other-journal", found=version, wanted=VERSION)
        raise OutputError("other-journal", message)
    if found and found.get("run") != place.run:
        raise OutputError("other-run", sentence("other-run"))


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what a database says into an OutputError with a remedy."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        lines = str(cause).splitlines() or [type(error).__name__]
        if "malformed" in lines[0] or "not a database" in lines[0]:
            raise OutputError("damaged-journal", sentence("damaged-journal")) from error
        remote = type(cause).__module__.startswith("psycopg")
        said = sentence("journal-server" if remote else "journal", cause=lines[0])
        raise OutputError("journal", said) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction; a server that does not answer is waited for, as it may be restarting."""
    end = monotonic() + _PATIENCE
    while True:
        try:
            connection = engine.connect()
            break
        except OperationalError:
            if engine.dialect.name == "sqlite" or monotonic() > end:
                raise
            sleep(0.5)
    with connection, connection.begin():
        yield connection


def _engine(url: URL) -> Engine:
    """Return a way to a database that answers, and that a journal can rely on."""
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise OutputError("no-driver", sentence("no-driver")) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sturdy)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            encoding = connection.scalar(text("SHOW server_encoding"))
            if encoding != "UTF8":
                raise OutputError("not-utf8", sentence("not-utf8", encoding=encoding))
    return engine


def add_settings(engine: Engine, settings: Settings) -> None:
    """Write down what results depend on, once."""
    with guarded(), writing(engine) as connection:
        row: dict[str, object] = {"key": settings.key, "json": settings.json}
        _add_once(connection, SETTINGS, row, ("key",))


def add_inputs(engine: Engine, given: list[Sighting | Refusal]) -> None:
    """Write down documents with the places they came by, and inputs that could not be had.

    What is known already is asked for at once for all that are ``given``: some hundred, not more.
    """
    seen = [one for one in given if isinstance(one, Sighting)]
    digests = [one.sha256 for one in seen]
    documents, columns = DOCUMENTS.c, SIGHTINGS.c
    places = (columns.sha256, columns.place, columns.agency, columns.year)
    with guarded(), writing(engine) as connection:
        for one in given:
            if isinstance(one, Refusal):
                row: dict[str, object] = {
                    "place": storable(one.place),
                    "code": one.code,
                    "message_zh": storable(one.message.zh),
                    "message_en": storable(one.message.en),
                }
                _add_once(connection, REFUSALS, row, ("place", "code"))
        known = select(documents.sha256).where(documents.sha256.in_(digests))
        there = set(connection.scalars(known))
        new = {one.sha256: one.size for one in seen if one.sha256 not in there}
        if new:
            rows = [{"sha256": sha256, "size": size} for sha256, size in new.items()]
            connection.execute(insert(DOCUMENTS), rows)
        held = select(*places).where(columns.sha256.in_(digests))
        had = {tuple(row) for row in connection.execute(held)}
        listed = dict.fromkeys(
            (
                one.sha256,
                storable(one.place),
                None if one.agency is None else storable(one.agency),
                one.year,
            )
            for one in seen
        )
        names = ("sha256", "place", "agency", "year")
        unheld = [dict(zip(names, one, strict=True)) for one in listed if one not in had]
        if unheld:
            connection.execute(insert(SIGHTINGS), unheld)


def add_attempt(engine: Engine, attempt: Attempt, report: Report | None) -> None:
    """Write down a worker's turn and, where it came to an end, the report: all or nothing."""
    with guarded(), writing(engine) as connection:
        row = {
            "sha256": attempt.sha256,
            "settings": attempt.settings,
            "ended": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "seconds": round(attempt.seconds, 3),
            "alone": attempt.alone,
            "outcome": attempt.outcome,
            "trace": None if attempt.trace is None else storable(attempt.trace),
        }
        added = connection.execute(insert(ATTEMPTS).values(row)).inserted_primary_key
        if report is not None and added is not None:
            _add_report(connection, attempt, int(added[0]), report)


def counts(report: Report) -> dict[str, int]:
    """Return how many figures were repaired, and how many want a person."""
    return {
        "repaired": sum(c.status in {Status.REPAIRED, Status.DERIVED} for c in report.cells),
        "review": sum(cell.needs_review for cell in report.cells),
    }


def _add_report(connection: Connection, attempt: Attempt, number: int, report: Report) -> None:
    row = {
        "sha256": attempt.sha256,
        "settings": attempt.base or attempt.settings,
        "attempt": number,
        "status": report.status,
        "agency": None if report.agency is None else storable(report.agency),
        "year": report.year,
        **counts(report),
        "report": zlib.compress(pack(report)),
    }
    added = connection.execute(insert(RESULTS).values(row)).inserted_primary_key
    result = added[0] if added is not None else None
    for into, rows in rows_of(report).items():
        if rows:
            connection.execute(insert(into), [{"result": result, **one} for one in rows])


def _add_once(
    connection: Connection, into: Table, row: dict[str, object], key: tuple[str, ...]
) -> None:
    """Add a row unless one of that key is there; there is but one writer."""
    there = select(*(into.c[name] for name in key)).where(
        *(into.c[name] == row[name] for name in key)
    )
    if connection.execute(there).first() is None:
        connection.execute(insert(into).values(row))


def _sturdy(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Let SQLite survive a power loss, and be read while it is written."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
