"""A dot that is all there is in a cell is dirt: no figure is as small beside the others.

A reader stretches it until it looks like a 0 or a dash. Whatever prints as a dot means no more
than a blank does; what matters is that nothing of a digit is there, pale or broken.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from ocr.adapt import CLEAR
from ocr.context import RIM
from ocr.dashes import DARK, PALE, digits_of
from ocr.evidence import LONE_DASHES
from ocr.ink import LOWEST_CELL
from ocr.kept import kept_inks
from ocr.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Box
    from document.reading import Reading
    from ocr.dashes import Digits

SMALL = 0.4
"""Height and width of a dot beside the height of digits, at most."""

ROUND = 1.45
"""Its longer side beside its shorter one, at most: hyphens are longer."""

MANY = 3
"""Dots in a cell above which they may be what is left of a figure."""

DASHES = 3
"""Sure dashes that a document has if it prints any."""

BLANK = 0.98
"""Probability at most that such a cell is blank: the sums may still say otherwise.

Of 26 lone dots of 115 drawn documents that were taken for blanks already, but not so surely, none
was a figure; twelve were torn dashes, all where others were whole."""

BARE = 0.998
"""The same of one dot on paper where nothing else is as dark as ``FAINTER`` of the print.

Of the cells of 83 good and bad drawn tables 13 are such, and all of these are blank."""

FAINTER = 0.15
"""Darkness, relative to that of digits, up to which nothing is printed."""

AROUND = 2
"""Pixels around a dot that its blur darkens."""

NO_VALUE = ("", *LONE_DASHES)


def without_specks(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Take the doubtful readings of lone dots for blanks.

    ``crops`` (H, W, 3) are those that were read. Readings that are sure stay as they are, and
    so do blanks and dashes where the document has dashes: a torn hyphen may be a dot.
    """
    dashed = sum(_sure(one) and one.best.text in LONE_DASHES for one in readings) >= DASHES
    doubtful = [
        n
        for n, one in enumerate(readings)
        if not _sure(one) and not (dashed and one.best.text in NO_VALUE)
    ]
    digits = digits_of(crops, readings) if doubtful else None
    if digits is None:
        return tuple(readings)
    told = list(readings)
    for number in doubtful:
        reading = readings[number]
        worth = _worth(crops[number], digits)
        if reading.best.text or reading.best.probability < worth:
            told[number] = _blank(reading, worth) if worth else reading
    return tuple(told)


def _sure(reading: Reading) -> bool:
    return reading.legible and reading.best.probability >= CLEAR


def _worth(crop: NDArray[np.uint8], digits: Digits) -> float:
    """Return how surely a crop is blank that holds one or a few dots; 0 if it holds else."""
    rows, columns = crop.shape[:2]
    if min(rows, columns) < LOWEST_CELL or rows < 1.2 * digits.height:
        return 0.0
    calm = cv2.GaussianBlur(kept_inks(crop)[:, :, 1], (0, 0), 0.6)
    grain = float(np.median(np.abs(np.diff(calm, axis=1)))) / 0.954
    # A dot may be what is dark of a digit that is pale or broken.
    level = max(PALE * digits.dark, 4 * grain)
    faint, _ = pieces_of((calm > level).astype(np.uint8))
    if level >= DARK * digits.dark or any(p.size > 0.5 * digits.height for p in faint):
        return 0.0
    pieces, _ = pieces_of((calm > DARK * digits.dark).astype(np.uint8))
    solid = [piece.box for piece in pieces if piece.area >= 3]
    dots = solid or [piece.box for piece in faint if piece.area >= 3]
    if not 0 < len(dots) <= MANY or not all(_is_dot(box, digits) for box in dots):
        return 0.0
    if len(dots) == 1 and _is_bare(calm, dots[0], digits):
        return BARE
    return BLANK if solid else 0.0  # what is pale may be all that is left of a digit


def _is_dot(box: Box, digits: Digits) -> bool:
    longer, shorter = max(box.width, box.height), min(box.width, box.height)
    return longer <= SMALL * digits.height and longer <= max(ROUND * shorter, 3.0)


def _is_bare(calm: NDArray[np.float32], dot: Box, digits: Digits) -> bool:
    """Tell whether a crop's darkness shows nothing besides a dot, but for its rim."""
    rest = calm.copy()
    top, left = (max(0, int(edge) - AROUND) for edge in (dot.top, dot.left))
    rest[top : int(dot.bottom) + AROUND, left : int(dot.right) + AROUND] = 0.0
    rim = max(2, round(RIM * min(calm.shape)))
    return float(rest[rim:-rim, rim:-rim].max()) <= FAINTER * digits.dark


def _blank(reading: Reading, worth: float) -> Reading:
    """Return a reading in which a blank is likeliest, and the rest is what it was."""
    others = [one for one in reading.candidates if one.text]
    lower = math.log(max(math.fsum(one.probability for one in others), 1e-9) / (1 - worth))
    candidates = (
        Candidate("", -math.log(worth)),
        *(replace(one, cost=max(one.cost, one.cost + lower)) for one in others),
    )
    return replace(reading, candidates=candidates, legible=True)
