"""Digits that have faded nearly away: a figure that stands beside such a one is not sure.

Readers stretch a crop to its darkest ink: 8502 whose 8 was printed without toner is 502 to both.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from ocr.faint import RIM, UNSURE, ink_over_paper, is_as_high, planes_of
from ocr.ink import LOWEST_CELL, find_ink, ink_mask
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Box
    from document.reading import Reading

HIGH, WIDE, LEVEL, NEAR = (0.7, 1.25), (0.15, 1.1), 0.2, 0.5
"""Height and width of a faded digit, how far its middle may lie from that of its line, and how far
it may stand from the others, in heights of the line."""

BLURRED = 0.15
"""How far beside dark ink nothing is looked at, in heights of the line: its blur is there."""

OTHERS = 0.3
"""What else stands out from the paper, to the digit: more of it is grain, or a stain.

Of 3,011 sure figures of good and bad drawn tables one is told so, 1 of 3,003 right ones; of 40
whose one digit had faded to a fiftieth or a third 20, most of the others seen by nobody."""


def without_faded(
    crops: Sequence[NDArray[np.uint8]], ems: Sequence[float], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Take certainty from figures beside which, or amid which, a digit has faded.

    ``crops`` (H, W, 3) are cells in their own colours, ``ems`` the sizes of their print in pixels.
    """
    return tuple(
        _lowered(reading) if _is_sure_figure(reading) and has_faded(crop, em) else reading
        for crop, em, reading in zip(crops, ems, readings, strict=True)
    )


def has_faded(crop: NDArray[np.uint8], em: float) -> bool:
    """Tell whether something as large as a digit stands out, faintly, in the line of a figure."""
    rim = max(1, round(RIM * em))
    if min(crop.shape[:2]) < LOWEST_CELL + 2 * rim:
        return False
    dark = kept_inks(crop)
    lines = find_ink(dark).lines
    if len(lines) != 1:
        return False
    line = lines[0]
    inked = ink_mask(dark)[max(0, int(line.top)) : int(line.bottom)].max(axis=0, initial=0)
    reach = max(1, round(BLURRED * line.height))
    row = inked.reshape(1, -1)
    near = np.asarray(cv2.dilate(row, np.ones((1, 2 * reach + 1), np.uint8)))
    free = near[0] == 0
    free[:rim] = free[-rim:] = False
    for plane, least, grains in planes_of(crop, em):
        ink, level = ink_over_paper(plane, least, grains)
        mask = ((ink > level) & free[None]).astype(np.uint8)
        mask[:rim] = mask[-rim:] = 0
        if _holds_a_digit(mask, line):
            return True
    return False


def _holds_a_digit(mask: NDArray[np.uint8], line: Box) -> bool:
    """Tell whether a piece of a mask (h, w) is like a digit of a line, and the only one."""
    high = line.height
    if not is_as_high(mask, HIGH[0] * high):
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    whole = int(mask.sum())
    return any(
        HIGH[0] * high <= height <= HIGH[1] * high
        and WIDE[0] * high <= width <= WIDE[1] * high
        and abs(y + height / 2 - line.center[1]) < LEVEL * high
        and line.left - NEAR * high < x + width
        and x < line.right + NEAR * high
        and whole - area <= OTHERS * area
        for x, y, width, height, area in stats[1:].tolist()
    )


def _is_sure_figure(reading: Reading) -> bool:
    best = reading.candidates[0] if reading.candidates else None
    return bool(best and reading.legible and best.text and best.probability > UNSURE)


def _lowered(reading: Reading) -> Reading:
    first = Candidate(reading.best.text, -math.log(UNSURE))
    return replace(reading, candidates=(first, *reading.candidates[1:]))
