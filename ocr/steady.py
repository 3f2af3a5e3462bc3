"""Figures of clean cells that read the same when printed softer and bolder.

How sure a reading is was learned from figures of all kinds; what is cleanly printed and still
stays in a little doubt is right. Thin strokes that a scan tore are read as anything, or as
nothing, until they are drawn a pixel broader.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
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

CLEAR, LEAST, LOST = 0.995, 0.97, 0.25
"""Probability from which nothing is in doubt; from which the doubt is little; and below which a
cell was not read. What lies between is in doubt for what is seen, and stays so."""

_AMOUNT = re.compile(r"[+-]?\d+(?:\.(?!\d{3}(?!\d))\d+)?(?:万?元)?", re.ASCII)
"""A figure whose point cannot be a comma between thousands: with three digits behind it, it might.

Of 571 drawn amounts and signed figures between ``LEAST`` and ``CLEAR`` (two seeds, in fonts that
nothing was trained on) three were wrong, and none of the 51 among them that were read again so."""

STEADY, CERTAIN = 0.97, 0.995
"""Probability of both further readings, of a figure that was read and of one that was not.

Of 401 doubtful figures of 31 bad scans (L2, drawn) 204 were read as before with so much, and
none was wrong; of 212 read so with 0.9 one was, with dirt beside it. The eight that had not been
read, and were with the second, were right."""

AGREED, SUREST = 6.0, 0.998
"""What the odds of a reading are multiplied by that both further ones bear out; no agreement
makes it surer: they are of the same few pixels."""

WORTH = 0.94
"""What a figure is worth that only the further pictures show: never enough by itself."""

CALM, DARK = 0.02, 0.35
"""Spread of the darkness of a clean cell's paper at most, and its ink's darkness at least."""

APART = 0.15
"""Paper around a clean cell's ink, in heights of it, at least."""

ALONE = 0.25
"""Darkness beside the ink, relative to it, at most."""

SOFT = 1.0
"""Pixels by which print is made softer; it is made bolder by one."""


def steadied(
    crops: Sequence[Image],
    readings: Sequence[Reading],
    figures: Callable[[Sequence[Image]], tuple[Reading, ...]],
) -> tuple[Reading, ...]:
    """Read the doubtful figures of clean cells again, softer and bolder.

    ``crops`` (H, W, 3) were read as ``readings`` by ``figures``. Where one reader alone was asked
    none may become surer: all stay as they are.
    """
    found = list(readings)
    if not any(len(one.opinions) > 1 for one in readings):
        return tuple(found)
    doubtful = [n for n, one in enumerate(readings) if _asks(one) and _is_clean(crops[n])]
    if not doubtful:
        return tuple(found)
    soft = figures([_softer(crops[n]) for n in doubtful])
    bold = figures([_bolder(crops[n]) for n in doubtful])
    for number, pair in zip(doubtful, zip(soft, bold, strict=True), strict=True):
        found[number] = _borne_out(readings[number], pair)
    return tuple(found)


def _asks(reading: Reading) -> bool:
    best = reading.best
    if best.probability < LOST:
        return True
    return reading.legible and LEAST <= best.probability < CLEAR and _is_figure(best.text)


def _is_figure(text: str) -> bool:
    """Tell whether a text is a count or an amount that its other pictures can bear out."""
    return _AMOUNT.fullmatch(text) is not None


def _is_clean(crop: Image) -> bool:
    """Tell whether a cell holds dark ink amid calm paper, and nothing beside it."""
    if min(crop.shape[:2]) < SMALLEST:
        return False
    ink = find_ink(kept_inks(crop))
    return (
        bool(ink.lines)
        and ink.noise <= CALM
        and ink.contrast >= DARK
        and not ink.red
        and not ink.rubbish
        and ink.room >= APART
        and ink.beside <= ALONE
    )


def _softer(crop: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), SOFT), np.uint8)


def _bolder(crop: Image) -> Image:
    return np.asarray(cv2.erode(crop, np.ones((2, 2), np.uint8)), np.uint8)


def _borne_out(reading: Reading, pair: tuple[Reading, ...]) -> Reading:
    """Return a reading as the two further ones leave it."""
    texts = {one.best.text for one in pair}
    least = min(one.best.probability for one in pair)
    if len(texts) > 1 or not all(one.legible for one in pair) or not _is_figure(min(texts)):
        return reading
    best = reading.best
    if best.probability < LOST:
        # what nobody read at first has no point: how small that is no picture tells better
        found = min(texts)
        return _found(reading, found) if least >= CERTAIN and found.isdecimal() else reading
    if texts != {best.text} or least < STEADY:
        return reading
    odds = AGREED * best.probability / (1 - best.probability)
    return _as_likely(reading, best.text, max(best.probability, min(SUREST, odds / (1 + odds))))


def _found(reading: Reading, text: str) -> Reading:
    """Return a reading of what was not read before."""
    return replace(_as_likely(reading, text, WORTH), legible=True)


def _as_likely(reading: Reading, text: str, probability: float) -> Reading:
    """Return a reading with one text as likely as said, and the others less in proportion."""
    others = [one for one in reading.candidates if one.text != text]
    rest = max(math.fsum(one.probability for one in others), 1e-9)
    share = min(1.0, (1 - probability) / rest)
    less = [replace(c, cost=c.cost - math.log(share)) for c in others]
    return replace(reading, candidates=(Candidate(text, -math.log(probability)), *less))
