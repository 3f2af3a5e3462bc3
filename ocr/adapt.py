"""A document teaches its own typeface: doubtful digits are held against its certain ones.

The readers know no page when they read a cell. But a report is set in one font, at one size, by
one printer and one scanner, and most of its figures are certain: the mean of ten certain sevens
is a seven without their noise. What it says of a doubtful digit is a third opinion.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate, Reading
from models.digits.inputs import relative
from ocr.glyphs import DIGITS, SLACK, cut_apart, cut_evenly
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Box

LONGEST = 6
"""Digits of a figure that is taken apart evenly."""

DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?(万?元)?")
"""Texts that are taken apart piece by piece, if they are no such figure."""

CERTAIN = 0.97
"""Probability from which a reading teaches."""

LEAST, MOST = 2, 24
"""Certain digits of one kind that are needed, and that are looked at."""

KINDS = 6
"""Different digits that a document must have taught before it says anything."""

TALL = (0.78, 1.28)
"""Heights of a figure's ink, relative to the document's usual one."""

PROVED = 0.9
"""Share of the certain digits that the others must tell right, for them to be asked."""

CLEAR = 0.995
"""Probability from which a reading needs no second opinion."""

AGREED, AGAINST = 6.0, 0.2
"""What the odds of a reading are multiplied by, if the document's digits agree, or do not."""

SUREST = 0.998
"""No agreement makes a reading surer."""


@dataclass(frozen=True, slots=True, eq=False)
class Typeface:
    """What digits look like in a document.

    ``means`` are pictures of darkness (24, 16), by digit; ``height`` is that of its figures'
    ink in pixels. ``proof`` is the share of the certain digits that the others tell right, and
    ``spread`` by how much, on average, they prefer the right one.
    """

    means: dict[str, NDArray[np.float32]]
    height: float
    proof: float
    spread: float


def learn(crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]) -> Typeface | None:
    """Learn from the certain figures among ``readings`` of ``crops``; None if they are too few."""
    lines = _certain(crops, readings)
    if not lines:
        return None
    height = float(np.median([box.height for _, box, _ in lines]))
    glyphs: dict[str, list[NDArray[np.float32]]] = {}
    for dark, box, text in lines:
        if TALL[0] * height < box.height < TALL[1] * height:
            for digit, glyph in zip(text, cut_evenly(dark, box, len(text), height), strict=True):
                glyphs.setdefault(digit, []).append(glyph)
    kept = {digit: group[:MOST] for digit, group in glyphs.items() if len(group) > LEAST}
    if len(kept) < KINDS:
        return None
    aligned = {digit: _aligned(group) for digit, group in kept.items()}
    means = {digit: np.asarray(group.mean(axis=0)) for digit, group in aligned.items()}
    told = []
    for digit, group in aligned.items():
        for number, one in enumerate(kept[digit]):
            others = (group.sum(axis=0) - group[number]) / (len(group) - 1)
            told.append(_margin(likeness(one, {**means, digit: others}), digit))
    right = sum(margin > 0 for margin in told)
    return Typeface(means, height, (right + 0.5) / (len(told) + 1), float(np.median(told)))


