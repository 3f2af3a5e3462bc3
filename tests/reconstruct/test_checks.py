"""Equations evaluated over finished figures."""

from __future__ import annotations

from decimal import Decimal

from document.report import Check
from document.template import Equation
from reconstruct.checks import check

ROW = Equation("a: total = x + y", (("a", "total"),), (("a", "x"), ("a", "y")))
CARRIED = Equation(
    "x: new + carry = total + next",
    (("new", "x"), ("carry", "x")),
    (("total", "x"), ("next", "x")),
)


def test_found_is_what_the_page_states_and_expected_the_sum_of_its_parts() -> None:
    values = {("a", "total"): 9, ("a", "x"): 3, ("a", "y"): 4}
    assert check([ROW], values) == (Check(ROW.name, holds=False, expected=7, found=9),)


def test_sums_on_both_sides() -> None:
    values = {("new", "x"): 5, ("carry", "x"): 2, ("total", "x"): 6, ("next", "x"): 1}
    assert check([CARRIED], values) == (Check(CARRIED.name, holds=True, expected=7, found=7),)


def test_an_unreadable_figure_leaves_the_question_open() -> None:
    values = {("a", "total"): 9, ("a", "x"): 3, ("a", "y"): None}
    assert check([ROW], values) == (Check(ROW.name, holds=None, expected=None, found=9),)
    assert check([ROW], {("a", "x"): 3, ("a", "y"): 4})[0].holds is None


def test_amounts_are_added_exactly() -> None:
    tenths = [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]
    values = dict(zip([("a", "x"), ("a", "y"), ("a", "total")], tenths, strict=True))
    assert check([ROW], values)[0].holds is True
