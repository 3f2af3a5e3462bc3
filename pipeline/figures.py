"""The figures of a document are read together: each cell by itself, then all by one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ocr.adapt import second_opinions
from ocr.colour import in_grey
from ocr.context import told_by_context
from ocr.crossings import goes_on_beyond, leans_on_a_side, near_a_side
from ocr.dashes import with_dashes
from ocr.faded import without_faded
from ocr.faint import without_faint
from ocr.grain import without_grain
from ocr.hyphens import with_hyphens
from ocr.overflow import UNSURE, View, joined, may_be_cut, views_of
from ocr.pale import MANY, contrast_of, without_dirt
from ocr.pen_marks import without_marks
from ocr.remarks import head_of, with_head
from ocr.ruled import without_lines
from ocr.seams import hides_a_glyph, surely_inked
from ocr.shade import in_even_light
from ocr.sides import RIM
from ocr.slants import by_their_slant
from ocr.specks import without_specks
from ocr.steady import steadied
from ocr.tidy import setting_of, tidied, weighed
from ocr.uneven import without_uneven
from ocr.units import without_units
from ocr.wide_set import set_close
from pipeline.laid_over import bands, laid_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from document.geometry import Polygon
    from document.reading import Reading
    from pipeline.sight import Part


LABELS, WORDS = 16, 3
"""Labels of a table, of so many characters at least, that tell how dark its print is."""

BESIDE = 2.0
"""What is looked at beside a blank cell, in em: a figure of two digits, and the white behind it."""

DOUBTFUL = 0.9
"""Probability below which a reading may be one of dirt; so many of a part make it worth asking."""


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
    readings = _with_heads([of_cell[0].image for of_cell in views], readings, figures)
    for part in {id(part): part for part, _ in cells}.values():
        mine = [number for number, (owner, _) in enumerate(cells) if owner is part]
        at_first = list(readings)
        whole = [n for n in mine if views[n][0].weight == 1]
        crops = [views[n][0].image for n in whole]
        bare = without_units(crops, [readings[n] for n in whole], figures)
        bare = set_close(crops, in_even_light(crops, bare, figures), figures)
        for number, reading in zip(whole, bare, strict=True):
            readings[number] = reading
        calm = without_grain(crops, [readings[n] for n in whole], figures)
        for number, reading in zip(whole, calm, strict=True):
            readings[number] = reading
        cleared = _cleared(part, [views[n][0].image for n in mine], [readings[n] for n in mine])
        for number, reading in zip(mine, cleared, strict=True):
            readings[number] = reading
        at_last, first = [readings[n] for n in whole], [at_first[n] for n in whole]
        clean = _tidied(crops, at_last, first, figures)
        own = [cells[n] for n in whole]
        clean = with_hyphens(crops, clean, bands(own, 0), bands(own, 1))
        for number, reading in zip(whole, clean, strict=True):
            readings[number] = reading
    # What a digit looks like does not tell whose it is: figures that are cut stay in doubt.
    whole = [number for number, of_cell in enumerate(views) if of_cell[0].weight == 1]
    crops = [views[number][0].image for number in whole]
    opinions = second_opinions(crops, [readings[number] for number in whole])
    opinions = steadied(crops, told_by_context(crops, opinions), figures)
    drawn = [cells[number][0].framed(cells[number][1]) for number in whole]
    opinions = without_lines(crops, with_dashes(crops, opinions), drawn)
    opinions = without_marks(without_uneven(crops, without_specks(crops, opinions)))
    for number, reading in zip(whole, opinions, strict=True):
        readings[number] = reading
    coloured = [part.crop(polygon) for part, polygon in cells]
    crops = [in_grey(crop) for crop in coloured]
    # So do those that end beyond their cell's sides.
    same = [n for n in whole if views[n][0].image.shape == crops[n].shape]
    cut = frozenset(range(len(cells))) - frozenset(same)
    ems = [part.em for part, _ in cells]
    # No reader is shown all colours; what is neither dark nor red is paper to them.
    told = by_their_slant(crops, laid_over(cells, crops, readings, cut))
    return without_faded(coloured, ems, without_faint(coloured, ems, told))


def _cleared(
    part: Part, crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading]
) -> Sequence[Reading]:
    """Hold the ink of a part's doubtful cells against the ink of its labels."""
    if sum(reading.best.probability < DOUBTFUL for reading in readings) < MANY:
        return readings
    return without_dirt(crops, readings, contrast_of([*_labels(part)][:LABELS]))


