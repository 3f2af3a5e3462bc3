"""How much dearer every other explanation of a table is, figure by figure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconstruct.problem import milli
from reconstruct.search import OutOfReachError
from reconstruct.thresholds import (
    BRANCHES_FOR_ALL,
    BRANCHES_FOR_ONE,
    BRANCHES_FOR_SUSPECTS,
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


def crowd(search: Search, index: int) -> float:
    """Return what a margin must be lowered by for rivals that are many and alike (nats).

    Where one equation alone speaks for a figure, each of its other figures could be the mistake
    of the page instead, and their chances add up. Two equations meet in one figure.
    """
    rows = search.standing(index)
    return math.log(len(rows[0])) if len(rows) == 1 else 0.0


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
        if search.problem.unknowns[i].choices and not search.standing(i):
            found[i] = Margin(
                0, proved=False
            )  # no equation says anything: the reading stands alone
            continue
        least = 0
        if world.chosen[i] == 0:
            bound = search.bound(i, world)
            least = CAP if bound is None else max(0, min(CAP, bound - world.cost))
        enough = _enough(search, i)
        found[i] = Margin(least, least >= enough)
        if least < enough:
            doubtful.append((world.chosen[i] == 0, i not in first, least, i))
    for *_, i in sorted(doubtful):
        if search.spent >= BRANCHES_FOR_ALL:
            break
        found[i] = _searched(search, world, i, found[i].least)
    return found


def _enough(search: Search, index: int) -> int:
    """Return from which margin (milli-nats) on a figure is sure."""
    return min(CAP, SURE + math.ceil(1000 * crowd(search, index)))


def _searched(search: Search, world: World, index: int, least: int) -> Margin:
    # what equations imply for an unreadable figure is but a suggestion: less proof will do
    lost = not search.problem.unknowns[index].choices
    cap, branches = TIE, BRANCHES_FOR_ONE // 15
    if not lost:
        cap, branches = _enough(search, index), BRANCHES_FOR_ONE
    try:
        rival = search.rival(world, index, cap, branches)
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
    stop = search.spent + BRANCHES_FOR_SUSPECTS
    for i in figures:
        if i in found or world.chosen[i] != 0:
            continue
        if search.spent >= stop:
            break
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
