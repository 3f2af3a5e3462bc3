"""Where a line of a table is lost, its figures still tell that there are two rows or columns."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from document.page import View
from layout.sheet import survey
from tests.layout.drawing import Grid, Merged, assert_at, draw, paper, write

XS = (60, 330, 430, 530, 630, 730, 830)
YS = (60, 100, 140, 180, 220, 260, 300, 340)
GRID = Grid(XS, YS)


def table(grid: Grid = GRID) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = paper()
    draw(image, grid, em=0)
    for y in grid.ys[:-1]:
        write(image, "王田中木日目", 70, y + 10)
        for x in grid.xs[1:-1]:
            write(image, "日", x + 40, y + 10)
    return image


@pytest.mark.parametrize("lost", [[3], [3, 4], [2, 5]])
def test_rows_without_a_line_between_them_are_two(lost: list[int]) -> None:
    image = table()
    for row in lost:
        for left, right in pairwise(XS):
            image[YS[row] - 3 : YS[row] + 4, left + 3 : right - 2] = 255
    (found,) = survey(View(image, np.eye(3)), 1).lattices
    assert_at(found, GRID, within=4)
    assert all(max(found.across[row]) < 0.5 for row in lost)


@pytest.mark.parametrize("lost", [[2], [4], [2, 3]])
def test_columns_without_a_line_between_them_are_two(lost: list[int]) -> None:
    image = table()
    for column in lost:
        for top, bottom in pairwise(YS):
            image[top + 3 : bottom - 2, XS[column] - 3 : XS[column] + 4] = 255
    (found,) = survey(View(image, np.eye(3)), 1).lattices
    assert_at(found, GRID, within=25)


def test_rows_higher_than_their_figures_stay_whole() -> None:
    """Labels of several lines, a label of several rows, figures that go on below."""
    ys = (60, 100, 140, 210, 250, 320, 390)
    grid = Grid(XS, ys, (Merged(3, 5, 0, 1),))
    image = paper()
    draw(image, grid, em=0)
    for row, (top, bottom) in enumerate(pairwise(ys)):
        middle = (top + bottom) // 2
        for line in (-24, 4) if bottom - top > 50 else (-10,):
            write(image, "王田中木日目", 70, middle + line)
        for column, x in enumerate(XS[1:-1]):
            if bottom - top > 50 and row == 5 and column in (0, 4):
                write(image, "日中木", x + 15, middle - 24)
                write(image, "日", x + 15, middle + 4)
            else:
                write(image, "日", x + 40, middle - 10)
    (found,) = survey(View(image, np.eye(3)), 1).lattices
    assert_at(found, grid)


def test_a_header_of_several_lines_is_one_row() -> None:
    ys = (60, 140, 180, 220, 260)
    grid = Grid(XS, ys)
    image = table(grid)
    image[64:136, 64:826] = 255
    draw(image, grid, em=0)
    write(image, "王田中木日目", 70, 90)
    for x in XS[1:-1]:
        write(image, "日中", x + 30, 76)
        write(image, "木王", x + 30, 106)
    (found,) = survey(View(image, np.eye(3)), 1).lattices
    assert_at(found, grid)
