"""Columns of figures that lean: without upright lines a page may be level and not plumb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from layout.pieces import Line
from layout.rulings import Rulings

if TYPE_CHECKING:
    from collections.abc import Sequence

LEANS = tuple(step / 200 for step in range(-8, 9))
"""Leans of columns that are tried: rightward for each pixel downward."""

LEANING = 1.25
"""How much better figures must crowd than upright for their columns to lean."""


def straight(block: Sequence[Line], lean: float, middle: float) -> Sequence[Line]:
    """Return the lines as they would stand if the columns did not lean."""
    if not lean:
        return block
    shifts = [lean * (line.center - middle) for line in block]
    return [
        Line(tuple(Box(p.left - dx, p.top, p.right - dx, p.bottom) for p in line.pieces), line.full)
        for line, dx in zip(block, shifts, strict=True)
    ]


def plumb_of(torn: Rulings, lean: float, middle: float) -> Rulings:
    """Return upright lines as they would stand if the columns did not lean."""
    if not lean:
        return torn
    height, width = torn.plumb.shape
    moved = cv2.warpAffine(
        torn.plumb.astype(np.uint8),
        np.array([[1, -lean, lean * middle], [0, 1, 0]], np.float32),
        (width, height),
        flags=cv2.INTER_NEAREST,
    )
    return Rulings(torn.level, moved > 0, torn.em)


def lean_of(block: Sequence[Line], middle: float, em: float) -> float:
    """Return how far the columns of figures go to the right, in pixels for each pixel downward.

    Rightly straightened, the figures' middles crowd at few places. Without upright lines a page
    may have been made level and yet lean.
    """
    at = np.array([(*p.center, n.center) for n in block if n.full for p in n.figures])
    left = float(at[:, 0].min()) - 2 * em
    counts = {}
    for lean in LEANS:
        shifted = at[:, 0] - lean * (at[:, 2] - middle)
        bins = np.bincount(np.maximum(0, (shifted - left) / (0.5 * em)).astype(int))
        counts[lean] = float((bins.astype(np.float64) ** 2).sum())
    best = max(LEANS, key=lambda lean: counts[lean])
    return best if counts[best] > LEANING * counts[0.0] else 0.0
