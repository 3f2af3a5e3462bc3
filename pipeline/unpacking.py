"""Has archives unpacked by a process of its own, confined as those are that read documents.

It hears of one archive after another and answers in lines of JSON: for each file where it lies
now, or why it cannot be had.
"""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from document.errors import InputError, OutputError
from document.message import Message
from pipeline.archive import Member, Room, unpack
from pipeline.confine import Confines, allow_seconds, confine
from pipeline.faults import fault
from pipeline.turns import ending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from document.errors import GoujiError

_SILENCE = 600.0
"""Seconds in which a file must have come out of an archive; so many CPU seconds it may take."""
_MIB = 2048
_LEAST = 2 << 30


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of an archive that is of no kind that is wanted, by its name."""

    name: str


class Unpacker:
    """One process that unpacks, and whoever replaces it; nobody is there until the first archive.

    ``kinds`` are the endings of the files that are wanted, archives among them.
    """

    def __init__(self, folder: Path, kinds: frozenset[str], file_mib: int) -> None:
        """Remember where everything is to lie; of each file at most ``file_mib`` MiB."""
        self._folder, self._kinds, self._file_mib = folder, kinds, file_mib
        self._process: SpawnProcess | None = None
        self._connection: Connection[bytes, bytes] | None = None

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.end()

    @property
    def pid(self) -> int | None:
        """The number of the process that unpacks, None where there is none."""
        return None if self._process is None else self._process.pid

    def unpack(
        self, archive: Path, room: Room
    ) -> Iterator[Member | PassedOver | tuple[str, InputError]]:
        """Yield what ``pipeline.archive.unpack`` does, and what is passed over.

        Raises InputError where the archive as a whole cannot be read, asks for too much, or ends
        the process that unpacks it, and OutputError where there is no room.
        """
        connection = self._started()
        asked = [os.fspath(archive), room.files, room.bytes, room.file_bytes, room.ratio]
        try:
            connection.send_bytes(json.dumps(asked).encode())
            while True:
                if not connection.poll(_SILENCE):
                    raise self._lost("time")
                kind, room.files, room.bytes, *said = json.loads(connection.recv_bytes())
                if kind == "end":
                    return
                yield _heard(kind, said)
        except (EOFError, OSError) as error:
            raise self._lost() from error

    def end(self) -> None:
        """End the process; another one is started for the next archive."""
        if self._process is not None and self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
            self._process = self._connection = None

    def _started(self) -> Connection[bytes, bytes]:
        if self._connection is None:
            context = get_context("spawn")
            self._connection, its = context.Pipe()
            largest = max(_LEAST, (self._file_mib + 1) << 20)
            confines = Confines((self._folder,), _MIB, _SILENCE, largest)
            words = (its, self._folder, self._kinds, confines)
            self._process = context.Process(target=_work, args=words, daemon=True)
            self._process.start()
            its.close()
        return self._connection

    def _lost(self, cause: str = "") -> InputError:
        if self._process is not None and not cause:
            self._process.join(5)
            cause = ending(self._process.exitcode)
        self.end()
        return fault("archive-stopped", cause=cause)


def _heard(kind: str, said: list[Any]) -> Member | PassedOver | tuple[str, InputError]:
    match kind:
        case "member":
            name, path, sha256, size = said
            return Member(name, Path(path), sha256, size)
        case "over":
            return PassedOver(said[0])
        case "refused":
            return said[0], InputError(said[1], Message(said[2], said[3]))
        case "full":
            raise OutputError(said[0], Message(said[1], said[2]))
    raise InputError(said[0], Message(said[1], said[2]))


def _work(
    connection: Connection[bytes, bytes], folder: Path, kinds: frozenset[str], confines: Confines
) -> None:
    """Unpack the archives whose paths come through ``connection``, until it is closed."""
    confine(confines)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            archive, *left = json.loads(connection.recv_bytes())
            _unpack(connection, Path(archive), folder, kinds, Room(*left))


def _unpack(
    connection: Connection[bytes, bytes],
    archive: Path,
    folder: Path,
    kinds: frozenset[str],
    room: Room,
) -> None:
    def say(kind: str, *said: object) -> None:
        connection.send_bytes(json.dumps([kind, room.files, room.bytes, *said]).encode())
        allow_seconds(_SILENCE)

    over: list[str] = []
    allow_seconds(_SILENCE)
    try:
        for one in unpack(archive, folder, partial(_wanted, kinds, over), room):
            if isinstance(one, Member):
                say("member", one.name, os.fspath(one.path), one.sha256, one.size)
            else:
                say("refused", one[0], *_words(one[1]))
    except OutputError as error:
        last: tuple[str, ...] = ("full", *_words(error))
    except InputError as error:
        last = ("fault", *_words(error))
    except MemoryError:
        last = ("fault", *_words(fault("archive-stopped", cause="memory")))
    else:
        last = ("end",)
    for name in over:
        say("over", name)
    say(*last)


def _wanted(kinds: frozenset[str], over: list[str], name: str) -> bool:
    """Tell whether a file is to come out; note those that a person may miss."""
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$")):
        return False
    if Path(name).suffix.lower() in kinds:
        return True
    over.append(name)
    return False


def _words(error: GoujiError) -> tuple[str, str, str]:
    return error.code, error.message.zh, error.message.en
