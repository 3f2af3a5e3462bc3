"""Lines that are none of a table's: folds of the sheet, edges of paper and of a scanner's lid.

They run straight through a table and out of it, where no line across meets them any more. A
table's own lines end at its frame, or all go on alike where it has no frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from layout.rulings import Rulings

CROSSED = 4.0
"""Characters of lines across at a height that make it a part of a table."""

ROWS, COLUMNS = 12.0, 30.0
"""Characters from one line across to the next within a table: rows are lower than that, and
columns narrower, those of long labels too."""

LOOSE = 0.15
"""Share of a table's lines that reach its outermost line across at least: edges of the paper or
of a scanner's lid, beside the table, are met by folds alone."""

STUB = 2.0
"""Characters by which a fold runs on beyond the last line across at both ends."""

LONG_STUB = 8.0
"""The same, where it is seen at one end only."""

STRAIGHT = 0.25
"""Characters by which a fold's two ends may be off the straight line through them."""

LEANING = 0.08
"""How much a fold may lean against the table, as a slope."""

SEEN, SEEN_ALONE = 0.3, 0.5
"""Share of a fold that is seen in the table, where both its ends or one end are seen outside."""

EVIDENT = 16.0
"""Characters of a straight line outside a table, on both its sides, that are a fold for sure,
whether or not anything of it is seen inside."""

UPRIGHT = 0.02
"""Slope of such a line at most: one through the ends of two rows leans more."""

TWIN = 1.0
"""Characters within which two lines are the sides of one fold."""

FRAME = 0.6
"""Characters from the end of the lines across within which a line is a side of the frame."""

ALIKE = 0.3
"""Share of the table's lines that run on as well: then its frame is missing."""

MEETING = 3
"""So many lines across that meet a line outside a table make it another table's: the edges of
paper and of a scanner's lid are two at most."""

OPEN, TOGETHER = 4, 0.5
"""So many lines that end within so many characters of one another end at a table's open side,
where labels span rows so that no more come that far; a sheet is not folded as often."""


@dataclass(frozen=True, slots=True)
class _Stub:
    """A piece of a line outside a table: its points, and how long it is in pixels."""

    ys: NDArray[np.int64]
    xs: NDArray[np.int64]
    length: int


def without_folds(found: Rulings) -> Rulings:
    """Return rulings without the lines that run through a table and on beyond its ends."""
    plumb = _freed(found.plumb, found.level, found.em, ROWS)
    level = _freed(found.level.T, found.plumb.T, found.em, COLUMNS)
    return replace(found, plumb=plumb, level=np.ascontiguousarray(level.T))


def _freed(
    along: NDArray[np.bool_], across: NDArray[np.bool_], em: float, apart: float
) -> NDArray[np.bool_]:
    """Take folds out of the mask of lines along y, (height, width) bool.

    Lines of a table across are ``apart`` em from one another at most.
    """
    freed = along
    zones = _zones(across, along, em, apart)
    edges = [0, *(y for zone in zones for y in zone), along.shape[0]]
    margins = [slice(top, bottom) for top, bottom in zip(edges[::2], edges[1::2], strict=True)]
    stubs = [
        [stub for stub in _stubs(along, margin, em) if not _is_met(stub, across, em)]
        for margin in margins
    ]
    for (top, bottom), (above, below) in zip(zones, pairwise(stubs), strict=True):
        through = _folds(along[top:bottom], top, above, below, em)
        through = _without_frame(through, across[top:bottom], (top + bottom) / 2, em)
        through = [line for line in through if not _at_open_side(line, above, below, em)]
        few = max(2, ALIKE * _count(along[top:bottom], em, 2 * em))
        if _distinct(through, (top + bottom) / 2, em) > few:
            continue
        for line in through:
            rows = np.arange(along.shape[0])[:, None]
            off = np.abs(np.arange(along.shape[1])[None, :] - np.polyval(line, rows))
            freed = freed & (off > max(2.0, 0.2 * em))
    return freed


