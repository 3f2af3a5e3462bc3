"""From lines that a file itself draws to lattices: exact, without a look at pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from document.geometry import Box, hull
from document.lattice import Lattice

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_ROWS, FEWEST_COLUMNS = 1, 2
THIN = 0.35
"""Thickness of a line in em up to which a drawn box is a line and no area."""

DOUBLE = 0.45
"""Distance in em below which two parallel lines are one double rule: no text fits between."""

TOUCH = 0.25
"""Distance in em up to which lines meet; also the gap of a dashed line that counts as drawn."""

FARTHEST_SIDE = 8.0
"""Width in em of a cell with lines at its sides only."""

SAME_HEIGHT = 1.0
"""Difference in em up to which such a line is as high as its table."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight line along one axis: at ``at`` on the other axis, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


def lattices_drawn(boxes: Sequence[Box], em: float, page: int) -> tuple[Lattice, ...]:
    """Build lattices from thin drawn boxes, from the top down.

    ``boxes`` and ``em``, the height of the text, are in the same unit; so are the lattices.
    Boxes that are not thin are passed over.
    """
    level = [b for b in boxes if b.height <= THIN * em and b.width > b.height]
    plumb = [b for b in boxes if b.width <= THIN * em and b.height > b.width]
    found = []
    level, plumb = _whole(level, TOUCH * em), _upright(_whole(_upright(plumb), TOUCH * em))
    for group in _with_sides(_groups([*level, *plumb], TOUCH * em), em):
        rows = [_Rule(b.center[1], b.left, b.right) for b in group if b.width > b.height]
        columns = [_Rule(b.center[0], b.top, b.bottom) for b in group if b.width <= b.height]
        lattice = _lattice(rows, columns, em, page)
        if lattice is not None:
            found.append(lattice)
    return tuple(sorted(found, key=lambda one: (one.box.top, one.box.left)))


def _whole(strokes: Sequence[Box], reach: float) -> list[Box]:
    """Join level strokes of one height that nearly touch: a dashed frame has thousands."""
    lines: list[Box] = []
    order = sorted(strokes, key=lambda b: (round(b.top, 2), round(b.bottom, 2), b.left))
    for one in order:
        last = lines[-1] if lines else None
        if (
            last is not None
            and abs(last.top - one.top) < 0.02
            and abs(last.bottom - one.bottom) < 0.02
            and one.left - last.right <= reach
        ):
            lines[-1] = Box(last.left, last.top, max(last.right, one.right), last.bottom)
        else:
            lines.append(one)
    return lines


def _upright(boxes: Sequence[Box]) -> list[Box]:
    """Exchange the axes of boxes."""
    return [Box(b.top, b.left, b.bottom, b.right) for b in boxes]


def _with_sides(groups: Sequence[list[Box]], em: float) -> list[list[Box]]:
    """Put lines that stand alone beside a table to it, where they are as high as it is.

    A cell that is as high as the page, of a table cut by both its ends, has lines at its sides
    only, and no line of the table touches the outer one.
    """
    frames = [hull(group) for group in groups]
    sides = [
        number
        for number, frame in enumerate(frames)
        if frame.width < DOUBLE * em and frame.height > 2 * em
    ]
    merged = {number: list(group) for number, group in enumerate(groups)}
    for number in sides:
        side = frames[number]
        for other, frame in enumerate(frames):
            gap = max(side.left - frame.right, frame.left - side.right)
            level = max(abs(side.top - frame.top), abs(side.bottom - frame.bottom))
            if other not in sides and 0 < gap < FARTHEST_SIDE * em and level < SAME_HEIGHT * em:
                merged[other] += merged.pop(number)
                break
    return list(merged.values())


def _groups(boxes: Sequence[Box], reach: float) -> list[list[Box]]:
    """Gather boxes that touch one another into groups."""
    order = sorted(boxes, key=lambda b: b.top)
    parents = list(range(len(order)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    open_ones: list[int] = []
    for i, box in enumerate(order):
        open_ones = [k for k in open_ones if order[k].bottom + reach >= box.top]
        for k in open_ones:
            other = order[k]
            if other.left - reach <= box.right and box.left - reach <= other.right:
                parents[root(k)] = root(i)
        open_ones.append(i)
    groups: dict[int, list[Box]] = {}
    for i, box in enumerate(order):
        groups.setdefault(root(i), []).append(box)
    return list(groups.values())


def _lattice(
    rows: Sequence[_Rule], columns: Sequence[_Rule], em: float, page: int
) -> Lattice | None:
    if not rows or not columns:
        return None
    reach = TOUCH * em
    left, right = min(r.start for r in rows), max(r.end for r in rows)
    top, bottom = min(c.start for c in columns), max(c.end for c in columns)
    ys = _separators([r.at for r in rows], em)
    xs = _separators([c.at for c in columns], em)
    # tables without a frame at the sides, or cut by the end of the page
    ys = _ended(ys, top, bottom, 2 * DOUBLE * em)
    xs = _ended(xs, left, right, 2 * DOUBLE * em)
    if len(ys) <= FEWEST_ROWS or len(xs) <= FEWEST_COLUMNS:
        return None
    level = [_near(rows, y, em) for y in ys]
    across = tuple(
        tuple(_covered(mine, a[0], b[0], reach) for a, b in pairwise(xs)) for mine in level
    )
    drawn = [_near(columns, x, em) for x in xs]
    down = tuple(
        tuple(_covered(mine, a[0], b[0], reach) for mine in drawn) for a, b in pairwise(ys)
    )
    return Lattice(
        page,
        tuple(tuple((x, y) for x, _ in xs) for y, _ in ys),
        across,
        down,
        tuple(half for _, half in ys),
        tuple(half for _, half in xs),
    )


def _separators(values: Sequence[float], em: float) -> list[tuple[float, float]]:
    """Join places of lines to separators: (middle, half the distance of a double rule)."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] < DOUBLE * em:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [((g[0] + g[-1]) / 2, (g[-1] - g[0]) / 2) for g in groups]


def _ended(
    found: list[tuple[float, float]], low: float, high: float, far: float
) -> list[tuple[float, float]]:
    """Add the ends of the lines across as separators where no line is drawn there."""
    before = [(low, 0.0)] if low < found[0][0] - far else []
    after = [(high, 0.0)] if high > found[-1][0] + far else []
    return [*before, *found, *after]


def _near(rules: Sequence[_Rule], separator: tuple[float, float], em: float) -> list[_Rule]:
    """Return the rules that make a separator, by where they begin."""
    at, half = separator
    reach = half + 0.05 * em
    near = [rule for rule in rules if abs(rule.at - at) <= reach]
    return sorted(near, key=lambda rule: rule.start)


def _covered(rules: Sequence[_Rule], start: float, end: float, reach: float) -> float:
    """Return the share of start…end that rules cover, gaps up to ``reach`` included.

    ``rules`` are sorted by where they begin.
    """
    inner = (start + reach / 2, end - reach / 2)
    if inner[1] <= inner[0]:
        inner = (start, end)
    covered, at = 0.0, inner[0]
    for rule in rules:
        if rule.end <= at or rule.start >= inner[1]:
            continue
        begin = at if rule.start <= at + reach else rule.start
        stop = min(rule.end, inner[1])
        covered += stop - begin
        at = stop
    return min(1.0, covered / (inner[1] - inner[0])) if inner[1] > inner[0] else 0.0
