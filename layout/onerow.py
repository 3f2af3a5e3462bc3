"""Columns of a low table by its last row: figures side by side, each in a column of its own.

A table of one row of figures has upright lines a few characters long, that no sum over many
rows tells from strokes: torn they are lost, and bold digits pass for them. The figures of the
row stand apart far more plainly than the lines between them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.lattice import Lattice
from layout.ink import PRINT
from layout.lattice import DRAWN, coverage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.geometry import Point
    from layout.rulings import Rulings
    from layout.tone import Tone

MOST_ROWS = 6
"""Bands above which columns show in many rows."""

LOW = (0.8, 3.0)
"""Height of a row of figures, in em."""

MANY = 6
"""Figures abreast from which they are columns."""

WITHIN = 0.4
"""White, in em, that may be within a figure."""

MIDDLE = 0.28
"""Half the height, in em, of the strip along the middle of the row, in which digits have ink."""

BEYOND = 0.42
"""Distance, in em, from the middle of the row that digits hardly reach, and lines cross."""

THIN = 0.45
"""Width, in em, up to which what crosses it is a line."""

SPECK = 0.4
"""Height and width, in em, below which ink is no figure."""

NARROW = 0.33
"""Width, in em, up to which what crosses nothing may yet be a piece of a line, if"""

CLOSE = 0.7
"""it is nearer to another figure than this share of their usual distance."""

PIECE, GAP = 2.0, 3.0
"""Length of a piece of a level line, and of the gap before it, in em, that go on with a table."""

CUT = 0.1
"""Share of an upright edge that is inked where it would cut words."""

SUPPOSED = 0.4
"""Strength of the level edges above and below the row (as in layout.guess)."""

SURE = 0.8
"""Strength of the edges between the figures (as in layout.guess)."""


def by_last_row(made: Tone, found: Rulings, lattice: Lattice) -> Lattice | None:
    """Return the table with its columns between the figures of its last row; None without such.

    The lattice, and the one returned, are in pixels of the image that ``made`` was made from.
    """
    scale, em = made.scale, made.em
    ys = [y * scale for y in lattice.ys]
    height = ys[-1] - ys[-2]
    if lattice.rows > MOST_ROWS or not LOW[0] * em < height < LOW[1] * em:
        return None
    box = lattice.box
    left, right = _width(found, ys, (box.left * scale, box.right * scale))
    figures = _figures(made, lattice, height / em, (left, right))
    if len(figures) < MANY:
        return None
    inner = [_between(found, (ys[-2], ys[-1]), (a[1], b[0])) for a, b in pairwise(figures)]
    xs = [float(left), *inner, float(right)]
    nodes = [
        [(x, float(_heights(lattice, i, np.array([x / scale]))[0]) * scale) for x in xs]
        for i in range(len(ys))
    ]
    reach = max(2, round(em * 0.22))
    level = cv2.dilate(found.level.astype(np.uint8), np.ones((2 * reach + 1, 1))) > 0
    plumb = cv2.dilate(found.plumb.astype(np.uint8), np.ones((1, 2 * reach + 1))) > 0
    across = [[coverage(level, a, b, reach, (0, 0)) for a, b in pairwise(row)] for row in nodes]
    across[-2:] = [[max(share, SUPPOSED) for share in row] for row in across[-2:]]
    down = [
        [
            max(coverage(plumb, a, b, reach, (0, 0)), 0.0 if _cuts(made, a, b) else DRAWN)
            for a, b in zip(*rows, strict=True)
        ]
        for rows in pairwise(nodes)
    ]
    down[-1] = [max(share, SURE) for share in down[-1]]
    moved = tuple(tuple((x / scale, y / scale) for x, y in row) for row in nodes)
    walls = (0.0,) * len(xs)
    edges = tuple(map(tuple, across)), tuple(map(tuple, down))
    return Lattice(lattice.page, moved, *edges, lattice.row_walls, walls, supposed=True)


def _cuts(made: Tone, a: Point, b: Point) -> bool:
    """Tell whether an upright edge that nothing draws would cut words."""
    x, top, bottom = round((a[0] + b[0]) / 2), a[1] + 0.2 * made.em, b[1] - 0.2 * made.em
    column = made.ink[max(0, int(top)) : int(bottom) + 1, max(0, x - 1) : x + 2]
    return column.size > 0 and float((column > PRINT / 2).mean()) > CUT


def _width(found: Rulings, ys: list[float], otherwise: tuple[float, float]) -> tuple[float, float]:
    """Return how far the table's level lines reach, which are longer than what is between."""
    em, (left, right) = found.em, otherwise
    reach = max(1, round(0.2 * em))
    rows = [found.level[max(0, int(y) - reach) : int(y) + reach + 1].any(axis=0) for y in ys]
    pieces = [(a, b) for a, b in _runs(np.any(rows, axis=0)) if b - a > PIECE * em]
    for start, end in sorted(pieces, key=lambda p: max(p[0] - right, left - p[1])):
        if max(start - right, left - end) < GAP * em:
            left, right = min(left, start), max(right, end)
    return left, right


