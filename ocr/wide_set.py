"""Figures of full-width digits, read once more with their digits set as close as usual.

Chinese input methods type １２４ as readily as 124: each digit stands in a square of its own. The
readers know both, but a point or a 1 might stand in the white between. Where a table's figures are
set so, the white is taken out of those in doubt, and they are read again.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from ocr.adapt import CLEAR
from ocr.ink import SMALLEST, find_ink, ink_mask
from ocr.kept import kept_inks
from ocr.remarks import glyphs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from document.geometry import Box
    from document.reading import Reading

    Image = NDArray[np.uint8]

LONG = 3
"""Digits of a figure that shows that all of them are equally far apart."""

MANY = 3
"""Such figures that a table must have, so many at least of which all digits stand so."""

WIDE = (1.1, 1.8)
"""Distance of the middles of two full-width digits, in heights of a digit."""

EVEN = 0.15
"""How much it differs, at most, in a figure and from figure to figure, in heights of a digit."""

CLOSE = 0.18
"""White that is left between two digits, in heights of a digit: what usual print has."""

BARE = 0.25
"""Darkness of the white between two digits beside that of digits, at most: there is no point."""

LIKELY = 0.9
"""Probability from which a figure is in so little doubt that the white may be the cause of it."""

SUREST = 0.998
"""What a figure that is read alike both ways is worth at most."""


def set_close(
    crops: Sequence[Image],
    readings: Sequence[Reading],
    figures: Callable[[Sequence[Image]], tuple[Reading, ...]],
) -> Sequence[Reading]:
    """Read doubtful figures of a table again without the white of full-width digits.

    ``crops`` are its cells, each (H, W, 3); ``figures`` takes such crops to their readings. Only
    where the same is read again, and surer, does that count.
    """
    doubtful = [n for n, one in enumerate(readings) if LIKELY <= one.best.probability < CLEAR]
    if not any(_digits(readings[n]) for n in doubtful):
        return readings
    apart = {n: _apart(crop, readings[n]) for n, crop in enumerate(crops) if _digits(readings[n])}
    shown = [median(each) for n, each in apart.items() if len(each) >= LONG - 1]
    if len(shown) < MANY:
        return readings
    usual = median(shown)
    even = sum(abs(one - usual) <= EVEN for one in shown)
    if 2 * even < len(shown) or even < MANY:
        return readings
    again = [n for n in doubtful if apart.get(n) and all(abs(d - usual) <= EVEN for d in apart[n])]
    if not again:
        return readings
    found = list(readings)
    for number, read in zip(again, figures([_closed(crops[n]) for n in again]), strict=True):
        found[number] = _agreed(readings[number], read)
    return found


def _digits(reading: Reading) -> bool:
    return reading.legible and len(reading.best.text) > 1 and reading.best.text.isdecimal()


def _apart(crop: Image, reading: Reading) -> list[float]:
    """Return how far apart the digits of a figure are, in their heights; [] if they stand close."""
    if min(crop.shape[:2]) < SMALLEST:
        return []
    dark = kept_inks(crop)
    ink = find_ink(dark)
    if len(ink.lines) != 1:
        return []
    line = ink.lines[0]
    boxes = _glyphs(dark, line)
    found = [(b.center[0] - a.center[0]) / line.height for a, b in pairwise(boxes)]
    wide = all(WIDE[0] <= one <= WIDE[1] for one in found)
    if len(boxes) != len(reading.best.text) or not wide:
        return []
    calm = cv2.GaussianBlur(dark[:, :, 1], (0, 0), 0.6)
    below = math.ceil(line.bottom + 0.15 * line.height)
    for a, b in pairwise(boxes):
        white = calm[max(0, math.floor(line.top)) : below, int(a.right) + 2 : int(b.left) - 2]
        if not white.size or white.max() > BARE * ink.contrast:
            return []
    return found


def _glyphs(dark: NDArray[np.float32], line: Box) -> Sequence[Box]:
    """Return what stands side by side in a line of a crop, in its columns."""
    return glyphs_of(ink_mask(dark)[max(0, math.floor(line.top)) : math.ceil(line.bottom)])


def _closed(crop: Image) -> Image:
    """Return a figure's cell without the middle of the white between its digits."""
    dark = kept_inks(crop)
    line = find_ink(dark).lines[0]
    boxes = _glyphs(dark, line)
    left = CLOSE * line.height / 2
    kept = np.ones(crop.shape[1], bool)
    for a, b in pairwise(boxes):
        kept[math.ceil(a.right + left) : math.floor(b.left - left)] = False
    return np.ascontiguousarray(crop[:, kept])


def _agreed(reading: Reading, close: Reading) -> Reading:
    """Return a figure as it was read, as sure as it is with its digits set close."""
    best = reading.best
    sure = min(close.best.probability, SUREST)
    if not close.legible or close.best.text != best.text or sure <= best.probability:
        return reading
    less = math.log((1 - best.probability) / (1 - sure))
    others = (replace(one, cost=one.cost + less) for one in reading.candidates[1:])
    return replace(reading, candidates=(Candidate(best.text, -math.log(sure)), *others))
