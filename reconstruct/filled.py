"""Proves columns by the figures in them, whether separators are drawn or not."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from reconstruct.gaps import DRAWN
from reconstruct.headers import header_of
from reconstruct.wording import is_figure, no_word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from document.fragment import Fragment, SpanText
    from document.template import TableTemplate, TemplateCell

FILLED = 0.6
"""Share of its rows in which a column must hold a figure to be known as one by its ink."""

MANY_ROWS = 8
"""Rows from which that share tells; of fewer, each must hold a figure in the column."""

MANY_COLUMNS = 5
"""Columns of figures from which their number is a proof."""


def filled_lines(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
    headed: AbstractSet[TemplateCell],
) -> frozenset[int]:
    """Return the lines whose columns are proved by ink, drawn separators or not.

    A separator lost and another one too many would leave a column without figures, or with the
    words of a label. So where all of the form's columns hold a figure in most of the rows that
    have these columns, each of them is its own. One that stands between the digits of a figure
    leaves both columns filled: where rows are few and separators supposed, each that is not drawn
    must stand beside one of the headers in ``headed``.
    """
    groups: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for row, line in shown:
        columns = tuple(
            sorted({c.column for c in table.figures if c.row == line and c.column_span == 1})
        )
        if len(columns) >= MANY_COLUMNS:
            groups.setdefault(columns, []).append((row, line))
    proved: set[int] = set()
    for rows in groups.values():
        edges = [
            (mapping[c.column], mapping[c.column + c.column_span])
            for c in table.figures
            if c.row == rows[0][1]
        ]
        here = [row for row, _ in rows]
        if not all(filled(fragment, a, b, here) for a, b in edges):
            continue
        if len(rows) >= MANY_ROWS or _borne_out(fragment, table, mapping, rows, headed):
            proved.update(line for _, line in rows)
    return frozenset(proved)


def filled(
    fragment: Fragment, left: float | None, right: float | None, rows: Sequence[int]
) -> bool:
    """Tell whether most of ``rows`` hold a figure between two separators that are there.

    Where rows are few, all of them must.
    """
    if left is None or right is None or left != int(left) or right != int(right):
        return False
    ys = fragment.lattice.ys
    held = {
        row
        for one in fragment.spans
        if one.inked and left <= one.span.left and one.span.right <= right
        for row in rows
        if one.span.top <= row < one.span.bottom and _figure_in(one, ys[row], ys[row + 1])
    }
    return len(held) >= (FILLED if len(rows) >= MANY_ROWS else 1.0) * len(rows)


def _borne_out(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    rows: Sequence[tuple[int, int]],
    headed: AbstractSet[TemplateCell],
) -> bool:
    """Tell whether all separators between figures are drawn, or stand beside a header read there.

    ``mapping`` names the separator of each edge between the figures of ``rows``.
    """
    lattice = fragment.lattice
    cells = sorted((c for c in table.figures if c.row == rows[0][1]), key=lambda c: c.column)
    return not lattice.supposed or all(
        max(lattice.down[row][round(mapping[after.column] or 0)] for row, _ in rows) >= DRAWN
        or not headed.isdisjoint({header_of(table, before), header_of(table, after)})
        for before, after in pairwise(cells)
    )


def _figure_in(one: SpanText, top: float, bottom: float) -> bool:
    """Tell whether a cell, or what of it stands between two heights, looks like a figure."""
    if not one.lines or is_figure(one.text):
        return True
    if one.span.bottom - one.span.top == 1 and no_word(one.text):
        return True
    here = [text for y, text in one.lines if top <= y < bottom]
    return len(here) < len(one.lines) and any(map(is_figure, here))
