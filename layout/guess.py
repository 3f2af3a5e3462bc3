"""Tables without their lines: separators supposed in the white between columns and rows of text.

What is left of ruling lines is used where there is any. All of this is a second hypothesis, for
pages on which drawn lines alone explain too little; the words decide whether it holds.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from document.lattice import Lattice
from layout.lattice import DRAWN, coverage
from layout.pieces import LONGEST, MANY, blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Point
    from layout.pieces import Line
    from layout.rulings import Rulings
    from layout.tone import Tone

SUPPOSED = 0.4
"""Strength of an edge that nothing draws: it bounds a cell, but bands across it may be joined."""

FRAME = 0.4
"""Share of a table's width from which a level line may be its frame."""

LINE = 0.3
"""The same for a line between two rows."""

CROSSED = 0.2
"""Share of the rows whose text may run across a separator of columns: merged cells."""


def guess(
    made: Tone, drawn: Rulings, torn: Rulings, pieces: Sequence[Box], page: int
) -> tuple[Lattice, ...]:
    """Return the tables that rows of text in columns suggest, from the top down.

    ``drawn`` are ruling lines for certain, ``torn`` what may be left of some. The lattices are
    in pixels of the image ``made`` was made from.
    """
    found = []
    for block in blocks(pieces, made.em):
        lattice = _fitted(made, drawn, torn, block, page)
        if lattice is not None:
            found.append(lattice)
    return tuple(found)


def _fitted(
    made: Tone, drawn: Rulings, torn: Rulings, block: Sequence[Line], page: int
) -> Lattice | None:
    """Set separators in the white of a block of lines, and judge every edge between them."""
    em = made.em
    xs = _column_separators(block, torn, em)
    block = _below_frame(block, torn, xs)
    if len(xs) < MANY + 1:
        return None
    ys = _row_separators(block, torn, (xs[0], xs[-1]), em)
    nodes = _nodes(block, ys, xs)
    pieces = [piece for line in block for piece in line.pieces]
    upright = [Box(p.top, p.left, p.bottom, p.right) for p in pieces]
    # Where cells may be merged, nothing speaks for an edge, and nothing against it.
    has_figures = [any(a < n.center < b for n in block if n.full) for a, b in pairwise(ys)]
    reach, margin = max(2, round(em * 0.22)), 0.15 * em
    thick_level = cv2.dilate(drawn.level.astype(np.uint8), np.ones((2 * reach + 1, 1))) > 0
    thick_plumb = cv2.dilate(drawn.plumb.astype(np.uint8), np.ones((1, 2 * reach + 1))) > 0
    across = tuple(
        tuple(
            max(
                coverage(thick_level, a, b, reach, (0, 0)),
                0.0 if _cut(pieces, a[0], b[0], (a[1] + b[1]) / 2, margin) else SUPPOSED,
            )
            for a, b in pairwise(row)
        )
        for row in nodes
    )
    down = tuple(
        tuple(
            max(
                coverage(thick_plumb, a, b, reach, (0, 0)),
                0.0
                if _cut(upright, a[1], b[1], a[0], margin)
                else (2 * SUPPOSED if sure else DRAWN),
            )
            for a, b in zip(upper, lower, strict=True)
        )
        for (upper, lower), sure in zip(pairwise(nodes), has_figures, strict=True)
    )
    s = made.scale
    moved = tuple(tuple((x / s, y / s) for x, y in row) for row in nodes)
    return Lattice(page, moved, across, down, (0.0,) * len(ys), (0.0,) * len(xs), supposed=True)


def _nodes(block: Sequence[Line], ys: Sequence[float], xs: Sequence[float]) -> list[list[Point]]:
    """Place the crossings; each separator of rows climbs as the rows of figures near it do."""
    full = [line for line in block if line.full]
    middle = (xs[0] + xs[-1]) / 2
    nodes = []
    for y in ys:
        near = sorted(full, key=lambda line: abs(line.center - y))[:4]
        climb = float(np.median([line.climb for line in near]))
        nodes.append([(x, y + climb * (x - middle)) for x in xs])
    return nodes


