"""What the part of a table that adds up says of its own figures, whatever is wrong elsewhere.

Where many figures are misread the search proves no margin for the others in time. But the
figures that an explanation blames can be left out, as if nobody had read them: what is left of
the equations holds, and a figure in it is wrong only if others are that make up for it. That
judges by less than is known, not by anything else, and takes no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.elimination import mask_of
from reconstruct.margins import CAP, SURE, crowd, sure_from
from reconstruct.problem import milli
from reconstruct.search import OutOfReachError, Search
from reconstruct.thresholds import BRANCHES_FOR_ONE, BRANCHES_FOR_REST, MOST_EXPLAINED
from reconstruct.walk import walk
from reconstruct.worlds import Problem, Unknown, World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from reconstruct.price import Price


def sure_of_the_rest(
    problem: Problem, price: Price, figures: Iterable[int], never: Collection[int] = ()
) -> dict[int, int]:
    """Return those of ``figures`` that are surely as read, with their margins (milli-nats).

    That is judged without the figures that the cheapest explanation found blames, and of no
    figure that one nearly as cheap blames, or that is one of ``never``. Of none, if it blames a
    figure that reads clearly: where that is wrong, or the page is, much else may make up for it.
    """
    found = walk(problem, price)
    if not found or found[0].cost > milli(MOST_EXPLAINED):
        return {}
    left_out, cheapest = found[0].otherwise, found[0].cost
    if any(problem.unknowns[i].clear for i in left_out):
        return {}
    blamed = {i for one in found if one.cost < cheapest + SURE for i in one.otherwise}
    rest = _without(problem, left_out)
    search = Search(rest)
    if search.root.residuals:
        return {}
    values = tuple(u.choices[0].value if u.choices else 0 for u in rest.unknowns)
    chosen = tuple(0 if u.choices else None for u in rest.unknowns)
    world = World(0, chosen, values, frozenset())
    margins = _confirmed(search, world)
    return {i: margins[i] for i in figures if i in margins and i not in blamed and i not in never}


def _confirmed(search: Search, world: World) -> dict[int, int]:
    """Return the figures that are sure where all that is read adds up, with their margins.

    A world in which one of them is otherwise is dear, so that of the others no world needs to be
    looked at in which it is.
    """
    unknowns = search.problem.unknowns
    open_ = {i: 0 for i, u in enumerate(unknowns) if (u.choices[1:] or u.free < SURE) and u.choices}
    open_ = {i: 0 for i in open_ if search.standing(i)}
    found: dict[int, int] = {}
    tried: dict[int, int] = {}
    while open_:
        before = len(found)
        for i in open_:
            bound = search.bound(i, world)
            open_[i] = CAP if bound is None else min(CAP, bound)
        for i in [i for i, least in open_.items() if least >= sure_from(search, i)]:
            found[i] = open_.pop(i)
        if len(found) == before and not _searched(search, world, open_, found, tried):
            break
        search.take_as_read(mask_of(found))
    return {i: margin - milli(crowd(search, i)) for i, margin in found.items()}


def _searched(
    search: Search,
    world: World,
    open_: dict[int, int],
    found: dict[int, int],
    tried: dict[int, int],
) -> bool:
    """Search the margins of figures, those nearest to being sure first, until one is."""
    for i in sorted(open_, key=lambda i: (tried.get(i, 0), -open_[i], i)):
        if search.spent >= BRANCHES_FOR_REST or tried.get(i, 0) > 1:
            return False
        enough = sure_from(search, i)
        tried[i] = tried.get(i, 0) + 1
        try:
            rival = search.rival(world, i, enough, BRANCHES_FOR_ONE)
        except OutOfReachError:
            continue
        if rival is None:
            found[i] = enough
            del open_[i]
            return True
        tried[i] = 2  # it stays so, whatever else is sure
    return False


def _without(problem: Problem, figures: Collection[int]) -> Problem:
    """Return the problem as if nobody had read ``figures``, and nothing was said elsewhere."""
    unknowns = problem.unknowns[: len(problem.unknowns) - problem.hints]
    return Problem(
        tuple(
            Unknown((), u.mistake, None, u.signed) if i in figures else u
            for i, u in enumerate(unknowns)
        ),
        problem.equations[: len(problem.equations) - problem.hints],
    )
