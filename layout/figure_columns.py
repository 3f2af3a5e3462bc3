"""Where figures stand above one another: what a column of a fitted table may hold, and may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.plan import Plan

BLANK = 1.2
"""What a column of figures without any ink costs."""

TWO = 1.2
"""What each further heap of figures in one column costs."""

MARGIN = 0.15
"""Share of an em below and above a row's separators that is not looked at."""

INSET = 0.35
"""Reach, in em, of a separator, on which no figure counts."""

THIN = 0.25
"""Width, in em, up to which ink above ink is what is left of a line."""

WITHIN = 0.9
"""White, in em, up to which ink belongs to one figure, or to figures of one column."""

HEAPED = 0.25
"""Share of the rows that have ink where figures stand above one another."""


class FigureColumns:
    """The ink of a plan's rows of figures, between two places along x."""

    def __init__(
        self,
        letters: NDArray[np.bool_],
        plan: Plan,
        ys: Sequence[int],
        sides: tuple[int, int],
        em: float,
    ) -> None:
        """Measure the rows of ``letters`` (height, width) between the separators ``ys``."""
        begin, end = sides
        margin = max(1, round(MARGIN * em))
        rows = sorted({cell.row for cell in plan.cells if cell.figure})
        ink = {
            row: letters[ys[row] + margin : ys[row + 1] - margin, begin:end].sum(axis=0)
            for row in rows
        }
        self._least = 0.04 * em * em
        self._inset = max(1, round(INSET * em))
        self._sums: dict[int, NDArray[np.float64]] = {}
        for j in range(plan.columns):
            own = {c.row for c in plan.cells if c.figure and (c.column, c.column_span) == (j, 1)}
            if own:
                self._sums[j] = np.cumsum(sum((ink[row] for row in own), np.zeros(end - begin)))
        self._heaps = np.cumsum(_heaps(list(ink.values()), em))

    def first(self) -> int:
        """Return the first column of figures; 0 where there is none."""
        return min(self._sums, default=0)

    def __len__(self) -> int:
        """Return how many columns hold lone figures."""
        return len(self._sums)

    def __contains__(self, j: object) -> bool:
        """Tell whether a column holds lone figures."""
        return j in self._sums

    def cost(self, j: int, width: int) -> NDArray[np.float64]:
        """Return what column ``j`` costs, ``width`` pixels wide, from each place on.

        There must be a figure in it, and figures of one column only.
        """
        total, heaps = self._sums[j], self._heaps
        empty = np.where(total[width:] - total[:-width] < self._least, BLANK, 0.0)
        inset = min(self._inset, (width - 1) // 2)  # what stands on a separator is its line
        within = (
            heaps[width - inset : len(heaps) - inset] - heaps[inset : len(heaps) - width + inset]
        )
        several = np.maximum(within - 1.0, 0.0)
        return np.asarray(empty + TWO * several, np.float64)


def _heaps(rows: Sequence[NDArray[np.int_]], em: float) -> NDArray[np.float64]:
    """Return 1 at the middle of every place where rows have ink above one another, else 0."""
    found = np.zeros(len(rows[0]) if rows else 0)
    if not rows:
        return found
    bridge = np.ones((1, max(1, round(WITHIN * em))), np.uint8)
    inked = np.array([row >= 0.15 * em for row in rows]).astype(np.uint8)
    count = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, bridge).sum(axis=0, dtype=float)
    heaped = (count >= max(1.0, HEAPED * len(rows))).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], heaped, [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] < WITHIN * em:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    for start, end in runs:
        if end - start > THIN * em:
            found[(start + end) // 2] = 1.0
    return found
