"""Fits the cells that a form plans to whatever is left of a table: words, figures, white, lines.

Separators of rows, then of columns, then of rows once more are set where together they have the
most of what speaks for them: remains of lines along the edges that the plan has, white where it
has edges, words of a cell inside that cell, a figure in every column of figures (dynamic
programming). It needs no line at all; where there are some they decide.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.chain import best_chain, most, within, worth_of
from layout.figure_columns import FigureColumns, heaped, standing
from layout.figure_rows import FigureRows, figureless
from layout.onerow import figures_abreast
from layout.outermost import outermost, run_on
from layout.planned import drawn_as
from layout.remains import (
    characters,
    paler_beside,
    strokes_of_figures,
    tall_bars,
    without_specks,
)
from layout.textlines import dark_pixels, letters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.lattice import Lattice
    from document.plan import Plan
    from layout.rulings import Rulings
    from layout.tone import Tone

WHOLE = 0.85
"""Share of a row's height from which ink is a line."""

RUNS_ON = 0.6
"""Share of what is next to a table, above and below, that a fold covers."""

MOST_FOLDS = 3
"""So many lines may run on beyond a table, above and below, as folds and dark rims do.

A table fitted without its last two rows and its first had seven that did, its own."""

UNEVEN = 0.04
"""What a row costs that is higher or lower than others, for each factor of e."""

SLACK = 0.15
"""How far, in em, a separator may reach into words."""

LOW, HIGH = 0.8, 16.0
"""Heights of rows, in em."""

BEYOND, STACKED = 3.0, 6.0
"""Height, in em, of each row below the last one known, and what one of stacked words adds."""

NARROW = 0.9
"""Width of a column, in em, at least."""

FAR = (2.0, 10.0)
"""White, in em, across which more of a table may stand, left and right of what is known of it."""

TALL = 2.5
"""Height, in em, from which what is dark is no character: frames, rims of scanners."""

BESIDE = 3.0
"""How far, in em, a frame may stand from what is in it."""


def fitted(made: Tone, torn: Rulings, plan: Plan, page: int) -> Lattice | None:
    """Return the lattice of a plan whose boxes are in pixels of ``made``; None without room.

    ``torn`` is what may be left of ruling lines. The lattice is in pixels of the image that
    ``made`` was made from.
    """
    if not any(cell.seen for cell in plan.cells) or not any(plan.rows):
        return None
    written = characters(torn, dark_pixels(made.ink))
    torn = replace(torn, plumb=torn.plumb & ~written)
    field = _Field(made, torn, plan, written)
    ys = field.rows(None)
    if ys is None:
        return None
    xs = field.columns(ys)
    if xs is None:
        return None
    ys = field.rows(xs) or ys
    if figureless(plan, (ys, xs), (field.letters, field.written, field.level), made.em):
        return None
    return drawn_as(plan, made, torn, (ys, xs), page)


