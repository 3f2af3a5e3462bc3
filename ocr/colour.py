"""Colour that is only grain: cells in which it says nothing of ink are seen in grey.

Sensors and telephones add grain to each channel by itself. Readers who look for a seal's red ink
find it there: what they take for black ink alone is the noise of one channel, made stronger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART = 15
"""Levels of 255 by which green and red differ, beyond the paper's own tint, in coloured pixels."""

COLOURED = 0.1
"""Share of coloured pixels from which they hide what is printed.

Of 46 drawn terrible documents three have coloured grain, 0.24 to 0.38 of the pixels of their
cells; fringes of a lens and what JPEG leaves of colour come to 0.09 at most, and grey was no gain.
"""

BALANCED = 0.4
"""Coloured pixels of the rarer side, green or red, to those of the other, from which it is grain.

Ink has one colour. In the same documents nineteen in twenty cells under a seal come to 0.1 at
most, and all 560 with coloured grain to 0.65 and more.
"""


def in_grey(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a cell (H, W, 3) in grey where its colour is grain, else the very same cell.

    The mean of the channels loses nothing there, and has less grain than any one of them.
    """
    if not crop.size or not _is_grain(crop):
        return crop
    grey = np.rint(crop.astype(np.float32).mean(axis=2)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _is_grain(crop: NDArray[np.uint8]) -> bool:
    """Tell whether there is colour, and as much of it to the one side as to the other."""
    apart = crop[:, :, 1].astype(np.int16) - crop[:, :, 2]
    if int(np.ptp(apart)) <= APART:
        return False
    apart = apart - np.int16(np.median(apart))
    green, red = np.count_nonzero(apart > APART), np.count_nonzero(apart < -APART)
    if green + red < COLOURED * apart.size:
        return False
    return bool(min(green, red) >= BALANCED * max(green, red))
