"""Tables that stand beside one another are two, however near; a double rule makes no two."""

from __future__ import annotations

import pytest

from layout.lattice import lattices
from tests.layout.drawing import Grid, Merged, assert_at, draw, paper

HIGH = Grid((40, 160, 290, 420), tuple(range(80, 80 + 11 * 40, 40)))
"""Ten rows."""


def low(left: int, top: int = 80) -> Grid:
    """A table of a broad header, two lines of one, and a row of figures."""
    xs = tuple(range(left, left + 8 * 60, 60))
    return Grid(xs, (top, top + 34, top + 100, top + 134), (Merged(0, 1, 0, 7),))


@pytest.mark.parametrize("gap", [8, 14, 30])
@pytest.mark.parametrize("on_the_right", [False, True])
def test_two_tables_side_by_side_are_two(gap: int, *, on_the_right: bool) -> None:
    image = paper(1100)
    beside = low(HIGH.xs[-1] + gap)
    first, second = HIGH, beside
    if on_the_right:  # the low one first
        width = beside.xs[-1] - beside.xs[0] + gap
        first = low(40)
        second = Grid(tuple(x + width for x in HIGH.xs), HIGH.ys)
    draw(image, first)
    draw(image, second)
    found = sorted(lattices(image, 1), key=lambda one: one.xs[0])
    assert len(found) == 2
    for lattice, grid in zip(found, (first, second), strict=True):
        assert_at(lattice, grid, within=3)


def test_double_rules_part_no_table() -> None:
    image = paper()
    grid = Grid(HIGH.xs, HIGH.ys, (Merged(1, 4, 0, 1), Merged(5, 8, 0, 1), Merged(0, 1, 1, 3)))
    draw(image, grid, gap=6)
    (found,) = lattices(image, 1)
    assert_at(found, grid, within=4)
