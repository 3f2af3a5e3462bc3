"""Copies of a journal: a whole one while it is in use, and what can be had of a damaged one."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from document.errors import InputError, OutputError
from pipeline.export_json import parse
from pipeline.faults import cause, fault, sentence
from pipeline.journal import new_journal
from pipeline.journal_place import FILE, place_of
from pipeline.journal_rows import rows_of
from pipeline.journal_schema import (
    ATTEMPTS,
    DECISIONS,
    DOCUMENTS,
    KEYINGS,
    REFUSALS,
    RESULTS,
    SETTINGS,
    SETTLEMENTS,
    SIGHTINGS,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table

_IN_ORDER = (DOCUMENTS, SETTINGS, SIGHTINGS, REFUSALS, ATTEMPTS, RESULTS, DECISIONS, SETTLEMENTS)
_UNFIT = (SQLAlchemyError, InputError, zlib.error, ValueError, TypeError)
"""What is said of a row that cannot stand in a journal."""
_MOST_PROBES = 200_000
"""Rows that are looked for one by one where the way to them is damaged."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """How many rows of each table were had, and how many more there must have been.

    ``lost`` counts what is known to be missing: gaps in the numbers of rows, reports that cannot
    be read any more, and rows whose document or result is gone.
    """

    rows: dict[str, int]
    lost: dict[str, int]


def backup(run: Path, target: Path) -> int:
    """Copy the journal of a run as it stands at one moment; returns the bytes of the copy.

    Whoever writes to it meanwhile is not kept from it. The copy is looked through, and takes the
    place of ``target`` only if it is whole. Raises InputError and OutputError.
    """
    source = _database(run)
    try:
        with _beside(target) as held:
            with closing(_reading(source)) as old, closing(sqlite3.connect(held)) as new:
                old.backup(new)
                new.execute("PRAGMA journal_mode=DELETE")
                if not _sound(new):
                    raise OutputError("damaged-journal", sentence("damaged-journal"))
            _settle(held, target)
    except sqlite3.DatabaseError as error:
        raise OutputError("damaged-journal", sentence("damaged-journal")) from error
    except OSError as error:
        raise OutputError("journal", sentence("journal", cause=cause(error))) from error
    return target.stat().st_size


def is_sound(run: Path) -> bool:
    """Tell whether every page of a journal is as it was written. Raises InputError."""
    try:
        with closing(_reading(_database(run))) as held:
            return _sound(held)
    except sqlite3.DatabaseError:
        return False


def rescue(run: Path, folder: Path) -> Rescued:
    """Begin a journal in ``folder`` with whatever can still be read of a damaged one.

    The damaged one is only read. Figures, checks and findings are made anew from the reports.
    Raises InputError where there is a journal in ``folder`` already, and OutputError.
    """
    if (folder / FILE).exists():
        raise fault("journal-there", place=folder / FILE)
    source = _database(run)
    folder.mkdir(parents=True, exist_ok=True)
    engine = new_journal(folder)
    rows: dict[str, int] = {}
    lost: dict[str, int] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="gouji-rescue-") as name:
            copy = _readable(source, Path(name))
            with closing(sqlite3.connect(copy)) as old:
                old.text_factory = lambda raw: raw.decode("utf-8", "replace")
                for table in (*_IN_ORDER, KEYINGS):
                    found, gaps = _rows(old, table)
                    kept = _fill(engine, table, found)
                    rows[table.name], lost[table.name] = kept, gaps + len(found) - kept
    finally:
        engine.dispose()
    return Rescued(rows, lost)


def _database(run: Path) -> Path:
    place = place_of(run)
    if place.url.drivername != "sqlite":
        raise fault("backup-server", database=place.url.database)
    path = Path(str(place.url.database))
    if not path.is_file():
        raise fault("not-a-run")
    return path


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)


def _sound(held: sqlite3.Connection) -> bool:
    return [row[0] for row in held.execute("PRAGMA integrity_check(1)")] == ["ok"]


class _beside:  # noqa: N801 - a context manager that reads as a word
    """A file beside ``target`` to be written first; gone afterwards."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._held = Path()

    def __enter__(self) -> Path:
        number, name = tempfile.mkstemp(dir=self._target.parent, prefix=".gouji-", suffix=".part")
        os.close(number)
        self._held = Path(name)
        return self._held

    def __exit__(self, *_: object) -> None:
        self._held.unlink(missing_ok=True)


