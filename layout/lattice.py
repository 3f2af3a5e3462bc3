"""From ruling lines to lattices: separators, where they cross, and which edges are drawn."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from document.lattice import Lattice, Span
from layout.beside import beside_one_another
from layout.folds import without_folds
from layout.open_sides import with_open_sides
from layout.rulings import regions, rulings
from layout.separators import separators, upright, upright_walls, walls_of
from layout.tone import tone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.geometry import Point
    from layout.rulings import Rulings
    from layout.separators import Wall
    from layout.tone import Tone

DRAWN = 0.3
"""Share of an edge that must be covered for it to bound a cell."""

AS_BROAD, HALF = 0.5, 0.3
"""Breadth of a rule, beside that of a double one, from which it is double too; and the share of
a table's width that a line of it covers."""


def lattices(image: NDArray[np.uint8], page: int) -> tuple[Lattice, ...]:
    """Find the ruled tables of a straightened page, from the top down.

    ``image`` has shape (height, width, 3); the lattices are in its pixels.
    """
    made = tone(image)
    return lattices_on(made, rulings(made), page)


def lattices_on(made: Tone, found: Rulings, page: int) -> tuple[Lattice, ...]:
    """Build a lattice in each region of ``found``, without folds; see ``lattices``."""
    found = without_folds(found)
    built = (
        _lattice(found, part, page)
        for region in regions(found)
        for box in beside_one_another(found, region)
        for part in _parts(found, box)
    )
    return tuple(_scaled(one, 1 / made.scale) for one in built if one is not None)


def _parts(found: Rulings, box: Box) -> tuple[Box, ...]:
    """Cut a region where two tables stand directly below one another.

    There the one's last line and the other's first run side by side over the whole width, in a
    region whose other rules are single.
    """
    rows = slice(max(0, int(box.top) - 2), int(box.bottom) + 3)
    columns = slice(max(0, int(box.left) - 2), int(box.right) + 3)
    level = found.level[rows, columns]
    ys = separators(level, found.em, least=2.2, share=0.25)
    walls = walls_of(ys, found.em)
    double = [wall for wall in walls[1:-1] if wall.half]
    if not double or len(double) > 2 or any(wall.half for wall in (walls[0], walls[-1])):
        return (box,)
    broad = [_breadth(level, wall, found.em) for wall in walls[1:-1] if not wall.half]
    if broad and np.median(broad) > AS_BROAD * min(_breadth(level, w, found.em) for w in double):
        return (box,)  # the others are double rules too, whose two lines run into one
    reach = max(1, round(found.em * 0.15))
    cuts = [box.top]
    for wall in double:
        sides = (wall.middle - wall.half, wall.middle + wall.half)
        bands = [level[max(0, int(y) - reach) : int(y) + reach + 1] for y in sides]
        if all(band.any(axis=0).mean() > 0.85 for band in bands):
            cuts.append(rows.start + wall.middle)
    cuts.append(box.bottom)
    return tuple(Box(box.left, top, box.right, bottom) for top, bottom in pairwise(cuts))


def _breadth(level: NDArray[np.bool_], wall: Wall, em: float) -> int:
    """Return how many pixels across a separator is, from its first line to its last."""
    reach, middle = round(0.5 * em), round(wall.middle)
    first = max(0, middle - reach)
    drawn = np.flatnonzero(level[first : middle + reach + 1].mean(axis=1) > HALF)
    return int(drawn[-1] - drawn[0] + 1) if len(drawn) else 0


def spans(lattice: Lattice) -> tuple[Span, ...]:
    """Join the bands that no drawn edge divides into cells, row by row.

    A cell grows from its upper left band to the right, then down, while the edges between are
    not drawn and the bands below are free over its whole width.
    """
    taken = [[False] * lattice.columns for _ in range(lattice.rows)]
    cells: list[Span] = []
    for top in range(lattice.rows):
        for left in range(lattice.columns):
            if taken[top][left]:
                continue
            right = left + 1
            while (
                right < lattice.columns
                and not taken[top][right]
                and lattice.down[top][right] < DRAWN
            ):
                right += 1
            bottom = top + 1
            while bottom < lattice.rows and _free(lattice, taken, bottom, left, right):
                bottom += 1
            for row in range(top, bottom):
                taken[row][left:right] = [True] * (right - left)
            cells.append(Span(top, bottom, left, right, lattice.band(top, bottom, left, right)))
    return tuple(cells)


def _free(lattice: Lattice, taken: list[list[bool]], row: int, left: int, right: int) -> bool:
    """Tell whether a cell over columns left…right may grow into ``row`` from above."""
    return (
        not any(taken[row][left:right])
        and all(lattice.across[row][j] < DRAWN for j in range(left, right))
        and all(lattice.down[row][j] < DRAWN for j in range(left + 1, right))
    )


