"""What a reading says about a figure: the values it could be, and how sure that is."""

from __future__ import annotations

import math
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
    from collections.abc import Iterable, Sequence

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


class Evidence(NamedTuple):
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
    printed = reading.candidates[0].text
    if not reading.legible:
        return Evidence(cell, printed, None, (), 1.0, clear=False)
    ranked = sorted([(c.cost, c.text) for c in reading.candidates])
    scaled = [math.exp(-cost) for cost, _ in ranked]
    claimed = math.fsum(scaled)
    if claimed > 1.0 or not scaled[-1]:
        # a reader whose costs are off by a little may claim more than all probability there is
        scale = 1.0 / max(1.0, claimed)
        scaled = [share * scale for share in scaled if share > 0.0]
    texts = tuple([text for _, text in ranked[: len(scaled)]])
    said = _said(texts, cell.type)
    listed = sum([scaled[i] for i, _ in said.senses])
    least = REST_FLOOR if cell.reliable else MISPLACED
    rest, unlisted = max(1.0 - listed, least), max(1.0 - claimed, least)
    if said.plain and scaled[0] >= CLEAR_PROBABILITY and cell.reliable and texts[0] == printed:
        # clear, so that nobody asks what it could be else: less than ``CLEAR_MARGIN`` is left
        addend, places = said.alike[0]
        option = _option(addend, _senses(said, places, texts, scaled))
        first = option.senses[0]
        return Evidence(cell, printed, first, (option,), rest, clear=True, unlisted=unlisted)
    senses = _senses(said, range(len(said.senses)), texts, scaled)
    alike = said.alike
    if said.repeated:
        senses = _added(senses)
        alike = _alike([sense.numeral for sense in senses])
    best = parse(printed, cell.type)
    found = next((s for s in senses if _same(s.numeral, best)), None)
    clear = cell.reliable and found is not None and _is_clear(found, senses)
    options = [_option(addend, [senses[place] for place in places]) for addend, places in alike]
    if len(options) > 1:
        options.sort(key=lambda o: (-o.probability, o.addend))
    return Evidence(cell, printed, found, tuple(options), rest, clear, unlisted)


class _Said(NamedTuple):
    """What candidates say: the place of each numeral among them, and which count alike in sums.

    ``alike`` are an addend and the senses that mean it; ``repeated`` tells that two numerals are
    one sense. If not, and if the likeliest is a numeral, what they say is ``plain``: that one
    alone may be a clear reading.
    """

    senses: tuple[tuple[int, Numeral], ...]
    alike: tuple[tuple[Figure, tuple[int, ...]], ...]
    repeated: bool
    plain: bool


@lru_cache(maxsize=20_000)
def _said(texts: tuple[str, ...], kind: CellType) -> _Said:
    """Return what the candidates of a cell say; the same few come again and again."""
    parsed = [parse(text, kind) for text in texts]
    senses = tuple((i, one) for i, one in enumerate(parsed) if one.kind is not Kind.OTHER)
    distinct = {(one.kind, one.value) for _, one in senses}
    repeated = len(distinct) < len(senses)
    plain = not repeated and len(senses) > 0 and senses[0][0] == 0
    return _Said(senses, _alike([one for _, one in senses]), repeated, plain)


def _alike(numerals: Iterable[Numeral]) -> tuple[tuple[Figure, tuple[int, ...]], ...]:
    """Return which numerals, by their places, count alike in sums."""
    found: dict[Figure, list[int]] = {}
    for place, one in enumerate(numerals):
        if one.addend is not None:
            found.setdefault(one.addend, []).append(place)
    return tuple([(addend, tuple(places)) for addend, places in found.items()])


def _senses(
    said: _Said, places: Iterable[int], texts: Sequence[str], scaled: Sequence[float]
) -> list[Sense]:
    """Return the senses at some places, each with its probability."""
    chosen = [said.senses[place] for place in places]
    return [Sense(one, texts[i], scaled[i]) for i, one in chosen]


def _option(addend: Figure, senses: Sequence[Sense]) -> Option:
    """Return what senses that count alike are together; they come likeliest first."""
    share = senses[0].probability
    if len(senses) > 1:
        share = math.fsum([sense.probability for sense in senses])
    return Option(addend, tuple(senses), share)


def _is_clear(found: Sense, senses: Sequence[Sense]) -> bool:
    if found is not senses[0] or found.probability < CLEAR_PROBABILITY:
        return False
    return len(senses) == 1 or math.log(found.probability / senses[1].probability) >= CLEAR_MARGIN


def _added(senses: Iterable[Sense]) -> list[Sense]:
    """Add up the senses that say the same, likeliest first."""
    found: dict[tuple[Kind, Figure | None], Sense] = {}
    for sense in senses:
        key = (sense.numeral.kind, sense.numeral.value)
        known = found.get(key)
        if known is not None:
            share = known.probability + sense.probability
            sense = Sense(known.numeral, known.text, share)  # noqa: PLW2901
        found[key] = sense
    return sorted(found.values(), key=lambda s: (-s.probability, s.text))


def _same(one: Numeral, other: Numeral) -> bool:
    """Tell whether two numerals say the same; units and remarks are print, not meaning."""
    return one.kind is other.kind and one.value == other.value
