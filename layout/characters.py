"""The size of a page's characters, from the components its print falls into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.ink import FAINTEST, PALE, level_of, spread_of, strokes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOTTED = 2.2
"""How much larger the middle of the inked area may be than the middle component."""

CRUMBLED = 1.0
"""Crumbs for each larger component from which characters may have fallen to pieces."""

LOWER = (0.7, 0.5, 0.35)
"""Shares of Otsu's level that are tried then."""

FEWEST = 8
"""Characters from which there is text."""

MOST = 6000
"""Components from which they are grain."""

RELIEF = (0.3, 0.2, 0.12)
"""Shares of the print's darkness by which strokes stand out from the gray around them."""

AROUND = 6.0
"""Standard deviation, in pixels, of the Gaussian that is that gray."""

NEXT = (0.7, 1.9)
"""Distance of a character from the next on its line, in sides of its box."""

ALIKE = 1.43
"""Ratio up to which neighbours are of one size, and sizes one."""

LINED_UP = 12
"""Characters with neighbours on two sides from which they confirm a size."""

AGREEING = 0.12
"""Share by which they may differ from it."""

CONFIRMING = 0.6
"""Share of them that must be of one size: grain that happens to line up is of any."""

MANY_DOTS = 200
"""Components below which small ones are no dots: where print runs together, few are left."""


def em_of(ink: NDArray[np.uint8], strokes: NDArray[np.uint8] | None = None) -> float | None:
    """Estimate the height of a full-width character, in pixels; None where there is no text.

    ``strokes`` are ``strokes_of(ink)``, where these are known.

    What is darker than a level may be characters, parts of them or several run together, and
    grain besides. Only characters stand in lines, each with others of its size beside it or
    above and below. Where those confirm no size, strokes are told from the gray around them
    instead, at the height at which most stand in lines and are of one size.
    """
    strokes = strokes_of(ink) if strokes is None else strokes
    level = level_of(strokes)
    em = None
    if level >= PALE:
        stats = _components(strokes, level)
        em = _usual(stats)
        sides = _lined_up(_squares(stats))
        if em is not None and len(sides) >= LINED_UP and _near(_upper(sides), em):
            usual = _alike(sides, float(np.median(sides)))
            if usual.sum() > CONFIRMING * len(sides):
                return em
    other = _in_relief(strokes, max(FAINTEST, 5 * spread_of(ink)))
    return em if other is None or (em is not None and _near(other, em)) else other


def _near(one: float, other: float) -> bool:
    return abs(one / other - 1) < AGREEING


def _usual(stats: NDArray[np.int32]) -> float | None:
    """Return the height of a character among components; None where they are too few.

    Characters are about as wide as tall, and not solid, as the dots of dotted lines are. Many
    break into parts, so the upper end of the heights speaks for the whole ones.
    """
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    side = np.maximum(width, height)
    mass = stats[1:, cv2.CC_STAT_AREA]
    filled = mass > 0.85 * width * height
    square = (side >= 6) & (side <= 120) & (np.minimum(width, height) * 1.7 >= side) & ~filled
    if int(square.sum()) < FEWEST:
        return None
    likely = side[square]
    # Thousands of dots outnumber the characters, but do not outweigh them; frames are hollow.
    drawn = square & (mass > 0.2 * width * height)
    heavy = _weighted_median(side[drawn], mass[drawn])
    if heavy > DOTTED * np.median(likely) and int((likely <= 0.5 * heavy).sum()) > MANY_DOTS:
        likely = likely[likely > 0.5 * heavy]
    return _upper(likely[likely <= 2.2 * np.median(likely)])


def _upper(sides: NDArray[np.int32]) -> float:
    return float(np.percentile(sides, 75)) * 1.05


