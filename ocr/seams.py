"""Glyphs that lie on the side of a cell where no line was drawn, so that they are in no cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.digits.inputs import inks

if TYPE_CHECKING:
    from numpy.typing import NDArray

INK = 0.2
"""Darkness, against paper, from which something is ink."""

SEAM, LEAST = 0.2, 2
"""How far from a side a glyph that lies on it reaches, in heights of a row, and in pixels."""

GLYPH = 0.25
"""Height of a glyph at least, in heights of a row."""


def hides_a_glyph(wide: NDArray[np.uint8], left: int, right: int) -> bool:
    """Tell whether a glyph may stand on a side of the blank cell between two columns of ``wide``.

    Where a side is only supposed, a lone digit may lie on it whole, and in neither cell.
    """
    dark = inks(wide)[:, :, 1]
    return bool(dark[:, left:right].max(initial=0.0) <= INK) and on_a_side(dark, left, right)


def on_a_side(dark: NDArray[np.float32], left: int, right: int) -> bool:
    """Tell whether ink (h, w), with paper above and below, is as high as a glyph on a side."""
    rows = len(dark)
    reach = max(LEAST, round(SEAM * rows))
    for side in (left, right):
        inked = dark[:, max(0, side - reach) : side + reach].max(axis=1, initial=0.0) > INK
        edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]])))
        runs = zip(edges[::2], edges[1::2], strict=True)
        if any(a > 0 and b < rows and b - a >= GLYPH * rows for a, b in runs):
            return True
    return False
