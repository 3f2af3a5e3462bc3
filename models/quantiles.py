"""Quantiles of small pictures: what numpy gives, to the last bit, at a tenth of its price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def quantile(values: NDArray[np.float32], percent: float) -> float:
    """Return ``np.percentile(values, percent)`` of values of any shape, at least one."""
    at = (values.size - 1) * (np.float32(percent) / np.float32(100))
    return _between(values, at)


def quantile_pair(values: NDArray[np.float32], low: float, high: float) -> tuple[float, float]:
    """Return two quantiles as ``np.percentile(values, (low, high))`` does: in double precision."""
    last = values.size - 1
    first, then = (last * (np.float64(percent) / 100) for percent in (low, high))
    return _between(values, first), _between(values, then)


def _between(values: NDArray[np.float32], at: np.float32 | np.float64) -> float:
    """Return the value at place ``at``, a fraction, of all in their order."""
    below = int(at)
    above = min(below + 1, values.size - 1)
    order = np.partition(values, (below, above), axis=None)
    a, b = order[below], order[above]
    share = at - type(at)(below)
    return float(a + (b - a) * share if share < 0.5 else b - (b - a) * (1 - share))
