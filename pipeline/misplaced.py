"""Places that look as if they had missed their figure, so that what is read there is no news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.geometry import hull_of
from ocr.crossings import crosses_a_line
from ocr.ink import find_ink
from ocr.kept import kept_inks
from ocr.seams import lies_on_a_line
from pipeline.strays import level_with

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Box, Polygon
    from document.reading import Reading
    from document.report import ReadCell
    from document.template import Address, TableTemplate
    from pipeline.sight import Part

REACH = 1.0
"""What is looked at above and below a cell whose lines are supposed, in em: a glyph's height."""


WELL = 0.9
"""Probability from which on a figure is read well enough to show where its line stands."""

OFF = 0.9
"""How far from its cell's middle, in em, a figure is likely to be another row's: a line of text."""

SEVERAL = 3
"""Places of a line from which on one figure in it is too few: with a total there are two."""


def misplaced(part: Part, polygon: Polygon, reading: Reading, strays: Sequence[Box]) -> bool:
    """Tell whether a cell is blank where its figure is likely to stand elsewhere.

    Either figures stand in its line where none is expected (``strays``), or a glyph stands on one
    of its lines, or, where these are only supposed, whatever does. Two lines of text in a cell of
    such lines mean the same: a neighbour's figure, or its own, may be lost.
    """
    blank = bool(reading.candidates) and not reading.candidates[0].text
    if blank and beside(polygon, strays):
        return True
    if part.framed(polygon):
        return blank and crosses_a_line(*_tall_crop(part, polygon), part.em)
    if part.lines_in(polygon) > 1:
        return True
    return blank and lies_on_a_line(*_tall_crop(part, polygon), part.em)


def beside(polygon: Polygon, boxes: Iterable[Box]) -> bool:
    """Tell whether a place stands in the line of one of some boxes."""
    return any(level_with(hull_of(polygon), box) for box in boxes)


def beside_gap(table: TableTemplate, found: Container[Address]) -> frozenset[Address]:
    """Return the figures of lines next to one of which no place is found at all."""
    rows: dict[int, list[Address]] = {}
    for cell in sorted(table.figures, key=lambda cell: cell.row):
        if cell.address is not None:
            rows.setdefault(cell.row, []).append(cell.address)
    lines = list(rows.values())
    gone = [not any(address in found for address in line) for line in lines]
    return frozenset(
        address
        for number, line in enumerate(lines)
        if any(gone[max(0, number - 1) : number + 2])
        for address in line
    )


def swallowed(part: Part, polygon: Polygon) -> bool:
    """Tell whether a cell's ink lies far above or below its middle: it may be the next line's.

    Where the line between two rows is lost one cell holds both, and the figure of either; a label
    that is read well says the other one's as well.
    """
    crop, begin, end = _tall_crop(part, polygon)
    crop = crop[begin:end]
    if not crop.size:
        return True
    lines = find_ink(kept_inks(crop)).lines
    middle = crop.shape[0] / 2
    return any(abs(line.center[1] - middle) > OFF * part.em for line in lines)


def beside_doubt(
    cells: Sequence[ReadCell], table: TableTemplate, unframed: Container[Address]
) -> frozenset[Address]:
    """Return blanks that nothing shows to be blank, and figures alone among such.

    Those of lines of which no sum speaks, beside a figure that is read doubtfully: it may have run
    together with theirs; likewise above or below one. And those between supposed lines
    (``unframed``) of a table in which not one figure is read well: its line may stand elsewhere.
    And lines of several places between supposed lines that hold one figure only: it may be the
    number of the page below a header whose figures stand on the next.
    """
    summed = {address for equation in table.equations for address in equation.cells}
    best = {
        c.address: c.reading.best
        for c in cells
        if c.reading and c.reading.candidates and c.reading.legible
    }
    blank = {address for address, one in best.items() if not one.text}
    well = any(one.text and one.probability >= WELL for one in best.values())
    doubtful = {
        c.address[0]
        for c in cells
        if c.address not in blank
        and not (c.address in best and best[c.address].probability >= WELL)
    }
    line = {cell.address: cell.row for cell in table.figures if cell.address is not None}
    # two figures in one cell are doubtful, and one of them may be the next line's
    beside = {
        (line[a] + step, a[1])
        for a in line.keys() - blank
        if not (a in best and best[a].probability >= WELL)
        for step in (-1, 1)
    }
    doubted = {
        a
        for a in blank
        if (a not in summed and (a[0] in doubtful or (line[a], a[1]) in beside))
        or (not well and a in unframed)
    }
    supposed = [c for c in cells if c.address in unframed and c.polygon]
    return frozenset(doubted.union(*(_lone(line, blank) for line in _lines(supposed))))


def _lines(cells: Sequence[ReadCell]) -> list[list[ReadCell]]:
    """Return cells by the lines of the page they stand in."""
    lines: list[list[ReadCell]] = []
    for cell in cells:
        for line in lines:
            if _beside(line[0], cell):
                line.append(cell)
                break
        else:
            lines.append([cell])
    return lines


def _beside(one: ReadCell, other: ReadCell) -> bool:
    if one.page != other.page or one.polygon is None or other.polygon is None:
        return False
    return level_with(hull_of(one.polygon), hull_of(other.polygon))


def _lone(line: Sequence[ReadCell], blank: Container[Address]) -> set[Address]:
    """Return all of a line of several places in which one figure stands, else none."""
    filled = sum(cell.address not in blank for cell in line)
    return {cell.address for cell in line} if filled == 1 and len(line) >= SEVERAL else set()


def _tall_crop(part: Part, polygon: Polygon) -> tuple[NDArray[np.uint8], int, int]:
    """Return a cell with REACH em above and below it, and the rows where it begins and ends."""
    box = hull_of(polygon)
    left, top = part.origin
    reach = round(REACH * part.em)
    first, last = max(0, round(box.top - top)), max(0, round(box.bottom - top))
    begin = max(0, first - reach)
    columns = slice(max(0, round(box.left - left)), max(0, round(box.right - left)))
    return part.picture.image[begin : last + reach, columns], first - begin, last - begin
