"""Where figures stand above one another: what a column of a fitted table may hold, and may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.remains import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.plan import Plan

BLANK = 1.2
"""What a column of figures without any ink costs."""

ALONE = 0.6
"""The same where there are words above it."""

TWO = 1.2
"""What each further heap of figures in one column costs."""

CUT = 1.0
"""What a separator costs that runs through the figures of a column."""

CLOSE, AROUND = 0.15, 0.6
"""What a separator costs that is close to them, and how far that reaches, in em."""

NEAR = 0.1
"""Distance, in em, from a separator at which it runs through figures."""

MARGIN = 0.15
"""Share of an em below and above a row's separators that is not looked at."""

INSET = 0.35
"""Reach, in em, of a separator, on which no figure counts."""

THIN = 0.25
"""Width, in em, up to which ink above ink is what is left of a line."""

WITHIN = 0.9
"""White, in em, up to which ink belongs to one figure, or to figures of one column."""

BETWEEN = 0.6
"""White, in em, that parts the words of two columns in a header."""

LABELLED = 1.0
"""Distance, in em, behind the labels up to which their last characters may stand."""

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
        begin, end = self._sides = sides
        self._em = em
        margin = max(1, round(MARGIN * em))
        rows = self._rows = sorted({cell.row for cell in plan.cells if cell.figure})
        ink = {
            row: letters[ys[row] + margin : ys[row + 1] - margin, begin:end].sum(axis=0)
            for row in rows
        }
        self._least = 0.04 * em * em
        self._inset = max(1, round(INSET * em))
        self._sums: dict[int, NDArray[np.float64]] = {}
        self._heaped: dict[
            int, tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]
        ] = {}
        for j in range(plan.columns):
            own = {c.row for c in plan.cells if c.figure and (c.column, c.column_span) == (j, 1)}
            if own:
                self._sums[j] = np.cumsum(sum((ink[row] for row in own), np.zeros(end - begin)))
        self._heaps = np.cumsum(_heaps(list(ink.values()), WITHIN * em, em))
        header = _header(plan, self.first())
        words = (
            []
            if header is None
            else [letters[ys[header] + margin : ys[header + 1] - margin, begin:end].sum(axis=0)]
        )
        self._words = np.cumsum(_heaps(words, BETWEEN * em, em)) if words else 0 * self._heaps

    def cutting(self, written: NDArray[np.bool_], ys: Sequence[int]) -> NDArray[np.float64]:
        """Return what a separator costs at each place for the figures that it runs through.

        ``written`` (height, width) are characters, with nothing of lines.
        """
        begin, end = self._sides
        near = np.ones((1, 2 * max(1, round(NEAR * self._em)) + 1), np.uint8)
        rows = [inside(written[ys[row] : ys[row + 1], begin:end]) for row in self._rows]
        if not rows:
            return np.zeros(end - begin)
        count = cv2.dilate(np.array(rows, np.uint8), near).sum(axis=0, dtype=float)
        usual = float(np.percentile(count[count > 0], 75)) if count.any() else 1.0
        cut = np.minimum(1.0, count / max(1.0, 0.5 * usual))
        close = cv2.GaussianBlur(cut[None, :], (0, 0), max(1.0, AROUND * self._em))[0]
        return np.asarray(CUT * cut + CLOSE * close, np.float64)

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

        There must be a figure in it, or words above, and those of one column only.
        """
        total = self._sums[j]
        if width not in self._heaped:
            self._heaped[width] = self._heaped_in(width)
        figureless, wordless, several = self._heaped[width]
        empty = (total[width:] - total[:-width] < self._least) & wordless
        alone = figureless & ~empty
        return np.asarray(BLANK * empty + ALONE * alone + several, np.float64)

    def left_out(self, words: float) -> NDArray[np.float64]:
        """Return what the first column of figures costs, from each place on, for what is before.

        Figures above one another that stand behind the labels, which end at ``words``, and before
        that column belong to no other one.
        """
        size = len(self._heaps)
        known = self._heaps[min(size - 1, max(0, int(words + LABELLED * self._em)))]
        return np.asarray(TWO * np.maximum(self._heaps - known, 0.0), np.float64)

    def _heaped_in(
        self, width: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]:
        """Return where a column of a width would hold no figures, no words, and what more costs.

        That is the same for every column.
        """
        inset = min(self._inset, (width - 1) // 2)
        end = len(self._heaps) - inset

        def standing(heaps: NDArray[np.float64]) -> NDArray[np.float64]:
            # What stands on a separator is its line.
            return np.asarray(
                heaps[width - inset : end] - heaps[inset : len(heaps) - width + inset]
            )

        figures, words = standing(self._heaps), standing(self._words)
        several = np.maximum(np.maximum(figures, words) - 1.0, 0.0)
        return figures == 0, words == 0, np.asarray(TWO * several, np.float64)


def heaped(written: NDArray[np.bool_], plan: Plan, ys: Sequence[int]) -> NDArray[np.bool_]:
    """Tell where characters of many rows of figures stand above one another; see ``cutting``.

    They are thin strokes, most of them of zeros, whose insides count.
    """
    return _many([inside(strip) for strip in _figure_rows(written, plan, ys)], written.shape[1])


def standing(dark: NDArray[np.bool_], plan: Plan, ys: Sequence[int]) -> NDArray[np.bool_]:
    """Tell where many rows of figures have ink: figures, words, or a line."""
    rows = [np.asarray(strip.any(axis=0)) for strip in _figure_rows(dark, plan, ys)]
    return _many(rows, dark.shape[1])


def _figure_rows(seen: NDArray[np.bool_], plan: Plan, ys: Sequence[int]) -> list[NDArray[np.bool_]]:
    rows = sorted({cell.row for cell in plan.cells if cell.figure})
    return [seen[ys[row] : ys[row + 1]] for row in rows]


def _many(rows: Sequence[NDArray[np.bool_]], width: int) -> NDArray[np.bool_]:
    count = np.zeros(width) + sum(rows)
    return np.asarray(count >= max(2.0, HEAPED * len(rows)))


def _header(plan: Plan, first: int) -> int | None:
    """Return the row above the first figures, if each of its cells there is one column wide."""
    row = min((cell.row for cell in plan.cells if cell.figure), default=0) - 1
    here = [c for c in plan.cells if c.row <= row < c.row + c.row_span and c.column >= first]
    return row if here and all(cell.column_span == 1 for cell in here) else None


def _heaps(rows: Sequence[NDArray[np.int_]], white: float, em: float) -> NDArray[np.float64]:
    """Return 1 at the middle of every place where rows have ink above one another, else 0.

    ``white`` is the gap, in pixels, that parts two of them.
    """
    found = np.zeros(len(rows[0]) if rows else 0)
    if not rows:
        return found
    bridge = np.ones((1, max(1, round(white))), np.uint8)
    inked = np.array([row >= 0.15 * em for row in rows]).astype(np.uint8)
    count = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, bridge).sum(axis=0, dtype=float)
    heaped = (count >= max(1.0, HEAPED * len(rows))).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], heaped, [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] < white:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    for start, end in runs:
        if end - start > THIN * em:
            found[(start + end) // 2] = 1.0
    return found