class _Field:
    """The evidence of one page for one plan."""

    def __init__(self, made: Tone, torn: Rulings, plan: Plan, written: NDArray[np.bool_]) -> None:
        self.made, self.torn, self.plan, self.em = made, torn, plan, made.em
        self.written = written
        self.folds = np.zeros(torn.plumb.shape[1], bool)
        self.letters, self.dark = letters_of(made, torn), dark_pixels(made.ink)
        self.tall = tall_bars(self.dark, TALL * made.em)
        self.letters = self.letters & ~self.tall
        self.solid = without_specks(self.letters, made.em)
        reach = max(1, round(0.12 * made.em))
        bars = np.ones((2 * reach + 1, 1), np.uint8)
        self.level = cv2.dilate(torn.level.astype(np.uint8), bars)
        self.plumb = cv2.dilate(torn.plumb.astype(np.uint8), np.ascontiguousarray(bars.T))
        seen = [box for cell in plan.cells for box in cell.seen]
        self.left = min(box.left for box in seen)
        self.right = max(box.right for box in seen)
        self.single = {c.row for c in plan.cells if c.figure} == {len(plan.rows) - 1}
        self.down = [plan.uprights(row) for row in range(len(plan.rows))]
        self.across = [plan.levels(row) for row in range(len(plan.rows) + 1)]

    def rows(self, xs: Sequence[int] | None) -> list[int] | None:
        """Set the separators of rows; over the whole width, or where the plan has their edges."""
        em, known = self.em, self.plan.rows
        tops = [(i, row[0]) for i, row in enumerate(known) if row]
        ends = [(i, row[1]) for i, row in enumerate(known) if row]
        centers = [(i, (row[0] + row[1]) / 2) for i, row in enumerate(known) if row]
        steps = [(b - a) / (j - i) for (i, a), (j, b) in pairwise(centers)]
        usual = float(np.median(steps)) if steps else 1.6 * em
        above, below = self.plan.room
        low = int(max(0.0, above, tops[0][1] - 2.0 * em))
        beyond = len(known) - 1 - ends[-1][0]
        room = 2.0 + BEYOND * beyond + (STACKED if self.single and beyond > 1 else 0.0)
        high = int(min(len(self.letters), below, ends[-1][1] + room * em + 1))
        size = high - low
        unary = []
        for i in range(len(known) + 1):
            worth = self._row_worth(i, xs, low, high)
            first = max((end for row, end in ends if row < i), default=low + 0.0)
            last = min((top for row, top in tops if row >= i), default=float(high))
            unary.append(within(worth, first - low, last - low, SLACK * em))
        heights = range(max(2, int(LOW * em)), max(3, min(size, int(HIGH * em))))
        uneven = {d: -UNEVEN * abs(float(np.log(d / usual))) for d in heights}
        between = slice(low, high), slice(int(self.left), int(self.right))
        figures = FigureRows(self.letters[between], self.written[between], self.plan, em)

        def priced(i: int, d: int) -> NDArray[np.float64] | float:
            return uneven[d] - figures.cost(i, d)

        places = best_chain(unary, heights, priced)
        return None if places is None else [low + place for place in places]

    def _row_worth(
        self, i: int, xs: Sequence[int] | None, low: int, high: int
    ) -> NDArray[np.float64]:
        if xs is None:
            zones = [(int(self.left), int(self.right) + 1)]
        else:
            zones = [(xs[j], xs[j + 1]) for j in sorted(self.across[i])]
        level = sum(self.level[low:high, a:b].sum(axis=1, dtype=np.float64) for a, b in zones)
        ink = sum(self.letters[low:high, a:b].sum(axis=1, dtype=np.float64) for a, b in zones)
        width = max(1, sum(b - a for a, b in zones))
        return worth_of(np.asarray(level) / width, np.asarray(ink) / width, self.em)

    def columns(self, ys: Sequence[int]) -> list[int] | None:
        """Set the separators of columns, given those of rows."""
        em, plan = self.em, self.plan
        self.folds = self._folds(ys)
        low, high = self._sides(ys)
        begin = max(0, int(low - BESIDE * em))
        end = min(self.letters.shape[1], int(high + BESIDE * em) + 1)
        size = end - begin
        inside, outside = run_on(self.level[:, begin:end], ys, self.em)
        first_figure, abreast = self._abreast(ys, low, high)
        figures = FigureColumns(self.solid, plan, ys, (begin, end), em)
        cutting = figures.cutting(self.written, ys)
        there = standing(self.solid | (self.plumb > 0), plan, ys)
        labels = [
            b.right
            for c in plan.cells
            if c.column + c.column_span <= figures.first()
            for b in c.seen
        ]
        labelled = most(labels, em, low, there)
        unary = []
        for j in range(plan.columns + 1):
            rows = [row for row, bounds in enumerate(self.down) if j in bounds]
            strips = [(ys[row], ys[row + 1]) for row in rows] or [(ys[0], ys[-1])]
            worth = self._column_worth(strips, begin, end)
            if j in figures or j - 1 in figures:
                worth = worth - cutting
            if figures and j == figures.first():
                worth = worth - figures.left_out(labelled - begin)
            first = [b.right for c in plan.cells if c.column + c.column_span <= j for b in c.seen]
            last = [b.left for c in plan.cells if c.column >= j for b in c.seen]
            for k, (figure, following) in enumerate(pairwise(abreast)):
                if j == first_figure + k + 1:
                    first.append(figure[1])
                    last.append(following[0])
            after = most(first, em, begin, there)
            wide = len(there)
            before = wide - most([wide - one for one in last], em, 0.0, there[::-1])
            before = min(before, end)
            if j == 0:
                before, worth = min(before, low), worth + inside - outside
            if j == plan.columns:
                after, worth = max(after, high), worth + outside - inside
            unary.append(within(worth, after - begin, before - begin, SLACK * em))
        widths = range(max(2, int(NARROW * em)), size)
        usual = max(em, (high - labelled) / max(1, len(figures)))

        uneven = {d: UNEVEN * abs(float(np.log(d / usual))) for d in widths}

        def priced(j: int, d: int) -> NDArray[np.float64] | float:
            return -figures.cost(j, d) - uneven[d] if j in figures else 0.0

        places = best_chain(unary, widths, priced)
        return None if places is None else [begin + place for place in places]

    def _folds(self, ys: Sequence[int]) -> NDArray[np.bool_]:
        """Return at which columns a line, or a dark rim, runs on above the table and below it."""
        near, far = round(0.4 * self.em), round(1.6 * self.em)
        above, below = (
            slice(max(0, ys[0] - far), max(0, ys[0] - near)),
            slice(ys[-1] + near, ys[-1] + far),
        )
        found = np.zeros(self.plumb.shape[1], bool)
        for seen in (self.plumb, self.tall):
            if len(seen[above]) and len(seen[below]):
                shares = np.minimum(seen[above].mean(axis=0), seen[below].mean(axis=0))
                found |= np.asarray(shares > RUNS_ON)
        # a table of which rows are left out, above and below, runs on with all its lines
        apart = np.flatnonzero(np.diff(np.flatnonzero(found), prepend=-self.em) >= self.em)
        return found if len(apart) <= MOST_FOLDS else np.zeros_like(found)

    def _column_worth(
        self, strips: Sequence[tuple[int, int]], begin: int, end: int
    ) -> NDArray[np.float64]:
        """Return what each place is worth as a separator in some rows.

        Ink from one level line to the next is a line there, however near a figure stands.
        """
        lined, inked = np.zeros(end - begin), np.zeros(end - begin)
        margin = max(1, round(0.1 * self.em))
        for top, bottom in strips:
            seen = self.dark[top + margin : bottom - margin, begin:end]
            cover = seen.mean(axis=0) if len(seen) else np.zeros(end - begin)
            bar = (cover >= WHOLE) & paler_beside(cover, self.em)
            whole = cv2.dilate(bar.astype(np.uint8)[None, :], np.ones((1, 3)))[0] > 0
            left = self.plumb[top:bottom, begin:end] > 0
            torn = left.sum(axis=0) * ~strokes_of_figures(left, self.em)
            lined += np.where(whole, float(bottom - top), torn)
            inked += self.letters[top:bottom, begin:end].sum(axis=0) * ~whole
        tall = max(1, sum(bottom - top for top, bottom in strips))
        lined[self.folds[begin:end]] = inked[self.folds[begin:end]] = 0.0
        return worth_of(lined / tall, inked / tall, self.em)

    def _sides(self, ys: Sequence[int]) -> tuple[float, float]:
        """Return where what stands in the rows begins and ends, as far as lines and words say."""
        em = self.em
        reach = max(1, round(0.3 * em))
        drawn = np.zeros(self.level.shape[1])
        for y in ys:
            drawn += self.level[max(0, y - reach) : y + reach + 1].any(axis=0)
        ink = self.letters[ys[0] : ys[-1]].sum(axis=0)
        own = ink[max(0, int(self.left)) : int(self.right) + 1]
        there = (drawn > 0.2 * len(ys)) | (ink > 0.5 * np.percentile(own, 75))
        there |= heaped(self.written, self.plan, ys)
        there &= ~self.folds
        left, right = self.left, self.right
        edges = np.flatnonzero(np.diff(np.concatenate(([0], there.astype(np.int8), [0]))))
        runs = [(a, b) for a, b in edges.reshape(-1, 2).tolist() if b - a >= 0.3 * em]
        for a, b in runs:
            if b > right and a - right < FAR[1] * em:
                right = b
        for a, b in reversed(runs):
            if a < left and left - b < FAR[0] * em:
                left = a
        seen = self.plumb[ys[0] : ys[-1]] > 0, self.solid[ys[0] : ys[-1]]
        return outermost((float(left), float(right)), (self.left, self.right), seen, em)

    def _abreast(
        self, ys: Sequence[int], low: float, high: float
    ) -> tuple[int, list[tuple[int, int]]]:
        """Return the first column of figures, and the figures of the plan's only row of them.

        None where it has several, or other columns than figures that stand apart.
        """
        cells = [cell for cell in self.plan.cells if cell.figure]
        if not self.single:
            return 0, []
        made = self.made
        found = figures_abreast(made, (ys[-2], ys[-1]), (low, high))
        single = len(cells) == len(found) and all(cell.column_span == 1 for cell in cells)
        return min(cell.column for cell in cells), found if single else []
