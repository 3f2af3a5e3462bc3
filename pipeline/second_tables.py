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


def unlike(table: ReadTable, others: Sequence[ReadTable]) -> ReadTable:
    """Return a table with those figures in doubt of which another table of its kind says more.

    That is another figure in a proved place, read well. A blank there says nothing: forms are
    also printed to be filled in.
    """
    said = {
        (cell.address, text)
        for other in others
        if other.table == table.table
        for cell in other.cells
        if cell.reliable and (text := _read(cell, WELL))
    }
    if not said:
        return table
    doubted = {address for address, _ in said} - {
        cell.address
        for cell in table.cells
        if {text for address, text in said if address == cell.address} <= {_read(cell, 0.0)}
    }
    cells = (replace(c, reliable=c.reliable and c.address not in doubted) for c in table.cells)
    return replace(table, cells=tuple(cells))


def _read(cell: ReadCell, least: float) -> str | None:
    """Return what is read in a cell with a probability of at least ``least``."""
    if cell.reading is None or not cell.reading.legible or not cell.reading.candidates:
        return None
    best = cell.reading.best
    return best.text if best.probability >= least else None
