"""Gray values freed from paper, shadow and scale: what the geometry works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EM_WANTED = (14.0, 24.0)
"""Height of a full-width character, in pixels, that the kernels below are at home with."""

DOTTED = 2.2
"""How much larger the middle of the inked area may be than the middle component."""

CRUMBLED = 1.0
"""Crumbs for each larger component from which characters may have fallen to pieces."""

LOWER = (0.7, 0.5, 0.35)
"""Shares of Otsu's level that are tried then."""

SOLID = 75
"""Pixels over which ink is no stroke, on a page brought to 1600 pixels or less."""

MANY_DOTS = 200
"""Components below which small ones are no dots: where print runs together, few are left."""


PALE = 20
"""Darkness below which nothing is ink."""

GRAIN = 1.0
"""Standard deviation, in pixels, of the Gaussian that takes grain away and leaves strokes."""

MANY_GRAINS = 1000
"""Dark specks of one or two pixels that a page of 1600 pixels or less may show and be clean."""


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """``ink`` (height, width) uint8: 0 paper … 255 darkest, background divided out.

    ``em`` is the height of a full-width character in pixels of ``ink``; ``scale`` is how many
    pixels of ``ink`` stand for one pixel of the image it was made from.
    """

    ink: NDArray[np.uint8]
    em: float
    scale: float


def ink_of(image: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    """Divide out the background and return the darkness of every pixel.

    ``image`` is (height, width, 3) or (height, width); ``reach`` in pixels must exceed the
    stroke width of text and lines, so that the closing sees the paper between them.
    """
    gray = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    size = (max(1, gray.shape[1] // 2), max(1, gray.shape[0] // 2))
    half = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    kernel = np.ones((reach // 2 * 2 + 1,) * 2, np.uint8)
    paper = cv2.GaussianBlur(cv2.morphologyEx(half, cv2.MORPH_CLOSE, kernel), (0, 0), reach / 2)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    light = cv2.divide(gray, np.maximum(paper, 1), scale=255)
    return np.asarray(255 - light, dtype=np.uint8)


def em_of(ink: NDArray[np.uint8]) -> float | None:
    """Estimate the height of a full-width character, in pixels; None where there is no text.

    Characters are the components that are about as wide as tall, and not solid, as the dots of
    dotted lines are. Many break into parts, so the upper end of the heights speaks for the
    whole ones.
    """
    strokes = _strokes(ink, SOLID)
    level = _level(strokes)
    if level < PALE:
        return None
    stats = _components(strokes, level)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    side = np.maximum(width, height)
    mass = stats[1:, cv2.CC_STAT_AREA]
    filled = mass > 0.85 * width * height
    square = (side >= 6) & (side <= 120) & (np.minimum(width, height) * 1.7 >= side) & ~filled
    if int(square.sum()) < 8:
        return None
    likely = side[square]
    # Thousands of dots outnumber the characters, but do not outweigh them; frames are hollow.
    drawn = square & (mass > 0.2 * width * height)
    heavy = _weighted_median(side[drawn], mass[drawn])
    if heavy > DOTTED * np.median(likely) and int((likely <= 0.5 * heavy).sum()) > MANY_DOTS:
        likely = likely[likely > 0.5 * heavy]
    usual = likely[likely <= 2.2 * np.median(likely)]
    return float(np.percentile(usual, 75)) * 1.05


def _level(strokes: NDArray[np.uint8]) -> float:
    """Return Otsu's level; for pages of two levels, where that is one of them, their middle."""
    level, _ = cv2.threshold(strokes, 0, 255, cv2.THRESH_OTSU)
    dark = strokes[strokes > level]
    return float(dark.mean()) / 2 if level < PALE and len(dark) else float(level)


def _calm(ink: NDArray[np.uint8], scale: float = 1.0) -> NDArray[np.uint8]:
    """Smooth grain away; ``scale`` pixels of ``ink`` make one at which grains were counted."""
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), GRAIN * max(scale, 0.5)), np.uint8)


def _grainy(ink: NDArray[np.uint8]) -> bool:
    """Tell whether a page is dithered, sprinkled or noisy all over.

    Grains of a pixel or two then outnumber all that could be print.
    """
    strokes = _strokes(ink, SOLID)
    level = _level(strokes)
    if level < PALE:
        return False
    dark = (strokes > level).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(dark, connectivity=8)[2]
    side = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return int((side <= 2).sum()) > max(MANY_GRAINS, 4 * int((side >= 6).sum()))


def _strokes(ink: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Drop what is solid over ``side`` pixels both ways: scanner edges, desks, fills, blots.

    They are no strokes of anything, and so dark that text looks pale beside them.
    """
    kernel = np.ones((side | 1, side | 1), np.uint8)
    return np.asarray(cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)), np.uint8)


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
    dark = (strokes > level).astype(np.uint8)
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


def tone(image: NDArray[np.uint8]) -> Tone:
    """Bring an image to a size at which a character is 14 to 24 pixels high, and free its ink.

    ``image`` has shape (height, width, 3). The scale is bounded to ¼ … 3.
    """
    short = min(image.shape[:2])
    first = min(1.0, 1600 / short)
    small = ink_of(_resize(image, first), 25)
    grainy = _grainy(small)
    em = em_of(_calm(small) if grainy else small)
    wanted = 1.0 if em is None else np.clip(em, *EM_WANTED) / em
    scale = float(np.clip(first * wanted, 0.25, 3.0))
    sized = _resize(image, scale)
    guess = 18.0 if em is None else em * scale / first
    ink = ink_of(sized, int(guess * 1.6) | 1)
    ink = _strokes(_calm(ink, scale / first) if grainy else ink, int(guess * 2.5))
    return Tone(ink, float(np.clip(em_of(ink) or guess, 8, 60)), scale)


def _resize(image: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if abs(scale - 1) < 0.02:
        return image
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=how), np.uint8)


def turned(made: Tone, turns: int) -> Tone:
    """Turn a tone clockwise by ``turns`` × 90°."""
    return Tone(np.ascontiguousarray(np.rot90(made.ink, -turns)), made.em, made.scale)
