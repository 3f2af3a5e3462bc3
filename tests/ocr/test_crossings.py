"""Figures printed onto the lines of their form are in no cell: blanks and rests are not sure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.crossings import crosses_a_line, goes_on_beyond, leans_on_a_side, near_a_side

EM, TOP, BOTTOM = 20.0, 24, 56


def between_lines(text: str, baseline: int, at: int = 80) -> np.ndarray:
    """Draw a cell between two lines, with a figure of fourteen pixels on some baseline."""
    image = np.full((80, 200, 3), 240, np.uint8)
    cv2.putText(image, text, (at, baseline), cv2.FONT_HERSHEY_DUPLEX, 0.65, (30,) * 3, 1)
    for row in (TOP, BOTTOM):
        image[row - 1 : row + 1] = 60
    return image


@pytest.mark.parametrize("text", ["138", "53", "7"])
@pytest.mark.parametrize("down", [4, 7, 10])
def test_a_figure_on_either_line_may_be_the_blank_cells(text: str, down: int) -> None:
    for line in (TOP, BOTTOM):
        assert crosses_a_line(between_lines(text, line + down), TOP, BOTTOM, EM)


def test_figures_in_cells_cross_no_line_even_where_they_touch_it() -> None:
    for baseline in (15, 22, 39, 47, 54, 74):
        assert not crosses_a_line(between_lines("138", baseline), TOP, BOTTOM, EM)
    assert not crosses_a_line(between_lines("", 40), TOP, BOTTOM, EM)


def test_lines_that_cross_at_the_cells_sides_are_no_glyphs() -> None:
    image = between_lines("", 40)
    image[:, 1:3] = image[:, -3:] = 60
    image[:, 100:102] = 60  # an upright line, from row to row
    assert not crosses_a_line(image, TOP, BOTTOM, EM)


@pytest.mark.parametrize(
    ("high", "shade", "expected"), [(6, 60, True), (6, 190, False), (1, 60, False)]
)
def test_folds_and_specks_on_a_line_are_no_glyphs(high: int, shade: int, *, expected: bool) -> None:
    """Blanks of a photographed form were doubted where a fold, or dirt, crossed their lines."""
    image = between_lines("", 40)
    image[TOP - 1 - high : TOP - 1, 100:103] = shade
    image[TOP + 1 : TOP + 1 + high, 100:103] = shade
    assert crosses_a_line(image, TOP, BOTTOM, EM) is expected


SIDE = 60


def beside_a_line(text: str, at: int, label: str = "") -> np.ndarray:
    """Draw a cell right of a line that is drawn over what is printed there."""
    image = np.full((32, 220, 3), 240, np.uint8)
    cv2.putText(image, text, (at, 24), cv2.FONT_HERSHEY_DUPLEX, 0.65, (30,) * 3, 1)
    cv2.putText(image, label, (4, 24), cv2.FONT_HERSHEY_DUPLEX, 0.5, (30,) * 3, 1)
    image[:, SIDE - 2 : SIDE] = 60
    return image


@pytest.mark.parametrize("text", ["23509", "85595", "40271"])
def test_a_digit_on_the_line_beside_a_figure_may_be_its_first(text: str) -> None:
    image = beside_a_line(text, SIDE - 8)
    assert near_a_side(image[:, SIDE:200])
    assert goes_on_beyond(image, SIDE, 200)


def test_figures_beside_lines_and_words_are_whole() -> None:
    for at, label in ((SIDE + 1, ""), (SIDE + 3, "1234"), (SIDE + 40, "12345")):
        assert not goes_on_beyond(beside_a_line("3509", at, label), SIDE, 200)
    assert not near_a_side(beside_a_line("3509", SIDE + 40)[:, SIDE:200])


def test_the_frayed_edge_of_a_line_is_no_digit() -> None:
    """A copy in black and white: 11 of 200 right figures beside such lines went to a person."""
    for seed in range(8):
        image = beside_a_line("3509", SIDE + 3)
        noise = np.random.default_rng(seed)
        for column in (SIDE - 3, SIDE):
            image[noise.random(len(image)) < 0.5, column] = 30
        assert not goes_on_beyond(image, SIDE, 200), seed


RIGHT = 140


def blank_between(text: str, at: int) -> np.ndarray:
    """Draw a blank cell between two lines, and a figure somewhere beside it."""
    image = np.full((32, 220, 3), 240, np.uint8)
    cv2.putText(image, text, (at, 24), cv2.FONT_HERSHEY_DUPLEX, 0.65, (30,) * 3, 1)
    image[:, SIDE - 2 : SIDE] = image[:, RIGHT : RIGHT + 2] = 60
    return image


@pytest.mark.parametrize(("text", "at"), [("1", 139), ("0", 140), ("7", 139), ("4", 46), ("3", 45)])
def test_a_short_figure_that_touches_a_blank_cells_side_from_beyond_may_be_its_own(
    text: str, at: int
) -> None:
    """Totals set beside their columns: three zeros behind the line were three sure blanks."""
    assert leans_on_a_side(blank_between(text, at), SIDE, RIGHT, EM)


@pytest.mark.parametrize(("text", "at"), [("", 0), ("1", 160), ("0", 148), ("23509", 141)])
def test_figures_that_fill_the_next_cell_or_stand_in_it_lean_on_nothing(text: str, at: int) -> None:
    assert not leans_on_a_side(blank_between(text, at), SIDE, RIGHT, EM)