def _certain(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> list[tuple[NDArray[np.float32], Box, str]]:
    """Return the lines that teach, with their texts: no more of any digit than are looked at."""
    lines = []
    taught = dict.fromkeys(DIGITS, 0)
    for crop, reading in zip(crops, readings, strict=True):
        text = reading.best.text
        if not _teaches(reading) or all(taught[digit] >= MOST for digit in text):
            continue
        line = _line(crop)
        if line is not None:
            lines.append((*line, text))
            for digit in text:
                taught[digit] += 1
    return lines


def second_opinions(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Weigh the doubtful figures of a document by what its certain ones look like.

    ``crops`` (H, W, 3) are those that were read. Where none is doubtful, or too few are
    certain, or the certain ones do not tell one another, the readings stay as they are.
    """
    doubtful = [number for number, reading in enumerate(readings) if _in_doubt(reading)]
    typeface = learn(crops, readings) if doubtful else None
    if typeface is None or typeface.proof < PROVED:
        return tuple(readings)
    weighed = list(readings)
    for number in doubtful:
        opinion = compare(typeface, crops[number], readings[number].best.text)
        if opinion is not None:
            weighed[number] = _weighed(readings[number], *opinion)
    return tuple(weighed)


def _weighed(reading: Reading, seen: str, margin: float) -> Reading:
    """Raise or lower a reading's best candidate by what was ``seen``, and how clearly."""
    best = reading.best
    odds = best.probability / max(1 - best.probability, 1e-9)
    factor = AGREED if margin > 0 else AGAINST
    sure = max(best.probability, min(SUREST, odds * factor / (1 + odds * factor)))
    if margin <= 0:
        sure = odds * factor / (1 + odds * factor)
    others = reading.candidates[1:]
    share = (1 - sure) / max(1 - best.probability, 1e-9)
    chances = {best.text: sure}
    for candidate in others:
        chances[candidate.text] = min(1.0, candidate.probability * share)
    if margin <= 0:
        # What the document's own digits say is a candidate, even if no reader named it.
        # It stays behind what both readers hold likeliest: it is one opinion of three.
        chances[seen] = max(chances.get(seen, 0.0), min(0.5 * (1 - sure), 0.9 * sure))
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    total = max(1.0, sum(chances.values()))
    candidates = tuple(Candidate(t, -math.log(max(p / total, 1e-12))) for t, p in ranked)
    return Reading(candidates, reading.legible, reading.opinions)


def _in_doubt(reading: Reading) -> bool:
    known = _is_figure(reading) or DECIMAL.fullmatch(reading.best.text)
    return reading.legible and bool(known) and reading.best.probability < CLEAR


def compare(typeface: Typeface, crop: NDArray[np.uint8], text: str) -> tuple[str, float] | None:
    """Return what the typeface reads in a crop that holds ``text`` or one like it, and how far.

    The distance is that by which, at the worst digit, ``text`` is preferred to any other; it is
    negative where another is. None if nothing can be said.
    """
    line = _line(crop)
    if line is None or not set(text) & set(DIGITS) <= set(typeface.means):
        return None
    if _is_even(text):
        height = line[1].height
        glyphs = cut_evenly(*line, len(text), typeface.height)
    else:
        parts = cut_apart(*line, text)
        if parts is None:
            return None
        glyphs, height = parts
    if not TALL[0] < height / typeface.height < TALL[1]:
        return None
    read, worst = text, np.inf
    places = [place for place, character in enumerate(text) if character in DIGITS]
    for place, glyph in zip(places, glyphs, strict=True):
        like = likeness(glyph, typeface.means)
        read = read[:place] + max(like, key=lambda d: like[d]) + read[place + 1 :]
        worst = min(worst, _margin(like, text[place]))
    return read, float(worst)


def _teaches(reading: Reading) -> bool:
    return _is_figure(reading) and reading.best.probability >= CERTAIN


def _is_figure(reading: Reading) -> bool:
    return reading.legible and _is_even(reading.best.text)


def _is_even(text: str) -> bool:
    """Tell whether a text has nothing but a few digits, which are equally wide."""
    return 0 < len(text) <= LONGEST and not set(text) - set(DIGITS)


def _line(crop: NDArray[np.uint8]) -> tuple[NDArray[np.float32], Box] | None:
    """Return the darkness (H, W) of a crop and the box of its ink, if that is one line."""
    if min(crop.shape[:2]) < SMALLEST:
        return None
    share = kept_inks(crop)
    ink = find_ink(share)
    return (relative(share)[:, :, 1], ink.lines[0]) if len(ink.lines) == 1 else None


def _aligned(group: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Shift pictures of one digit so that each is most like their mean: (n, 24, 16)."""
    mean = np.mean([glyph[SLACK:-SLACK, SLACK:-SLACK] for glyph in group], axis=0)
    aligned = []
    for glyph in group:
        found = cv2.matchTemplate(glyph, mean.astype(np.float32), cv2.TM_CCOEFF_NORMED)
        y, x = np.unravel_index(int(found.argmax()), found.shape)
        aligned.append(glyph[y : y + mean.shape[0], x : x + mean.shape[1]])
    return np.stack(aligned)


def likeness(glyph: NDArray[np.float32], means: dict[str, NDArray[np.float32]]) -> dict[str, float]:
    """Return the correlation of a glyph with every digit's mean, at the best shift."""
    return {
        digit: float(cv2.matchTemplate(glyph, mean.astype(np.float32), cv2.TM_CCOEFF_NORMED).max())
        for digit, mean in means.items()
    }


def _margin(like: dict[str, float], digit: str) -> float:
    return like[digit] - max(value for other, value in like.items() if other != digit)
