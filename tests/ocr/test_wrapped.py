"""A figure too long for its column, wrapped, is read as one; figures of two rows are not."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.digits import read_figures


def cell(width: int, *lines: str) -> np.ndarray:
    """Draw lines of digits in the middle of a cell; a digit is some 18 pixels wide."""
    image = np.full((24 + 34 * len(lines), width, 3), 240, np.uint8)
    for number, text in enumerate(lines):
        (size, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 0.9, 1)
        at = ((width - size) // 2, 38 + 34 * number)
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_DUPLEX, 0.9, (30, 30, 30), 1, cv2.LINE_AA)
    return image


def test_a_wrapped_figure_is_read_as_one_that_its_sums_may_confirm() -> None:
    (reading,) = read_figures([cell(54, "28", "23")])
    assert reading.best.text == "2823"
    assert 0.9 < reading.best.probability < 0.98


def test_figures_above_one_another_in_a_wide_cell_are_not() -> None:
    (reading,) = read_figures([cell(120, "28", "23")])
    assert reading.best.probability <= 0.5


def test_lone_zeros_above_one_another_are_not() -> None:
    (reading,) = read_figures([cell(36, "0", "0")])
    assert reading.best.probability <= 0.5
