"""Glyphs that lie on the side of a cell where no line was drawn, so that they are in no cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.inputs import inks
from ocr.ink import SMALLEST
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from numpy.typing import NDArray

INK = 0.2
"""Darkness, against paper, from which something is ink."""

SURELY = 2.0
"""How many times as dark ink is that is so with more or less paper around it: that moves what is
taken for paper by a tenth at most."""

SEAM, LEAST = 0.2, 2
"""How far from a side a glyph that lies on it reaches, in heights of a row, and in pixels."""

BROAD = 0.25
"""Breadth of a glyph that is no piece of a line, in heights of a row."""

GLYPH = 0.25
"""Height of a glyph at least, in heights of a row."""

LINE, LINE_END, FRINGE = 0.35, 2, 1
"""Share of rows in which a line that is torn still holds ink; rows of a crop at one end of which
it does (no glyph does); and columns beside it that are as dark as glyphs by its blur."""

JOINT = 0.06
"""Half the gap between pieces of one glyph, in em."""

THIN, LONG = 0.3, 1.2
"""Breadth at most and length at least, in em, of what is left of an upright line, no glyph."""


def hides_a_glyph(wide: NDArray[np.uint8], left: int, right: int, *, sided: bool = False) -> bool:
    """Tell whether a glyph may stand on a side of the blank cell between two columns of ``wide``.

    Where a side is only supposed, a lone digit may lie on it whole, and in neither cell. Where
    lines seem to be drawn there (``sided``) it must be broader than they are: the strokes of
    digits, too, can be taken for a line. Of a cell whose lines cross, or lie beside the picture,
    there is nothing to see, and its glyphs stand anywhere.
    """
    if not wide.size:
        return True
    dark = inks(wide)[:, :, 1]
    if dark[:, left:right].max(initial=0.0) > INK:
        return False
    beside = not sided and _within_a_line(dark, left, right)
    return beside or on_a_side(dark, left, right, sided=sided)


def surely_inked(crop: NDArray[np.uint8]) -> bool:
    """Tell whether a cell (H, W, 3) holds ink, whatever more of its paper would be seen.

    ``hides_a_glyph`` says no of such a cell, and what is told here its readers ask for anyway.
    """
    if min(crop.shape[:2]) < SMALLEST:
        return False
    return bool(kept_inks(crop)[:, :, 1].max() > SURELY * INK)


def lies_on_a_line(tall: NDArray[np.uint8], top: int, bottom: int, em: float) -> bool:
    """Tell whether a glyph may stand on the upper or lower line of the cell in a crop.

    The cell reaches from row ``top`` to row ``bottom`` of ``tall``, which shows paper above and
    below it; ``em`` is in its pixels. Where such a line is only supposed, a figure may lie on
    it, and what of it is in the cell be taken for what is left of a line.

    Of 90 figures on eleven terrible pages, their cells moved up and down by 0.2 to 0.7 of a
    row, 177 of 1,080 readings were blank, each of them with its figure on a line.
    """
    if not tall.size:
        return True  # as of a cell between crossed lines, see above
    inked = (inks(tall)[:, :, 1] > INK).astype(np.uint8)
    # worn print is in pieces: those near one another are one
    joint = max(1, round(JOINT * em))
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((2 * joint + 1,) * 2, np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    reach = max(LEAST, round(SEAM * em))
    return any(
        height >= GLYPH * em
        and not (width <= THIN * em and height >= LONG * em)
        and any(y - reach < line < y + height + reach for line in (top, bottom))
        for _, y, width, height, _ in stats[1:].tolist()
    )


def _within_a_line(dark: NDArray[np.float32], left: int, right: int) -> bool:
    """Tell whether ink as high as a glyph stands between a supposed side and a line beyond it.

    Lines are not so near to one another: the line is the side, and the glyph is the cell's.
    """
    rows = len(dark)
    for beyond in (dark[:, :left][:, ::-1], dark[:, right:]):
        inked = beyond > INK
        ends = inked[:LINE_END].any(axis=0) | inked[-LINE_END:].any(axis=0)
        lines = np.flatnonzero(ends & (inked.mean(axis=0) >= LINE))
        if not lines.size:
            continue
        held = np.asarray(inked[:, : max(0, int(lines[0]) - FRINGE)].any(axis=1))
        if any(a > 0 and b < rows and b - a >= GLYPH * rows for a, b in _runs(held)):
            return True
    return False


def _runs(inked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return from where to where rows hold ink one after another."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _broad_on_a_side(dark: NDArray[np.float32], left: int, right: int) -> bool:
    """Tell whether a piece of ink (h, w) on a side is as high and as broad as a glyph."""
    rows = len(dark)
    reach = max(LEAST, round(SEAM * rows))
    for side in (left, right):
        near = dark[:, max(0, side - rows) : side + rows] > INK
        _, _, stats, _ = cv2.connectedComponentsWithStats(near.astype(np.uint8), connectivity=8)
        at = min(side, rows)
        for x, y, width, height, _ in stats[1:].tolist():
            within = y > 0 and y + height < rows and GLYPH * rows <= height
            if within and BROAD * rows <= width < rows and x - reach < at < x + width + reach:
                return True
    return False


def on_a_side(dark: NDArray[np.float32], left: int, right: int, *, sided: bool = False) -> bool:
    """Tell whether ink (h, w), with paper above and below, is as high as a glyph on a side.

    Where lines seem to be drawn there (``sided``) it must be broad, too.
    """
    if sided and not _broad_on_a_side(dark, left, right):
        return False
    rows = len(dark)
    reach = max(LEAST, round(SEAM * rows))
    for side in (left, right):
        inked = dark[:, max(0, side - reach) : side + reach].max(axis=1, initial=0.0) > INK
        if any(a > 0 and b < rows and b - a >= GLYPH * rows for a, b in _runs(inked)):
            return True
    return False
