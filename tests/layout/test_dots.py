"""Tables whose hairlines a print in black and white lost are known by the dots at crossings."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.page import View
from layout.sheet import survey
from tests.layout.drawing import Grid, assert_at, paper, write

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID = Grid((60, 300, 380, 460, 540, 620, 700, 780), tuple(range(100, 525, 34)))


def filled(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw the outer lines, a label a row, and a figure a cell."""
    first, last = (GRID.xs[0], GRID.ys[0]), (GRID.xs[-1], GRID.ys[-1])
    cv2.rectangle(image, first, last, (0, 0, 0), 2)
    for top in GRID.ys[:-1]:
        write(image, "王田中木日", GRID.xs[0] + 50, top + 7)
        for left, right in pairwise(GRID.xs[1:]):
            write(image, "日", (left + right) // 2 - 10, top + 7)
    return image


def test_dots_where_lost_hairlines_crossed_make_a_table() -> None:
    image = filled(paper(900, 700))
    for y in GRID.ys[1:-1]:
        for x in GRID.xs[1:-1]:
            image[y : y + 2, x : x + 2] = 0
    found = survey(View(image, np.eye(3)), 1).lattices
    assert len(found) == 1
    assert_at(found[0], GRID)


def test_no_line_is_drawn_through_a_heading_over_several_columns() -> None:
    """Its words stand where the lines of the columns below would go on."""
    image = filled(paper(900, 700))
    top, bottom = GRID.ys[0], GRID.ys[1]
    image[top + 3 : bottom, GRID.xs[2] + 3 : GRID.xs[6]] = 255
    write(image, "田中木日三十日王中田", GRID.xs[3] - 40, top + 7)
    for y in GRID.ys[1:-1]:
        for x in GRID.xs[1:-1]:
            image[y : y + 2, x : x + 2] = 0
    found = survey(View(image, np.eye(3)), 1).lattices
    assert_at(found[0], GRID)
    assert max(found[0].down[0][3:6]) == 0
    assert min(min(row) for row in found[0].down[1:]) > 0.9


def test_dirt_is_no_table() -> None:
    image = filled(paper(900, 700))
    dice = np.random.default_rng(5)
    for x, y in dice.integers((70, 110), (770, 500), (300, 2)).tolist():
        image[y : y + 2, x : x + 2] = 0
    found = survey(View(image, np.eye(3)), 1).lattices
    assert max((one.rows * one.columns for one in found), default=0) < 12
