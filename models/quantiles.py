"""Quantiles of small pictures: what numpy gives, to the last bit, at a tenth of its price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def quantile(values: NDArray[np.float32], percent: float) -> float:
    """Return ``np.percentile(values, percent)`` of values of any shape, at least one."""
    at = (values.size - 1) * (np.float32(percent) / np.float32(100))
    return _between(np.sort(values, axis=None), at)  # vectorised: quicker than to part them


def quantile_pair(values: NDArray[np.float32], low: float, high: float) -> tuple[float, float]:
    """Return two quantiles as ``np.percentile(values, (low, high))`` does: in double precision."""
    last = values.size - 1
    first, then = (last * (np.float64(percent) / 100) for percent in (low, high))
    order = np.sort(values, axis=None)
    return _between(order, first), _between(order, then)


def quantile_of_levels(levels: NDArray[np.uint8], percent: float) -> float:
    """Return ``np.percentile(levels, percent)`` of gray levels of any shape, at least one."""
    at = (levels.size - 1) * (np.float64(percent) / 100)
    below = np.cumsum(np.bincount(levels.ravel(), minlength=256))
    places = (int(at), min(int(at) + 1, levels.size - 1))
    a, b = (np.float64(level) for level in np.searchsorted(below, places, side="right"))
    share = at - int(at)
    return float(a + (b - a) * share if share < 0.5 else b - (b - a) * (1 - share))


def quantile_of_columns(values: NDArray[np.float32], percent: float) -> NDArray[np.float32]:
    """Return ``np.percentile(values, percent, axis=0)`` of (H, W) values, at least one row."""
    at = (len(values) - 1) * (np.float32(percent) / np.float32(100))
    order = np.sort(values.T, axis=1).T
    below = int(at)
    a, b = order[below], order[min(below + 1, len(order) - 1)]
    share = at - np.float32(below)
    between = a + (b - a) * share if share < 0.5 else b - (b - a) * (1 - share)
    return np.asarray(between, np.float32)


def median_of(values: NDArray[np.float32]) -> float:
    """Return ``np.median(values)`` of values of any shape, at least one and none of them nan."""
    order = np.sort(values, axis=None)
    half = len(order) // 2
    return float(order[half] if len(order) % 2 else np.mean(order[half - 1 : half + 1]))


def _between(order: NDArray[np.float32], at: np.float32 | np.float64) -> float:
    """Return the value at place ``at``, a fraction, of values in their order."""
    below = int(at)
    above = min(below + 1, order.size - 1)
    a, b = order[below], order[above]
    share = at - type(at)(below)
    return float(a + (b - a) * share if share < 0.5 else b - (b - a) * (1 - share))
