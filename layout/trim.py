"""A page without the bare paper around its print: nothing need be sought there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.segments import MARGIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.page import View
    from layout.tone import Tone

INKED = 30
"""Darkness from which something may be print; see ``layout.textlines.dark_pixels``."""

FEWEST = 3
"""Pixels of ink in a row or a column of pixels from which it is not bare: specks have less."""

AROUND = 2.5
"""Paper that is left around print, in heights of a character."""

STEPS = 16
"""Pixels of the tone among which the best place for a cut is sought."""

WORTH = 0.9
"""Share of a page up to which what is left of it is worth a cut."""


def trimmed(view: View, made: Tone) -> tuple[View, Tone]:
    """Return a clean page without the bare paper around its print, and the tone of what is left.

    ``made`` is the tone of ``view``. Other pages stay whole: what is bare there is hard to tell.
    """
    if not made.treatment.clean:
        return view, made
    dark = (made.ink > INKED).view(np.uint8)
    spare = max(AROUND * made.em, (2 * MARGIN) * made.scale)
    top, bottom = _inked(dark, 1, spare)
    left, right = _inked(dark, 0, spare)
    height, width = made.ink.shape
    if (bottom - top) * (right - left) > WORTH * height * width:
        return view, made
    left, top = (_shared(side, made.scale) for side in (left, top))
    x, y = round(left / made.scale), round(top / made.scale)
    end, low = round(right / made.scale), round(bottom / made.scale)
    ink = np.ascontiguousarray(made.ink[top:bottom, left:right])
    return view.part(view.image[y:low, x:end], x, y), replace(made, ink=ink)


def _shared(side: int, scale: float) -> int:
    """Return a pixel of the tone, at most ``STEPS`` before ``side``, where one of the view begins.

    That is where both begin at the same place, as nearly as can be.
    """
    near = range(side, max(-1, side - STEPS), -1)
    return min(near, key=lambda one: abs(one / scale - round(one / scale)))


def _inked(dark: NDArray[np.uint8], axis: int, spare: float) -> tuple[int, int]:
    """Return where print begins and ends along an axis, with ``spare`` pixels around it."""
    size = dark.shape[1 - axis]
    counts = cv2.reduce(dark, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    found = np.flatnonzero(counts >= FEWEST)
    if not len(found):
        return 0, size
    return max(0, int(found[0] - spare)), min(size, int(found[-1] + 1 + spare))