def _lattice(found: Rulings, box: Box, page: int) -> Lattice | None:
    rows = slice(max(0, int(box.top) - 2), int(box.bottom) + 3)
    columns = slice(max(0, int(box.left) - 2), int(box.right) + 3)
    level, plumb = found.level[rows, columns], found.plumb[rows, columns]
    ys = separators(level, found.em, least=2.2, share=0.25)
    xs = separators(np.ascontiguousarray(plumb.T), found.em, least=1.0, share=0.0)
    if len(ys) < 2 or len(xs) < 3:
        return None
    rows_at, columns_at = walls_of(ys, found.em), upright_walls(xs, found.em)
    reach = max(2, round(found.em * 0.22))
    thick_plumb = cv2.dilate(plumb.astype(np.uint8), np.ones((1, 2 * reach + 1), np.uint8)) > 0
    nodes = crossings(level, plumb, rows_at, columns_at, found.em)
    down = _down(thick_plumb, nodes, columns_at, reach)
    kept = upright(down, [low.middle - high.middle for high, low in pairwise(rows_at)])
    if len(kept) < 3:
        return None
    columns_at = [columns_at[j] for j in kept]
    nodes = [[row[j] for j in kept] for row in nodes]
    down = tuple(tuple(row[j] for j in kept) for row in down)
    if len(open_sided := with_open_sides(level, rows_at, columns_at, found.em)) > len(kept):
        columns_at = open_sided
        nodes = crossings(level, plumb, rows_at, columns_at, found.em)
        down = _down(thick_plumb, nodes, columns_at, reach)
    thick_level = cv2.dilate(level.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8)) > 0
    across = tuple(
        tuple(
            max(coverage(thick_level, a, b, reach, (0, side)) for side in _sides(wall))
            for a, b in pairwise(row)
        )
        for row, wall in zip(nodes, rows_at, strict=True)
    )
    x0, y0 = columns.start, rows.start
    moved = tuple(tuple((x + x0, y + y0) for x, y in row) for row in nodes)
    return Lattice(
        page,
        moved,
        across,
        down,
        tuple(wall.half for wall in rows_at),
        tuple(wall.half for wall in columns_at),
    )


def _down(
    thick: NDArray[np.bool_], nodes: list[list[Point]], columns: list[Wall], reach: int
) -> tuple[tuple[float, ...], ...]:
    """Return how much of every upright edge is drawn; of double rules, the better line's."""
    return tuple(
        tuple(
            max(coverage(thick, a, b, reach, (side, 0)) for side in _sides(wall))
            for a, b, wall in zip(upper, lower, columns, strict=True)
        )
        for upper, lower in pairwise(nodes)
    )


def _sides(wall: Wall) -> tuple[float, ...]:
    """Return where the lines of a separator lie beside its middle: one, or a double rule's two."""
    return (-wall.half, wall.half) if wall.half else (0.0,)


def crossings(
    level: NDArray[np.bool_],
    plumb: NDArray[np.bool_],
    rows: list[Wall],
    columns: list[Wall],
    em: float,
) -> list[list[Point]]:
    """Place every crossing where its two lines really run near it.

    What is left of a page's curl moves a line by a few pixels over its length: each crossing
    looks for the line's ink within 0.4 em, and keeps the separator's own place without any.
    """
    reach = max(2, round(em * 0.4))
    window = max(4, round(em * 1.5))

    def near(mask: NDArray[np.bool_], along: float, wall: Wall) -> float:
        if not wall.half:
            return _local(mask, along, wall.middle, window, reach)
        sides = (wall.middle - wall.half, wall.middle + wall.half)
        narrow = max(1, min(reach, int(wall.half)))
        return sum(_local(mask, along, side, window, narrow) for side in sides) / 2

    return [
        [(near(plumb.T, row.middle, column), near(level, column.middle, row)) for column in columns]
        for row in rows
    ]


def _local(mask: NDArray[np.bool_], along: float, at: float, window: int, reach: int) -> float:
    """Return the mean height of line ink near (``along``, ``at``), or ``at`` where none is."""
    low, high = max(0, int(along) - window), int(along) + window + 1
    top, bottom = max(0, round(at) - reach), round(at) + reach + 1
    patch = mask[top:bottom, low:high]
    mass = patch.sum(axis=1)
    total = int(mass.sum())
    if total < window // 2:
        return at
    return float((mass * np.arange(top, top + len(mass))).sum() / total)


def coverage(thick: NDArray[np.bool_], a: Point, b: Point, reach: int, shift: Point) -> float:
    """Share of the edge from a to b, moved by ``shift``, that lies on ``thick``; without ends."""
    a, b = (a[0] + shift[0], a[1] + shift[1]), (b[0] + shift[0], b[1] + shift[1])
    length = int(max(abs(b[0] - a[0]), abs(b[1] - a[1])))
    inner = _steps(length, min(reach + 1, length // 4))
    x = np.rint(a[0] + (b[0] - a[0]) * inner).astype(int)
    y = np.rint(a[1] + (b[1] - a[1]) * inner).astype(int)
    x, y = (
        np.minimum(np.maximum(at, 0), size - 1)
        for at, size in ((x, thick.shape[1]), (y, len(thick)))
    )
    return float(np.count_nonzero(thick[y, x]) / len(inner))


@lru_cache(maxsize=1024)
def _steps(length: int, trim: int) -> NDArray[np.float64]:
    """Return where along an edge of ``length`` pixels it is looked at: 0…1, without ends."""
    steps = np.linspace(0, 1, max(3, length + 1))
    return steps[trim : len(steps) - trim] if len(steps) > 2 * trim + 1 else steps


def _scaled(lattice: Lattice, factor: float) -> Lattice:
    nodes = tuple(tuple((x * factor, y * factor) for x, y in row) for row in lattice.nodes)
    row_walls = tuple(half * factor for half in lattice.row_walls)
    column_walls = tuple(half * factor for half in lattice.column_walls)
    return replace(lattice, nodes=nodes, row_walls=row_walls, column_walls=column_walls)
