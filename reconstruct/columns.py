"""Maps the column boundaries of a printed form to the column separators of a lattice.

Which separators are drawn in which rows is a pattern that the form predicts. The mapping is the
monotone one under which the drawn edges are likeliest (dynamic programming, nats).
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import combinations, pairwise, product
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.lattice import Lattice
    from document.template import TableTemplate

DRAWN_WHERE_PRINTED, SPURIOUS = (9.0, 1.0), (0.5, 2.8)
"""Rows, as if seen before, in which a printed separator, or a fold, is drawn and is not.

A line is torn, or lost, in many rows at once: each that is not drawn makes the next likelier so."""

DRAWN_ELSEWHERE = 0.04

TIE = 0.005
"""Nats by which the last boundary is likelier lost than others of which the lines say no more."""

AS_LIKELY = 1.0
"""Nats by which another separator may be the lost one, and widths say which it is."""

EVENER = 1.0
"""By how much less uneven the columns must be then: summed natural logs of their widths' ratios to
the median's. Two columns in one, and another cut in two, make three logs of 2, that is 2.1; columns
as the form's programs set them differ by 0.2 each."""


@lru_cache(maxsize=4096)
def boundaries(table: TableTemplate, line: int) -> frozenset[int]:
    """Return the column boundaries at which a cell of the printed line begins or ends."""
    found: set[int] = set()
    for cell in table.cells:
        if cell.row <= line < cell.row + cell.row_span:
            found.update((cell.column, cell.column + cell.column_span))
    return frozenset(found)


def map_columns(
    lattice: Lattice, table: TableTemplate, shown: Sequence[tuple[int, int]]
) -> tuple[float | None, ...]:
    """Return for each column boundary of the form the lattice's separator, or None.

    A boundary whose line is gone is set between its neighbours: 3.5 is halfway from separator 3
    to the next.
    """
    expected = [boundaries(table, line) for _, line in shown]
    seen = [
        [min(1.0, lattice.down[row][j] / 0.6) for j in range(lattice.columns + 1)]
        for row, _ in shown
    ]
    elsewhere = [[_mix(edge, DRAWN_ELSEWHERE) for edge in row] for row in seen]
    wanted, given = table.columns + 1, lattice.columns + 1
    worth, missing = [], []
    for b in range(wanted):
        own = [n for n, line in enumerate(expected) if b in line]
        others = [n for n, line in enumerate(expected) if b not in line]
        worth.append(
            [
                _drawn(sum(seen[n][j] for n in own), len(own), DRAWN_WHERE_PRINTED)
                + sum(elsewhere[n][j] for n in others)
                for j in range(given)
            ]
        )
        missing.append(_drawn(0.0, len(own), DRAWN_WHERE_PRINTED) - 0.01)
    missing[-1] += TIE  # nothing is supposed beyond it
    spurious = [
        _drawn(sum(row[j] for row in seen), len(seen), SPURIOUS) - 0.5 for j in range(given)
    ]
    mapping = _monotone(worth, spurious, missing)
    return _guessed(lattice, table, _evened(lattice.xs, table, mapping, worth, missing), expected)


def _evened(
    xs: Sequence[float],
    table: TableTemplate,
    mapping: Sequence[int | None],
    worth: Sequence[Sequence[float]],
    missing: Sequence[float],
) -> tuple[int | None, ...]:
    """Return the mapping with another boundary lost where the widths of columns plainly say so.

    Separators that begin and end at the same lines are drawn alike, and the pattern does not tell
    which of them is gone; the one column that is twice as wide as the others does.
    """
    edges = sorted(edges_of_figures(table))
    best, uneven = tuple(mapping), _unevenness(xs, mapping, edges)
    if uneven is None:
        return best
    for lost in edges[1:-1]:
        tried: list[tuple[float, tuple[int | None, ...]]] = []
        if best[lost] is not None:
            continue
        for other in edges[1:-1]:
            moved = list(best)
            moved.insert(other, moved.pop(lost))
            score = sum(
                (missing[b] if to is None else worth[b][to])
                - (missing[b] if at is None else worth[b][at])
                for b, (at, to) in enumerate(zip(best, moved, strict=True))
                if at != to
            )
            less = _unevenness(xs, moved, edges)
            if score >= -AS_LIKELY and less is not None:
                tried.append((less, tuple(moved)))
        least = min(tried, key=itemgetter(0), default=(uneven, best))
        if least[0] <= uneven - EVENER:
            uneven, best = least
    return best


