"""Which of two looks finds a table better, and whether one look is enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.geometry import Box, Polygon
    from document.lattice import Lattice
    from pipeline.sight import Part
    from reconstruct.stitch import Stitched

DOUBTED = 0.15
"""Share of a table's places left unproved, under its own header, that calls for another look."""

FITTING = 0.95
"""Share of the first look's likeness to the form that another look must at least have.

Rows that run together leave fewer lines, all of them proved, of another edition of the form."""

SETTLING = 0.9
"""The same where the other look has all lines of the first, and is whole, as the first is not.

Of words in cells that are only supposed some are cut: one table of 171 read, with all its places
proved by such a look, had 0.9499 of the likeness of a first one that proved six of ten."""

SWALLOWED = 0.75
"""Share of the rank of a table with something left over that another must at least have."""

DRAWN, GONE = 0.9, 0.15
"""Share of an edge that is drawn where a line is whole, and where there is none."""

TORN = 0.05
"""Share of the edges with ink up to which a table's lines are whole."""

NEAR = 0.4
"""How far, in em, two looks may see the same line apart."""

SCRAP = 60
"""How many times the bands of a lattice another must have for which the lattice is a scrap."""


def complete(one: Stitched) -> bool:
    """Tell whether all figures between the first and the last line found have their places."""
    found = one.registration
    shown = [match.line for match in found.matches]
    between = range(min(shown), max(shown) + 1)
    wanted = sum(cell.row in between for cell in found.table.figures)
    headed = min(shown) == 0
    whole = len(found.places) >= max(1, wanted)
    unproved = doubted(one) and (headed or not proved(one))
    return whole and not found.left_over and not unproved


def doubted(one: Stitched) -> bool:
    """Tell whether many of a table's places on this page are not proved.

    Fragments of the pages before, whose numbers are negative, are not looked at again.
    """
    places = [p for p in one.registration.places if one.fragments[p.fragment] >= 0]
    return sum(not place.reliable for place in places) > DOUBTED * len(places)


def bands_of(part: Part) -> int:
    """Return how many bands a table's lattice has."""
    return part.fragment.lattice.rows * part.fragment.lattice.columns


def rank(one: Stitched) -> int:
    """Return what a table is worth: places found count, and twice where they are proved."""
    return len(one.registration.places) + proved(one)


def better(one: Stitched, rival: Stitched) -> bool:
    """Tell whether a table is found better: more of it is there or proved, no less of it fits.

    One that is whole, in which nothing is left over, and which is more like the form, has not
    swallowed what is beside it: of another that has, only places that are proved count for more.
    """
    mine, its = one.registration, rival.registration
    if mine.score > its.score and complete(one) and not mine.left_over and its.left_over:
        kept = rank(one) >= SWALLOWED * rank(rival)
        return rank(one) == rank(rival) or (kept and proved(one) >= proved(rival))
    return _fits_as_well(one, rival) and rank(one) > rank(rival)


def _fits_as_well(one: Stitched, rival: Stitched) -> bool:
    """Tell whether a table is as like its form as its rival, or says all its lines no worse.

    A line of blanks is less like a line of figures than one in which dirt stands. One that leaves
    more over may have swallowed it.
    """
    mine, its = one.registration, rival.registration
    if mine.score >= FITTING * its.score:
        return True
    lines = {match.line for match in mine.matches}
    every = all(match.line in lines for match in its.matches)
    as_well = mine.labels >= its.labels and mine.left_over <= its.left_over
    settles = mine.score >= SETTLING * its.score and complete(one) and not complete(rival)
    return mine.table == its.table and every and (as_well or settles)


def proved(one: Stitched) -> int:
    """Return how many places of a table are proved."""
    return sum(place.reliable for place in one.registration.places)


def overlap(one: Part, other: Part) -> bool:
    """Tell whether the smaller of two tables lies by a third or more inside the larger."""
    a, b = one.fragment.lattice.box, other.fragment.lattice.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width > 0 and height > 0 and width * height > 0.33 * min(_area(a), _area(b))


def strays(
    supposed: Part, drawn: Part, figures: Sequence[Polygon] = (), *, upright: bool = True
) -> bool:
    """Tell whether a supposed table leaves whole lines out that are really drawn where it is.

    ``figures`` are where it has figures, in pixels of the view: what runs through the labels on
    their left alone parts no figures. Without them all of it counts. ``upright`` is False where
    upright lines may be none: what blurred zeros above one another leave is drawn like a line.

    Where another look saw only whole lines, what it saw is no guess: separators that were
    fitted to words have to keep to them. A scrap of one band or two is no table, and binds nobody.
    """
    old, new = drawn.fragment.lattice, supposed.fragment.lattice
    if not new.supposed or old.supposed or not _whole(old):
        return False
    if SCRAP * old.rows * old.columns < new.rows * new.columns:
        return False
    left = min((x for polygon in figures for x, _ in polygon), default=new.box.left)
    room, near = replace(new.box, left=left), NEAR * drawn.em
    bands = [i for i, (a, b) in enumerate(pairwise(old.ys)) if room.top < (a + b) / 2 < room.bottom]
    sides = [j for j, (a, b) in enumerate(pairwise(old.xs)) if room.left < (a + b) / 2 < room.right]
    # A line may be a little elsewhere in the table below than in the one above.
    rows = [
        y
        for i, shares in enumerate(old.across)
        for j in sides
        for y in [(old.nodes[i][j][1] + old.nodes[i][j + 1][1]) / 2]
        if shares[j] >= DRAWN and room.top < y < room.bottom
    ]
    columns = [
        x
        for i in bands
        for j, share in enumerate(old.down[i])
        for x in [(old.nodes[i][j][0] + old.nodes[i + 1][j][0]) / 2]
        if share >= DRAWN and room.left < x < room.right
    ]
    return any(min(abs(y - other) for other in new.ys) > near for y in rows) or (
        upright and any(min(abs(x - other) for other in new.xs) > near for x in columns)
    )


def _whole(lattice: Lattice) -> bool:
    """Tell whether hardly any line of a lattice is drawn in part only."""
    shares = [one for row in (*lattice.across, *lattice.down) for one in row if one > GONE]
    return bool(shares) and sum(one < DRAWN for one in shares) <= TORN * len(shares)


def _area(box: Box) -> float:
    return box.width * box.height
