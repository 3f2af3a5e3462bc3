"""Lays the cells of a table out in a grid, as browsers and Word do, and makes a sight of a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.flow import FlowCell, FlowTable, FlowText
from document.geometry import Box
from document.glyph import Glyph
from document.lattice import Lattice
from pipeline.sight import HEADING_LINES, Line, Sight
from pipeline.typed_part import FLAWLESS, typed_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.flow import Block
    from pipeline.typed_part import TypedPart

MOST_CELLS = 20_000
LONGEST_SPAN = 200
_WIDE, _HIGH = 100.0, 24.0
"""Size of a cell where a document has none, in no unit."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_STRUCK = "\u0336"


def raised(text: str) -> str:
    """Return a footnote mark as one, so that it never passes for a digit of a figure."""
    return text.translate(_RAISED)


def struck(text: str) -> str:
    """Return what is struck out, marked so that it is no figure any more; once is enough.

    Marking marks too would double a text with every element that strikes it out.
    """
    return "".join(c + _STRUCK for c in text if not c.isspace() and c != _STRUCK)


def laid_out(rows: Sequence[Sequence[tuple[int, int, str]]]) -> FlowTable | None:
    """Lay cells (row span, column span, text), row by row, into a grid; None where too large.

    A cell takes the first free place of its row. A row span of 0 goes to the end.
    """
    taken: dict[tuple[int, int], bool] = {}
    cells: list[FlowCell] = []
    for row, given in enumerate(rows):
        column = 0
        for down, along, text in given:
            while (row, column) in taken:
                column += 1
            height = min(down if down > 0 else len(rows), len(rows) - row)
            width = max(1, min(along, LONGEST_SPAN))
            if len(taken) + height * width > MOST_CELLS:
                return None
            spread = [(row + i, column + j) for i in range(height) for j in range(width)]
            # cells that overlap are a mistake of the page: the first keeps the place
            while any(place in taken for place in spread) and width > 1:
                width -= 1
                spread = [(row + i, column + j) for i in range(height) for j in range(width)]
            taken.update(dict.fromkeys(spread, True))
            cells.append(FlowCell(row, column, height, width, text))
            column += width
    columns = max((c.column + c.column_span for c in cells), default=0)
    return FlowTable(len(rows), columns, tuple(cells)) if cells else None


def flow_sight(number: int, blocks: Sequence[Block]) -> Sight:
    """Return what a section of a flow holds: its tables, and its lines of text."""
    parts: list[TypedPart] = []
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, FlowText):
            lines += [line.strip() for line in block.text.splitlines() if line.strip()]
        elif isinstance(block, FlowTable):
            if block.columns < 2:
                lines += [line for cell in block.cells for line in cell.text.splitlines() if line]
                continue
            glyphs = [_glyph(cell) for cell in block.cells if cell.text.strip()]
            heads = tuple(lines[-HEADING_LINES:])
            parts.append(typed_part(_lattice(block, number), glyphs, heads, placed=False))
    return Sight(number, tuple(parts), tuple(Line(line) for line in lines), 0, 1.0, FLAWLESS)


def _box(cell: FlowCell) -> Box:
    return Box(
        cell.column * _WIDE,
        cell.row * _HIGH,
        (cell.column + cell.column_span) * _WIDE,
        (cell.row + cell.row_span) * _HIGH,
    )


def _glyph(cell: FlowCell) -> Glyph:
    """Return a whole cell as one character in its middle."""
    x, y = _box(cell).center
    small = Box(x - 1, y - _HIGH / 4, x + 1, y + _HIGH / 4)
    return Glyph("".join(cell.text.split()), small, small)


def _lattice(table: FlowTable, page: int) -> Lattice:
    """Return a lattice whose edges are drawn around every cell of a table."""
    across = [[0.0] * table.columns for _ in range(table.rows + 1)]
    down = [[0.0] * (table.columns + 1) for _ in range(table.rows)]
    for cell in table.cells:
        bottom, right = cell.row + cell.row_span, cell.column + cell.column_span
        for column in range(cell.column, right):
            across[cell.row][column] = across[bottom][column] = 1.0
        for row in range(cell.row, bottom):
            down[row][cell.column] = down[row][right] = 1.0
    return Lattice(
        page,
        tuple(
            tuple((j * _WIDE, i * _HIGH) for j in range(table.columns + 1))
            for i in range(table.rows + 1)
        ),
        tuple(map(tuple, across)),
        tuple(map(tuple, down)),
        (0.0,) * (table.rows + 1),
        (0.0,) * (table.columns + 1),
    )
