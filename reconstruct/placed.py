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
    usable = [
        [(a, 1) for a in equation.left] + [(a, -1) for a in equation.right]
        for equation in equations
        if all(a in low for a in equation.cells)
    ]
    for _ in range(ROUNDS):
        moved = [_narrowed(parts, low, high) for parts in usable]
        if not any(moved):
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
) -> bool:
    """Narrow the bounds of each figure of Σ sign × figure = 0 by those of the others.

    Return whether a bound has moved.
    """
    least, most = _Total(parts, low, high), _Total(parts, high, low)
    moved = False
    for address, sign in parts:
        below, above = low[address], high[address]
        # sign × figure = −(the others)
        if sign > 0:
            bottom, top = most.without(above), least.without(below)
            bottom, top = None if bottom is None else -bottom, None if top is None else -top
        else:
            bottom, top = least.without(above, -1), most.without(below, -1)
        if bottom is not None and (below is None or bottom > below):
            low[address] = bottom
            (least if sign > 0 else most).moved(below, bottom, sign)
            moved = True
        if top is not None and (above is None or top < above):
            high[address] = top
            (most if sign > 0 else least).moved(above, top, sign)
            moved = True
    return moved


class _Total:
    """Σ sign × bound over the figures of an equation, with the bounds by sign; some may be open."""

    def __init__(
        self,
        parts: Sequence[tuple[Address, int]],
        plus: Mapping[Address, Figure | None],
        minus: Mapping[Address, Figure | None],
    ) -> None:
        self.known: Figure = 0
        self.open = 0
        for address, sign in parts:
            bound = plus[address] if sign > 0 else minus[address]
            if bound is None:
                self.open += 1
            else:
                self.known = self.known + sign * bound

    def without(self, bound: Figure | None, sign: int = 1) -> Figure | None:
        """Return the total of all but one figure, whose bound is given; None if it is open."""
        if self.open > (bound is None):
            return None
        return self.known if bound is None else self.known - sign * bound

    def moved(self, before: Figure | None, bound: Figure, sign: int) -> None:
        """Take the new bound of a figure."""
        if before is None:
            self.open -= 1
            before = 0
        self.known = self.known + sign * (bound - before)
