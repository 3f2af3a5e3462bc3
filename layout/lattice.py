"""From ruling lines to lattices: separators, where they cross, and which edges are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from document.lattice import Lattice, Span
from layout.rulings import regions, rulings
from layout.tone import tone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.geometry import Point
    from layout.rulings import Rulings
    from layout.tone import Tone

DRAWN = 0.3
"""Share of an edge that must be covered for it to bound a cell."""


def lattices(image: NDArray[np.uint8], page: int) -> tuple[Lattice, ...]:
    """Find the ruled tables of a straightened page, from the top down.

    ``image`` has shape (height, width, 3); the lattices are in its pixels.
    """
    made = tone(image)
    return lattices_on(made, rulings(made), page)


def lattices_on(made: Tone, found: Rulings, page: int) -> tuple[Lattice, ...]:
    """Build a lattice in each region of ``found``; see ``lattices``."""
    built = (_lattice(found, part, page) for box in regions(found) for part in _parts(found, box))
    return tuple(_scaled(one, 1 / made.scale) for one in built if one is not None)


def _parts(found: Rulings, box: Box) -> tuple[Box, ...]:
    """Cut a region where two tables stand directly below one another.

    There the one's last line and the other's first run side by side over the whole width, in a
    region whose other rules are single.
    """
    rows = slice(max(0, int(box.top) - 2), int(box.bottom) + 3)
    columns = slice(max(0, int(box.left) - 2), int(box.right) + 3)
    level = found.level[rows, columns]
    ys = _separators(level, found.em, least=2.2, share=0.25)
    walls = _walls(ys, found.em)
    double = [wall for wall in walls[1:-1] if wall.half]
    if not double or len(double) > 2 or any(wall.half for wall in (walls[0], walls[-1])):
        return (box,)
    reach = max(1, round(found.em * 0.15))
    cuts = [box.top]
    for wall in double:
        sides = (wall.middle - wall.half, wall.middle + wall.half)
        bands = [level[max(0, int(y) - reach) : int(y) + reach + 1] for y in sides]
        if all(band.any(axis=0).mean() > 0.85 for band in bands):
            cuts.append(rows.start + wall.middle)
    cuts.append(box.bottom)
    return tuple(Box(box.left, top, box.right, bottom) for top, bottom in pairwise(cuts))


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
    ys = _separators(level, found.em, least=2.2, share=0.25)
    xs = _separators(np.ascontiguousarray(plumb.T), found.em, least=1.0, share=0.0)
    if len(ys) < 2 or len(xs) < 3:
        return None
    rows_at, columns_at = _walls(ys, found.em), _walls(xs, found.em)
    nodes = _nodes(level, plumb, rows_at, columns_at, found.em)
    reach = max(2, round(found.em * 0.22))
    thick_level = cv2.dilate(level.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8)) > 0
    thick_plumb = cv2.dilate(plumb.astype(np.uint8), np.ones((1, 2 * reach + 1), np.uint8)) > 0
    across = tuple(
        tuple(
            max(coverage(thick_level, a, b, reach, (0, side * wall.half)) for side in (-1, 1))
            for a, b in pairwise(row)
        )
        for row, wall in zip(nodes, rows_at, strict=True)
    )
    down = tuple(
        tuple(
            max(coverage(thick_plumb, a, b, reach, (side * wall.half, 0)) for side in (-1, 1))
            for a, b, wall in zip(upper, lower, columns_at, strict=True)
        )
        for upper, lower in pairwise(nodes)
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


@dataclass(frozen=True, slots=True)
class _Wall:
    """A separator: one line, or two that run together; ``half`` is half their distance."""

    middle: float
    half: float


def _walls(found: list[tuple[float, float]], em: float) -> list[_Wall]:
    """Join the two lines of a double rule: nearer than a row of text is high.

    The rest of the table must be far coarser, so that small text does not pass for one. Both
    lines of a double rule are as long; beside a longer one, a short one is a stroke of text.
    """
    found = _without_strokes(found, em)
    separators = [at for at, _ in found]
    gaps = [b - a for a, b in pairwise(separators)]
    limit = min(0.95 * em, 0.5 * float(np.percentile(gaps, 75))) if gaps else 0.0
    walls: list[_Wall] = []
    taken = False
    for number, place in enumerate(separators):
        if taken:
            taken = False
        elif number < len(gaps) and gaps[number] < limit:
            walls.append(_Wall(place + gaps[number] / 2, gaps[number] / 2))
            taken = True
        else:
            walls.append(_Wall(place, 0.0))
    return walls


def _without_strokes(found: list[tuple[float, float]], em: float) -> list[tuple[float, float]]:
    """Drop separators that run beside one at least twice as long, nearer than a row is high."""
    gaps = [b - a for (a, _), (b, _) in pairwise(found)]
    limit = min(0.95 * em, 0.5 * float(np.percentile(gaps, 75))) if gaps else 0.0
    kept = []
    for number, (at, cover) in enumerate(found):
        beside = [found[n] for n in (number - 1, number + 1) if 0 <= n < len(found)]
        if not any(abs(at - other) < limit and cover < 0.5 * long for other, long in beside):
            kept.append((at, cover))
    return kept


def _separators(
    mask: NDArray[np.bool_], em: float, least: float, share: float
) -> list[tuple[float, float]]:
    """Find where lines run along x: (height, length), peaks of coverage at least 0.55 em apart.

    A line counts when its pieces add up to ``least`` em, to a twelfth of the width, and to
    ``share`` of it, or where all lines are broken to nearly half of what the others have.
    """
    reach = max(1, round(em * 0.15))
    thick = cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8))
    cover = thick.sum(axis=1).astype(np.float64)
    mass = mask.sum(axis=1).astype(np.float64)
    need = max(least * em, mask.shape[1] / 12)
    gap = max(3, round(em * 0.55))
    separators: list[tuple[float, float]] = []
    left = np.where(cover >= need, cover, 0.0)
    while left.max(initial=0.0) > 0:
        peak = int(left.argmax())
        low, high = max(0, peak - reach), min(len(mass), peak + reach + 1)
        weight = mass[low:high]
        center = float((weight * np.arange(low, high)).sum() / max(weight.sum(), 1e-9))
        separators.append((center if weight.sum() > 0 else float(peak), float(cover[peak])))
        left[max(0, peak - gap) : peak + gap + 1] = 0
    if not separators:
        return []
    usual = float(np.percentile([c for _, c in separators], 75))
    enough = min(share * mask.shape[1], 0.45 * usual) if share else 0.0
    return sorted((y, c) for y, c in separators if c >= enough)


def _nodes(
    level: NDArray[np.bool_],
    plumb: NDArray[np.bool_],
    rows: list[_Wall],
    columns: list[_Wall],
    em: float,
) -> list[list[Point]]:
    """Place every crossing where its two lines really run near it.

    What is left of a page's curl moves a line by a few pixels over its length: each crossing
    looks for the line's ink within 0.4 em, and keeps the separator's own place without any.
    """
    reach = max(2, round(em * 0.4))
    window = max(4, round(em * 1.5))

    def near(mask: NDArray[np.bool_], along: float, wall: _Wall) -> float:
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
    trim = min(reach + 1, length // 4)
    steps = np.linspace(0, 1, max(3, length + 1))
    inner = steps[trim : len(steps) - trim] if len(steps) > 2 * trim + 1 else steps
    x = np.clip(np.round(a[0] + (b[0] - a[0]) * inner).astype(int), 0, thick.shape[1] - 1)
    y = np.clip(np.round(a[1] + (b[1] - a[1]) * inner).astype(int), 0, thick.shape[0] - 1)
    return float(thick[y, x].mean())


def _scaled(lattice: Lattice, factor: float) -> Lattice:
    nodes = tuple(tuple((x * factor, y * factor) for x, y in row) for row in lattice.nodes)
    row_walls = tuple(half * factor for half in lattice.row_walls)
    column_walls = tuple(half * factor for half in lattice.column_walls)
    return Lattice(lattice.page, nodes, lattice.across, lattice.down, row_walls, column_walls)
