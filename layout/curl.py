"""Measures how far the lines of a page still bend once its skew and keystone are undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from document.page import Bend
from layout.waves import waves_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.waves import Waves

STEEPEST = 0.16
"""Slope, against level or plumb, up to which a segment may be a bent line."""

WIDTH = 0.012
"""Slope by which a segment may miss the fitted bend before it loses half its weight."""

WORTH = 0.15
"""Bend, in characters, below which crossings are found where they are without help."""

LEFT = 0.75
"""Share of the slopes of a page's lines that a bend leaves at most."""

WAVED, BETTER = 0.3, 0.5
"""Share that is left by a bend where the page may have waves besides, and share of it that these
leave at most."""

STEEP = 0.004
"""Slope that lines have on the mean where waves are looked for: on flat pages half of it."""

STEP = 32
"""Pixels between the knots at which the bend is stored."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Displacement across lines that run along x: a polynomial of (x, y), zero in mid-page.

    Fitted between the corners ``low`` and ``high`` (x, y) in pixels; beyond, it stays as it is
    at the edge. ``terms`` are the powers (of x, of y) of ``weights``.
    """

    middle: tuple[float, float]
    span: float
    low: tuple[float, float]
    high: tuple[float, float]
    terms: tuple[tuple[int, int], ...]
    weights: NDArray[np.float64]

    def at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the displacement in pixels at each point."""
        u = (np.clip(x, self.low[0], self.high[0]) - self.middle[0]) / self.span
        v = (np.clip(y, self.low[1], self.high[1]) - self.middle[1]) / self.span
        total = np.zeros(np.broadcast(u, v).shape)
        for (i, j), weight in zip(self.terms, self.weights, strict=True):
            total = total + weight * u**i * v**j
        return np.asarray(total * self.span)


def bend_of(segments: NDArray[np.float64], size: tuple[int, int], em: float) -> Bend | None:
    """Return where each point of the flat page lies on the bent one; None where it is flat.

    ``segments`` are (n, 4) rows of x1, y1, x2, y2 on the bent page, whose ``size`` is (width,
    height) and whose characters are ``em`` high, all in pixels. The bend is in those too.
    """
    width, height = size
    level = _field(segments, size, em)
    plumb = _field(segments[:, [1, 0, 3, 2]], (height, width), em)
    if level is None and plumb is None:
        return None
    across, along = np.meshgrid(
        np.arange(0, width + STEP, STEP, dtype=np.float64),
        np.arange(0, height + STEP, STEP, dtype=np.float64),
    )
    x, y = across.copy(), along.copy()
    for _ in range(6):
        down = level.at(x, y) if level else np.zeros_like(y)
        side = plumb.at(y, x) if plumb else np.zeros_like(x)
        x, y = across + side, along + down
    return Bend(np.stack([x - across, y - along], axis=2), float(STEP))


def _field(segments: NDArray[np.float64], size: tuple[int, int], em: float) -> Field | Waves | None:
    """Fit the field whose slopes along x are those of the segments that run along x.

    Slopes need no tracing of lines over their gaps. Reweighted least squares (Cauchy), with a
    small penalty on every term; None where too little runs along x, or hardly bends.
    """
    run, rise = segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]
    flat = np.abs(rise) < STEEPEST * np.abs(run)
    run, rise, ends = run[flat], rise[flat], segments[flat]
    if np.abs(run).sum() < 3 * size[0] or len(run) < 30:
        return None
    slope, length = rise / run, np.abs(run)
    x, y = (ends[:, 0] + ends[:, 2]) / 2, (ends[:, 1] + ends[:, 3]) / 2
    span = max(size) / 2
    middle = (size[0] / 2, size[1] / 2)
    u, v = (x - middle[0]) / span, (y - middle[1]) / span
    most = (4, 2) if len(run) > 80 else (3, 1)
    terms = tuple((i, j) for i in range(1, most[0] + 1) for j in range(most[1] + 1))
    design = np.stack([i * u ** (i - 1) * v**j for i, j in terms], axis=1)
    penalty = np.diag([0.002 * length.sum() * (i + j - 1) for i, j in terms])
    weights = np.zeros(len(terms))
    for wide in (6, 4, 3, 2, 1.5, 1, 1, 1):
        w = length / (1 + ((slope - design @ weights) / (wide * WIDTH)) ** 2)
        weights = np.linalg.solve(
            design.T @ (design * w[:, None]) + penalty, design.T @ (w * slope)
        )
    before, left = _rest(slope, length), _rest(slope - design @ weights, length)
    from_x, to_x = np.percentile(ends[:, [0, 2]], (1, 99))
    from_y, to_y = np.percentile(y, (1, 99))
    low, high = (float(from_x), float(from_y)), (float(to_x), float(to_y))
    field: Field | Waves = Field(middle, span, low, high, terms, np.asarray(weights, np.float64))
    if left > WAVED * max(before, STEEP * float(length.sum())):
        places = np.column_stack([x, y])
        waves = waves_of(places, slope, length, (low, high), WIDTH)
        rest = left if waves is None else _rest(slope - waves.slope(x, y), length)
        if waves is not None and rest < BETTER * left:
            field, left = waves, rest
    bent = field.at(
        *np.meshgrid(np.linspace(low[0], high[0], 12), np.linspace(low[1], high[1], 12))
    )
    # A shift of a whole line bends nothing.
    far = float(np.abs(bent - bent.mean(axis=1, keepdims=True)).max())
    return field if far > WORTH * em and left < LEFT * before else None


def _rest(off: NDArray[np.float64], length: NDArray[np.float64]) -> float:
    """Return how far segments are from level, each as much as it is long."""
    return float((length * np.minimum(np.abs(off), 3 * WIDTH)).sum())
