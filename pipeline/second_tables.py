"""Two tables of one kind: where they say different things, neither is sure to be the one meant.

Last year's table beside this year's, or another agency's: words around them tell, but not to us.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import ReadCell, ReadTable

WELL = 0.9
"""Probability from which on what another table says is read, and no noise between its lines.

Lattices of dirt that pass for a second table hold nothing, or figures read far below that.
"""

MOST = 0.6
"""Share of a form's figures that are read well in a table of which no scrap, and no dirt, was made
(of ten drawn second tables the least had 0.8; of one with rows too low for its words 0.6)."""


def unlike(table: ReadTable, others: Sequence[ReadTable]) -> ReadTable:
    """Return a table with those figures in doubt of which another table of its kind says more.

    That is another figure in a proved place, read well, or in any of a table most of which is
    read well: rows too low for their words prove no place, here nor there. A blank there says
    nothing: forms are also printed to be filled in.
    """
    said = {
        (cell.address, text)
        for other in others
        if other.table == table.table
        for cell in other.cells
        if (cell.reliable or _is_whole(other)) and (text := _read(cell, WELL))
    }
    if not said:
        return table
    doubted = {address for address, _ in said} - {
        cell.address
        for cell in table.cells
        if {text for address, text in said if address == cell.address} <= {_read(cell, 0.0)}
    }
    # what was not found in a table so like this one is there all the same
    whole = [other for other in others if other.table == table.table and _is_whole(other)]
    if doubted:
        doubted |= {c.address for other in whole for c in other.cells if c.reading is None}
    cells = (replace(c, reliable=c.reliable and c.address not in doubted) for c in table.cells)
    return replace(table, cells=tuple(cells))


def _is_whole(table: ReadTable) -> bool:
    """Tell whether a table is filled in for the most part: no scrap of another, no dirt."""
    return sum(bool(_read(cell, WELL)) for cell in table.cells) >= MOST * len(table.cells)


def _read(cell: ReadCell, least: float) -> str | None:
    """Return what is read in a cell with a probability of at least ``least``."""
    if cell.reading is None or not cell.reading.legible or not cell.reading.candidates:
        return None
    best = cell.reading.best
    return best.text if best.probability >= least else None