def _in_relief(strokes: NDArray[np.uint8], least: float) -> float | None:
    """Measure characters by what is darker than its surroundings, ``least`` being print."""
    print_ = strokes[strokes > least]
    if not print_.size:
        return None
    darkest = float(np.percentile(print_, 90))
    relief = cv2.subtract(strokes, cv2.GaussianBlur(strokes, (0, 0), AROUND))
    best, found = 0.0, None
    for share in RELIEF:
        squares = _squares(_binary_components(np.asarray(relief, np.uint8), share * darkest))
        if len(squares) > MOST:
            break
        sides = _lined_up(squares)
        if len(sides) < FEWEST:
            continue
        # Dots and grains may be more, but characters have more ink.
        kinds, firsts, many = np.unique(sides, return_index=True, return_counts=True)
        like = _alike(kinds[None, :], kinds[:, None])
        mass = np.where(like @ many >= FEWEST, like @ (many * kinds**2), 0)
        score = float(mass.max()) ** 2 / float((sides**2).sum())
        if score > best:
            heaviest = mass == mass.max()
            likeliest = kinds[heaviest][firsts[heaviest].argmin()]
            best, found = score, _upper(sides[_alike(sides, likeliest)])
    return found


def _alike(sides: NDArray[np.int32], side: float | NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.asarray(np.maximum(sides / side, side / sides) < ALIKE**0.5)


def _squares(stats: NDArray[np.int32]) -> NDArray[np.int32]:
    """Keep the components that may be characters: about square, neither hollow nor solid."""
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    side, share = np.maximum(width, height), stats[:, cv2.CC_STAT_AREA] / (width * height)
    sized = (side >= 6) & (side <= 120) & (np.minimum(width, height) * 1.7 >= side)
    keep = sized & (share > 0.2) & (share <= 0.85)
    keep[0] = False
    return stats[keep]


def _lined_up(squares: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the sides of those that have neighbours of their size on two sides or more.

    Characters have (compare the docstrum of O'Gorman 1993); grains have by chance only.
    """
    side = np.maximum(squares[:, cv2.CC_STAT_WIDTH], squares[:, cv2.CC_STAT_HEIGHT])
    x = squares[:, cv2.CC_STAT_LEFT] + squares[:, cv2.CC_STAT_WIDTH] / 2
    y = squares[:, cv2.CC_STAT_TOP] + squares[:, cv2.CC_STAT_HEIGHT] / 2
    return side[_flanked(x, y, side) + _flanked(y, x, side) >= 2]


def _flanked(
    along: NDArray[np.float64], across: NDArray[np.float64], side: NDArray[np.int32]
) -> NDArray[np.int_]:
    """Count the ends, before and behind along a line, at which each has a neighbour: 0 … 2."""
    order = np.argsort(along)
    x, y, size = along[order], across[order], side[order].astype(np.float64)
    before, behind = np.zeros(len(order), bool), np.zeros(len(order), bool)
    for step in range(1, len(order)):
        run = x[step:] - x[:-step]
        mean = (size[step:] + size[:-step]) / 2
        close = run < NEXT[1] * mean
        if not close.any():
            if run.min() > NEXT[1] * size.max():
                break
            continue
        ratio = size[step:] / size[:-step]
        level = np.abs(y[step:] - y[:-step]) < 0.3 * mean
        near = close & (run > NEXT[0] * mean) & level & (ratio < ALIKE) & (ratio > 1 / ALIKE)
        behind[:-step] |= near
        before[step:] |= near
    count = np.zeros(len(order), np.int_)
    count[order] = before.astype(np.int_) + behind
    return count


def _components(strokes: NDArray[np.uint8], level: float) -> NDArray[np.int32]:
    """Return the components darker than ``level``, or less where that leaves mere crumbs.

    Black lines and edges make Otsu's level so high that pale characters fall to pieces. A lower
    one is taken as long as it makes crumbs fewer; where they are noise it makes them more.
    """
    best = _binary_components(strokes, level)
    crumbs = _crumbs(best)
    for share in LOWER if crumbs > CRUMBLED else ():
        if share * level < PALE:
            break
        stats = _binary_components(strokes, share * level)
        if _crumbs(stats) > 0.85 * crumbs:
            break
        best, crumbs = stats, _crumbs(stats)
    return best


def _binary_components(strokes: NDArray[np.uint8], level: float) -> NDArray[np.int32]:
    dark = (strokes > level).view(np.uint8)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2]
    return np.asarray(stats, np.int32)


def _crumbs(stats: NDArray[np.int32]) -> float:
    """Return how many components of 2 to 5 pixels there are for each larger one."""
    side = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return int(((side > 1) & (side < 6)).sum()) / max(1, int((side >= 6).sum()))


def _weighted_median(values: NDArray[np.int32], weights: NDArray[np.int32]) -> float:
    if not len(values):
        return 0.0
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
