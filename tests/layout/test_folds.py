"""Folds of the sheet run through a table and beyond it: they are no columns and no rows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import pytest

from layout.lattice import lattices
from tests.layout.drawing import Grid, assert_at, break_lines, draw, paper, prose

if TYPE_CHECKING:
    from tests.layout.drawing import Image

XS = (60, 260, 380, 500, 620, 740, 900)
YS = (300, 340, 380, 420, 460, 500, 540, 600)
PLAIN = Grid(XS, YS)


def folded(image: Image, ends: tuple[int, int, int, int], width: int = 2) -> None:
    """Draw a fold from (x, y) to (x, y): a dark side and, beside it, a light and a dark one."""
    x0, y0, x1, y1 = ends
    cv2.line(image, (x0, y0), (x1, y1), (120, 120, 120), width)
    beside = (14, 0) if abs(x1 - x0) < abs(y1 - y0) else (0, 14)
    cv2.line(
        image,
        (x0 + beside[0], y0 + beside[1]),
        (x1 + beside[0], y1 + beside[1]),
        (150, 150, 150),
        width,
    )


def page() -> Image:
    image = paper()
    prose(image, 20, 2)
    draw(image, PLAIN)
    return image


@pytest.mark.parametrize("lean", [0, 12, -20])
def test_a_fold_along_the_columns_is_no_column(lean: int) -> None:
    image = page()
    height = image.shape[0]
    folded(image, (412, 0, 412 + lean, height))
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_a_fold_along_the_rows_is_no_row() -> None:
    image = page()
    folded(image, (0, 438, image.shape[1], 442))
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_a_fold_along_the_rows_of_long_labels_is_no_row() -> None:
    grid = Grid((60, 420, 500, 580, 660, 740, 820, 900), tuple(range(200, 760, 40)))
    image = paper()
    draw(image, grid)
    folded(image, (0, 460, image.shape[1], 464))
    (found,) = lattices(image, 1)
    assert_at(found, grid)


@pytest.mark.parametrize("right", [False, True])
def test_a_fold_that_ends_at_the_edge_of_the_paper_is_no_row(*, right: bool) -> None:
    image = page()
    folded(image, (0, 438, image.shape[1], 442))
    edge = 972 if right else 12
    cv2.line(image, (edge, 320), (edge, 900), (90, 90, 90), 2)
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_a_fold_that_fades_within_the_table_is_no_column() -> None:
    image = page()
    folded(image, (440, 0, 444, image.shape[0]))
    image[330:420] = page()[330:420]
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_columns_of_a_table_without_a_frame_stay() -> None:
    open_ended = paper()
    prose(open_ended, 20, 2)
    for x in XS[1:-1]:
        cv2.line(open_ended, (x, 240), (x, 660), (0, 0, 0), 2)
    for y in YS:
        cv2.line(open_ended, (XS[0], y), (XS[-1], y), (0, 0, 0), 2)
    (found,) = lattices(open_ended, 1)
    at = [round(node[0]) for node in found.nodes[3]]
    assert all(min(abs(x - here) for here in at) <= 3 for x in XS[1:-1])


def test_broken_lines_stay() -> None:
    image = page()
    break_lines(image, PLAIN, 0.05, 40)
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_low_rows_beside_a_wide_column_of_labels_are_no_folds() -> None:
    image = paper()
    grid = Grid((60, 340, 420, 500, 580, 660, 740, 820, 900), tuple(range(200, 732, 28)))
    draw(image, grid)
    (found,) = lattices(image, 1)
    assert_at(found, grid)


def test_a_frame_that_runs_on_to_the_foot_of_the_page_is_no_fold() -> None:
    image = page()
    for x in (XS[0], XS[-1]):
        cv2.line(image, (x, YS[-1]), (x, image.shape[0] - 40), (0, 0, 0), 2)
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_a_fold_beside_a_frame_that_runs_on_is_no_column() -> None:
    image = page()
    for x in (XS[0], XS[-1]):
        cv2.line(image, (x, YS[-1]), (x, image.shape[0] - 40), (0, 0, 0), 2)
    folded(image, (412, 0, 412, image.shape[0]))
    (found,) = lattices(image, 1)
    assert_at(found, PLAIN)


def test_a_fold_that_is_not_seen_in_two_tables_hangs_them_together_no_more() -> None:
    image = paper()
    draw(image, Grid(XS, (300, 340, 380, 420)))
    draw(image, Grid(XS, (500, 540, 580, 620)))
    tables = image[:640].copy()
    cv2.line(image, (462, 0), (462, image.shape[0]), (90, 90, 90), 2)
    for top, bottom in ((290, 430), (490, 640)):
        image[top:bottom] = tables[top:bottom]
    assert [(one.rows, one.columns) for one in lattices(image, 1)] == [(3, len(XS) - 1)] * 2


def test_a_high_row_hangs_together_so_that_columns_of_two_tables_are_no_folds() -> None:
    image = paper(1000, 1300)
    prose(image, 20, 2)
    upper = Grid(tuple(range(60, 901, 84)), (100, 140, 180, 220, 700, 740, 780, 820))
    lower = Grid(tuple(range(60, 901, 56)), (880, 920, 960, 1000))
    draw(image, upper)
    draw(image, lower)
    first, second = lattices(image, 1)
    assert_at(first, upper)
    assert_at(second, lower)
