"""Figures where a form has no place for one: those of their lines are likely to be among them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from document.geometry import hull, hull_of
from reconstruct.swallowed import robbed
from reconstruct.wording import is_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from document.fragment import Fragment, SpanText
    from document.geometry import Box, Point, Polygon

SEVERAL = 3
"""Labels from which on what most of them have is no misread word."""

DRAWN = 0.5
"""Share of a table's height over which an upright line is drawn that is no white between words."""

WORDED = 3
"""Ideographs from which on a text is words: units and 无 are one, 万元 two."""


def strays_of(fragment: Fragment, places: Iterable[Polygon]) -> tuple[Box, ...]:
    """Return the cells of a fragment in whose line a figure stands where none should."""
    boxes = [hull_of(polygon) for polygon in places]
    others = _worded(fragment, boxes) + _robbed(fragment, boxes)
    if not boxes:
        return ()
    around = hull(boxes)
    among = [one for one in adrift(fragment, boxes) if around.top < one.center[1] < around.bottom]
    return tuple(among) + others + _drawn_in(fragment, boxes)


def adrift(fragment: Fragment, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return the cells of a fragment that hold a figure where the form has no place for one.

    ``boxes`` are its places. What stands left of a line's words is the number of a row, as
    workbooks show it.
    """
    sides = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).reshape(-1, 4)
    found = [
        one
        for one in fragment.spans
        if one.inked
        and (not one.lines or is_figure(one.text))
        and not _within(one.span.box.center, sides)
    ]
    labels = _label_columns(fragment)
    return tuple(
        one.span.box
        for one in found
        if not _numbers(one, fragment)
        and (one.lines or (one.span.left, one.span.right) not in labels)
    )


def _label_columns(fragment: Fragment) -> set[tuple[int, int]]:
    """Return the columns, from line to line, of whose cells with ink most are read as words.

    What is not read in these is a word, too: of poor pages some labels cannot be read.
    """
    inked = Counter((one.span.left, one.span.right) for one in fragment.spans if one.inked)
    words = Counter(
        (one.span.left, one.span.right)
        for one in fragment.spans
        if sum(map(_is_ideograph, one.text)) >= WORDED
    )
    return {
        column
        for column, count in words.items()
        if count >= SEVERAL and 2 * count > inked[column] and _drawn(fragment, column[1])
    }


def _drawn(fragment: Fragment, edge: int) -> bool:
    """Tell whether an upright line is drawn over most of a table."""
    lattice = fragment.lattice
    drawn = sum(band[edge] for band in lattice.down)
    return not lattice.supposed and drawn >= DRAWN * len(lattice.down)


def _within(point: Point, sides: NDArray[np.float64]) -> bool:
    """Tell whether a point lies inside one of some boxes, by their sides (n, 4)."""
    x, y = point
    left, top, right, bottom = sides.T
    return bool(((left <= x) & (x < right) & (top <= y) & (y < bottom)).any())


def _worded(fragment: Fragment, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return places of figures that hold words, where several of a line do.

    Such a line is a note below the table, or a header: what is blank in it is no blank figure.
    """
    words = [
        one.span.box
        for one in fragment.spans
        if sum(_is_ideograph(letter) for letter in one.text) >= WORDED
        and any(box.contains(one.span.box.center) for box in boxes)
    ]
    return tuple(one for one in words if sum(level_with(one, other) for other in words) > 1)


def _robbed(fragment: Fragment, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return places of a line whose figures stand at the foot of the headers above it.

    The line between them runs too low there, though it may be drawn: a fold's or a shadow's edge.
    """
    ys = fragment.lattice.ys
    # where a row of figures is above, what stands at the foot of a cell torn open is of that row
    above = {
        row + 1
        for row, (top, bottom) in enumerate(pairwise(ys))
        if any(top < box.center[1] < bottom for box in boxes)
    }
    rows = {row for row in range(len(ys) - 1) if row not in above and robbed(fragment, row)}
    here = [one.span.box for one in fragment.spans if one.span.top in rows]
    return tuple(box for box in boxes if any(one.contains(box.center) for one in here))


def _drawn_in(fragment: Fragment, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return labels left of the figures that end in a figure, which their own words never do.

    Where figures stand at the left of their columns the white behind them passed for a separator,
    and each line's first figure for a piece of its label. A label that reaches into the places,
    the line torn, holds the figure that belongs there.
    """
    around = hull(boxes)
    labels = [
        one
        for one in fragment.spans
        if one.span.bottom - one.span.top == 1
        and any(map(_is_ideograph, one.text))
        and one.span.box.center[0] < around.left
        and not any(one.span.box.contains(box.center) for box in boxes)
        and not _drawn(fragment, one.span.right)
    ]
    ending = [one for one in labels if one.text[-1:].isdecimal()]
    ends = Counter(one.span.right for one in labels)
    # where most of a column do, the others' figures are no less there, read as O or not at all
    drawn = {
        end
        for end, count in Counter(one.span.right for one in ending).items()
        if count >= max(SEVERAL, ends[end] / 2)
    }
    return tuple(
        one.span.box for one in labels if one.span.right in drawn or one.text[-1:].isdecimal()
    )


def _is_ideograph(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def _numbers(one: SpanText, fragment: Fragment) -> bool:
    """Tell whether words of the same line stand to the right of a figure."""
    at = one.span.box.center[0]
    return any(
        other.lines
        and not is_figure(other.text)
        and other.span.box.center[0] > at
        and level_with(one.span.box, other.span.box)
        for other in fragment.spans
    )


def level_with(one: Box, other: Box) -> bool:
    """Tell whether the middle of one of two boxes lies in the height of the other."""
    return one.top < other.center[1] < one.bottom or other.top < one.center[1] < other.bottom
