"""What a form says of a table whose lines are lost: its cells, and where words of them are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.geometry import Box


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A cell of a plan; ``seen`` are pieces of text that are its own words.

    ``figure`` tells that a figure is expected in it.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    figure: bool
    seen: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells of ``columns`` bands of a form that are expected on a page.

    ``rows`` holds for each row where the words of its own labels begin and end, from the top
    down, in the pixels of the boxes; None where none were read. ``room`` are the heights between
    which the whole table must stand, beside others.
    """

    rows: tuple[tuple[float, float] | None, ...]
    columns: int
    cells: tuple[PlannedCell, ...]
    room: tuple[float, float] = (float("-inf"), float("inf"))

    def uprights(self, row: int) -> frozenset[int]:
        """Return the separators of columns at which cells of ``row`` begin or end."""
        return frozenset(
            at
            for cell in self.cells
            if cell.row <= row < cell.row + cell.row_span
            for at in (cell.column, cell.column + cell.column_span)
        )

    def levels(self, separator: int) -> frozenset[int]:
        """Return the columns over which cells begin or end at a separator of rows."""
        return frozenset(
            column
            for cell in self.cells
            if separator in (cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
