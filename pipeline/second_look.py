"""Looks at a page, and once more in other ways where the first look explains too little of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from document.page import View
from layout.desk import lift
from layout.edges import cleared
from layout.flatten import framed
from layout.lit import lit
from layout.sheet import has_rows, survey_again, survey_solid, traces
from layout.tone import tone
from layout.trim import trimmed
from pipeline.by_words import by_words
from pipeline.explained import adds_nothing, clear, lost, swallows, unexplained, whole_with
from pipeline.heads_again import with_heads
from pipeline.merged_looks import merged
from pipeline.orient import PLAIN, as_asked, upright
from pipeline.other_sizes import at_size_of_tables
from pipeline.other_ways import lines_read, other_ways
from pipeline.sight import see, sheet_of
from pipeline.worth import complete, doubted, rank
from reconstruct.redraw import redrawn
from reconstruct.register import identify
from reconstruct.sought import labels_said
from reconstruct.stitch import stitch
from reconstruct.structure import shown_by, told

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from document.lattice import Lattice
    from document.page import Page
    from document.template import Template
    from layout.sheet import Sheet, Traces
    from ocr.labels import LabelReader
    from pipeline.overlay import Overlay
    from pipeline.sight import Part, Sight
    from reconstruct.stitch import Stitched

MOST_LINES = 400
"""Lines read at a first look above which grain was taken for text: other looks see no better."""

LABELS = 3
"""Labels of one table, read outside of tables, from which it is looked for."""


@dataclass(frozen=True, slots=True)
class Looker:
    """What a look at a page needs beside the page: a reader, the forms, and the page before.

    ``before`` are the parts seen on the pages before, with which a table may go on here,
    ``earlier`` those of all pages seen so far.
    ``turns`` are the clockwise quarter turns that a person asked for; None to find them out.
    ``opens`` tells that the report may be named on this page.
    """

    reader: LabelReader
    templates: Sequence[Template]
    before: tuple[Part, ...] = ()
    turns: int | None = None
    opens: bool = True
    earlier: tuple[Part, ...] = ()

    def seen(self, sheet: Sheet, page: int, turns: int, legible: float) -> Sight:
        """Read what stands on a sheet, see ``pipeline.sight.see``."""
        sight = see(sheet, page, self.reader, turns, legible, opens=self.opens)
        return replace(sight, parts=tuple(self._known(part) for part in sight.parts))

    def _known(self, part: Part) -> Part:
        """Return a part that knows its lines by its merged cells where its words do not tell."""
        if identify([part.fragment], self.templates) is not None:
            return part
        fragment = told(part.fragment, self.templates)
        return part if fragment is part.fragment else replace(part, fragment=fragment)

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


@dataclass(frozen=True, slots=True, eq=False)
class FirstLook:
    """What a first look at a page saw; ``spent`` are the lines of text that it read in tables."""

    sheet: Sheet
    sight: Sight
    spent: int


def first_look(page: Page, looker: Looker, hint: int | None = None) -> FirstLook:
    """See a page upright and flat, its tables as its lines draw them."""
    lifted, image = lift(page.image), page.image
    if lifted.image is image:
        image = lit(image)
        lifted = View(image, lifted.to_page)
    lifted = cleared(lifted)
    whole = lifted.image is image
    lifted = framed(lifted)
    made = tone(lifted.image)
    if looker.turns is None:
        view, turns, legible = upright(lifted, looker.reader, hint, made)
    else:
        view, turns, legible = as_asked(lifted, made, looker.reader, looker.turns)
    # A page that was turned is measured anew, as one that was stored upright would be.
    inked, known = (view, None) if turns else trimmed(view, made)
    sheet = sheet_of(inked, page.number, known)
    sight = looker.seen(sheet, page.number, turns, legible)
    spent = lines_read(sight)
    # What stands one below the other in narrow cells is read plainly from the side, too.
    doubtful = looker.turns is None and (legible < PLAIN or turns % 2)
    if doubtful and unexplained(sight, looker):
        desk = None if whole else framed(View(image, np.eye(3)))
        found = sum(map(rank, looker.tables(sight.parts)))
        for held, way in other_ways(view, turns, desk, page.number, looker):
            shown = any(shown_by(lattice, looker.templates) for lattice in held.lattices)
            if not shown and (found or spent > MOST_LINES):
                break
            seen = looker.seen(held, page.number, way, legible)
            spent += lines_read(seen)
            if sum(map(rank, looker.tables(seen.parts))) > found:
                sheet, sight, spent = held, seen, lines_read(seen)
                break
    return FirstLook(sheet, sight, spent)


def look_again(
    first: FirstLook, looker: Looker, after: Sequence[Part] = (), debug: Overlay | None = None
) -> Sight:
    """Take the further looks at a page that it needs after the first one.

    They are taken only where a table is not of a known form, or incomplete, or where text stands
    in columns that no lines explain. What registers more of a form is kept. ``after`` are the
    parts seen on the page after it: a table that begins at its foot, and is whole with these,
    needs no further look. Nor does a page without a word of a table behind a whole report: what
    looks like one there is a stamp, a frame or the edge of the sheet.
    """
    sheet, sight = first.sheet, first.sight
    if lines_read(sight) > MOST_LINES or (after and whole_with(sight, after, looker)):
        return _shown(sheet, sight, debug)
    if adds_nothing(sight, looker):
        return _shown(sheet, sight, debug)
    sheet, sight = _again(sheet, sight, looker, MOST_LINES - first.spent)
    sheet, sight = _at_other_size(sheet, sight, looker)
    return _shown(sheet, with_heads(sight, looker), debug)


def _shown(sheet: Sheet, sight: Sight, debug: Overlay | None) -> Sight:
    if debug:
        debug.layout(sheet, sight.page)
    return sight


def _again(sheet: Sheet, sight: Sight, looker: Looker, left: int) -> tuple[Sheet, Sight]:
    """Look for tables as the form has them, by their words, torn lines and columns of text.

    Where lines explain the page, no further look is taken; else one at least, and no further
    one once more than ``left`` lines of text were read.
    """
    sheet, sight = _as_the_form(sheet, sight, looker)
    if any(swallows(part) for part in sight.parts):
        sheet, sight = _as_the_form(sheet, sight, looker)
    if clear(sight, looker):
        return sheet, sight
    sheet, sight = _without_ghosts(sheet, sight, looker)
    if clear(sight, looker):
        return sheet, sight
    if not (sheet.lattices or lost(sight, looker) or has_rows(sheet) or _said(sight, looker)):
        return sheet, sight  # most pages without lines have no table
    remains = traces(sheet)
    sheet, sight = _as_its_words(sheet, sight, looker, remains)
    if clear(sight, looker):
        return sheet, sight
    before = sight
    for again in survey_again(sheet, sight.page, remains):
        other = looker.seen(again, sight.page, sight.turns, sight.legible)
        left -= lines_read(other)
        sheet, sight = _taken(sheet, sight, again, other, looker)
        if left < 0:
            break
    return (sheet, sight) if sight is before else _as_the_form(sheet, sight, looker)


def _at_other_size(sheet: Sheet, sight: Sight, looker: Looker) -> tuple[Sheet, Sight]:
    """Look once more for tables of which nothing is proved: they may be smaller than the prose."""
    found = [one.registration for one in looker.tables(sight.parts)]
    nowhere = {one.table.id for one in found if not any(place.reliable for place in one.places)}
    nowhere |= lost(sight, looker)
    if not nowhere or (held := at_size_of_tables(sheet, sight.page, looker.before)) is None:
        return sheet, sight
    seen = looker.seen(held, sight.page, sight.turns, sight.legible)
    again, other = _again(held, seen, looker, MOST_LINES - lines_read(seen))
    return _taken(sheet, sight, again, other, looker, nowhere)


def _said(sight: Sight, looker: Looker) -> bool:
    """Tell whether lines outside of tables say labels of one."""
    return labels_said(sight.lines, looker.templates) >= LABELS


def _as_its_words(
    sheet: Sheet, sight: Sight, looker: Looker, remains: Traces
) -> tuple[Sheet, Sight]:
    """Look at the tables that a page's words make, but for those that are found and proved."""
    tables = looker.tables(sight.parts)
    sure = {one.registration.table.id for one in tables if complete(one) and not doubted(one)}
    # scraps of one table may pass for two, one of them whole
    kinds = Counter(one.registration.table.id for one in tables)
    sure = {name for name in sure if kinds[name] == 1}
    drawn = by_words(sheet, sight, remains, looker.reader, looker.templates, sure)
    if not drawn:
        return sheet, sight
    again = replace(sheet, lattices=drawn)
    other = looker.seen(again, sight.page, sight.turns, sight.legible)
    return _taken(sheet, sight, again, other, looker)


