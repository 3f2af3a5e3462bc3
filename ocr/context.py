"""What the other cells of a document say of a doubtful blank, or of a doubtful dash.

A report is printed by one printer in one shade, and its dashes are one glyph. Grain that is a
fraction as dark as the palest of its figures is no print; a stroke like a dozen others is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from ocr.evidence import LONE_DASHES
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

CERTAIN = 0.97
"""Probability from which a reading speaks of others."""

CLEAR = 0.995
"""Probability from which a reading needs no others."""

LIKELY_BLANK, LIKELY_DASH = 0.5, 0.7
"""Probabilities from which readings are judged by the others: a stroke is rarely anything else,
and where nothing is as dark as print, the grain of the paper is all that a reader sees."""

FEWEST = 20
"""Certain figures that are needed to know how dark a document prints."""

MOST = 60
PALEST = 10
"""Percentile of their darkness that is taken for its palest print."""

FAINTER = 0.18
"""Darkness, relative to the palest print, up to which nothing is printed."""

RIM = 0.08
"""Share of a crop at each side where ruling lines may show."""

BLANK = 0.999
"""What a blank is then worth: no print of this document could be as pale."""

DASHES = 4
"""Other dashes of the same size that are needed."""

SAME = 0.25
"""How far their lengths and heights may differ, or by a pixel and a half."""

AGREED, SUREST = 20.0, 0.998
"""What the odds of a dash like others are multiplied by, and what it is worth at most."""


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A dash of a document: its length and height in pixels."""

    length: float
    height: float

    def like(self, other: _Stroke) -> bool:
        """Tell whether it may be the same glyph as another."""
        return all(
            abs(one - two) <= max(1.5, SAME * max(one, two))
            for one, two in ((self.length, other.length), (self.height, other.height))
        )


def told_by_context(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Weigh the doubtful blanks and dashes among ``readings`` of ``crops``, each (H, W, 3)."""
    weighed = list(readings)
    for number, probability in (*_blanks(crops, readings), *_dashes(crops, readings)):
        weighed[number] = _raised(readings[number], probability)
    return tuple(weighed)


def _blanks(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> list[tuple[int, float]]:
    """Return the doubtful blanks in which nothing is as dark as the document's print."""
    doubtful = [n for n, r in enumerate(readings) if not r.best.text and _in_doubt(r, LIKELY_BLANK)]
    palest = _palest(crops, readings) if doubtful else None
    if palest is None:
        return []
    return [(n, BLANK) for n in doubtful if _darkest(crops[n]) <= FAINTER * palest]


def _dashes(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> list[tuple[int, float]]:
    """Return the doubtful dashes that are like the document's others, and what they are worth."""
    dashes = [
        (n, r)
        for n, r in enumerate(readings)
        if r.best.text in LONE_DASHES and _speaks(r, LIKELY_DASH)
    ]
    if len(dashes) <= DASHES or not any(_in_doubt(r, LIKELY_DASH) for _, r in dashes):
        return []
    strokes = {n: stroke for n, _ in dashes if (stroke := _stroke(crops[n]))}
    found = []
    for number, reading in dashes:
        own = strokes.get(number)
        if own is None or not _in_doubt(reading, LIKELY_DASH):
            continue
        if sum(other.like(own) for n, other in strokes.items() if n != number) >= DASHES:
            odds = AGREED * reading.best.probability / (1 - reading.best.probability)
            found.append((number, min(SUREST, odds / (1 + odds))))
    return found


def _in_doubt(reading: Reading, least: float) -> bool:
    return _speaks(reading, least) and reading.best.probability < CLEAR


def _speaks(reading: Reading, least: float) -> bool:
    return reading.legible and reading.best.probability >= least


def _palest(crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]) -> float | None:
    """Return how dark the palest certain figures are (0…1); None if they are too few."""
    certain = [n for n, r in enumerate(readings) if r.best.text and _speaks(r, CERTAIN)]
    step = max(1, len(certain) // MOST)
    found = [ink.contrast for n in certain[::step] if (ink := find_ink(kept_inks(crops[n]))).lines]
    return float(np.percentile(found, PALEST)) if len(found) >= FEWEST else None


def _darkest(crop: NDArray[np.uint8]) -> float:
    """Return how dark the darkest spot of a crop is, but for its rim."""
    rows, columns = crop.shape[:2]
    if min(rows, columns) < 4 * SMALLEST:
        return 1.0
    calm = cv2.GaussianBlur(kept_inks(crop)[:, :, 1], (0, 0), 0.6)
    y, x = max(2, round(RIM * rows)), max(2, round(RIM * min(rows, columns)))
    return float(calm[y : rows - y, x : columns - x].max())


def _stroke(crop: NDArray[np.uint8]) -> _Stroke | None:
    ink = find_ink(kept_inks(crop))
    if len(ink.lines) != 1:
        return None
    return _Stroke(ink.lines[0].width, ink.lines[0].height)


def _raised(reading: Reading, probability: float) -> Reading:
    """Return the reading with its best candidate as likely as said, the others less."""
    best = reading.best
    sure = max(best.probability, probability)
    share = (1 - sure) / max(1 - best.probability, 1e-9)
    others = [
        Candidate(c.text, -math.log(max(share * c.probability, 1e-12)))
        for c in reading.candidates[1:]
    ]
    return replace(reading, candidates=(Candidate(best.text, -math.log(sure)), *others))
