"""Lost separators between columns of figures, and the columns that are proved without them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from reconstruct.columns import boundaries
from reconstruct.headers import header_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from document.lattice import Lattice
    from document.template import TableTemplate, TemplateCell

DRAWN = 0.3
"""Share of an edge that must be covered for it to bound a cell (as in layout.lattice)."""

STAND_IN = 0.75
"""Share of the rows that should have a separator in which it is drawn, beside the others'."""


def gaps_of(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[int]:
    """Return the column boundaries whose separator is missing, guessed, or a stand-in.

    Which one it is that is missing cannot be told from the others for certain. A stand-in, a
    separator of the labels taken for one of the figures, is drawn in far fewer of the rows that
    should have it than the others are.
    """
    edges = {c.column for c in table.figures} | {c.column + c.column_span for c in table.figures}
    lost: set[int] = set()
    shares: dict[int, float] = {}
    for edge in edges:
        at = mapping[edge]
        if at is None or at != int(at):
            lost.add(edge)
            continue
        drawn = [
            lattice.down[row][int(at)] >= DRAWN
            for row, line in shown
            if edge in boundaries(table, line)
        ]
        if drawn:
            shares[edge] = sum(drawn) / len(drawn)
    usual = median(shares.values()) if shares else 0.0
    return frozenset(lost | {edge for edge, share in shares.items() if share < STAND_IN * usual})


def kept(
    headers: AbstractSet[TemplateCell],
    mapping: Sequence[float | None],
    steady: AbstractSet[int],
) -> frozenset[TemplateCell]:
    """Return the headers of columns both of whose separators are there, and ``steady``.

    Torn ones are proved where they stand as they did on the page before.
    """
    return frozenset(
        header
        for header in headers
        if all(
            edge in steady and (at := mapping[edge]) is not None and at == int(at)
            for edge in (header.column, header.column + header.column_span)
        )
    )


def closed(
    table: TableTemplate,
    cell: TemplateCell,
    gaps: frozenset[int],
    alone: frozenset[TemplateCell],
) -> bool:
    """Tell whether a figure's column is proved although some separator is missing or stands in.

    Each column beside it must be there by its own header, read alone, so that a boundary
    between them is one of figures; where the labels begin, or the table ends, nothing tells.
    """
    beside = [one for one in table.figures if one.row == cell.row and one is not cell]
    left, right = cell.column, cell.column + cell.column_span
    inner = {left for one in beside if one.column + one.column_span == left}
    inner |= {right for one in beside if one.column == right}
    near = [one for one in beside if left == one.column + one.column_span or right == one.column]
    return gaps.isdisjoint({left, right} - inner) and all(
        header_of(table, one) in alone for one in (cell, *near)
    )
