"""Cells that hold more than their figure, or less: another's beside it, or a part of their own."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from document.geometry import hull_of
from models.digits.inputs import inks
from ocr.ink import SMALLEST, ink_mask
from ocr.kept import kept_inks
from ocr.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

CLOSE = 0.3
"""How far from a cell's side, in em, a digit stands that may be a part of a figure beyond it."""

INK, FAINTEST = 0.3, 0.2
"""Darkness, relative to the darkest of a crop but so much at least, from which something is ink."""

ALONG = 0.3
"""Share of a row in which what is left of the lines above and below a cell holds ink."""

BEYOND, TRIM = 1.2, 0.15
"""How far beyond a table's end, in em, the rest of a figure would begin, and the share of a cell's
height left out above and below there, where lines may run on."""

MARGIN, NEAR = 0.15, 0.15
"""Share of a cell's height above and below its figure in which a line beside it is seen, too, and
how far from its place, in em: a figure's stroke is not."""


def doubled(part: Part, polygons: Iterable[Polygon]) -> tuple[Box, ...]:
    """Return the cells in which two figures stand side by side, or one is cut at its side.

    Figures may stand at the left of their cells and headers in the middle, so that separators
    fitted to these are beside those. And strokes of figures above one another pass for a line:
    that runs through them. Then no figure of the line is known to be where it belongs.
    """
    return tuple(box for box in map(partial(_suspect, part), polygons) if box is not None)


def _suspect(part: Part, polygon: Polygon) -> Box | None:
    box = hull_of(polygon)
    if not part.sided(polygon):
        return box if _holds_two(_digits(_crop(part, box), part.em), part.em) else None
    if part.sided(polygon, throughout=True):
        return None
    lined = _lined(*part.wide_crop(polygon, 0.5), part.em)
    if not all(lined):
        bare = _bare(part, polygon)
        lined = lined[0] or bare[0], lined[1] or bare[1]
    if all(lined):
        return None
    cell = _crop(part, box)
    digits = _digits(cell, part.em)
    near, width = CLOSE * part.em, cell.shape[1]
    return box if _cut(digits, lined, near, width) or _holds_two(digits, part.em) else None


def _lined(wide: NDArray[np.uint8], left: int, right: int, em: float) -> tuple[bool, bool]:
    """Tell whether what stands at columns ``left`` and ``right`` reaches beyond a figure's height.

    ``wide`` (H, W, 3) is a cell with what stands beside it.
    """
    if min(wide.shape[:2]) < SMALLEST:
        return True, True
    dark = inks(wide)[:, :, 1]
    ink: NDArray[np.bool_] = dark > max(FAINTEST, INK * float(dark.max(initial=0.0)))
    free = np.flatnonzero(np.mean(ink, axis=1) < ALONG)
    if not len(free):
        return True, True
    ink = ink[free[0] : free[-1] + 1]
    margin, near = max(1, round(MARGIN * len(ink))), max(1, round(NEAR * em))
    strips = [
        np.asarray(ink[:, max(0, at - near) : at + near + 1].any(axis=1)) for at in (left, right)
    ]
    before, behind = (
        not strip.size or min(strip[:margin].mean(), strip[-margin:].mean()) >= 0.5
        for strip in strips
    )
    return before, behind


def _bare(part: Part, polygon: Polygon) -> tuple[bool, bool]:
    """Tell whether nothing stands beyond a cell at the left and right end of its table.

    The line there may be pale or torn, but of what is in the cell nothing lies behind it.
    """
    box, frame = hull_of(polygon), part.fragment.lattice.box
    wide, left, right = part.wide_crop(polygon, BEYOND)
    if min(wide.shape[:2]) < SMALLEST:
        return False, False
    dark = inks(wide)[:, :, 1]
    rows = slice(round(TRIM * len(dark)), len(dark) - round(TRIM * len(dark)))
    ink = dark[rows] > max(FAINTEST, INK * float(dark.max(initial=0.0)))
    near = max(1, round(NEAR * part.em))
    ends = abs(box.left - frame.left) < part.em, abs(frame.right - box.right) < part.em
    before, behind = ink[:, : max(0, left - near)], ink[:, right + near :]
    return (
        bool(ends[0] and before.size and not before.any()),
        bool(ends[1] and behind.size and not behind.any()),
    )


def _cut(digits: Sequence[Box], lined: tuple[bool, bool], near: float, width: int) -> bool:
    """Tell whether a digit stands ``near`` a side of a cell (pixels) where no line is."""
    return any(
        (not lined[0] and box.left <= near) or (not lined[1] and width - box.right <= near)
        for box in digits
    )


def _digits(cell: NDArray[np.uint8], em: float) -> list[Box]:
    """Return the pieces of ink in a cell (H, W, 3) that are as high as digits, from the left."""
    if min(cell.shape[:2]) < SMALLEST:
        return []
    pieces, _ = pieces_of(ink_mask(kept_inks(cell)))
    low, high = (share * em for share in DIGIT)
    digits = [piece.box for piece in pieces if low <= piece.box.height <= high]
    return sorted(digits, key=lambda box: box.left)


def _crop(part: Part, box: Box) -> NDArray[np.uint8]:
    left, top = part.origin
    rows = slice(max(0, round(box.top - top)), max(0, round(box.bottom - top)))
    columns = slice(max(0, round(box.left - left)), max(0, round(box.right - left)))
    return part.picture.image[rows, columns]


def _holds_two(digits: Sequence[Box], em: float) -> bool:
    """Tell whether two figures stand side by side among the digits of a cell."""
    gaps = [n for n, (a, b) in enumerate(pairwise(digits), 1) if b.left - a.right > APART * em]
    return any(
        abs(one.height - other.height) <= UNEVEN * em
        and abs(one.center[1] - other.center[1]) <= UNEVEN * em
        for n in gaps
        for one in digits[:n]
        for other in digits[n:]
    )
