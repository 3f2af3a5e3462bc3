"""Finds which bands of a table are which lines of a form by what stands in and between them.

Bands follow one another as the lines do; a band may hold two lines whose separator is lost, or be
one of two that a spurious separator makes of a line. The best path and, for every band, the best
path on which it is anything else are found by dynamic programming, forward and backward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

AMISS = 3.0
"""What it costs, in nats, that a separator is lost over a whole table, or spurious."""

_NEVER = -1e9


def succession(
    single: NDArray[np.float64],
    double: NDArray[np.float64],
    above: NDArray[np.float64],
    certainly: float,
) -> tuple[tuple[int | None, ...], float]:
    """Return the line that each band is, and what the best path gains (nats).

    ``single[i, k]`` is what band i gains as line k, ``double[i, k]`` as the lines k − 1 and k,
    and ``above[i, k]`` what is gained above band i where it begins with line k and the band
    before it ended with line k − 1; all of one shape, bands × lines. A band is None where it
    may as well, by less than ``certainly`` nats, be another line, two lines or a part of one.
    """
    alone, other = _forward(single, double, above)
    ends = np.maximum(alone, other)
    going_on, split = _backward(single, double, above)
    best = float(np.max(ends[-1]))
    found: list[int | None] = []
    for i in range(single.shape[0]):
        plain = alone[i] + going_on[i]
        line = int(np.argmax(plain))
        rivals = [other[i] + np.maximum(going_on[i], split[i]), alone[i] + split[i]]
        rivals.append(np.delete(plain, line))
        rival = max(float(np.max(one, initial=_NEVER)) for one in rivals)
        found.append(line if plain[line] - rival >= certainly else None)
    return tuple(found), best


def _forward(
    single: NDArray[np.float64], double: NDArray[np.float64], above: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the best gain of bands 0…i of which the last ends with line k: alone, or not."""
    alone, other = np.full(single.shape, _NEVER), np.full(single.shape, _NEVER)
    alone[0] = single[0]
    other[0, 1:] = double[0, 1:] - AMISS
    for i in range(1, single.shape[0]):
        ends = np.maximum(alone[i - 1], other[i - 1])
        alone[i, 1:] = ends[:-1] + above[i, 1:] + single[i, 1:]
        other[i] = ends + single[i] - AMISS
        two = ends[:-2] + above[i, 1:-1] + double[i, 2:] - AMISS
        other[i, 2:] = np.maximum(other[i, 2:], two)
    return alone, other


def _backward(
    single: NDArray[np.float64], double: NDArray[np.float64], above: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the best gain of the bands after i that ends with line k.

    The first is where band i + 1 is another line, the second where it is more of the same.
    """
    going_on, split = np.zeros(single.shape), np.full(single.shape, _NEVER)
    for i in range(single.shape[0] - 2, -1, -1):
        rest = np.maximum(going_on[i + 1], split[i + 1])
        split[i] = single[i + 1] + rest - AMISS
        going_on[i] = _NEVER
        going_on[i, :-1] = above[i + 1, 1:] + single[i + 1, 1:] + rest[1:]
        two = above[i + 1, 1:-1] + double[i + 1, 2:] + rest[2:] - AMISS
        going_on[i, :-2] = np.maximum(going_on[i, :-2], two)
    return going_on, split
