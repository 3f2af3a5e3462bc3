"""Ruling lines that run through a crop and are read as a dash: where rows are misplaced.

A dash stands in its cell with paper at both its ends; a line goes on to the next cell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.digits.inputs import inks
from ocr.ink import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

DASHES = frozenset("-—–一")
"""What a line may be read as."""

INK = 0.2
"""Darkness, against paper, from which something is ink."""

THROUGH = 0.85
"""Share of a crop's width above which a level stroke is a line."""

NEAR = 0.06
"""How far a line may lie higher at one side than at the other, in heights of the crop."""


def without_lines(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Call dashes illegible that go through the whole of their crops (H, W, 3)."""
    return tuple(
        replace(reading, legible=False)
        if reading.best.text in DASHES and runs_through(crop)
        else reading
        for crop, reading in zip(crops, readings, strict=True)
    )


def runs_through(crop: NDArray[np.uint8]) -> bool:
    """Tell whether a level stroke goes from one side of a crop (H, W, 3) to the other."""
    if min(crop.shape[:2]) < SMALLEST:
        return False
    dark = inks(crop)[:, :, 1] > INK
    reach = max(1, round(NEAR * len(dark)))
    covered = [dark[max(0, y - reach) : y + reach + 1].any(axis=0).mean() for y in range(len(dark))]
    return bool(np.max(covered) > THROUGH)
