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


def hides_a_glyph(wide: NDArray[np.uint8], left: int, right: int, *, sided: bool = False) -> bool:
    """Tell whether a glyph may stand on a side of the blank cell between two columns of ``wide``.

    Where a side is only supposed, a lone digit may lie on it whole, and in neither cell. Where
    lines seem to be drawn there (``sided``) it must be broader than they are: the strokes of
    digits, too, can be taken for a line.
    """
    dark = inks(wide)[:, :, 1]
    blank = dark[:, left:right].max(initial=0.0) <= INK
    return bool(blank) and on_a_side(dark, left, right, sided=sided)


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
        edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]])))
        runs = zip(edges[::2], edges[1::2], strict=True)
        if any(a > 0 and b < rows and b - a >= GLYPH * rows for a, b in runs):
            return True
    return False
