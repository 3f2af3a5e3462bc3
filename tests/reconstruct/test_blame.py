"""The likeliest single mistake of a table that somebody typed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from reconstruct.blame import failing, mistakes
from tests.reconstruct.readings import SUQIAN_2023, T3, T4, t4_printed

if TYPE_CHECKING:
    from document.report import Figure
    from document.template import Address

COLUMNS = [column for column, _ in T3.column_names]


def right() -> dict[Address, Figure | None]:
    return {address: int(text) for address, text in SUQIAN_2023.items()}


def t4(figures: str) -> dict[Address, Figure | None]:
    return {address: int(text) for address, text in t4_printed(figures).items()}


def test_a_table_that_adds_up_has_no_mistake() -> None:
    assert mistakes(T3, right()) == ()


@pytest.mark.parametrize(
    ("address", "typed", "slip"),
    [
        (("granted", "person"), 1157, "swapped-digits"),
        (("new", "person"), 3462, "digit"),
        (("u1", "person"), 103, "digit-lost"),
        (("n1", "business"), 388, "digit-extra"),
        (("d2", "person"), 0, "left-out"),
        (("partial", "person"), 77, "figure"),
    ],
)
def test_a_slip_in_one_figure_is_found_and_named(address: Address, typed: int, slip: str) -> None:
    values = right()
    meant, values[address] = values[address], typed
    ((best, *_),) = mistakes(T3, values)
    assert (best.slip, best.cells, best.printed, best.meant) == (
        slip,
        (address,),
        (typed,),
        (meant,),
    )
    assert len(best.explains) == len(failing(T3.equations, values))


def test_two_neighbouring_cells_exchanged() -> None:
    values = right()
    one, other = ("u1", "person"), ("u1", "business")
    values[one], values[other] = values[other], values[one]
    ((best, *_),) = mistakes(T3, values)
    assert best.slip == "swapped-cells"
    assert set(best.cells) == {one, other}


@pytest.mark.parametrize("gap", [1, 2, 3])
def test_a_row_one_cell_aside(gap: int) -> None:
    values = right()
    row = [("granted", column) for column in COLUMNS]
    printed = [values[address] for address in row]
    moved = [*printed[:gap], *printed[gap + 1 :], 0]
    values |= dict(zip(row, moved, strict=True))
    ((best, *_),) = mistakes(T3, values)
    assert best.slip == "shifted-row"
    after = values | dict(zip(best.cells, best.meant, strict=True))
    assert [after[address] for address in row] == printed


def test_where_one_sum_alone_speaks_alternatives_are_told() -> None:
    ((best, *others),) = mistakes(T4, t4("10 1 0 0 0 0 0 0 0 0 0 0 0 0 0"))
    assert (best.slip, best.cells, best.meant) == ("total-left-out", (("review", "total"),), (11,))
    assert not others
    (found,) = mistakes(T4, t4("3 1 0 0 44 0 0 0 0 0 0 0 0 0 0"))
    told = {(one.slip, one.cells[0][1], one.meant[0]) for one in found}
    assert {("digit-extra", "total", 4), ("digit-lost", "corrected", 41)} <= told


def test_mistakes_in_two_places_are_both_named() -> None:
    values = right()
    values["new", "person"], values["u1", "other"] = 3420, 9
    found = {one[0].cells[0]: one[0].meant for one in mistakes(T3, values)}
    assert found == {("new", "person"): (3402,), ("u1", "other"): (0,)}


def test_what_is_proposed_never_breaks_a_sum_that_holds() -> None:
    rng = random.Random(3)  # noqa: S311
    for _ in range(60):
        values = right()
        for address in rng.sample(sorted(values), rng.randint(1, 3)):
            values[address] = rng.choice([0, 1, 9, 57, 3001])
        before = failing(T3.equations, values)
        for best, *_ in mistakes(T3, values):
            values |= dict(zip(best.cells, best.meant, strict=True))
            after = failing(T3.equations, values)
            assert set(after) < set(before)
            before = after
