"""Looks at a page, and once more in other ways where the first look explains too little of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from document.page import View
from layout.desk import lift
from layout.edges import cleared
from layout.flatten import framed
from layout.sheet import survey_again
from layout.tone import tone
from pipeline.orient import PLAIN, as_asked, turned_view, upright
from pipeline.sight import see, sheet_of
from reconstruct.redraw import redrawn
from reconstruct.stitch import stitch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.geometry import Box
    from document.lattice import Lattice
    from document.page import Page
    from document.template import Template
    from layout.sheet import Sheet
    from ocr.labels import LabelReader
    from pipeline.overlay import Overlay
    from pipeline.sight import Part, Sight
    from reconstruct.stitch import Stitched

LARGE = 30
"""Bands of a table from which it is worth asking whether the page lies on its side."""

MOST_LINES = 400
"""Lines read at a first look above which grain was taken for text: other looks see no better."""

DOUBTED = 0.15
"""Share of a table's places left unproved, under its own header, that calls for another look."""


FITTING = 0.95
"""Share of the first look's likeness to the form that another look must at least have.

Rows that run together leave fewer lines, all of them proved, of another edition of the form."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a registration of one table on one page is worth; larger is better."""

    table: str
    places: int
    reliable: int

    @property
    def rank(self) -> int:
        """Places found count, and twice where they are proved."""
        return self.places + self.reliable


@dataclass(frozen=True, slots=True)
class Looker:
    """What a look at a page needs beside the page: a reader, the forms, and the page before.

    ``before`` are the parts seen on the pages before, with which a table may go on here.
    ``turns`` are the clockwise quarter turns that a person asked for; None to find them out.
    ``opens`` tells that the report may be named on this page.
    """

    reader: LabelReader
    templates: Sequence[Template]
    before: tuple[Part, ...] = ()
    turns: int | None = None
    opens: bool = True

    def seen(self, sheet: Sheet, page: int, turns: int, legible: float) -> Sight:
        """Read what stands on a sheet, see ``pipeline.sight.see``."""
        return see(sheet, page, self.reader, turns, legible, opens=self.opens)

    def tables(self, parts: Sequence[Part]) -> tuple[Stitched, ...]:
        """Return the tables that parts of this page make or go on with.

        Fragments are numbered from the first of this page; those of pages before are negative.
        """
        if not parts:
            return ()
        shift = len(self.before)
        found, _ = stitch([part.fragment for part in (*self.before, *parts)], self.templates)
        return tuple(
            replace(one, fragments=tuple(number - shift for number in one.fragments))
            for one in found
            if any(number >= shift for number in one.fragments)
        )


def look(page: Page, looker: Looker, hint: int = 0, debug: Overlay | None = None) -> Sight:
    """See a page: upright, flat, its tables found by their lines or, failing that, by their text.

    Further looks are taken only where a table is not of a known form, or incomplete, or where
    text stands in columns that no lines explain. What registers more of a form is kept.
    """
    lifted = cleared(lift(page.image))
    whole = lifted.image is page.image
    lifted = framed(lifted)
    made = tone(lifted.image)
    if looker.turns is None:
        view, turns, legible = upright(lifted, looker.reader, hint, made)
    else:
        view, turns, legible = as_asked(lifted, made, looker.reader, looker.turns)
    # A page that was turned is measured anew, as one that was stored upright would be.
    sheet = sheet_of(view, page.number, None if turns else made)
    sight = looker.seen(sheet, page.number, turns, legible)
    spent = _lines_read(sight)
    if spent > MOST_LINES:
        return _shown(sheet, sight, debug)
    doubtful = looker.turns is None and legible < PLAIN
    if doubtful and _worth_turning(sheet) and not looker.tables(sight.parts):
        desk = None if whole else framed(View(page.image, np.eye(3)))
        for other, way in _others(view, turns, desk):
            held = sheet_of(other, page.number)
            seen = looker.seen(held, page.number, way, legible)
            spent += _lines_read(seen)
            if looker.tables(seen.parts):
                sheet, sight = held, seen
                break
            if spent > MOST_LINES:
                break
    sheet, sight = _again(sheet, sight, looker, MOST_LINES - spent)
    return _shown(sheet, sight, debug)


def _shown(sheet: Sheet, sight: Sight, debug: Overlay | None) -> Sight:
    if debug:
        debug.layout(sheet, sight.page)
    return sight


def _lines_read(sight: Sight) -> int:
    return sum(len(cell.lines) for part in sight.parts for cell in part.fragment.spans)


def _again(sheet: Sheet, sight: Sight, looker: Looker, left: int) -> tuple[Sheet, Sight]:
    """Look for tables as the form has them, by torn lines and by columns of text.

    Where lines explain the page, no further look is taken; else one at least, and no further
    one once more than ``left`` lines of text were read.
    """
    sheet, sight = _as_the_form(sheet, sight, looker)
    tables = looker.tables(sight.parts)
    if tables and _explained(sight.parts, tables):
        return sheet, sight
    before = sight
    for again in survey_again(sheet, sight.page, lines_left=bool(sheet.lattices)):
        other = looker.seen(again, sight.page, sight.turns, sight.legible)
        left -= _lines_read(other)
        sheet, sight = _taken(sheet, sight, again, other, looker)
        if left < 0:
            break
    return (sheet, sight) if sight is before else _as_the_form(sheet, sight, looker)


