"""A lattice whose lines are torn, or too many, is drawn as the form has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.redraw import redrawn
from reconstruct.register import identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import printed, relabelled, table, without_column_line

if TYPE_CHECKING:
    from document.fragment import Fragment
    from document.lattice import Lattice

Edges = tuple[tuple[float, ...], ...]


def as_drawn(edges: Edges) -> list[list[bool]]:
    return [[share >= 0.3 for share in row] for row in edges]


def with_a_separator(lattice: Lattice, column: int) -> Lattice:
    """Add a separator in the middle of a column, drawn through two bands: a stroke."""
    at = column + 1
    nodes = tuple(
        (*row[:at], ((row[column][0] + row[at][0]) / 2, row[at][1]), *row[at:])
        for row in lattice.nodes
    )
    down = tuple((*row[:at], float(i in {4, 5}), *row[at:]) for i, row in enumerate(lattice.down))
    across = tuple((*row[:at], row[column], *row[at:]) for row in lattice.across)
    walls = (*lattice.column_walls[:at], 0.0, *lattice.column_walls[at:])
    return replace(lattice, nodes=nodes, across=across, down=down, column_walls=walls)


@pytest.mark.parametrize(("name", "kind"), [("2021", "t3"), ("2019", "t3"), ("2021", "t4")])
def test_torn_edges_come_back_and_those_of_no_cell_go(name: str, kind: str) -> None:
    form = table(name, kind)
    page = printed(form)
    (fragment,) = page.fragments
    whole = fragment.lattice
    torn = replace(
        whole,
        down=tuple(
            tuple(0.1 if (3 * i + j) % 4 == 0 else share for j, share in enumerate(row))
            for i, row in enumerate(whole.down)
        ),
        across=tuple(
            tuple(0.2 if share and (2 * i + j) % 5 == 0 else share for j, share in enumerate(row))
            for i, row in enumerate(whole.across)
        ),
    )
    (again,) = redrawn([replace(fragment, lattice=torn)], form)
    assert again is not None
    assert again.supposed
    assert again.nodes == whole.nodes
    assert as_drawn(again.down) == as_drawn(whole.down)
    assert as_drawn(again.across) == as_drawn(whole.across)


def test_a_separator_that_the_form_lacks_is_left_out() -> None:
    form = table("2021", "t3")
    (fragment,) = printed(form).fragments
    spoiled = with_a_separator(fragment.lattice, 5)
    (again,) = redrawn([replace(fragment, lattice=spoiled)], form)
    assert again is not None
    assert again.xs == fragment.lattice.xs


def test_where_a_separator_is_lost_nothing_is_drawn_in_its_place_without_reason() -> None:
    form = table("2021", "t2")
    (fragment,) = printed(form).fragments
    (again,) = redrawn([without_column_line(fragment, 1)], form)
    assert again is None


def test_headers_run_together_under_a_supposed_separator_prove_no_column() -> None:
    form = table("2021", "t3")
    page = printed(form, say=lambda cell: _two_in_one(cell.label) if cell.address is None else "")
    (fragment,) = page.fragments
    supposed = replace(fragment, lattice=replace(fragment.lattice, supposed=True))
    found = identify([supposed], builtin())
    assert found is not None
    doubted = {place.address[1] for place in found.places if not place.reliable}
    assert doubted == {"business"}


def _two_in_one(label: str) -> str:
    return "商业企业科研机构" if label == "商业企业" else label


@pytest.mark.parametrize("supposed", [True, False])
def test_a_separator_supposed_in_the_words_of_a_header_is_set_between_the_columns(
    *, supposed: bool
) -> None:
    """A fold was taken for the line between two columns that have none drawn."""
    form = table("2021", "t3")
    xs = (90.0, 120.0, 150.0, *(300.0 + 80 * number for number in range(8)))
    cut = (*xs[:6], xs[6] - 40, *xs[7:])
    says = {"科研机构": "科", "社会公益组织": "研机社会公构益组织"}
    (page,) = printed(form, say=relabelled(says), xs=cut).fragments
    page = replace(page, lattice=replace(page.lattice, supposed=supposed))
    (again,) = redrawn([page], form)
    assert again is not None
    assert again.xs == pytest.approx(xs if supposed else cut)


SIDES = [90.0, 110.0, 150.0, 300.0, 360.0, 430.0, 495.0, 545.0, 625.0, 675.0, 740.0]


@pytest.mark.parametrize("lost", [2, 5, 7])
def test_a_last_row_alone_on_a_page_has_the_columns_of_the_page_before(lost: int) -> None:
    """One row does not tell which of its separators is lost: seven figures of 168 stood there."""
    form = table("2021", "t3")
    above, _ = printed(form, cuts=(27,), xs=SIDES).fragments
    below = [0.95 * x - 20 for x in SIDES]
    torn = _row_alone(below, lost)
    (alone,) = redrawn([torn], form)
    (again,) = redrawn([torn], form, [above])
    assert alone is None
    assert again is not None
    assert [round(x) for x in again.xs] == [round(x) for x in (below[0], *below[3:])]


def test_another_table_as_wide_lends_a_row_no_columns() -> None:
    form = table("2021", "t3")
    other = [90.0, 110.0, 150.0, 200.0, 230.0, 290.0, 340.0, 440.0, 545.0, 640.0, 740.0]
    above, _ = printed(form, cuts=(27,), xs=other).fragments
    assert redrawn([_row_alone(SIDES, 5)], form, [above]) == (None,)


def _row_alone(xs: list[float], lost: int) -> Fragment:
    """Return the form's last row on a page of its own, without separators between labels.

    Of those of the figures number ``lost`` is not there either.
    """
    _, row = printed(table("2021", "t3"), cuts=(27,), xs=xs).fragments
    for column in (2, 1, lost):
        row = without_column_line(row, column)
    return row
