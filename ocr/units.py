"""Figures with a unit behind each of them, 0件, read without it where a table prints it throughout.

The second reader knows no words: of a blurred figure with a unit both together are never sure.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from document.reading import Candidate
from models.digits.inputs import inks
from ocr.evidence import NO_FIGURE
from ocr.ink import SMALLEST, find_ink, ink_mask
from ocr.remarks import glyphs_of
from ocr.shade import evenly_lit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Box
    from document.reading import Reading

    Image = NDArray[np.uint8]

LOOKED_AT = 3
"""Candidates of a figure among which its unit is looked for."""

MANY, MOST = 8, 0.6
"""Figures of a table that must have the same unit, and their share of those that are printed."""

ENOUGH = 4
"""Figures that must stand clear of it, for how wide a unit is. In a small table few do: of the 15
and 10 figures of two tables drawn blurred 9 and 5, for the unit touches a round digit before it."""

CLEAR = 0.995
"""Probability of a reading from which its figure is not read without the unit."""

SUREST = 0.998
"""What a figure that is read alike both ways is worth at most."""

BROAD = (0.6, 1.4)
"""Width of a unit beside the height of its line: that of one full-width character."""

EVEN = 0.15
"""How much wider or narrower than most a unit is, at most, beside the height of its line."""

LEAST_DIGIT = 0.3
"""Width of a digit beside the height of its line, at least; a narrow 1 never touches a unit."""

_WITH_UNIT = re.compile(r"(\d{1,7})([件个项次条宗份起例人])")


def without_units(
    crops: Sequence[Image],
    readings: Sequence[Reading],
    figures: Callable[[Sequence[Image]], tuple[Reading, ...]],
) -> Sequence[Reading]:
    """Read doubtful figures of one table again without the unit that is printed behind each.

    ``crops`` are its cells, each (H, W, 3); ``figures`` takes such crops to their readings. What
    is read without the unit counts only where it is what both together were taken for. Where a
    shadow falls on a cell its unit is looked for, and its figure read, with the light evened.
    """
    unit = _unit(readings)
    if unit is None:
        return readings
    doubtful = [n for n, one in enumerate(readings) if one.best.probability < CLEAR]
    lit = {n: crops[n] if (even := evenly_lit(crops[n])) is None else even for n in doubtful}
    wide = _width([lit.get(n, crop) for n, crop in enumerate(crops)], readings, unit)
    if wide is None:
        return readings
    heads = {
        number: head
        for number, crop in lit.items()
        if _digits(readings[number]) and (head := _head(crop, wide)) is not None
    }
    found = list(readings)
    for number, read in zip(heads, figures([*heads.values()]) if heads else (), strict=True):
        found[number] = _agreed(readings[number], read, unit)
    return found


def _unit(readings: Sequence[Reading]) -> str | None:
    """Return the unit that most of a table's figures have."""
    printed = [one for one in readings if _digits(one)]
    seen = Counter(unit for one in printed for unit in _units(one))
    if not seen:
        return None
    unit, count = seen.most_common(1)[0]
    return unit if count >= max(MANY, MOST * len(printed)) else None


def _units(reading: Reading) -> set[str]:
    texts = (_WITH_UNIT.fullmatch(one.text) for one in reading.candidates[:LOOKED_AT])
    return {found[2] for found in texts if found}


def _digits(reading: Reading) -> str:
    """Return the digits that a figure most likely has, whatever unit they have; "" if none."""
    shares: dict[str, float] = defaultdict(float)
    for candidate in reading.candidates:
        found = _WITH_UNIT.fullmatch(candidate.text)
        shares[found[1] if found else candidate.text] += candidate.probability
    text = max(shares, key=lambda one: shares[one])
    return text if text.isdecimal() else ""