def _without_ghosts(sheet: Sheet, sight: Sight, looker: Looker) -> tuple[Sheet, Sight]:
    """Look at what a page's lines make without those that may shine through."""
    for again in survey_solid(sheet, sight.page):
        other = looker.seen(again, sight.page, sight.turns, sight.legible)
        sheet, sight = _taken(sheet, sight, again, other, looker)
    return sheet, sight


def _as_the_form(sheet: Sheet, sight: Sight, looker: Looker) -> tuple[Sheet, Sight]:
    """Look at doubtful tables with the edges that their forms have; words must agree."""
    supposed: list[Lattice] = []
    for one in looker.tables(sight.parts):
        mine = [sight.parts[number] for number in one.fragments if number >= 0]
        if complete(one) and not doubted(one) and not any(map(swallows, mine)):
            continue
        fragments = [part.fragment for part in mine]
        before = [looker.before[number].fragment for number in one.fragments if number < 0]
        drawn = redrawn(fragments, one.registration.table, before)
        supposed += [lattice for lattice in drawn if lattice]
    if not supposed:
        return sheet, sight
    again = replace(sheet, lattices=tuple(supposed))
    other = looker.seen(again, sight.page, sight.turns, sight.legible)
    return _taken(sheet, sight, again, other, looker)


def _taken(
    sheet: Sheet,
    sight: Sight,
    again: Sheet,
    other: Sight,
    looker: Looker,
    only: Collection[str] | None = None,
) -> tuple[Sheet, Sight]:
    """Take from another look what it explains better; the sheet shows the lattices kept."""
    better = merged(sight, other, looker, only)
    if better is sight:
        return sheet, sight
    kept = {part.fragment.lattice for part in better.parts}
    shown = [one for one in (*sheet.lattices, *again.lattices) if one in kept]
    return replace(sheet, lattices=tuple(shown)), better
