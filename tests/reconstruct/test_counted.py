"""Columns are proved by counting the figures read in them, where their rows add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.counted import counted
from reconstruct.register import Place, Registration
from reconstruct.templates import builtin
from tests.reconstruct.readings import SUQIAN_2023, T3, clear

if TYPE_CHECKING:
    from collections.abc import Mapping

    from document.template import Address

COLUMNS = [key for key, _ in T3.column_names]
SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def proved(read: Mapping[Address, str]) -> frozenset[Address]:
    """Return the figures proved where ``read`` is read and all columns are in doubt."""
    places = tuple(Place(a, 0, SQUARE, reliable=False, countable=True) for a in read)
    found = Registration(builtin()[0], T3, 1.0, 1.0, (), places)
    return counted(found, {a: clear(text) for a, text in read.items()})


def moved(by: int, last: str) -> dict[Address, str]:
    """Return 表三 with its columns ``by`` places off, and ``last`` in what that leaves."""
    at = {key: number for number, key in enumerate(COLUMNS)}
    found = {}
    for row, column in SUQIAN_2023:
        number = at[column] + by
        there = 0 <= number < len(COLUMNS)
        found[row, column] = SUQIAN_2023[row, COLUMNS[number]] if there else last
    return found


def test_columns_full_of_figures_that_add_up_are_proved() -> None:
    assert proved(SUQIAN_2023) == SUQIAN_2023.keys()


def test_a_row_that_does_not_add_up_stays_in_doubt() -> None:
    read = SUQIAN_2023 | {("granted", "total"): "1919"}
    assert proved(read) == {a for a in SUQIAN_2023 if a[0] != "granted"}


def test_columns_one_too_far_are_not_proved() -> None:
    for last in ("", "0", "1"):
        assert proved(moved(1, last)) == frozenset()
        assert proved(moved(-1, last)) == frozenset()


def test_a_column_that_reads_blank_or_double_may_be_half_of_another() -> None:
    blank = {a: "" if a[1] == "research" else text for a, text in SUQIAN_2023.items()}
    assert proved(blank) == frozenset()
    double = {a: "00" if a[1] == "research" else text for a, text in SUQIAN_2023.items()}
    assert proved(double) == frozenset()


def test_a_table_of_nothing_proves_nothing() -> None:
    assert proved(dict.fromkeys(SUQIAN_2023, "0")) == frozenset()
