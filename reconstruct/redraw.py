"""Draws a lattice anew as the form has it, where most of its own lines say so.

Torn lines leave cells run together, and strokes or circles cut others. Once a table's rows and
columns are known, the form says which edges there should be. The lattice so drawn is a
hypothesis like any other: its cells are read again, and their words prove it or do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from reconstruct.align import align
from reconstruct.bands import bands, lines
from reconstruct.columns import boundaries, edges_of_figures, map_columns, place_of
from reconstruct.headers import denied_columns, heads_of
from reconstruct.steady_columns import SAME_PLACE, STRETCHED
from reconstruct.swallowed import words_above

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.fragment import Fragment
    from document.geometry import Point
    from document.lattice import Lattice
    from document.template import TableTemplate

SUPPOSED = 0.4
"""Strength of a level edge that only the form says is there (as in layout.guess)."""

UPRIGHT = 0.6
"""The same of an upright one."""

LOPSIDED, USUAL = 1.4, (0.75, 1.33)
"""How much wider than the median one of two columns must be for the separator between them to be
elsewhere, and how wide both may be in the mean."""

FEWEST_STEADY = 6
"""Separators of figures' columns, and all but two, that must stand as on the page before for those
that are lost to be set by it: the sides of the table alone fit any other table as wide."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Bands first…last (inclusive) of a lattice, and the line of the form that they show."""

    first: int
    last: int
    line: int | None


def redrawn(
    fragments: Sequence[Fragment], table: TableTemplate, before: Sequence[Fragment] = ()
) -> tuple[Lattice | None, ...]:
    """Return each fragment's lattice with just the edges that ``table`` has.

    None where separators of its figures' columns are not to be found, neither among its own nor
    by those of the last fragment ``before`` it, on another page. What shows no line of the form
    stays as it is.
    """
    above = _places(before, table)
    found: list[Lattice | None] = []
    for fragment, rows in _rows_shown(fragments, table):
        drawn = _as_form(fragment, table, rows, above)
        found.append(drawn and _parted(drawn, fragment, rows))
    return tuple(found)


def _rows_shown(
    fragments: Sequence[Fragment], table: TableTemplate
) -> Iterator[tuple[Fragment, list[_Row]]]:
    """Yield each fragment with the lines of the form that its bands show."""
    alignment = align(bands(fragments), lines(table))
    for number, fragment in enumerate(fragments):
        rows = []
        for match in alignment.matches:
            here = [
                band.row
                for band in alignment.bands[match.first : match.last + 1]
                if band.fragment == number
            ]
            if here:
                rows.append(_Row(here[0], here[-1], match.line))
        rows += [
            _Row(band.row, band.row, line)
            for band, line in alignment.repeats
            if band.fragment == number
        ]
        yield fragment, rows


def _places(fragments: Sequence[Fragment], table: TableTemplate) -> tuple[float | None, ...]:
    """Return where the last of some fragments has the form's boundaries, in pixels."""
    last = [*_rows_shown(fragments, table)][-1:]
    return tuple(
        place_of(fragment.lattice.xs, edge)
        for fragment, rows in last
        for edge in map_columns(fragment.lattice, table, _shown(rows))
    )


def _shown(matched: Sequence[_Row]) -> list[tuple[int, int]]:
    return [
        (row, one.line)
        for one in matched
        for row in range(one.first, one.last + 1)
        if one.line is not None
    ]


def _laid(
    lattice: Lattice,
    mapping: Sequence[float | None],
    table: TableTemplate,
    above: Sequence[float | None],
) -> tuple[float | None, ...]:
    """Map the separators of figures' columns as those of the page before lie on this one.

    A single row does not tell which of them is lost. The sides of the table are laid on one
    another; where most others then stand as there, those that are lost do, too.
    """
    xs, edges = lattice.xs, sorted(edges_of_figures(table))
    known = [(edge, at) for edge, at in enumerate(above) if at is not None]
    there = [at for edge, at in known if edge in edges]
    if len(there) < len(edges) or known[0][0] or known[-1][0] != table.columns:
        return tuple(mapping)
    (_, first), (_, last) = known[0], known[-1]
    stretch = (xs[-1] - xs[0]) / (last - first)
    near = SAME_PLACE * stretch * median(b - a for a, b in pairwise(there))
    laid, seen = list(mapping), 0
    for edge, at in zip(edges, there, strict=True):
        x = xs[0] + (at - first) * stretch
        nearest = min(range(len(xs)), key=lambda j: abs(xs[j] - x))
        band = max(j for j in range(lattice.columns) if xs[j] <= x)
        same = abs(xs[nearest] - x) < near
        laid[edge] = nearest if same else band + (x - xs[band]) / (xs[band + 1] - xs[band])
        seen += same
    enough = abs(stretch - 1.0) <= STRETCHED and seen >= max(FEWEST_STEADY, len(edges) - 2)
    return tuple(laid) if enough else tuple(mapping)


def _parted(drawn: Lattice, fragment: Fragment, matched: Sequence[_Row]) -> Lattice:
    """Draw a line between the figures of a first row and words that stand above them in it."""
    first = min(matched, key=lambda one: one.first, default=None)
    if first is None or first.line is None or first.first > 0:
        return drawn
    at = words_above(fragment, 0)
    above, below = drawn.ys[:2]
    if at is None or not above < at < below:
        return drawn
    share = (at - above) / (below - above)
    between = tuple(
        (a + share * (c - a), b + share * (d - b))
        for (a, b), (c, d) in zip(*drawn.nodes[:2], strict=True)
    )
    return replace(
        drawn,
        nodes=(drawn.nodes[0], between, *drawn.nodes[1:]),
        across=(drawn.across[0], (SUPPOSED,) * drawn.columns, *drawn.across[1:]),
        down=(drawn.down[0], *drawn.down),
        row_walls=(drawn.row_walls[0], 0.0, *drawn.row_walls[1:]),
    )


