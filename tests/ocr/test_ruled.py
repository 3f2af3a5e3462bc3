"""A ruling line that runs through a crop is no dash."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.ruled import without_lines

ROWS, COLUMNS = 50, 90


def crop(*strokes: tuple[int, int, int, int]) -> np.ndarray:
    image = np.full((ROWS, COLUMNS, 3), 238, np.uint8)
    for left, y0, right, y1 in strokes:
        cv2.line(image, (left, y0), (right, y1), (40, 40, 40), 2, cv2.LINE_AA)
    return image


def read(text: str) -> Reading:
    return Reading((Candidate(text, 0.01),))


@pytest.mark.parametrize("text", ["—", "-"])
@pytest.mark.parametrize(
    "strokes",
    [((0, 30, 89, 30),), ((0, 29, 89, 31),), ((0, 22, 89, 22), (0, 28, 89, 28))],
)
def test_a_line_from_side_to_side_is_for_a_person(
    text: str, strokes: tuple[tuple[int, int, int, int], ...]
) -> None:
    assert not without_lines([crop(*strokes)], [read(text)], [False])[0].legible


@pytest.mark.parametrize("stroke", [(40, 25, 50, 25), (20, 25, 70, 25)])
def test_a_dash_with_paper_at_its_ends_stays(stroke: tuple[int, int, int, int]) -> None:
    reading = read("—")
    assert without_lines([crop(stroke)], [reading], [False])[0] is reading


def test_what_is_no_dash_is_not_asked_about() -> None:
    reading = read("0")
    assert without_lines([crop((0, 30, 89, 30))], [reading], [False])[0] is reading


def test_a_crop_of_nothing_is_no_line() -> None:
    reading = read("-")
    assert without_lines([np.full((2, 2, 3), 40, np.uint8)], [reading], [False])[0] is reading


def test_a_dash_as_wide_as_its_cell_stays_where_the_cells_lines_are_drawn() -> None:
    reading = read("—")
    assert without_lines([crop((0, 25, 89, 25))], [reading], [True])[0] is reading
