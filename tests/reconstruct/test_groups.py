"""Columns headed alike are told by the words of their group, wherever that stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.register import identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import form, printed, relabelled, table

if TYPE_CHECKING:
    from document.template import TableTemplate

T4 = table("2021", "t4")
GROUPS = ("review", "suit_direct", "suit_after_review")


def only(number: int) -> TableTemplate:
    """Return 表四 as a page prints it with one of its three groups alone."""
    first, last = 5 * number, 5 * number + 5
    cells = []
    for cell in T4.cells:
        left, right = max(cell.column, first), min(cell.column + cell.column_span, last)
        if left < right:
            cells.append(replace(cell, column=left - first, column_span=right - left))
    return replace(T4, columns=5, cells=tuple(cells), equations=())


@pytest.mark.parametrize("number", range(3))
def test_a_group_alone_never_passes_for_another(number: int) -> None:
    """未经复议直接起诉 alone gave its figures to 行政复议, three of them for sure."""
    xs = (54.0, 290.0, 526.0, 763.0, 999.0, 1127.0)
    found = identify(printed(only(number), xs=xs).fragments, builtin())
    sure = [] if found is None else [place.address for place in found.places if place.reliable]
    assert {address[0] for address in sure} <= {GROUPS[number]}


def test_groups_in_another_order_are_in_doubt() -> None:
    other = {"未经复议直接起诉": "复议后起诉", "复议后起诉": "未经复议直接起诉"}
    found = identify(printed(T4, say=relabelled(other)).fragments, builtin())
    assert found is not None
    assert {p.address[0] for p in found.places if p.reliable} <= {"review"}


def test_groups_as_printed_are_sure() -> None:
    for name in ("2019", "2021"):
        one = next(each for each in form(name).tables if each.id == "t4")
        found = identify(printed(one).fragments, builtin())
        assert found is not None
        assert all(place.reliable for place in found.places)
