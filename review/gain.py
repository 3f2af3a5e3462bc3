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
    from collections.abc import Mapping, Sequence

    from document.report import Cell, Figure, Table
    from document.template import Address, CellType, Equation, TableTemplate

_MOST_COMBINATIONS = 400
"""Above so many combinations of candidates an equation is taken to tell nothing."""
_MOST_ROUNDS = 12
_MOST_ASKED = 60
"""So many figures of a table are weighed; the rest waits until some of these are answered."""
_VALUES_TRIED = 3

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
    """
    asked = [cell for cell in table.cells if cell.needs_review]
    found = dict.fromkeys((cell.address for cell in asked), 0.0)
    if form is None:
        return found
    known = {cell.address: addend(cell) for cell in table.cells if not cell.needs_review}
    kinds = {one.address: one.type for one in form.figures}
    domains = {cell.address: _domain(cell, kinds.get(cell.address)) for cell in asked}
    sums = [one for e in form.equations if (one := _sum(e, domains, known)) is not None]
    before = _narrowed(domains, sums)
    open_ = {a for a, values in (before or domains).items() if values is None or len(values) > 1}
    standing = {a for one in sums for a in one.figures}
    for cell in [cell for cell in asked if cell.address in standing][:_MOST_ASKED]:
        weights = _weights(cell, kinds.get(cell.address))
        found[cell.address] = _expected(cell.address, weights, before or domains, sums, open_)
    return found


def in_order(table: Table, form: TableTemplate | None) -> tuple[Cell, ...]:
    """Return the figures that want a person, first the one whose answer settles most others.

    Of those that settle as much, the likeliest wrong comes first, then as the table prints them.
    """
    worth = gains(table, form)
    asked = [cell for cell in table.cells if cell.needs_review]
    return tuple(sorted(asked, key=lambda c: (-round(worth[c.address], 6), c.confidence)))


def _expected(
    address: Address,
    weights: Mapping[Figure, float],
    domains: Mapping[Address, Domain],
    sums: Sequence[_Sum],
    open_: set[Address],
) -> float:
    """Return how many of ``open_`` a figure settles, averaged over what it may be."""
    if not weights:
        return float(_peeled(address, domains, sums, open_))
    whole = sum(weights.values())
    settled = 0.0
    for value, weight in weights.items():
        after = _narrowed({**domains, address: (value,)}, sums)
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


def _narrowed(
    domains: Mapping[Address, Domain], sums: Sequence[_Sum]
) -> dict[Address, Domain] | None:
    """Cut values out that no combination of an equation allows; None where nothing is left."""
    now = dict(domains)
    for _ in range(_MOST_ROUNDS):
        changed = False
        for one in sums:
            kept = _supported(one, [now[a] for a in one.figures])
            if kept is None:
                return None
            for address, values in zip(one.figures, kept, strict=True):
                if values != now[address]:
                    now[address], changed = values, True
        if not changed:
            break
    return now


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


def _peeled(
    first: Address, domains: Mapping[Address, Domain], sums: Sequence[_Sum], open_: set[Address]
) -> int:
    """Count what follows from a figure that may be anything, whatever it turns out to be."""
    known = {a for a, values in domains.items() if values is not None and len(values) == 1}
    known.add(first)
    count = len(known)
    while True:
        for one in sums:
            unknown = [a for a in one.figures if a not in known]
            if len(unknown) == 1:
                known.add(unknown[0])
        if len(known) == count:
            return len((known & open_) - {first})
        count = len(known)
