"""A lone stroke is known by its geometry: a short dash is no digit, and no digit is a dash."""

from __future__ import annotations

import cv2
import numpy as np

from models.digits.inputs import inks, relative
from ocr.ink import find_ink
from ocr.strokes import stroke_sight


def said(crop: np.ndarray) -> str | None:
    """Return what the geometry of a crop's ink says."""
    share = inks(crop)
    (line,) = find_ink(share).lines
    sight = stroke_sight(relative(share)[:, :, 1], line)
    return None if sight is None else sight.text


def test_a_hyphen_of_eight_pixels_by_three_is_a_dash() -> None:
    crop = np.full((41, 80, 3), 240, np.uint8)
    crop[20:23, 35:43] = 50
    assert said(cv2.GaussianBlur(crop, (0, 0), 0.6)) == "-"


def test_a_thick_bar_that_might_be_a_row_of_digits_is_not() -> None:
    crop = np.full((14, 40, 3), 240, np.uint8)
    crop[4:9, 15:25] = 50
    assert said(cv2.GaussianBlur(crop, (0, 0), 0.6)) is None


def test_a_blurred_figure_of_five_digits_is_no_dash() -> None:
    crop = np.full((60, 170, 3), 245, np.uint8)
    cv2.putText(crop, "28362", (12, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (40, 40, 40), 5)
    assert said(cv2.GaussianBlur(crop, (0, 0), 2.5)) is None


def test_a_zero_is_no_stroke() -> None:
    crop = np.full((41, 80, 3), 240, np.uint8)
    cv2.putText(crop, "0", (30, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (40, 40, 40), 1)
    assert said(crop) is None
