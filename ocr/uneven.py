"""Figures whose glyphs do not stand as those of one figure do, and are not sure as one.

Readers look at shapes: a figure struck out with another written beside it, two figures in one
cell, a note's raised mark before a figure, a sign that looks like a digit but is taller, are one
row of digits to them, and both agree. Digits of one figure are of one height, stand on one line
and at one distance from one another, and no stroke runs through them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from document.reading import Candidate
from ocr.ink import SMALLEST, find_ink, ink_mask
from ocr.kept import kept_inks
from ocr.remarks import glyphs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

    Mask = NDArray[np.uint8]

UNSURE = 0.9
"""What a figure is worth at most whose glyphs do not stand as those of one: never sure by itself.

On 124 poor develop pages 160 were told so of which both readers said what was read, and 159 of them
were right. At 0.5 the other half went to what else was seen, as if that were nearly as likely, and
sums proved neither these figures nor what stood beside them.
"""

SURE = 0.9
"""Probability below which a figure is in doubt anyway."""

LEAST_HEIGHT = 8
"""Pixels of a line under which its glyphs' heights tell nothing."""

MIDDLE = (0.3, 0.64)
"""Where a stroke runs that strikes a figure out, in heights of its line from the top. The bar of
a 4 lies lower, those of 2, 5 and 7 at the ends."""

THROUGH = 1.25
"""Length of a stroke through several digits, in heights of their line, at least: a digit's own
strokes are two thirds as long."""

BEYOND = 0.07
"""How far a stroke through one digit stands out on both sides of it, in heights, at least."""

LEAST_ALONE, THICKEST = 12, 0.25
"""Pixels of a digit's height in which a stroke through it can be told, and how much of that a
stroke takes at most: of 100 blurred zeros of nine pixels, filled, ten passed for struck out."""

SPECK = 0.2
"""Size of a piece beside the height of its line under which it is dirt beside digits."""

TWO_BARS = 0.24
"""Height of what lies across a 4 with such a stroke over its own bar, in heights, at least."""

ODD, ODD_PIXELS = 0.12, 1.5
"""How far a digit's top or foot may be from that of the others, in heights and in pixels."""

WIDER, WIDE = 0.35, 0.5
"""How much further apart two digits of a figure stand than its others do, at most, and how wide
the white between two of them is at least where that is told, in heights of the line."""

THOUSANDS = 3
"""Digits that a wider space may have behind it."""

FAR = 1.2
"""White between the digits of a figure of two, in heights, at most: full-width ones have 1.1."""

COMMON = 0.2
"""Share of a document's figures from which they are printed so, in a face with old-style digits,
and their standing tells nothing."""

FEWEST = 5
"""Such figures at least, for that."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is odd about how a figure's glyphs stand."""

    struck: bool = False
    odd: bool = False
    parted: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything is."""
        return self.struck or self.odd or self.parted


def standing_of(crop: NDArray[np.uint8], text: str) -> Standing:
    """Tell how the glyphs of a cell (H, W, 3) stand that is read as ``text``, digits only."""
    if min(crop.shape[:2]) < SMALLEST:
        return Standing()
    dark = kept_inks(crop)
    lines = find_ink(dark).lines
    if len(lines) != 1 or lines[0].height < LEAST_HEIGHT:
        return Standing()
    line = lines[0]
    top, bottom = max(0, math.floor(line.top)), math.ceil(line.bottom)
    left, right = max(0, math.floor(line.left)), math.ceil(line.right)
    mask = _without_specks(ink_mask(dark)[top:bottom, left:right])
    glyphs = _whole(glyphs_of(mask), mask)
    if not glyphs:
        return Standing()
    whole = len(glyphs) == len(text)
    struck = any(
        _struck(mask, glyph, text[n] if whole else text, alone=whole)
        for n, glyph in enumerate(glyphs)
    )
    several = 1 < len(glyphs) <= len(text)  # fewer where digits touch
    return Standing(struck, several and _odd(glyphs), several and whole and _parted(glyphs))


def _without_specks(mask: Mask) -> Mask:
    """Return a mask without pieces smaller than any stroke of a digit."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    kept = sizes >= SPECK * len(mask)
    kept[0] = False
    return mask if kept[1:].all() else np.asarray(kept[labels], np.uint8)


def _whole(glyphs: Sequence[Box], mask: Mask) -> list[Box]:
    """Return glyphs with whatever stands above or below them, such as the flag of a torn 5."""
    found = []
    for glyph in glyphs:
        columns = mask[:, int(glyph.left) : int(glyph.right)].any(axis=1)
        inked = np.flatnonzero(columns)
        found.append(Box(glyph.left, float(inked[0]), glyph.right, float(inked[-1] + 1)))
    return found