def _tidied(
    crops: Sequence[NDArray[np.uint8]],
    readings: Sequence[Reading],
    at_first: Sequence[Reading],
    figures: Callable[[Sequence[NDArray[np.uint8]]], tuple[Reading, ...]],
) -> Sequence[Reading]:
    """Read doubtful cells again with only what stands where a table's figures stand.

    ``at_first`` is what was read before anything was smoothed: whose pictures differ only then
    has no dirt beside it.
    """
    unsure = [n for n, one in enumerate(at_first) if one.best.probability < DOUBTFUL]
    doubtful = [n for n in unsure if readings[n].best.probability < DOUBTFUL]
    setting = setting_of(crops, at_first) if len(unsure) >= MANY else None
    if setting is None:
        return readings
    clean = {n: tidied(crops[n], setting) for n in doubtful}
    read = iter(figures([one for views in clean.values() for one in views]))
    found = list(readings)
    for number, views in clean.items():
        found[number] = weighed(readings[number], [next(read) for _ in views])
    return found


def _with_heads(
    crops: Sequence[NDArray[np.uint8]],
    readings: Sequence[Reading],
    figures: Callable[[Sequence[NDArray[np.uint8]]], tuple[Reading, ...]],
) -> list[Reading]:
    """Read figures that have a remark behind them by themselves."""
    found = list(readings)
    heads = {
        number: head
        for number, (crop, reading) in enumerate(zip(crops, readings, strict=True))
        if (head := head_of(crop, reading)) is not None
    }
    if heads:
        for number, read in zip(heads, figures(list(heads.values())), strict=True):
            found[number] = with_head(found[number], read)
    return found


def _labels(part: Part) -> Iterator[NDArray[np.uint8]]:
    """Cut the cells of a part out in which words were read."""
    left, top = part.origin
    for one in part.fragment.spans:
        if sum(len(text) for _, text in one.lines) >= WORDS:
            box = one.span.box.inset(0.15 * part.em)
            rows = slice(max(0, round(box.top - top)), max(0, round(box.bottom - top)))
            columns = slice(max(0, round(box.left - left)), max(0, round(box.right - left)))
            yield part.picture.image[rows, columns]


def _views(part: Part, polygon: Polygon) -> tuple[View, ...]:
    """Cut a cell's figure out, in more than one way where it seems to run into the next cell."""
    crop = in_grey(part.crop(polygon))
    cut = may_be_cut(crop)
    if not cut and surely_inked(crop):  # as most are, and nothing beside these is looked at
        # what a line divides may touch neither side of it
        cut = near_a_side(crop) and goes_on_beyond(*_wide(part, polygon))
        if not cut:
            return (View(crop, 1.0),)
    sided = part.sided(polygon)
    wide, left, right = _wide(part, polygon)
    bare = sided and not surely_inked(np.ascontiguousarray(crop[:, 2 * RIM : -2 * RIM]))
    leans = bare and leans_on_a_side(*_wide(part, polygon, BESIDE), part.em)
    if cut:
        trust = UNSURE if leans or goes_on_beyond(wide, left, right) else 1.0
        views = views_of(wide, left, right, sided=sided, em=part.em)
        return tuple(View(view.image, trust * view.weight) for view in views)
    hidden = leans or hides_a_glyph(wide, left, right, sided=sided)
    return (View(crop, UNSURE if hidden else 1.0),)


def _wide(part: Part, polygon: Polygon, reach: float = 1.2) -> tuple[NDArray[np.uint8], int, int]:
    """Return a cell with what stands beside it, and the columns where it begins and ends."""
    wide, left, right = part.wide_crop(polygon, reach)
    return in_grey(wide), left, right
