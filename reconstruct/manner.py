"""How a page prints its zeros: as 0, or as a blank, a dash or 无. Sums cannot tell them apart."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from document.numeral import Kind
from reconstruct.thresholds import PREVAILING, STRANGE, THROUGHOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from document.numeral import Numeral
    from document.report import Figure
    from document.template import Address
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

ALIKE = 4.0
"""Other zeros of a row or column that must be printed one way to tell more than the table."""

RARE = 1.0 / PREVAILING
"""The odds of what a table prints in no zero, as far as that tells."""

LINES = 2
"""In how many lines a figure stands: its row and its column."""

UNLIKE = 0.5
"""How many of them may be printed the other way (expected)."""

UNLIKELY = 0.05
"""Share of what a zero may look like up to which it is given the look of its table's others.

On some 300 recorded develop documents (good to terrible, some of them twice) 33 zeros in 23 tables
were given another look by this and by ``Manner.lost_zero``: all were wrong before, none is now.
"""


class Counts(NamedTuple):
    """How many zeros are left out, how many are printed in digits, how many as strokes."""

    absent: float
    zeros: float
    marks: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How many zeros of a table are printed in digits, and how many are left out (expected).

    ``marks`` of those left out are printed as a dash or a stroke. ``lines`` counts the zeros of
    each row and column by its name: some agencies leave whole rows out, or columns.
    """

    zeros: float
    absent: float
    marks: float = 0.0
    lines: Mapping[tuple[str, str], Counts] = field(default_factory=dict)

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
        hundred zeros are printed as 0, one doubtful blank is probably a 0 too. Where its row is
        all one way, or its column, that tells more.
        """
        if option.addend != 0:
            return 1.0
        own = _absent(option)
        odds = self._left_out(e.cell.address, Counts(own, 1.0 - own, _stroke(e)))
        # a speck beside a digit is no numeral, and no blank either
        strange = STRANGE * e.unlisted
        for_absent = odds * (strange + own * option.probability)
        for_zeros = strange + (1.0 - own) * option.probability
        found = for_absent if sense.numeral.value is None else for_zeros
        return found / (for_absent + for_zeros)

    def likelier(self, e: Evidence, option: Option, sense: Sense) -> tuple[Sense, float]:
        """Return ``sense``, or what its table prints for zeros where that is by far likelier.

        Only what the reader saw, too; and with its ``share``.
        """
        share = self.share(e, option, sense)
        if option.addend == 0 and share <= UNLIKELY:
            absent = sense.numeral.value is None
            for other in option.senses:
                if (other.numeral.value is None) != absent:
                    return other, self.share(e, option, other)
        return sense, share

    def lost_zero(self, address: Address, senses: Sequence[tuple[Numeral, float]]) -> Figure | None:
        """Return what a zero is that nobody can read: 0, or None where it is left out.

        ``senses`` are what its reader may have seen, each with its probability.
        """
        zeros = [(one, probability) for one, probability in senses if one.addend == 0]
        absent = math.fsum(probability for one, probability in zeros if one.value is None)
        digits = math.fsum(probability for one, probability in zeros if one.value is not None)
        odds = self._left_out(address, Counts(0.0, 0.0, 0.0))
        return None if odds * (STRANGE + absent) > STRANGE + digits else 0

    def throughout(self, address: Address, sense: Sense) -> bool:
        """Tell whether the zeros of a figure's row and those of its column are printed as it is.

        So a zero is known even where its reading may be another figure's.
        """
        absent = sense.numeral.value is None
        none = Counts(0.0, 0.0, 0.0)
        lines = [
            self.lines.get(line, none) for line in zip(("row", "column"), address, strict=True)
        ]
        alike = [counts.absent if absent else counts.zeros for counts in lines]
        other = max(counts.zeros if absent else counts.absent for counts in lines)
        return min(alike) >= 1.0 - UNLIKE and sum(alike) >= ALIKE and other < UNLIKE

    def _left_out(self, address: Address, own: Counts) -> float:
        """Return the odds that a figure is left out, of which ``own`` was counted already.

        A row or column that is unlike the table tells more than the table, and both that are
        like it still more; strokes throughout are meant, but blanks may be figures that faded.
        """
        table = _odds(self.absent - own.absent, self.zeros - own.zeros)
        told = [table]
        for line in zip(("row", "column"), address, strict=True):
            counts = self.lines.get(line, own)
            absent, zeros = counts.absent - own.absent, counts.zeros - own.zeros
            strokes = counts.marks - own.marks >= ALIKE and zeros < UNLIKE
            if strokes or (zeros >= ALIKE and absent < UNLIKE):
                told.append(_odds(absent, zeros))
        if len(told) == 1:
            return table
        unlike = [odds for odds in told if (odds > 1.0) != (table > 1.0)]
        if not unlike and len(told) > LINES:
            return THROUGHOUT if table > 1.0 else 1.0 / THROUGHOUT
        return max(unlike or told, key=lambda odds: abs(math.log(odds)))


def manner_of(evidence: Iterable[Evidence]) -> Manner:
    """Return how a table prints its zeros, as far as its readings tell.

    Expectation maximization: each zero is told by its reading and by what the others are.
    """
    found = [e for e in evidence if e.options and e.likely.addend == 0]
    seen = [_absent(e.options[0]) for e in found]
    shares = list(seen)
    undecided = [(n, own) for n, own in enumerate(seen) if 0.0 < own < 1.0]
    for _ in range(ROUNDS if undecided else 0):
        # One way of printing zeros goes through a table: sixty dashes that each might be a 0 by
        # itself do not make three zeros.
        absent = math.fsum(shares)
        zeros = len(shares) - absent
        before = list(shares)
        for n, own in undecided:
            odds = _odds(absent - before[n], zeros - (1.0 - before[n]))
            shares[n] = odds * own / (odds * own + 1.0 - own)
        if shares == before:
            break
    absent = math.fsum(shares)
    strokes = [_stroke(e) for e in found]
    lines: dict[tuple[str, str], list[float]] = {}
    for e, share, stroke in zip(found, shares, strokes, strict=True):
        row, column = e.cell.address
        for line in (("row", row), ("column", column)):
            counts = lines.setdefault(line, [0.0, 0.0, 0.0])
            counts[0] += share
            counts[1] = counts[1] + 1.0 - share
            counts[2] += stroke
    counted = {line: Counts(*counts) for line, counts in lines.items()}
    return Manner(len(shares) - absent, absent, math.fsum(strokes), counted)


def _odds(absent: float, zeros: float) -> float:
    """Return the odds that a further zero is left out, after so many that were and were not."""
    # hardly with max and min: this is asked of every zero of a table, several times
    more = absent + 1.0 if absent > 0.0 else 1.0
    odds = more / (zeros + 1.0) if zeros > 0.0 else more
    return RARE if odds < RARE else min(odds, PREVAILING)


def _absent(option: Option) -> float:
    """Return how likely an option of zero is printed without any digit."""
    if len(option.senses) == 1:
        return 1.0 if option.senses[0].numeral.value is None else 0.0
    without = math.fsum([s.probability for s in option.senses if s.numeral.value is None])
    return without / option.probability


def _stroke(e: Evidence) -> float:
    """Return how likely a figure whose likeliest value is zero is printed as a stroke."""
    strokes = [s.probability for s in e.options[0].senses if s.numeral.kind is Kind.DASH]
    return math.fsum(strokes) if strokes else 0.0
