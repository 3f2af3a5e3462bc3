"""The two ways to the cheapest world agree, whatever the problem."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document.report import ReadCell, ReadTable
from reconstruct.cpsat import best_world, rival_of
from reconstruct.margins import CAP as MOST
from reconstruct.margins import SURE, TIE, Margin, found_beside, margins_of, widened
from reconstruct.repair import settle
from reconstruct.search import OutOfReachError, Search
from reconstruct.walk import walk
from reconstruct.worlds import Choice, Problem, Unknown, World, world_of
from tests.reconstruct.readings import T3, clear

ROWS, COLUMNS = 3, 3
CAP = 8000
BRANCHES = 20_000


def _equations() -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """A small 表三: the last column totals each row, the last row totals each column."""
    width = COLUMNS + 1
    rows = [
        ((r * width + COLUMNS,), tuple(r * width + c for c in range(COLUMNS)))
        for r in range(ROWS + 1)
    ]
    columns = [
        ((ROWS * width + c,), tuple(r * width + c for r in range(ROWS))) for c in range(width)
    ]
    return (*rows, *columns)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    width = COLUMNS + 1
    values = [[draw(st.integers(0, 4)) for _ in range(COLUMNS)] for _ in range(ROWS)]
    values = [[*row, sum(row)] for row in values]
    values.append([sum(row[c] for row in values) for c in range(width)])
    costs = st.integers(300, 7000)
    unknowns = []
    for row in values:
        for truth in row:
            kind = draw(st.sampled_from(["clear"] * 6 + ["doubtful", "doubtful", "wrong", "lost"]))
            read = truth + draw(st.integers(1, 3)) if kind == "wrong" else truth
            if kind == "lost":
                unknowns.append(Unknown((), 8000, None, signed=False))
                continue
            if kind == "clear" or (kind == "wrong" and draw(st.booleans())):
                unknowns.append(Unknown((Choice(read),), 8000, None, signed=False))
                continue
            others = {truth, draw(st.integers(0, 9))} - {read}
            choices = [Choice(read)]
            for value in sorted(others):
                cost = draw(costs)
                confusion = draw(st.sampled_from([None, None, 0, 1]))
                choices.append(Choice(value, cost, cost * 3 // 10, confusion))
            unlisted = draw(st.integers(1500, 9000))
            unknowns.append(Unknown(tuple(choices), 8000, unlisted, signed=False))
    return Problem(tuple(unknowns), _equations())


@settings(max_examples=150, deadline=None)
@given(problems(), st.data())
def test_search_and_cp_sat_find_equally_cheap_worlds(problem: Problem, data: st.DataObject) -> None:
    try:
        search = Search(problem)
        world = search.best(BRANCHES)
    except OutOfReachError:
        return  # left to CP-SAT
    oracle = best_world(problem)
    assert world.cost == oracle.cost
    assert best_world(problem, search.price).cost == oracle.cost
    for left, right in problem.equations:
        assert sum(world.meant[i] for i in left) == sum(world.meant[i] for i in right)
    assert min(world.meant) >= 0
    index = data.draw(st.integers(0, len(problem.unknowns) - 1))
    try:
        rival = search.rival(world, index, CAP, BRANCHES)
    except OutOfReachError:
        return
    other = rival_of(problem, world, index, CAP)
    assert (rival and rival.cost) == (other and other.cost)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_what_a_walk_finds_is_a_world_and_costs_what_it_costs(problem: Problem) -> None:
    for one in walk(problem, Search(problem).price):
        world = world_of(problem, one.meant)
        for left, right in problem.equations:
            assert sum(world.meant[i] for i in left) == sum(world.meant[i] for i in right)
        assert min(world.meant) >= 0
        assert world.cost >= best_world(problem).cost
        for i, (unknown, number) in enumerate(zip(problem.unknowns, world.chosen, strict=True)):
            if i not in world.blamed and number is not None:
                assert unknown.choices[number].value == world.meant[i]


def _small(rng: random.Random) -> Problem:
    """A form of two rows and two columns with totals: nine figures, six equations."""
    values = [[rng.randint(0, 4), rng.randint(0, 4)] for _ in range(2)]
    table = [[*row, sum(row)] for row in values]
    table.append([sum(row[c] for row in table) for c in range(3)])
    unknowns = []
    for truth in (value for row in table for value in row):
        kind = rng.choice(["clear", "clear", "doubtful", "wrong", "lost"])
        if kind == "lost":
            unknowns.append(Unknown((), 8000, None, signed=False))
            continue
        read = truth + rng.randint(1, 3) if kind == "wrong" else truth
        others = sorted({truth, rng.randint(0, 9)} - {read}) if kind != "clear" else []
        choices = [Choice(read)]
        for value in others:
            cost = rng.randint(300, 7000)
            choices.append(Choice(value, cost, cost * 3 // 10, rng.choice([None, None, 0, 1])))
        unlisted = None if kind == "clear" else rng.randint(1500, 9000)
        unknowns.append(Unknown(tuple(choices), 8000, unlisted, signed=False))
    rows = [((3 * r + 2,), (3 * r, 3 * r + 1)) for r in range(3)]
    columns = [((6 + c,), (c, 3 + c)) for c in range(3)]
    return Problem(tuple(unknowns), (*rows, *columns))


def test_a_thousand_small_forms_cost_what_another_solver_finds() -> None:
    compared = 0
    for seed in range(1000):
        problem = _small(random.Random(seed))  # noqa: S311  no secrets
        search = Search(problem)
        try:
            world = search.best(BRANCHES)
        except OutOfReachError:
            continue
        assert world.cost == best_world(problem).cost, seed
        compared += 1
    assert compared >= 990


def _proved(problem: Problem, branches: int) -> int | None:
    """Return what a search with so few branches proves, None where it finds its world."""
    try:
        Search(problem).best(branches)
    except OutOfReachError as error:
        return error.bound
    return None


def test_a_limit_that_is_met_tells_what_was_proved() -> None:
    problems = [_small(random.Random(seed)) for seed in range(200)]  # noqa: S311  no secrets
    proved = [(_proved(p, 1), Search(p).best(BRANCHES).cost) for p in problems]
    stopped = [(bound, cost) for bound, cost in proved if bound is not None]
    assert len(stopped) > 20
    assert all(bound <= cost for bound, cost in stopped)


def test_margins_are_no_more_than_a_search_finds() -> None:
    told = 0
    for seed in range(300):
        problem = _small(random.Random(seed))  # noqa: S311  no secrets
        search = Search(problem)
        try:
            alike = search.explanations(TIE, BRANCHES, BRANCHES)
        except OutOfReachError:
            continue
        world = alike.worlds[0]
        figures = [i for i, u in enumerate(problem.unknowns) if len(u.choices) > 1]
        margins = margins_of(search, alike, figures, (), (), asked=False)
        for i, margin in margins.items():
            if not search.standing(i):
                continue
            rival = search.rival(world, i, MOST, BRANCHES)
            least = MOST if rival is None else rival.cost - world.cost
            assert margin.least <= least, (seed, i)
            told += least < TIE
            if margin.proved:
                assert (margin.least < TIE) == (least < TIE), (seed, i)
    assert told > 100


@pytest.mark.parametrize("seed", [1, 3])
def test_a_table_of_which_little_was_read_takes_no_longer_than_others(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - drawn figures
    read = {
        cell.address: clear(str(dice.choice((0, 0, 0, 1, 2, 5))))
        for cell in T3.figures
        if dice.random() < 0.1
    }
    cells = tuple(
        ReadCell(c.address, c.type, read.get(c.address), 1, None)
        for c in T3.figures
        if c.address and c.type
    )
    start = time.process_time()
    table, _ = settle(ReadTable("t3", "cn-foi/2021", (1,), cells), T3)
    assert time.process_time() - start < 2
    assert all(one.needs_review for one in table.cells if one.address not in read)


def test_margins_of_many_figures_are_no_more_than_a_search_finds() -> None:
    # where many figures wait for proof, the worlds nearly as cheap tell their margins together
    surer = told = 0
    for seed in range(250):
        problem = _tiled(random.Random(seed))  # noqa: S311  no secrets
        search = Search(problem)
        try:
            alike = search.explanations(TIE, BRANCHES, BRANCHES)
        except OutOfReachError:
            continue
        figures = [i for i, u in enumerate(problem.unknowns) if u.choices]
        wide = widened(search, alike, search.spent + BRANCHES)
        for i in figures:
            if not search.standing(i) or i in alike.worlds[0].blamed:
                continue
            found = found_beside(search, wide, i, Margin(0, proved=False), SURE, 10**9)
            rival = search.rival(alike.worlds[0], i, MOST, BRANCHES)
            least = MOST if rival is None else rival.cost - alike.worlds[0].cost
            assert found.least <= least, (seed, i)
            surer += found.proved and found.least >= SURE
            told += found.proved and found.least < SURE
            if found.proved:
                assert (found.least < SURE) == (least < SURE), (seed, i)
    assert surer > 200
    assert told > 100


def _tiled(rng: random.Random) -> Problem:
    """A small form of which most figures are doubtful, some misread and some lost."""
    values = [[rng.randint(0, 4), rng.randint(0, 4)] for _ in range(2)]
    table = [[*row, sum(row)] for row in values]
    table.append([sum(row[c] for row in table) for c in range(3)])
    unknowns = []
    for truth in (value for row in table for value in row):
        kind = rng.choice(["doubtful", "doubtful", "doubtful", "doubtful", "wrong", "lost"])
        if kind == "lost":
            unknowns.append(Unknown((), 8000, None, signed=False))
            continue
        read = truth + rng.randint(1, 3) if kind == "wrong" else truth
        others = sorted({truth, rng.randint(0, 9)} - {read})
        costs = [rng.randint(2000, 7000) for _ in others]
        choices = [
            Choice(value, cost, cost * 3 // 10, rng.choice([None, None, None, 0]))
            for value, cost in zip(others, costs, strict=True)
        ]
        unlisted = rng.randint(4000, 9000)
        unknowns.append(Unknown((Choice(read), *choices), 8000, unlisted, signed=False))
    rows = [((3 * r + 2,), (3 * r, 3 * r + 1)) for r in range(3)]
    columns = [((6 + c,), (c, 3 + c)) for c in range(3)]
    return Problem(tuple(unknowns), (*rows, *columns))


def test_a_search_gone_on_with_finds_what_a_new_one_does_at_the_same_count_of_work() -> None:
    gone_on = 0
    for seed in range(400):
        problem = _small(random.Random(seed))  # noqa: S311  no secrets
        for branches in (3, 10, 40, BRANCHES):
            found: list[tuple[tuple[World, ...], int, int]] = []
            for reach in (SURE, 0):
                search = Search(problem)
                try:
                    search.explanations(TIE, BRANCHES, BRANCHES, reach)
                    alike = search.widened(SURE, branches)
                except OutOfReachError as error:
                    found.append(((), error.bound, search.spent))
                else:
                    found.append((alike.worlds, alike.bound, search.spent))
            assert found[0] == found[1], (seed, branches)
            gone_on += len(found[0][0]) > 1
    assert gone_on > 200
