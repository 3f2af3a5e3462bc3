"""How much a person's answer about one figure settles: what else would be known with it.

The doubtful figures of a table are unknowns with the values their readers saw; equations among
them and the certain figures cut these down. A figure is worth asking for as much as others are
left with one value once it is known. This looks at each equation by itself, which is what makes
it fast enough to be asked after every answer; the answer itself is settled with all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from document.numeral import parse
from reconstruct.checks import addend

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from document.report import Cell, Figure, Table
    from document.template import Address, CellType, Equation, TableTemplate

_MOST_COMBINATIONS = 96
"""Above so many combinations of candidates an equation is taken to tell nothing."""
_MOST_STEPS = 200
_MOST_ASKED = 40
"""So many figures of a table are weighed; the rest waits until some of these are answered."""
_VALUES_TRIED = 2
_NEIGHBOUR = 0.01

Domain: TypeAlias = "tuple[Figure, ...] | None"
"""The values a figure may have; None where it may be anything."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """An equation over unknowns: Σ sign × figure = 0, the certain figures summed up in ``rest``."""

    figures: tuple[Address, ...]
    signs: tuple[int, ...]
    rest: Figure


def gains(table: Table, form: TableTemplate | None) -> dict[Address, float]:
    """Return for each figure that wants a person how many others its answer is expected to settle.

    Figures of which no equation speaks, and those of a form that is not at hand, settle nothing.
    To what an answer settles for sure, a little is added for each doubtful figure that it shares
    an equation with: it will be less in doubt.
    """
    asked = [cell for cell in table.cells if cell.needs_review]
    found = dict.fromkeys((cell.address for cell in asked), 0.0)
    if form is None:
        return found
    known = {cell.address: addend(cell) for cell in table.cells if not cell.needs_review}
    kinds = {one.address: one.type for one in form.figures}
    domains = {cell.address: _domain(cell, kinds.get(cell.address)) for cell in asked}
    spoken = [one for e in form.equations if (one := _sum(e, domains, known)) is not None]
    # What cannot hold as the figures are read tells of a mistake, and not where: left aside.
    web = _Web([one for one in spoken if _supported(one, [domains[a] for a in one.figures])])
    before = web.narrowed(domains, range(len(web.sums)))
    if before is None:
        before = domains
    open_ = {a for a, values in before.items() if values is None or len(values) > 1}
    nearby = [cell for cell in asked if cell.address in web.of]
    for cell in nearby:
        found[cell.address] = _NEIGHBOUR * len(web.neighbours(cell.address))
    nearby.sort(key=lambda cell: -found[cell.address])
    for cell in nearby[:_MOST_ASKED]:
        weights = _weights(cell, kinds.get(cell.address))
        found[cell.address] += _expected(cell.address, weights, before, web, open_)
    return found


def ranked(
    weighed: Iterable[tuple[Table, Mapping[Address, float]]],
) -> list[tuple[str, Address]]:
    """Return the figures of tables that want a person, in the order they are asked.

    First comes the one whose answer settles most others; of those that settle as much the most
    doubtful, then as the tables print them.
    """
    worth = [
        (-round(gained[cell.address], 6), cell.confidence, table.table, cell.address)
        for table, gained in weighed
        for cell in table.cells
        if cell.needs_review
    ]
    worth.sort(key=lambda one: one[:2])
    return [(table, address) for *_, table, address in worth]


class _Web:
    """Equations, and which of them speak of a figure."""

    def __init__(self, sums: Sequence[_Sum]) -> None:
        self.sums = sums
        self.of: dict[Address, list[int]] = {}
        for number, one in enumerate(sums):
            for address in one.figures:
                self.of.setdefault(address, []).append(number)

    def neighbours(self, address: Address) -> set[Address]:
        """Return the figures that share an equation with one."""
        mine = self.of.get(address, ())
        return {other for number in mine for other in self.sums[number].figures} - {address}

    def narrowed(
        self, domains: Mapping[Address, Domain], first: Iterable[int]
    ) -> dict[Address, Domain] | None:
        """Cut values out that no combination of an equation allows, from those of ``first`` on.

        Returns None where nothing is left of a figure.
        """
        now = dict(domains)
        waiting = dict.fromkeys(first)
        for _ in range(_MOST_STEPS):
            if not waiting:
                break
            number = next(iter(waiting))
            del waiting[number]
            one = self.sums[number]
            kept = _supported(one, [now[a] for a in one.figures])
            if kept is None:
                return None
            for address, values in zip(one.figures, kept, strict=True):
                had = now[address]
                if values is not None and (had is None or len(values) < len(had)):
                    now[address] = values
                    waiting |= dict.fromkeys(n for n in self.of[address] if n != number)
        return now

    def peeled(self, first: Address, domains: Mapping[Address, Domain]) -> set[Address]:
        """Return what is known with a figure, whatever it turns out to be."""
        known = {a for a, values in domains.items() if values is not None and len(values) == 1}
        known.add(first)
        waiting = list(self.of.get(first, ()))
        while waiting:
            unknown = [a for a in self.sums[waiting.pop()].figures if a not in known]
            if len(unknown) == 1:
                known.add(unknown[0])
                waiting += self.of[unknown[0]]
        return known


def _expected(
    address: Address,
    weights: Mapping[Figure, float],
    domains: Mapping[Address, Domain],
    web: _Web,
    open_: set[Address],
) -> float:
    """Return how many of ``open_`` a figure settles, averaged over what it may be."""
    if not weights:
        return float(len(web.peeled(address, domains) & open_ - {address}))
    whole = sum(weights.values())
    settled = 0.0
    for value, weight in weights.items():
        after = web.narrowed({**domains, address: (value,)}, web.of.get(address, ()))
        if after is None:
            continue  # the equations exclude it
        others = sum(
            1 for a in open_ if a != address and (d := after[a]) is not None and len(d) == 1
        )
        settled += others * weight / whole
    return settled


def _weights(cell: Cell, kind: CellType | None) -> dict[Figure, float]:
    """Return the likeliest values of a figure, each as likely as its readers say."""
    found: dict[Figure, float] = {}
    for candidate in cell.reading.candidates if cell.reading and cell.reading.legible else ():
        value = parse(candidate.text, kind or "decimal").addend
        if value is not None:
            found[value] = found.get(value, 0.0) + candidate.probability
    if cell.suggestion is not None:
        found.setdefault(cell.suggestion, 0.2)
    best = sorted(found.items(), key=lambda one: -one[1])[:_VALUES_TRIED]
    return dict(best)


def _domain(cell: Cell, kind: CellType | None) -> Domain:
    """Return the values a figure may have; anything, where nobody could read it."""
    if cell.reading is None or not cell.reading.legible:
        return None
    values = {parse(one.text, kind or "decimal").addend for one in cell.reading.candidates}
    if cell.suggestion is not None:
        values.add(cell.suggestion)
    return tuple(value for value in values if value is not None) or None


def _sum(
    equation: Equation, domains: Mapping[Address, Domain], known: Mapping[Address, Figure | None]
) -> _Sum | None:
    """Return an equation over the unknowns; None where it has none, or a figure nobody read."""
    figures: list[Address] = []
    signs: list[int] = []
    rest: Figure = 0
    for sign, side in ((1, equation.left), (-1, equation.right)):
        for address in side:
            if address in domains:
                figures.append(address)
                signs.append(sign)
            elif (value := known.get(address)) is None:
                return None
            else:
                rest += sign * value
    return _Sum(tuple(figures), tuple(signs), rest) if figures else None


def _supported(one: _Sum, domains: Sequence[Domain]) -> list[Domain] | None:
    """Return the domains that one equation leaves; None where it cannot hold."""
    free = [place for place, values in enumerate(domains) if values is None]
    if len(free) > 1:
        return list(domains)
    if prod(len(values) for values in domains if values is not None) > _MOST_COMBINATIONS:
        return list(domains)
    kept: list[set[Figure]] = [set() for _ in domains]
    for tried in product(*(values if values is not None else (0,) for values in domains)):
        left = one.rest + sum(s * v for s, v in zip(one.signs, tried, strict=True))
        if left != 0 and not free:
            continue
        chosen = list(tried)
        if free:
            chosen[free[0]] = -left * one.signs[free[0]]
        for values, value in zip(kept, chosen, strict=True):
            values.add(value)
    return [tuple(values) for values in kept] if all(kept) else None
