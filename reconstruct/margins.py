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
    BRANCHES_IF_ASKED,
    MARGIN_CAP,
    MOST_UNDETERMINED,
    PATIENCE,
    SURE_MARGIN,
    TIE_MARGIN,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from reconstruct.search import Alike, Search
    from reconstruct.worlds import World

CAP = milli(MARGIN_CAP)
SURE = milli(SURE_MARGIN)
TIE = milli(TIE_MARGIN)


@dataclass(frozen=True, slots=True)
class Margin:
    """How much dearer (milli-nats) a figure's other prints are at least.

    ``proved`` tells that there is a rival that costs just so much, that one is known to be a tie,
    or that no more was asked for; otherwise the limits did not allow to find out.
    """

    least: int
    proved: bool


def crowd(search: Search, index: int) -> float:
    """Return what a margin must be lowered by for rivals that are many and alike (nats).

    Where one equation alone speaks for a figure, each of its other figures could be the mistake
    of the page instead, and their chances add up. Two equations meet in one figure.
    """
    rows = search.standing(index)
    return math.log(rows[0]) if len(rows) == 1 else 0.0


def margins_of(
    search: Search,
    alike: Alike,
    figures: Iterable[int],
    first: Collection[int],
    plain: Collection[int],
    *,
    asked: bool,
) -> dict[int, Margin]:
    """Return the margins of ``figures`` in the cheapest world of ``alike``.

    Most follow from a bound, or from a world that costs nearly as little. The others are
    searched, those in ``first`` before the rest, because the limit may leave the last ones with
    their bound; it is met sooner where a person is ``asked`` about the table anyway. Those in
    ``plain`` read well enough to stand alone, where nothing speaks against them: of them no
    margin is searched, and none told, if all their equations hold, and otherwise no more than a
    tie is ruled out.
    """
    world, broken = alike.worlds[0], search.root.residuals
    found: dict[int, Margin] = {}
    doubtful = []
    for i in figures:
        if search.problem.unknowns[i].choices and not search.standing(i):
            found[i] = Margin(
                0, proved=False
            )  # no equation says anything: the reading stands alone
            continue
        known, enough = _known(search, alike, i), _enough(search, i)
        if i in plain and world.chosen[i] == 0:
            enough = TIE
            if known.least < TIE and not any(n in broken for n in search.root.system.holding(i)):
                continue
        found[i] = Margin(known.least, known.proved or known.least >= enough)
        if not found[i].proved:
            doubtful.append((world.chosen[i] == 0, i not in first, -known.least, i, enough))
    share, stop = PATIENCE, search.spent + BRANCHES_FOR_ALL
    if asked:
        share, stop = 1, max(search.spent + BRANCHES_FOR_ONE, BRANCHES_IF_ASKED)
    for *_, i, enough in sorted(doubtful):
        if search.spent >= stop:
            break
        found[i] = _searched(search, world, i, found[i].least, enough, share * BRANCHES_FOR_ONE)
    return found


def _known(search: Search, alike: Alike, index: int) -> Margin:
    """Return what is known of a figure's margin without any search."""
    world = alike.worlds[0]
    chosen, choices = world.chosen[index], search.problem.unknowns[index].choices
    least = 0
    if chosen == 0:
        bound = search.bound(index, world)
        least = CAP if bound is None else max(0, min(CAP, bound - world.cost))
    for other in alike.worlds[1:]:  # cheapest first
        printed = other.chosen[index]
        unlike = chosen is None or other.meant[index] != choices[chosen].value
        if printed != chosen and (printed is not None or unlike):
            # one that has more changes than it takes may cost less
            return Margin(min(least, other.cost - world.cost), proved=True)
    return Margin(least, proved=False)


def _enough(search: Search, index: int) -> int:
    """Return from which margin (milli-nats) on a figure is sure."""
    return min(CAP, SURE + math.ceil(1000 * crowd(search, index)))


def _searched(
    search: Search, world: World, index: int, least: int, enough: int, branches: int
) -> Margin:
    try:
        rival = search.rival(world, index, enough, branches)
    except OutOfReachError as error:
        return Margin(min(CAP, max(least, error.bound - world.cost)), proved=False)
    if rival is None:
        return Margin(max(enough, least), proved=True)
    return Margin(max(0, rival.cost - world.cost), proved=True)


def suspects_of(search: Search, alike: Alike) -> frozenset[int]:
    """Return the figures that may be wrong on the page, or print what no reader listed.

    They are those whose change explains what fails at nearly the cost of the cheapest world,
    and what that world blames itself.
    """
    unknowns = search.problem.unknowns
    figures = range(len(unknowns) - search.problem.hints)
    found = set(alike.worlds[0].blamed.intersection(figures))
    if not found:
        return frozenset()
    for other in alike.worlds[1:]:
        # to blame a figure for what is on its list anyway is no news
        found |= {
            i
            for i in other.blamed.intersection(figures)
            if all(choice.value != other.meant[i] for choice in unknowns[i].choices)
        }
    return frozenset(found)


def lost_margins(search: Search, alike: Alike) -> dict[int, Margin]:
    """Return how much dearer it is at least that an unreadable figure means something else.

    Another world either is among those alike, or it has changes besides that make up for one
    another; those may touch whatever the equations derive from what they change.
    """
    world, found = alike.worlds[0], {}
    least = min(TIE, alike.bound - world.cost)
    cheap = [i for i, cost in enumerate(search.price.least) if cost < TIE]
    besides = [(i, cost) for i in cheap if (cost := search.besides(i)) < TIE]
    derived = search.root.system.derived()
    # what equations imply is but a suggestion: less proof will do, and none where most is lost
    few = sum(sources is None for sources in derived.values()) <= MOST_UNDETERMINED
    for i, sources in derived.items():
        if sources is None:  # no row determines it
            found[i] = Margin(0, proved=False)
            if few:
                found[i] = _searched(search, world, i, 0, TIE, BRANCHES_FOR_ONE // 15)
            continue
        nearest = min((c for j, c in besides if sources >> j & 1), default=TIE)
        margin = Margin(min(least, nearest), min(least, nearest) >= TIE)
        for other in alike.worlds[1:]:  # cheapest first
            if other.meant[i] != world.meant[i]:
                margin = Margin(min(margin.least, other.cost - world.cost), proved=True)
                break
        found[i] = margin
    return found
