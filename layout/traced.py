"""Straight segments along what is drawn on a clean page, traced where its lines are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DARK, FAINT = 48, 16
"""Darkness, in levels, from which a pixel of a clean page may be a line's, and below which none
is: its paper spreads by less than two, and print that needs no raising comes to 80."""

RUN = 1.1
"""Characters over which a line is dark without a gap: no stroke of a character is so long."""

BESIDE = 2
"""Pixels beside what is dark that belong to a line, whose rims are gray."""

PIECE = 12.0
"""Characters along a page that one segment spans at most: of a line that bends there are many."""

LEVEL, UPRIGHT = 2.5, 1.25
"""Characters that a segment must be long: along a row, and from row to row."""

THICK = 0.12
"""Distance, in characters, of a line's ink from the segment: its standard deviation at most. A
fill is thicker."""

ENOUGH = (2.0, 0.8)
"""Lengths of all level segments in breadths of the page, and of all upright ones in heights of
it, from which a page is known by them.

Of 40 pages (L1, L2 of ``develop``) the lines of 27 come to so much: a small table beside prose to
3 and 1.1, one that fills its page to 20 and 9.
"""


STRAIGHT, MOST = (0.0015, 0.003), 0.85
"""Slope by which so many segments, level and upright, miss at most what a flat page's have at
their height.

On 25 flat pages (L1, L2) level ones come to 0.0002 to 0.001, upright ones, which are shorter, to
0.0003 to 0.0025; on eight photographs that bend, to 0.002 to 0.018.
"""

ROUNDS, WIDE = 4, 0.004
"""Rounds in which that is fitted, and the slope by which a segment loses half its weight."""


def traced(ink: NDArray[np.uint8], em: float) -> NDArray[np.float64] | None:
    """Return segments (n, 4), rows of x1, y1, x2, y2, along lines; None where they are too few.

    ``ink`` (height, width) is that of a clean page, ``em`` the height of its characters in pixels.
    None at all are returned where nothing as long as a segment is darker than paper.
    """
    height, width = ink.shape
    turned = np.ascontiguousarray(ink.T)
    level = _along(ink, em, LEVEL)
    if not len(level) and not any(
        _drawn(one, FAINT, least * em).any() for one, least in ((ink, LEVEL), (turned, UPRIGHT))
    ):
        return level
    if _length(level) < ENOUGH[0] * width:
        return None
    plumb = _along(turned, em, UPRIGHT)
    if _length(plumb) < ENOUGH[1] * height:
        return None
    if _bend(level) > STRAIGHT[0] or _bend(plumb) > STRAIGHT[1]:
        return None
    return np.concatenate([level, plumb[:, [1, 0, 3, 2]]])


def _length(segments: NDArray[np.float64]) -> float:
    return float((segments[:, 2] - segments[:, 0]).sum())


def _bend(segments: NDArray[np.float64]) -> float:
    """Return how far slopes (n segments) are from one that changes evenly across their lines."""
    run = segments[:, 2] - segments[:, 0]
    slope, across = (segments[:, 3] - segments[:, 1]) / run, segments[:, [1, 3]].mean(axis=1)
    design = np.column_stack([np.ones_like(across), across - across.mean()])
    off = np.zeros_like(slope)
    for _ in range(ROUNDS):
        weight = np.sqrt(run / (1 + (off / WIDE) ** 2))[:, None]
        found = np.linalg.lstsq(design * weight, slope * weight[:, 0], rcond=None)[0]
        off = np.abs(slope - design @ found)
    order = np.argsort(off)
    total = np.cumsum(run[order])
    return float(off[order][np.searchsorted(total, MOST * total[-1])])


def _drawn(ink: NDArray[np.uint8], level: int, run: float) -> NDArray[np.uint8]:
    """Return 1 where ink is darker than a level over ``run`` pixels along x without a gap."""
    dark = cv2.threshold(ink, level, 1, cv2.THRESH_BINARY)[1]
    kernel = np.ones((1, max(3, round(run))), np.uint8)
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel), np.uint8)


def _along(ink: NDArray[np.uint8], em: float, least: float) -> NDArray[np.float64]:
    """Fit segments ``least`` characters long or more to lines along x, by least squares.

    Every pixel weighs what it is dark, so that a line's middle is known to a part of one.
    """
    drawn = cv2.dilate(_drawn(ink, DARK, RUN * em), np.ones((2 * BESIDE + 1, 1), np.uint8))
    places = cv2.findNonZero(drawn)
    if places is None:
        return np.empty((0, 4))
    lines, labels = cv2.connectedComponents(drawn, connectivity=8)
    xs, ys = places[:, 0, 0], places[:, 0, 1]
    long = max(1, round(PIECE * em))
    across = ink.shape[1] // long + 1
    piece = labels[ys, xs] * across + xs // long
    mass, x, y = (one.astype(np.float64) for one in (ink[ys, xs], xs, ys))
    total = np.bincount(piece, mass, lines * across)
    held = total > 0

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(piece, values, lines * across)[held] / total[held])

    mass_x, mass_y = mass * x, mass * y
    at_x, at_y = mean(mass_x), mean(mass_y)
    xx = np.maximum(mean(mass_x * x) - at_x**2, 1e-9)
    xy, yy = mean(mass_x * y) - at_x * at_y, mean(mass_y * y) - at_y**2
    slope = xy / xx
    off = np.sqrt(np.maximum(yy - slope * xy, 0))
    half = np.sqrt(3 * xx)  # of a run of w pixels the variance is w²/12
    kept = (2 * half >= least * em) & (off <= THICK * em)
    at_x, at_y, slope, half = at_x[kept], at_y[kept], slope[kept], half[kept]
    return np.column_stack([at_x - half, at_y - slope * half, at_x + half, at_y + slope * half])
