"""Where the figures of a table's columns stand in their cells, by those that are certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ocr.imprint import Taught

FEWEST, OF_COLUMN = 6, 4
"""Certain figures of a part, or of a column of it, that tell where its figures stand."""

STEADIER = 0.7
"""A column's figures stand at most so much closer together than the part's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the figures of a column stand in their cells; lengths in pixels of the page.

    ``side`` is where they are aligned: -1 left, 0 in the middle, 1 right; ``along`` how far that
    point is from the same point of the cell, ``above`` how far their middle is from the cell's;
    ``apart`` is how far, across and down, single figures are from there.
    """

    side: int
    along: float
    above: float
    apart: tuple[float, float]


def standing(
    lines: Sequence[Taught], shapes: Sequence[tuple[int, int]], least: int, side: int | None = None
) -> Standing | None:
    """Return how certain figures stand in their cells, rows and columns (H, W) each."""
    if len(lines) < least:
        return None
    above = np.array([one.box.center[1] - shapes[one.number][0] / 2 for one in lines])
    sides = {
        0: np.array([one.box.center[0] - shapes[one.number][1] / 2 for one in lines]),
        1: np.array([one.box.right - shapes[one.number][1] for one in lines]),
        -1: np.array([one.box.left for one in lines]),
    }
    if side is None:
        side = min(sides, key=lambda one: _deviation(sides[one]))
    apart = (_deviation(sides[side]), _deviation(above))
    return Standing(side, float(np.median(sides[side])), float(np.median(above)), apart)


def standings(
    lines: Sequence[Taught], shapes: Sequence[tuple[int, int]], columns: Sequence[int]
) -> dict[int, Standing]:
    """Return how the figures of each column of a part stand; nothing where few are certain."""
    whole = standing(lines, shapes, FEWEST)
    if whole is None:
        return {}
    found = dict.fromkeys(columns, whole)
    for column in found:
        mine = [one for one in lines if columns[one.number] == column]
        own = standing(mine, shapes, OF_COLUMN, whole.side)
        if own is not None:
            across, down = (
                max(STEADIER * a, b) for a, b in zip(whole.apart, own.apart, strict=True)
            )
            found[column] = Standing(own.side, own.along, own.above, (across, down))
    return found


def _deviation(values: NDArray[np.float64]) -> float:
    return float(np.median(np.abs(values - np.median(values))))
