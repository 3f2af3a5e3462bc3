"""Ink much paler than a page's print is no figure, unless the page's figures fade."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.pale import contrast_of, without_dirt

PAPER = 235
SURE = Reading((Candidate("7", 0.01), Candidate("1", 5.0)))
GUESSED = Reading((Candidate("1", 1.2), Candidate("", 1.4), Candidate("7", 2.0)))


def cell(text: str, darkness: float) -> np.ndarray:
    """Draw a cell with text, black at darkness 1."""
    image = np.full((40, 70, 3), PAPER, np.uint8)
    grey = round(PAPER * (1 - darkness))
    cv2.putText(image, text, (24, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (grey,) * 3, 2, cv2.LINE_AA)
    return image


def page(*, dark: int, between: int, pale: int) -> tuple[list[np.ndarray], list[Reading]]:
    shades = [0.8] * dark + [0.33] * between
    crops = [cell("7", shade) for shade in shades] + [cell("/", 0.15)] * pale
    return crops, [SURE] * len(shades) + [GUESSED] * pale


def test_the_print_of_a_page_tells_how_dark_it_is() -> None:
    assert contrast_of([cell("7", 0.8)] * 3) == pytest.approx(0.8, abs=0.06)
    assert contrast_of([np.full((40, 70, 3), PAPER, np.uint8)]) == 0
    assert contrast_of([]) == 0


def test_pale_ink_is_dirt_where_all_print_is_dark() -> None:
    crops, readings = page(dark=10, between=0, pale=6)
    cleared = without_dirt(crops, readings, 0.8)
    assert list(cleared[:10]) == readings[:10]
    for reading in cleared[10:]:
        assert reading.best.text == ""
        assert 0.95 < reading.best.probability < 0.99  # the sums may say otherwise
        assert {one.text for one in reading.candidates} == {"", "1", "7"}
        assert sum(one.probability for one in reading.candidates) <= 1.001


def test_where_figures_fade_nothing_is_said_of_the_pale() -> None:
    crops, readings = page(dark=10, between=4, pale=6)
    assert list(without_dirt(crops, readings, 0.8)) == readings


def test_one_pale_figure_alone_is_left_to_its_readers() -> None:
    crops, readings = page(dark=10, between=0, pale=1)
    assert list(without_dirt(crops, readings, 0.8)) == readings


def test_without_labels_nothing_is_known_of_the_print() -> None:
    crops, readings = page(dark=10, between=0, pale=6)
    assert list(without_dirt(crops, readings, 0.0)) == readings
