"""Ink is grouped into lines of text: halves of a broken figure are one, rows are two."""

from __future__ import annotations

import cv2
import numpy as np

from models.digits.inputs import inks
from ocr.ink import find_ink


def test_halves_of_a_figure_whose_thin_strokes_broke_are_one_line() -> None:
    crop = np.full((44, 62, 3), 255, np.uint8)
    crop[15:18, 28:35] = 0  # the bar of a 5
    crop[15:22, 28:30] = 0  # the stroke down from it, which ends in the air
    crop[20:23, 32:36] = 0  # the bowl
    crop[20:30, 34:36] = 0
    crop[28:31, 27:35] = 0
    (line,) = find_ink(inks(crop)).lines
    assert (line.left, line.top, line.right, line.bottom) == (27, 15, 36, 31)


def test_figures_above_one_another_are_two_lines() -> None:
    crop = np.full((60, 62, 3), 255, np.uint8)
    for baseline in (24, 48):
        cv2.putText(crop, "37", (14, baseline), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 2)
    assert len(find_ink(inks(crop)).lines) == 2


def test_digits_that_run_together_before_others_are_no_stroke() -> None:
    crop = np.full((46, 300, 3), 235, np.uint8)
    for n, digit in enumerate("330685"):
        cv2.putText(crop, digit, (60 + 11 * n, 30), cv2.FONT_HERSHEY_COMPLEX, 0.6, (110,) * 3, 1)
    cv2.putText(crop, ".63", (132, 30), cv2.FONT_HERSHEY_COMPLEX, 0.6, (110,) * 3, 1)
    (line,) = find_ink(inks(cv2.GaussianBlur(crop, (0, 0), 1.0))).lines
    assert line.left < 66


def test_dirt_is_no_figure_and_hides_no_dash() -> None:
    blank = np.full((48, 102, 3), 250, np.uint8)
    cv2.circle(blank, (98, 8), 3, (70, 70, 70), -1)
    assert find_ink(inks(blank)).lines == ()
    blank[27:30, 80:89] = 60  # a dash
    (line,) = find_ink(inks(blank)).lines
    assert (line.top, line.bottom) == (27, 30)


def test_the_halo_of_ruling_lines_round_a_corner_is_no_ink() -> None:
    blank = np.full((77, 120, 3), 250, np.uint8)
    blank[40:, :1] = 215
    blank[-2:, :15] = 215
    ink = find_ink(inks(blank))
    assert ink.lines == ()
    assert ink.bare


def test_a_small_zero_is_no_dirt() -> None:
    crop = np.full((39, 40, 3), 252, np.uint8)
    cv2.ellipse(crop, (20, 19), (2, 3), 0, 0, 360, (90, 90, 90), 1)
    crop[18:21, 20] = 190  # at so few pixels its middle is not quite white
    (line,) = find_ink(inks(crop)).lines
    assert line.height >= 6


def test_a_dash_in_a_wide_cell_is_as_dark_as_it_is() -> None:
    narrow = np.full((28, 40, 3), 245, np.uint8)
    wide = np.full((28, 700, 3), 245, np.uint8)
    for crop in (narrow, wide):
        crop[13:15, 15:22] = 40
    assert abs(find_ink(inks(wide)).contrast - find_ink(inks(narrow)).contrast) < 0.05


def test_a_digit_alone_in_a_tall_cell_is_found_however_large_the_cell() -> None:
    rng = np.random.default_rng(4)
    for rows in (60, 140, 260, 520):
        crop = np.full((rows, 78, 3), 225, np.float32)
        digit = crop[:30].copy()
        cv2.ellipse(digit, (39, 14), (3, 5), 0, 0, 360, (70, 70, 70), 1)
        crop[:30] = cv2.GaussianBlur(digit, (0, 0), 0.6)
        coarse = rng.normal(0, 5, (rows // 40 + 2, 4))
        shade = cv2.resize(coarse, (78, rows), interpolation=cv2.INTER_CUBIC)
        crop += shade[..., None] + rng.normal(0, 2, crop.shape)
        (line,) = find_ink(inks(crop.clip(0, 255).astype(np.uint8))).lines
        assert 5 < line.top < line.bottom < 24
