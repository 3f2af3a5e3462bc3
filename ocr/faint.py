"""Ink that readers take for paper: a cell that holds it is no sure blank.

Readers see green and red light, each stretched to the darkest in it. A figure in pale yellow is in
neither, one in pale pink is grain to both. What a person sees is that something as high as a digit
stands out from its paper's own grain, be it in shade or in tint.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from models.quantiles import median_of, quantile_pair
from ocr.ink import LOWEST_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

UNSURE = 0.9
"""What such a blank is worth at most: never sure by itself."""

SHADE, TINTS = 3.0, (5.0, 8.0)
"""Levels of 255 by which ink is darker than its paper at least, and by which two colours differ
more in it (red and green, blue and both). What JPEG rounds differs by as much on dark pages."""

GRAINS = (4.0, 5.0)
"""How many times its paper's grain ink must differ by, in shade and in tint.

Of 955 blank cells of good and bad drawn pages two are told so, both on one bad page; of 226 drawn
figures in pale colours that were sure blanks all but those that no eye sees (11)."""

OTHERS, SHARE, LESS = 2, 0.05, 0.65
"""Blanks, and the share of all of them, in which there is such ink, from which on there is some
in others that have so much less of it."""

SMOOTHED, RIM = 0.06, 0.06
"""Reach of the blur and what is left out at the sides, in em."""

HIGH, WIDE = (0.4, 1.4), 5.0
"""Heights of digits, and the width at most of what is seen as one piece, in em."""

BODY = 0.35
"""Share of a piece's darkest that what counts of its height has: a speck's blur is taller."""

BRIGHT, GRAIN_SIGMAS, PAPER_SIGMAS = (5, 30), 1.12, 0.52
"""Percentiles between which there is paper only, how far they lie from one another in its grain,
and how far the second from its middle: ink fills less than half of the rest."""

COARSE, ROUNDS = 24, 3
"""Points of a crop's shorter side at most to which its shade is fitted, and how often without
what stands out of it."""


def without_faint(
    crops: Sequence[NDArray[np.uint8]], ems: Sequence[float], readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Take certainty from blanks in which something as high as a digit stands out from its paper.

    ``crops`` (H, W, 3) are cells in their own colours, ``ems`` the sizes of their print in pixels.
    """
    blanks = [n for n, reading in enumerate(readings) if _is_sure_blank(reading)]
    found = {n for n in blanks if holds_faint_ink(crops[n], ems[n])}
    if len(found) >= max(OTHERS, SHARE * len(blanks)):
        found.update(
            n for n in blanks if n not in found and holds_faint_ink(crops[n], ems[n], LESS)
        )
    return tuple(_lowered(one) if n in found else one for n, one in enumerate(readings))


def holds_faint_ink(crop: NDArray[np.uint8], em: float, share: float = 1.0) -> bool:
    """Tell whether something as high as a digit stands out from a crop's paper (H, W, 3).

    ``share`` is how much of what is usually asked for is enough.
    """
    rim = max(1, round(RIM * em))
    if min(crop.shape[:2]) < LOWEST_CELL + 2 * rim:
        return False
    return any(
        _stands_out(plane[rim:-rim, rim:-rim], least, grains, em)
        for plane, least, grains in planes_of(crop, em, share)
    )


def planes_of(
    crop: NDArray[np.uint8], em: float, share: float = 1.0
) -> Iterator[tuple[NDArray[np.float32], float, float]]:
    """Yield in what ink of a crop (H, W, 3) may differ from paper (H, W), if it does anywhere.

    Each is without its finest grain, and comes with how much it must differ by at least, in levels
    of 255 and in grains. ``em`` is the size of print in pixels, ``share`` how much of what is
    usually asked for is enough.
    """
    blur = max(0.6, SMOOTHED * em)
    if _is_gray(crop):  # as most scans are: tints have nothing to say
        shade = -cv2.GaussianBlur(crop[:, :, 1].astype(np.float32), (0, 0), blur)
        planes = [(np.asarray(shade, np.float32), SHADE, GRAINS[0])]
    else:
        calm = cv2.GaussianBlur(crop.astype(np.float32), (0, 0), blur)
        blue, green, red = (np.ascontiguousarray(calm[:, :, channel]) for channel in range(3))
        planes = [(np.asarray(-(blue + green + red) / 3, np.float32), SHADE, GRAINS[0])]
        tints = (red - green, np.asarray((red + green) / 2 - blue, np.float32))
        for least, tint in zip(TINTS, tints, strict=True):
            planes += [(tint, least, GRAINS[1]), (-tint, least, GRAINS[1])]
    for plane, least, grains in planes:
        if float(np.ptp(plane)) >= share * least:
            yield plane, share * least, share * grains