def figures_abreast(
    made: Tone, rows: tuple[int, int], sides: tuple[float, float]
) -> list[tuple[int, int]]:
    """Return where figures begin and end between two level lines; all in pixels of ``made``."""
    upper, lower = ([(x / made.scale, y / made.scale) for x in sides] for y in rows)
    nodes = (tuple(upper), tuple(lower))
    edges = ((1.0,),) * 2, ((1.0, 1.0),)
    lattice = Lattice(0, nodes, *edges, (0.0, 0.0), (0.0, 0.0))
    return _figures(made, lattice, (rows[1] - rows[0]) / made.em, sides)


def _figures(
    made: Tone, lattice: Lattice, height: float, sides: tuple[float, float]
) -> list[tuple[int, int]]:
    """Return where figures begin and end in the last row, ``height`` em high, in order."""
    em, scale = made.em, made.scale
    xs = np.arange(round(sides[0] + 0.2 * em), round(sides[1] - 0.2 * em))
    upper, lower = (_heights(lattice, row, xs / scale) * scale for row in (-2, -1))
    offsets = np.arange(-int(height * em / 2), int(height * em / 2) + 1)
    rows = np.round((upper + lower) / 2)[None, :].astype(int) + offsets[:, None]
    tall, wide = made.ink.shape
    patch = made.ink[np.clip(rows, 0, tall - 1), np.clip(xs, 0, wide - 1)[None, :]]
    level, _ = cv2.threshold(patch, 0, 255, cv2.THRESH_OTSU)
    dark = patch > max(30.0, level)
    beside = (offsets < -BEYOND * em) & (offsets > -height * em / 2 + 0.13 * em)
    below = (offsets > BEYOND * em) & (offsets < height * em / 2 - 0.13 * em)
    inked = dark[np.abs(offsets) < MIDDLE * em].sum(axis=0) >= 2
    found: list[tuple[int, int]] = []
    for start, end in _runs(inked):
        thin = end - start < THIN * em
        crosses = [dark[zone, start:end].mean() for zone in (beside, below) if zone.sum() > 1]
        high = float(np.ptp(np.flatnonzero(dark[:, start:end].any(axis=1))))
        if max(end - start, high) < SPECK * em or (thin and max(crosses, default=0.0) > 0.5):
            continue
        if found and start - found[-1][1] < WITHIN * em:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    left = int(xs[0]) if len(xs) else 0
    return [(left + a, left + b) for a, b in _without_pieces(found, em)]


def _without_pieces(found: list[tuple[int, int]], em: float) -> list[tuple[int, int]]:
    """Drop what is narrow and stands too near to others for a figure of its own."""
    kept = list(found)
    while len(kept) > 2:
        centers = [(a + b) / 2 for a, b in kept]
        gaps = [b - a for a, b in pairwise(centers)]
        usual = float(np.median(gaps))
        near = [min(gaps[max(0, i - 1) : i + 1]) for i in range(len(kept))]
        doubtful = [
            i for i, (a, b) in enumerate(kept) if b - a < NARROW * em and near[i] < CLOSE * usual
        ]
        if not doubtful:
            break
        kept.pop(min(doubtful, key=lambda i: (near[i], kept[i][1] - kept[i][0])))
    return kept


def _runs(filled: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs (start, end) of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _between(found: Rulings, rows: tuple[float, float], gap: tuple[int, int]) -> float:
    """Return where a line is drawn between two figures, or else the middle."""
    drawn = found.plumb[int(rows[0]) : int(rows[1]) + 1, gap[0] + 1 : gap[1]].sum(axis=0)
    if not len(drawn) or drawn.max() < 0.4 * (rows[1] - rows[0]):
        return (gap[0] + gap[1]) / 2
    near = np.flatnonzero(drawn > 0.6 * drawn.max())
    return float(gap[0] + 1 + near.mean())


def _heights(lattice: Lattice, row: int, xs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of a separator of rows at each of ``xs``."""
    at, heights = zip(*lattice.nodes[row], strict=True)
    return np.asarray(np.interp(xs, at, heights), np.float64)