def _as_form(
    fragment: Fragment,
    table: TableTemplate,
    matched: Sequence[_Row],
    above: Sequence[float | None],
) -> Lattice | None:
    lattice, shown = fragment.lattice, _shown(matched)
    mapping = map_columns(lattice, table, shown)
    figures = edges_of_figures(table)
    if above and any(mapping[edge] is None for edge in figures):
        mapping = _laid(lattice, mapping, table, above)
    if any(mapping[edge] is None for edge in figures):
        return None
    mapping = _centred(fragment, table, shown, mapping)
    rows = _rows(lattice, matched)
    edges = {at: edge for edge, at in enumerate(mapping) if at is not None}
    at = sorted({0.0, float(lattice.columns), *edges})
    borders = [rows[0].first, *(row.last + 1 for row in rows)]
    return replace(
        lattice,
        nodes=tuple(tuple(_node(lattice, i, x) for x in at) for i in borders),
        across=tuple(
            tuple(_across(lattice, table, pair, i, span, edges) for span in pairwise(at))
            for i, pair in zip(borders, zip([None, *rows], [*rows, None], strict=True), strict=True)
        ),
        down=tuple(tuple(_down(lattice, table, row, x, edges) for x in at) for row in rows),
        row_walls=tuple(lattice.row_walls[i] for i in borders),
        column_walls=tuple(lattice.column_walls[int(x)] if x == int(x) else 0.0 for x in at),
        supposed=True,
    )


def _centred(
    fragment: Fragment,
    table: TableTemplate,
    shown: Sequence[tuple[int, int]],
    mapping: Sequence[float | None],
) -> tuple[float | None, ...]:
    """Set separators halfway between their neighbours that run through the words of a header.

    A fold is taken for the line between two columns that have none: one is then half as wide as
    the others, the other half as wide again, and words of one header stand in both.
    """
    lattice = fragment.lattice
    xs, moved = lattice.xs, list(mapping)
    cut = denied_columns(heads_of(fragment, table, mapping, shown))
    beside = {h.column for h in cut} & {h.column + h.column_span for h in cut}
    inner = {c.column for c in table.figures} & {c.column + c.column_span for c in table.figures}
    known = [
        xs[int(b)] - xs[int(a)]
        for c in table.figures
        if (a := mapping[c.column]) is not None
        and (b := mapping[c.column + c.column_span]) is not None
        and c.column_span == 1
    ]
    for edge in sorted(beside & inner) if lattice.supposed else ():
        a, at, b = mapping[edge - 1 : edge + 2]
        if a is None or at is None or b is None or not known:
            continue
        left, middle, right = (place_of(xs, one) or 0.0 for one in (a, at, b))
        usual, mean = median(known), (right - left) / 2
        wide = max(middle - left, right - middle)
        if wide > LOPSIDED * usual and USUAL[0] * usual < mean < USUAL[1] * usual:
            x = (left + right) / 2
            band = max(j for j in range(lattice.columns) if xs[j] <= x)
            moved[edge] = band + (x - xs[band]) / (xs[band + 1] - xs[band])
    return tuple(moved)


def _rows(lattice: Lattice, matched: Sequence[_Row]) -> list[_Row]:
    """Return all bands of a lattice, those of one line together."""
    taken = {row: one for one in matched for row in range(one.first, one.last + 1)}
    rows: list[_Row] = []
    for row in range(lattice.rows):
        one = taken.get(row, _Row(row, row, None))
        if not rows or rows[-1] != one:
            rows.append(one)
    return rows


def _node(lattice: Lattice, row: int, column: float) -> Point:
    left = int(column)
    (x, y), part = lattice.nodes[row][left], column - left
    if part:
        to_x, to_y = lattice.nodes[row][left + 1]
        x, y = x + part * (to_x - x), y + part * (to_y - y)
    return (x, y)


def _down(
    lattice: Lattice, table: TableTemplate, row: _Row, at: float, edges: dict[float, int]
) -> float:
    """Return how much of an upright edge is drawn, or should be."""
    seen = 0.0
    if at == int(at):
        seen = max(lattice.down[i][int(at)] for i in range(row.first, row.last + 1))
    if row.line is None or at not in edges:
        return seen
    return max(seen, UPRIGHT) if edges[at] in boundaries(table, row.line) else 0.0


def _across(
    lattice: Lattice,
    table: TableTemplate,
    beside: tuple[_Row | None, _Row | None],
    border: int,
    span: tuple[float, float],
    edges: dict[float, int],
) -> float:
    """Return how much of a level edge is drawn, or should be."""
    columns = range(int(span[0]), max(int(span[0]) + 1, int(span[1])))
    seen = sum(lattice.across[border][j] for j in columns) / len(columns)
    upper, lower = beside
    known = [row.line for row in beside if row is not None]
    if span[0] not in edges or None in known:
        return seen
    if upper and lower and upper.line is not None and lower.line is not None:
        column = edges[span[0]]
        for cell in table.cells:
            over = cell.column <= column < cell.column + cell.column_span
            if over and cell.row <= upper.line and lower.line < cell.row + cell.row_span:
                return 0.0
    return max(seen, SUPPOSED)
