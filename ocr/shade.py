"""Figures on the edge of a shadow: read once more with the light that falls on the cell evened.

The readers stretch a crop between its darkest and its brightest; where a hard shadow crosses it,
the shadow takes the place of ink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocr.ink import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

    Image = NDArray[np.uint8]

DOUBTFUL = 0.98
"""Probability of a reading below which its light is looked at."""

STROKE = 0.3
"""Breadth beside the height of a crop, and no less than ``LEAST`` pixels, of what is no ink."""

LEAST = 9
"""Pixels of it."""

EDGE = 0.85
"""Brightness of the darker tenth of the paper beside the brighter one's, at most, for a shadow."""

DARKEST = 0.25
"""The same at least: what is darker is a blot, under which figures may be hidden."""

SURE = 0.9
"""Probability from which what is read in even light counts."""


def in_even_light(
    crops: Sequence[Image],
    readings: Sequence[Reading],
    figures: Callable[[Sequence[Image]], tuple[Reading, ...]],
) -> Sequence[Reading]:
    """Read doubtful figures again that a shadow's edge runs through, each crop (H, W, 3).

    ``figures`` takes crops to their readings. Only figures count: a cell that looks empty then
    may have been emptied by what was done to it.
    """
    evened = {
        number: even
        for number, (crop, reading) in enumerate(zip(crops, readings, strict=True))
        if reading.best.probability < DOUBTFUL and (even := evenly_lit(crop)) is not None
    }
    if not evened:
        return readings
    found = list(readings)
    for number, again in zip(evened, figures([*evened.values()]), strict=True):
        best = again.best
        digits = any(character.isdecimal() for character in best.text)
        if (
            digits
            and again.legible
            and best.probability > max(SURE, found[number].best.probability)
        ):
            found[number] = again
    return found


def evenly_lit(crop: Image) -> Image | None:
    """Return a crop (H, W, 3) divided by the light on its paper; None where that is even.

    The paper is what a closing leaves that is broader than strokes: a shadow keeps its edge.
    """
    if min(crop.shape[:2]) < SMALLEST:
        return None
    side = max(LEAST, round(STROKE * crop.shape[0])) | 1
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    dark, bright = np.percentile(paper, (10, 90))
    if not DARKEST * bright < dark < EDGE * bright:
        return None
    paper = cv2.GaussianBlur(paper, (0, 0), 1.0)
    light = np.maximum(paper, 1).astype(np.float32)[..., None]
    return np.asarray(np.clip(crop / light * 245, 0, 255), np.uint8)
