"""Column boundaries of a form find their separators, even where lines are gone or too many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.columns import boundaries, map_columns
from tests.reconstruct.printed_forms import printed, table, without_column_line

if TYPE_CHECKING:
    from document.lattice import Lattice

T3 = table("2021", "t3")
SHOWN = [(row, row) for row in range(T3.rows)]
PAGE = printed(T3).fragments[0]
ALL = tuple(range(11))


def with_column_line(lattice: Lattice, x: float, at: int, drawn: float) -> Lattice:
    """Add a separator before separator ``at``, drawn over this share of every row."""
    nodes = tuple((*row[:at], (x, row[0][1]), *row[at:]) for row in lattice.nodes)
    across = tuple((*row[:at], row[at - 1], *row[at:]) for row in lattice.across)
    down = tuple((*row[:at], drawn, *row[at:]) for row in lattice.down)
    walls = (*lattice.column_walls, 0.0)
    return replace(lattice, nodes=nodes, across=across, down=down, column_walls=walls)


def test_every_boundary_is_its_own_separator() -> None:
    assert map_columns(PAGE.lattice, T3, SHOWN) == ALL


@pytest.mark.parametrize("erased", [1, 2])
def test_a_vanished_line_between_labels_moves_no_figure(erased: int) -> None:
    found = map_columns(without_column_line(PAGE, erased).lattice, T3, SHOWN)
    assert None in found
    assert found[3:] == tuple(range(2, 10))


@pytest.mark.parametrize("erased", [4, 6, 8, 9])
def test_a_vanished_line_leaves_the_frame_and_the_labels_where_they_are(erased: int) -> None:
    found = map_columns(without_column_line(PAGE, erased).lattice, T3, SHOWN)
    assert (found[0], found[1], found[-1]) == (0, 1, 9)
    known = [place for place in found if place is not None]
    assert known == sorted(set(known))


@pytest.mark.parametrize("at", [4, 6, 9])
def test_a_crease_through_the_page_is_no_boundary(at: int) -> None:
    xs = PAGE.lattice.xs
    lattice = with_column_line(PAGE.lattice, (xs[at - 1] + xs[at]) / 2, at, 0.25)
    assert map_columns(lattice, T3, SHOWN) == tuple(j + (j >= at) for j in range(11))


def test_lines_drawn_only_in_part_are_still_themselves() -> None:
    down = tuple(tuple(0.7 * share for share in row) for row in PAGE.lattice.down)
    assert map_columns(replace(PAGE.lattice, down=down), T3, SHOWN) == ALL


def test_the_lower_half_alone_knows_its_columns() -> None:
    lower = printed(T3, cuts=[15]).fragments[1]
    shown = [(row, row + 15) for row in range(13)]
    assert map_columns(lower.lattice, T3, shown) == ALL


def test_boundaries_are_those_of_the_cells_printed_on_a_line() -> None:
    assert boundaries(T3, 0) == {0, 3, 10}
    assert boundaries(T3, 3) == {0, 3, 4, 5, 6, 7, 8, 9, 10}
    assert boundaries(T3, 8) == set(range(11))


@pytest.mark.parametrize("erased", range(6, 10))
def test_of_separators_drawn_alike_the_wide_column_tells_which_is_lost(erased: int) -> None:
    form = table("2021", "t4")
    xs = tuple(100.0 + 75 * edge for edge in range(form.columns + 1))
    page = without_column_line(printed(form, xs=xs).fragments[0], erased)
    found = map_columns(page.lattice, form, [(row, row) for row in range(form.rows)])
    assert [edge for edge, at in enumerate(found) if at is None or at != int(at)] == [erased]
    assert found[erased] == erased - 0.5


def test_a_fold_through_figures_is_not_the_line_that_vanished_between_labels() -> None:
    """There are as many separators as boundaries then, all but one of them torn."""
    torn = without_column_line(PAGE, 1).lattice
    figures = range(4, T3.rows)
    down = tuple(
        tuple(
            share * (at in {0, 9} or (5 * row + 3 * at) % 10 > 3) for at, share in enumerate(all_)
        )
        if row in figures
        else all_
        for row, all_ in enumerate(torn.down)
    )
    folded = with_column_line(
        replace(torn, down=down), torn.xs[2] + 0.4 * (torn.xs[3] - torn.xs[2]), 3, 0.0
    )
    down = tuple(
        tuple(1.0 if at == 3 and row % 2 else share for at, share in enumerate(shares))
        for row, shares in enumerate(folded.down)
    )
    found = map_columns(replace(folded, down=down), T3, SHOWN)
    assert found == (0, None, 1, 2, *range(4, 11))