def _zones(
    across: NDArray[np.bool_], along: NDArray[np.bool_], em: float, apart: float
) -> list[tuple[int, int]]:
    """Return the heights between which tables lie: their lines across are near one another."""
    rows = np.flatnonzero(across.sum(axis=1) > CROSSED * em)
    if len(rows) == 0:
        return []
    lines = np.split(rows, np.flatnonzero(np.diff(rows) > em) + 1)
    zones: list[list[tuple[int, int]]] = [[]]
    for line in lines:
        here = int(line[0]), int(line[-1]) + 1
        far = bool(zones[-1]) and here[0] - zones[-1][-1][1] > apart * em
        if far and not _go_on(zones[-1], here[0], along, em):
            zones.append([])
        zones[-1].append(here)
    trimmed = [_trimmed(zone, along, em) for zone in zones]
    return [(top, bottom) for top, bottom in trimmed if bottom - top - 1 > em]


def _go_on(zone: list[tuple[int, int]], until: int, along: NDArray[np.bool_], em: float) -> bool:
    """Tell whether a zone's lines go on alike to a height: so they do in a row of many lines.

    Word sets long labels in columns as narrow as those of figures; the row is as high as they are.
    """
    top, bottom = zone[0][0], zone[-1][1]
    through = _count(along[bottom:until], em, 0.5 * (until - bottom))
    return through > max(2, ALIKE * _count(along[top:bottom], em, 2 * em))


def _trimmed(zone: list[tuple[int, int]], along: NDArray[np.bool_], em: float) -> tuple[int, int]:
    """Return where a zone begins and ends without the lines across that are not the table's."""
    met = [
        _count(along[end:start], em, 0.5 * (start - end)) for (_, end), (start, _) in pairwise(zone)
    ]
    loose = [few < LOOSE * max(met) for few in met]
    first, last = 0, len(loose)
    while first < last and loose[first]:
        first += 1
    while last > first and loose[last - 1]:
        last -= 1
    return zone[first][0], zone[last][1]


def _stubs(along: NDArray[np.bool_], margin: slice, em: float) -> list[_Stub]:
    """Return the pieces of lines in a margin, leaving some room beside the tables."""
    near = round(0.4 * em)
    top, bottom = margin.start + near, margin.stop - near
    if bottom - top < STUB * em or not along[top:bottom].any():
        return []
    part = cv2.morphologyEx(
        along[top:bottom].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((round(em) | 1, 3), np.uint8)
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part)
    found = []
    for label, (x, y, wide, high, _) in enumerate(stats[1:count].tolist(), start=1):
        if high >= STUB * em:
            ys, xs = np.nonzero(labels[y : y + high, x : x + wide] == label)
            found.append(_Stub(ys + y + top, xs + x, high))
    return found


def _is_met(stub: _Stub, across: NDArray[np.bool_], em: float) -> bool:
    """Tell whether lines across meet a piece of a line outside a table: it is another table's.

    That stands beside the first, and has fewer lines along.
    """
    near, place = round(FRAME * em), round(float(stub.xs.mean()))
    strip = across[stub.ys.min() : stub.ys.max() + 1]
    met = strip[:, max(0, place - near) : place + near + 1].any(axis=1)
    rows = np.flatnonzero(met & (strip.sum(axis=1) > CROSSED * em))
    return bool(len(rows)) and int((np.diff(rows) > em).sum()) + 1 >= MEETING


def _count(along: NDArray[np.bool_], em: float, length: float) -> int:
    """Return how many lines of more than a ``length`` in pixels there are at different places."""
    places = np.flatnonzero(along.sum(axis=0) > length)
    return int((np.diff(places) > em).sum()) + 1 if len(places) else 0


