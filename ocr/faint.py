"""Ink that readers take for paper: a cell that holds it is no sure blank.

Readers see green and red light, each stretched to the darkest in it. A figure in pale yellow is in
neither, one in pale pink is grain to both. What a person sees is that something as high as a digit
stands out from its paper's own grain, be it in shade or in tint.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.reading import Candidate
from models.quantiles import quantile
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
    blur = max(0.6, SMOOTHED * em)
    calm = cv2.GaussianBlur(crop.astype(np.float32), (0, 0), blur)[rim:-rim, rim:-rim]
    return any(
        _stands_out(plane, share * least, share * grains, em)
        for plane, least, grains in planes_of(np.asarray(calm, np.float32))
    )


def planes_of(
    calm: NDArray[np.float32],
) -> Iterator[tuple[NDArray[np.float32], float, float]]:
    """Yield in what ink may differ from paper (h, w), each with how much it must at least.

    ``calm`` (h, w, 3) is a crop without its finest grain. That is in levels of 255, and in grains.
    """
    blue, green, red = (np.ascontiguousarray(calm[:, :, channel]) for channel in range(3))
    yield np.asarray(-(blue + green + red) / 3, np.float32), SHADE, GRAINS[0]
    tints = (red - green, np.asarray((red + green) / 2 - blue, np.float32))
    for least, tint in zip(TINTS, tints, strict=True):
        yield tint, least, GRAINS[1]
        yield -tint, least, GRAINS[1]


def _stands_out(plane: NDArray[np.float32], least: float, grains: float, em: float) -> bool:
    if float(np.ptp(plane)) < least:
        return False
    ink, level = ink_over_paper(plane, least, grains)
    mask = (ink > level).astype(np.uint8)
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


def ink_over_paper(
    plane: NDArray[np.float32], least: float, grains: float
) -> tuple[NDArray[np.float32], float]:
    """Return by how much pixels differ from paper (h, w), and from how much on that is ink."""
    level = plane - _shade(plane)
    low, high = (quantile(level, share) for share in BRIGHT)
    grain = (high - low) / GRAIN_SIGMAS
    return level - (high + PAPER_SIGMAS * grain), max(least, grains * grain)


def _shade(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the plane that lies through most of a picture (h, w)."""
    rows, columns = plane.shape
    share = min(1.0, COARSE / min(rows, columns))
    size = max(2, round(columns * share)), max(2, round(rows * share))
    coarse = cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float64)
    y, x = (np.linspace(-1, 1, n) for n in coarse.shape)
    terms = np.stack([np.ones(coarse.shape), *np.meshgrid(y, x, indexing="ij")], axis=-1)
    kept = np.ones(coarse.shape, bool)
    found = np.zeros(3)
    for _ in range(ROUNDS):
        found = np.linalg.lstsq(terms[kept], coarse[kept], rcond=None)[0]
        off = coarse - terms @ found
        off -= np.median(off)
        kept = np.abs(off) <= max(2.5 * 1.4826 * float(np.median(np.abs(off))), 0.15)
    y, x = np.linspace(-1, 1, rows)[:, None], np.linspace(-1, 1, columns)[None]
    return np.asarray(found[0] + found[1] * y + found[2] * x, np.float32)


def _is_sure_blank(reading: Reading) -> bool:
    best = reading.candidates[0] if reading.candidates else None
    return best is not None and reading.legible and not best.text and best.probability > UNSURE


def _lowered(reading: Reading) -> Reading:
    """Return a reading whose blank is worth no more than ``UNSURE``."""
    blank = Candidate("", -float(np.log(UNSURE)))
    return replace(reading, candidates=(blank, *reading.candidates[1:]))
