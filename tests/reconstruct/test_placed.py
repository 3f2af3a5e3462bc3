"""A figure in a doubtful place is taken where proved ones leave just what is read in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconstruct.placed import determined
from reconstruct.repair import settle
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, clear, read_table, t3_printed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from document.template import Address


def asked(
    printed: Mapping[Address, str],
    doubted: Collection[Address],
    read: Mapping[Address, str] | None = None,
    *,
    on_page: bool = True,
) -> set[Address]:
    """Return which of the ``doubted`` figures a person is asked about."""
    doubts = {address: clear(text) for address, text in (read or {}).items()}
    table = read_table(T3, printed, doubts)
    place = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)) if on_page else None
    cells = tuple(replace(c, reliable=c.address not in doubted, polygon=place) for c in table.cells)
    settled, _ = settle(replace(table, cells=cells), T3)
    return {a for a, cell in by_address(settled).items() if a in doubted and cell.needs_review}


def row(key: str) -> set[Address]:
    return {(key, column) for column, _ in T3.column_names}


def column(key: str) -> set[Address]:
    return {(name, key) for name, _ in T3.row_names}


def nonzero(addresses: Collection[Address]) -> set[Address]:
    return {a for a in addresses if SUQIAN_2023[a] != "0"}


def test_a_row_in_doubt_that_the_other_rows_leave_is_taken_but_for_its_zeros() -> None:
    # a zero is what most places hold: that it is read says nothing of the place
    assert asked(SUQIAN_2023, row("d2")) == row("d2") - nonzero(row("d2"))


def test_a_column_in_doubt_that_the_others_leave_is_taken_but_for_its_zeros() -> None:
    column = {(name, "business") for name, _ in T3.row_names}
    assert asked(SUQIAN_2023, column) == column - nonzero(column)


def test_single_zeros_in_doubt_that_the_others_leave_are_taken() -> None:
    assert asked(SUQIAN_2023, {("d2", "research"), ("o1", "legal")}) == set()


def test_rows_in_doubt_that_could_be_each_others_are_asked_about() -> None:
    both = row("d2") | row("d3")
    assert {("d2", "person"), ("d2", "total"), ("d3", "person")} <= asked(SUQIAN_2023, both)


def test_columns_in_doubt_that_could_be_each_others_are_asked_about() -> None:
    both = column("business") | column("legal")
    assert {("new", "business"), ("new", "legal")} <= asked(SUQIAN_2023, both)


def test_a_figure_that_is_another_ones_is_asked_about() -> None:
    address = ("d2", "person")
    assert asked(SUQIAN_2023, {address}, {address: "6"}) == {address}


def test_a_blank_among_zeros_may_be_a_figure_that_was_missed() -> None:
    address = ("d2", "research")
    assert asked(SUQIAN_2023, {address}, {address: ""}) == {address}
    blank = {a: "" if text == "0" else text for a, text in SUQIAN_2023.items()}
    assert asked(blank, {address}) == set()


def test_where_a_text_has_nothing_nothing_was_seen() -> None:
    address = ("d2", "research")
    blank = {a: "" if text == "0" else text for a, text in SUQIAN_2023.items()}
    assert asked(blank, {address}, on_page=False) == {address}


def test_parts_of_nothing_are_nothing() -> None:
    figures = [(c.address, c.type) for c in T3.figures if c.address and c.type]
    printed = t3_printed(granted="0 0 0 0 0 0 0")
    known = {a: int(text) for a, text in printed.items() if a[0] == "granted"}
    del known["granted", "legal"], known["granted", "other"]
    assert determined(known, figures, T3.equations) == {
        ("granted", "legal"): 0,
        ("granted", "other"): 0,
    }


def test_figures_that_contradict_one_another_leave_nothing() -> None:
    figures = [(c.address, c.type) for c in T3.figures if c.address and c.type]
    known = {("granted", "person"): 5, ("granted", "total"): 3}
    assert determined(known, figures, T3.equations) == {}
