"""Straight runs of ink: dark for many characters, thin across, with clear paper beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FILLED = 0.9
"""Share of a run that must be dark for it to be a line: text stays below, broken lines above."""

ALONE = 0.3
"""Share of a line's length that must have clear paper on both sides."""

EVEN = 0.35
"""How dark a pixel must be, beside its run's mean, to count as part of a line.

A line is as dark at one place as at the next. Strokes with mere dirt between them are not."""

LONELY = 0.6
"""How much paler the runs a quarter and half a character to either side of a line must be.

A stroke that runs through a row of characters has their other strokes beside it."""

PALE, LONG = (32, 64, 128), 2.0
"""Darknesses below which a line is pale, and what stands beside it taken to be no darker; and
characters from which a run is long enough for it.

Strokes are 200 to 255 dark. Hairlines of web pages in blue grey (1 px of #b4c6e7) are 30 to 60
at the size at which lines are sought: close behind figures half of them were none."""

AS_PALE = 0.9
"""Share of the darkness of a pale run that is left where it is taken to be no darker than that:
it crosses no dark strokes."""

NEAR, FAR = 0.18, 0.42
"""Characters beside a line between which there must be paper."""

BESIDE = (0.27, 0.48)
"""Characters beside a run at which others are looked at."""

MOST = 0.8
"""Share of a page's rows from which none is worth leaving out."""


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """What all searches for runs along x share, each (height, width), at a character of ``em``.

    ``thin`` uint8 is the ink of what is thinner than half a character across, ``dark`` uint8 1
    where that is drawn rather than noise, both with short gaps closed if that is wanted;
    ``joined`` is ``dark`` without the gaps in a line that do not count; ``text`` uint8 is 1 on
    strokes of any kind.
    """

    em: float
    thin: NDArray[np.uint8]
    dark: NDArray[np.uint8]
    joined: NDArray[np.uint8]
    text: NDArray[np.uint8]


def runs(
    strokes: Strokes, length: float, filled: float = FILLED, *, framed: bool = False
) -> NDArray[np.bool_]:
    """Find runs along x that are dark for ``length`` em, and thin across.

    What is thicker than half a character across (fills, blots, scanner edges) was removed by a
    top-hat; what is left must be ``filled`` over the whole run. The mask holds the ink of such
    runs, so that it reaches to the line's ends but not beyond. With ``framed`` any run beside
    another is its fellow, however pale: every cell may have a frame of its own.
    """
    return _searched(strokes, length, filled, (framed,))[0]


