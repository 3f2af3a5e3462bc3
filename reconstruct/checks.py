"""Evaluates a form's equations over the figures of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.numeral import parse
from document.report import Check, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from document.report import Cell, Figure
    from document.template import Address, Equation


def check(
    equations: Iterable[Equation], values: Mapping[Address, Figure | None]
) -> tuple[Check, ...]:
    """Evaluate ``equations`` over what each cell counts as in a sum.

    ``values`` holds 0 for a cell left blank or printed as a dash, and None for one that cannot
    be read; a cell that is not there counts as unreadable. ``found`` is the sum of the left
    side, which the page states, ``expected`` that of the right side; a side with an unreadable
    cell is None, and then ``holds`` is None too.
    """
    return tuple(_check(equation, values) for equation in equations)


def addend(cell: Cell) -> Figure | None:
    """Return what a finished cell counts as in a sum, None where nobody has read it.

    A cell printed blank, as a dash or as 无 counts as 0: that is how forms leave zeros out.
    """
    status = cell.status
    if status is Status.UNREADABLE or status is Status.DERIVED:
        return None  # a derived figure would make the equation hold that it was derived from
    if cell.value is not None:
        return cell.value
    if status is Status.REPAIRED or status is Status.HUMAN:
        return 0  # decided to be blank, whatever was read
    return parse(cell.printed, "decimal").addend


def total(addresses: Iterable[Address], values: Mapping[Address, Figure | None]) -> Figure | None:
    """Return the sum of figures, None where one of them is unreadable or not there."""
    found: Figure = 0
    for address in addresses:
        figure = values.get(address)
        if figure is None:
            return None
        found = found + figure  # int and Decimal add exactly; float never occurs
    return found


def _check(equation: Equation, values: Mapping[Address, Figure | None]) -> Check:
    found, expected = total(equation.left, values), total(equation.right, values)
    holds = None if found is None or expected is None else found == expected
    return Check(equation.name, holds, expected, found)
