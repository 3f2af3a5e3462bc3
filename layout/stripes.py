"""Edges of shaded rows and cells: where the ground of a page steps from one shade to another.

Web pages part the rows of a table by their shades and draw no line at all. Such an edge is as
straight and as long as a line, and lies where a line would lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.rulings import Rulings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from document.geometry import Box
    from layout.tone import Tone

ABOVE_PRINT = 85
"""Percentile of brightness, across an em, that is ground however dense the print on it."""

BESIDE_STROKES = 70
"""Percentile of those, along half an em, that no stroke which runs along an edge can lower."""

STEP = 2.5
"""Least difference between two shades, in levels of 256: #F9F9F9 on white has six."""

OVER_GRAIN = 4.0
"""Least difference, in usual differences between neighbouring places of the same ground."""

SUDDEN = 2.5
"""How much more the ground must change at an edge than half an em beside it: shadows fade."""

FLAT = 0.9
"""Share of the largest difference near by from which a place may be the edge: grain sways it."""

SWAY = 0.15
"""Distance, in em, of places one above the other that are one edge all the same."""

THIN = 1.5
"""Places one above the other, in the mean, up to which they are an edge and no speckle."""

LONG = 3.0
"""Length, in em, of the shortest edge."""


def striped(image: NDArray[np.uint8], made: Tone, pieces: Iterable[Box]) -> Rulings:
    """Return the edges between shades of ground, as lines of one pixel or two.

    ``image`` is (height, width, 3), ``made`` its tone, in whose pixels the masks are, and the
    boxes of the ``pieces`` of text, through which no edge runs.
    """
    free = np.ones(made.ink.shape, bool)
    for box in pieces:
        free[
            int(box.top + 0.1 * made.em) : int(box.bottom - 0.1 * made.em) + 1,
            int(box.left) : int(box.right) + 1,
        ] = False
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    gray = np.asarray(cv2.resize(gray, free.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    level = _edges(gray, free, made.em)
    plumb = _edges(np.ascontiguousarray(gray.T), free.T, made.em).T
    return Rulings(level, np.ascontiguousarray(plumb), made.em)


def _edges(gray: NDArray[np.uint8], free: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Return the edges that run along x of a picture (height, width)."""
    height, width = gray.shape
    block, reach = max(4, round(em)), max(3, round(em / 2))
    blocks = width // block
    if blocks < LONG or height < 6 * reach:
        return np.zeros(gray.shape, bool)
    cut = np.sort(gray[:, : blocks * block].reshape(height, blocks, block), axis=2)
    ground = cut[:, :, min(block - 1, block * ABOVE_PRINT // 100)]
    runs = np.lib.stride_tricks.sliding_window_view(ground, reach, axis=0)
    own = np.sort(runs, axis=2)[:, :, min(reach - 1, reach * BESIDE_STROKES // 100)]
    # ``own[y]`` is the ground of the rows y … y + reach - 1. An edge at y has one row to blur in.
    shade = own.astype(np.float32)
    at = np.arange(2 * reach, height - 2 * reach - 1)
    above, below = shade[at - reach], shade[at + 1]
    step = cv2.blur(below - above, (3, 1))
    before, after = above - shade[at - 2 * reach], shade[at + 1 + reach] - below
    calm = np.maximum(np.abs(before), np.abs(after))
    grain = 1.4826 * float(np.median(np.abs(np.diff(shade[::reach], axis=0))))
    size = np.abs(step)
    sharp = (size >= max(STEP, OVER_GRAIN * grain)) & (size >= SUDDEN * calm)
    highest = cv2.dilate(size, np.ones((2 * (reach // 2) + 1, 1), np.uint8))
    peak = sharp & (size >= FLAT * highest)
    mask = np.zeros((height, blocks), np.uint8)
    mask[at] = _middles(peak)
    whole = np.zeros((height, width), np.uint8)
    whole[:, : blocks * block] = np.repeat(mask, block, axis=1)
    return _long(whole & free, em)


def _middles(peak: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep of each run along y its middle: as far as strokes are overlooked, edges are flat."""
    begin, end = np.zeros_like(peak.T), np.zeros_like(peak.T)
    along = np.pad(peak.T, ((0, 0), (1, 1)))
    begin[:] = along[:, 1:-1] & ~along[:, :-2]
    end[:] = along[:, 1:-1] & ~along[:, 2:]
    lines, first = np.nonzero(begin)
    middles = np.zeros_like(peak)
    middles[(first + np.nonzero(end)[1]) // 2, lines] = True
    return middles


def _long(whole: NDArray[np.uint8], em: float) -> NDArray[np.bool_]:
    """Keep what runs on for ``LONG`` em, from one column of blocks to the next."""
    sway = max(1, round(SWAY * em))
    joined = cv2.dilate(whole, np.ones((2 * sway + 1, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    keep = stats[:, cv2.CC_STAT_WIDTH] >= LONG * em
    seen = np.bincount(labels[whole > 0], minlength=count)
    keep &= seen <= THIN * stats[:, cv2.CC_STAT_WIDTH]
    keep[0] = False
    return np.asarray(keep[labels] & (whole > 0)) if count > 1 else whole > 0
