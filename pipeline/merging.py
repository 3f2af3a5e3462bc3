"""Puts pages that were read again into a report; the readings of all other pages stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.relations import related
from pipeline.settling import RELATED, SETTLED, resettled
from pipeline.sheet import find_template

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from document.report import Cell, Finding, Report, Table
    from document.template import Template


def fruitful(before: Report, again: Report, pages: Collection[int]) -> frozenset[int]:
    """Return those of ``pages`` that may be taken over: something was read, or nothing is lost."""
    found = {cell.page for cell in again.cells if cell.page}
    held = {cell.page for cell in before.cells if cell.page}
    failed = {one.page for one in again.findings if one.page is not None and one.wants_person}
    return frozenset(p for p in pages if p in found or (p not in held and p not in failed))


def around(before: Report, pages: Collection[int], count: int) -> tuple[int, ...]:
    """Return the pages to look at so that ``pages`` are read as parts of their tables.

    Tables go on from page to page, and what stands on the one tells what the next one is.
    """
    wanted = {p + step for p in pages for step in (-1, 0, 1)}
    for table in before.tables:
        if wanted.intersection(table.pages):
            wanted.update(table.pages)
    return tuple(sorted(p for p in wanted if 1 <= p <= count))


def merged(
    before: Report, again: Report, pages: Collection[int], templates: Sequence[Template]
) -> Report:
    """Return ``before`` with what ``again`` read on ``pages``, its equations checked anew.

    A figure of another page is taken from ``again`` only where ``before`` had not found it, in
    a table of which ``pages`` show a part.
    """
    old = {table.table: table for table in before.tables}
    new = {table.table: table for table in again.tables}
    tables: list[Table] = []
    said: list[Finding] = []
    touched: set[str] = set()
    for name in sorted({*old, *new}):
        one, other = old.get(name), new.get(name)
        table = _table(one, other, pages)
        if table is not one:
            touched.add(name)
        if table is not None and table is not one and table is not other:
            form = find_template(table, templates)
            if form is not None:
                table, found = resettled(table, form, {})
                said += found
        elif table is not None and table is other:
            said += [f for f in again.findings if f.code in SETTLED and f.table == name]
        if table is not None:
            tables.append(table)
    findings = [
        *(one for one in before.findings if _stays(one, pages, touched, bool(before.tables))),
        *said,
        *(one for one in again.findings if one.page in pages and one.code not in SETTLED | RELATED),
    ]
    there = {table.table for table in tables}
    findings = [f for f in findings if f.code != "table-missing" or f.table not in there]
    lost = [
        f for f in again.findings if f.code == "table-missing" and f.table in old.keys() - there
    ]
    first = 1 in pages
    whole = replace(
        before,
        agency=(again.agency if first else None) or before.agency,
        year=(again.year if first else None) or before.year,
        tables=tuple(tables),
        findings=tuple(dict.fromkeys((*findings, *lost))),
        failed=not tables,
    )
    return related(whole, templates, ())


def _stays(finding: Finding, pages: Collection[int], touched: set[str], had_tables: bool) -> bool:  # noqa: FBT001 - it reads as a sentence
    if finding.code in RELATED:
        return False
    if finding.code in SETTLED:
        return finding.table not in touched
    if finding.page is None:
        return had_tables or finding.code != "unknown-form"
    return finding.page not in pages


def _table(one: Table | None, other: Table | None, pages: Collection[int]) -> Table | None:
    """Return the table that stands now: ``one`` or ``other`` itself, or what both make."""
    seen = other is not None and any(cell.page in pages for cell in other.cells)
    if one is None:
        return other if seen else None
    if other is None or other.template != one.template:
        if seen:
            return other
        if not any(cell.page in pages for cell in one.cells):
            return one
        cells = tuple(_unseen(cell) if cell.page in pages else cell for cell in one.cells)
    else:
        found = {cell.address: cell for cell in other.cells}
        cells = tuple(_cell(cell, found.get(cell.address), pages) for cell in one.cells)
    if cells == one.cells:
        return one
    numbers = sorted({cell.page for cell in cells if cell.page})
    return replace(one, pages=tuple(numbers), cells=cells) if numbers else None


def _cell(one: Cell, other: Cell | None, pages: Collection[int]) -> Cell:
    if other is None:
        return _unseen(one) if one.page in pages else one
    if one.page in pages or other.page in pages or not one.page:
        return other
    return one


def _unseen(cell: Cell) -> Cell:
    """Return the place of a figure that is found no more."""
    return replace(cell, reading=None, printed="", page=0, polygon=None, reliable=False)
