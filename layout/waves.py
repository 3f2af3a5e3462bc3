"""Measures paper that is wavy, or otherwise bent more often than a book's page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import chebint, chebval, chebvander

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALONG, ACROSS = 8, 4
"""Terms of the slope along lines, and across them.

Over a page three waves pass that lie askew: on 22 drawn ones these leave 0.05 to 0.15 of the
slopes that 0.35 to 0.9 are left of by what a page bends at its fold."""

FEWEST = 100
"""Segments that tell so many terms."""

STIFF = 0.002
"""What a term costs, for each segment and each power in it."""

ROUNDS = (6.0, 4.0, 3.0, 2.0, 1.5, 1.0, 1.0, 1.0)
"""Widths of Cauchy's weights, one round after another, in slopes that lose half their weight."""


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """Displacement across lines that run along x: Chebyshev's polynomials in both directions.

    They live between the corners ``low`` and ``high`` (x, y) in pixels; beyond, everything stays
    as it is at the edge. ``weights`` (terms along, terms across) are those of the slope.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    weights: NDArray[np.float64]

    def at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the displacement in pixels at each point."""
        u, v = (_within(at, *ends) for at, *ends in zip((x, y), self.low, self.high, strict=True))
        summed = chebint(self.weights, axis=0)
        rows = chebvander(v, self.weights.shape[1] - 1)
        along = chebvander(u, len(summed) - 1)
        total = np.einsum("...i,ij,...j->...", along, summed, rows)
        middle = np.einsum("j,...j->...", chebval(0.0, summed), rows)
        return np.asarray((total - middle) * (self.high[0] - self.low[0]) / 2)

    def slope(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how lines climb at each point, in pixels a pixel."""
        u, v = (_within(at, *ends) for at, *ends in zip((x, y), self.low, self.high, strict=True))
        return np.asarray(_design(u, v) @ self.weights.ravel())


def waves_of(
    places: NDArray[np.float64],
    slope: NDArray[np.float64],
    length: NDArray[np.float64],
    corners: tuple[tuple[float, float], tuple[float, float]],
    wide: float,
) -> Waves | None:
    """Return the waves in which lines have the slopes of segments; None where these are few.

    ``places`` (n, 2) are the middles of the segments, ``slope`` and ``length`` (n,) belong to
    them, ``corners`` are those between which there are some; a segment that misses the slope by
    ``wide`` loses half its weight.
    """
    if len(slope) < FEWEST:
        return None
    low, high = corners
    if min(high[0] - low[0], high[1] - low[1]) < 1:
        return None
    u, v = (_within(places[:, axis], low[axis], high[axis]) for axis in (0, 1))
    design = _design(u, v)
    i, j = np.divmod(np.arange(ALONG * ACROSS), ACROSS)
    penalty = np.diag(STIFF * length.sum() * (1 + i + j))
    weights = np.zeros(ALONG * ACROSS)
    for round_ in ROUNDS:
        w = length / (1 + ((slope - design @ weights) / (round_ * wide)) ** 2)
        weights = np.linalg.solve(
            design.T @ (design * w[:, None]) + penalty, design.T @ (w * slope)
        )
    return Waves(low, high, np.asarray(weights.reshape(ALONG, ACROSS), np.float64))


def _within(at: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Return places as -1…1 between two of them."""
    return np.asarray(np.clip(2 * (at - low) / (high - low) - 1, -1, 1))


def _design(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    along, across = chebvander(u, ALONG - 1), chebvander(v, ACROSS - 1)
    return np.asarray((along[:, :, None] * across[:, None, :]).reshape(len(u), -1))