def _as_the_form(sheet: Sheet, sight: Sight, looker: Looker) -> tuple[Sheet, Sight]:
    """Look at doubtful tables with the edges that their forms have; words must agree."""
    supposed: list[Lattice] = []
    for one in looker.tables(sight.parts):
        if _complete(one) and not _doubted(one):
            continue
        fragments = [sight.parts[number].fragment for number in one.fragments if number >= 0]
        supposed += [lattice for lattice in redrawn(fragments, one.registration.table) if lattice]
    if not supposed:
        return sheet, sight
    again = replace(sheet, lattices=tuple(supposed))
    other = looker.seen(again, sight.page, sight.turns, sight.legible)
    return _taken(sheet, sight, again, other, looker)


def _taken(
    sheet: Sheet, sight: Sight, again: Sheet, other: Sight, looker: Looker
) -> tuple[Sheet, Sight]:
    """Take from another look what it explains better; the sheet shows the lattices kept."""
    merged = _merged(sight, other, looker)
    if merged is sight:
        return sheet, sight
    kept = {part.fragment.lattice for part in merged.parts}
    shown = [one for one in (*sheet.lattices, *again.lattices) if one in kept]
    return replace(sheet, lattices=tuple(shown)), merged


def _others(view: View, turns: int, desk: View | None) -> Iterator[tuple[View, int]]:
    """Return the other ways to hold a page: turned, and with the desk it seemed to lie on."""
    for step in (2, 1, 3):
        yield turned_view(view, step), (turns + step) % 4
    if desk is not None:
        yield turned_view(desk, turns), turns


def _explained(parts: Sequence[Part], tables: Sequence[Stitched]) -> bool:
    """Tell whether every table on the page is of a known form and wholly found."""
    used = set(chain.from_iterable(one.fragments for one in tables))
    strangers = [part for number, part in enumerate(parts) if number not in used]
    if any(_bands(part) >= LARGE // 2 for part in strangers):
        return False
    return all(_complete(one) for one in tables)


def _complete(one: Stitched) -> bool:
    """Tell whether all figures between the first and the last line found have their places."""
    found = one.registration
    shown = [match.line for match in found.matches]
    between = range(min(shown), max(shown) + 1)
    wanted = sum(cell.row in between for cell in found.table.figures)
    headed = min(shown) == 0
    whole = len(found.places) >= max(1, wanted)
    return whole and not found.left_over and not (headed and _doubted(one))


def _doubted(one: Stitched) -> bool:
    """Tell whether many of a table's places are not proved."""
    places = one.registration.places
    return sum(not place.reliable for place in places) > DOUBTED * len(places)


def _worth(one: Stitched) -> Worth:
    found = one.registration
    reliable = sum(place.reliable for place in found.places)
    return Worth(found.table.id, len(found.places), reliable)


def _merged(first: Sight, second: Sight, looker: Looker) -> Sight:
    """Take from a second look every table that it registers better than the first does."""
    old = {one.registration.table.id: one for one in looker.tables(first.parts)}
    parts = list(first.parts)
    changed = False
    for one in looker.tables(second.parts):
        rival = old.get(one.registration.table.id)
        if rival is not None and not _better(one, rival):
            continue
        mine = [second.parts[number] for number in one.fragments if number >= 0]
        given_up = {first.parts[n] for n in rival.fragments if n >= 0} if rival else set()
        others = [o for o in old.values() if o is not rival]
        held = [first.parts[n] for o in others for n in o.fragments if n >= 0]
        if any(_overlap(a, b) for a in mine for b in held):
            continue
        parts = [p for p in parts if p not in given_up and not any(_overlap(p, m) for m in mine)]
        parts += mine
        changed = True
    if not changed:
        return first
    parts.sort(key=lambda part: part.fragment.lattice.box.top)
    return replace(second, parts=tuple(parts))


def _better(one: Stitched, rival: Stitched) -> bool:
    """Tell whether a table is found better: more of it is there or proved, no less of it fits."""
    fits = one.registration.score >= FITTING * rival.registration.score
    return fits and _worth(one).rank > _worth(rival).rank


def _overlap(one: Part, other: Part) -> bool:
    """Tell whether the smaller of two tables lies by a third or more inside the larger."""
    a, b = one.fragment.lattice.box, other.fragment.lattice.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width > 0 and height > 0 and width * height > 0.33 * min(_area(a), _area(b))


def _area(box: Box) -> float:
    return box.width * box.height


def _bands(part: Part) -> int:
    return part.fragment.lattice.rows * part.fragment.lattice.columns


def _worth_turning(sheet: Sheet) -> bool:
    return any(one.rows * one.columns >= LARGE for one in sheet.lattices)
