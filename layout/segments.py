"""Straight segments of a page, by which its skew and keystone are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.traced import LEVEL, UPRIGHT, traced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.tone import Tone

STRAIGHT = 0.003
"""Slope up to which a segment is as straight as a picture's side."""

ASKEW, BESIDE, SQUARE = 0.02, 0.08, 0.012
"""Slope of the rows from which a line beside the page is no line of it, where it stands within so
much of the picture's breadth from its side, and leans from that side no more than this."""

MARGIN = 24
"""Pixels of paper laid around a picture."""


def segments_of(made: Tone) -> NDArray[np.float64]:
    """Find straight segments; (n, 4) rows of x1, y1, x2, y2.

    Level ones are longer than two characters. Upright ones may be as short as a row of a table:
    no stroke is. Of a clean page only lines are traced where they are enough, at a fifth of the
    price; on any other every edge counts (LSD, von Gioi 2010).
    """
    lines = traced(made.ink, made.em) if made.treatment.clean else None
    if lines is not None:
        return lines[~_sides(lines, made)]
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
    found = detector.detect(255 - made.ink)[0]
    if found is None:
        return np.empty((0, 4))
    segments = found.reshape(-1, 4).astype(np.float64)
    segments = segments[~_sides(segments, made)]
    length = length_of(segments)
    upright = np.abs(slope_of(segments, 1)) < 0.3
    return np.asarray(
        segments[(length > LEVEL * made.em) | (upright & (length > UPRIGHT * made.em))]
    )


def _sides(segments: NDArray[np.float64], made: Tone) -> NDArray[np.bool_]:
    """Tell which segments are a picture's own sides, see ``framed``: where blotted paper ends.

    They are straight however askew the page is that the picture shows.
    """
    height, width = made.ink.shape
    near = MARGIN * made.scale
    across = np.abs(segments[:, [0, 2]] - width / 2).min(axis=1) > width / 2 - near - 2
    down = np.abs(segments[:, [1, 3]] - height / 2).min(axis=1) > height / 2 - near - 2
    plumb, level = (np.abs(slope_of(segments, axis)) < STRAIGHT for axis in (1, 0))
    return np.asarray((across & plumb) | (down & level))


def beside_page(segments: NDArray[np.float64], axis: int, breadth: int) -> NDArray[np.bool_]:
    """Tell which segments are where a sheet that lies askew ends, or the scanner's glass does.

    ``axis`` is the one they run along (0: x, 1: y), ``breadth`` the picture's across it. They are
    as straight as the picture. Taken for the page's they would shear it: its rows are then level,
    and its columns lean. What is printed there leans as the page does.
    """
    at = segments[:, [1 - axis, 3 - axis]]
    near = np.abs(at - breadth / 2).min(axis=1) > (0.5 - BESIDE) * breadth
    return np.asarray(near & (np.abs(slope_of(segments, axis)) < SQUARE))


def length_of(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how long each segment is, in pixels."""
    return np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])


def slope_of(segments: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Rise of each segment across its run along ``axis`` (0: x, 1: y); 9 where it stands."""
    run = segments[:, 2 + axis] - segments[:, axis]
    rise = segments[:, 3 - axis] - segments[:, 1 - axis]
    return np.where(np.abs(run) > 1, rise / np.where(np.abs(run) > 1, run, 1), 9.0)
