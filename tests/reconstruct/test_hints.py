"""What is said elsewhere breaks ties among explanations, and touches nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from document.message import Message
from document.report import Status
from reconstruct.cpsat import best_world
from reconstruct.hints import Hint, from_prose, from_years
from reconstruct.prose import statements
from reconstruct.repair import settle
from reconstruct.search import OutOfReachError, Search
from tests.reconstruct.readings import (
    SUQIAN_2023,
    T3,
    T4,
    by_address,
    clear,
    read_table,
    seen,
    t3_printed,
    t4_printed,
)
from tests.reconstruct.test_repair_properties import _again, tables
from tests.reconstruct.test_search import BRANCHES, _small

if TYPE_CHECKING:
    from reconstruct.worlds import Problem

FEW = settings(max_examples=20, deadline=None)
TOTALS = [address for address in SUQIAN_2023 if address[1] == "total"]


def hint(number: int, *figures: tuple[str, str], price: float = 2.0) -> Hint:
    return Hint(figures, number, price, Message(f"正文称 {number}", f"the text says {number}"))


def at_random(seed: int) -> tuple[Hint, ...]:
    rng = random.Random(seed)  # noqa: S311  no secrets
    return tuple(hint(rng.randint(0, 150), rng.choice(TOTALS)) for _ in range(3))


# 18 were finished or are left; either the 8 carried over is a 3, or the 15 new ones are 10
TORN = t3_printed(
    new="15 0 0 0 0 0 15", carry="8 0 0 0 0 0 8", granted="18 0 0 0 0 0 18", total="18 0 0 0 0 0 18"
)
DOUBTS = {
    **{("carry", c): seen(("8", 0.55), ("3", 0.44)) for c in ("person", "total")},
    **{("new", c): seen(("15", 0.75), ("10", 0.24)) for c in ("person", "total")},
}


def test_a_hint_breaks_a_tie() -> None:
    without, _ = settle(read_table(T3, TORN, DOUBTS), T3)
    assert by_address(without)["carry", "total"].status is Status.DISPUTED
    last_year = hint(3, ("carry", "total"), price=2.2)
    table, _ = settle(read_table(T3, TORN, DOUBTS), T3, hints=[last_year])
    cell = by_address(table)["carry", "total"]
    assert (cell.value, cell.status) == (3, Status.REPAIRED)
    assert cell.needs_review  # a tie that was broken is no proof
    assert "the text says 3" in cell.reason.en
    assert by_address(table)["new", "total"].value == 15
    other, _ = settle(read_table(T3, TORN, DOUBTS), T3, hints=[hint(8, ("carry", "total"))])
    assert by_address(other)["carry", "total"].value == 8


def test_what_one_source_says_many_times_counts_once() -> None:
    columns = [hint(3, ("carry", c), price=2.2) for c in ("person", "total")]
    once, _ = settle(read_table(T3, TORN, DOUBTS), T3, hints=columns[1:])
    twice, _ = settle(read_table(T3, TORN, DOUBTS), T3, hints=columns)
    for address in DOUBTS:
        first, second = by_address(once)[address], by_address(twice)[address]
        assert (first.value, first.status) == (second.value, second.status)
        assert abs(first.confidence - second.confidence) < 1e-4


def test_a_hint_changes_no_clear_figure() -> None:
    printed = SUQIAN_2023 | {("total", "person"): "3370"}
    table, findings = settle(read_table(T3, printed), T3, hints=[hint(97, ("carry", "total"))])
    plain, same = settle(read_table(T3, printed), T3)
    assert [c.value for c in table.cells] == [c.value for c in plain.cells]
    assert findings == same
    zero = t4_printed("10 1 0 0 0  0 0 0 0 0  0 0 0 0 0")
    table, _ = settle(read_table(T4, zero), T4, hints=[hint(11, ("review", "total"))])
    cell = by_address(table)["review", "total"]
    assert (cell.value, cell.status, cell.suggestion) == (0, Status.DISPUTED, 11)


@FEW
@given(tables(0.0, 0.0), st.integers(0, 2**32))
def test_a_table_that_adds_up_is_never_touched(given_table: tuple, seed: int) -> None:  # type: ignore[type-arg]
    template, read = given_table
    assert settle(read, template, hints=at_random(seed)) == settle(read, template)


@FEW
@given(tables(0.05, 0.5), st.integers(0, 2**32))
def test_clear_readings_stay_and_repairing_twice_is_repairing_once(
    given_table: tuple,  # type: ignore[type-arg]
    seed: int,
) -> None:
    template, read = given_table
    hints = at_random(seed)
    table, findings = settle(read, template, hints=hints)
    assert (table, findings) == settle(read, template, hints=hints[::-1])
    for cell, was in zip(table.cells, read.cells, strict=True):
        if was.reading is not None and was.reading == clear(was.reading.best.text):
            assert cell.status in {Status.READ, Status.DISPUTED}
    twice, _ = settle(_again(table), template, hints=hints)
    assert [c.value for c in twice.cells] == [c.value for c in table.cells]


def _hinted(seed: int) -> Problem:
    rng = random.Random(seed)  # noqa: S311  no secrets
    figures = [tuple(rng.sample(range(9), rng.choice([1, 1, 2]))) for _ in range(2)]
    return _small(rng).hinted(
        (f, rng.randint(0, 8), rng.choice([500, 2000, 4000])) for f in figures
    )


def test_a_thousand_small_forms_with_hints_cost_what_another_solver_finds() -> None:
    compared = 0
    for seed in range(1000):
        problem = _hinted(seed)
        try:
            world = Search(problem).best(BRANCHES)
        except OutOfReachError:
            continue
        assert world.cost == best_world(problem).cost, seed
        compared += 1
    assert compared >= 990


def test_what_prose_and_the_year_before_say() -> None:
    said = statements([(1, "全年收到申请31件，上年结转2件。行政复议3件。")])
    last, _ = settle(read_table(T3, SUQIAN_2023), T3)
    hints = from_prose(said, last)
    assert {(h.figures, h.number) for h in hints} == {
        ((("new", "total"),), 31),
        ((("carry", "total"),), 2),
    }
    twice = statements([(1, "全年收到申请31件。"), (2, "共收到申请36件。")])
    assert from_prose(twice, last) == ()
    hints = from_years(T3, {1: [last]})
    assert len(hints) == 7
    assert {(h.figures[0], h.number) for h in hints} >= {
        (("carry", "person"), 118),
        (("carry", "total"), 121),
    }
    open_cells = tuple(replace(c, needs_review=c.address == ("next", "person")) for c in last.cells)
    doubtful = from_years(T3, {1: [replace(last, cells=open_cells)]})
    assert ("carry", "person") not in {h.figures[0] for h in doubtful}
    assert from_years(T3, {2: [last]}) == ()
