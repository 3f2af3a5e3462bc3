"""What is seen on one page: its tables with their labels read, and the lines above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.fragment import Fragment, SpanText
from document.geometry import Box, nearest
from layout.flatten import flattened
from layout.lattice import spans
from layout.own_size import survey_tables
from layout.quality import quality_of
from layout.textlines import cell_lines, is_figure_sized, loose_lines
from reconstruct.title import title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Point, Polygon
    from document.lattice import Lattice, Span
    from document.page import View
    from layout.quality import Quality
    from layout.sheet import Sheet
    from layout.tone import Tone
    from ocr.labels import LabelReader, TextLine

    Read: TypeAlias = Callable[[Sequence[NDArray[np.uint8]]], Sequence[TextLine]]

HEADING_LINES = 2
TITLE_LINES = 8
BELOW = 2  # em that a part shows below its frame: figures of a blank form may stand there
FRAMED = 0.5
"""Share of an edge that must be drawn for it to be a line for certain."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A fragment with the picture it was cut from, so that its figures can be read later.

    ``picture`` is the view around the lattice only; ``origin`` is where that begins in the
    view, whose pixels the lattice speaks of.
    """

    page: int
    fragment: Fragment
    picture: View
    origin: Point
    em: float

    @property
    def placed(self) -> bool:
        """Whether polygons can be given in pixels of a page image."""
        return True

    def crop(self, polygon: Polygon) -> NDArray[np.uint8]:
        """Return the interior of a cell: (h, w, 3) uint8, its ruling lines left outside."""
        wide, left, right = self.wide_crop(polygon, 0.0)
        return wide[:, left:right]

    def wide_crop(self, polygon: Polygon, reach: float = 1.2) -> tuple[NDArray[np.uint8], int, int]:
        """Return a cell with ``reach`` em beside it, and the columns where it begins and ends."""
        left, top = self.origin
        (a, b, c, d) = polygon
        box = Box((a[0] + d[0]) / 2, (a[1] + b[1]) / 2, (b[0] + c[0]) / 2, (c[1] + d[1]) / 2)
        inner = box.inset(min(0.08 * self.em, 0.1 * box.height))
        rows = slice(max(0, round(inner.top - top)), max(0, round(inner.bottom - top)))
        first, last = max(0, round(inner.left - left)), max(0, round(inner.right - left))
        width = self.picture.image.shape[1]
        first, last = min(first, width), min(max(first, last), width)
        begin, end = max(0, first - round(reach * self.em)), last + round(reach * self.em)
        return self.picture.image[rows, begin:end], first - begin, last - begin

    def framed(self, polygon: Polygon) -> bool:
        """Tell whether lines are really drawn above and below a cell, there or beside it.

        Where they are only supposed they may run through the row of figures, or miss it. One
        that is drawn over most of the table is where it is, though it is broken at this cell.
        """
        lattice = self.fragment.lattice
        a, b, c, d = polygon
        x = (a[0] + b[0] + c[0] + d[0]) / 4
        column = max((j for j, at in enumerate(lattice.xs[:-1]) if at <= x), default=0)
        ys = [(row[column][1] + row[column + 1][1]) / 2 for row in lattice.nodes]
        for y in ((a[1] + b[1]) / 2, (c[1] + d[1]) / 2):
            edge = nearest(ys, y)
            drawn = lattice.across[edge]
            if drawn[column] < FRAMED and sum(drawn) < FRAMED * len(drawn):
                return False
        return True

    def sided(self, polygon: Polygon, *, throughout: bool = False) -> bool:
        """Tell the same of the lines to the left and right of a cell, there or above or below it.

        Where they are only supposed a figure may lie on one of them. With ``throughout`` only
        lines count that are drawn over most of the table: strokes of figures above one another
        pass for a line in a few rows.
        """
        lattice = self.fragment.lattice
        if lattice.supposed:
            return False
        a, b, c, d = polygon
        y = (a[1] + b[1] + c[1] + d[1]) / 4
        row = max((i for i, at in enumerate(lattice.ys[:-1]) if at <= y), default=0)
        above, below = lattice.nodes[row : row + 2]
        xs = [(high[0] + low[0]) / 2 for high, low in zip(above, below, strict=True)]
        for x in ((a[0] + d[0]) / 2, (b[0] + c[0]) / 2):
            edge = nearest(xs, x)
            drawn = [across[edge] for across in lattice.down]
            here = 0.0 if throughout else drawn[row]
            if here < FRAMED and sum(drawn) < FRAMED * len(drawn):
                return False
        return True

    def lines_in(self, polygon: Polygon) -> int:
        """Return how many lines of text were read in ``polygon``.

        Where a line beside it is broken, more was read in one go than what stands in it.
        """
        x, y = sum(p[0] for p in polygon) / 4, sum(p[1] for p in polygon) / 4
        top, bottom = min(p[1] for p in polygon), max(p[1] for p in polygon)
        for cell in self.fragment.spans:
            box = cell.span.box
            if box.left <= x <= box.right and box.top <= y <= box.bottom:
                return sum(top <= at <= bottom for at, _ in cell.lines)
        return 0

    def on_page(self, polygon: Polygon) -> Polygon:
        """Map a polygon of the view to pixels of the page image."""
        left, top = self.origin
        a, b, c, d = self.picture.page_points((x - left, y - top) for x, y in polygon)
        return (a, b, c, d)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of text outside the tables: its text, and its picture until it is read in full.

    The text is None where nobody looked, and what was seen at a glance where there is a picture
    besides. ``polygon`` is in pixels of the page image, None where the page has none.
    """

    text: str | None
    picture: NDArray[np.uint8] | None = None
    polygon: Polygon | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """Everything seen on a page: parts of tables, and the lines of text outside of them.

    ``turns`` are the clockwise quarter turns that put the page upright; ``legible`` is the
    confidence (0…1) with which lines were read that way.
    """

    page: int
    parts: tuple[Part, ...]
    loose: tuple[Line, ...]
    turns: int
    legible: float
    quality: Quality

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that were read because they may name the report or a table."""
        return tuple(line.text for line in self.loose if line.text is not None)


def sheet_of(view: View, page: int, made: Tone | None = None) -> Sheet:
    """Flatten an upright, framed view of a page, and find its lines and tables.

    ``made`` is the tone of the view's image, where that is known.
    """
    flat, made = flattened(view, made)
    return survey_tables(flat, page, made)


def see(
    sheet: Sheet, page: int, reader: LabelReader, turns: int, legible: float, *, opens: bool = True
) -> Sight:
    """Read the labels of the tables on a sheet, and the lines that stand above them.

    ``opens`` tells that the report may be named here, in its first lines, however long they are:
    these are read until they name it.
    """
    loose = loose_lines(sheet, [lattice.box.inset(-0.3 * sheet.em) for lattice in sheet.lattices])
    texts = _named(sheet, loose, reader) if opens else {}
    more = [box for box in _naming(loose, sheet) if box not in texts]
    named = not opens or title(tuple(texts.values()))[0] is not None
    seen = reader.glance(_crops(sheet, more)) if named else [None] * len(more)
    glanced = {box: line.text for box, line in zip(more, seen, strict=True) if line is not None}
    unread = [box for box in more if box not in glanced]
    read = _read(sheet, unread, reader.read)
    texts |= glanced | {box: line.text for box, line in zip(unread, read, strict=True)}
    parts = []
    for lattice in sheet.lattices:
        cells = _read_spans(sheet, lattice, reader)
        above = [box for box in loose if box in texts and _heads(box, lattice, sheet.em)]
        headings = tuple(texts[box] for box in above[-HEADING_LINES:])
        parts.append(_part(sheet, Fragment(lattice, cells, headings), page))
    lines = tuple(
        _line(sheet, box, texts.get(box), read=box in texts and box not in glanced) for box in loose
    )
    return Sight(page, tuple(parts), lines, turns, legible, quality_of(sheet))


def _line(sheet: Sheet, box: Box, text: str | None, *, read: bool) -> Line:
    a, b, c, d = sheet.view.page_points(box.polygon)
    picture = None if read else sheet.crop(_padded(box, sheet)).copy()
    return Line(text, picture, (a, b, c, d))


def _named(sheet: Sheet, loose: Sequence[Box], reader: LabelReader) -> dict[Box, str]:
    """Read the first lines of a page one by one, as long as they do not name the report."""
    texts: dict[Box, str] = {}
    for box in loose[:TITLE_LINES]:
        texts[box] = _read(sheet, [box], reader.read)[0].text
        if title(tuple(texts.values()))[0] is not None:
            break
    return texts


def _naming(loose: Sequence[Box], sheet: Sheet) -> list[Box]:
    """Choose the lines worth reading on any page: short ones, and those right above tables."""
    # On a page of tables a heading may be the longest line outside of them.
    widths = [one.box.width for one in sheet.lattices] + [box.width for box in loose]
    longest = max(widths, default=0.0)
    heads = {
        box
        for lattice in sheet.lattices
        for box in [one for one in loose if _heads(one, lattice, sheet.em)][-HEADING_LINES:]
    }
    chosen: list[Box] = []
    for box in loose:
        short = box.width < 0.62 * longest and box.width > 4 * sheet.em
        if box in heads or (short and len(chosen) < 2 * TITLE_LINES):
            chosen.append(box)
    return chosen


def _heads(box: Box, lattice: Lattice, em: float) -> bool:
    frame = lattice.box
    return frame.top - 6 * em < box.center[1] < frame.top and box.left < frame.right


def _read(sheet: Sheet, boxes: Sequence[Box], read: Read) -> list[TextLine]:
    return list(read(_crops(sheet, boxes)))


def _crops(sheet: Sheet, boxes: Sequence[Box]) -> list[NDArray[np.uint8]]:
    calmed = sheet.made.treatment.calmed
    return [calmed(sheet.crop(_padded(box, sheet))) for box in boxes]


def _padded(box: Box, sheet: Sheet) -> Box:
    return box.inset(-0.15 * sheet.em)


def _read_spans(sheet: Sheet, lattice: Lattice, reader: LabelReader) -> tuple[SpanText, ...]:
    """Read every cell whose ink is too much for a figure; figures wait for their own reader."""
    cells = spans(lattice)
    found = [cell_lines(sheet, cell.box) for cell in cells]
    label = [bool(lines) and not is_figure_sized(sheet, lines, 3) for lines in found]
    header = _header(cells, label, lattice.columns)
    label = [
        is_label or (bool(lines) and cell.bottom <= header)
        for cell, lines, is_label in zip(cells, found, label, strict=True)
    ]
    boxes = [box for lines, is_label in zip(found, label, strict=True) if is_label for box in lines]
    texts = iter(_read(sheet, boxes, reader.read_labels))
    result = []
    for cell, lines, is_label in zip(cells, found, label, strict=True):
        read = [(box.center[1], next(texts)) for box in lines] if is_label else []
        said = tuple((y, line.text) for y, line in read if line.text)
        sure = [line.confidence for _, line in read if line.text]
        result.append(SpanText(cell, said, bool(lines), sum(sure) / len(sure) if sure else 1.0))
    return tuple(result)


def _header(cells: Sequence[Span], label: Sequence[bool], columns: int) -> int:
    """Return how many bands from the top are surely a header, whose short words are no figures.

    There the first band has words over the columns of figures too; the tallest cell that begins
    in it tells how far the header goes down. Tables that go on from another page have none.
    """
    first = [cell for cell, is_label in zip(cells, label, strict=True) if is_label and not cell.top]
    if not any(2 * cell.right > columns for cell in first):
        return 0
    return max(cell.bottom for cell in first)


def _part(sheet: Sheet, fragment: Fragment, page: int) -> Part:
    frame = fragment.lattice.box.inset(-sheet.em)
    left, top = max(0, int(frame.left)), max(0, int(frame.top))
    image = sheet.crop(Box(left, top, frame.right, frame.bottom + BELOW * sheet.em)).copy()
    return Part(page, fragment, sheet.view.part(image, left, top), (left, top), sheet.em)
