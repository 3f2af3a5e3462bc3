"""Paints over what lies around a page: the lid of a scanner, the black rim of a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.page import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKED_AT = 640
"""Pixels of the longer side of the picture in which rims are sought."""

BLACK = 0.28
"""Share of the paper's brightness up to which what reaches the picture's side is no paper."""

LONG = 0.05
"""Share of the side along which it must reach: ruling lines that end there are thinner."""

DEEP = 5
"""Pixels of the small picture that it must reach inward: the frame of a table is thinner."""

NEARBY = 12.0
"""Standard deviation, in pixels of the small picture, of the paper that is laid over a rim."""


def cleared(view: View) -> View:
    """Return the view with paper in place of what is black from its sides inward.

    Rims pass for lines, and their grain for print. The view itself where there is none.
    """
    height, width = view.image.shape[:2]
    scale = min(1.0, LOOKED_AT / max(height, width))
    if min(height, width) * scale < 40:
        return view
    size = (round(width * scale), round(height * scale))
    gray = cv2.cvtColor(view.image, cv2.COLOR_BGR2GRAY)
    mask = _rims(np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8))
    if not mask.any():
        return view
    small = np.asarray(cv2.resize(view.image, size, interpolation=cv2.INTER_AREA), np.uint8)
    # The blurred edge of a rim is dark too.
    mask = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    paper = cv2.resize(_paper(small, mask), (width, height), interpolation=cv2.INTER_LINEAR)
    whole = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    image = cv2.copyTo(paper, whole, view.image.copy())
    return View(np.asarray(image, np.uint8), view.to_page)


def _rims(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return 1 where a picture (h, w) is black all the way to one of its sides, else 0."""
    gray = np.asarray(cv2.medianBlur(gray, 3), np.uint8)
    dark = (gray < BLACK * np.percentile(gray, 80)).astype(np.uint8)
    black = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = np.zeros_like(black)
    for turns in range(4):
        if not np.rot90(black, turns)[0].any():
            continue
        inward = np.minimum.accumulate(np.rot90(black, turns), axis=0)
        long = np.ones((1, max(3, round(LONG * inward.shape[1]))), np.uint8)
        own = np.rot90(dark, turns)
        # The frame of a table close to the side has white before it, which is not deep.
        deep = (own[0] > 0) | ((inward & own).sum(axis=0) >= DEEP)
        inward = inward * (deep & (inward.sum(axis=0) >= DEEP)).astype(np.uint8)
        wide = cv2.morphologyEx(np.ascontiguousarray(inward), cv2.MORPH_OPEN, long)
        mask |= np.ascontiguousarray(np.rot90(wide, -turns))
    return np.asarray(mask, np.uint8)


def _paper(small: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the colour of the paper nearby at every pixel, and of the usual paper elsewhere."""
    free = (mask == 0).astype(np.float32)
    usual = np.median(small[mask == 0].reshape(-1, 3), axis=0) if free.any() else np.full(3, 255)
    weight = cv2.GaussianBlur(free, (0, 0), NEARBY) + 1e-3
    near = cv2.GaussianBlur(small * free[:, :, None], (0, 0), NEARBY) + 1e-3 * usual
    return np.asarray(near / weight[:, :, None], np.uint8)
