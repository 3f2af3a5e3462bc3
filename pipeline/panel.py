"""A run as data: the tidy panel, a row a figure, and the wide one, a row a report."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from document.report import Status
from pipeline.decisions import all_holding
from pipeline.export_json import cautious
from pipeline.journal import guarded
from pipeline.journal_queries import filed, latest
from pipeline.journal_rows import storable
from pipeline.journal_schema import CELLS
from pipeline.run_reports import as_decided, standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Engine

    from document.decision import Decision
    from document.report import Cell, Figure
    from document.template import Template
    from pipeline.journal_queries import Filed

Key: TypeAlias = tuple[str, str, str]
"""Table, row and column."""

Field: TypeAlias = "str | int | float | Decimal | bool | None"

PANEL = (
    "agency",
    "year",
    "table",
    "template",
    "row",
    "column",
    "printed",
    "value",
    "status",
    "needs_review",
    "confidence",
    "page",
    "source_file",
    "sha256",
)

WIDE = (
    "agency",
    "year",
    "status",
    "source_file",
    "sha256",
    "pages",
    "tables",
    "repaired",
    "to_review",
    "doubtful",
)
"""The columns before the figures. ``doubtful`` names those of its row that want a person."""


@dataclass(frozen=True, slots=True)
class WideRow:
    """A report: its facts as ``WIDE`` names them, and its figures by address."""

    facts: tuple[Field, ...]
    cells: Mapping[Key, Cell]


def panel(engine: Engine, templates: Sequence[Template]) -> Iterator[tuple[Field, ...]]:
    """Yield a row for every figure of every document that was read, as ``PANEL`` names them."""
    columns = CELLS.c
    decisions = all_holding(engine)
    with guarded(), engine.connect() as connection:
        for document in filed(engine):
            if document.result is None:
                continue
            if document.sha256 in decisions:
                yield from _decided(engine, document, decisions[document.sha256], templates)
                continue
            wanted = select(CELLS).where(columns.result == document.result).order_by(columns.place)
            for cell in connection.execute(wanted):
                yield (
                    document.agency,
                    document.year,
                    cell.table,
                    cell.template,
                    cell.row,
                    cell.column,
                    cell.printed,
                    _figure(cell.value),
                    cell.status,
                    bool(cell.needs_review),
                    cautious(cell.confidence),
                    cell.page,
                    document.path,
                    document.sha256,
                )


def _decided(
    engine: Engine, document: Filed, decisions: Sequence[Decision], templates: Sequence[Template]
) -> Iterator[tuple[Field, ...]]:
    """Yield the rows of a document of which people decided figures."""
    report = as_decided(engine, document, decisions, templates)
    for table in report.tables if report else ():
        for cell in table.cells:
            yield (
                document.agency,
                document.year,
                table.table,
                table.template,
                *cell.address,
                storable(cell.printed),
                cell.value,
                cell.status.value,
                cell.needs_review,
                cell.confidence,
                cell.page or None,
                document.path,
                document.sha256,
            )


def wide_keys(engine: Engine, templates: Sequence[Template]) -> tuple[Key, ...]:
    """Return the figures that any report of the run has, in the order of the forms."""
    newest = latest()
    wanted = (
        select(CELLS.c.table, CELLS.c.row, CELLS.c.column)
        .join(newest, newest.c.id == CELLS.c.result)
        .distinct()
    )
    with guarded(), engine.connect() as connection:
        there = {(row[0], row[1], row[2]) for row in connection.execute(wanted)}
    order: dict[Key, int] = {}
    for template in templates:
        for table in template.tables:
            for figure in table.figures:
                if figure.address is not None:
                    order.setdefault((table.id, *figure.address), len(order))
    return tuple(sorted(there, key=lambda key: (key[0], order.get(key, len(order)), key)))


def wide(engine: Engine, templates: Sequence[Template]) -> Iterator[WideRow]:
    """Yield a row for every document, those that failed or are still to be read included."""
    for one in standings(engine, templates):
        document, report = one.document, one.report
        cells = {
            (table.table, *cell.address): cell
            for table in (report.tables if report else ())
            for cell in table.cells
        }
        doubtful = [key for key, cell in cells.items() if cell.needs_review]
        facts = (
            document.agency,
            document.year,
            report.status if report else "unread",
            document.path,
            document.sha256,
            report.source.pages if report else None,
            " ".join(table.table for table in report.tables) if report else "",
            sum(cell.status in {Status.REPAIRED, Status.DERIVED} for cell in cells.values()),
            len(doubtful),
            " ".join(".".join(key) for key in doubtful),
        )
        yield WideRow(facts, cells)


def _figure(text: str | None) -> Figure | None:
    if text is None:
        return None
    return Decimal(text) if "." in text else int(text)
