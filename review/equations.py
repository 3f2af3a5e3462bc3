"""The equations a figure stands in, with numbers filled in, as a card shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.numeral import spell
from reconstruct.checks import addend

if TYPE_CHECKING:
    from document.message import Language
    from document.report import Cell, Table
    from document.template import Address, Equation, TableTemplate


@dataclass(frozen=True, slots=True)
class Term:
    """A figure in an equation; ``value`` is None where nobody knows it yet.

    ``mine`` is the figure that the card asks about, ``open`` one that is still asked about.
    """

    address: Address
    label: str
    value: str | None
    mine: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """An equation: the stated side and its parts; zeros are left out and counted."""

    head: str
    stated: tuple[Term, ...]
    parts: tuple[Term, ...]
    zeros: int


def balances(
    table: Table, form: TableTemplate | None, address: Address, language: Language
) -> tuple[Balance, ...]:
    """Return the equations that a figure stands in."""
    if form is None:
        return ()
    cells = {cell.address: cell for cell in table.cells}
    speaking = (e for e in form.equations if address in e.cells)
    return tuple(_balance(e, cells, form, address, language) for e in speaking)


def label(address: Address, form: TableTemplate | None, language: Language) -> str:
    """Name a figure as its form prints it; in English with its keys, which are English."""
    row, column = address
    if form is None:
        return f"{row} · {column}"
    printed = f"{form.row_name(row)} · {form.column_name(column)}"
    return printed if language == "zh" else f"{printed} ({row}.{column})"


def _balance(
    equation: Equation,
    cells: dict[Address, Cell],
    form: TableTemplate,
    address: Address,
    language: Language,
) -> Balance:
    rows = {row for row, _ in equation.cells}
    columns = {column for _, column in equation.cells}
    zeros = 0

    def name(one: Address) -> str:
        row, column = one
        said = []
        if len(rows) > 1:
            said.append(form.row_name(row) if language == "zh" else row)
        if len(columns) > 1:
            said.append(form.column_name(column) if language == "zh" else column)
        return " ".join(said)

    def side(addresses: tuple[Address, ...], *, whole: bool) -> tuple[Term, ...]:
        nonlocal zeros
        terms = []
        for one in addresses:
            cell = cells.get(one)
            value = addend(cell) if cell else None
            asked = cell is not None and cell.needs_review
            if value == 0 and not asked and one != address and not whole:
                zeros += 1
                continue
            spelled = None if value is None else spell(value)
            terms.append(Term(one, name(one), spelled, one == address, asked))
        return tuple(terms)

    head = ""
    row, column = equation.left[0]
    if len(rows) == 1:
        head = form.row_name(row) if language == "zh" else row
    elif len(columns) == 1:
        head = form.column_name(column) if language == "zh" else column
    stated = side(equation.left, whole=len(equation.left) == 1)
    return Balance(head, stated, side(equation.right, whole=False), zeros)
