"""From readings and equations to the whole numbers that the search works on."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from document.template import SIGNED
from reconstruct.thresholds import (
    ALIKE,
    ALIKE_WITHIN,
    DEAREST,
    PAGE_MISTAKE,
    PAGE_MISTAKE_SEEN,
)
from reconstruct.worlds import Choice, Problem, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from document.report import Figure
    from document.template import Address, Equation
    from reconstruct.evidence import Evidence


def milli(nats: float) -> int:
    """Return a cost in whole milli-nats."""
    return round(1000 * nats)


def components(
    evidence: Sequence[Evidence], equations: Sequence[Equation]
) -> tuple[tuple[tuple[Evidence, ...], tuple[Equation, ...]], ...]:
    """Part a table into groups of figures that no equation connects with one another.

    Figures in no equation are left out. The order of the figures is kept; equations are
    ordered by name, so that the answer does not depend on the order they are written in.
    """
    groups = _groups(tuple(e.cell.address for e in evidence), tuple(equations))
    return tuple((tuple(evidence[i] for i in figures), theirs) for figures, theirs in groups)


@lru_cache(maxsize=64)
def _groups(
    addresses: tuple[Address, ...], equations: tuple[Equation, ...]
) -> tuple[tuple[tuple[int, ...], tuple[Equation, ...]], ...]:
    """Do what ``components`` does, for the places of figures; a form has the same every time."""
    leader = {address: address for address in addresses}

    def find(address: Address) -> Address:
        while leader[address] != address:
            address = leader[address]
        return address

    for equation in equations:
        first, *others = (find(address) for address in equation.cells)
        for other in others:
            leader[find(other)] = find(first)
    groups = dict.fromkeys(find(equation.cells[0]) for equation in equations)
    return tuple(
        (
            tuple(i for i, address in enumerate(addresses) if find(address) == group),
            tuple(
                sorted((q for q in equations if find(q.cells[0]) == group), key=lambda q: q.name)
            ),
        )
        for group in groups
    )


def scale_of(evidence: Iterable[Evidence]) -> int:
    """Return the power of ten that makes every possible addend a whole number."""
    exponents = [
        -int(option.addend.as_tuple().exponent)
        for e in evidence
        for option in e.options
        if isinstance(option.addend, Decimal)
    ]
    return int(10 ** max([0, *exponents]))


def whole(figure: Figure, scale: int) -> int:
    """Return ``figure`` × ``scale``, which must be a whole number."""
    return int(figure * scale)


def figure_of(value: int, scale: int) -> Figure:
    """Return ``value`` / ``scale``: an int where nothing was scaled, else an exact Decimal."""
    if scale == 1:
        return value
    found = Decimal(value).scaleb(1 - len(str(scale)))
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()


def pose(evidence: Sequence[Evidence], equations: Sequence[Equation], scale: int) -> Problem:
    """State the repair of one component as a problem for the search."""
    numbered, mistakes = _numbered(tuple(e.cell.address for e in evidence), tuple(equations))
    doubts = [() if e.clear else _doubts(e) for e in evidence]
    confusions = Counter([c for others in doubts for _, c in others if c is not None])
    recurring = {c: n for n, c in enumerate(sorted(c for c, k in confusions.items() if k > 1))}
    unknowns = [
        _clear(whole(e.options[0].addend, scale), mistake, signed=e.cell.type in SIGNED)
        if e.clear
        else _unknown(e, scale, others, recurring, mistake)
        for e, others, mistake in zip(evidence, doubts, mistakes, strict=True)
    ]
    return Problem(tuple(unknowns), numbered)


@lru_cache(maxsize=64)
def _numbered(
    addresses: tuple[Address, ...], equations: tuple[Equation, ...]
) -> tuple[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], tuple[int, ...]]:
    """Return equations by the numbers of their figures, and what each figure's mistake costs.

    A form has the same every time.
    """
    index = {address: number for number, address in enumerate(addresses)}
    standing = Counter(a for equation in equations for a in equation.cells)
    return (
        tuple(
            (tuple(index[a] for a in q.left), tuple(index[a] for a in q.right)) for q in equations
        ),
        tuple(milli(page_mistake(standing[a])) for a in addresses),
    )


def page_mistake(equations: int) -> float:
    """Return the price (nats) of a mistake of the page at a figure in so many equations."""
    return PAGE_MISTAKE_SEEN if equations > 1 else PAGE_MISTAKE


def _doubts(e: Evidence) -> Sequence[tuple[float, tuple[str, str] | None]]:
    """Return what a figure's options but the likeliest cost, and the confusions they would be."""
    found = []
    likely = e.options[0].probability if e.options else 1.0
    for number in range(1, len(e.options)):
        nats = math.log(likely / e.options[number].probability)
        if nats > DEAREST:
            break
        found.append((nats, confusion_of(e, number) if nats <= ALIKE_WITHIN else None))
    return found


def _unknown(
    e: Evidence,
    scale: int,
    doubts: Sequence[tuple[float, tuple[str, str] | None]],
    recurring: dict[tuple[str, str], int],
    mistake: int,
) -> Unknown:
    signed = e.cell.type in SIGNED
    if not e.options:
        return Unknown((), mistake, None, signed)
    choices = [Choice(whole(e.options[0].addend, scale))]
    for (nats, confusion), option in zip(doubts, e.options[1:], strict=False):
        cost = milli(nats)
        again = None if confusion is None else recurring.get(confusion)
        choices.append(Choice(whole(option.addend, scale), cost, round(ALIKE * cost), again))
    return Unknown(tuple(choices), mistake, milli(e.off_list_cost), signed)


@lru_cache(maxsize=4096)
def _clear(value: int, mistake: int, *, signed: bool) -> Unknown:
    """Return a figure that reads clearly; most are one of the same few."""
    return Unknown((Choice(value),), mistake, None, signed)


def confusion_of(e: Evidence, option: int) -> tuple[str, str] | None:
    """Return which character was taken for which other, if ``option`` is what is printed.

    None where the two texts differ in more than one such pair.
    """
    read, printed = e.likely.senses[0].text, e.options[option].senses[0].text
    if not read or not printed:
        return (read, printed)
    if len(read) != len(printed):
        return None
    pairs = {(r, p) for r, p in zip(read, printed, strict=True) if r != p}
    return pairs.pop() if len(pairs) == 1 else None
