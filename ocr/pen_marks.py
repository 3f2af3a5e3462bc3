"""Marks that somebody checking a page drew beside its figures, or around them, are no part of them.

A ring of the pen around a digit makes a sign of its own (①) of it.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from document.reading import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from document.reading import Reading

TICK = "√"
"""What the readers call any tick."""

RINGED = str.maketrans("⓪①②③④⑤⑥⑦⑧⑨", "0123456789")
"""What the readers call a digit in a ring. Behind a figure it is the mark of a note."""

CLEARLY = 0.5
"""Share of a reading from which a ring is seen: it is not the digit's own stroke then, so that
neither a 0 nor any other digit that it might make of it is left beside it."""

FIGURE = re.compile(r"\d[\d,]*(\.\d+)?")

UNSURE = 0.9
"""What a figure with a tick is worth at most: never sure by itself, but sums can prove it.

Of 12 figures on 172 poor develop pages that a reader saw a tick beside all were what is left
without it; a stroke of a last digit may be taken for one as well.
"""


def without_marks(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Read figures with a tick before or behind them, or a ring, as what they are without it.

    Figures that are sure without one stay as they are.
    """
    return tuple(map(_without, readings))


def _without(reading: Reading) -> Reading:
    best = reading.best
    if len(best.text) == 1 and ord(best.text) in RINGED and best.probability >= CLEARLY:
        digit = best.text.translate(RINGED)
        rest = Candidate(best.text, -math.log(1 - UNSURE))
        return replace(reading, candidates=(Candidate(digit, -math.log(UNSURE)), rest))
    if TICK not in best.text and best.probability >= UNSURE:
        return reading
    shares: dict[str, float] = {}
    for one in reading.candidates:
        text = _bare(one.text)
        shares[text] = shares.get(text, 0.0) + one.probability
    if len(shares) == len(reading.candidates) and _bare(best.text) == best.text:
        return reading
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple(Candidate(text, -math.log(min(UNSURE, share))) for text, share in ranked)
    return replace(reading, candidates=candidates)


def _bare(text: str) -> str:
    """Return a text without a tick, if what is left is a figure."""
    left = text.strip(TICK)
    return left if FIGURE.fullmatch(left) else text
