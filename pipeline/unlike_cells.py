"""Places of figures that are no cell of the page: several in one cell, or several cells in one.

A form is registered by its lines and columns. Where a report merges two of its cells the figure in
their middle is one for both: read at one place, it leaves a blank at the other that is none.
Where a report has a column more, two of its cells may lie in one place, and their figures are read
as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from document.geometry import hull_of
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks
from pipeline.set_apart import set_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from document.fragment import SpanText
    from document.geometry import Box, Polygon
    from document.lattice import Lattice
    from document.reading import Reading
    from document.report import ReadCell
    from document.template import Address, Equation, TableTemplate
    from pipeline.sight import Part

MANY_LINES = 5
"""Lines of a table that must be blank in its first column, and that must not add up; or that do."""

WELL = 0.97
"""Probability from which a figure is not misread: of a poor drawn table no column added up, as
each held some figure that was, and 85 right ones went to a person."""

MANY_COLUMNS, SOME_LINES = 3, 3
"""Columns with figures none of which adds up, and lines that do: a page's own mistake is in one
column, and in its total."""

STEP, SEVERAL_STEPS = 0.25, 3
"""Share of a row by which a line steps from one column to the next where it is another's there,
and how many lines do so at one column.

Of 110 drawn pages seen as they are, flat or wavy, none has three such lines; of two on which lines
were joined with those of other rows, one had eleven and one five."""

BACK = 0.5
"""Share of a step that is left at most where the next one leads back."""

AMID = 0.15
"""How far from the middle of its place a figure stands at most beside which a line is torn, in
widths and heights of the place: that of two merged cells is half a width off."""

BESIDE = 0.5
"""How far from one another the middles of places beside each other are at least, in their size."""

PAIR = 2
"""Places of a cell; the figure of three merged ones stands in the middle of the second."""


def in_other_cells(
    part: Part, places: Mapping[Address, Polygon], readings: Mapping[Address, Reading]
) -> frozenset[Address]:
    """Return the figures of a part that are likely to stand in other cells than their own.

    All of them where figures stand a line off; else those whose places are no cell of the page.
    """
    blank = [_is_blank(readings.get(address)) for address in places]
    if _changes_rows(part.fragment.lattice) or set_apart(part, list(places.values()), blank):
        return frozenset(places)
    return unlike_cells(part, places, readings)


def _changes_rows(lattice: Lattice) -> bool:
    """Tell whether lines of a table step up or down by most of a row from one column to the next.

    Of a page that waves, or was taken for a sheet seen askew, lines are joined with those of the
    row above or below; figures behind such a step are another row's.
    """
    points = np.array(lattice.nodes, dtype=float)
    if min(points.shape[:2]) < SEVERAL_STEPS:
        return False
    wide, down = np.diff(points[..., 0], axis=1), np.diff(points[..., 1], axis=1)
    bent = down - np.median(down / np.maximum(wide, 1)) * wide
    heights = np.median(np.diff(points[..., 1], axis=0), axis=1)
    low = np.minimum(np.append(heights, heights[-1]), np.insert(heights, 0, heights[0]))
    steps = np.abs(bent) > STEP * low[:, None]
    # words of a label pull a line aside at one place, behind which it is where it was before
    one, other = np.abs(bent[:, :-1]), np.abs(bent[:, 1:])
    back = np.abs(bent[:, :-1] + bent[:, 1:]) < BACK * np.minimum(one, other)
    steps[:, :-1] &= ~back
    steps[:, 1:] &= ~back
    return bool((steps.sum(axis=0) >= SEVERAL_STEPS).any())


def unlike_cells(
    part: Part, places: Mapping[Address, Polygon], readings: Mapping[Address, Reading]
) -> frozenset[Address]:
    """Return the figures whose places are other cells than those that are drawn.

    Those of one drawn cell in which some are blank and some not, where no line is merely torn
    beside a figure that stands in the middle of its own place; and those in whose place the ink
    of several drawn cells stands. ``places`` are polygons of the fragment's view.
    """
    spans = part.fragment.spans
    own, drawn = [hull_of(polygon) for polygon in places.values()], [s.span.box for s in spans]
    in_drawn, of_drawn = _middles_within(own, drawn), _middles_within(drawn, own)
    inked = np.array([span.inked for span in spans], bool)
    found: set[Address] = set()
    within: dict[int, list[Address]] = {}
    for address, in_spans, middles in zip(places, in_drawn, of_drawn.T, strict=True):
        for number in np.flatnonzero(in_spans).tolist():
            within.setdefault(number, []).append(address)
        if _beside_one_another(spans[n] for n in np.flatnonzero(middles & inked)):
            found.add(address)
    for together in within.values():
        full = [address for address in together if not _is_blank(readings.get(address))]
        boxes = [hull_of(places[address]) for address in together]
        lone = len(full) == 1 and len(together) > PAIR
        if 0 < len(full) < len(together) and (
            lone or any(_merges(part, boxes, places[address]) for address in full)
        ):
            found.update(together)
    return frozenset(found)


def _middles_within(boxes: Sequence[Box], around: Sequence[Box]) -> NDArray[np.bool_]:
    """Tell whose middle lies in which box around it: (boxes, around)."""
    inner, outer = (
        np.array([(b.left, b.top, b.right, b.bottom) for b in some], float).reshape(-1, 4)
        for some in (boxes, around)
    )
    middles = (inner[:, :2] + inner[:, 2:])[:, None] / 2
    inside = (outer[:, :2] <= middles) & (middles < outer[:, 2:])
    return np.asarray(inside.all(axis=2))


def _merges(part: Part, boxes: Sequence[Box], polygon: Polygon) -> bool:
    """Tell whether the ink of a place stands off its middle, the way the others of its cell lie."""
    crop, own = part.crop(polygon), hull_of(polygon)
    if min(crop.shape[:2]) < SMALLEST:
        return True
    lines = find_ink(kept_inks(crop)).lines
    if len(lines) != 1:
        return True
    height, width = crop.shape[:2]
    x, y = lines[0].center
    along = any(abs(box.center[0] - own.center[0]) > BESIDE * own.width for box in boxes)
    down = any(abs(box.center[1] - own.center[1]) > BESIDE * own.height for box in boxes)
    aside = along and abs(x - width / 2) > AMID * width
    return aside or (down and abs(y - height / 2) > AMID * height)


def _beside_one_another(inked: Iterable[SpanText]) -> bool:
    """Tell whether two of some cells are of one row."""
    rows = [one.span.top for one in inked]
    return len(set(rows)) < len(rows)


def _is_blank(reading: Reading | None) -> bool:
    return bool(reading and reading.candidates and not reading.candidates[0].text)


def one_column_off(cells: Sequence[ReadCell], table: TableTemplate) -> bool:
    """Tell whether a table's figures seem to stand one column to the right of their own.

    Its first column is blank from top to bottom, and most of its lines do not add up: what is
    their total then is another's. Where they add up, nobody of that column applied.
    """
    first = min((c for c in table.figures if c.address), key=lambda c: c.column, default=None)
    if first is None or first.address is None:
        return False
    said = _said(cells)
    own = [text for address, text in said.items() if address[1] == first.address[1]]
    if len(own) < MANY_LINES or any(own):
        return False
    held = [_holds(e, said) for e in _within_one(table, 0) if _figures_of(e, said)]
    return len(held) >= MANY_LINES and 2 * sum(held) < len(held)


def one_row_off(cells: Sequence[ReadCell], table: TableTemplate) -> bool:
    """Tell whether a table's figures seem to stand in rows above or below their own.

    Most of its lines add up, so that they are read well, and no column with figures does: a form
    was printed first, and its figures a row off, or a row of the page was lost.
    """
    said = _said(cells)
    across = [_holds(e, said) for e in _within_one(table, 0) if _figures_of(e, said)]
    if len(across) < SOME_LINES or 2 * sum(across) < len(across):
        return False
    well = {c.address for c in cells if c.reading and _reads_well(c.reading)}
    down: dict[str, list[bool]] = {}
    for equation in _within_one(table, 1):
        # a total left blank says nothing, nor does a column of which one figure is misread
        stated = all(any(said.get(a) for a in side) for side in (equation.left, equation.right))
        if stated and _figures_of(equation, said) and well.issuperset(equation.cells):
            down.setdefault(equation.cells[0][1], []).append(_holds(equation, said))
    return len(down) >= MANY_COLUMNS and not any(map(any, down.values()))


def _reads_well(reading: Reading) -> bool:
    return bool(reading.legible and reading.candidates) and reading.best.probability >= WELL


def _said(cells: Iterable[ReadCell]) -> dict[Address, str]:
    return {c.address: c.reading.best.text for c in cells if c.reading and c.reading.candidates}


def _within_one(table: TableTemplate, part: int) -> list[Equation]:
    """Return the equations of a line (``part`` 0), or of a column (1)."""
    return [e for e in table.equations if len({address[part] for address in e.cells}) == 1]


def _figures_of(equation: Equation, said: Mapping[Address, str]) -> bool:
    return any(_number(said.get(address, "")) for address in equation.cells)


def _holds(equation: Equation, said: Mapping[Address, str]) -> bool:
    left, right = (
        sum(_number(said.get(address, "")) for address in side)
        for side in (equation.left, equation.right)
    )
    return left == right


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
