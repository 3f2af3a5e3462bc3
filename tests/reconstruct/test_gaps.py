"""Columns whose separator is torn are known by the headers on both of its sides, or doubted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.register import Registration, identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import as_printed, printed, table

if TYPE_CHECKING:
    from document.fragment import Fragment
    from document.template import TemplateCell


def torn(fragment: Fragment, column: int, first: int) -> Fragment:
    """Erase a column's line from row ``first`` on, though it is known where it runs."""
    lattice = fragment.lattice
    down = tuple(
        (*row[:column], 0.0, *row[column + 1 :]) if number >= first else row
        for number, row in enumerate(lattice.down)
    )
    return replace(fragment, lattice=replace(lattice, down=down))


def sparse(cell: TemplateCell) -> str:
    """Print a form without figures in two columns, so that ink alone proves no columns."""
    column = cell.address[1] if cell.address else ""
    return "" if column in {"nonprofit", "other"} else as_printed(cell)


UNEVEN = (90.0, 120.0, 150.0, *(300.0 + 60 * number for number in range(7)), 780.0)
"""Separators of 表三, its last column twice as wide: all alike they would prove one another."""


def known(fragment: Fragment) -> Registration:
    found = identify([fragment], builtin())
    assert found is not None
    return found


@pytest.mark.parametrize(("kind", "column", "header"), [("t4", 7, 3), ("t4", 2, 3), ("t3", 6, 4)])
def test_a_torn_line_between_headers_that_are_read_leaves_nothing_in_doubt(
    kind: str, column: int, header: int
) -> None:
    page = printed(table("2021", kind), say=sparse)
    found = known(torn(page.fragments[0], column, header))
    assert len(found.places) == len(page.boxes)
    assert all(place.reliable for place in found.places)


def test_where_a_header_beside_it_is_not_read_its_columns_are_in_doubt() -> None:
    def say(cell: TemplateCell) -> str:
        return "口口" if cell.label == "科研机构" else sparse(cell)

    page = printed(table("2021", "t3"), say=say, xs=UNEVEN)
    found = known(torn(page.fragments[0], 5, 12))
    doubted = {place.address[1] for place in found.places if not place.reliable}
    assert {"business", "research"} <= doubted
    assert "total" not in doubted


def test_a_torn_line_beside_the_labels_may_be_one_of_theirs() -> None:
    page = printed(table("2021", "t3"), say=sparse)
    found = known(torn(page.fragments[0], 3, 12))
    doubted = {place.address[1] for place in found.places if not place.reliable}
    assert doubted <= {"person"}


@pytest.mark.parametrize(("shift", "proved"), [(0.0, True), (70.0, False)])
def test_columns_torn_on_a_further_page_stand_where_they_did_before(
    shift: float, *, proved: bool
) -> None:
    form = table("2021", "t3")
    page = printed(form, cuts=[form.rows - 2], say=sparse)
    first, last = page.fragments
    last = torn(torn(last, 8, 0), 5, 1)
    nodes = tuple(
        tuple((x + shift * (number == 6), y) for number, (x, y) in enumerate(row))
        for row in last.lattice.nodes
    )
    last = replace(last, lattice=replace(last.lattice, nodes=nodes))
    found = identify([first, last], builtin())
    assert found is not None
    there = [place.reliable for place in found.places if place.fragment == 1]
    assert len(there) == 14
    assert all(there) == proved


@pytest.mark.parametrize("above", [True, False])
def test_a_header_read_on_the_page_before_tells_what_dirt_hides_below_it(*, above: bool) -> None:
    """The header is printed again on the next page, where 其他 is read with dirt."""
    form = table("2021", "t3")

    def dirty(cell: TemplateCell) -> str:
        return "口J5其他>j2eハ" if cell.label == "其他" else sparse(cell)

    first = printed(form, cuts=[5], say=sparse, xs=UNEVEN).fragments[0]
    again = torn(printed(form, say=dirty, xs=UNEVEN).fragments[0], 8, 5)
    parts = [first, again] if above else [again]
    found = identify(parts, builtin())
    assert found is not None
    doubted = {
        place.address[1]
        for place in found.places
        if not place.reliable and place.fragment == len(parts) - 1
    }
    assert ("other" in doubted) is not above
