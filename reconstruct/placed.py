"""Proves the place of doubted figures by sums: what stands there is what must stand there.

Sums do not see rows or columns exchanged, so a table whose places are in doubt may add up all the
same. But where figures that are not in doubt leave one value for an address, and that is what was
read there, it does not matter any more where the reading was taken from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.template import SIGNED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.report import Figure
    from document.template import Address, CellType, Equation

ROUNDS = 20
"""How often the equations of a table are gone through; most settle in three."""


def determined(
    known: Mapping[Address, Figure],
    figures: Sequence[tuple[Address, CellType]],
    equations: Sequence[Equation],
) -> dict[Address, Figure]:
    """Return the values that ``known`` figures leave to the others, where they leave just one.

    Bounds are propagated through the equations: of a sum of counts that is 0 each part is 0.
    Nothing is returned where the known figures contradict one another.
    """
    low: dict[Address, Figure | None] = {a: None if kind in SIGNED else 0 for a, kind in figures}
    high: dict[Address, Figure | None] = dict.fromkeys(low)
    low |= known
    high |= known
    for _ in range(ROUNDS):
        before = (dict(low), dict(high))
        for equation in equations:
            parts = [(a, 1) for a in equation.left] + [(a, -1) for a in equation.right]
            if all(a in low for a, _ in parts):
                _narrowed(parts, low, high)
        if (low, high) == before:
            break
    bounds = {a: (low[a], high[a]) for a in low}
    if any(b is not None and t is not None and b > t for b, t in bounds.values()):
        return {}
    return {
        a: least
        for a, (least, most) in bounds.items()
        if a not in known and least is not None and least == most
    }


def _narrowed(
    parts: Sequence[tuple[Address, int]],
    low: dict[Address, Figure | None],
    high: dict[Address, Figure | None],
) -> None:
    """Narrow the bounds of each figure of Σ sign × figure = 0 by those of the others."""
    for address, sign in parts:
        least = _sum([(a, s) for a, s in parts if a != address], low, high)
        most = _sum([(a, s) for a, s in parts if a != address], high, low)
        # sign × figure = −(the others)
        bottom, top = (most, least) if sign > 0 else (least, most)
        if bottom is not None:
            bottom = -bottom if sign > 0 else bottom
            low[address] = bottom if low[address] is None else max(low[address], bottom)  # type: ignore[type-var]
        if top is not None:
            top = -top if sign > 0 else top
            high[address] = top if high[address] is None else min(high[address], top)  # type: ignore[type-var]


def _sum(
    parts: Sequence[tuple[Address, int]],
    plus: Mapping[Address, Figure | None],
    minus: Mapping[Address, Figure | None],
) -> Figure | None:
    """Return Σ sign × bound, with the bounds of ``plus`` or ``minus`` by sign; None if open."""
    found: Figure = 0
    for address, sign in parts:
        bound = plus[address] if sign > 0 else minus[address]
        if bound is None:
            return None
        found = found + sign * bound
    return found
