"""What a CTC lattice says: the likeliest texts, and how likely a given text is."""

from __future__ import annotations

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
    paths: dict[Classes, tuple[float, float]] = {(): (1.0, 0.0)}
    # Plain numbers in plain lists: the arrays of a step are too short for numpy to pay.
    orders = np.argsort(-lattice, axis=1)[:, :MOST_SYMBOLS].tolist()
    for step, order in zip(lattice.tolist(), orders, strict=True):
        symbols = [c for c in order if c and step[c] > floor]
        blank = step[0]
        grown: dict[Classes, list[float]] = {}
        for prefix, (in_blank, in_symbol) in paths.items():
            entry = grown.setdefault(prefix, [0.0, 0.0])
            entry[0] += (in_blank + in_symbol) * blank
            last = prefix[-1] if prefix else 0
            if last:
                entry[1] += in_symbol * step[last]
            for symbol in symbols:
                before = in_blank if symbol == last else in_blank + in_symbol
                if before:
                    grown.setdefault((*prefix, symbol), [0.0, 0.0])[1] += before * step[symbol]
        kept = sorted(grown.items(), key=lambda item: -sum(item[1]))[: beams + 3]
        paths = {prefix: (ends[0], ends[1]) for prefix, ends in kept}
    ranked = sorted(((prefix, sum(ends)) for prefix, ends in paths.items()), key=lambda p: -p[1])
    return ranked[:beams]


def probability(lattice: NDArray[np.float64], classes: Sequence[int]) -> float:
    """Return the probability of exactly ``classes``, summed over all alignments."""
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
