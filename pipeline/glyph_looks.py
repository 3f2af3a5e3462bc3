"""Tells which digits of a page look unlike the others that are called the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SIZE = (12, 16)
ALIKE = 0.6
"""Correlation with its like from which a digit looks as it should."""


def odd_ones(patches: Sequence[tuple[str, NDArray[np.uint8]]]) -> set[int]:
    """Return the numbers of digits that look more like another digit, or like none.

    ``patches`` are (digit, its picture around the ink, grey, ink darker than paper or lighter).
    """
    looks = [_look(patch) for _, patch in patches]
    names = [name for name, _ in patches]
    means = {
        name: np.mean([look for look, n in zip(looks, names, strict=True) if n == name], axis=0)
        for name in set(names)
    }
    means = {name: mean / max(float(np.linalg.norm(mean)), 1e-9) for name, mean in means.items()}
    odd = set()
    for number, (name, look) in enumerate(zip(names, looks, strict=True)):
        own = float(np.sum(look * means[name]))
        others = max((float(np.sum(look * m)) for n, m in means.items() if n != name), default=-1.0)
        if own < ALIKE or own < others:
            odd.add(number)
    return odd


def _look(patch: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return a digit's picture at one size, without its brightness, of length 1."""
    if patch.size == 0:
        return np.zeros(_SIZE[::-1])
    paper = float(patch[0, 0])
    ink = np.abs(patch.astype(np.float64) - paper)
    small = cv2.resize(ink, _SIZE, interpolation=cv2.INTER_AREA)
    flat = np.asarray(small - small.mean(), dtype=np.float64)
    return flat / max(float(np.linalg.norm(flat)), 1e-9)
