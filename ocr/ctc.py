"""What a CTC lattice says: the likeliest texts, and how likely a given text is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_SYMBOLS = 7
"""Symbols followed at a step: more only where nothing can be read."""

Classes: TypeAlias = tuple[int, ...]
"""Class numbers of a text's symbols; never 0, which is the blank."""


def likeliest(
    lattice: NDArray[np.float64], beams: int = 8, floor: float = 1e-4
) -> list[tuple[Classes, float]]:
    """Return up to ``beams`` texts with their probabilities, likeliest first.

    ``lattice`` holds a probability per (time step, class), class 0 the blank. Prefix beam
    search (Hannun et al. 2014) without a language model; symbols less likely than ``floor`` at
    a step are not followed there.
    """
    # Per prefix: probability of ending in a blank, and in the prefix's last symbol.
    paths: dict[Classes, list[float]] = {(): [1.0, 0.0]}
    # Plain numbers in plain lists: the arrays of a step are too short for numpy to pay.
    # Most steps show no symbol at all.
    busy = np.flatnonzero(lattice[:, 1:].max(axis=1, initial=0.0) > floor)
    orders = np.argsort(-lattice[busy], axis=1)[:, :MOST_SYMBOLS].tolist()
    shown = dict(zip(busy.tolist(), orders, strict=True))
    for number, step in enumerate(lattice.tolist()):
        symbols = [c for c in shown.get(number, ()) if c and step[c] > floor]
        blank = step[0]
        # Every prefix goes on as it is; most steps show no symbol, and then none grows.
        grown = {
            prefix: [(ends[0] + ends[1]) * blank, ends[1] * step[prefix[-1]] if prefix else 0.0]
            for prefix, ends in paths.items()
        }
        for symbol in symbols:
            chance = step[symbol]
            for prefix, (in_blank, in_symbol) in paths.items():
                repeated = prefix and prefix[-1] == symbol
                before = in_blank if repeated else in_blank + in_symbol
                if before:
                    longer = (*prefix, symbol)
                    if longer in grown:
                        grown[longer][1] += before * chance
                    else:
                        grown[longer] = [0.0, before * chance]
        if len(grown) > beams + 3:
            grown = dict(sorted(grown.items(), key=_falling)[: beams + 3])
        paths = grown
    ranked = [(prefix, ends[0] + ends[1]) for prefix, ends in paths.items()]
    return sorted(ranked, key=lambda p: -p[1])[:beams]


def _falling(path: tuple[Classes, list[float]]) -> float:
    return -(path[1][0] + path[1][1])


def probability(lattice: NDArray[np.float64], classes: Sequence[int]) -> float:
    """Return the probability of exactly ``classes``, summed over all alignments."""
    if not classes:
        return float(math.prod(lattice[:, 0].tolist()))
    if len(classes) == 1:
        return _of_one(lattice, classes[0])
    extended = [0]
    for symbol in classes:
        extended += [symbol, 0]
    # Skipping a blank is allowed between different symbols only.
    skips = [
        i >= 2 and symbol != 0 and symbol != extended[i - 2] for i, symbol in enumerate(extended)
    ]
    states = [1.0, *[0.0] * (len(extended) - 1)]
    begun = [1.0, 1.0, *states[2:]][: len(extended)]
    for number, step in enumerate(lattice[:, extended].tolist()):
        before, twice = [0.0, *states], [0.0, 0.0, *states]
        following = [
            state + one + two if skipped else state + one
            for state, one, two, skipped in zip(states, before, twice, skips, strict=False)
        ]
        states = [a * b for a, b in zip(following if number else begun, step, strict=True)]
    return states[-1] + (states[-2] if len(states) > 1 else 0.0)


def _of_one(lattice: NDArray[np.float64], symbol: int) -> float:
    """Return ``probability`` of a lone symbol: dashes are asked for in every cell."""
    steps = lattice[:, [0, symbol]].tolist()
    before, within, behind = 1.0, 0.0, 0.0
    for blank, chance in steps:
        behind = (behind + within) * blank
        within = (within + before) * chance
        before *= blank
    return behind + within