def _below_frame(block: Sequence[Line], torn: Rulings, xs: Sequence[float]) -> Sequence[Line]:
    """Leave out the lines above a frame's uppermost line, such as the table's title."""
    strength = torn.level[:, max(0, int(xs[0])) : int(xs[-1]) + 1].mean(axis=1)
    for number, (above, below) in enumerate(pairwise(block), start=1):
        if _strongest(strength, block[0].top - 1.5 * torn.em, block[0].top) > FRAME or above.full:
            break
        if _strongest(strength, above.bottom, below.top) > FRAME:
            return block[number:]
    return block


def _cut(pieces: Sequence[Box], start: float, end: float, at: float, margin: float) -> bool:
    """Tell whether the level edge from ``start`` to ``end`` at height ``at`` runs through text."""
    return any(
        p.top + margin < at < p.bottom - margin
        and min(p.right, end) - max(p.left, start) > 0.3 * min(p.width, end - start)
        for p in pieces
    )


def _column_separators(block: Sequence[Line], torn: Rulings, em: float) -> list[float]:
    """Set separators where hardly a full line has text, and round about the whole."""
    full = [line for line in block if line.full]
    # Labels of several lines stand beside their figures' line, not on it.
    body = [line for line in block if full[0].top <= line.center <= full[-1].bottom]
    left = min(line.pieces[0].left for line in body)
    right = max(line.pieces[-1].right for line in body)
    width = int(right - left) + 1
    cover = np.zeros(width)
    for line in body:
        row = np.zeros(width, dtype=bool)
        for piece in line.pieces:
            row[int(piece.left - left) : int(piece.right - left)] = True
        cover += row
    free = cover <= CROSSED * len(full)
    top, bottom = int(full[0].top), int(full[-1].bottom)
    strength = torn.plumb[top:bottom].sum(axis=0) / max(1, bottom - top)
    inner = []
    for start, end in _runs(free):
        if end - start < 0.3 * em or start == 0 or end == width:
            continue
        low = cover[start:end]
        best = np.flatnonzero(low == low.min())
        inner.append(_snapped(strength, left + start + best[0], left + start + best[-1] + 1))
    first = _snapped(strength, left - 2.5 * em, left, left - 0.5 * em)
    last = _snapped(strength, right, right + 2.5 * em, right + 0.5 * em)
    return [first, *inner, last]


def _snapped(
    strength: NDArray[np.float64], start: float, end: float, otherwise: float | None = None
) -> float:
    """Return where between ``start`` and ``end`` a line is most likely drawn, or the middle."""
    low, high = max(0, int(start)), min(len(strength), int(end) + 1)
    here = strength[low:high]
    if len(here) and here.max() > 0.15:
        near = np.flatnonzero(here > 0.6 * here.max())
        return (
            float(low + near.mean())
            if np.ptp(near) < 0.5 * len(here) + 3
            else float(low + here.argmax())
        )
    return float((start + end) / 2 if otherwise is None else otherwise)


def _row_separators(
    block: Sequence[Line], torn: Rulings, sides: tuple[float, float], em: float
) -> list[float]:
    """Set separators where lines are drawn or in the white, and above and below the whole."""
    left, right = max(0, int(sides[0])), int(sides[1]) + 1
    strength = torn.level[:, left:right].mean(axis=1)
    full = [line for line in block if line.full]
    first = next(number for number, line in enumerate(block) if line.full)
    separators = _header_separators(block[: first + 1], strength)
    # Between two rows, what has strokes stands left of the figures; lines cross them all.
    figures = int(np.median([line.figures[-MANY].left for line in full]))
    crossing = torn.level[:, max(0, figures) : right].mean(axis=1)
    plain = _levelled(block, (left + right) / 2)
    for above, below in pairwise(full):
        drawn = _drawn_between(crossing, above.bottom, below.top, em)
        separators += drawn or _white_between(plain, above, below, em)
    top = _snapped(strength, block[0].top - 1.3 * em, block[0].top, block[0].top - 0.4 * em)
    last = block[-1].bottom
    bottom = _snapped(strength, last, last + 1.3 * em, last + 0.4 * em)
    return [top, *separators, bottom]