def _folds(
    inside: NDArray[np.bool_], top: int, above: list[_Stub], below: list[_Stub], em: float
) -> list[NDArray[np.float64]]:
    """Return the straight lines x(y) that lead from stubs through the table, as polynomials."""
    found = []
    for one, other in product(above, below):
        ys, xs = np.concatenate([one.ys, other.ys]), np.concatenate([one.xs, other.xs])
        line = np.polyfit(ys, xs, 1)
        ends = [np.abs(np.polyval(line, s.ys) - s.xs).mean() for s in (one, other)]
        straight = max(ends) <= STRAIGHT * em and abs(line[0]) <= LEANING
        upright = abs(line[0]) <= UPRIGHT and _along(line, (*above, *below), em) >= EVIDENT * em
        if straight and (upright or _drawn(inside, top, line, em) >= SEEN):
            found.append(line)
    for one in (*above, *below):
        if one.length < LONG_STUB * em:
            continue
        line = np.polyfit(one.ys, one.xs, 1)
        known = any(
            abs(np.polyval(line, one.ys[0]) - np.polyval(other, one.ys[0])) < em for other in found
        )
        if not known and abs(line[0]) <= LEANING and _drawn(inside, top, line, em) >= SEEN_ALONE:
            found.append(line)
    return found


def _along(line: NDArray[np.float64], stubs: Iterable[_Stub], em: float) -> int:
    """Return how much of the stubs outside a table, in pixels, lies on a straight line."""
    near = [s for s in stubs if np.abs(np.polyval(line, s.ys) - s.xs).mean() <= 0.5 * STRAIGHT * em]
    return sum(stub.length for stub in near)


def _without_frame(
    through: list[NDArray[np.float64]], across: NDArray[np.bool_], at: float, em: float
) -> list[NDArray[np.float64]]:
    """Leave out the two sides of a frame, both of which run on beyond the last line across.

    So a browser prints a table that goes on over the page inside a cell of many rows: it draws
    the empty frame down to the foot. No two folds meet both ends of a table's lines.
    """
    inked = across[across.sum(axis=1) > CROSSED * em]
    if len(inked) == 0 or len(through) < 2:
        return through
    left = float(np.percentile(inked.argmax(axis=1), 10))
    right = inked.shape[1] - 1 - float(np.percentile(inked[:, ::-1].argmax(axis=1), 10))
    places = [float(np.polyval(line, at)) for line in through]
    ends = [[abs(x - end) < FRAME * em for x in places] for end in (left, right)]
    if not all(map(any, ends)):
        return through
    return [line for line, *end in zip(through, *ends, strict=True) if not any(end)]


def _at_open_side(
    line: NDArray[np.float64], above: list[_Stub], below: list[_Stub], em: float
) -> bool:
    """Tell whether a line ends outside the lines across where many others of its table do."""
    alike = []
    for stubs, outer in ((above, np.min), (below, np.max)):
        own = [s for s in stubs if np.abs(np.polyval(line, s.ys) - s.xs).mean() < STRAIGHT * em]
        ends = [int(outer(s.ys)) for s in stubs]
        alike += [
            sum(abs(end - int(outer(s.ys))) <= TOGETHER * em for end in ends) >= OPEN for s in own
        ]
    return bool(alike) and all(alike)


def _drawn(inside: NDArray[np.bool_], top: int, line: NDArray[np.float64], em: float) -> float:
    """Return which share of a straight line is drawn within a table that begins at ``top``."""
    reach = max(1, round(0.1 * em))
    rows = np.arange(inside.shape[0])
    xs = np.round(np.polyval(line, rows + top)).astype(int)
    fits = (xs >= 0) & (xs < inside.shape[1])
    thick = cv2.dilate(inside.astype(np.uint8), np.ones((1, 2 * reach + 1), np.uint8))
    return float(thick[rows[fits], xs[fits]].sum() / max(1, len(rows)))


def _distinct(lines: list[NDArray[np.float64]], at: float, em: float) -> int:
    """Return at how many places lines pass a height: a fold's dark and light side are one."""
    places = np.sort([float(np.polyval(line, at)) for line in lines])
    return int((np.diff(places) > TWIN * em).sum()) + 1 if len(places) else 0
