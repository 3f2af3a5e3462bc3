"""Hairlines that printing in black and white lost, known by the dots left where they crossed.

A line thinner than a dot of the scanner falls below its threshold everywhere but where it meets
another: a table keeps its frame and a dot at every crossing. Dots that stand in rows and columns
at once are such crossings, and between neighbours that no print parts a line once ran.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.rulings import Rulings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from layout.tone import Tone

    Places = NDArray[np.float64]

SPECK = 0.2
"""Breadth of a dot at most, in em: those of two drawn prints are 0.05 to 0.14 em broad."""

CLEAR = 0.3
"""Clear paper around a dot, in em: the next piece of a stroke that broke is nearer."""

ALIGNED = 0.12
"""How far dots of one separator may lie beside it, in em: on flattened pages two pixels."""

ROW, COLUMN = 4, 2
"""Dots on one separator of rows, and of columns, at least: a low table has many columns."""

FEWEST, MOST = 12, 2000
"""Crossings from which dots are a table's, and dots up to which they are not a page's grain."""

FILLED = 0.3
"""Share of the crossings of a page's tables that have dots: 0.52 and 0.70 of two drawn prints.

Merged cells leave some without. Of specks strewn at random, up to 2000, it is below 0.1."""

MARKED = 0.5
"""Share of a page's dots that must be crossings: 0.79 and 0.93 there, of strewn specks 0.28."""

DARK = 60
"""Darkness of print: what was black or white, and brought to another size since."""


def dotted(made: Tone, found: Rulings) -> Rulings | None:
    """Return the ruling lines and those that dots show; None without a table of dots.

    ``made`` and ``found`` are of one page, in the same pixels.
    """
    specks, alone, left = _specks((made.ink > DARK).astype(np.uint8), made.em)
    dots = specks[alone]
    if not FEWEST <= len(dots) <= MOST:
        return None
    crossings = _crossings(dots, made.em)
    if len(crossings) < max(FEWEST, MARKED * len(dots)):
        return None
    within = ALIGNED * made.em
    rows, columns = _lines(crossings[:, 1], within), _lines(crossings[:, 0], within)
    if len(crossings) < FILLED * len(rows) * len(columns):
        return None
    columns = _lines(dots[_line_of(dots[:, 1], rows, within) >= 0, 0], within)
    on = dots[_line_of(dots[:, 0], columns, within) >= 0, 1]
    rows = _lines(on, within, COLUMN)
    places = _line_of(specks[:, 0], columns, within), _line_of(specks[:, 1], rows, within)
    crossed = (places[0] >= 0) & (places[1] >= 0)
    at = np.column_stack([columns[places[0]], rows[places[1]]])[crossed]
    drawn = cv2.dilate((found.level | found.plumb).astype(np.uint8), np.ones((5, 5), np.uint8))
    print_ = (left > drawn).view(bool)
    level = _joined(at, found.plumb, print_)
    turned = [np.ascontiguousarray(mask.T) for mask in (found.level, print_)]
    plumb = np.ascontiguousarray(_joined(at[:, ::-1], *turned).T)
    return Rulings(found.level | level, found.plumb | plumb, found.em)


def _specks(
    dark: NDArray[np.uint8], em: float
) -> tuple[Places, NDArray[np.bool_], NDArray[np.uint8]]:
    """Return the middles (x, y) of specks, whether paper is clear around them, and other ink."""
    count, labels, stats, middles = cv2.connectedComponentsWithStats(dark, connectivity=8)
    side = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    small = side <= max(2, round(SPECK * em))
    small[0] = False
    reach = 2 * round(CLEAR * em) + 1
    around = cv2.boxFilter(
        dark, cv2.CV_32S, (reach, reach), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    x, y = np.rint(middles[small]).astype(int).T
    alone = around[y, x] <= stats[small, cv2.CC_STAT_AREA]
    left = np.ones(count, np.uint8)
    left[0] = 0
    left[small] = 0
    return np.asarray(middles[small], np.float64), alone, left[labels]


def _crossings(dots: Places, em: float) -> Places:
    """Return the dots that belong to a row of many and a column of several.

    Rows with too few dots, and columns, are given up until none is left, for what remains of
    one may have lain on others that were.
    """
    while len(dots):
        fewer = dots
        for way, least in ((1, ROW), (0, COLUMN)):
            lines = _lines(fewer[:, way], ALIGNED * em, least)
            fewer = fewer[_line_of(fewer[:, way], lines, ALIGNED * em) >= 0]
        if len(fewer) == len(dots):
            break
        dots = fewer
    return dots


def _lines(at: Places, within: float, least: int = 1) -> Places:
    """Return the lines on which places lie, ``least`` or more: a wider gap begins another."""
    at = np.sort(at)
    parts = np.split(at, np.flatnonzero(np.diff(at) > within) + 1)
    return np.array([np.median(part) for part in parts if len(part) >= least])


def _line_of(at: Places, lines: Places, within: float) -> NDArray[np.int64]:
    """Return the number of the line on which each place lies; -1 where it lies on none."""
    if not len(lines):
        return np.full(len(at), -1)
    nearest = np.abs(at[:, None] - lines).argmin(axis=1)
    return np.where(np.abs(at - lines[nearest]) <= within, nearest, -1)


def _joined(at: Places, across: NDArray[np.bool_], print_: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Draw lines along x from crossing to crossing, and on to a line ``across`` met first.

    No line is drawn where print lies on it. Masks are (height, width), crossings (x, y).
    """
    drawn = np.zeros(print_.shape, np.uint8)
    for line in np.unique(at[:, 1]).tolist():
        y = round(line)
        band = slice(max(0, y - 1), y + 2)
        met = np.flatnonzero(across[band].any(axis=0))
        places = np.unique(np.rint(at[at[:, 1] == line, 0]).astype(int))
        for a, b in _stretches(places.tolist(), met):
            if not print_[band, a : b + 1].any():
                drawn[band, a : b + 1] = 1
    return drawn.view(bool)


def _stretches(dots: Sequence[int], met: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return from where to where a line may run: from dot to dot, or to what it meets first."""
    found = []
    before, behind = met[met < dots[0]], met[met > dots[-1]]
    if len(before):
        found.append((int(before[-1]), dots[0]))
    for a, b in pairwise(dots):
        inside = met[(met > a + 1) & (met < b - 1)]
        found += [(a, int(inside[0])), (int(inside[-1]), b)] if len(inside) else [(a, b)]
    if len(behind):
        found.append((dots[-1], int(behind[0])))
    return found
