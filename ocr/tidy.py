"""Doubtful cells without what does not stand where a table's figures stand.

A table sets all its figures alike: at one height, in the middle of their cells or at one side.
Where dirt, strokes of a seal or a copier's specks share a cell with its figure, the pieces of
ink that are as tall as figures and stand where they do are kept, and the cell is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from document.geometry import Box, hull
from document.reading import Candidate, Reading
from ocr.ink import SMALLEST, find_ink, ink_mask
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Image: TypeAlias = NDArray[np.uint8]

CERTAIN, DOUBTFUL = 0.97, 0.9
"""Probability from which a figure tells where figures stand, and below which it is tidied."""

MANY = 8
"""Certain figures of a table that are needed to know where figures stand."""

MOST_LOOKED_AT = 60

ALIKE = 0.35
"""Median deviation, in heights of a digit, up to which figures stand at the same place."""

TALL = (0.6, 1.3)
"""Heights of a digit's pieces, relative to the usual one."""

BAND = 0.68
"""Heights of a digit above and below the middle of the figures in which their ink stands."""

NEAR = 0.8
"""Heights of a digit between where figures stand and the nearest piece of one."""

GAPS = (0.2, 0.45)
"""Heights of a digit between pieces of one figure at most: for digits set close, and for wide."""

WORTH = 0.8
"""What the tidied cell's reading is worth beside the whole cell's: never enough by itself."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a table's figures are set; lengths in pixels.

    ``side`` is where they are aligned: -1 left, 0 in the middle, 1 right; ``along`` is how far
    that point is from the same point of the cell, ``above`` how far their middle is from the
    cell's, and ``height`` how tall a digit is.
    """

    height: float
    side: int
    along: float
    above: float


def setting_of(crops: Sequence[Image], readings: Sequence[Reading]) -> Setting | None:
    """Return how the certain figures of a table are set; None where they are few or not alike."""
    boxes = []
    for crop, reading in zip(crops, readings, strict=True):
        if reading.best.probability < CERTAIN or not reading.best.text.isdigit():
            continue
        ink = find_ink(kept_inks(crop))
        if len(ink.lines) == 1:
            boxes.append((ink.lines[0], crop.shape[1], crop.shape[0]))
        if len(boxes) == MOST_LOOKED_AT:
            break
    if len(boxes) < MANY:
        return None
    height = float(np.median([box.height for box, _, _ in boxes]))
    above = np.array([box.center[1] - rows / 2 for box, _, rows in boxes])
    sides = {
        0: np.array([box.center[0] - columns / 2 for box, columns, _ in boxes]),
        1: np.array([box.right - columns for box, columns, _ in boxes]),
        -1: np.array([box.left for box, _, _ in boxes]),
    }
    side = min(sides, key=lambda one: _deviation(sides[one]))
    if max(_deviation(sides[side]), _deviation(above)) > ALIKE * height:
        return None
    return Setting(height, side, float(np.median(sides[side])), float(np.median(above)))


def tidied(crop: Image, setting: Setting) -> tuple[Image, ...]:
    """Return a cell with only the ink that stands where a figure would, in up to two ways.

    Nothing is returned where no ink stands there, or no other.
    """
    if min(crop.shape[:2]) < SMALLEST:
        return ()
    rows, columns = crop.shape[:2]
    tall = setting.height
    middle = rows / 2 + setting.above
    mask = ink_mask(kept_inks(crop))
    everything = _boxes(mask)
    whole = cv2.countNonZero(mask)
    # what dirt adds above and below a digit is cut off
    mask[: max(0, round(middle - BAND * tall))] = 0
    mask[max(0, round(middle + BAND * tall)) :] = 0
    found = _boxes(mask)
    pieces = [
        box
        for box in found
        if _digit_sized(box, tall) and abs(box.center[1] - middle) <= ALIKE * tall
    ]
    boxes = []
    for gap in GAPS:
        kept = _chain(pieces, setting, columns, gap * tall)
        same = len(kept) == len(found) and cv2.countNonZero(mask) == whole
        if kept and not same and (box := hull(kept)) not in boxes:
            boxes.append(box)
    if any(_stacked(box, everything, tall) for box in boxes):
        return ()
    return tuple(_alone(crop, box, max(1, round(0.15 * tall))) for box in boxes)


def _boxes(mask: NDArray[np.uint8]) -> list[Box]:
    """Return the boxes of the pieces of a mask."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [Box(x, y, x + w, y + h) for x, y, w, h, _ in stats[1:count].tolist()]


def _digit_sized(box: Box, tall: float) -> bool:
    return TALL[0] * tall <= box.height <= TALL[1] * tall and box.width <= TALL[1] * tall


def _stacked(box: Box, pieces: Sequence[Box], tall: float) -> bool:
    """Tell whether something as tall as a digit stands above or below: the figure goes on there."""
    return any(
        _digit_sized(one, tall)
        and abs(one.center[1] - box.center[1]) > 0.8 * tall
        and one.left < box.right
        and box.left < one.right
        for one in pieces
    )


def _alone(crop: Image, box: Box, rim: int) -> Image:
    """Return a cell with nothing but what is in a box and a few pixels around it."""
    clean = np.empty_like(crop)
    clean[:] = np.percentile(crop, 80, axis=(0, 1)).astype(np.uint8)
    top, bottom = max(0, int(box.top) - rim), int(box.bottom) + rim
    left, right = max(0, int(box.left) - rim), int(box.right) + rim
    clean[top:bottom, left:right] = crop[top:bottom, left:right]
    return clean


def weighed(whole: Reading, tidy: Sequence[Reading]) -> Reading:
    """Join what the whole cell and the tidied ones are read as; none is sure by itself."""
    said = [one for one in tidy if one.legible and one.best.text.isdigit()]
    if not said:
        return whole
    chances = {one.text: (1 - WORTH) * one.probability for one in whole.candidates}
    for reading in said:
        for one in reading.candidates:
            chances[one.text] = chances.get(one.text, 0.0) + WORTH / len(said) * one.probability
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple(Candidate(t, max(0.0, -float(np.log(max(p, 1e-12))))) for t, p in ranked)
    return Reading(candidates, legible=True, opinions=whole.opinions)


def _chain(pieces: Sequence[Box], setting: Setting, columns: int, gap: float) -> list[Box]:
    """Return the pieces of one figure: the nearest to where it should be, and what joins it.

    ``gap`` is how many pixels may lie between two of them.
    """
    at = {0: columns / 2, 1: float(columns), -1: 0.0}[setting.side] + setting.along

    def off(box: Box) -> float:
        if setting.side == 0:
            return max(0.0, box.left - at, at - box.right)
        return abs((box.right if setting.side > 0 else box.left) - at)

    if not pieces or off(first := min(pieces, key=off)) > NEAR * setting.height:
        return []
    kept, waiting = [first], [box for box in pieces if box is not first]
    while joined := [b for b in waiting if any(_gap(b, other) <= gap for other in kept)]:
        kept += joined
        waiting = [box for box in waiting if box not in joined]
    return kept


def _gap(a: Box, b: Box) -> float:
    return max(a.left, b.left) - min(a.right, b.right)


def _deviation(values: NDArray[np.float64]) -> float:
    return float(np.median(np.abs(values - np.median(values))))
