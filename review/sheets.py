"""A table as its form prints it, each figure with its status, its place and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.sheet import find_template, lay_out, shown, spoken
from review.cards import history_of, place_of
from review.equations import label
from review.leases import Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.message import Language
    from document.report import Cell, Check, Table
    from document.template import Template
    from review.cards import Place
    from review.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Box:
    """A label or a figure in the grid."""

    row_span: int
    column_span: int
    label: str
    spot: Spot | None
    cell: Cell | None
    text: str
    name: str
    story: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A table in rows of boxes, with the verdicts on its equations."""

    table: Table
    title: str
    rows: tuple[tuple[Box, ...], ...]
    checks: tuple[tuple[str, Check], ...]
    page: int | None
    turns: int


def sheet_of(
    dossier: Dossier, table: Table, templates: Sequence[Template], language: Language
) -> SheetShown:
    """Lay a table out for the screen."""
    form = find_template(table, templates)
    sheet = lay_out(table, templates)
    rows: list[list[tuple[int, Box]]] = [[] for _ in range(sheet.rows)]
    for slot in sheet.slots:
        cell = slot.cell
        spot = Spot(dossier.filed.sha256, table.table, cell.address) if cell else None
        story = (
            "\n".join(history_of(cell, dossier.history(spot), language)) if cell and spot else ""
        )
        box = Box(
            slot.row_span,
            slot.column_span,
            slot.label,
            spot,
            cell,
            shown(cell) if cell else "",
            label(cell.address, form, language) if cell else "",
            story,
            place_of(cell) if cell else None,
        )
        rows[slot.row].append((slot.column, box))
    places = [box.place for row in rows for _, box in row if box.place is not None]
    failing = [check for check in table.checks if check.holds is not True]
    return SheetShown(
        table,
        sheet.title,
        tuple(tuple(box for _, box in sorted(row, key=lambda one: one[0])) for row in rows),
        tuple((spoken(check.equation, form), check) for check in failing),
        places[0].page if places else None,
        places[0].turns if places else 0,
    )
