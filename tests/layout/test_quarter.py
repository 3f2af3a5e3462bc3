"""Turned pictures are numpy's, to the last pixel."""

from __future__ import annotations

import numpy as np
import pytest

from layout.quarter import rotated


@pytest.mark.parametrize("shape", [(7, 4), (4, 7, 3), (1, 5, 3)])
@pytest.mark.parametrize("turns", [-1, 0, 1, 2, 3, 5])
def test_a_picture_is_turned_clockwise(shape: tuple[int, ...], turns: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert np.array_equal(rotated(picture, turns), np.rot90(picture, -turns))
    assert rotated(picture, turns).flags.c_contiguous
