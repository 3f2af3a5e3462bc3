"""How much dearer every other explanation of a table is, figure by figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from reconstruct.problem import milli
from reconstruct.search import OutOfReachError
from reconstruct.thresholds import (
    BRANCHES_FOR_ALL,
    BRANCHES_FOR_EACH,
    BRANCHES_FOR_ONE,
    BRANCHES_IF_ASKED,
    BRANCHES_IF_MANY,
    MANY,
    MARGIN_CAP,
    MOST_UNDETERMINED,
    PATIENCE,
    SURE_MARGIN,
    TIE_MARGIN,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from reconstruct.branches import Branch
    from reconstruct.search import Alike, Search
    from reconstruct.worlds import World

CAP = milli(MARGIN_CAP)
SURE = milli(SURE_MARGIN)
TIE = milli(TIE_MARGIN)


class Margin(NamedTuple):
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


def margins_of(  # noqa: PLR0913 - what is asked, and what it is worth
    search: Search,
    alike: Alike,
    figures: Iterable[int],
    first: Collection[int],
    plain: Collection[int],
    *,
    asked: bool,
    together: bool = True,
) -> dict[int, Margin]:
    """Return the margins of ``figures`` in the cheapest world of ``alike``.

    Most follow from a bound, or from a world that costs nearly as little. The others are
    searched, those in ``first`` before the rest, because the limit may leave the last ones with
    their bound; it is met sooner where a person is ``asked`` about the table anyway. Those in
    ``plain`` read well enough to stand alone, where nothing speaks against them: of them no
    margin is searched, and none told, if all their equations hold, and otherwise no more than a
    tie is ruled out. Where many wait for proof on such a table they are told ``together``.
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
        known, enough = _known(search, alike, i), sure_from(search, i)
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
        if together and len(doubtful) >= MANY and alike.ends:
            stop = search.spent + min(BRANCHES_IF_MANY, len(doubtful) * BRANCHES_FOR_EACH)
            found |= _together(search, alike, [one[3:] for one in sorted(doubtful)], found, stop)
    for *_, i, enough in sorted(one for one in doubtful if not found[one[3]].proved):
        if search.spent >= stop:
            break
        found[i] = _searched(search, world, i, found[i].least, enough, share * BRANCHES_FOR_ONE)
    return found


def _together(
    search: Search,
    alike: Alike,
    doubtful: Iterable[tuple[int, int]],
    known: Mapping[int, Margin],
    stop: int,
) -> dict[int, Margin]:
    """Return the margins of figures, each with what is enough for it, that can be told together."""
    wide = widened(search, alike, (search.spent + stop) // 2)
    return {i: found_beside(search, wide, i, known[i], enough, stop) for i, enough in doubtful}


def _known(search: Search, alike: Alike, index: int) -> Margin:
    """Return what is known of a figure's margin without any search."""
    world = alike.worlds[0]
    least = 0
    if world.chosen[index] == 0:
        bound = search.bound(index, world)
        least = CAP if bound is None else max(0, min(CAP, bound - world.cost))
    for other in alike.worlds[1:]:  # cheapest first
        if _rivals(search, world, other, index):
            # one that has more changes than it takes may cost less
            return Margin(min(least, other.cost - world.cost), proved=True)
    return Margin(least, proved=False)


def sure_from(search: Search, index: int) -> int:
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


def widened(search: Search, alike: Alike, stop: int) -> Alike:
    """Return more worlds than ``alike`` has: all that matter to what is sure, if that is in reach.

    They cost about as much work to find as one figure's margin does where much fails to add up,
    and serve all figures.
    """
    more = stop - search.spent
    try:
        found = search.widened(SURE, more)
    except OutOfReachError:
        return alike
    return found if found.bound > alike.bound else alike


def found_beside(
    search: Search, alike: Alike, index: int, known: Margin, enough: int, stop: int
) -> Margin:
    """Return the margin of a figure that follows from the worlds in ``alike``.

    A world that prints it otherwise is one of these, or costs ``alike.bound``, or has the changes
    of one of these and others besides, which make up for one another. Where a bound does not
    tell what those cost they are searched for until ``stop``.
    """
    world = alike.worlds[0]
    least, nearest, starts = _among(search, alike, index, enough)
    if starts:
        limit, branches = min(least, enough), min(BRANCHES_FOR_ONE, stop - search.spent)
        try:
            rival = search.rival(world, index, limit, branches, starts)
        except OutOfReachError as error:
            least = min(limit, error.bound - world.cost)
        else:
            if rival is not None:
                least = nearest = min(least, rival.cost - world.cost)
    least = max(known.least, min(least, CAP))
    return Margin(least, least >= min(enough, nearest))


def _among(search: Search, alike: Alike, index: int, enough: int) -> tuple[int, int, list[Branch]]:
    """Return what follows from the worlds in ``alike`` without further search.

    These are a bound on what all rivals cost more, what the nearest known one does, and the ends
    of the worlds that further changes could make a rival of below ``enough``.
    """
    world, mistake = alike.worlds[0], search.problem.unknowns[index].mistake
    least, nearest, starts = alike.bound - world.cost, CAP, []
    for other, end in zip(alike.worlds, alike.ends, strict=True):
        more = other.cost - world.cost
        if more >= min(least, enough):
            break  # so do all others
        if any(i == index for i, _ in end.changes):
            least = min(least, more + _apart(search, world, other, index))
        elif world.chosen[index] != 0:
            least = min(least, more)
        elif more + search.besides(index, end) < enough:
            starts.append(end)
        if _rivals(search, world, other, index):
            nearest = min(nearest, more)
    if world.chosen[index] == 0 and (printed := search.other_print(index)) is not None:
        least = min(least, printed + mistake)  # printed otherwise, and a mistake as well
    return least, nearest, starts


def _apart(search: Search, world: World, other: World, index: int) -> int:
    """Return what it costs at least beyond ``other`` to print a figure otherwise than ``world``."""
    if other.chosen[index] != world.chosen[index]:
        return 0
    if index not in other.blamed:
        return CAP
    unknown = search.problem.unknowns[index]
    costs = [CAP if (printed := search.other_print(index)) is None else printed]
    if unknown.unlisted is not None:
        costs.append(unknown.unlisted - unknown.free)
    return min(costs)


def _rivals(search: Search, world: World, other: World, index: int) -> bool:
    """Tell whether ``other`` prints a figure otherwise than ``world``.

    What no reader listed and means what ``world`` prints would not be otherwise.
    """
    chosen, printed = world.chosen[index], other.chosen[index]
    if printed == chosen:
        return False
    choices = search.problem.unknowns[index].choices
    return printed is not None or chosen is None or other.meant[index] != choices[chosen].value


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
