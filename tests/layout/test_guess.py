"""A second look finds tables whose lines are torn or gone, and sees none in prose."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.page import View
from layout.lattice import spans
from layout.sheet import has_rows, survey, survey_again, traces
from tests.layout.drawing import Grid, break_lines, draw, paper, prose, write

if TYPE_CHECKING:
    from document.lattice import Lattice
    from layout.sheet import Sheet
    from tests.layout.drawing import Image

XS = (60, 300, 400, 500, 600, 700, 800, 900)
YS = tuple(range(100, 500, 40))
GRID = Grid(XS, YS)


def again(image: Image, *, lines_left: bool = True) -> tuple[Sheet, ...]:
    first = survey(View(image, np.eye(3)), 1)
    if not lines_left and not has_rows(first):
        return ()
    return survey_again(first, 1, traces(first))


def without_lines(image: Image, grid: Grid) -> None:
    for y in grid.ys:
        image[y - 3 : y + 4, grid.xs[0] - 4 : grid.xs[-1] + 5] = 255
    for x in grid.xs:
        image[grid.ys[0] - 4 : grid.ys[-1] + 5, x - 3 : x + 4] = 255


def has_grid(found: Lattice, grid: Grid, within: float) -> bool:
    return (
        (found.rows, found.columns) == (len(grid.ys) - 1, len(grid.xs) - 1)
        and np.abs(np.subtract(found.xs, grid.xs))[1:-1].max() <= within
        and np.abs(np.subtract(found.ys, grid.ys))[1:-1].max() <= within
    )


@pytest.mark.parametrize(("share", "period"), [(0.1, 20), (0.3, 7), (0.3, 20), (0.2, 60)])
def test_a_table_of_torn_lines_is_found_at_a_second_look(share: float, period: int) -> None:
    image = paper()
    draw(image, GRID)
    break_lines(image, GRID, share, period)
    looks = [one for sheet in again(image) for one in sheet.lattices]
    assert any(has_grid(found, GRID, 3) for found in looks)


@pytest.mark.parametrize("tilt", [0, 6, -8])
def test_a_table_without_any_line_is_found_by_its_columns(tilt: int) -> None:
    image = paper()
    draw(image, GRID)
    without_lines(image, GRID)
    prose(image, 560, 6)
    shear = np.array([[1, 0, 0], [tilt / 1000, 1, -tilt / 2]], np.float32)
    image = np.asarray(cv2.warpAffine(image, shear, (1000, 900), borderValue=(255,) * 3), np.uint8)
    sheet = again(image, lines_left=False)[-1]
    (found,) = sheet.lattices
    assert has_grid(found, GRID, 45)
    for cell in spans(found):
        assert cell.bottom - cell.top == 1


def test_labels_of_two_lines_are_one_row() -> None:
    image = paper()
    for row in range(6):
        y = 100 + 70 * row
        write(image, "王田中木日", 70, y)
        write(image, "三十目", 70, y + 24)
        for column in range(5):
            write(image, "日", 330 + 110 * column, y + 12)
    (found,) = again(image, lines_left=False)[-1].lattices
    assert (found.rows, found.columns) == (6, 6)


def test_rows_of_dashes_are_rows_of_figures() -> None:
    """Where nothing happened, reports print dashes: ruled across only, such rows still count."""
    image = paper()
    ys = tuple(range(90, 90 + 9 * 44, 44))
    for y in ys:
        cv2.line(image, (60, y), (900, y), (0, 0, 0), 2)
    for top in ys[:-1]:
        write(image, "王田中木日", 70, top + 12)
        for column in range(6):
            x = 340 + 100 * column
            if column == 5:
                write(image, "日", x, top + 12)
            else:
                cv2.line(image, (x + 5, top + 23), (x + 12, top + 23), (20, 20, 20), 2)
    (found,) = again(image)[-1].lattices
    assert (found.rows, found.columns) == (8, 7)


def test_words_of_a_long_label_are_no_row_of_figures() -> None:
    image = paper()
    for row in range(7):
        y = 100 + 60 * row
        long = row == 3
        for number in range(2 if long else 1):
            for word in range(6 if long else 4):
                write(image, "王木", 70 + 54 * word, y - 14 * long + 28 * number)
        for column in range(6):
            write(image, "日", 430 + 80 * column, y)
    (found,) = again(image, lines_left=False)[-1].lattices
    assert found.rows == 7


def test_labels_of_several_rows_hide_no_row() -> None:
    """Words that stand across two rows, left of their labels, join nothing."""
    image = paper()
    for row in range(8):
        y = 100 + 34 * row
        write(image, "王田中木日", 200, y)
        for column in range(5):
            write(image, "日", 400 + 100 * column, y)
    for y in (117, 151, 253):
        write(image, "木中", 70, y)
    (found,) = again(image, lines_left=False)[-1].lattices
    assert found.rows == 8
    assert np.abs(np.subtract(found.ys[1:-1], [127 + 34 * row for row in range(7)])).max() <= 5


def test_level_lines_alone_separate_rows_where_they_are_drawn() -> None:
    """No line stands between the lines of one label, nor through the label of several rows."""
    image = paper()
    ys = (90, 130, 170, 234, 274, 338, 378)
    for y in ys:
        cv2.line(image, (60, y), (900, y), (0, 0, 0), 2)
    for top, bottom in pairwise(ys):
        for number in range(1 + (bottom - top > 50)):
            write(image, "王田中木日", 180, top + 10 + 24 * number)
        for column in range(5):
            write(image, "日", 400 + 100 * column, (top + bottom) // 2 - 10)
    for y in (118, 142, 160, 184):
        write(image, "木中", 70, y)
    found = again(image)[-1].lattices[0]
    assert np.abs(np.subtract(found.ys[1:-1], ys[1:-1])).max() <= 2


def test_only_rows_that_can_be_told_apart_are_certain() -> None:
    """A label without figures, between two with, may be a row or the rest of one."""
    image = paper()
    for row in range(7):
        write(image, "王田中木日", 70, 100 + 40 * row)
        for column in range(5 if row != 3 else 0):
            write(image, "日", 330 + 110 * column, 100 + 40 * row)
    (found,) = again(image, lines_left=False)[-1].lattices
    assert found.rows == 7
    assert max(max(row) for row in found.across[1:-1]) < 0.5


def test_merged_headers_are_not_cut_where_text_runs_across() -> None:
    image = paper()
    write(image, "王田中木日目", 540, 110)
    for row in range(1, len(YS) - 1):
        for column in range(7):
            write(image, "日", XS[column] + 40, YS[row] + 10)
    (found,) = again(image, lines_left=False)[-1].lattices
    assert found.columns == 7
    assert found.down[0][4] == 0.0


def test_prose_has_no_columns() -> None:
    image = paper()
    prose(image, 40, 24)
    assert again(image, lines_left=False) == ()
    noise = np.random.default_rng(5).integers(0, 256, (600, 500, 3)).astype(np.uint8)
    assert not any(sheet.lattices for sheet in again(noise, lines_left=False))
