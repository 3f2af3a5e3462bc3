"""Doubtful cells of grainy pages, read again with their grain smoothed.

A reader that never saw such grain sees strokes in it. Two things tell grain from print: on a page
without colour, colour is noise, so that the mean of the channels loses nothing; and grain differs
from pixel to pixel where strokes go on. Smoothed in two ways, a cell shows the same figure with
other grain left in it: what all three pictures say is likelier than what one does.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from document.reading import Candidate, Reading
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Image: TypeAlias = NDArray[np.uint8]

UNSURE, GRAINY, LEAST = 0.985, 0.15, 8
"""Probability below which a reading may be spoilt by grain; the share and the number of a table's
cells of which that must hold, so that grain is the cause."""

RED = 0.1
"""Share of red ink from which a cell's colours are more than noise: it is left as it is."""

CALM = 1.5
"""Pixels by which a cell is blurred to tell red ink from grain that happens to be red."""

SOFT = 0.6
"""Pixels by which one picture is blurred: less than half a stroke of the smallest print."""

STRENGTH, PATCH, AROUND = 10, 3, 15
"""How far patches may differ (levels of gray) to be averaged, their size, and where they lie."""

SUREST = 0.997
"""No agreement of the pictures makes a reading surer: they are of the same few pixels."""

ALIKE, HEARD = 2.0, 0.1
"""What the odds of a figure are multiplied by that all pictures show which weigh so much."""

LIKELY = 0.7
"""Mean from which their agreement says something: dirt beside a figure is in all pictures."""

ROUNDS = 5
"""So often pictures are weighed by their mean, and their mean by what they weigh."""


def without_grain(
    crops: Sequence[Image],
    readings: Sequence[Reading],
    figures: Callable[[Sequence[Image]], tuple[Reading, ...]],
) -> Sequence[Reading]:
    """Read doubtful cells of a table again with their grain smoothed, where so many are doubtful.

    ``crops`` (H, W, 3) were read as ``readings`` by ``figures``. Where one reader alone was asked
    all are in doubt, and none may become surer: they stay as they are.
    """
    doubtful = [n for n, one in enumerate(readings) if _unsure(one)]
    asked = any(len(one.opinions) > 1 for one in readings)
    if not asked or len(doubtful) < max(LEAST, GRAINY * len(readings)):
        return readings
    pictures = {n: views for n in doubtful if (views := smoothed(crops[n]))}
    if len(pictures) < LEAST:
        return readings
    read = iter(figures([one for views in pictures.values() for one in views]))
    joint = agreed([(readings[n], *(next(read) for _ in views)) for n, views in pictures.items()])
    found = list(readings)
    for number, reading in zip(pictures, joint, strict=True):
        found[number] = reading
    return found


def _unsure(reading: Reading) -> bool:
    return not reading.legible or reading.best.probability < UNSURE


def smoothed(crop: Image) -> tuple[Image, ...]:
    """Return a cell (H, W, 3) with its grain smoothed in two ways; none where it is coloured."""
    if min(crop.shape[:2]) < SMALLEST or _is_coloured(crop):
        return ()
    gray = np.rint(crop.astype(np.float32).mean(axis=2)).astype(np.uint8)
    soft = cv2.GaussianBlur(gray, (0, 0), SOFT)
    patched = cv2.fastNlMeansDenoising(gray, None, float(STRENGTH), PATCH, AROUND)
    return (cv2.cvtColor(soft, cv2.COLOR_GRAY2BGR), cv2.cvtColor(patched, cv2.COLOR_GRAY2BGR))


def _is_coloured(crop: Image) -> bool:
    """Tell whether a cell holds red ink, which unlike grain is as red as what is beside it."""
    calm = np.asarray(cv2.GaussianBlur(crop, (0, 0), CALM), np.uint8)
    return find_ink(kept_inks(calm)).red > RED


def agreed(pictures: Sequence[tuple[Reading, ...]]) -> tuple[Reading, ...]:
    """Join what doubtful cells of a table and their smoothed pictures are read as.

    Each cell has one reading per picture: as it is, then as ``smoothed`` returns them. A reading
    is their mean, in which each kind of picture weighs as much as it agrees, over all these
    cells, with the others; a figure that all show is a little surer. Ink of which nothing could
    be made stays so, unless all smoothed pictures are legible.
    """
    weights = _weights(pictures)
    return tuple(_joined(readings, weights) for readings in pictures)


def _weights(pictures: Sequence[tuple[Reading, ...]]) -> NDArray[np.float64]:
    """Return what each kind of picture is worth on this page, adding up to 1.

    That is its odds, squared, of showing what the mean of all shows, found by turns.
    """
    tables = [_table(readings) for readings in pictures]
    kinds = len(pictures[0])
    weights = np.full(kinds, 1 / kinds)
    for _ in range(ROUNDS):
        shared = np.ones(kinds)
        for table in tables:
            mean = table @ weights
            shared += (table * mean[:, None]).sum(axis=0) / max(mean.sum(), 1e-9)
        shares = shared / (len(tables) + kinds)
        weights = (shares / (1 - shares)) ** 2
        weights /= weights.sum()
    return weights


def _table(readings: Sequence[Reading]) -> NDArray[np.float64]:
    """Return the probability of every text that some picture shows: (texts, pictures)."""
    texts = {one.text: None for reading in readings for one in reading.candidates}
    rows = {text: number for number, text in enumerate(texts)}
    table = np.zeros((len(rows), len(readings)))
    for column, reading in enumerate(readings):
        for one in reading.candidates:
            table[rows[one.text], column] += one.probability
    return table


def _joined(readings: Sequence[Reading], weights: NDArray[np.float64]) -> Reading:
    chances: dict[str, float] = {}
    for reading, weight in zip(readings, weights.tolist(), strict=True):
        for one in reading.candidates:
            chances[one.text] = chances.get(one.text, 0.0) + weight * one.probability
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    text, mean = ranked[0]
    odds = mean / max(1 - mean, 1e-9)
    if mean >= LIKELY and all(
        r.best.text == text for r, w in zip(readings, weights, strict=True) if w >= HEARD
    ):
        odds *= ALIKE
    sure = min(SUREST, odds / (1 + odds))
    share = (1 - sure) / max(1 - mean, 1e-9)
    candidates = (
        Candidate(text, -math.log(sure)),
        *(Candidate(t, -math.log(max(min(sure, share * p), 1e-12))) for t, p in ranked[1:]),
    )
    first, *others = readings
    legible = first.legible or all(reading.legible for reading in others)
    return Reading(candidates, legible, first.opinions)
