"""How a page prints its zeros: as 0, or as a blank, a dash or 无. Sums cannot tell them apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconstruct.thresholds import PREVAILING, STRANGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconstruct.evidence import Evidence, Option, Sense


@dataclass(frozen=True, slots=True)
class Manner:
    """How many zeros of a table are printed in digits, and how many are left out (expected)."""

    zeros: float
    absent: float

    def share(self, e: Evidence, option: Option, sense: Sense) -> float:
        """Return how likely ``sense`` is what is printed, given that ``option`` is right.

        Blanks and dashes have no value, each as well as the other, and count as one. For a sum
        of zero the reader's opinion is combined with what the rest of the table does: where a
        hundred zeros are printed as 0, one doubtful blank is probably a 0 too.
        """
        if option.addend != 0:
            return 1.0
        own = _absent(option)
        odds = (self.absent - own + 1.0) / (self.zeros - (1.0 - own) + 1.0)
        odds = min(max(odds, 1.0 / PREVAILING), PREVAILING)
        strange = STRANGE * e.rest
        for_absent = odds * (strange + own * option.probability)
        for_zeros = strange + (1.0 - own) * option.probability
        found = for_absent if sense.numeral.value is None else for_zeros
        return found / (for_absent + for_zeros)


def manner_of(evidence: Iterable[Evidence]) -> Manner:
    """Return how a table prints its zeros, as far as its readings tell."""
    shares = [_absent(e.likely) for e in evidence if e.options and e.likely.addend == 0]
    absent = math.fsum(shares)
    return Manner(len(shares) - absent, absent)


def _absent(option: Option) -> float:
    """Return how likely an option of zero is printed without any digit."""
    without = math.fsum(s.probability for s in option.senses if s.numeral.value is None)
    return without / option.probability
