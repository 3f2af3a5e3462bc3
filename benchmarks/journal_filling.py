"""Fills a journal with made results, as many as are wanted and faster than any reader."""

from __future__ import annotations

import hashlib
import random
import zlib
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from pipeline.export_json import pack
from pipeline.journal_rows import rows_of
from pipeline.journal_schema import (
    ATTEMPTS,
    CELLS,
    CHECKS,
    DOCUMENTS,
    FINDINGS,
    METADATA,
    RESULTS,
    SIGHTINGS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine, Table

    from document.report import Report

_SHAPES = 20
_AT_ONCE = 250


def vary(report: Report, number: int) -> Report:
    """Return a report with other figures, as long as these; five years make an agency."""
    dice = random.Random(number)
    tables = []
    for table in report.tables:
        cells = tuple(
            replace(
                cell,
                printed="".join(
                    str(dice.randrange(10)) if c.isdigit() else c for c in cell.printed
                ),
                value=dice.randrange(10 ** len(cell.printed)) if cell.value is not None else None,
                confidence=min(1.0, cell.confidence * dice.uniform(0.99, 1)),
            )
            for cell in table.cells
        )
        tables.append(replace(table, cells=cells))
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return replace(
        report,
        source=replace(report.source, file=f"{number:06d}.pdf", sha256=digest),
        agency=f"机关 {number // 5:05d}",
        year=2019 + number % 5,
        tables=tuple(tables),
    )


def fill(engine: Engine, report: Report, key: str, numbers: range) -> None:
    """File made results in bulk; their figures repeat after a few reports."""
    shapes = [_shape(vary(report, number)) for number in range(_SHAPES)]
    for first in range(numbers.start, numbers.stop, _AT_ONCE):
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA cache_size = -200000"))
            _fill(connection, shapes, key, numbers[first - numbers.start :][:_AT_ONCE])


def _shape(report: Report) -> tuple[bytes, Report, dict[Table, list[dict[str, Any]]]]:
    return zlib.compress(pack(report)), report, rows_of(report)


def _fill(
    connection: Connection,
    shapes: Sequence[tuple[bytes, Report, dict[Table, list[dict[str, Any]]]]],
    key: str,
    numbers: Sequence[int],
) -> None:
    first = (connection.scalar(select(func.max(RESULTS.c.id))) or 0) + 1
    tried = (connection.scalar(select(func.max(ATTEMPTS.c.id))) or 0) + 1
    seen = (connection.scalar(select(func.max(SIGHTINGS.c.id))) or 0) + 1
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    for at, number in enumerate(numbers):
        packed, report, parts = shapes[number % len(shapes)]
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        rows[DOCUMENTS].append({"sha256": digest, "size": 1})
        place = f"/scans/{number:06d}.pdf"
        rows[SIGHTINGS].append(
            {"id": seen + at, "sha256": digest, "place": place, "agency": None, "year": None}
        )
        attempt = {"id": tried + at, "sha256": digest, "settings": key, "ended": "2026-11-22"}
        rows[ATTEMPTS].append(
            {**attempt, "seconds": 8.0, "alone": False, "outcome": "read", "trace": None}
        )
        held = {"id": first + at, "sha256": digest, "settings": key, "attempt": tried + at}
        facts = {"agency": f"机关 {number // 5:05d}", "year": 2019 + number % 5}
        counts = {"repaired": 0, "review": 1}
        rows[RESULTS].append({**held, "status": report.status, **facts, **counts, "report": packed})
        for table, these in parts.items():
            rows[table] += [{"result": first + at, **one} for one in these]
    for table, these in rows.items():
        if connection.dialect.name == "postgresql":
            _copy(connection, table, these)
        elif these:
            _insert(connection, table, these)


_TABLES = tuple(
    table
    for table in METADATA.sorted_tables
    if table in {DOCUMENTS, SIGHTINGS, ATTEMPTS, RESULTS, CELLS, CHECKS, FINDINGS}
)


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Hand rows to SQLite as they are: all columns are of kinds that its driver takes itself."""
    compiled = insert(table).compile(connection, column_keys=list(rows[0]))
    order = itemgetter(*(compiled.positiontup or ()))
    connection.exec_driver_sql(str(compiled), [order(row) for row in rows])


def _copy(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Send rows to PostgreSQL in its own bulk format, and let its counters know."""
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor:
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
        if "id" in names:
            serial = f"pg_get_serial_sequence('{table.name}', 'id')"
            cursor.execute(f"SELECT setval({serial}, {rows[-1]['id']})")
