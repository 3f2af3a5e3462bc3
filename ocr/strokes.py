"""Lone straight strokes, told apart by their geometry: a dash, a slash, an upright stroke.

A general recogniser has seen too few lone strokes: it reads "/" as 1 and "—" as anything.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from models.digits.alphabet import CLASSES, SYMBOLS
from ocr.general import Sight
from ocr.pieces import THICK_STROKE, THIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.geometry import Box

STRAIGHT = 3.5
"""Length over thickness from which ink is a straight stroke and nothing else."""

DASH = 2.5
"""The same for a lying stroke: no figure is as low."""

SOLID = 0.55
"""Share of the rectangle with the ink's moments that ink must fill to be one stroke."""

SHORT, FILLED, LOW = 1.8, 0.85, 0.16
"""Length over thickness from which a lying bar is a short dash, if it fills so much of the
rectangle with its moments and is no thicker than that share of the cell: no row of digits is."""

LEAST_FILLED = THICK_STROKE
"""What a lying stroke fills of that rectangle if it is higher than ``THIN`` pixels.

Figures of four digits and more, blurred, fill as much as many dashes do: of 3,000 drawn in 236
faces of 12 to 48 pixels, blurred by up to 0.09 of that, 437 passed for a dash by length alone, and
5 do now, against 109 of 1,916 dashes (70 of them pairs of hyphens) of which no more is said."""

SLASH_SLANT = 16.0
"""Degrees from upright at which a stroke is as likely a slash as an italic 1."""

SURE = 0.995
"""Probability that a straight stroke is one of the two symbols it may be."""

TRUST = 0.6
"""Weight of geometry beside the recogniser where it says anything."""


def stroke_sight(dark: NDArray[np.float32], line: Box) -> Sight | None:
    """Judge the ink in ``line`` by its moments; None where it is no lone straight stroke.

    ``dark`` (H, W) is darkness in red light, 0 to 1. The eigenvalues of the ink's covariance
    are length² / 12 and thickness² / 12 for a straight stroke.
    """
    top, bottom = max(0, math.floor(line.top)), math.ceil(line.bottom)
    left, right = max(0, math.floor(line.left)), math.ceil(line.right)
    weights = np.where(dark[top:bottom, left:right] > 0.4, dark[top:bottom, left:right], 0.0)
    total = float(weights.sum())
    if total < 4:
        return None
    ys, xs = np.arange(weights.shape[0])[:, None], np.arange(weights.shape[1])
    x, y = float((xs * weights).sum()) / total, float((ys * weights).sum()) / total
    xx = float((weights * (xs - x) ** 2).sum()) / total
    yy = float((weights * (ys - y) ** 2).sum()) / total
    xy = float((weights * (xs - x) * (ys - y)).sum()) / total
    spread = math.hypot((xx - yy) / 2, xy)
    major, minor = (xx + yy) / 2 + spread, (xx + yy) / 2 - spread
    # A stroke one pixel thick still has the variance of a pixel.
    slenderness = math.sqrt((major + 1 / 12) / (max(minor, 0.0) + 1 / 12))
    # A stroke fills the rectangle of its moments; digits side by side leave paper in it.
    filled = total / (12 * math.sqrt((major + 1 / 12) * (max(minor, 0.0) + 1 / 12)))
    if filled < SOLID:
        return None
    # Degrees from upright, positive where the stroke leans to the right (y points down).
    slant = math.degrees(0.5 * math.atan2(-2 * xy, yy - xx))
    short = slenderness >= SHORT and filled >= FILLED and line.height <= LOW * len(dark)
    bar = line.height <= THIN or filled >= LEAST_FILLED
    if abs(slant) > 78 and (short or (bar and slenderness >= DASH)):
        return _sight(_dash(slenderness))
    if slenderness < STRAIGHT or not -10 < slant < 60:
        return None
    slash = 1 / (1 + math.exp(-(slant - SLASH_SLANT) / 2.0))
    return _sight({"/": SURE * slash, "1": SURE * (1 - slash)})


def _dash(slenderness: float) -> dict[str, float]:
    """Part a lying stroke's probability between the short and the long dash by its shape."""
    long = 1 / (1 + math.exp(-(slenderness - 7.5) / 1.2))
    return {"—": SURE * long, "-": SURE * (1 - long)}


def _sight(chances: dict[str, float]) -> Sight:
    """Write chances of single symbols as a lattice of one step."""
    step = np.zeros((1, CLASSES))
    for symbol, chance in chances.items():
        step[0, SYMBOLS.index(symbol) + 1] = chance
    # What is left: nothing at all (a remnant of a line), or something else.
    step[0, 0] = step[0, -1] = (1 - step.sum()) / 2
    return Sight(step, max(chances, key=lambda symbol: chances[symbol]), 0.0)
