"""Pictures of screens in dark mode: light print on a dark ground, turned to dark on light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layout.shrink import shrunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKED_AT = 400
"""Pixels of the longer side of the picture that is looked at."""

STEP = 16
"""Pixels from one to the next of those that tell at once that a page is no dark screen."""

DARK = 95
"""Gray level that the ground of such a screen does not reach."""

EVEN, GROUND = 14, 0.2
"""Gray levels by which a ground departs from its own at most, and its share of the picture."""

APART, LIGHTER = 40, 10
"""How far print stands out from the ground, and how much more of it is lighter than darker."""

MOST = 0.45
"""Share of the picture that stands out at most: cells on another ground may, as heads do."""


def lit(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a page (height, width, 3) without desk, with dark print: itself, or its negative."""
    if np.median(image[::STEP, ::STEP]) >= DARK:
        return image
    height, width = image.shape[:2]
    scale = min(1.0, LOOKED_AT / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = shrunk(image, size).astype(np.float32).mean(axis=2)
    ground = _commonest(grey)
    if ground >= DARK or (np.abs(grey - ground) <= EVEN).mean() < GROUND:
        return image
    lighter, darker = (float((sign * (grey - ground) > APART).mean()) for sign in (1, -1))
    if not max(LIGHTER * darker, 1e-3) < lighter <= MOST:
        return image
    return np.asarray(255 - image, np.uint8)


def _commonest(grey: NDArray[np.float32]) -> float:
    """Return the gray level around which most of a picture's pixels lie: shaded rows have others.

    The middle of all levels may lie between theirs, where there is hardly anything.
    """
    counts = np.bincount(grey.ravel().astype(np.int64), minlength=256)
    return float(np.convolve(counts, np.ones(EVEN), "same").argmax())
