"""Tables that stand closely beside one another: their lines are near, but none leads across.

A double rule within one table parts its rows as cleanly. But there the lines between rows go on
behind it at the same heights, unless cells are merged on one side of it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.rulings import Rulings

WHITE = 0.12
"""Breadth in em from which paper that no line along the rows leads across may part two tables."""

BORDER = 0.6
"""Within so many em of it both tables have an upright line."""

TALL = 2.0
"""Height of such a line, in em: two rows at least."""

AT = 1.0
"""How far from their uprights, in em, lines along the rows are looked for."""

AGREE = 0.3
"""Heights in em within which two lines are one that goes on."""

FEWER, MORE = 1, 2
"""So many lines of the one side and of the other end at the gap, where two tables meet there."""

NARROWEST = 8.0
"""Breadth of a table in em at least."""


def beside_one_another(found: Rulings, box: Box) -> tuple[Box, ...]:
    """Cut a region where two tables stand closely beside one another, from left to right."""
    rows = slice(max(0, int(box.top) - 2), int(box.bottom) + 3)
    left = max(0, int(box.left) - 2)
    columns = slice(left, int(box.right) + 3)
    level, plumb = found.level[rows, columns], found.plumb[rows, columns]
    cuts = [0, level.shape[1]]
    for start, stop in _gaps(level, found.em):
        roomy = min(start - cuts[-2], level.shape[1] - stop) >= NARROWEST * found.em
        if roomy and _two_tables(level, plumb, start, stop, found.em):
            cuts[-1:] = [start, stop, level.shape[1]]
    if len(cuts) == 2:
        return (box,)
    parts = []
    for begin, end in zip(cuts[::2], cuts[1::2], strict=True):
        heights = np.flatnonzero(level[:, begin:end].sum(axis=1) > found.em)
        if len(heights):
            top, bottom = rows.start + int(heights[0]), rows.start + int(heights[-1])
            parts.append(Box(left + begin, top, left + end - 1, bottom))
    return tuple(parts)


def _gaps(level: NDArray[np.bool_], em: float) -> list[tuple[int, int]]:
    """Return from where to where no line along the rows leads, inside of the mask."""
    inked = np.flatnonzero(level.any(axis=0))
    least = max(2.0, WHITE * em)
    return [(int(a) + 1, int(b)) for a, b in pairwise(inked) if b - a - 1 >= least]


def _two_tables(
    level: NDArray[np.bool_], plumb: NDArray[np.bool_], start: int, stop: int, em: float
) -> bool:
    near, reach = round(BORDER * em), max(2, round(AT * em))
    before = slice(max(0, start - reach), start), slice(max(0, start - near), start + near)
    behind = slice(stop, stop + reach), slice(max(0, stop - near), stop + near)
    sides = []
    for along, beside in (before, behind):
        if plumb[:, beside].sum(axis=0).max(initial=0) < TALL * em:
            return False
        sides.append(_heights(level[:, along]))
    apart = [
        sum(all(abs(one - other) > AGREE * em for other in others) for one in ones)
        for ones, others in (sides, sides[::-1])
    ]
    return min(apart) >= FEWER and max(apart) >= MORE


def _heights(level: NDArray[np.bool_]) -> list[float]:
    """Return the heights of the lines along the rows that fill a strip for the most part."""
    drawn = np.any(level, axis=1).astype(np.uint8)[:, None]
    count, labels, _, centers = cv2.connectedComponentsWithStats(drawn)
    lines = [(level[labels[:, 0] == n], float(centers[n][1])) for n in range(1, count)]
    return [height for line, height in lines if np.any(line, axis=0).mean() > 0.5]
