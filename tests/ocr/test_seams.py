"""A digit that lies on the side of a cell is in no cell: a blank there is no sure blank."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.seams import hides_a_glyph, lies_on_a_line, surely_inked

ROWS, LEFT, RIGHT = 32, 40, 80


def paper() -> np.ndarray:
    return np.full((ROWS, 120, 3), 240, np.uint8)


def with_digit(text: str, at: int) -> np.ndarray:
    image = paper()
    cv2.putText(image, text, (at, 24), cv2.FONT_HERSHEY_DUPLEX, 0.6, (30, 30, 30), 2, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("text", ["0", "5", "8"])
@pytest.mark.parametrize("sided", [False, True])
def test_a_digit_on_a_side_may_be_the_cells(text: str, *, sided: bool) -> None:
    assert hides_a_glyph(with_digit(text, RIGHT + 1), LEFT, RIGHT, sided=sided)


@pytest.mark.parametrize("sided", [False, True])
def test_a_digit_in_the_next_cell_is_not(*, sided: bool) -> None:
    assert not hides_a_glyph(with_digit("5", RIGHT + 16), LEFT, RIGHT, sided=sided)


def test_a_line_drawn_in_part_hides_nothing() -> None:
    image = paper()
    image[8:26, RIGHT : RIGHT + 3] = 30
    assert not hides_a_glyph(image, LEFT, RIGHT, sided=True)


def test_a_cell_with_ink_is_for_its_readers() -> None:
    assert not hides_a_glyph(with_digit("5", 55), LEFT, RIGHT, sided=False)


@pytest.mark.parametrize("text", ["0", "1", "-", "8"])
@pytest.mark.parametrize("ground", [250, 200, 150])
def test_what_is_surely_inked_hides_nothing(text: str, ground: int) -> None:
    """Most cells are told so by what their readers ask for anyway, not by a wider picture."""
    image = np.minimum(with_digit(text, 55), np.uint8(ground))
    assert surely_inked(image[:, LEFT:RIGHT])
    assert not hides_a_glyph(image, LEFT, RIGHT, sided=False)
    assert not surely_inked(np.minimum(paper(), np.uint8(ground))[:, LEFT:RIGHT])
    assert not surely_inked(image[:, LEFT : LEFT + 1])


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_digit_between_a_supposed_side_and_a_torn_line_beyond_is_the_cells(side: str) -> None:
    """The separator was put where no line is; the line itself ends the cell, behind the digit."""
    image = with_digit("1", RIGHT + 7)
    image[18:, RIGHT + 23 : RIGHT + 26] = 60
    ends = (LEFT, RIGHT)
    if side == "left":
        image, ends = np.ascontiguousarray(image[:, ::-1]), (120 - RIGHT, 120 - LEFT)
    assert hides_a_glyph(image, *ends, sided=False)
    assert not hides_a_glyph(image, *ends, sided=True)


@pytest.mark.parametrize("shape", [(0, 40, 3), (20, 0, 3)])
def test_a_cell_without_any_paper_may_hold_anything(shape: tuple[int, int, int]) -> None:
    """Lines that were fitted to words crossed, and the whole document failed for it."""
    nothing = np.zeros(shape, np.uint8)
    assert hides_a_glyph(nothing, 0, 0)
    assert lies_on_a_line(nothing, 0, 0, 20.0)
