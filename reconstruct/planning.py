"""Plans the cells of a table whose labels were found: its rows, and where their words stand."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from document.geometry import hull
from document.plan import Plan, PlannedCell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.geometry import Box
    from document.template import TableTemplate, TemplateCell

WIDER = 1.6
"""How much more room than others, for each character, words take up that are joined to more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text on a page, in any pixels.

    Where it is not ``placed`` it stands somewhere in its box, at its height.
    """

    box: Box
    text: str
    placed: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A line of text that says labels of one row of the form."""

    y: float
    row: int
    gain: float
    box: Box
    cells: tuple[tuple[str, Word], ...]


def planned(
    table: TableTemplate, rows_shown: tuple[int, int], chain: Sequence[Said], heads: Sequence[Box]
) -> Plan:
    """Return the plan of rows first…last of a table, whose labels the lines of ``chain`` say.

    ``heads`` are headings of tables: those above and below end the room that it has.
    """
    first, last = rows_shown
    seen: dict[TemplateCell, list[Box]] = {}
    usual = median([_room(word) for one in chain for _, word in one.cells] or [0.0])
    said: dict[tuple[str, int], list[Box]] = {}
    for one in chain:
        for label, word in one.cells:
            if _room(word) <= WIDER * usual:
                said.setdefault((label, one.row), []).append(word.box)
    for (label, row), boxes in said.items():
        alike = [c for c in table.cells if c.label == label and reaches(c, row)]
        for cell, own in _placed(boxes, alike):
            seen.setdefault(cell, []).extend(own)
    rows: list[tuple[float, float] | None] = []
    for row in range(first, last + 1):
        boxes = [one.box for one in chain if one.row == row]
        rows.append((hull(boxes).top, hull(boxes).bottom) if boxes else None)
    cells = []
    for cell in table.cells:
        top, bottom = max(cell.row, first), min(cell.row + cell.row_span, last + 1)
        if top >= bottom:
            continue
        here = tuple(seen.get(cell, ()))
        cells.append(
            PlannedCell(
                top - first,
                cell.column,
                bottom - top,
                cell.column_span,
                cell.address is not None,
                (hull(here),) if here and cell.row_span == 1 else here,
            )
        )
    whole = hull(one.box for one in chain)
    above = max((b.bottom for b in heads if b.bottom < whole.top), default=float("-inf"))
    below = min((b.top for b in heads if b.top > whole.bottom), default=float("inf"))
    return Plan(tuple(rows), table.columns, tuple(cells), (above, below))


def reaches(cell: TemplateCell, row: int) -> bool:
    """Tell whether a cell stands in a row of the form, or reaches into it."""
    return cell.row <= row < cell.row + cell.row_span


def _placed(
    boxes: Sequence[Box], cells: Sequence[TemplateCell]
) -> list[tuple[TemplateCell, list[Box]]]:
    """Give words their cells; of several with the same label, where they count out in order.

    Words above one another are of one cell then.
    """
    if len(cells) == 1:
        return [(cells[0], list(boxes))]
    groups: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.left):
        if groups and box.left < max(other.right for other in groups[-1]):
            groups[-1].append(box)
        else:
            groups.append([box])
    ordered = sorted(cells, key=lambda c: c.column)
    return list(zip(ordered, groups, strict=True)) if len(groups) == len(cells) else []


def _room(word: Word) -> float:
    """Return the paper that words take up for each character, however many lines they have."""
    return word.box.width * word.box.height / len(word.text)
