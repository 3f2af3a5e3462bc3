"""A straightened page with what the geometry saw on it, shared by all later questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layout.divide import Print, divided
from layout.dots import dotted
from layout.ghosts import USUAL, without_ghosts
from layout.guess import guess
from layout.lattice import lattices_on
from layout.onerow import by_last_row
from layout.panels import lightened
from layout.pieces import pieces_of, rows_of_figures
from layout.rulings import Rulings, rulings, torn_rulings
from layout.stripes import striped
from layout.textlines import letters_of
from layout.tone import Tone, tone
from layout.veil import unveiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Box
    from document.lattice import Lattice
    from document.page import View

FEW_BANDS = 30
"""Bands of a page's largest table below which its lines may be dotted: a second look is due."""

HALF_DRAWN = (0.12, 0.85)
"""Share of an edge that is covered where it is neither clearly drawn nor clearly absent."""

RAGGED = 0.05
"""Share of half drawn edges above which a table's lines may be dotted or dashed."""

FEWEST, MOST = 8, 900
"""Bands of a table that is worth reading when it is found at a second look."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A view, its ink at a size fit for geometry, its ruling lines and its tables.

    The lattices, and every box that functions on a sheet take or return, are in pixels of the
    view's image; ``em`` is the height of a full-width character in the same pixels.
    ``letters`` are the dark pixels of ``made`` that belong to no ruling line.
    """

    view: View
    made: Tone
    found: Rulings
    letters: NDArray[np.bool_]
    lattices: tuple[Lattice, ...]

    @property
    def em(self) -> float:
        """The height of a full-width character, in pixels of the view."""
        return self.made.em / self.made.scale

    def crop(self, box: Box) -> NDArray[np.uint8]:
        """Return the view's pixels in ``box``, as far as it lies on the view: (h, w, 3)."""
        height, width = self.view.image.shape[:2]
        top, bottom = max(0, round(box.top)), min(height, round(box.bottom))
        left, right = max(0, round(box.left)), min(width, round(box.right))
        return self.view.image[top : max(top, bottom), left : max(left, right)]


def survey(view: View, page: int, made: Tone | None = None) -> Sheet:
    """Find everything the geometry knows about a straightened view of page ``page``.

    ``made`` is the tone of its image, where that is known.
    """
    made = made or tone(view.image)
    light = lightened(view.image, made.em / made.scale, clean=made.treatment.clean)
    if light is not None:
        view = replace(view, image=light)
        made = tone(light)
    bare = unveiled(view.image, made.em / made.scale, clean=made.treatment.clean)
    if bare is not None:
        view = replace(view, image=bare)
        made = tone(bare)
    found = rulings(made)
    seen = lattices_on(made, found, page)
    if _largest(seen) < FEW_BANDS or _ragged(seen) > RAGGED:
        bridged = rulings(made, dashed=True)
        more = lattices_on(made, bridged, page)
        cleaner = _largest(more) >= _largest(seen) and _ragged(more) < 0.5 * _ragged(seen)
        if cleaner or _largest(more) > 3 * _largest(seen):
            found, seen = bridged, more
    if _largest(seen) < FEW_BANDS:
        found, seen = _by_dots(made, found, seen, page)
    letters = letters_of(made, found)
    seen = tuple(divided(one, Print(letters, made.scale, made.em)) for one in seen)
    return Sheet(view, made, found, letters, seen)


def _by_dots(
    made: Tone, found: Rulings, seen: tuple[Lattice, ...], page: int
) -> tuple[Rulings, tuple[Lattice, ...]]:
    """Return the lines and tables that dots at lost crossings show, where these are larger."""
    lines = dotted(made, found)
    if lines is None:
        return found, seen
    more = lattices_on(made, lines, page)
    return (lines, more) if _largest(more) > 3 * _largest(seen) else (found, seen)


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """What may be left of a page: pieces of text and torn lines, in pixels of its tone.

    ``edges`` are the torn lines together with the edges of shaded rows and cells.
    """

    pieces: tuple[Box, ...]
    torn: Rulings
    edges: Rulings


def traces(sheet: Sheet) -> Traces:
    """Return the pieces of text of a sheet, and what may be left of lines between them."""
    pieces = pieces_of(sheet.made, sheet.found)
    torn = torn_rulings(sheet.made, pieces)
    shaded = striped(sheet.view.image, sheet.made, pieces)
    both = Rulings(torn.level | shaded.level, torn.plumb | shaded.plumb, torn.em)
    return Traces(pieces, torn, both)


def has_rows(sheet: Sheet) -> bool:
    """Tell whether rows of figures stand on a page, so that it may hold a table without lines."""
    return rows_of_figures(pieces_of(sheet.made, sheet.found), sheet.made.em) > 0


def survey_solid(sheet: Sheet, page: int) -> tuple[Sheet, ...]:
    """Return a sheet without lines that may shine through, as often as that makes other tables."""
    shapes, others = [[_shape(one) for one in sheet.lattices]], []
    for usual in USUAL:
        solid = without_ghosts(sheet.made, sheet.found, usual)
        if solid is None:
            continue
        letters = letters_of(sheet.made, solid)
        seen = Print(letters, sheet.made.scale, sheet.made.em)
        made = tuple(divided(one, seen) for one in lattices_on(sheet.made, solid, page))
        shape = [_shape(one) for one in made]
        if shape not in shapes:
            shapes.append(shape)
            others.append(replace(sheet, found=solid, letters=letters, lattices=made))
    return tuple(others)


def _shape(lattice: Lattice) -> tuple[int, int]:
    return lattice.rows, lattice.columns


def survey_again(sheet: Sheet, page: int, left: Traces) -> tuple[Sheet, ...]:
    """Return what else a page's tables may be, where its ruling lines explain too little.

    First the tables that torn lines make, then those that columns of text suggest.
    """
    pieces, torn = left.pieces, left.torn
    seen = Print(letters_of(sheet.made, torn), sheet.made.scale, sheet.made.em)
    repaired = _likeliest(lattices_on(sheet.made, torn, page))
    repaired = tuple(divided(one, seen) for one in repaired)
    supposed = _likeliest(guess(sheet.made, sheet.found, torn, pieces, page))
    bases = (*(sheet.lattices or repaired), *supposed)
    low = [by_last_row(sheet.made, torn, one) for one in bases]
    abreast = _likeliest(tuple(one for one in low if one is not None))
    letters = sheet.letters & seen.letters
    found = (
        replace(sheet, found=torn, letters=letters, lattices=repaired),
        replace(sheet, lattices=supposed),
        replace(sheet, lattices=abreast),
    )
    return tuple(one for one in found if one.lattices)


def _likeliest(lattices: tuple[Lattice, ...]) -> tuple[Lattice, ...]:
    """Keep the three largest of the size that a report's tables have: noise makes any."""
    sized = [one for one in lattices if FEWEST <= one.rows * one.columns <= MOST]
    kept = sorted(sized, key=lambda one: -one.rows * one.columns)[:3]
    return tuple(one for one in lattices if one in kept)


def _largest(lattices: tuple[Lattice, ...]) -> int:
    return max((lattice.rows * lattice.columns for lattice in lattices), default=0)


def _ragged(lattices: tuple[Lattice, ...]) -> float:
    """Return the share of edges that are half drawn in the largest of the lattices."""
    if not lattices:
        return 0.0
    largest = max(lattices, key=lambda lattice: lattice.rows * lattice.columns)
    edges = [share for row in (*largest.across, *largest.down) for share in row]
    low, high = HALF_DRAWN
    return sum(low < share < high for share in edges) / max(1, len(edges))
