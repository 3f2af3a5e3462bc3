"""From readings and equations to the whole numbers that the search works on."""

from __future__ import annotations

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
    index = {e.cell.address: number for number, e in enumerate(evidence)}
    confusions = Counter(
        confusion
        for e in evidence
        if not e.clear
        for option in range(1, len(e.options))
        if e.cost(option) <= ALIKE_WITHIN and (confusion := confusion_of(e, option)) is not None
    )
    recurring = {c: n for n, c in enumerate(sorted(c for c, k in confusions.items() if k > 1))}
    standing = Counter(a for equation in equations for a in equation.cells)
    return Problem(
        unknowns=tuple(_unknown(e, scale, recurring, standing[e.cell.address]) for e in evidence),
        equations=tuple(
            (tuple(index[a] for a in equation.left), tuple(index[a] for a in equation.right))
            for equation in equations
        ),
    )


def page_mistake(equations: int) -> float:
    """Return the price (nats) of a mistake of the page at a figure in so many equations."""
    return PAGE_MISTAKE_SEEN if equations > 1 else PAGE_MISTAKE


def _unknown(
    e: Evidence, scale: int, recurring: dict[tuple[str, str], int], equations: int
) -> Unknown:
    mistake, signed = milli(page_mistake(equations)), e.cell.type in SIGNED
    if not e.options:
        return Unknown((), mistake, None, signed)
    read = whole(e.likely.addend, scale)
    if e.clear:
        return _clear(read, mistake, signed=signed)
    choices = [Choice(read)]
    for number in range(1, len(e.options)):
        nats = e.cost(number)
        if nats > DEAREST:
            break
        cost = milli(nats)
        confusion = confusion_of(e, number) if recurring and nats <= ALIKE_WITHIN else None
        choices.append(
            Choice(
                value=whole(e.options[number].addend, scale),
                cost=cost,
                again=round(ALIKE * cost),
                confusion=None if confusion is None else recurring.get(confusion),
            )
        )
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
