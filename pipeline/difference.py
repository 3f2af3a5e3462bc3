"""What changed between two results of a document, or between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.decisions import all_holding
from pipeline.journal_queries import filed
from pipeline.run_reports import as_decided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from document.report import Cell, Report, ReportStatus
    from document.template import Address, Template
    from pipeline.journal_queries import Filed


@dataclass(frozen=True, slots=True)
class CellChange:
    """A figure that differs; None on the side that does not have its table."""

    table: str
    address: Address
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True, slots=True)
class Side:
    """A document as one run has it; ``status`` is None where it is there and still unread."""

    path: str
    agency: str | None
    year: int | None
    status: ReportStatus | None
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that differs; None on the side that does not have it.

    ``cells`` are empty where only one side has it.
    """

    sha256: str
    before: Side | None
    after: Side | None
    cells: tuple[CellChange, ...]


def cell_changes(before: Report | None, after: Report | None) -> tuple[CellChange, ...]:
    """Return the figures whose print, value, status or need of review differ, form by form.

    Probabilities and reasons do not count: they differ with every version.
    """
    old, new = _cells(before), _cells(after)
    found = []
    for key in sorted({table for table, _ in [*old, *new]}):
        places = dict.fromkeys(a for table, a in [*new, *old] if table == key)
        for address in places:
            one, other = old.get((key, address)), new.get((key, address))
            if _shown(one) != _shown(other):
                found.append(CellChange(key, address, one, other))
    return tuple(found)


def run_changes(
    first: Engine, second: Engine, templates: Sequence[Template]
) -> Iterator[DocumentChange]:
    """Yield the documents that differ between two runs, by agency, year and place.

    What people decided counts, on either side. Where a document lies does not.
    """
    sides = [({one.sha256: one for one in filed(e)}, all_holding(e)) for e in (first, second)]
    (old, old_said), (new, new_said) = sides
    everything = {**new, **old}.values()
    for one in sorted(everything, key=lambda d: (d.agency or "\uffff", d.year or 0, d.path)):
        sha256 = one.sha256
        before, after = old.get(sha256), new.get(sha256)
        reports = [
            as_decided(engine, document, said.get(sha256, ()), templates) if document else None
            for engine, document, said in ((first, before, old_said), (second, after, new_said))
        ]
        sides_now = tuple(
            _side(document, report)
            for document, report in zip((before, after), reports, strict=True)
        )
        cells = cell_changes(*reports) if before and after else ()
        if cells or _facts(sides_now[0]) != _facts(sides_now[1]):
            yield DocumentChange(sha256, sides_now[0], sides_now[1], cells)


def _side(document: Filed | None, report: Report | None) -> Side | None:
    if document is None:
        return None
    tables = tuple(table.table for table in report.tables) if report else ()
    status = report.status if report else None
    return Side(document.path, document.agency, document.year, status, tables)


def _facts(side: Side | None) -> tuple[object, ...] | None:
    return None if side is None else (side.agency, side.year, side.status, side.tables)


def _cells(report: Report | None) -> dict[tuple[str, Address], Cell]:
    return {
        (table.table, cell.address): cell
        for table in (report.tables if report else ())
        for cell in table.cells
    }


def _shown(cell: Cell | None) -> tuple[object, ...] | None:
    return None if cell is None else (cell.printed, cell.value, cell.status, cell.needs_review)