def _width(crops: Sequence[Image], readings: Sequence[Reading], unit: str) -> float | None:
    """Return how wide the unit is, as a share of the height of its line; None if that differs."""
    found = []
    for crop, reading in zip(crops, readings, strict=True):
        digits = _digits(reading)
        if not digits or unit not in _units(reading) or min(crop.shape[:2]) < SMALLEST:
            continue
        dark = inks(crop)
        lines = find_ink(dark).lines
        if len(lines) != 1:
            continue
        boxes = _glyphs(dark, lines[0])
        if len(boxes) > 1:  # where digits touch one another the unit may still stand clear
            first = boxes[min(len(digits), len(boxes) - 1)]
            found.append((boxes[-1].right - first.left) / lines[0].height)
    if len(found) < ENOUGH:
        return None
    middle = median(found)
    even = sum(abs(one - middle) <= EVEN for one in found)
    return middle if even >= MOST * len(found) and BROAD[0] <= middle <= BROAD[1] else None


def _glyphs(dark: NDArray[np.float32], line: Box) -> Sequence[Box]:
    """Return what stands side by side in a line of a crop, without remnants of ruling lines."""
    rows = ink_mask(dark)[max(0, math.floor(line.top)) : math.ceil(line.bottom)]
    return [box for box in glyphs_of(rows) if box.right > line.left and box.left < line.right]


def _head(crop: Image, wide: float) -> Image | None:
    """Cut a cell (H, W, 3) before its unit, which is ``wide`` beside the height of a line."""
    dark = inks(crop) if min(crop.shape[:2]) >= SMALLEST else None
    lines = [] if dark is None else find_ink(dark).lines
    if dark is None or not 1 <= len(lines) <= 2:
        return None
    last = lines[-1]
    boxes = _glyphs(dark, last)
    if not boxes:
        return None
    if len(lines) == 2:
        # digits are lower than a unit: its width is held against the height of its own line
        alone = (boxes[-1].right - boxes[0].left) / last.height
        below = math.floor((lines[0].bottom + last.top) / 2)
        return crop[:below] if abs(alone - wide) <= 2 * EVEN else None
    near = EVEN * last.height
    unit = boxes[-1].right - wide * last.height
    before = [box for box in boxes if box.right <= unit + near / 2]
    behind = [box for box in boxes if box.right > unit + near / 2]
    if before and behind[0].left >= unit - near:
        return crop[:, : math.floor((before[-1].right + behind[0].left) / 2) + 1]
    if unit - boxes[0].left < LEAST_DIGIT * last.height:
        return None
    return crop[:, : _parting(dark, last, (unit - near / 2, unit + near / 2)) + 1]


def _parting(dark: NDArray[np.float32], line: Box, between: tuple[float, float]) -> int:
    """Return the palest column of a line ``between`` two, where one glyph touches the next."""
    first, last = (round(edge) for edge in between)
    rows = slice(max(0, math.floor(line.top)), math.ceil(line.bottom))
    ink = dark[rows, first : last + 1, 1].sum(axis=0)
    return first + int(ink.argmin())


def _agreed(reading: Reading, head: Reading, unit: str) -> Reading:
    """Return a reading that is as sure of its figure as that is, read without the unit."""
    digits, sure = head.best.text, min(head.best.probability, SUREST)
    if not digits.isdecimal() or digits not in (_digits(reading), _with_more(reading)):
        return reading
    if not head.legible or sure <= reading.best.probability:
        return reading
    others = [
        Candidate(one.text + unit, one.cost) for one in head.candidates[1:] if one.text.isdecimal()
    ]
    best = Candidate(digits + unit, -math.log(sure))
    return replace(reading, candidates=(best, *others), legible=True)


def _with_more(reading: Reading) -> str:
    """Return the digits that every reader sees before something that is no figure; "" if none.

    So they see a figure with its unit on a line of its own.
    """
    said = {one.text for one in reading.opinions}
    text = said.pop() if len(said) == 1 else ""
    return text.removesuffix(NO_FIGURE) if text.endswith(NO_FIGURE) else ""
