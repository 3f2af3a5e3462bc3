"""The cheapest world by CP-SAT: the way out where the search of its own kind finds no end.

One worker searches with a fixed seed and a deterministic limit, so that the same table always
gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from ortools.sat.python import cp_model

from reconstruct.walk import walk
from reconstruct.worlds import World, world_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconstruct.price import Price
    from reconstruct.worlds import Problem, Unknown

Expression: TypeAlias = Any
"""A linear expression of CP-SAT, whose classes carry no types."""

_DETERMINISTIC_LIMIT = 0.2
"""Work that one search may take; two to four times as many seconds of a common core.

Of 14 drawn tables those that were resolved took 0.05 to 0.16, but for one that took 0.22.
"""


class UnresolvedError(Exception):
    """The search met its limit before it could prove its answer."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """The variables of one figure: its choices, unlisted, blamed, and what it means.

    That is what is printed and ``off``, which is 0 unless it is blamed.
    """

    picks: tuple[Expression, ...]
    unlisted: Expression
    blamed: Expression
    off: Expression
    meant: Expression
    cost: Expression


@dataclass(frozen=True, slots=True)
class _Handles:
    """A model with the variables of its figures."""

    model: cp_model.CpModel
    figures: tuple[_Figure, ...]
    cost: Expression


def best_world(problem: Problem, price: Price | None = None) -> World:
    """Return the cheapest world. Raises UnresolvedError.

    With the ``price`` of its changes it begins with a world that is found by walking, and looks
    at none that is dearer: by itself CP-SAT comes to cheap ones late (of 14 drawn tables it
    resolved 4 within its limit, with that 8).
    """
    walked = walk(problem, price) if price else ()
    known = world_of(problem, walked[0].meant) if walked else None

    def begin(handles: _Handles) -> None:
        if known is not None:
            _begin(handles, problem, known)

    world = _search(problem, None if known is None else known.cost + 1, begin)
    if world is None:  # blaming every cell would do, so this is not reached
        raise UnresolvedError
    return world


def _begin(handles: _Handles, problem: Problem, world: World) -> None:
    """Have the search begin with a world that is known."""
    for index, (unknown, figure) in enumerate(zip(problem.unknowns, handles.figures, strict=True)):
        meant, chosen = world.meant[index], world.chosen[index]
        if not unknown.choices:
            handles.model.add_hint(figure.meant, meant)
            continue
        printed = unknown.choices[chosen or 0].value
        handles.model.add_hint(figure.off, meant - printed)
        handles.model.add_hint(figure.blamed, index in world.blamed)
        for number, pick in enumerate(figure.picks):
            if not isinstance(pick, int):
                handles.model.add_hint(pick, number == chosen)
        if not isinstance(figure.unlisted, int):
            handles.model.add_hint(figure.unlisted, chosen is None)


def rival_of(problem: Problem, world: World, index: int, cap: int) -> World | None:
    """Return the cheapest world in which figure ``index`` is printed differently.

    For an unreadable figure: in which it means something else. None where every such world
    costs at least ``cap`` (milli-nats) more than ``world``. Raises UnresolvedError.
    """
    unknown = problem.unknowns[index]
    if unknown.choices and len(unknown.choices) == 1 and unknown.unlisted is None:
        return None

    def differ(handles: _Handles) -> None:
        if not unknown.choices:
            _apart(handles, index, world.meant[index], None)
            return
        chosen = world.chosen[index]
        if chosen is None:
            handles.model.add(handles.figures[index].unlisted == 0)
            return
        handles.model.add(handles.figures[index].picks[chosen] == 0)
        if unknown.unlisted is not None:
            value = unknown.choices[chosen].value
            _apart(handles, index, value, handles.figures[index].unlisted)

    return _search(problem, world.cost + cap, differ)


def _apart(handles: _Handles, index: int, value: int, when: Expression | None) -> None:
    """Demand that figure ``index`` means something else than ``value`` (if ``when`` holds)."""
    above = handles.model.new_bool_var("")
    meant = handles.figures[index].meant
    larger = handles.model.add(meant > value)
    smaller = handles.model.add(meant < value)
    larger.only_enforce_if([above] if when is None else [above, when])
    smaller.only_enforce_if([above.negated()] if when is None else [above.negated(), when])


def _search(
    problem: Problem, limit: int | None, demand: Callable[[_Handles], None]
) -> World | None:
    """Return the cheapest world that meets ``demand`` and costs less than ``limit``."""
    handles = _model(problem)
    demand(handles)
    if limit is not None:
        handles.model.add(handles.cost < limit)
    handles.model.minimize(handles.cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = _DETERMINISTIC_LIMIT
    # measured on 表三: presolve takes longer than the search it saves, relaxations save much
    solver.parameters.cp_model_presolve = False
    solver.parameters.linearization_level = 2
    status = solver.solve(handles.model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise UnresolvedError
    return _world(handles, solver)


def _world(handles: _Handles, solver: Any) -> World:
    chosen = []
    for figure in handles.figures:
        taken = [number for number, pick in enumerate(figure.picks) if solver.value(pick)]
        chosen.append(taken[0] if taken else None)
    blamed = (i for i, figure in enumerate(handles.figures) if solver.value(figure.blamed))
    return World(
        cost=solver.value(handles.cost),
        chosen=tuple(chosen),
        meant=tuple(solver.value(figure.meant) for figure in handles.figures),
        blamed=frozenset(blamed),
    )


def _model(problem: Problem) -> _Handles:
    model = cp_model.CpModel()
    bound = problem.bound
    figures = tuple(_figure(model, unknown, bound) for unknown in problem.unknowns)
    for left, right in problem.equations:
        model.add(sum(figures[i].meant for i in left) == sum(figures[i].meant for i in right))
    cost = sum(figure.cost for figure in figures) + _recurring(model, problem, figures)
    return _Handles(model, figures, cost)


def _figure(model: cp_model.CpModel, unknown: Unknown, bound: int) -> _Figure:
    least = -bound if unknown.signed else 0
    if not unknown.choices:
        return _Figure((), 0, 0, 0, model.new_int_var(least, bound, ""), 0)
    blamed = model.new_bool_var("")
    off = model.new_int_var(-bound, bound, "")
    model.add(off == 0).only_enforce_if(blamed.negated())
    cost: Expression = unknown.mistake * blamed
    first: Expression = 1
    unlisted: Expression = 0
    others = tuple(model.new_bool_var("") for _ in unknown.choices[1:])
    if unknown.unlisted is not None:
        unlisted = model.new_bool_var("")
        # the price is then paid for an unlisted print instead of a mistake of the page
        model.add_implication(unlisted, blamed)
        cost = cost + (unknown.unlisted - unknown.mistake) * unlisted
    if others or unknown.unlisted is not None:
        first = model.new_bool_var("")
        model.add(sum(others) + first + unlisted == 1)
    value = unknown.choices[0].value
    meant: Expression = value + off
    for choice, pick in zip(unknown.choices[1:], others, strict=True):
        meant = meant + (choice.value - value) * pick
        cost = cost + (choice.cost if choice.confusion is None else choice.again) * pick
    model.add_linear_constraint(meant, least, bound)
    return _Figure((first, *others), unlisted, blamed, off, meant, cost)


def _recurring(
    model: cp_model.CpModel, problem: Problem, figures: tuple[_Figure, ...]
) -> Expression:
    """Return what confusions cost the first time they are made."""
    alike: dict[int, list[Expression]] = {}
    for unknown, figure in zip(problem.unknowns, figures, strict=True):
        for choice, pick in zip(unknown.choices, figure.picks, strict=True):
            if choice.confusion is not None:
                alike.setdefault(choice.confusion, []).append(pick)
    cost: Expression = 0
    first_times = problem.first_times()
    for confusion, picks in alike.items():
        once = model.new_bool_var("")
        for pick in picks:
            model.add_implication(pick, once)
        cost = cost + first_times[confusion] * once
    return cost
