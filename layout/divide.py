"""Divides bands of a lattice in which several rows or columns of figures stand: lost lines.

The white between them is seen in several cells at the same place. Such a separator is supposed,
not drawn: see ``layout.guess``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from layout.guess import SUPPOSED
from layout.lattice import DRAWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Point
    from document.lattice import Lattice

TALL = 2.1
"""Height of a band, in em, from which it may hold two rows."""

WIDE = 1.6
"""Width of a band, beside that of the others, from which it may hold two columns."""

AGREEING = 3
"""Cells of a band that must show the same rows."""

APART = 0.65
"""White between the figures of two columns, in em; less may stand within a figure."""

EVEN = (0.6, 2.0)
"""Widths that columns so found may have, beside the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """The characters of a view: ``letters`` (height, width) bool, and ``em`` in its pixels.

    ``scale`` of them stand for one of the lattice's.
    """

    letters: NDArray[np.bool_]
    scale: float
    em: float

    def cell(self, lattice: Lattice, row: int, column: int) -> tuple[NDArray[np.bool_], int, int]:
        """Return the characters inside a cell of one band each way, and where it begins."""
        box = lattice.band(row, row + 1, column, column + 1)
        inner = box.inset(0.12 * self.em / self.scale)
        left, top = round(inner.left * self.scale), round(inner.top * self.scale)
        right, bottom = round(inner.right * self.scale), round(inner.bottom * self.scale)
        return self.letters[max(0, top) : bottom, max(0, left) : right], max(0, left), max(0, top)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The lines of text (top, bottom) in a cell, and whether it is drawn on all sides."""

    lines: Sequence[tuple[int, int]]
    framed: bool


def divided(lattice: Lattice, seen: Print) -> Lattice:
    """Return the lattice with the separators that its figures show and its lines do not."""
    rows: list[tuple[int, float]] = []
    has_row_above = False
    for row in range(lattice.rows):
        tall = _height(lattice, row) * seen.scale > TALL * seen.em
        if has_row_above and not tall:
            continue
        lines = _lines(lattice, seen, row)
        if has_row_above:
            rows += [(row, y) for y in _between(lines, seen.em)]
        has_row_above = has_row_above or sum(len(one.lines) == 1 for one in lines) >= AGREEING
    for row, y in reversed(rows):
        lattice = _with_row(lattice, seen, row, y)
    widths = [b - a for a, b in pairwise(lattice.xs)]
    usual = float(np.percentile(widths, 25))
    for column in reversed(range(lattice.columns)):
        if widths[column] > WIDE * usual:
            for x in reversed(_columns_in(lattice, seen, column, usual)):
                lattice = _with_column(lattice, seen, column, x)
    return lattice


def _height(lattice: Lattice, row: int) -> float:
    ys = lattice.ys
    return ys[row + 1] - ys[row]


def _lines(lattice: Lattice, seen: Print, row: int) -> list[_Cell]:
    """Return the lines of text of each inked cell of a row but the first, if it ends there."""
    found = []
    upper, lower = lattice.nodes[row : row + 2]
    for column in range(1, lattice.columns):
        sides = lattice.down[row][column : column + 2]
        ends = lattice.across[row][column], lattice.across[row + 1][column]
        edges = [(upper[j], lower[j]) for j in (column, column + 1)]
        edges += [(one[column], one[column + 1]) for one in (upper, lower)]
        if any(
            drawn < DRAWN and _crossed(seen, *edge)
            for drawn, edge in zip((*sides, *ends), edges, strict=True)
        ):
            continue
        inside, _, top = seen.cell(lattice, row, column)
        count = inside.sum(axis=1)
        lines = [
            (top + a, top + b)
            for a, b in _runs(count >= 2, 0.15 * seen.em)
            if b - a > 0.4 * seen.em or count[a:b].max() > 0.4 * seen.em
        ]
        if lines:
            found.append(_Cell(lines, framed=min(*sides, *ends) >= DRAWN))
    return found


def _between(cells: Sequence[_Cell], em: float) -> list[float]:
    """Return the heights that part the rows on which several cells agree; none if one objects.

    Figures too long for their column go on below, but others of the row stand in its middle.
    """
    several = [cell.lines for cell in cells if len(cell.lines) > 1]
    if len(several) < AGREEING:
        return []
    count = int(np.median([len(lines) for lines in several]))
    spans = np.array([lines for lines in several if len(lines) == count])
    centers = np.median(spans.mean(axis=2), axis=0) if len(spans) else np.zeros(0)
    near = np.abs(spans.mean(axis=2) - centers).max(axis=1) < 0.35 * em if len(spans) else []
    spans = spans[near]
    if len(spans) < AGREEING or np.diff(centers).min() < 1.1 * em:
        return []
    objecting = any(
        np.abs(centers - sum(line) / 2).min() > 0.35 * em
        for cell in cells
        if cell.framed
        for line in cell.lines
    )
    ends, starts = spans[:, :-1, 1].max(axis=0), spans[:, 1:, 0].min(axis=0)
    if objecting or (starts - ends).min() < 0.12 * em:
        return []
    return [float(y) for y in (starts + ends) / 2]


def _columns_in(lattice: Lattice, seen: Print, column: int, usual: float) -> list[float]:
    """Return where white parts columns of figures in a band, from the last row upward.

    Headers over several columns, further up, may run across it.
    """
    box = lattice.band(0, lattice.rows, column, column + 1)
    left, width = round(box.left * seen.scale), round(box.width * seen.scale)
    cover = np.zeros(width + 1, dtype=bool)
    runs: list[tuple[int, int]] = []
    rows = 0
    for row in reversed(range(lattice.rows)):
        sides = [(lattice.nodes[row][j], lattice.nodes[row + 1][j]) for j in (column, column + 1)]
        inside, start, _ = seen.cell(lattice, row, column)
        inked = np.flatnonzero(inside.any(axis=0)) + start - left
        if not len(inked) or any(_crossed(seen, *side) for side in sides):
            continue
        more = cover.copy()
        more[np.clip(inked, 0, width)] = True
        parts = _runs(more, APART * seen.em)
        if len(parts) < max(2, len(runs)):
            break
        cover, runs = more, parts
        rows += 1
    if rows < 2:
        return []
    found = [left + (a[1] + b[0]) / 2 for a, b in pairwise(runs)]
    edges = [left, *found, left + width]
    low, high = EVEN[0] * usual * seen.scale, EVEN[1] * usual * seen.scale
    return found if all(low < b - a < high for a, b in pairwise(edges)) else []


def _with_row(lattice: Lattice, seen: Print, row: int, y: float) -> Lattice:
    """Return the lattice with a separator at height ``y`` (pixels of the print) in a band."""
    y /= seen.scale
    upper, lower = lattice.nodes[row], lattice.nodes[row + 1]
    part = (y - lattice.ys[row]) / _height(lattice, row)
    nodes = tuple(_along(a, b, part) for a, b in zip(upper, lower, strict=True))
    across = tuple(
        0.0
        if min(lattice.across[row][j], lattice.across[row + 1][j]) < DRAWN
        or _crossed(seen, nodes[j], nodes[j + 1])
        else SUPPOSED
        for j in range(lattice.columns)
    )
    at = row + 1
    return replace(
        lattice,
        nodes=(*lattice.nodes[:at], nodes, *lattice.nodes[at:]),
        across=(*lattice.across[:at], across, *lattice.across[at:]),
        down=(*lattice.down[:at], lattice.down[row], *lattice.down[at:]),
        row_walls=(*lattice.row_walls[:at], 0.0, *lattice.row_walls[at:]),
    )


def _with_column(lattice: Lattice, seen: Print, column: int, x: float) -> Lattice:
    """Return the lattice with a separator at ``x`` (pixels of the print) in a band."""
    x /= seen.scale
    xs = lattice.xs
    part = (x - xs[column]) / (xs[column + 1] - xs[column])
    at = column + 1
    nodes = tuple(
        (*row[:at], _along(row[column], row[at], part), *row[at:]) for row in lattice.nodes
    )
    down = tuple(
        (
            *row[:at],
            0.0
            if min(row[column], row[at]) < DRAWN or _crossed(seen, nodes[i][at], nodes[i + 1][at])
            else 2 * SUPPOSED,
            *row[at:],
        )
        for i, row in enumerate(lattice.down)
    )
    return replace(
        lattice,
        nodes=nodes,
        across=tuple((*row[:at], row[column], *row[at:]) for row in lattice.across),
        down=down,
        column_walls=(*lattice.column_walls[:at], 0.0, *lattice.column_walls[at:]),
        supposed=True,
    )


def _along(a: Point, b: Point, part: float) -> Point:
    return (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]))


def _crossed(seen: Print, a: Point, b: Point) -> bool:
    """Tell whether characters lie on the edge from a to b, but for its ends."""
    steps = np.linspace(0.05, 0.95, 64)
    x = np.round((a[0] + steps * (b[0] - a[0])) * seen.scale).astype(int)
    y = np.round((a[1] + steps * (b[1] - a[1])) * seen.scale).astype(int)
    height, width = seen.letters.shape
    return bool(seen.letters[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)].mean() > 0.03)


def _runs(filled: NDArray[np.bool_], bridge: float) -> list[tuple[int, int]]:
    """Return the runs (start, end) of True; those nearer than ``bridge`` are one."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    found: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if found and start - found[-1][1] < bridge:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
