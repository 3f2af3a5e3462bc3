"""Reads a table of a text whose writer kept the grid: every label stands where the form prints it.

Then each place is certain, blank ones too, and nothing has to be weighed. Of other texts the like
cannot be said, however whole they look: where converters lose a cell they fill the row up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from document.reading import Candidate, Reading
from document.report import ReadCell, ReadTable
from reconstruct.text_rows import SURE_LABEL
from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.passage import Piece
    from document.template import TableTemplate, TemplateCell

Row: TypeAlias = "Mapping[int, Sequence[Piece]]"
"""The pieces of a row of the text, by the cell that they stand in."""


def whole_grid(pieces: Sequence[Piece], table: TableTemplate, template: str) -> ReadTable | None:
    """Return a table whose rows and cells are just those of the form; None where they are not.

    Where a merged cell is drawn apart, its other places are empty or say the same.
    """
    rows: dict[int, dict[int, list[Piece]]] = {}
    for piece in pieces:
        rows.setdefault(piece.line, {}).setdefault(piece.cell, []).append(piece)
    wide = [line for line in rows if max(rows[line]) + 1 == table.columns]
    for start in wide:
        lines = range(start, start + table.rows)
        if all(line in rows for line in lines) and set(lines) <= set(wide):
            grid = [rows[line] for line in lines]
            if _fits(grid, table):
                return _read(grid, table, template)
    return None


def _fits(grid: Sequence[Row], table: TableTemplate) -> bool:
    free = {(row, column) for row in range(table.rows) for column in range(table.columns)}
    for cell in table.cells:
        here = _text(grid[cell.row], cell.column)
        if cell.address is None and cell.label and likeness(here, cell.spellings) < SURE_LABEL:
            return False
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                free.discard((row, column))
                if _text(grid[row], column) not in {"", here}:
                    return False
    return not any(_text(grid[row], column) for row, column in free)


def _read(grid: Sequence[Row], table: TableTemplate, template: str) -> ReadTable:
    cells = []
    for cell in table.figures:
        if cell.address is None or cell.type is None:
            continue
        pieces = _pieces(grid, cell)
        reading = Reading((Candidate("".join(piece.text for piece in pieces), 0.0),))
        single = len(pieces) == 1 and pieces[0].kind != "words"
        sure = single and not any(piece.doubted or piece.stray for piece in pieces)
        page = pieces[0].page if pieces else 1
        cells.append(ReadCell(cell.address, cell.type, reading, page, None, sure))
    pages = tuple(sorted({cell.page for cell in cells})) or (1,)
    return ReadTable(table.id, template, pages, tuple(cells))


def _pieces(grid: Sequence[Row], cell: TemplateCell) -> Sequence[Piece]:
    return grid[cell.row].get(cell.column, ())


def _text(row: Row, column: int) -> str:
    return "".join(piece.text for piece in row.get(column, ()))
