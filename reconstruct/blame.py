"""Which single mistake explains best that a table does not add up.

It is for tables that people typed: they exchange digits, leave one out, strike a wrong key, put a
figure into its neighbour's cell, or all figures of a row one cell aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.numeral import spell
from document.template import SIGNED
from reconstruct.checks import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from document.report import Figure
    from document.template import Address, Equation, TableTemplate

Values: TypeAlias = "Mapping[Address, Figure | None]"
Slip: TypeAlias = Literal[
    "swapped-digits",
    "digit",
    "digit-lost",
    "digit-extra",
    "total-left-out",
    "left-out",
    "figure",
    "swapped-cells",
    "shifted-row",
]

PRICES: dict[Slip, float] = {
    "swapped-digits": 1.0,
    "digit": 1.2,
    "digit-lost": 1.5,
    "digit-extra": 1.5,
    "total-left-out": 1.0,
    "left-out": 2.0,
    "swapped-cells": 2.2,
    "shifted-row": 2.4,
    "figure": 4.0,
}
"""How much dearer (nats, roughly) some mistakes are than others; only their order matters."""

WORTH = 4.0
"""Nats that a mistake is worth for every equation that it explains."""

MOST_MISTAKES = 6
MOST_ALTERNATIVES = 3
NEAR = 2.5


@dataclass(frozen=True, slots=True)
class Mistake:
    """Figures that would have to be others, and the equations that would hold then."""

    slip: Slip
    cells: tuple[Address, ...]
    printed: tuple[Figure, ...]
    meant: tuple[Figure, ...]
    explains: tuple[Equation, ...]

    @property
    def price(self) -> float:
        """What it costs, less what it explains."""
        return PRICES[self.slip] - WORTH * len(self.explains)


def mistakes(template: TableTemplate, values: Values) -> tuple[tuple[Mistake, ...], ...]:
    """Return the likeliest mistakes, each with its alternatives, the likeliest first.

    Together the first ones of each explain as much as single mistakes can. None of them would
    break an equation that holds now.
    """
    found: list[tuple[Mistake, ...]] = []
    now = dict(values)
    while len(found) < MOST_MISTAKES:
        ranked = sorted(_possible(template, now), key=lambda m: (m.price, m.cells))
        if not ranked:
            break
        best = ranked[0]
        same = [m for m in ranked if set(m.explains) == set(best.explains)]
        near = [m for m in same if m.price <= best.price + NEAR]
        found.append(tuple(near[: MOST_ALTERNATIVES + 1]))
        now |= dict(zip(best.cells, best.meant, strict=True))
    return tuple(found)


def failing(equations: Iterable[Equation], values: Values) -> list[Equation]:
    """Return the equations that do not hold; those that cannot be evaluated do not count."""
    return [q for q in equations if _gap(q, values) not in {None, 0}]


def _gap(equation: Equation, values: Values) -> Figure | None:
    """Return what is stated less what the parts add up to."""
    stated, parts = total(equation.left, values), total(equation.right, values)
    return None if stated is None or parts is None else stated - parts


def _possible(template: TableTemplate, values: Values) -> Iterator[Mistake]:
    broken = failing(template.equations, values)
    touched = {address for q in broken for address in q.cells}
    yield from _single(template, values, broken, touched)
    rows: dict[str, list[Address]] = {}
    for cell in template.figures:
        if cell.address is not None:
            rows.setdefault(cell.address[0], []).append(cell.address)
    lines = list(rows.values())
    for line in lines:
        if touched.intersection(line):
            yield from _aside(template, values, line)
    for one, other in _neighbours(lines):
        if touched & {one, other}:
            yield from _judged(
                template, values, "swapped-cells", {one: values[other], other: values[one]}
            )


def _single(
    template: TableTemplate,
    values: Values,
    broken: Sequence[Equation],
    touched: Iterable[Address],
) -> Iterator[Mistake]:
    """Yield the figures that would satisfy all their broken equations with another value."""
    types = {cell.address: cell.type for cell in template.figures}
    for address in sorted(touched):
        printed = values.get(address)
        if printed is None:
            continue
        wanted = set()
        for q in broken:
            gap = _gap(q, values)
            if address in q.cells and gap is not None:
                wanted.add(printed - gap if address in q.left else printed + gap)
        if len(wanted) != 1:
            continue
        meant = wanted.pop()
        if meant >= 0 or types[address] in SIGNED:
            slip = _slip(printed, meant)
            if slip == "left-out" and all(address in q.left for q in broken if address in q.cells):
                slip = "total-left-out"
            yield from _judged(template, values, slip, {address: meant})


def _aside(template: TableTemplate, values: Values, line: Sequence[Address]) -> Iterator[Mistake]:
    """Yield the ways in which figures of a row may stand one cell aside."""
    printed = [values.get(address) for address in line]
    figures = [figure for figure in printed if figure is not None]
    if len(figures) < len(printed) or len(line) < 3:
        return
    for gap, address in enumerate(line):
        if figures[-1] == 0:  # a cell was left out, and the others moved up
            moved = [*figures[:gap], 0, *figures[gap:-1]]
            yield from _moved(template, values, dict(zip(line, moved, strict=True)), address)
        if figures[gap] == 0:  # a cell too many pushed the others on
            moved = [*figures[:gap], *figures[gap + 1 :], 0]
            yield from _moved(template, values, dict(zip(line, moved, strict=True)), line[-1])


def _moved(
    template: TableTemplate, values: Values, meant: Mapping[Address, Figure], free: Address
) -> Iterator[Mistake]:
    """Yield a row moved aside; the figure at ``free`` is 0, or what the row's own sum asks for."""
    for last in _asked(template, values, meant, free):
        changed = {a: v for a, v in {**meant, free: last}.items() if v != values.get(a)}
        if len(changed) > 1:
            yield from _judged(template, values, "shifted-row", changed)