def _settle(held: Path, target: Path) -> None:
    """Put a written file in its place, so that it outlasts a power loss."""
    with held.open("rb+") as stream:
        os.fsync(stream.fileno())
    held.replace(target)
    here = os.open(target.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(here)
    finally:
        os.close(here)


def _readable(source: Path, folder: Path) -> Path:
    """Copy a database with its log; where its first page is lost, it gets that of a new one.

    A journal's tables are made all at once and lie where those of a new journal lie.
    """
    copy = folder / "damaged.sqlite"
    content = bytearray(source.read_bytes())
    for suffix in ("-wal",):
        beside = source.with_name(source.name + suffix)
        if beside.is_file():
            copy.with_name(copy.name + suffix).write_bytes(beside.read_bytes())
    copy.write_bytes(content)
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(copy)) as old:
        old.execute("SELECT 1 FROM documents LIMIT 1").fetchall()
        return copy
    new = folder / "new"
    new.mkdir()
    new_journal(new).dispose()
    first = bytearray((new / FILE).read_bytes())
    size = int.from_bytes(first[16:18], "big")
    first[28:32] = (len(content) // size).to_bytes(4, "big")
    content[:size] = first[:size]
    copy.with_name(copy.name + "-wal").unlink(missing_ok=True)
    copy.write_bytes(content)
    return copy


def _rows(old: sqlite3.Connection, table: Table) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of a table that can be read, and how many numbers between them are missing.

    From the front until damage, from the end until damage, and one by one between.
    """
    names = [column.name for column in table.columns]
    words = ", ".join(f'"{name}"' for name in names)
    found: dict[int, dict[str, Any]] = {}

    def take(way: str, *numbers: int) -> None:
        query = f'SELECT rowid, {words} FROM "{table.name}" {way}'  # noqa: S608 - our own names
        with suppress(sqlite3.DatabaseError):
            for row in old.execute(query, numbers):
                found[row[0]] = dict(zip(names, row[1:], strict=True))

    take("ORDER BY rowid")
    take("ORDER BY rowid DESC")
    for number in range(1, min(max(found, default=0), _MOST_PROBES)):
        if number not in found:
            take("WHERE rowid = ?", number)
    gaps = max(found, default=0) - len(found)
    return [found[number] for number in sorted(found)], gaps


def _fill(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> int:
    """Put rows into a new journal, those that refer to something lost left out; returns how many.

    Of decisions nothing is left out for want of a document: the document is known by their word.
    """
    kept = 0
    for found in rows:
        row = found
        with suppress(*_UNFIT), engine.begin() as connection:
            if table is DECISIONS:
                row = found | {"result": _there(connection, RESULTS, found["result"])}
                if not connection.execute(
                    DOCUMENTS.select().where(DOCUMENTS.c.sha256 == row["sha256"])
                ).first():
                    connection.execute(insert(DOCUMENTS), {"sha256": row["sha256"], "size": 0})
            if table is RESULTS:
                report = parse(zlib.decompress(row["report"]))
                connection.execute(insert(table), row)
                for into, made in rows_of(report).items():
                    if made:
                        connection.execute(insert(into), [{"result": row["id"], **m} for m in made])
            else:
                connection.execute(insert(table), row)
            kept += 1
    return kept


def _there(connection: Any, table: Table, number: int | None) -> int | None:
    found = connection.execute(table.select().where(table.c.id == number)).first()
    return None if found is None else number
