"""Medians and percentiles of gray levels, by counting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def middle_of(levels: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the median of gray levels, and their median distance from it, by counting them."""
    counts = np.bincount(levels.ravel(), minlength=256)
    middle = _median(np.arange(256.0), counts)
    away = np.abs(np.arange(256.0) - middle)
    order = np.argsort(away, kind="stable")
    return middle, _median(away[order], counts[order])


def percentile_above(levels: NDArray[np.uint8], floor: float, percent: float) -> float | None:
    """Return a percentile of the gray levels above ``floor``, by counting; None without any.

    It is what ``np.percentile`` gives.
    """
    counts = cv2.calcHist([levels], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    counts[: max(0, int(np.floor(floor)) + 1)] = 0
    below = np.cumsum(counts)
    if not below[-1]:
        return None
    at = (int(below[-1]) - 1) * percent / 100
    low, high = np.searchsorted(below, [int(at), min(int(at) + 1, below[-1] - 1)], side="right")
    return float(low + (high - low) * (at - int(at)))


def _median(values: NDArray[Any], counts: NDArray[Any]) -> float:
    """Return the median of rising ``values``, each of which occurs ``counts`` times."""
    below = np.cumsum(counts)
    total = int(below[-1])
    if not total:
        return float("nan")
    low, high = np.searchsorted(below, [(total - 1) // 2, total // 2], side="right")
    return float((values[low] + values[high]) / 2)