def runs_either_way(strokes: Strokes, length: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what ``runs`` finds, and what it finds ``framed``, in little more time than once."""
    plain, framed = _searched(strokes, length, FILLED, (False, True))
    return plain, framed


def _searched(
    strokes: Strokes, length: float, filled: float, ways: Sequence[bool]
) -> list[NDArray[np.bool_]]:
    """Find runs in the rows that may hold some; ``ways`` tells of each answer if it is framed."""
    run = max(9, int(strokes.em * length)) | 1
    near = _near(strokes, run, filled)
    if near.all():
        return _found(strokes, run, filled, ways)
    kept = [np.zeros(strokes.dark.shape, bool) for _ in ways]
    if near.any():
        cut = (one[near] for one in (strokes.thin, strokes.dark, strokes.joined, strokes.text))
        parts = _found(Strokes(strokes.em, *cut), run, filled, ways)
        for whole, part in zip(kept, parts, strict=True):
            whole[near] = part
    return kept


def _near(strokes: Strokes, run: int, filled: float) -> NDArray[np.bool_]:
    """Tell which rows of pixels hold dark runs, or lie so near to one that it may be told by them.

    No other row can hold a run or alter one: a page without them costs a sixth, and one with a
    table of many lines three fifths. All of them where that is most of a page.
    """
    sums = cv2.boxFilter(
        strokes.dark, cv2.CV_16U, (run, 1), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    holding = (sums >= math.ceil(filled * run - 0.5)).any(axis=1)
    reach = max(4, round(FAR * strokes.em), round(max(BESIDE) * strokes.em)) + 2
    near = cv2.dilate(holding.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8)).ravel() > 0
    return np.ones_like(near) if near.mean() > MOST else near


def _found(
    strokes: Strokes, run: int, filled: float, ways: Sequence[bool]
) -> list[NDArray[np.bool_]]:
    """Find the runs of ``run`` pixels in all rows, see ``_searched``."""
    mean = cv2.boxFilter(strokes.thin, cv2.CV_32F, (run, 1), borderType=cv2.BORDER_CONSTANT)
    even = (strokes.thin > EVEN * mean).view(np.uint8) & strokes.dark
    share = cv2.boxFilter(even, cv2.CV_32F, (run, 1), borderType=cv2.BORDER_CONSTANT)
    cores = np.zeros_like(even)
    y, x = true(share >= filled)
    lonely = _lonely(strokes, run, np.asarray(mean, np.float32), y, x)
    cores[y[lonely], x[lonely]] = 1
    wide = np.ones((1, run), np.uint8)
    mask = fellows = np.asarray(cv2.dilate(cores, wide) & strokes.joined, np.uint8)
    if any(ways) and not lonely.all():
        cores[y, x] = 1
        fellows = np.asarray(cv2.dilate(cores, wide) & strokes.joined, np.uint8)
    if fellows is mask:
        found = _alone(mask, mask, strokes)
        return [found, *(found.copy() for _ in ways[1:])]
    return [_alone(mask, fellows if framed else mask, strokes) for framed in ways]


def _lonely(
    strokes: Strokes,
    run: int,
    mean: NDArray[np.float32],
    y: NDArray[np.int64],
    x: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell of the runs at ``y``, ``x`` whether those beside them are much paler.

    Figures beside a pale line count no more than beside one as dark as they are. Short pieces
    between two lines are not told so: what a poor JPEG leaves around a stroke would be some.
    """
    own = mean[y, x]
    lonely = np.asarray(_beside(mean, y, x, strokes.em) <= (1 - LONELY) * own)
    for least, most in pairwise((0, *PALE)) if run > LONG * strokes.em else ():
        pale = np.flatnonzero(~lonely & (least <= own) & (own < most))
        if len(pale):
            thin = np.asarray(cv2.min(strokes.thin, most), np.uint8)
            level = cv2.boxFilter(thin, cv2.CV_32F, (run, 1), borderType=cv2.BORDER_CONSTANT)
            at = y[pale], x[pale]
            even = level[at] >= AS_PALE * own[pale]
            beside = _beside(np.asarray(level, np.float32), *at, strokes.em)
            lonely[pale] = even & (beside <= (1 - LONELY) * own[pale])
    return lonely


def _alone(
    mask: NDArray[np.uint8], fellows: NDArray[np.uint8], strokes: Strokes
) -> NDArray[np.bool_]:
    """Keep the runs that have clear paper on both sides over a good part of their length.

    Even where a line passes close to a label, it goes on between figures or over empty cells;
    a row of strokes that happen to meet has the rest of its characters beside it throughout.
    Other lines beside it (double rules) do not count: those of the mask ``fellows``.
    """
    text = strokes.text & (cv2.dilate(fellows, np.ones((3, 1))) ^ 1)
    near, far = max(2, round(strokes.em * NEAR)), max(4, round(strokes.em * FAR))
    band = cv2.dilate(text, np.ones((far - near + 1, 1), np.uint8), anchor=(0, 0))
    y, x = true(mask.view(bool))
    busy = (_at(band, y + near, x) | _at(band, y - far, x)).astype(np.float64)
    count, labels = cv2.connectedComponents(mask)
    mine = labels[y, x]
    longest = (1 - ALONE) * np.bincount(mine, minlength=count)
    keep = np.bincount(mine, weights=busy, minlength=count) <= longest
    kept = np.zeros(mask.shape, bool)
    kept[y, x] = keep[mine]
    return kept


def _beside(
    mean: NDArray[np.float32], y: NDArray[np.int64], x: NDArray[np.int64], em: float
) -> NDArray[np.float32]:
    """Return how dark the runs beside the runs at ``y``, ``x`` are, on the darker side.

    The second of double lines, which lies at one of the two distances, does not count.
    """
    sides = [
        np.minimum(*(_at(mean, y - side * round(em * d), x) for d in BESIDE)) for side in (-1, 1)
    ]
    return np.asarray(np.maximum(*sides), np.float32)


def true(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ``np.nonzero`` of a mask, quicker: the y and the x of what is true, row by row."""
    y, x = np.divmod(np.flatnonzero(mask), mask.shape[1])
    return y, x


def _at(image: NDArray[Any], y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[Any]:
    """Return an image's values at ``y``, ``x``: 0 above it and below."""
    inside = (y >= 0) & (y < len(image))
    return np.where(inside, image[np.clip(y, 0, len(image) - 1), x], image.dtype.type(0))
