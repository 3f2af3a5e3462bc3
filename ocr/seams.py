"""Glyphs that lie on the side of a cell where no line was drawn, so that they are in no cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.inputs import inks

if TYPE_CHECKING:
    from numpy.typing import NDArray

INK = 0.2
"""Darkness, against paper, from which something is ink."""

SEAM, LEAST = 0.2, 2
"""How far from a side a glyph that lies on it reaches, in heights of a row, and in pixels."""

BROAD = 0.25
"""Breadth of a glyph that is no piece of a line, in heights of a row."""

GLYPH = 0.25
"""Height of a glyph at least, in heights of a row."""

LINE, LINE_END, FRINGE = 0.35, 2, 1
"""Share of rows in which a line that is torn still holds ink; rows of a crop at one end of which
it does (no glyph does); and columns beside it that are as dark as glyphs by its blur."""


def hides_a_glyph(wide: NDArray[np.uint8], left: int, right: int, *, sided: bool = False) -> bool:
    """Tell whether a glyph may stand on a side of the blank cell between two columns of ``wide``.

    Where a side is only supposed, a lone digit may lie on it whole, and in neither cell. Where
    lines seem to be drawn there (``sided``) it must be broader than they are: the strokes of
    digits, too, can be taken for a line.
    """
    dark = inks(wide)[:, :, 1]
    if dark[:, left:right].max(initial=0.0) > INK:
        return False
    beside = not sided and _within_a_line(dark, left, right)
    return beside or on_a_side(dark, left, right, sided=sided)


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
