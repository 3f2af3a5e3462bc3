"""Ink much paler than all print of a page is dirt, grain or shadow, and no figure.

A reader sees one cell and takes what is darkest in it for ink; in a blank cell on rough paper
that is the paper. How dark print is, the page's labels tell. Figures that fade do so by and by:
where some are neither dark nor pale, nothing is said of the pale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from document.reading import Candidate
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from document.reading import Reading

PALE, DARK = 0.3, 0.5
"""Contrast relative to that of print, below which ink is pale and from which it is dark.

Of 3,097 drawn figures on terrible pages 3 were paler than the first, all of them cut wrongly."""

MANY = 5
"""Pale crops of a page that are needed: a lone one may be a figure that is nearly gone."""

BETWEEN = 0.1
"""Share of a page's certain figures that may be neither dark nor pale, or 1 of them."""

CERTAIN = 0.9
"""Probability from which a reading counts as a figure of the page."""

BLANK = 0.98
"""Probability at most that a cell with pale ink is blank: the sums may still say otherwise."""


@dataclass(frozen=True, slots=True)
class _Shade:
    """How dark a crop's ink is relative to the page's print, and whether it is a sure figure."""

    share: float
    figure: bool


def contrast_of(crops: Sequence[NDArray[np.uint8]]) -> float:
    """Return how dark print is: the median contrast of crops of text, 0 where there are none."""
    found = sorted(
        ink.contrast for crop in crops if _large(crop) and (ink := find_ink(kept_inks(crop))).lines
    )
    return found[len(found) // 2] if found else 0.0


def without_dirt(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading], contrast: float
) -> tuple[Reading, ...]:
    """Take pale ink for what it is, in the crops (H, W, 3) of one page and their readings.

    ``contrast`` is that of the page's print. Readings of dark ink, and all of them where pale
    ink is rare or figures fade, stay as they are.
    """
    shades = {
        number: _Shade(ink.contrast / contrast, reading.best.probability >= CERTAIN)
        for number, (crop, reading) in enumerate(zip(crops, readings, strict=True))
        if contrast > 0 and _says_something(reading) and _large(crop)
        if (ink := find_ink(kept_inks(crop))).lines
    }
    pale = [number for number, shade in shades.items() if shade.share < PALE]
    figures = [shade.share for shade in shades.values() if shade.figure and shade.share >= PALE]
    between = sum(share < DARK for share in figures)
    if len(pale) < MANY or between > max(1.0, BETWEEN * len(figures)):
        return tuple(readings)
    cleared = list(readings)
    for number in pale:
        cleared[number] = _blank(readings[number])
    return tuple(cleared)


def _blank(reading: Reading) -> Reading:
    """Return a reading in which a blank is likeliest, and the rest is what it was."""
    others = [one for one in reading.candidates if one.text]
    blank = next((one.probability for one in reading.candidates if not one.text), 0.0)
    if blank >= BLANK:
        return reading
    rest = sum(one.probability for one in others)
    lower = math.log(max(rest, 1e-9) / (1 - BLANK))
    candidates = (
        Candidate("", -math.log(BLANK)),
        *(replace(one, cost=max(one.cost, one.cost + lower)) for one in others),
    )
    return replace(reading, candidates=candidates, legible=True)


def _says_something(reading: Reading) -> bool:
    """Tell whether a reading is anything but a sure blank."""
    return bool(reading.best.text) or not reading.legible or reading.best.probability < BLANK


def _large(crop: NDArray[np.uint8]) -> bool:
    return bool(min(crop.shape[:2]) >= SMALLEST)
