"""Proves columns by their headers: sums cannot see two columns swapped or shifted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.template import TableTemplate, TemplateCell

READ_WELL = 0.55
"""Likeness from which a label is taken to say what the form says."""


def proved_columns(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the header cells whose words are really read where the mapping puts them.

    Sums cannot see two columns swapped or shifted, so each column must be proved by its header.
    """
    read = _read_headers(fragment, table, mapping, shown)
    return frozenset(h for h, text in read.items() if likeness(text, h.spellings) >= READ_WELL)


def denied_columns(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the header cells in whose place another column's words are clearly read."""
    read = _read_headers(fragment, table, mapping, shown)
    return frozenset(
        h
        for h, text in read.items()
        for other in read
        if other.label != h.label
        and likeness(text, other.spellings) > max(0.7, likeness(text, h.spellings) + 0.2)
    )


def _read_headers(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> dict[TemplateCell, str]:
    """Return what is read where the mapping puts each header over a column of figures."""
    rows_of: dict[int, list[int]] = {}
    for row, line in shown:
        rows_of.setdefault(line, []).append(row)
    read: dict[TemplateCell, str] = {}
    for header in {one for figure in table.figures for one in headers_of(table, figure)}:
        left, right = mapping[header.column], mapping[header.column + header.column_span]
        tall = range(header.row, header.row + header.row_span)
        rows = [row for line in tall for row in rows_of.get(line, ())]
        if left is not None and right is not None and rows:
            box = fragment.lattice.band(min(rows), max(rows) + 1, left, right)
            inside = [s.text for s in fragment.spans if box.contains(s.span.box.center)]
            read[header] = "".join(inside)
    return read


@cache
def header_of(table: TableTemplate, figure: TemplateCell) -> TemplateCell | None:
    """Return the label that heads a figure's column: the nearest above that is no row's label."""
    rows_with_figures = {cell.row for cell in table.figures}
    above = [
        cell
        for cell in table.cells
        if cell.address is None
        and cell.label
        and cell.row + cell.row_span <= figure.row
        and cell.column <= figure.column < cell.column + cell.column_span
        and cell.row + cell.row_span - 1 not in rows_with_figures
    ]
    return max(above, key=lambda cell: cell.row, default=None)


@cache
def headers_of(table: TableTemplate, figure: TemplateCell) -> tuple[TemplateCell, ...]:
    """Return all labels that head a figure's column: the nearest, and those above it.

    They reach up to the next line with figures: 一年级 over 男, not the header of a part above.
    """
    nearest = header_of(table, figure)
    if nearest is None:
        return ()
    filled = {cell.row for cell in table.figures if cell.row < nearest.row}
    first = max(filled, default=-1) + 1
    return tuple(
        cell
        for cell in table.cells
        if cell.address is None
        and cell.label
        and first <= cell.row <= nearest.row
        and cell.column <= figure.column < cell.column + cell.column_span
        and cell.row + cell.row_span <= figure.row
    )
