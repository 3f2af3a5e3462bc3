"""A finished table laid out as its form prints it, for screens and spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.numeral import spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Cell, Table
    from document.template import Address, Equation, TableTemplate, Template


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the grid: a label, or a figure's cell; bands are counted from 0."""

    row: int
    column: int
    row_span: int
    column_span: int
    label: str = ""
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in ``rows`` × ``columns`` bands. Slots never overlap."""

    title: str
    rows: int
    columns: int
    slots: tuple[Slot, ...]


def find_template(table: Table, templates: Sequence[Template]) -> TableTemplate | None:
    """Return the form a table was registered to; None where it is not among ``templates``."""
    for template in templates:
        if template.id == table.template:
            for candidate in template.tables:
                if candidate.id == table.table:
                    return candidate
    return None


def lay_out(table: Table, templates: Sequence[Template]) -> Sheet:
    """Lay a table out as its form prints it; by its keys where the form is not at hand.

    Figures that the form does not print follow below it, so that none is lost.
    """
    template = find_template(table, templates)
    if template is None:
        return _by_keys(table)
    cells = {cell.address: cell for cell in table.cells}
    slots = [
        Slot(
            one.row,
            one.column,
            one.row_span,
            one.column_span,
            one.label,
            None if one.address is None else cells.pop(one.address, None),
        )
        for one in template.cells
    ]
    rows = template.rows
    for cell in cells.values():
        slots.append(Slot(rows, 0, 1, template.columns - 1, name(cell.address, template)))
        slots.append(Slot(rows, template.columns - 1, 1, 1, cell=cell))
        rows += 1
    heading = template.headings[0] if template.headings else ""
    return Sheet(f"{table.table} {heading}".strip(), rows, template.columns, tuple(slots))


def name(address: Address, template: TableTemplate | None) -> str:
    """Return an address in the words of the form: "本年新收 · 自然人"."""
    row, column = address
    if template is None:
        return f"{row} · {column}"
    return f"{template.row_name(row)} · {template.column_name(column)}"


def spoken(equation: str, template: TableTemplate | None) -> str:
    """Return an equation in the words of the form; with its keys where the form is unknown."""
    found = [one for one in template.equations if one.name == equation] if template else []
    if not found or template is None:
        return equation
    return _in_words(found[0], template)


def shown(cell: Cell) -> str:
    """Return what stands for a figure: its value, or what is printed where it has none."""
    return cell.printed if cell.value is None else spell(cell.value)


def _in_words(equation: Equation, template: TableTemplate) -> str:
    rows = {row for row, _ in equation.cells}
    columns = {column for _, column in equation.cells}
    if len(rows) == 1:
        head = template.row_name(next(iter(rows))) + "："
        sides = [[template.column_name(c) for _, c in side] for side in _sides(equation)]
    elif len(columns) == 1:
        head = template.column_name(next(iter(columns))) + "："
        sides = [[template.row_name(r) for r, _ in side] for side in _sides(equation)]
    else:
        head = ""
        sides = [[name(address, template) for address in side] for side in _sides(equation)]
    return head + " = ".join(" + ".join(side) for side in sides)


def _sides(equation: Equation) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    return equation.left, equation.right


def _by_keys(table: Table) -> Sheet:
    rows = list(dict.fromkeys(cell.address[0] for cell in table.cells))
    columns = list(dict.fromkeys(cell.address[1] for cell in table.cells))
    slots = [Slot(0, 0, 1, 1)]
    slots += [Slot(0, place, 1, 1, key) for place, key in enumerate(columns, 1)]
    slots += [Slot(place, 0, 1, 1, key) for place, key in enumerate(rows, 1)]
    slots += [
        Slot(rows.index(cell.address[0]) + 1, columns.index(cell.address[1]) + 1, 1, 1, cell=cell)
        for cell in table.cells
    ]
    return Sheet(table.table, len(rows) + 1, len(columns) + 1, tuple(slots))
