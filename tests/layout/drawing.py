"""Draws ruled tables with text, as arrays; the characters are strokes, so no font is needed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.lattice import Lattice

    Image = NDArray[np.uint8]
    Matrix = NDArray[np.float64]

STROKES: dict[str, tuple[tuple[int, int, int, int], ...]] = {
    "三": ((1, 2, 9, 2), (2, 5, 8, 5), (0, 9, 10, 9)),
    "十": ((0, 5, 10, 5), (5, 0, 5, 10)),
    "日": ((2, 0, 8, 0), (2, 5, 8, 5), (2, 10, 8, 10), (2, 0, 2, 10), (8, 0, 8, 10)),
    "田": ((0, 1, 10, 1), (0, 5, 10, 5), (0, 9, 10, 9), (0, 1, 0, 9), (5, 1, 5, 9), (10, 1, 10, 9)),
    "王": ((1, 1, 9, 1), (2, 5, 8, 5), (0, 10, 10, 10), (5, 1, 5, 10)),
    "中": ((0, 2, 10, 2), (0, 7, 10, 7), (0, 2, 0, 7), (10, 2, 10, 7), (5, 0, 5, 10)),
    "木": ((0, 3, 10, 3), (5, 0, 5, 10), (5, 3, 0, 9), (5, 3, 10, 9)),
    "目": ((2, 0, 8, 0), (2, 3, 8, 3), (2, 7, 8, 7), (2, 10, 8, 10), (2, 0, 2, 10), (8, 0, 8, 10)),
}  # fmt: skip
"""Eight characters on a grid of ten by ten: as many level and upright strokes as any text has."""


@dataclass(frozen=True)
class Merged:
    """A cell over rows top…bottom and columns left…right (exclusive)."""

    top: int
    bottom: int
    left: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        return self.top <= row < self.bottom and self.left <= column < self.right


@dataclass(frozen=True)
class Grid:
    """Where a table's separators are drawn, in pixels."""

    xs: tuple[int, ...]
    ys: tuple[int, ...]
    merged: tuple[Merged, ...] = ()

    def cells(self) -> list[Merged]:
        own = [
            Merged(i, i + 1, j, j + 1)
            for i in range(len(self.ys) - 1)
            for j in range(len(self.xs) - 1)
            if not any(m.covers(i, j) for m in self.merged)
        ]
        return sorted((*own, *self.merged), key=lambda c: (c.top, c.left))


def paper(width: int = 1000, height: int = 900) -> Image:
    return np.full((height, width, 3), 255, np.uint8)


def write(image: Image, text: str, left: int, top: int, em: int = 20) -> None:
    """Write characters of ``em`` pixels; strokes reach over 0.82 em and their own width."""
    size = 0.82 * em
    thick = max(1, round(em / 10))
    for place, character in enumerate(text):
        x, y = left + place * em + 0.09 * em, top + 0.09 * em
        for a, b, c, d in STROKES.get(character, ()):
            start = round(x + a * size / 10), round(y + b * size / 10)
            end = round(x + c * size / 10), round(y + d * size / 10)
            cv2.line(image, start, end, (20, 20, 20), thick, cv2.LINE_AA)


def draw(image: Image, grid: Grid, em: int = 20, thick: int = 2, gap: int = 0) -> None:
    """Draw a grid and fill its cells, unless ``em`` is 0.

    ``gap`` is the distance of the two lines of a double rule, in pixels; 0 draws single ones.
    """
    for cell in grid.cells():
        box = grid.xs[cell.left], grid.ys[cell.top], grid.xs[cell.right], grid.ys[cell.bottom]
        for side in (-gap / 2, gap / 2) if gap else (0.0,):
            corners = [round(v + s * side) for v, s in zip(box, (-1, -1, 1, 1), strict=True)]
            cv2.rectangle(image, corners[:2], corners[2:], (0, 0, 0), thick)
    if em:
        _fill(image, grid, em)


def _fill(image: Image, grid: Grid, em: int) -> None:
    dice = random.Random(7)  # noqa: S311 - any text will do
    for cell in grid.cells():
        width = grid.xs[cell.right] - grid.xs[cell.left]
        middle = (grid.ys[cell.top] + grid.ys[cell.bottom] - em) // 2
        most = max(1, (width - em) // em)
        text = "".join(dice.choice(list(STROKES)) for _ in range(min(most, 2 + cell.left % 5)))
        write(image, text, grid.xs[cell.left] + (width - len(text) * em) // 2, middle, em)


def prose(image: Image, top: int, lines: int, em: int = 20, length: int = 36) -> None:
    dice = random.Random(11)  # noqa: S311 - any text will do
    for line in range(lines):
        text = "".join(dice.choice(list(STROKES)) for _ in range(length))
        write(image, text, 80, top + round(1.6 * em * line), em)


def break_lines(image: Image, grid: Grid, share: float, period: int) -> None:
    """Erase ``share`` of every line: a gap somewhere in every ``period`` pixels of it."""
    dice = random.Random(3)  # noqa: S311 - any gaps will do
    gap = round(period * share)
    for y in grid.ys:
        for x in range(grid.xs[0] - 3, grid.xs[-1] + 3, period):
            at = x + dice.randrange(period - gap)
            image[y - 3 : y + 4, at : at + gap] = 255
    for x in grid.xs:
        for y in range(grid.ys[0] - 3, grid.ys[-1] + 3, period):
            at = y + dice.randrange(period - gap)
            image[at : at + gap, x - 3 : x + 4] = 255


def warped(image: Image, matrix: Matrix) -> Image:
    height, width = image.shape[:2]
    size = (width, height)
    made = cv2.warpPerspective(
        image, matrix, size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255)
    )
    return np.asarray(made, np.uint8)


def turned_by(image: Image, degrees: float) -> tuple[Image, Matrix]:
    """Turn clockwise about the middle; return the map from old to new pixels as well."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    matrix = np.vstack([turn, [0, 0, 1]]).astype(np.float64)
    return warped(image, matrix), matrix


def assert_at(found: Lattice, grid: Grid, within: float = 2.0) -> None:
    """The lattice has the grid's separators, each within so many pixels."""
    assert len(found.xs) == len(grid.xs), found.xs
    assert len(found.ys) == len(grid.ys), found.ys
    assert np.abs(np.subtract(found.xs, grid.xs)).max() <= within
    assert np.abs(np.subtract(found.ys, grid.ys)).max() <= within
