"""Which bands of a page may be rows of figures: there is something in them, and it is no prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.figure_columns import BLANK, MARGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.plan import Plan

LEAST = 0.1
"""Ink of characters, in square em, from which a row may hold a figure; of any kind it is 1."""

WITHIN = 0.5
"""White, in em, up to which characters may stand in one run of text."""

LINED = 0.3
"""Share of a row's foot that is drawn where a line ends it."""

LONG = 8.0
"""Length, in em, from which a run of text is no figure, nor several of narrow columns."""

HIGH = 0.4
"""Height, in em, of such a run in a row, from which the row is prose."""


class FigureRows:
    """The ink of a plan's rows of figures, from some height of a page on."""

    def __init__(
        self, letters: NDArray[np.bool_], written: NDArray[np.bool_], plan: Plan, em: float
    ) -> None:
        """Measure ``letters`` and ``written``, characters, (height, width) of where a table is."""
        self._em = em
        self._inked, self._written = (
            np.cumsum(one.sum(axis=1, dtype=float)) for one in (letters, written)
        )
        self._prose = np.cumsum(_long_runs(letters, em))
        rows = range(len(plan.rows))
        self._figures = {cell.row for cell in plan.cells if cell.figure}
        labelled = {
            row
            for cell in plan.cells
            for row in range(cell.row, cell.row + cell.row_span)
            if not cell.figure
        }
        self._known = {row for row in rows if plan.rows[row]}
        self._bare = self._figures - labelled

    def cost(self, row: int, d: int) -> NDArray[np.float64] | float:
        """Return what a row ``d`` pixels high costs that begins at each place."""
        if row not in self._figures or row in self._known:
            return 0.0
        size, line = len(self._inked), round(MARGIN * self._em)
        first, last = np.arange(size - d) + line, np.arange(size - d) + max(line, d - line)
        blank = self._inked[last] - self._inked[first] < self._em**2
        blank &= self._written[last] - self._written[first] < LEAST * self._em**2
        wrong = blank
        if row in self._bare:
            wrong = blank | (self._prose[last] - self._prose[first] > HIGH * self._em)
        return np.asarray(np.where(wrong, 2 * BLANK, 0.0))


def figureless(
    plan: Plan,
    separators: tuple[Sequence[int], Sequence[int]],
    seen: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.uint8]],
    em: float,
) -> bool:
    """Tell whether the only row of figures a plan has is bare paper, with no line below it.

    The header of such a table ends its page, and its figures begin the next. ``separators``
    are those of rows and of columns; ``seen`` holds letters, characters and level lines.
    """
    ys, xs = separators
    if {cell.row for cell in plan.cells if cell.figure} != {len(plan.rows) - 1} or plan.rows[-1]:
        return False
    letters, written, level = seen
    line, wide = round(MARGIN * em), slice(xs[0], xs[-1])
    inside = slice(ys[-2] + line, max(ys[-2] + line, ys[-1] - line)), wide
    bare = letters[inside].sum() < em**2 and written[inside].sum() < LEAST * em**2
    foot = level[max(0, ys[-1] - line) : ys[-1] + line + 1, wide].any(axis=0)
    return bool(bare and foot.mean() < LINED)


def _long_runs(letters: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Tell at which heights characters follow one another as they do in prose."""
    high, gap = max(1, round(0.4 * em)) | 1, max(1, round(WITHIN * em)) | 1
    thick = cv2.dilate(letters.astype(np.uint8), np.ones((high, 1), np.uint8))
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, round(LONG * em)), np.uint8))
    return np.asarray(cv2.erode(runs, np.ones((high, 1), np.uint8)).any(axis=1))
