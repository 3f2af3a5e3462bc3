"""Has the year before's report help with figures that are in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.report import ReadCell, ReadTable, Status
from pipeline.relations import years_of
from pipeline.sheet import find_template
from reconstruct.hints import from_years
from reconstruct.reasons import besides
from reconstruct.repair import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Cell, Report, Table
    from document.template import TableTemplate, Template
    from reconstruct.hints import Hint


def suggested_by_years(
    report: Report, templates: Sequence[Template], earlier: Sequence[Report]
) -> Report:
    """Suggest values for open figures by what the same agency's reports of other years say.

    ``earlier`` are other reports of the batch. Nothing but suggestions and reasons of figures
    that want a person changes.
    """
    years = years_of(report, earlier)
    tables = []
    for table in report.tables:
        form = find_template(table, templates)
        hints = from_years(form, years) if form and len(years) > 1 else ()
        tables.append(_with_hints(table, form, hints) if form and hints else table)
    return report if tuple(tables) == report.tables else replace(report, tables=tuple(tables))


def _with_hints(table: Table, form: TableTemplate, hints: Sequence[Hint]) -> Table:
    open_ones = [cell for cell in table.cells if cell.needs_review]
    if not open_ones or any(cell.status is Status.HUMAN for cell in table.cells):
        return table  # what people decided has been judged with, and is not known here
    kinds = {figure.address: figure.type for figure in form.figures}
    read = tuple(
        ReadCell(cell.address, kind, cell.reading, cell.page, cell.polygon, cell.reliable)
        for cell in table.cells
        if (kind := kinds.get(cell.address)) is not None
    )
    anew, _ = settle(ReadTable(table.table, table.template, table.pages, read), form, None, hints)
    told = {cell.address: cell for cell in anew.cells}
    return replace(
        table,
        cells=tuple(
            _with_hint(cell, told[cell.address], hints) if cell in open_ones else cell
            for cell in table.cells
        ),
    )


def _with_hint(cell: Cell, told: Cell, hints: Sequence[Hint]) -> Cell:
    """Take over what a figure is with the hints as a suggestion."""
    wanted = told.value if told.status is Status.REPAIRED else told.suggestion
    mine = [hint for hint in hints if cell.address in hint.figures]
    if wanted is None and not mine:
        return cell
    reason = cell.reason
    for hint in mine:
        reason = besides(reason, hint.says)
    return replace(cell, suggestion=cell.suggestion if wanted is None else wanted, reason=reason)