def _unevenness(
    xs: Sequence[float], mapping: Sequence[int | None], edges: Sequence[int]
) -> float | None:
    """Return how much the widths of figures' columns differ from the median, in logs of ratios.

    None where the first of them does not begin, or the last not end, at a separator, or columns
    of the form lie between them that hold no figures.
    """
    known = [(edge, at) for edge in edges if (at := mapping[edge]) is not None]
    if len(known) < 3 or {edges[0], edges[-1]} - {edge for edge, _ in known}:
        return None
    if edges != list(range(edges[0], edges[-1] + 1)):
        return None
    wide = [
        ((xs[k] - xs[j]) / (after - before), after - before)
        for (before, j), (after, k) in pairwise(known)
    ]
    usual = median(width for width, count in wide for _ in range(count))
    return sum(count * abs(math.log(max(width, 1.0) / usual)) for width, count in wide)


def _guessed(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[int | None],
    expected: Sequence[frozenset[int]],
) -> tuple[float | None, ...]:
    """Divide a column band that must be several columns wide evenly among them."""
    figures = {c.column for c in table.figures} | {c.column + c.column_span for c in table.figures}
    xs = lattice.xs
    known = [
        xs[k] - xs[j]
        for b, (j, k) in enumerate(pairwise(mapping))
        if j is not None and k == j + 1 and b in figures
    ]
    usual = median(known) if known else 0.0
    guessed: list[float | None] = list(mapping)
    for first, last in combinations([b for b, j in enumerate(mapping) if j is not None], 2):
        j, k = mapping[first], mapping[last]
        inside = range(first + 1, last)
        if j is None or k != j + 1 or not inside or any(mapping[b] is not None for b in inside):
            continue
        wide = (xs[k] - xs[j]) / (len(inside) + 1)
        wanted = all(b in figures and any(b in lines for lines in expected) for b in inside)
        if wanted and 0.7 * usual < wide < 1.4 * usual:
            for step, b in enumerate(inside, start=1):
                guessed[b] = j + step / (len(inside) + 1)
    return tuple(guessed)


def _monotone(
    worth: list[list[float]], spurious: list[float], missing: list[float]
) -> tuple[int | None, ...]:
    wanted, given = len(missing), len(spurious)
    best: dict[tuple[int, int], float] = {(0, 0): 0.0}
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    for b, j in product(range(wanted + 1), range(given + 1)):
        moves = []
        if b > 0:
            moves.append((best[b - 1, j] + missing[b - 1], (b - 1, j)))
        if j > 0:
            moves.append((best[b, j - 1] + spurious[j - 1], (b, j - 1)))
        if b > 0 and j > 0:
            moves.append((best[b - 1, j - 1] + worth[b - 1][j - 1], (b - 1, j - 1)))
        if moves:
            best[b, j], origin[b, j] = max(moves)
    mapping: list[int | None] = [None] * wanted
    at = (wanted, given)
    while at != (0, 0):
        before = origin[at]
        if before == (at[0] - 1, at[1] - 1):
            mapping[before[0]] = before[1]
        at = before
    return tuple(mapping)


def _drawn(seen: float, rows: int, before: tuple[float, float]) -> float:
    """Return how likely a separator is drawn in ``seen`` of so many rows, in nats.

    How much of a separator is drawn differs from one to the next (beta-binomial distribution).
    """
    drawn, torn = before
    prior = math.lgamma(drawn + torn) - math.lgamma(drawn) - math.lgamma(torn)
    here = math.lgamma(drawn + seen) + math.lgamma(torn + rows - seen)
    return here - math.lgamma(drawn + torn + rows) + prior


def _mix(seen: float, drawn: float) -> float:
    return seen * math.log(drawn) + (1 - seen) * math.log(1 - drawn)


def place_of(xs: Sequence[float], edge: float | None) -> float | None:
    """Return the place, in pixels, of a separator whose number may be a fraction."""
    if edge is None:
        return None
    left = int(edge)
    return xs[left] + ((edge - left) * (xs[left + 1] - xs[left]) if edge > left else 0.0)


def edges_of_figures(table: TableTemplate) -> set[int]:
    """Return the boundaries left and right of figures."""
    return {c.column for c in table.figures} | {c.column + c.column_span for c in table.figures}
