"""Colour that is only grain is taken out before a cell is read; a seal's is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocr.colour import in_grey
from ocr.digits import read_figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXTS = ("0", "12", "7", "35", "4", "28", "106", "93", "5", "61", "2", "80", "17", "9", "0", "46")


def cell(text: str, seed: int, spread: float, *, seal: bool = False) -> NDArray[np.uint8]:
    """Draw small print; grain of ``spread`` levels, another in each channel; a red seal's rim."""
    rng = np.random.default_rng(seed)
    large = np.full((84, 168, 3), 205, np.uint8)
    font = cv2.FONT_HERSHEY_DUPLEX
    (width, height), _ = cv2.getTextSize(text, font, 1.6, 3)
    place = ((168 - width) // 2, (84 + height) // 2)
    cv2.putText(large, text, place, font, 1.6, (80, 80, 80), 3, cv2.LINE_AA)
    if seal:
        cv2.ellipse(large, (84, 100), (90, 60), 0, 0, 360, (90, 90, 210), 16, cv2.LINE_AA)
    small = cv2.resize(large, (56, 28), interpolation=cv2.INTER_AREA)
    noise = rng.normal(0, spread, small.shape)
    return np.asarray(np.clip(small + noise, 0, 255), np.uint8)


def test_figures_under_coloured_grain_are_read_in_grey() -> None:
    crops = [cell(text, seed, 30) for seed, text in enumerate(TEXTS)]
    assert [one.best.text for one in read_figures(crops)] != list(TEXTS)
    grey = [in_grey(crop) for crop in crops]
    assert all(np.ptp(crop, axis=2).max() == 0 for crop in grey)
    read = read_figures(grey)
    assert [one.best.text for one in read] == list(TEXTS)
    assert all(one.best.probability > 0.99 for one in read)


def test_ink_of_one_colour_stays_what_it_is() -> None:
    for seed, text in enumerate(TEXTS):
        for spread in (0, 6):
            crop = cell(text, seed, spread, seal=True)
            assert in_grey(crop) is crop
    assert in_grey(plain := cell("7", 3, 0)) is plain
    assert in_grey(nothing := np.zeros((0, 4, 3), np.uint8)) is nothing
