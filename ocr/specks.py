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
from ocr.dashes import DARK, PALE, digits_of
from ocr.evidence import LONE_DASHES
from ocr.ink import LOWEST_CELL
from ocr.kept import kept_inks
from ocr.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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
        if not _sure(one)
        and (one.best.text or one.best.probability < BLANK)
        and not (dashed and one.best.text in NO_VALUE)
    ]
    digits = digits_of(crops, readings) if doubtful else None
    if digits is None:
        return tuple(readings)
    told = list(readings)
    for number in doubtful:
        if _is_specks(crops[number], digits):
            told[number] = _blank(readings[number])
    return tuple(told)


def _sure(reading: Reading) -> bool:
    return reading.legible and reading.best.probability >= CLEAR


def _is_specks(crop: NDArray[np.uint8], digits: Digits) -> bool:
    """Tell whether a crop holds one or a few dots and nothing else."""
    rows, columns = crop.shape[:2]
    if min(rows, columns) < LOWEST_CELL or rows < 1.2 * digits.height:
        return False
    calm = cv2.GaussianBlur(kept_inks(crop)[:, :, 1], (0, 0), 0.6)
    grain = float(np.median(np.abs(np.diff(calm, axis=1)))) / 0.954
    pieces, _ = pieces_of((calm > DARK * digits.dark).astype(np.uint8))
    solid = [piece.box for piece in pieces if piece.area >= 3]
    dots = all(
        max(box.width, box.height) <= SMALL * digits.height
        and max(box.width, box.height) <= max(ROUND * min(box.width, box.height), 3.0)
        for box in solid
    )
    if not 0 < len(solid) <= MANY or not dots:
        return False
    # A dot may be what is dark of a digit that is pale or broken.
    level = max(PALE * digits.dark, 4 * grain)
    faint, _ = pieces_of((calm > level).astype(np.uint8))
    return level < DARK * digits.dark and all(p.size <= 0.5 * digits.height for p in faint)


def _blank(reading: Reading) -> Reading:
    """Return a reading in which a blank is likeliest, and the rest is what it was."""
    others = [one for one in reading.candidates if one.text]
    lower = math.log(max(math.fsum(one.probability for one in others), 1e-9) / (1 - BLANK))
    candidates = (
        Candidate("", -math.log(BLANK)),
        *(replace(one, cost=max(one.cost, one.cost + lower)) for one in others),
    )
    return replace(reading, candidates=candidates, legible=True)
