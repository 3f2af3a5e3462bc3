"""What a reader saw in a crop: several candidates, each with its cost."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text a reader could have seen. ``cost`` is −ln(probability), in nats, never negative.

    ``text`` is what is printed: "" for a blank cell, otherwise digits, "-", "—", "/", "无",
    "22（其中修订16件）" and so on, exactly as it stands on the page.
    """

    text: str
    cost: float

    @property
    def probability(self) -> float:
        """The probability that the cost stands for."""
        return math.exp(-self.cost)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reader by itself held likeliest, before readers were weighed together.

    ``probability`` is what that reader gave it, and is not calibrated. ``text`` is "�" where it
    saw ink that is no figure.
    """

    reader: str
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The candidates for one crop, cheapest first; never empty.

    ``legible`` is False where the crop holds ink that no reader could make sense of (a blot, a
    struck-out figure, a crop that is not there): then nobody should rely on the candidates.
    ``opinions`` are those of the readers it was made of, where they are known; nothing is
    reckoned with them.
    """

    candidates: tuple[Candidate, ...]
    legible: bool = True
    opinions: tuple[Opinion, ...] = ()

    @property
    def best(self) -> Candidate:
        """The cheapest candidate."""
        return self.candidates[0]

    @property
    def margin(self) -> float:
        """How much dearer the second candidate is than the first, in nats."""
        return (
            self.candidates[1].cost - self.candidates[0].cost if self.candidates[1:] else math.inf
        )
