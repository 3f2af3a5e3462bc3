"""The grid a table stands in: where its separators cross, and which edges are really drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from document.geometry import Box

if TYPE_CHECKING:
    from document.geometry import Point, Polygon


@dataclass(frozen=True, slots=True)
class Lattice:
    """Row and column separators of one table on one view, with the evidence for every edge.

    ``nodes[i][j]`` is where row separator i crosses column separator j, in pixels of the view:
    R + 1 by C + 1 of them for R row bands and C column bands. ``across[i][j]`` is the share
    (0…1) of the edge from ``nodes[i][j]`` to ``nodes[i][j + 1]`` that is covered by a drawn
    line; ``down[i][j]`` the share of the edge from ``nodes[i][j]`` to ``nodes[i + 1][j]``.

    Where a separator is a double line, ``row_walls[i]`` or ``column_walls[j]`` is half the
    distance of the two in pixels, else 0; cells end at the nearer of them.

    ``supposed`` tells that some separators of columns were set in the white between figures:
    their number proves nothing.

    ``ys`` is the height of each row separator in its middle, ``xs`` the place of each column
    separator, in pixels. They are asked for at every cell, and found once.
    """

    page: int
    nodes: tuple[tuple[Point, ...], ...]
    across: tuple[tuple[float, ...], ...]
    down: tuple[tuple[float, ...], ...]
    row_walls: tuple[float, ...]
    column_walls: tuple[float, ...]
    supposed: bool = False
    ys: tuple[float, ...] = field(init=False, repr=False, compare=False)
    xs: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find the middles of the separators."""
        object.__setattr__(self, "ys", tuple(median(y for _, y in row) for row in self.nodes))
        columns = zip(*self.nodes, strict=True)
        object.__setattr__(self, "xs", tuple(median(x for x, _ in one) for one in columns))

    @property
    def rows(self) -> int:
        """How many row bands there are."""
        return len(self.nodes) - 1

    @property
    def columns(self) -> int:
        """How many column bands there are."""
        return len(self.nodes[0]) - 1

    @property
    def box(self) -> Box:
        """The outer frame."""
        return self.band(0, self.rows, 0, self.columns)

    def polygon(self, top: int, bottom: int, left: float, right: float) -> Polygon:
        """Return the corners of the cell between these row and column separators.

        A column separator may be a fraction: 3.5 lies halfway between 3 and 4.
        """
        down, up = self.row_walls[top], -self.row_walls[bottom]
        inward = self.column_walls[int(left)] if left == int(left) else 0.0
        back = -self.column_walls[int(right)] if right == int(right) else 0.0
        return (
            self._node(top, left, inward, down),
            self._node(top, right, back, down),
            self._node(bottom, right, back, up),
            self._node(bottom, left, inward, up),
        )

    def _node(self, row: int, column: float, dx: float, dy: float) -> Point:
        left = int(column)
        part = column - left
        x, y = self.nodes[row][left]
        if part:
            to_x, to_y = self.nodes[row][left + 1]
            x, y = x + part * (to_x - x), y + part * (to_y - y)
        return (x + dx, y + dy)

    def band(self, top: int, bottom: int, left: float, right: float) -> Box:
        """Return the box of the cell between these row and column separators."""
        a, b, c, d = self.polygon(top, bottom, left, right)
        return Box((a[0] + d[0]) / 2, (a[1] + b[1]) / 2, (b[0] + c[0]) / 2, (c[1] + d[1]) / 2)


@dataclass(frozen=True, slots=True)
class Span:
    """A cell of a lattice as its drawn edges bound it: the separators around it."""

    top: int
    bottom: int
    left: int
    right: int
    box: Box
