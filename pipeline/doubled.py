"""Cells in which two figures stand beside one another: one of them is a neighbour's."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ocr.ink import SMALLEST, ink_mask
from ocr.kept import kept_inks
from ocr.pieces import pieces_of
from pipeline.misplaced import hull_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Box, Polygon
    from pipeline.sight import Part

APART = 2.0
"""Paper between two figures of one cell, in em, from which they are not one: thousands are parted
by half a character at most."""

DIGIT = (0.45, 1.1)
"""Height of a digit, in em: specks are lower, ticks and strokes of a seal higher."""

UNEVEN = 0.15
"""How far in em digits of one line may differ in height, or stand above one another: dirt is of
any size, at any height."""


def doubled(part: Part, polygons: Iterable[Polygon]) -> tuple[Box, ...]:
    """Return the cells in which two figures stand side by side, their sides only supposed.

    Figures may stand at the left of their cells and headers in the middle, so that separators
    fitted to these are beside those. Then no figure of the line is known to be where it belongs.
    """
    boxes = (hull_of(polygon) for polygon in polygons if not part.sided(polygon))
    return tuple(box for box in boxes if _holds_two(_crop(part, box), part.em))


def _crop(part: Part, box: Box) -> NDArray[np.uint8]:
    left, top = part.origin
    rows = slice(max(0, round(box.top - top)), max(0, round(box.bottom - top)))
    columns = slice(max(0, round(box.left - left)), max(0, round(box.right - left)))
    return part.picture.image[rows, columns]


def _holds_two(cell: NDArray[np.uint8], em: float) -> bool:
    if min(cell.shape[:2]) < SMALLEST:
        return False
    pieces, _ = pieces_of(ink_mask(kept_inks(cell)))
    low, high = (share * em for share in DIGIT)
    digits = [piece.box for piece in pieces if low <= piece.box.height <= high]
    digits.sort(key=lambda box: box.left)
    gaps = [n for n, (a, b) in enumerate(pairwise(digits), 1) if b.left - a.right > APART * em]
    return any(
        abs(one.height - other.height) <= UNEVEN * em
        and abs(one.center[1] - other.center[1]) <= UNEVEN * em
        for n in gaps
        for one in digits[:n]
        for other in digits[n:]
    )
