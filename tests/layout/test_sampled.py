"""What spares a dear look is never wrong where it says that nothing is to be found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout.ink import spread_of
from layout.sampled import bands_of, may_hold, surely_dark


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 0.9995, 1.0])
def test_what_fills_a_rectangle_is_never_missed(share: float) -> None:
    rng = np.random.default_rng(round(1000 * share))
    spared = 0
    for _ in range(150):
        height, width = rng.integers(20, 140, 2)
        ink = (rng.random((height, width)) < share).astype(np.uint8) * 9
        sides = rng.choice([9, 13, 60, 75], 2).tolist()
        opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones([s | 1 for s in sides], np.uint8))
        found = may_hold(ink, (sides[0], sides[1]))
        assert found or not opened.any()
        spared += not found
    assert spared or share > 0.99


def test_bars_are_no_print() -> None:
    page = np.zeros((900, 700), np.uint8)
    page[100:800:12, 100:600] = 40  # pale print
    assert not surely_dark(page, 8.0, 80.0, (9, 75))
    page[:30] = page[:, :30] = 255  # a black rim
    assert not surely_dark(page, 8.0, 80.0, (9, 75))
    page[103:800:7, 100:600:2] = 200  # and print that is not pale
    assert surely_dark(page, 8.0, 80.0, (9, 75))


@pytest.mark.parametrize("grain", [0.8, 3.0, 8.0])
def test_bands_of_a_page_tell_how_calm_its_paper_is(grain: float) -> None:
    rough = np.random.default_rng(3).normal(20, grain, (1800, 900))
    ink = np.clip(rough, 0, 255).astype(np.uint8)
    assert bands_of(ink).size < 0.4 * ink.size
    assert spread_of(ink) == pytest.approx(spread_of(bands_of(ink)), rel=0.1)
    assert (spread_of(ink) < 2) == (grain < 2)