def _struck(mask: Mask, glyph: Box, text: str, *, alone: bool) -> bool:
    """Tell whether a lying stroke runs through the middle of a glyph, or of digits it joins.

    ``text`` is the digit it is read as where it stands ``alone``, else the whole figure.
    """
    own = mask[int(glyph.top) : int(glyph.bottom), int(glyph.left) : int(glyph.right)] > 0
    rows, columns = own.shape
    first, last = (round(share * rows) for share in MIDDLE)
    least = 0.9 * columns if alone else THROUGH * rows
    # a row with less ink than that has no such run
    full = np.flatnonzero(np.count_nonzero(own, axis=1) >= least).tolist()
    if not any(first <= n < last for n in full):
        return False
    runs = {n: _longest(own[n]) for n in full}
    across = [n for n, (length, _, _) in runs.items() if length >= least]
    if not any(first <= n < last for n in across):
        return False
    if text == "4" or "44" in text:  # whose own bar is as long, or joins the next one's
        return bool(across[-1] + 1 - across[0] > TWO_BARS * rows)
    if not alone:
        return True
    if rows < LEAST_ALONE or len(across) > THICKEST * rows:  # a blurred 0 is a blot
        return False
    # a single digit: its other rows, off the stroke's own, reach less far on either side
    longest = max(runs[n] for n in across if first <= n < last)
    _, start, end = longest
    at = next(n for n in across if first <= n < last and runs[n] == longest)
    thick = max(2, round(0.16 * rows))
    others = np.concatenate([own[: max(0, at - thick)], own[at + thick + 1 :]]).any(axis=0)
    inked = np.flatnonzero(others)
    beyond = max(1.0, BEYOND * rows)
    return bool(inked.size and inked[0] - start >= beyond and end - 1 - inked[-1] >= beyond)


def _longest(row: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Return the length, start and end of a row's longest run of ink."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    runs = [(int(b - a), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs, default=(0, 0, 0))


def _odd(glyphs: Sequence[Box]) -> bool:
    """Tell whether one of the glyphs is higher or lower than the others, or off their foot."""
    tall = float(np.median([glyph.height for glyph in glyphs]))
    most = max(ODD_PIXELS, ODD * tall)
    tops, feet = [glyph.top for glyph in glyphs], [glyph.bottom for glyph in glyphs]
    return max(tops) - min(tops) > most or max(feet) - min(feet) > most


def _parted(glyphs: Sequence[Box]) -> bool:
    """Tell whether the glyphs stand in groups that are no thousands."""
    tall = float(np.median([glyph.height for glyph in glyphs]))
    gaps = [after.left - before.right for before, after in pairwise(glyphs)]
    steps = [after.center[0] - before.center[0] for before, after in pairwise(glyphs)]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    if len(glyphs) == 2:
        return gaps[0] > FAR * tall
    behind = len(glyphs) - 1 - widest
    apart = steps[widest] - sorted(steps)[len(steps) // 2 - (len(steps) % 2 == 0)]
    return gaps[widest] > WIDE * tall and apart > WIDER * tall and behind != THOUSANDS


def without_uneven(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Put figures of a document in doubt whose glyphs do not stand as those of one figure do.

    Crops are (H, W, 3) uint8. Where many stand so it is how the page is printed.
    """
    told = {
        n: standing_of(crop, one.best.text)
        for n, (crop, one) in enumerate(zip(crops, readings, strict=True))
        if one.legible and one.best.probability >= SURE and one.best.text.isdecimal()
    }
    several = sum(len(readings[n].best.text) > 1 for n in told)
    odd = [n for n, standing in told.items() if standing.odd]
    common = len(odd) >= max(FEWEST, COMMON * several)
    found = list(readings)
    for n, standing in told.items():
        if standing.struck or standing.parted or (standing.odd and not common):
            found[n] = _unsure(readings[n])
    return tuple(found)


def _unsure(reading: Reading) -> Reading:
    best = reading.best
    more = (1 - UNSURE) / max(1 - best.probability, 1e-9)
    # what else was seen is as likely as it was beside the rest, but never likelier than the figure
    others = (min(UNSURE, c.probability * more) for c in reading.candidates[1:])
    candidates = [
        Candidate(c.text, -math.log(max(p * 0.9, 1e-12)))
        for c, p in zip(reading.candidates[1:], others, strict=True)
    ]
    return replace(reading, candidates=(Candidate(best.text, -math.log(UNSURE)), *candidates))
