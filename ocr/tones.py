"""How dark a crop's paper, its ink, and what stands beside it are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from models.quantiles import median_of, quantile, quantile_pair

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.geometry import Box

DARK = 90
"""Percentile of the darkness in the box of a line that is ink, not paper."""


def beside_line(calm: NDArray[np.float32], line: Box) -> float:
    """Return how dark the likeliest place of an unseen glyph beside ``line`` is, relative to it.

    A glyph darkens the line's own rows only; a ruling line also those above and below.
    """
    top, bottom = max(0, int(line.top)), min(calm.shape[0], round(line.bottom))
    height = max(1, bottom - top)
    rows = calm[top:bottom].mean(axis=0)
    around = [part.mean(axis=0) for part in (calm[:top], calm[bottom:]) if len(part) >= 2]
    beyond = np.zeros_like(rows)
    for mean in around:
        beyond = np.maximum(beyond, mean)
    excess = np.maximum(rows - beyond, 0.0)
    left, right = max(0, int(line.left)), min(calm.shape[1], round(line.right))
    within = float(excess[left:right].mean()) if right > left else 0.0
    if within <= 0:
        return 0.0
    wide = max(2, round(0.4 * height))
    smooth = np.convolve(excess, np.full(wide, 1 / wide), mode="same")
    gap = round(0.15 * height) + wide // 2
    before, after = smooth[: max(0, left - gap)], smooth[right + gap :]
    darkest = max(float(before.max(initial=0.0)), float(after.max(initial=0.0)))
    return min(darkest / within, 1.5)


def darkness_of(calm: NDArray[np.float32], line: Box) -> float:
    """Return how dark the ink of a line is, which may be too little to tell in its cell."""
    rows = slice(max(0, int(line.top)), math.ceil(line.bottom))
    columns = slice(max(0, int(line.left)), math.ceil(line.right))
    return quantile(calm[rows, columns], DARK)


def paper_spread(black: NDArray[np.float32]) -> float:
    """Estimate the paper's own spread (H, W): of neighbouring pixels, and of it as a whole.

    The latter from the palest two fifths, which are paper even where a crop is full of ink:
    between the 10th and 40th percentile of a normal distribution lies one standard deviation.
    """
    steps = median_of(np.abs(black[:, 1:] - black[:, :-1])) / 0.954
    low, high = quantile_pair(black, 10, 40)
    return max(min(steps, 0.15), high - low)
