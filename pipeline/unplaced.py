"""Counts what stands in the lines of a table where its form has no place for a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.geometry import hull, hull_of
from pipeline.strays import adrift
from pipeline.typed_part import TypedPart
from reconstruct.wording import is_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.geometry import Box
    from pipeline.sight import Part
    from reconstruct.stitch import Stitched


def unplaced(one: Stitched, parts: Sequence[Part]) -> int:
    """Return how many figures stand in the lines of a table where it has no place for them.

    ``parts`` are those of the document, which the table's fragments are numbers of.
    """
    places: dict[int, list[Box]] = {}
    for place in one.registration.places:
        places.setdefault(one.fragments[place.fragment], []).append(hull_of(place.polygon))
    return sum(
        len(figures_adrift(parts[n].fragment, boxes))
        for n, boxes in places.items()
        if not isinstance(parts[n], TypedPart)
    )


def figures_adrift(fragment: Fragment, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return the cells that may hold a figure beside its places, ``boxes``.

    The letters of a workbook's columns, above the header, are no figures.
    """
    letters = _letters(fragment, boxes)
    return tuple(box for box in adrift(fragment, boxes) if box not in letters)


def _letters(fragment: Fragment, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return the cells of a first row that names columns: short in each, and a blank corner.

    Words of the header stand between it and the figures. The last row of another table above
    this one would have its label at the left.
    """
    first = sorted((s for s in fragment.spans if not s.span.top), key=lambda s: s.span.left)
    if not first or first[0].inked or not all(s.inked and not s.lines for s in first[1:]):
        return ()
    above = hull(boxes).top
    headed = any(
        one.lines and not is_figure(one.text)
        for one in fragment.spans
        if one.span.top and one.span.box.center[1] < above
    )
    return tuple(one.span.box for one in first) if headed else ()
