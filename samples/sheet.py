"""What a drawing route hands on: page images with the place of every cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.template import Address
    from samples.grid import DrawnTable
    from samples.style import Style


@dataclass(frozen=True, slots=True)
class Text:
    """A block of prose: ``kind`` is title, heading, paragraph, note or sign."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it is drawn: blocks in order, on paper of ``size`` (width, height) mm."""

    blocks: tuple[Text | DrawnTable, ...]
    style: Style
    size: tuple[float, float] = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a cell lies: the row of ``points`` its text's and its own corners begin at.

    A sheet's ``points`` hold eight rows per mark: four corners of the text (of the cell, where
    it is empty), then four corners of the cell, each clockwise from the upper left.
    """

    table: str
    address: Address | None
    start: int


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One page: ``image`` (height, width, 3) uint8 BGR, ``points`` (8 · marks, 2) in pixels."""

    image: NDArray[np.uint8]
    points: NDArray[np.float64]
    marks: tuple[Mark, ...]
    dpi: float

    def text_corners(self, mark: Mark) -> NDArray[np.float64]:
        """Return the (4, 2) corners of the mark's text."""
        return self.points[mark.start : mark.start + 4]

    def cell_corners(self, mark: Mark) -> NDArray[np.float64]:
        """Return the (4, 2) corners of the mark's cell."""
        return self.points[mark.start + 4 : mark.start + 8]


def corners(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    """Return a box's corners, clockwise from the upper left."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def crop(sheet: Sheet, table: str, margin: float) -> Sheet:
    """Cut out ``table`` with so many pixels around it. Raises ValueError if it is not there."""
    found = [sheet.cell_corners(m) for m in sheet.marks if m.table == table]
    around = np.concatenate(found)
    low = np.maximum(np.floor(around.min(axis=0) - margin), 0).astype(int)
    high = np.ceil(around.max(axis=0) + margin).astype(int)
    image = sheet.image[low[1] : high[1], low[0] : high[0]]
    return Sheet(np.ascontiguousarray(image), sheet.points - low, sheet.marks, sheet.dpi)
