"""What must speak for changing a figure before any margin is looked at: the reader's own word."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reconstruct.margins import crowd
from reconstruct.slips import slip
from reconstruct.thresholds import OVER_PAGE

if TYPE_CHECKING:
    from reconstruct.evidence import Evidence
    from reconstruct.search import Search
    from reconstruct.worlds import World


def over_page(search: Search, e: Evidence, world: World, index: int) -> float:
    """Return by how much (nats) ``world`` beats that the page prints what was read.

    ``e`` is the evidence of figure ``index``. That is the page's mistake of just this size, at
    this figure or, where one equation alone speaks for it, at another one. Infinite where
    ``world`` changes nothing.
    """
    chosen = world.chosen[index]
    if not chosen:
        return math.inf
    size = slip(e.likely.addend, e.options[chosen].addend)
    price = search.problem.unknowns[index].mistake / 1000 - size
    return price - e.cost(chosen) - crowd(search, index)


def has_grounds(search: Search, e: Evidence, world: World, index: int) -> bool:
    """Tell whether ``world`` changes a figure to what its reader may well have overlooked.

    That is a candidate that beats the page's own mistake by far, and that is no also-ran.
    """
    chosen = world.chosen[index]
    return (
        bool(chosen)
        and not e.behind(chosen or 0)
        and over_page(search, e, world, index) >= OVER_PAGE
    )
