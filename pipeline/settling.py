"""Puts what people decided on top of what was read, and has the equations checked anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.message import Message
from document.report import Finding, ReadCell, ReadTable, Status
from pipeline.relations import related
from pipeline.sheet import find_template
from reconstruct.repair import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from document.decision import Decision
    from document.report import Cell, Report, Table
    from document.template import Address, TableTemplate, Template

SETTLED = frozenset(
    {
        "source-arithmetic",
        "doubtful-arithmetic",
        "left-blank",
        "unreadable-figure",
        "unresolved-arithmetic",
    }
)
"""What settling a table finds, so that settling it anew replaces it."""

NOT_GIVEN = "form-not-given"
RELATED = frozenset({"relation-broken", "relation-noted"})


def settled(report: Report, decisions: Iterable[Decision], templates: Sequence[Template]) -> Report:
    """Return ``report`` as it stands with what people decided.

    A table of which something was decided is settled again from its readings with the decided
    figures fixed, so that others may be certain now, or in doubt; the relations of the forms
    are evaluated anew. Without decisions the report is returned as it is.
    """
    by_table: dict[str, dict[Address, Decision]] = {}
    for one in decisions:
        by_table.setdefault(one.table, {})[one.address] = one
    if not by_table:
        return report
    tables: list[Table] = []
    findings = [one for one in report.findings if one.code not in RELATED]
    for table in report.tables:
        theirs = by_table.pop(table.table, None)
        form = find_template(table, templates)
        if theirs is None:
            tables.append(table)
        elif form is None:
            tables.append(table)
            findings.append(_unknown(table))
        else:
            after, said = resettled(table, form, theirs)
            tables.append(after)
            kept = [one for one in findings if one.table != table.table or one.code not in SETTLED]
            findings = [*kept, *said]
            strangers = theirs.keys() - {cell.address for cell in after.cells}
            if strangers:
                findings.append(_homeless(table.table, len(strangers)))
    findings += [_homeless(name, len(theirs)) for name, theirs in by_table.items()]
    whole = replace(report, tables=tuple(tables), findings=tuple(findings))
    return confirmed(related(whole, templates, ()))


def resettled(
    table: Table, form: TableTemplate, decisions: Mapping[Address, Decision]
) -> tuple[Table, tuple[Finding, ...]]:
    """Settle a table again from its readings; what else gave hints on open figures stays."""
    kinds = {figure.address: figure.type for figure in form.figures}
    cells = tuple(
        ReadCell(cell.address, kind, cell.reading, cell.page, cell.polygon, cell.reliable)
        for cell in table.cells
        if (kind := kinds.get(cell.address)) is not None
    )
    read = ReadTable(table.table, table.template, table.pages, cells)
    fitting = {address: one for address, one in decisions.items() if address in kinds}
    after, said = settle(read, form, fitting)
    before = {cell.address: cell for cell in table.cells}
    return replace(
        after, cells=tuple(_hinted(cell, before.get(cell.address)) for cell in after.cells)
    ), said


def confirmed(report: Report) -> Report:
    """Close the flags of relations all of whose figures in their table people decided."""
    human = {
        (table.table, cell.address)
        for table in report.tables
        for cell in table.cells
        if cell.status is Status.HUMAN
    }
    findings = tuple(
        replace(one, wants_person=False)
        if one.code in RELATED
        and one.cells
        and all((one.table, address) in human for address in one.cells)
        else one
        for one in report.findings
    )
    return replace(report, findings=findings)


def _hinted(after: Cell, before: Cell | None) -> Cell:
    """Keep what the prose said of a figure that is still open."""
    if before is None or not after.needs_review or after.suggestion is not None:
        return after
    return replace(after, suggestion=before.suggestion)


def _unknown(table: Table) -> Finding:
    return Finding(
        NOT_GIVEN,
        Message(
            f"对此表已有人工决定，但没有给出其表样 {table.template}，未能应用：请加 --template",
            f"people decided figures of this table, but its form {table.template} is not at hand,"
            " so that they could not be applied: name it with --template",
        ),
        table.table,
        wants_person=True,
    )


def _homeless(table: str, count: int) -> Finding:
    return Finding(
        "decision-without-cell",
        Message(
            f"{count} 项人工决定在 {table} 表中已找不到对应的格：请核对重读的页面",
            f"{count} decision(s) of people have no place in table {table} any more: check the"
            " page that was read again",
        ),
        table,
        wants_person=True,
    )
