"""Figures for any form: free ones are drawn, the others follow from the form's equations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from samples.figures import Entry, Mistake, TableFigures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

    from document.template import Address, CellType, Equation, TableTemplate

Values: TypeAlias = "dict[Address, Decimal]"
MISTAKEN = 0.08  # share of tables whose own arithmetic is wrong


@dataclass(frozen=True, slots=True)
class Habits:
    """How an office writes its figures: ``zero`` is what stands for a zero ("" for a blank)."""

    zero: str
    decimals: int
    thousands: bool
    brackets: bool
    scale: float


def draw_habits(rng: np.random.Generator, kind: CellType) -> Habits:
    """Draw habits that go with figures of type ``kind``."""
    money = kind in {"decimal", "signed-decimal", "amount", "money"}
    zeros = ("", "", "-", "—", "0.00", "0.00") if money else ("0", "0", "0", "")
    return Habits(
        zero=zeros[int(rng.integers(len(zeros)))],
        decimals=2 if money else 0,
        thousands=bool(money and rng.random() < 0.75),
        brackets=bool(money and rng.random() < 0.3),
        scale=float(rng.uniform(3.2, 7.2) if money else rng.uniform(1.3, 2.1)),
    )


def draw_values(table: TableTemplate, habits: Habits, rng: np.random.Generator) -> Values:
    """Draw figures that satisfy every equation of ``table``; it must be possible to.

    The first figure of an equation is taken for its total. Where two equations say what a total
    is, one of the free figures takes up the difference.
    """
    totals: dict[Address, Equation] = {}
    for equation in table.equations:
        totals.setdefault(equation.left[0], equation)
    free = {
        cell.address: _drawn(cell.type or "count", habits, rng)
        for cell in table.figures
        if cell.address and cell.address not in totals
    }
    for equation in table.equations:
        if totals[equation.left[0]] is equation:
            continue
        parts = _in_free_figures(equation.left, totals)
        for address, share in _in_free_figures(equation.right, totals).items():
            parts[address] = parts.get(address, 0) - share
        over = sum((share * free[address] for address, share in parts.items()), Decimal(0))
        last = [address for address, share in parts.items() if abs(share) == 1]
        if over:  # the form's last figures are such as 未分配利润, which balance real accounts too
            free[last[-1]] -= parts[last[-1]] * over
    values = dict(free)
    for address in totals:
        shares = _in_free_figures((address,), totals)
        values[address] = sum((n * free[a] for a, n in shares.items()), Decimal(0))
    return values


def _in_free_figures(
    addresses: Iterable[Address], totals: Mapping[Address, Equation]
) -> dict[Address, int]:
    """Return how often each free figure counts in a sum of figures."""
    shares: dict[Address, int] = {}
    for address in addresses:
        equation = totals.get(address)
        if equation is None:
            shares[address] = shares.get(address, 0) + 1
            continue
        for side, sign in ((equation.right, 1), (equation.left[1:], -1)):
            for part, share in _in_free_figures(side, totals).items():
                shares[part] = shares.get(part, 0) + sign * share
    return shares


def _drawn(kind: CellType, habits: Habits, rng: np.random.Generator) -> Decimal:
    if rng.random() < (0.3 if habits.decimals else 0.04):
        return Decimal(0)
    size = float(10 ** rng.normal(habits.scale, 0.8 if habits.decimals else 0.25))
    value = Decimal(round(min(size, 9.9e9) * 10**habits.decimals)).scaleb(-habits.decimals)
    return -value if kind in {"signed-decimal", "amount"} and rng.random() < 0.06 else value


def write_values(
    table: TableTemplate, values: Mapping[Address, Decimal], habits: Habits
) -> TableFigures:
    """Return the figures as an office of such habits prints them."""
    entries = []
    for cell in table.figures:
        if cell.address is not None:
            value = values[cell.address]
            printed = written(value, habits)
            number = any(c.isdigit() for c in printed)
            entries.append(Entry(cell.address, printed, f"{value:f}" if number else None))
    return TableFigures(table.id, "2021", tuple(entries))


def written(value: Decimal, habits: Habits) -> str:
    """Return a value as it is printed."""
    if not value:
        return habits.zero
    digits = f"{abs(value):,.{habits.decimals}f}" if habits.thousands else f"{abs(value):f}"
    if value > 0:
        return digits
    return f"({digits})" if habits.brackets else f"-{digits}"


def mislead(
    table: TableTemplate, values: Values, rng: np.random.Generator
) -> tuple[Address, Decimal]:
    """Change one figure in ``values`` so that the page does not add up.

    Returns its address and the value that would have added up.
    """
    pool = [a for equation in table.equations for a in equation.cells if values[a]]
    address = pool[int(rng.integers(len(pool)))]
    right = values[address]
    step = Decimal(int(rng.integers(1, 10))).scaleb(right.as_tuple().exponent)  # type: ignore[arg-type]
    values[address] = right + step * 10 ** int(rng.integers(0, 3))
    return address, right


def fill(
    table: TableTemplate, rng: np.random.Generator, *, may_mislead: bool = True
) -> tuple[TableFigures, tuple[Mistake, ...]]:
    """Draw a filled table, at times with a mistake of the page's own."""
    kinds = [cell.type for cell in table.figures if cell.type]
    habits = draw_habits(rng, max(set(kinds), key=kinds.count))
    values = draw_values(table, habits, rng)
    if not may_mislead or rng.random() >= MISTAKEN:
        return write_values(table, values, habits), ()
    address, right = mislead(table, values, rng)
    figures = write_values(table, values, habits)
    printed = figures.entry(address).printed
    return figures, (Mistake(table.id, address, printed, f"{right:f}"),)