def _is_gray(crop: NDArray[np.uint8]) -> bool:
    blue, green, red = (crop[:, :, channel] for channel in range(3))
    return np.array_equal(blue, green) and np.array_equal(green, red)


def _stands_out(plane: NDArray[np.float32], least: float, grains: float, em: float) -> bool:
    ink, level = ink_over_paper(plane, least, grains)
    mask = (ink > level).astype(np.uint8)
    if not is_as_high(mask, HIGH[0] * em):
        return False
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    rows, columns = mask.shape
    for number, (x, y, width, height, _) in enumerate(stats[1:].tolist(), 1):
        inside = x > 0 and y > 0 and x + width < columns and y + height < rows
        if not inside or not HIGH[0] * em <= height <= HIGH[1] * em or width > WIDE * em:
            continue
        piece = (slice(y, y + height), slice(x, x + width))
        own = np.where(labels[piece] == number, ink[piece], 0.0)
        body = np.flatnonzero((own > BODY * own.max()).any(axis=1))
        if body[-1] - body[0] + 1 >= HIGH[0] * em:
            return True
    return False


def is_as_high(mask: NDArray[np.uint8], height: float) -> bool:
    """Tell whether a mask (h, w) has marks in as many rows as a piece so high would take."""
    return int(np.count_nonzero(mask.any(axis=1))) >= height


def ink_over_paper(
    plane: NDArray[np.float32], least: float, grains: float
) -> tuple[NDArray[np.float32], float]:
    """Return by how much pixels differ from paper (h, w), and from how much on that is ink."""
    level = plane - _shade(plane)
    low, high = quantile_pair(level, *BRIGHT)
    grain = (high - low) / GRAIN_SIGMAS
    return level - np.float32(high + PAPER_SIGMAS * grain), max(least, grains * grain)


def _shade(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the level surface, straight both ways, through most of a picture (h, w)."""
    rows, columns = plane.shape
    share = min(1.0, COARSE / min(rows, columns))
    size = max(2, round(columns * share)), max(2, round(rows * share))
    coarse = cv2.resize(plane, size, interpolation=cv2.INTER_AREA).ravel()
    terms, solved = _straight(size[1], size[0])
    found = solved @ coarse
    for _ in range(ROUNDS - 1):
        off = coarse - found @ terms
        off -= median_of(off)
        far = np.abs(off)
        kept = far <= max(2.5 * 1.4826 * median_of(far), 0.15)
        some = terms * kept
        found = np.linalg.solve(some @ terms.T, some @ coarse).astype(np.float32)
    y, x = _across(rows), _across(columns)
    return np.asarray((found[0] + found[1] * y)[:, None] + (found[2] * x)[None], np.float32)


@lru_cache(maxsize=512)
def _straight(rows: int, columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return one, y and x of a picture's pixels (3, h * w), and what fits them to it (3, h * w)."""
    y, x = np.meshgrid(_across(rows), _across(columns), indexing="ij")
    terms = np.stack([np.ones(rows * columns, np.float32), y.ravel(), x.ravel()])
    return terms, np.linalg.solve(terms @ terms.T, terms)


@lru_cache(maxsize=512)
def _across(pixels: int) -> NDArray[np.float32]:
    return np.linspace(-1, 1, pixels, dtype=np.float32)


def _is_sure_blank(reading: Reading) -> bool:
    best = reading.candidates[0] if reading.candidates else None
    return best is not None and reading.legible and not best.text and best.probability > UNSURE


def _lowered(reading: Reading) -> Reading:
    """Return a reading whose blank is worth no more than ``UNSURE``."""
    blank = Candidate("", -float(np.log(UNSURE)))
    return replace(reading, candidates=(blank, *reading.candidates[1:]))
