"""Ruling lines that run through a crop and are read as a dash: where rows are misplaced.

A dash stands in its cell with paper at both its ends; a line goes on to the next cell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ocr.ink import SMALLEST
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

DASHES = frozenset("-—–一")
"""What a line may be read as."""

INK = 0.5
"""Darkness of a line, relative to the darkest of a crop, from which it is there: grain is paler."""

THROUGH = 0.92
"""Share of a crop's width above which a level stroke is a line."""

NEAR = 0.06
"""How far a line may lie higher at one side than at the other, in heights of the crop."""


def without_lines(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading], framed: Sequence[bool]
) -> tuple[Reading, ...]:
    """Call dashes illegible that go through the whole of their crops (H, W, 3).

    ``framed`` tells of each whether its own lines are drawn above and below it: then what lies
    between them is none.
    """
    return tuple(
        replace(reading, legible=False)
        if not drawn and reading.best.text in DASHES and runs_through(crop)
        else reading
        for crop, reading, drawn in zip(crops, readings, framed, strict=True)
    )


def runs_through(crop: NDArray[np.uint8]) -> bool:
    """Tell whether a level stroke goes from one side of a crop (H, W, 3) to the other."""
    if min(crop.shape[:2]) < SMALLEST:
        return False
    share = kept_inks(crop)[:, :, 1]
    dark = share > INK * float(share.max())
    reach = max(1, round(NEAR * len(dark)))
    covered = [dark[max(0, y - reach) : y + reach + 1].any(axis=0).mean() for y in range(len(dark))]
    return bool(np.max(covered) > THROUGH)
