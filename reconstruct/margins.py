"""How much dearer every other explanation of a table is, figure by figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconstruct.problem import milli
from reconstruct.search import OutOfReachError
from reconstruct.thresholds import (
    BRANCHES_FOR_ALL,
    BRANCHES_FOR_ONE,
    MARGIN_CAP,
    SURE_MARGIN,
    TIE_MARGIN,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from reconstruct.search import Search
    from reconstruct.worlds import World

CAP = milli(MARGIN_CAP)
SURE = milli(SURE_MARGIN)
TIE = milli(TIE_MARGIN)


@dataclass(frozen=True, slots=True)
class Margin:
    """How much dearer (milli-nats) a figure's other prints are at least.

    ``proved`` tells that there is a rival that costs just so much, or that no more was asked
    for; otherwise the limits did not allow to find out.
    """

    least: int
    proved: bool

    @property
    def open(self) -> bool:
        """Whether the figure might be sure if there were more time."""
        return not self.proved and self.least < SURE


def margins_of(
    search: Search, world: World, figures: Iterable[int], first: Collection[int]
) -> dict[int, Margin]:
    """Return the margins of ``figures`` in the cheapest world.

    Most follow from a bound. The others are searched, those in ``first`` before the rest,
    because the limit may leave the last ones with their bound.
    """
    found: dict[int, Margin] = {}
    doubtful = []
    for i in figures:
        least = 0
        if world.chosen[i] == 0:
            bound = search.bound(i, world)
            least = CAP if bound is None else max(0, min(CAP, bound - world.cost))
        enough = SURE if world.chosen[i] == 0 else CAP
        found[i] = Margin(least, least >= enough)
        if least < enough:
            doubtful.append((world.chosen[i] == 0, i not in first, least, i))
    for *_, i in sorted(doubtful):
        if search.spent >= BRANCHES_FOR_ALL:
            break
        found[i] = _searched(search, world, i, found[i].least)
    return found


def _searched(search: Search, world: World, index: int, least: int) -> Margin:
    cap = SURE if world.chosen[index] == 0 else CAP
    try:
        rival = search.rival(world, index, cap, BRANCHES_FOR_ONE)
    except OutOfReachError as error:
        return Margin(min(CAP, max(least, error.bound - world.cost)), proved=False)
    if rival is None:
        return Margin(max(cap, least), proved=True)
    return Margin(max(0, rival.cost - world.cost), proved=True)


def suspects_of(search: Search, world: World, figures: Iterable[int]) -> frozenset[int]:
    """Return the figures that may be wrong on the page, or print what no reader listed.

    They are those of ``figures`` whose change explains what fails at nearly the cost of the
    cheapest world, and what that world blames itself.
    """
    found = set(world.blamed)
    if not found:
        return frozenset()
    unknowns = search.problem.unknowns
    for i in figures:
        if i in found or world.chosen[i] != 0:
            continue
        try:
            other = search.blaming(i, world.cost + TIE, BRANCHES_FOR_ONE)
        except OutOfReachError:
            continue
        if other is not None:  # to blame a figure for what is on its list anyway is no news
            found |= {
                j
                for j in other.blamed
                if all(choice.value != other.meant[j] for choice in unknowns[j].choices)
            }
    return frozenset(found)
