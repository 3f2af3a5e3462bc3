"""Tables whose figures stand a line off: a form was printed first, and its figures beside its rows.

Where all figures of a page are set nearly a row too low, each stands in the next row's cell, and
reads there as well as any. But not every row has a row of figures below it: some of them then stand
among the words of a banner or a header, or below the whole table, and their own row is blank.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from document.geometry import hull, hull_of
from models.digits.inputs import inks
from reconstruct.wording import is_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from document.fragment import SpanText
    from document.geometry import Box, Polygon
    from pipeline.sight import Part

SEVERAL = 3
"""Figures below a table that show its last row's to be there: one may be the page's number."""

BELOW, HIGH = (0.15, 1.0), 0.3
"""Where figures below a table are looked for, and how much of their height must be seen, in em."""

INK = 0.3
"""Darkness, against paper, from which something is ink."""

FAR_BELOW = 3.0
"""The same where a table is blank altogether: its figures may stand more than a line off."""

DENSE = 0.65
"""Share of a cell's width that figures below it fill at most (of 45 figures of three drawn tables
none more than 0.41); running text fills more."""

BESIDE = 0.5
"""How far a row's edge may lie from the place that ends there, in heights of that place."""


def set_apart(part: Part, places: Sequence[Polygon], blank: Sequence[bool]) -> bool:
    """Tell whether figures of a part seem to stand a line below or above their own.

    ``blank`` tells of every place whether nothing was read in it.
    """
    boxes = [hull_of(polygon) for polygon in places]
    if not boxes:
        return False
    bare = [box for box, empty in zip(boxes, blank, strict=True) if empty]
    full = [box for box, empty in zip(boxes, blank, strict=True) if not empty]
    rows = [box for box in bare if not any(_level(box, other) for other in full)]
    worded = [one for one in part.fragment.spans if _holds_a_figure(one, boxes)]
    if any(_follow(one.span.box, row) for one in worded for row in rows):
        return True
    if not full and sum(_figures_over(one, boxes) for one in part.fragment.spans) >= SEVERAL:
        return True
    around = hull(boxes)
    ends = [box for box in rows if _at_an_end(box, around)]
    last = [box for box in boxes if _ends(box, around)]
    return bool(ends) and _below(part, last, BELOW[1] if full else FAR_BELOW) >= SEVERAL


def _holds_a_figure(one: SpanText, boxes: Iterable[Box]) -> bool:
    """Tell whether a cell that is no place of a figure holds words, and a figure beside them."""
    box = one.span.box
    return (
        any("\u4e00" <= letter <= "\u9fff" for letter in one.text)
        and any(is_figure(text) for _, text in one.lines)
        and not any(box.contains(other.center) for other in boxes)
        and any(box.left < other.center[0] < box.right for other in boxes)
    )


def _figures_over(one: SpanText, boxes: Iterable[Box]) -> int:
    """Return how many figures the words of a header hold."""
    if not one.lines or not any(
        one.span.box.left < box.center[0] < one.span.box.right for box in boxes
    ):
        return 0
    return sum(len(re.findall(r"\d+", text, re.ASCII)) for _, text in one.lines)


def _follow(box: Box, row: Box) -> bool:
    """Tell whether a cell begins where a row ends, or ends where it begins."""
    near = BESIDE * row.height
    return min(abs(box.top - row.bottom), abs(box.bottom - row.top)) < near


def _level(one: Box, other: Box) -> bool:
    return one.top < other.center[1] < one.bottom


def _at_an_end(box: Box, around: Box) -> bool:
    return box.top < around.top + BESIDE * box.height or _ends(box, around)


def _ends(box: Box, around: Box) -> bool:
    return box.bottom > around.bottom - BESIDE * box.height


def _below(part: Part, last: Sequence[Box], reach: float) -> int:
    """Return below how many of a table's last places figures seem to stand, ``reach`` em away."""
    left, top = part.origin
    foot = max(box.bottom for box in last) - top
    begin, end = (round(foot + share * part.em) for share in (BELOW[0], reach))
    strip = part.picture.image[max(0, begin) : end]
    if min(strip.shape[:2]) < 2:
        return 0
    ink = inks(np.ascontiguousarray(strip))[:, :, 1] > INK
    found = 0
    for box in last:
        here = ink[:, max(0, round(box.left - left)) : max(0, round(box.right - left))]
        inked = np.flatnonzero(here.any(axis=1))
        high = len(inked) > 0 and int(inked[-1]) - int(inked[0]) >= HIGH * part.em
        found += bool(high and here.any(axis=0).mean() < DENSE)
    return found
