"""Separators set in order, where what speaks for all of them together is most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

LINED, INKED, NEAR = 2.0, 1.0, 0.3
"""What a line along a separator is worth, and ink across it or near it costs."""

OUTSIDE = 3.0
"""What a separator costs that runs through words, or stands beyond them."""

STICKING_OUT = 0.12
"""Share of the words on one side of a separator that may reach beyond it by more than an em."""


def worth_of(
    lined: NDArray[np.float64], inked: NDArray[np.float64], em: float
) -> NDArray[np.float64]:
    """Return what each place is worth as a separator, by shares of it that are lined and inked."""
    typical = max(0.6 * float(np.percentile(inked, 95)), 0.04)
    ink = np.minimum(1.0, inked / typical)
    near = cv2.GaussianBlur(ink[None, :], (0, 0), max(1.0, 0.35 * em))[0]
    return np.asarray(LINED * lined - INKED * ink - NEAR * near, np.float64)


def within(
    worth: NDArray[np.float64], first: float, last: float, slack: float
) -> NDArray[np.float64]:
    """Charge for places outside ``first`` … ``last``, or round their middle where they cross."""
    if first > last:
        first = last = (first + last) / 2
    at = np.arange(len(worth))
    return np.where((at >= first - slack) & (at <= last + slack), worth, worth - OUTSIDE)


def best_chain(
    unary: Sequence[NDArray[np.float64]],
    steps: Iterable[int],
    pair: Callable[[int, int], NDArray[np.float64] | float],
) -> list[int] | None:
    """Return the places, each a step of ``steps`` from the one before, that are worth most.

    ``unary`` is what each place is worth to each separator, ``pair(i, d)`` what band ``i``, d
    pixels wide, is worth where it begins at each place, or anywhere. None without room.
    """
    best, back = unary[0].copy(), []
    for i, worth in enumerate(unary[1:]):
        reached = np.full(len(worth), -np.inf)
        origin = np.zeros(len(worth), np.int_)
        for d in steps:
            if d >= len(worth):
                break
            come = best[:-d] + pair(i, d)
            better = come > reached[d:]
            np.copyto(reached[d:], come, where=better)
            np.copyto(origin[d:], d, where=better)
        best = reached + worth
        back.append(origin)
    at = int(best.argmax())
    if not np.isfinite(best[at]):
        return None
    places = [at]
    for origin in reversed(back):
        at -= int(origin[at])
        places.append(at)
    return places[::-1]


def most(values: Sequence[float], em: float, otherwise: float, inked: NDArray[np.bool_]) -> float:
    """Return the largest value, but for few that stand out: words joined to what is beside.

    ``inked`` tells at each pixel whether something stands there in many rows: words that end
    where nothing does are joined to nothing.
    """
    ordered = sorted(values)
    for many in range(int(STICKING_OUT * len(ordered)), 0, -1):
        last, far = max(0, int(ordered[-many - 1])), max(0, int(ordered[-many]))
        if far - last > em and inked[int(far - em) : far].any():
            return ordered[-many - 1]
    return ordered[-1] if ordered else otherwise
