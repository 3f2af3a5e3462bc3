"""What is left of upright lines, told from strokes of figures that stand above one another.

A column of zeros is two columns of strokes as long as a line: no search along it can tell. A
zero has its other side beside it, and both keep clear of the lines above and below its row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.rulings import Rulings

WIDE = (0.28, 2.5)
"""Width, in em, of characters, alone or hanging together; of lines it is less."""

HIGH = (0.4, 1.3)
"""Height, in em, of characters."""

LEVEL = 0.1
"""Share of the ink of a character, at most, that may be taken for a level line."""

SPECK = 0.3
"""Length, in em, up to which ink is dirt."""

CLEAR = 0.2
"""Share of an em above and below a figure that is clear of its row's level lines, at least."""

FIGURE = 1.0
"""Height, in em, up to which a stroke may be one of a figure."""

BESIDE, PALER = (0.3, 0.55), 0.65
"""Distance from a line, in em, at which it is paler on one side or the other, and how much."""


def characters(torn: Rulings, dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what of ``dark`` (height, width) are characters: compact, and wider than lines.

    What level lines run through is none: so look crossings of which little is left.
    """
    em = torn.em
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    width, height = stats[:, cv2.CC_STAT_WIDTH] / em, stats[:, cv2.CC_STAT_HEIGHT] / em
    found = (width > WIDE[0]) & (width < WIDE[1]) & (height > HIGH[0]) & (height < HIGH[1])
    level = np.bincount(labels[torn.level], minlength=count)
    found &= level <= LEVEL * stats[:, cv2.CC_STAT_AREA]
    found[0] = False
    return np.asarray(found[labels])


def without_specks(letters: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Return ``letters`` (height, width) without what is smaller than any part of a figure."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(letters.astype(np.uint8))
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = long >= SPECK * em
    kept[0] = False
    return np.asarray(kept[labels])


def inside(strip: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell over which columns of a row's ``strip`` (height, width) characters are inside it.

    What reaches its upper or lower side is what is left of a crossing.
    """
    _, labels = cv2.connectedComponents(strip.astype(np.uint8))
    kept = np.ones(int(labels.max(initial=0)) + 1, bool)
    kept[0] = False
    if len(labels):
        kept[labels[[0, -1]]] = False
    return np.asarray(kept[labels].any(axis=0))


def strokes_of_figures(strip: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Tell in which columns of a row what is left of a line may be a stroke of a figure.

    ``strip`` (height, width) is what is left of upright lines from one level line to the next.
    A stroke is no longer than a figure is high, and keeps clear of both.
    """
    tall, margin = len(strip), max(1, round(CLEAR * em))
    if tall <= 2 * margin:
        return np.zeros(strip.shape[1], bool)
    seen = strip.any(axis=0)
    first, last = strip.argmax(axis=0), tall - strip[::-1].argmax(axis=0)
    clear = (first >= margin) & (last <= tall - margin)
    return np.asarray(seen & clear & (last - first <= FIGURE * em))


def paler_beside(cover: NDArray[np.float64], em: float) -> NDArray[np.bool_]:
    """Tell where the share of a row that is dark is far less to the left, or to the right.

    Bold words in a low row are dark from one level line to the next as well, but so are the
    characters beside them.
    """
    near, far = max(2, round(BESIDE[0] * em)), max(3, round(BESIDE[1] * em))
    padded = np.concatenate((np.zeros(far), cover, np.zeros(far)))
    size = len(cover)
    left = np.mean([padded[far - d : far - d + size] for d in range(near, far + 1)], axis=0)
    right = np.mean([padded[far + d : far + d + size] for d in range(near, far + 1)], axis=0)
    return np.asarray(np.minimum(left, right) <= PALER * cover)


def tall_bars(dark: NDArray[np.bool_], tall: float) -> NDArray[np.bool_]:
    """Return what is dark for ``tall`` pixels and more from above to below."""
    bar = np.ones((max(3, round(tall)), 1), np.uint8)
    return np.asarray(cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, bar) > 0)
