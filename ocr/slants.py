"""Tells strokes (/) from ones by how they lean, as a document itself draws both.

Where a report crosses empty cells with a stroke, hundreds of them lean alike, and no figure of
the page does. The readers look at one crop at a time and hold a narrow stroke for a 1 at times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from ocr.ink import SMALLEST
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

STROKE, ONE = "/", "1"

PLAIN = 0.6
"""Share of a reading that the two must have together for their leaning to decide."""

CERTAIN = 0.97
"""Probability from which a digit tells how upright a document's print is."""

UPRIGHT = frozenset("014")
"""Digits that lean as their font does."""

FEWEST = 6
"""Strokes, and upright digits, that are needed to know how they lean."""

LEANS = 0.15
"""By how much more than digits strokes must lean, as a slope (across for each pixel up)."""

NEAR, NEARER = 0.05, 1 / 3
"""How far from the usual one a stroke's slope may be, in any case, and at most, relative to how
much more strokes lean than digits."""

LIKE = (0.75, 1.3)
"""Heights of strokes relative to the usual one."""

THICKER = 1.5
"""A glyph so much thicker than the strokes is none."""

AGREED, SUREST = 20.0, 0.998
"""What the odds of a stroke are multiplied by that leans as the others, and its worth at most."""

SPEAKS = 0.9
"""What a stroke is worth, of what it and the 1 have, where the readers rather saw a 1."""

INK = 0.3
"""Share of the darkest ink in a crop from which a pixel belongs to its glyph."""


@dataclass(frozen=True, slots=True)
class Lean:
    """How the largest glyph of a crop leans: its slope, positive to the right as it rises.

    ``height`` is in pixels; ``thick`` is the deviation across it, relative to that along it.
    """

    slope: float
    height: float
    thick: float


def by_their_slant(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Weigh strokes against ones in all cells of a document that may be either.

    Crops are (H, W, 3) uint8. Without enough strokes that lean alike nothing is changed.
    """
    either = [n for n, one in enumerate(readings) if one.legible and _either(one)]
    if sum(readings[n].best.text == STROKE for n in either) < FEWEST:
        return tuple(readings)
    upright = [
        n
        for n, one in enumerate(readings)
        if one.best.text in UPRIGHT and one.best.probability >= CERTAIN
    ]
    leans = {n: lean for n in {*either, *upright} if (lean := lean_of(crops[n])) is not None}
    digits = [leans[n].slope for n in upright if n in leans]
    strokes = [leans[n] for n in either if n in leans and readings[n].best.text == STROKE]
    if min(len(digits), len(strokes)) < FEWEST:
        return tuple(readings)
    slope, height, thick = (
        float(np.median(values))
        for values in zip(*[(one.slope, one.height, one.thick) for one in strokes], strict=True)
    )
    more = slope - float(np.median(digits))
    if more < LEANS:
        return tuple(readings)
    spread = float(np.median([abs(one.slope - slope) for one in strokes]))
    near = min(max(NEAR, 3 * spread), NEARER * more)
    found = list(readings)
    for n in either:
        lean = leans.get(n)
        if lean is None or abs(lean.slope - slope) > near or lean.thick > THICKER * thick:
            continue
        if LIKE[0] * height <= lean.height <= LIKE[1] * height:
            found[n] = _as_a_stroke(readings[n])
    return tuple(found)


def lean_of(crop: NDArray[np.uint8]) -> Lean | None:
    """Return how the largest glyph in the midst of a crop (H, W, 3) leans; None without any."""
    if min(crop.shape[:2]) < SMALLEST:
        return None
    dark = kept_inks(crop)[:, :, 1]
    mask = (dark > INK * float(dark.max())).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return None
    weights = np.bincount(labels.ravel(), weights=dark.ravel(), minlength=count)
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    inner = weights.copy()
    inner[np.unique(rim)] = 0.0  # what is left of lines lies on the rim
    glyph = 1 + int(np.argmax(inner[1:] if inner[1:].any() else weights[1:]))
    rows, columns = np.nonzero(labels == glyph)
    weight = dark[rows, columns].astype(float)
    total = float(weight.sum())
    y, x = rows - float((weight * rows).sum()) / total, columns - (weight * columns).sum() / total
    down = float((weight * y * y).sum())
    if down <= 0:
        return None
    slope = -float((weight * x * y).sum()) / down
    across = float((weight * (x + slope * y) ** 2).sum())
    return Lean(slope, float(stats[glyph, cv2.CC_STAT_HEIGHT]), math.sqrt(across / down))


def _either(reading: Reading) -> bool:
    """Tell whether a cell holds a stroke or a 1, and it is open which."""
    chances = {one.text: one.probability for one in reading.candidates}
    stroke, one = chances.get(STROKE, 0.0), chances.get(ONE, 0.0)
    return reading.best.text in {STROKE, ONE} and stroke > 0 and stroke + one >= PLAIN


def _as_a_stroke(reading: Reading) -> Reading:
    chances = {one.text: one.probability for one in reading.candidates}
    stroke, one = chances[STROKE], chances.get(ONE, 0.0)
    if reading.best.text == STROKE:
        odds = AGREED * stroke / max(1 - stroke, 1e-9)
        now = max(stroke, min(SUREST, odds / (1 + odds)))
    else:
        now = SPEAKS * (stroke + one)
    less = (1 - now) / max(1 - stroke, 1e-9)
    chances = {text: less * chance for text, chance in chances.items()} | {STROKE: now}
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple(Candidate(t, max(0.0, -math.log(max(p, 1e-12)))) for t, p in ranked)
    return replace(reading, candidates=candidates)