def _header_separators(header: Sequence[Line], strength: NDArray[np.float64]) -> list[float]:
    """Set separators between lines of a header, down to the first row: drawn, or else in white."""
    gaps = [(above.bottom, below.top) for above, below in pairwise(header)]
    drawn = [_strongest(strength, above, below) > LINE for above, below in gaps]
    chosen = drawn if any(drawn) else [below > above for above, below in gaps]
    return [_snapped(strength, *gap) for gap, is_one in zip(gaps, chosen, strict=True) if is_one]


def _levelled(block: Sequence[Line], middle: float) -> list[Box]:
    """Return the pieces of a block as they would lie if its rows did not climb."""
    climb = float(np.median([line.climb for line in block if line.full]))
    shifts = [(p, climb * (p.center[0] - middle)) for line in block for p in line.pieces]
    return [Box(p.left, p.top - dy, p.right, p.bottom - dy) for p, dy in shifts]


def _drawn_between(
    strength: NDArray[np.float64], above: float, below: float, em: float
) -> list[float]:
    """Return where lines are drawn between two rows of figures, at least half an em apart."""
    low = max(0, int(above) - 1)
    here = strength[low : int(below) + 2].copy()
    found: list[float] = []
    while here.max(initial=0.0) > LINE:
        peak = int(here.argmax())
        near = slice(max(0, peak - round(0.55 * em)), peak + round(0.55 * em) + 1)
        weights = np.where(here[near] > LINE, here[near], 0.0)
        found.append(low + near.start + float(np.average(np.arange(len(weights)), weights=weights)))
        here[near] = 0.0
    return sorted(found)


def _white_between(pieces: Sequence[Box], above: Line, below: Line, em: float) -> list[float]:
    """Return where two rows of figures part, by the labels that stand between them.

    There may be lines of labels that have more than one, and labels whose figures are blank;
    where one gap is clearly the widest it alone separates. Labels of several rows stand left of
    the rows' own, where they like, and tell nothing.
    """
    low, high = int(above.bottom), int(below.top) + 1
    if high - low < 2:
        return [(above.bottom + below.top) / 2]
    cover = np.zeros(high - low)
    own = min(_label_left(above), _label_left(below))
    for p in (piece for piece in pieces if piece.right > own + 0.3 * em):
        start, end = round(p.top + 0.1 * em) - low, round(p.bottom - 0.1 * em) - low
        cover[max(0, start) : max(0, end)] += p.width
    gaps = _runs(cover <= cover.min() + 0.3 * em)
    widest = sorted((end - start for start, end in gaps), reverse=True)
    if len(gaps) > 1 and widest[0] - widest[1] > 0.3 * em:
        gaps = [gap for gap in gaps if gap[1] - gap[0] == widest[0]]
    return [low + (start + end - 1) / 2 for start, end in gaps if 5 * (end - start) >= widest[0]]


def _label_left(line: Line) -> float:
    """Return where the label next to a row's figures begins."""
    first = line.figures[-MANY].left
    labels = [p for p in line.pieces if p.right < first and p.width > LONGEST / 2 * p.height]
    return labels[-1].left if labels else line.pieces[0].left


def _strongest(strength: NDArray[np.float64], start: float, end: float) -> float:
    reach = strength[max(0, int(start) - 1) : int(end) + 2]
    return float(reach.max(initial=0.0))


def _runs(filled: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs (start, end) of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
