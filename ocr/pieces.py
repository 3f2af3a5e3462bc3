"""Connected pieces of ink, and which of them are left over from ruling lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray


RIM = 2
"""Pixels at the rim of a crop that the halo of a ruling line reaches; no figure fits there."""

STROKE, THICK_STROKE = 0.6, 0.8
"""Share of its box that a lying stroke fills, and one higher than ``THIN`` pixels: digits that
run together fill up to 0.7."""

THIN = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A connected piece of ink: its box, its pixels, and how many of them keep off the rim."""

    box: Box
    area: int
    inner: int

    @property
    def size(self) -> float:
        """The longer side of its box, in pixels."""
        return max(self.box.width, self.box.height)

    @property
    def is_stroke(self) -> bool:
        """Tell whether it is a long, thin, lying stroke: a dash, or a line under a figure."""
        long, thin = self.box.width, self.box.height
        solid = STROKE if thin <= THIN else THICK_STROKE
        return long >= 9 * thin or (long >= 2.5 * thin and self.area >= solid * long * thin)


def pieces_of(mask: NDArray[np.uint8]) -> tuple[list[Piece], list[Piece]]:
    """Part the mask into pieces of ink and remnants of ruling lines at the rim."""
    rows, columns = mask.shape
    cut = _without_rim_lines(mask)
    remnants: list[Piece] = []
    pieces: list[Piece] = []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cut, connectivity=8)
    rim = RIM if min(rows, columns) >= 5 * RIM else 0
    inner: list[int] = []
    for number, (x, y, width, height, area) in enumerate(stats[1:count].tolist(), start=1):
        clear = min(x, y) >= rim and x + width <= columns - rim and y + height <= rows - rim
        if not clear and not inner:
            within = labels[rim : rows - rim, rim : columns - rim]
            inner = np.bincount(within.ravel(), minlength=count).tolist()
        box = Box(x, y, x + width, y + height)
        piece = Piece(box, area, area if clear else inner[number])
        (remnants if _is_remnant(piece, rows, columns) else pieces).append(piece)
    return pieces, remnants


def is_blot(piece: Piece, calm: NDArray[np.float32]) -> bool:
    """Tell whether a piece is round, filled and as dark in its middle as anywhere: dirt is.

    Of figures only those of very few pixels are as round, and their middles are paler.
    """
    box = piece.box
    wide, high = box.width, box.height
    if max(wide, high) > 1.15 * min(wide, high) or piece.area < 0.55 * wide * high:
        return False
    x, y = int(box.center[0]), int(box.center[1])
    whole = calm[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    return bool(calm[max(0, y - 1) : y + 1, max(0, x - 1) : x + 1].mean() >= 0.85 * whole.max())


def _without_rim_lines(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Clear rows and columns that are ink nearly all along: ruling lines."""
    rows, columns = mask.shape
    across = np.add.reduce(mask, axis=1, dtype=np.intp) / columns
    lying = _ruled(across, max(2, round(0.15 * rows)), (0.6, 0.9), 0.09 * rows)
    near = max(2, min(round(0.15 * columns), rows // 4))
    down = np.add.reduce(mask, axis=0, dtype=np.intp) / rows
    standing = _ruled(down, near, (0.85, 0.96), 0.12 * rows)
    if lying is None and standing is None:
        return mask
    cut = mask.copy()
    if lying is not None:
        cut[lying] = 0
    if standing is not None:
        cut[:, standing] = 0
    return cut


def _ruled(
    coverage: NDArray[np.float64], near: int, shares: tuple[float, float], thickest: float
) -> NDArray[np.bool_] | None:
    """Tell which rows (or columns) belong to a ruling line, or lie between one and the rim.

    ``coverage`` is the share of each that is ink. Within ``near`` pixels of the rim the first
    of ``shares`` suffices. A stroke from rim to rim (the second share) is a line wherever it
    stands, unless it is thicker than ``thickest``: text keeps off the rim. None where none is.
    """
    rim, anywhere = shares
    if coverage.max(initial=0.0) <= min(shares):
        return None
    ruled = np.zeros(len(coverage), dtype=bool)
    for flags in (ruled, ruled[::-1]):
        along = coverage if flags is ruled else coverage[::-1]
        inner = np.flatnonzero(along[:near] > rim)
        if inner.size:
            flags[: inner[-1] + 1] = True
    full = coverage > anywhere
    for first, last in _runs(full):
        if last - first <= max(2.0, thickest):
            ruled[first:last] = True
    # The frayed edges of a line go with it.
    for _ in range(2 if ruled.any() else 0):
        beside = np.zeros_like(ruled)
        beside[1:] = ruled[:-1]
        beside[:-1] |= ruled[1:]
        ruled |= beside & (coverage > 0.3)
    return ruled


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return from where to where flags are set one after another."""
    if not flags.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _is_remnant(piece: Piece, rows: int, columns: int) -> bool:
    """Tell whether a piece touches the rim and looks like what is left of a ruling line."""
    box = piece.box
    beside = box.left <= 1 or box.right >= columns - 1
    above = box.top <= 1 or box.bottom >= rows - 1
    thin = max(2.0, 0.1 * rows)
    lying = above and box.height <= thin and box.width >= 1.2 * box.height
    through = box.top <= 1 and box.bottom >= rows - 1
    standing = (box.width <= 1.6 * thin and through) or (
        box.width <= thin and beside and (above or box.height > 0.75 * rows)
    )
    # A sliver of a line that the crop just grazes; a digit is wider than that.
    sliver = (beside and box.width <= max(1.0, 0.04 * rows)) or (
        above and box.height <= max(1.0, 0.04 * rows)
    )
    # A narrow upright piece at the very side: text keeps off the rim, lines do not.
    edge = (box.left <= 1 or box.right >= columns - 1) and box.width <= 0.3 * box.height
    return not piece.inner or lying or standing or sliver or edge
