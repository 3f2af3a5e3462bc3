"""The grid a table stands in: separators, and how much of each edge is really drawn."""

from __future__ import annotations

from dataclasses import dataclass

from document.geometry import Box


@dataclass(frozen=True, slots=True)
class Lattice:
    """Row and column separators of one table on one view, with the evidence for every edge.

    ``ys`` and ``xs`` are the separators in pixels of the view, ascending: R + 1 and C + 1 of
    them for R rows and C columns. ``across[i][j]`` is the share (0…1) of the edge at ``ys[i]``
    between ``xs[j]`` and ``xs[j + 1]`` that is covered by a drawn line; ``down[i][j]`` the
    share of the edge at ``xs[j]`` between ``ys[i]`` and ``ys[i + 1]``.
    """

    page: int
    ys: tuple[float, ...]
    xs: tuple[float, ...]
    across: tuple[tuple[float, ...], ...]
    down: tuple[tuple[float, ...], ...]

    @property
    def rows(self) -> int:
        """How many row bands there are."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many column bands there are."""
        return len(self.xs) - 1

    @property
    def box(self) -> Box:
        """The outer frame."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def band(self, row: int, column: int, row_span: int = 1, column_span: int = 1) -> Box:
        """Return the box of a cell that starts at (row, column) and spans so many bands."""
        return Box(
            self.xs[column], self.ys[row], self.xs[column + column_span], self.ys[row + row_span]
        )


@dataclass(frozen=True, slots=True)
class Span:
    """A cell of a lattice: where it starts, and how many bands it covers each way."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
