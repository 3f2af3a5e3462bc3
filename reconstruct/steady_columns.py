"""Whether the columns of a table stand where they did on the page before."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from reconstruct.columns import edges_of_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.template import TableTemplate

SAME_PLACE = 0.2
"""Share of a column's width within which a boundary stands where it did on the page before."""

STRETCHED = 0.1
"""How much larger or smaller a further page of the same table may be pictured."""

STEADY = 2 / 3
"""Share of the boundaries that must stand as before for those that do to be known by it."""

DISPLACED = 3
"""Boundaries at the places of others from which columns are displaced: one is a line lost."""


def same_columns(
    before: Sequence[float | None], here: Sequence[float | None], table: TableTemplate
) -> bool:
    """Tell whether two fragments have their columns at the same places, see ``steady_edges``.

    So a table that goes on over a page without its header is proved by the header before. Where
    labels are parted from one another differs with the rows of a page and does not matter.
    """
    edges = {0, *edges_of_figures(table)}
    known = {e for e in edges if e < len(before) and e < len(here)}
    known -= {e for e in known if before[e] is None or here[e] is None}
    enough = len(known) >= max(3, len(edges) - 2)
    return enough and steady_edges(before, here, table) == known


def steady_edges(
    before: Sequence[float | None],
    here: Sequence[float | None],
    table: TableTemplate,
    *,
    known: bool = False,
) -> frozenset[int]:
    """Return the boundaries of figures, and the table's left one, that stand as they did before.

    The same shift, and stretch where pages were taken from different distances, must lay most
    boundaries of one fragment, both outermost among them, on those of the other. A column one
    too far is then seen, since its boundaries are a whole column away from their places.
    ``known`` asks for all of those instead that both fragments have, four at least: of a header's
    upper rows that end a page.
    """
    edges = sorted({0, *edges_of_figures(table)})
    seen = [(e, before[e], here[e]) for e in edges if e < min(len(before), len(here))]
    pairs = [(e, a, b) for e, a, b in seen if a is not None and b is not None]
    if len(pairs) < 3:
        return frozenset()
    (first, a, b), (last, c, d) = pairs[0], pairs[-1]
    near = SAME_PLACE * median(y - x for (_, _, x), (_, _, y) in pairwise(pairs))
    stretch = (d - b) / (c - a) if c > a else 0.0
    laid = [(1.0, median(y - x for _, x, y in pairs))]
    if abs(stretch - 1.0) <= STRETCHED:
        laid.append((stretch, b - stretch * a))
    found = [frozenset(e for e, x, y in pairs if abs(s * x + t - y) < near) for s, t in laid]
    # columns all alike look the same one further, where the table's sides do not bind them
    bound = [one for one in found if {first, last} <= one]
    best = max(bound, key=len, default=frozenset())
    least = max(4, len(pairs)) if known else max(3, STEADY * len(edges))
    return best if len(best) >= least else frozenset()


def displaced(
    before: Sequence[float | None],
    here: Sequence[float | None],
    xs: Sequence[float],
    table: TableTemplate,
) -> bool:
    """Tell whether boundaries that a page before shows stand at others' separators here.

    ``xs`` are all separators here. Where one between labels is lost and a false one stands among
    the figures, there are as many as the form has, and all between the two are a column away from
    their places: at the very places where their neighbours stood.
    """
    known = [e for e in sorted({0, *edges_of_figures(table)}) if e < min(len(before), len(here))]
    pairs = [(a, b) for e in known if (a := before[e]) is not None and (b := here[e]) is not None]
    if len(pairs) < 3 or pairs[0][0] >= pairs[-1][0]:
        return False
    (a, b), (c, d) = pairs[0], pairs[-1]
    stretch = (d - b) / (c - a)
    near = SAME_PLACE * median(y - x for (_, x), (_, y) in pairwise(pairs))
    away = [(wanted, y) for x, y in pairs if abs((wanted := b + stretch * (x - a)) - y) >= near]
    others = [min(abs(wanted - x) for x in xs if x != y) < near for wanted, y in away]
    return sum(others) >= DISPLACED
