"""What is counted instead of sorted, and shrunk by halves, is what it would be otherwise."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout.counted import percentile_above
from layout.shrink import shrunk


@pytest.mark.parametrize("floor", [-1.0, 0.0, 7.5, 20.0, 254.0, 255.0])
@pytest.mark.parametrize("percent", [0, 50, 75, 90, 100])
@pytest.mark.parametrize("count", [1, 2, 11, 500])
def test_a_percentile_is_the_same_by_counting(floor: float, percent: float, count: int) -> None:
    levels = np.random.default_rng(count).integers(0, 256, (1, count)).astype(np.uint8)
    above = levels[levels > floor]
    expected = float(np.percentile(above, percent)) if above.size else None
    assert percentile_above(levels, floor, percent) == pytest.approx(expected)


@pytest.mark.parametrize("size", [(310, 437), (640, 905), (77, 120), (1241, 1755)])
def test_a_picture_shrunk_by_halves_is_the_picture_shrunk_at_once(size: tuple[int, int]) -> None:
    grain = np.random.default_rng(1).integers(0, 256, (1755, 1241), np.uint8)
    page = np.asarray(cv2.GaussianBlur(grain, (0, 0), 4), np.uint8)
    cv2.rectangle(page, (300, 400), (900, 1500), 0, 9)
    found = shrunk(page, size).astype(int)
    at_once = cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(int)
    assert found.shape == (size[1], size[0])
    assert np.abs(found - at_once).mean() < 2.0  # of 255; an odd last row is left out
