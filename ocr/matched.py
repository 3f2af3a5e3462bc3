"""Doubtful figures under strokes of a seal, a stain or dirt: a document's own digits laid over.

What covers a figure adds ink to it and takes none away. Where the pictures of a document's
digits, laid over a doubtful cell where its column's figures stand, find all their ink there, it is
that figure which was printed, whatever else lies in the cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocr.imprint import DARKEST, gains
from ocr.ink import SMALLEST
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ocr.imprint import Imprint
    from ocr.standing import Standing

PAD = 24
"""Rim, in pixels of a picture, around a cell."""

AT_LEAST = 1.2
"""Standard deviation of where figures stand, in pixels of a picture, at least."""

REACH = (9, 7)
"""How far from its place, across and down, a figure is looked for; pixels of a picture."""

POOREST = 0.45
"""Gain, relative to that of a digit that stands alone, below which it is not there."""

BY_ITSELF = 12.0
"""Pixels of a picture that say as much as one that is independent of them."""

PALER = (1.0, 1.35, 1.8)
"""By how much a cell's ink is darkened, should it be paler than the document's."""

PALE = 2.0
"""What each of them costs beyond the first, in nats."""

GOOD = 0.8
"""Gain from which no paler ink is looked for."""

RUNNERS_UP = 3
LONGEST = 6

EDGE, INKED = 0.25, 0.5
"""Darkness of a picture from which it has ink there, and of a canvas."""


@dataclass(frozen=True, slots=True)
class Match:
    """A text that may stand in a cell.

    ``gain`` is how much likelier it is than bare paper, in nats, and ``fit`` that of its
    poorest digit relative to one that stands alone; ``off`` is how far from its column's place
    it stands, in standard deviations. ``over`` is the share of the paper among and around its
    strokes that is dark, ``beside`` how much ink stands where another digit would, relative
    to its own (both 1 where that was not measured, as it was for the likeliest).
    """

    text: str
    gain: float
    fit: float
    off: float
    over: float = 1.0
    beside: float = 1.0


def matches(imprint: Imprint, place: Standing, crop: NDArray[np.uint8]) -> tuple[Match, ...]:
    """Return what a document's digits find in a cell (H, W, 3), likeliest first.

    A bare cell is one of them, with a gain of 0.
    """
    if min(crop.shape[:2]) < SMALLEST:
        return ()
    found: dict[str, Match] = {}
    for number, darker in enumerate(PALER):
        for one in _matches(imprint, place, crop, darker):
            gain = one.gain - number * PALE
            if one.text not in found or gain > found[one.text].gain:
                found[one.text] = replace(one, gain=gain)
        best = max(found.values(), key=lambda one: one.gain, default=None)
        if best is not None and best.fit >= GOOD:
            break
    bare = Match("", 0.0, 1.0, 0.0, 0.0)
    return tuple(sorted((bare, *found.values()), key=lambda one: (-one.gain, one.text)))


def _matches(
    imprint: Imprint, place: Standing, crop: NDArray[np.uint8], darker: float
) -> list[Match]:
    """Return the likeliest figures of every length, and their runners-up."""
    scale = imprint.scale
    rows, columns = crop.shape[:2]
    names = sorted(imprint.digits)
    kernels = [imprint.digits[name] for name in names]
    high, wide = kernels[0].size
    y = (rows / 2 + place.above) * scale
    x = ({0: columns / 2, 1: columns, -1: 0}[place.side] + place.along) * scale
    dark = np.minimum(darker * kept_inks(crop)[:, :, 1] / imprint.tone, DARKEST).astype(np.float32)
    # only what lies within reach of the figures' place
    top = y - high / 2 - REACH[1] - 2
    matrix = np.array([[scale, 0, PAD], [0, scale, -top]])
    size = (int(columns * scale) + 1 + 2 * PAD, high + 2 * REACH[1] + 4)
    canvas = cv2.warpAffine(dark, matrix, size, flags=cv2.INTER_LINEAR)
    # a digit may stand a pixel beside its place in the figure
    near = np.ones((3, 3), np.uint8)
    share = np.stack([cv2.dilate(one, near) for one in gains(canvas, kernels)])
    whole = np.array([kernel.whole for kernel in kernels])[:, None, None]
    gain = np.where(share >= POOREST, share * whole / BY_ITSELF, -np.inf)
    x, y = x + PAD - wide / 2, y - top - high / 2
    spread = (
        max(AT_LEAST, 1.5 * place.apart[0] * scale),
        max(AT_LEAST, 1.5 * place.apart[1] * scale),
    )
    best = gain.max(axis=0)
    found = []
    for length in range(1, LONGEST + 1):
        if length * imprint.advance > 1.2 * columns:
            break
        spot = _spot(best, (x, y), spread, _offsets(imprint, place.side, length))
        if spot is not None:
            first, *others = _spelled(names, gain, share, spot)
            pictures = [imprint.digits[digit].picture for digit in first.text]
            over, beside = _around(canvas, pictures, spot, imprint.advance * scale)
            found += [replace(first, over=over, beside=beside), *others]
    return found


def _around(
    canvas: NDArray[np.float32],
    pictures: Sequence[NDArray[np.float32]],
    spot: _Spot,
    advance: float,
) -> tuple[float, float]:
    """Return how much of the paper among a figure's strokes is dark, and ink beside it.

    The second is relative to the ink of one digit.
    """
    shown = np.zeros_like(canvas)
    high, wide = pictures[0].shape
    for left, picture in zip(spot.at, pictures, strict=True):
        window = shown[spot.row : spot.row + high, left : left + wide]
        # what stands a pixel beside its place covers the place, too
        part = canvas[spot.row : spot.row + high, left : left + wide]
        np.maximum(window, _shifted(picture, part), out=window)
    ink = cv2.dilate((shown > EDGE).astype(np.uint8), np.ones((3, 3), np.uint8))
    rows = np.flatnonzero((shown > EDGE).any(axis=1))
    if not rows.size:  # strokes so pale that they are nowhere sure: anything may run through them
        return 1.0, 1.0
    within = canvas[max(0, rows[0] - 1) : rows[-1] + 2]
    paper = ink[max(0, rows[0] - 1) : rows[-1] + 2] == 0
    first, last = spot.at[0] + 1, spot.at[-1] + wide - 1
    among = within[:, first:last][paper[:, first:last]] > INKED
    step = round(advance)
    sides = (slice(max(0, first - step), first), slice(last, last + step))
    own = (shown > EDGE).sum() / len(pictures)
    beside = max(int((within[:, side] > EDGE).sum()) for side in sides)
    return float(among.mean()) if among.size else 0.0, float(beside / max(1.0, own))


def _shifted(picture: NDArray[np.float32], part: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shift a picture by a pixel to where it is most like a part of a canvas of its size."""
    ways = [(dy, dx) for dy in (0, -1, 1) for dx in (0, -1, 1)]
    return max(
        (np.roll(picture, way, (0, 1)) for way in ways),
        key=lambda one: float(np.minimum(one, part).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the digits of a figure stand on a canvas, and how far that is from its place."""

    row: int
    at: tuple[int, ...]
    off: float


def _offsets(imprint: Imprint, side: int, length: int) -> list[float]:
    """Return where the digits of a figure stand, relative to where it is aligned."""
    step = imprint.advance * imprint.scale
    if side == 0:
        return [(n - (length - 1) / 2) * step for n in range(length)]
    half = imprint.width * imprint.scale / 2
    if side > 0:
        return [-half - (length - 1 - n) * step for n in range(length)]
    return [half + n * step for n in range(length)]


def _spot(
    best: NDArray[np.float64],
    at: tuple[float, float],
    spread: tuple[float, float],
    offsets: Sequence[float],
) -> _Spot | None:
    """Return where a figure fits best, near its place ``at`` (x, y); None where it fits nowhere.

    ``best`` (rows, columns) is the gain of the digit that fits best at each place.
    """
    right, down = (min(limit, round(3 * one)) for limit, one in zip(REACH, spread, strict=True))
    dx, dy = np.arange(-right, right + 1), np.arange(-down, down + 1)
    rows = np.rint(at[1] + dy).astype(int)
    xs = [np.rint(at[0] + dx + one).astype(int) for one in offsets]
    there = (rows >= 0) & (rows < len(best))
    across = (xs[0] >= 0) & (xs[-1] < best.shape[1])
    if not there.any() or not across.any():
        return None
    off = _off(right, down, spread)[np.ix_(there, across)]
    gain = sum(best[np.ix_(rows[there], one[across])] for one in xs) - off * off / 2
    y, x = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[y, x] == -np.inf:
        return None
    columns = tuple(int(one[across][x]) for one in xs)
    return _Spot(int(rows[there][y]), columns, float(off[y, x]))


@lru_cache(maxsize=64)
def _off(right: int, down: int, spread: tuple[float, float]) -> NDArray[np.float64]:
    """Return how far each step across and down leads off, in standard deviations."""
    return np.array(
        [
            [math.hypot(dx / spread[0], dy / spread[1]) for dx in range(-right, right + 1)]
            for dy in range(-down, down + 1)
        ]
    )


def _spelled(
    names: Sequence[str], gain: NDArray[np.float64], share: NDArray[np.float32], spot: _Spot
) -> list[Match]:
    """Return the likeliest figure at a spot, and those with another digit at one place."""
    here = gain[:, spot.row, list(spot.at)]
    fits = share[:, spot.row, list(spot.at)]
    order = np.argsort(-here, axis=0, kind="stable")[:RUNNERS_UP]
    first = order[0]
    ways = [tuple(first)]
    for number in range(len(spot.at)):
        ways += [(*first[:number], other, *first[number + 1 :]) for other in order[1:, number]]
    found = []
    for way in ways:
        each = [(digit, number) for number, digit in enumerate(way)]
        total = float(sum(here[one] for one in each)) - spot.off * spot.off / 2
        if math.isfinite(total):
            text = "".join(names[digit] for digit in way)
            found.append(Match(text, total, float(min(fits[one] for one in each)), spot.off))
    return found
