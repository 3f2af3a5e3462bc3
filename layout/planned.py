"""Draws a plan at its separators, but for edges that what stands at them says are wrong."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.lattice import Lattice
from layout.lattice import coverage, crossings
from layout.separators import Wall
from layout.textlines import dark_pixels

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from document.geometry import Point
    from document.plan import Plan
    from layout.rulings import Rulings
    from layout.tone import Tone

SUPPOSED, UPRIGHT = 0.4, 0.6
"""Strength of edges, level and upright, that only the plan says are there."""

TRIM = 0.22
"""Share of an em above and below a row that its level lines may take up."""

ACROSS = 0.19
"""Reach, in em, to both sides of an edge over which ink that crosses it is dark."""

APART = 0.9
"""White, in em, that parts two figures."""

SPECK = 0.3
"""Width, in em, below which ink between two edges is no figure beside another."""


def drawn_as(
    plan: Plan, made: Tone, torn: Rulings, at: tuple[Sequence[int], Sequence[int]], page: int
) -> Lattice:
    """Draw a plan between separators of rows and of columns, crossings moved to lines near them.

    All is in pixels of ``made``, but for the lattice: those of the image it was made from.
    """
    em, scale = made.em, made.scale
    rows_at, columns_at = ([Wall(float(place), 0.0) for place in places] for places in at)
    nodes = crossings(torn.level, torn.plumb, rows_at, columns_at, em)
    reach = max(2, round(em * 0.22))
    thick = np.ones((2 * reach + 1, 1), np.uint8)
    level = cv2.dilate(torn.level.astype(np.uint8), thick) > 0
    plumb = cv2.dilate(torn.plumb.astype(np.uint8), np.ascontiguousarray(thick.T)) > 0
    filled = [
        {
            (cell.column, cell.column + cell.column_span)
            for cell in plan.cells
            if cell.figure and cell.row == i
        }
        for i in range(len(plan.rows))
    ]
    doubted = doubtful_edges(made, nodes, filled)
    across = tuple(
        tuple(
            max(coverage(level, a, b, reach, (0, 0)), SUPPOSED) if j in plan.levels(i) else 0.0
            for j, (a, b) in enumerate(pairwise(row))
        )
        for i, row in enumerate(nodes)
    )
    down = tuple(
        tuple(
            max(coverage(plumb, a, b, reach, (0, 0)), UPRIGHT)
            if j in plan.uprights(i) and (i, j) not in doubted
            else 0.0
            for j, (a, b) in enumerate(zip(upper, lower, strict=True))
        )
        for i, (upper, lower) in enumerate(pairwise(nodes))
    )
    moved = tuple(tuple((x / scale, y / scale) for x, y in row) for row in nodes)
    walls = (0.0,) * len(rows_at), (0.0,) * len(columns_at)
    return Lattice(page, moved, across, down, *walls, supposed=True)


def doubtful_edges(
    made: Tone, nodes: Sequence[Sequence[Point]], filled: Sequence[Collection[tuple[int, int]]]
) -> frozenset[tuple[int, int]]:
    """Return the edges (row, separator) that cut a figure, or leave two of them in one cell.

    ``filled`` are for each row the cells of figures, by the separators left and right of them.
    """
    dark = dark_pixels(made.ink)
    found: set[tuple[int, int]] = set()
    for row, ((upper, lower), cells) in enumerate(zip(pairwise(nodes), filled, strict=True)):
        for left, right in cells:
            for j in (left, right):
                if _cut(dark, upper[j], lower[j], made.em):
                    found.add((row, j))
            if _two(dark, (upper[left], upper[right], lower[left], lower[right]), made.em):
                found |= {(row, left), (row, right)}
    return frozenset(found)


def _cut(dark: NDArray[np.bool_], a: Point, b: Point, em: float) -> bool:
    """Tell whether strokes run across an upright edge, as they do in a figure."""
    x, reach = round((a[0] + b[0]) / 2), max(2, round(ACROSS * em))
    top, bottom = round(a[1] + TRIM * em), round(b[1] - TRIM * em)
    strip = dark[max(0, top) : max(0, bottom), max(0, x - reach) : x + reach + 1]
    return int(strip.all(axis=1).sum()) >= 2 if strip.size else False


def _two(dark: NDArray[np.bool_], corners: tuple[Point, Point, Point, Point], em: float) -> bool:
    """Tell whether ink stands in two places of a cell, far apart."""
    a, b, c, d = corners
    margin = round(TRIM * em)
    rows = slice(round((a[1] + b[1]) / 2) + margin, round((c[1] + d[1]) / 2) - margin)
    columns = slice(round((a[0] + c[0]) / 2) + margin, round((b[0] + d[0]) / 2) - margin)
    inked = dark[rows, columns].sum(axis=0) >= 0.2 * em
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] < APART * em:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return sum(end - start >= SPECK * em for start, end in runs) > 1