def _asked(
    template: TableTemplate, values: Values, meant: Mapping[Address, Figure], free: Address
) -> Iterator[Figure]:
    yield 0
    after = {**values, **meant}
    for q in template.equations:
        gap = _gap(q, after) if free in q.cells and set(q.cells) <= set(meant) else None
        if gap and (gap < 0) == (free in q.left):
            yield gap if gap > 0 else -gap


def _neighbours(lines: Sequence[Sequence[Address]]) -> Iterator[tuple[Address, Address]]:
    for line in lines:
        yield from pairwise(line)
    for above, below in pairwise(lines):
        yield from ((a, b) for a in above for b in below if a[1] == b[1])


def _judged(
    template: TableTemplate, values: Values, slip: Slip, changed: Mapping[Address, Figure | None]
) -> Iterator[Mistake]:
    """Yield the mistake if it explains something, and breaks nothing."""
    cells, meant, printed = [], [], []
    for address, value in changed.items():
        was = values.get(address)
        if value is None or was is None:
            return
        cells.append(address)
        meant.append(value)
        printed.append(was)
    if meant == printed:
        return
    after = {**values, **changed}
    explained = []
    for q in template.equations:
        if not set(q.cells) & set(cells):
            continue
        before, now = _gap(q, values), _gap(q, after)
        if before == 0 and now != 0:
            return
        if before not in {None, 0}:
            if now != 0:
                continue
            explained.append(q)
    if explained and (slip != "shifted-row" or len(explained) > 1):
        yield Mistake(slip, tuple(cells), tuple(printed), tuple(meant), tuple(explained))


def _slip(printed: Figure, meant: Figure) -> Slip:
    """Name what kind of slip makes one figure of the other."""
    read, right = spell(printed), spell(meant)
    if printed == 0:
        return "left-out"
    if len(read) == len(right):
        differ = [i for i, (a, b) in enumerate(zip(read, right, strict=True)) if a != b]
        if len(differ) == 1:
            return "digit"
        if len(differ) == 2 and differ[1] == differ[0] + 1:
            i, j = differ
            if read[i] == right[j] and read[j] == right[i]:
                return "swapped-digits"
    if any(right[:i] + right[i + 1 :] == read for i in range(len(right))):
        return "digit-lost"
    if any(read[:i] + read[i + 1 :] == right for i in range(len(read))):
        return "digit-extra"
    return "figure"
