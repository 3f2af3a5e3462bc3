"""What a reading says about a figure: the values it could be, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from document import numeral
from document.numeral import Kind, Numeral
from reconstruct.thresholds import (
    CLEAR_MARGIN,
    CLEAR_PROBABILITY,
    FAR_BEHIND,
    MISPLACED,
    OFF_LIST_SPREAD,
    REST_FLOOR,
    SURE_PROBABILITY,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Figure, ReadCell
    from document.template import CellType


@lru_cache(maxsize=20_000)
def parse(text: str, kind: CellType) -> Numeral:
    """Return ``document.numeral.parse(text, kind)``; the same few texts fill most cells."""
    return numeral.parse(text, kind)


class Sense(NamedTuple):
    """What some of a reader's candidates say alike: "3" and "3." are one sense, "" another."""

    numeral: Numeral
    text: str
    probability: float


class Option(NamedTuple):
    """Senses that count alike in a sum (a blank, a dash and 0 do), the likeliest first."""

    addend: Figure
    senses: tuple[Sense, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cell's reading, weighed.

    ``first`` is the sense of the best candidate, None where that is no numeral or nothing can
    be relied on. ``options`` come likeliest first; there are none where the figure is
    unreadable. ``rest`` is the probability that the page prints none of them, ``unlisted`` that
    it prints nothing the reader lists, be it a numeral or not.
    """

    cell: ReadCell
    printed: str
    first: Sense | None
    options: tuple[Option, ...]
    rest: float
    clear: bool
    unlisted: float = 1.0

    @property
    def unreadable(self) -> bool:
        """Whether equations alone could say anything about this figure."""
        return not self.options

    @property
    def plain(self) -> bool:
        """Whether the reading may stand by itself, if nothing speaks against it."""
        return self.first is not None and self.first.probability >= SURE_PROBABILITY

    @property
    def likely(self) -> Option:
        """The likeliest option. There must be one."""
        return self.options[0]

    def cost(self, option: int) -> float:
        """How much dearer an option is than the likeliest one, in nats."""
        return math.log(self.likely.probability / self.options[option].probability)

    def behind(self, option: int) -> bool:
        """Tell whether an option is far behind another one, besides the likeliest."""
        return option > 1 and (
            self.options[1].probability > FAR_BEHIND * self.options[option].probability
        )

    @property
    def off_list_cost(self) -> float:
        """How much dearer than the likeliest option one particular other value is, in nats."""
        return max(0.0, math.log(self.likely.probability / self.rest) + OFF_LIST_SPREAD)


def weigh(cell: ReadCell) -> Evidence:
    """Weigh the reading of a cell.

    Candidates that say the same add up; those that are no numeral of the cell's type count
    towards what the reader did not list.
    """
    reading = cell.reading
    if reading is None:
        return Evidence(cell, "", None, (), 1.0, clear=False)
    if not reading.legible:
        return Evidence(cell, reading.best.text, None, (), 1.0, clear=False)
    shares = [c.probability for c in reading.candidates]
    claimed = math.fsum(shares)
    senses = _senses(cell, shares, claimed)
    options = _options(senses)
    first = parse(reading.best.text, cell.type)
    found = next((s for s in senses if _same(s.numeral, first)), None)
    listed = sum([sense.probability for sense in senses])
    least = REST_FLOOR if cell.reliable else MISPLACED
    rest = max(1.0 - listed, least)
    unlisted = max(1.0 - claimed, least)
    clear = (
        cell.reliable
        and found is not None
        and found == senses[0]
        and found.probability >= CLEAR_PROBABILITY
        and (
            len(senses) == 1 or math.log(found.probability / senses[1].probability) >= CLEAR_MARGIN
        )
    )
    return Evidence(cell, reading.best.text, found, options, rest, clear, unlisted)


def _senses(cell: ReadCell, shares: Sequence[float], claimed: float) -> tuple[Sense, ...]:
    """Gather the candidates that say the same, likeliest sense first.

    ``shares`` are the probabilities of the candidates, which add up to ``claimed``.
    """
    candidates = cell.reading.candidates if cell.reading else ()
    # a reader whose costs are off by a little may claim more than all probability there is
    scale = 1.0 / max(1.0, claimed)
    found: dict[tuple[Kind, Figure | None], Sense] = {}
    for _, text, share in sorted(
        (c.cost, c.text, p * scale) for c, p in zip(candidates, shares, strict=True)
    ):
        numeral = parse(text, cell.type)
        if numeral.kind is Kind.OTHER or share == 0.0:
            continue
        key = (numeral.kind, numeral.value)
        sense = found.get(key)
        if sense is None:
            found[key] = Sense(numeral, text, share)
        else:
            found[key] = Sense(sense.numeral, sense.text, sense.probability + share)
    if len(found) == len(candidates):  # nothing was added up: they are in order
        return tuple(found.values())
    return tuple(sorted(found.values(), key=lambda s: (-s.probability, s.text)))


def _options(senses: tuple[Sense, ...]) -> tuple[Option, ...]:
    """Gather the senses that count alike in sums, likeliest first."""
    if len(senses) == 1 and (only := senses[0].numeral.addend) is not None:
        return (Option(only, senses, senses[0].probability),)
    groups: dict[Figure, list[Sense]] = {}
    for sense in senses:
        addend = sense.numeral.addend
        if addend is not None:
            groups.setdefault(addend, []).append(sense)
    options = [
        Option(
            addend,
            tuple(group),
            group[0].probability if len(group) == 1 else math.fsum([s.probability for s in group]),
        )
        for addend, group in groups.items()
    ]
    return tuple(sorted(options, key=lambda o: (-o.probability, o.addend)))


def _same(one: Numeral, other: Numeral) -> bool:
    """Tell whether two numerals say the same; units and remarks are print, not meaning."""
    return one.kind is other.kind and one.value == other.value
