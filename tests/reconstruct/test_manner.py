"""How a table prints its zeros tells what a doubtful one is, as far as its row and column agree."""

from __future__ import annotations

from reconstruct.repair import settle
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, read_table, seen

WHERE = ("n4", "research")
SPECKLED = seen(("0", 0.5), ("", 0.1228), ("/", 0.1228), ("6", 0.02))
"""A zero over which its readers disagree, on a page with specks."""

STROKE = seen(("/", 0.9426), ("0", 0.02), ("", 0.0038))


def test_a_doubtful_zero_among_zeros_throughout_goes_to_nobody() -> None:
    cell = by_address(settle(read_table(T3, SUQIAN_2023, {WHERE: SPECKLED}), T3)[0])[WHERE]
    assert (cell.value, cell.needs_review) == (0, False)


def test_it_goes_to_a_person_where_its_row_leaves_zeros_out() -> None:
    row = {a: "" for a, text in SUQIAN_2023.items() if a[0] == WHERE[0] and text == "0"}
    printed = SUQIAN_2023 | row
    cell = by_address(settle(read_table(T3, printed, {WHERE: SPECKLED}), T3)[0])[WHERE]
    assert cell.needs_review


def test_a_stroke_among_zeros_is_still_for_a_person() -> None:
    cell = by_address(settle(read_table(T3, SUQIAN_2023, {WHERE: STROKE}), T3)[0])[WHERE]
    assert cell.needs_review
