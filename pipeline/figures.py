"""The figures of a document are read together: each cell by itself, then all by one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr.adapt import second_opinions
from ocr.context import told_by_context
from ocr.dashes import with_dashes
from ocr.overflow import View, joined, may_be_cut, views_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Polygon
    from document.reading import Reading
    from pipeline.sight import Part


def read_cells(
    cells: Sequence[tuple[Part, Polygon]],
    figures: Callable[[Sequence[NDArray[np.uint8]]], tuple[Reading, ...]],
) -> tuple[Reading, ...]:
    """Read cells of one document, each a part of a page and where the cell lies in its view.

    ``figures`` takes crops of cell interiors, each (H, W, 3) uint8, to their readings.
    """
    views = [_views(part, polygon) for part, polygon in cells]
    read = iter(figures([view.image for of_cell in views for view in of_cell]))
    readings = [
        joined([next(read) for _ in of_cell], [view.weight for view in of_cell])
        for of_cell in views
    ]
    # What a digit looks like does not tell whose it is: figures that are cut stay in doubt.
    whole = [number for number, of_cell in enumerate(views) if of_cell[0].weight == 1]
    crops = [views[number][0].image for number in whole]
    weighed = second_opinions(crops, [readings[number] for number in whole])
    weighed = told_by_context(crops, weighed)
    weighed = with_dashes(crops, weighed)
    for number, reading in zip(whole, weighed, strict=True):
        readings[number] = reading
    return tuple(readings)


def _views(part: Part, polygon: Polygon) -> tuple[View, ...]:
    """Cut a cell's figure out, in more than one way where it seems to run into the next cell."""
    crop = part.crop(polygon)
    if not may_be_cut(crop):
        return (View(crop, 1.0),)
    return views_of(*part.wide_crop(polygon))
