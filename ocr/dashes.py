"""A document's dashes are alike: short strokes that lie alone in many cells say nothing else.

A hyphen of a few pixels is stretched until it looks like anything; its size, beside the
document's own digits, and that there are others just like it, tell it from all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate, Reading
from ocr.adapt import CERTAIN, CLEAR, SUREST
from ocr.evidence import LONE_DASHES
from ocr.glyphs import DIGITS
from ocr.ink import LOWEST_CELL, SMALLEST, find_ink
from ocr.kept import kept_inks
from ocr.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Box

TAUGHT = 6
"""Certain figures that must have shown how high, and how dark, a document's digits are."""

ALIKE = 5
"""Strokes of one size that a document must have in its cells for them to be its dashes. Those
that are read for certain count: of 175 cells that mix signs 30 may be dashes and three doubtful."""

LOW, SLENDER = 0.36, 1.5
"""Height of a dash beside that of digits, at most; its width beside its own height, at least."""

DOT = 0.3
"""Width beside the height of digits up to which a dash need not be longer than it is high: a
hyphen of small print is four pixels by three, and of a photograph as often three by three."""

LONG = 1.0
"""Width beside the height of digits from which a dash is a long one."""

DARK = 0.45
"""Darkness of its ink beside that of digits, at least; what is paler is the paper's own."""

PALE = 0.2
"""The same for a digit beside it, of which nothing but a trace may be left."""

MIDDLE = (0.2, 0.8)
"""Part of a cell's height in which dashes stand: lines of the table, and their remains, do not."""

CLOSE = 0.35
"""Difference of size, as a share, up to which two strokes are alike; or two pixels."""


@dataclass(frozen=True, slots=True)
class Digits:
    """The height in pixels, and the darkness, of a document's certain figures."""

    height: float
    dark: float


def with_dashes(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Make the doubtful readings sure that are just another of a document's dashes.

    ``crops`` (H, W, 3) are those that were read. Readings that are sure stay as they are; those
    that are dashes show how long these are. A document may have dashes of several lengths.
    """
    doubtful = [n for n, one in enumerate(readings) if one.best.probability < CLEAR]
    digits = digits_of(crops, readings) if doubtful else None
    if digits is None:
        return tuple(readings)
    strokes = {n: box for n in doubtful if (box := _stroke(crops[n], digits)) is not None}
    if not strokes:
        return tuple(readings)
    dashes = {n for n, one in enumerate(readings) if one.best.text in LONE_DASHES} - set(doubtful)
    sure = [box for n in dashes if (box := _stroke(crops[n], digits)) is not None]
    found = list(readings)
    for number, box in strokes.items():
        if sum(_alike(other, box) for other in (*strokes.values(), *sure)) >= ALIKE:
            dash = "—" if box.width > LONG * digits.height else "-"
            found[number] = told(readings[number], dash)
    return tuple(found)


def digits_of(crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]) -> Digits | None:
    """Measure the certain figures; None where there are too few."""
    sizes = []
    for crop, reading in zip(crops, readings, strict=True):
        text = reading.best.text
        certain = reading.best.probability >= CERTAIN and text and not set(text) - set(DIGITS)
        if certain and min(crop.shape[:2]) >= SMALLEST:
            ink = find_ink(kept_inks(crop))
            if len(ink.lines) == 1:
                sizes.append((ink.lines[0].height, ink.contrast))
        if len(sizes) == 4 * TAUGHT:
            break
    if len(sizes) < TAUGHT:
        return None
    height, dark = np.median(np.array(sizes), axis=0)
    return Digits(float(height), float(dark))


def _stroke(crop: NDArray[np.uint8], digits: Digits) -> Box | None:
    """Return the box of the one short lying stroke in a crop; None where there is other ink."""
    rows, columns = crop.shape[:2]
    if min(rows, columns) < LOWEST_CELL or rows < 1.2 * digits.height:
        return None
    calm = cv2.GaussianBlur(kept_inks(crop)[:, :, 1], (0, 0), 0.6)
    pieces, _ = pieces_of((calm > DARK * digits.dark).astype(np.uint8))
    solid = [piece for piece in pieces if piece.area >= 4]
    if len(solid) != 1 or sum(piece.area for piece in pieces) > 1.3 * solid[0].area:
        return None
    box = solid[0].box
    slender = box.width >= SLENDER * box.height
    dot = box.height <= box.width <= DOT * digits.height
    lying = box.height <= LOW * digits.height and (slender or dot)
    inside = MIDDLE[0] * rows < box.center[1] < MIDDLE[1] * rows
    if not lying or not inside or solid[0].area < 0.6 * box.width * box.height:
        return None
    # A digit beside it may be paler: of -1 only the sign may be plain.
    grain = float(np.median(np.abs(np.diff(calm, axis=1)))) / 0.954
    faint, _ = pieces_of((calm > max(PALE * digits.dark, 4 * grain)).astype(np.uint8))
    return None if any(p.box.height > 0.5 * digits.height for p in faint) else box


def _alike(one: Box, other: Box) -> bool:
    return _close(one.width, other.width) and _close(one.height, other.height)


def _close(size: float, usual: float) -> bool:
    return abs(size - usual) <= max(2.0, CLOSE * usual)


def told(reading: Reading, dash: str) -> Reading:
    """Return a reading that is sure of a ``dash``; what else was seen in it stays in its order."""
    seen = [one.text for one in reading.candidates if one.text in LONE_DASHES]
    dash = seen[0] if seen else dash
    others = [one for one in reading.candidates if one.text != dash]
    total = sum(one.probability for one in others)
    share = (1 - SUREST) / max(total, 1e-9)
    rest = [
        Candidate(one.text, -math.log(max(min(1.0, share) * one.probability, 1e-12)))
        for one in others
    ]
    return Reading((Candidate(dash, -math.log(SUREST)), *rest), legible=True)
