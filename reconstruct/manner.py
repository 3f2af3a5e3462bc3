"""How a page prints its zeros: as 0, or as a blank, a dash or 无. Sums cannot tell them apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.numeral import Kind
from reconstruct.thresholds import PREVAILING, STRANGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconstruct.evidence import Evidence, Option, Sense


MARKS = 3.0
"""Other cells of a table in which a stroke must be seen before it counts as its zero."""

LIKELY_MARK = 0.93
"""How likely a stroke must be by itself then: surer where two readers disagree none is."""

ROUNDS = 6
"""How often each zero is held against what the others have become."""

MARKED = 20.0
"""How much rarer a table of ones without a zero is than one that prints strokes for zeros."""

MOST_LIKELY_MARK = 0.999
"""A stroke that no sum confirms is never likelier than that."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How many zeros of a table are printed in digits, and how many are left out (expected).

    ``marks`` of those left out are printed as a dash or a stroke.
    """

    zeros: float
    absent: float
    marks: float = 0.0

    def alone(self, sense: Sense, probability: float) -> float:
        """Return how likely a reading is on which no equation has a word, given its table.

        A stroke is like a 1. But a table in which the same is seen in many cells, and nowhere a
        0, leaves its zeros out: many ones and no zero at all would be a table unlike any other.
        """
        others = self.marks - probability
        known = others >= MARKS and self.zeros < 0.5 and probability >= LIKELY_MARK
        if sense.numeral.kind is not Kind.DASH or not known:
            return probability
        odds = MARKED * probability / (1.0 - probability + 1e-9)
        return max(probability, min(odds / (1.0 + odds), MOST_LIKELY_MARK))

    def share(self, e: Evidence, option: Option, sense: Sense) -> float:
        """Return how likely ``sense`` is what is printed, given that ``option`` is right.

        Blanks and dashes have no value, each as well as the other, and count as one. For a sum
        of zero the reader's opinion is combined with what the rest of the table does: where a
        hundred zeros are printed as 0, one doubtful blank is probably a 0 too.
        """
        if option.addend != 0:
            return 1.0
        own = _absent(option)
        odds = _odds(self.absent - own, self.zeros - (1.0 - own))
        # a speck beside a digit is no numeral, and no blank either
        strange = STRANGE * e.unlisted
        for_absent = odds * (strange + own * option.probability)
        for_zeros = strange + (1.0 - own) * option.probability
        found = for_absent if sense.numeral.value is None else for_zeros
        return found / (for_absent + for_zeros)


def manner_of(evidence: Iterable[Evidence]) -> Manner:
    """Return how a table prints its zeros, as far as its readings tell.

    Expectation maximization: each zero is told by its reading and by what the others are.
    """
    found = [e for e in evidence if e.options and e.likely.addend == 0]
    seen = [_absent(e.likely) for e in found]
    shares = seen
    for _ in range(ROUNDS):
        # One way of printing zeros goes through a table: sixty dashes that each might be a 0 by
        # itself do not make three zeros.
        absent = math.fsum(shares)
        zeros = len(shares) - absent
        shares = [
            _posterior(own, _odds(absent - now, zeros - (1.0 - now)))
            for own, now in zip(seen, shares, strict=True)
        ]
    absent = math.fsum(shares)
    marks = math.fsum(
        s.probability for e in found for s in e.likely.senses if s.numeral.kind is Kind.DASH
    )
    return Manner(len(shares) - absent, absent, marks)


def _odds(absent: float, zeros: float) -> float:
    """Return the odds that a further zero is left out, after so many that were and were not."""
    odds = (max(absent, 0.0) + 1.0) / (max(zeros, 0.0) + 1.0)
    return min(max(odds, 1.0 / PREVAILING), PREVAILING)


def _posterior(share: float, odds: float) -> float:
    return odds * share / (odds * share + 1.0 - share)


def _absent(option: Option) -> float:
    """Return how likely an option of zero is printed without any digit."""
    without = math.fsum(s.probability for s in option.senses if s.numeral.value is None)
    return without / option.probability
