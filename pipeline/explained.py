"""Whether what was seen on a page explains it, alone or with the page after it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.announced import announced
from pipeline.orient import PLAIN
from pipeline.worth import bands_of, complete, doubted
from reconstruct.sought import labels_said
from reconstruct.stitch import stitch
from reconstruct.swallowed import words_above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.second_look import Looker
    from pipeline.sight import Part, Sight
    from reconstruct.stitch import Stitched

LARGE = 30
"""Bands of a table from which it is worth asking whether the page lies on its side."""


def clear(sight: Sight, looker: Looker) -> bool:
    """Tell whether a page's tables are found, and every one that its headings announce."""
    tables = looker.tables(sight.parts)
    return bool(tables) and _explained(sight.parts, tables) and not lost(sight, looker)


def lost(sight: Sight, looker: Looker) -> set[str]:
    """Return the tables that headings on a page announce, and that are not found there."""
    found = {one.registration.table.id for one in looker.tables(sight.parts)}
    return announced(sight, looker.templates) - found


def unexplained(sight: Sight, looker: Looker) -> bool:
    """Tell whether a large part of a page belongs to no known table: it may lie on its side."""
    used = set(chain.from_iterable(one.fragments for one in looker.tables(sight.parts)))
    return any(bands_of(part) >= LARGE for n, part in enumerate(sight.parts) if n not in used)


def waits(sight: Sight, looker: Looker) -> bool:
    """Tell whether all that a page leaves open is a table of which no figure stands on it.

    Its heading, or its header, stands at the foot of the page: the next page tells.
    """
    tables = looker.tables(sight.parts)
    begun = [one for one in tables if not one.registration.places]
    others = [one for one in tables if one.registration.places]
    if not others or not (begun or lost(sight, looker)):
        return False
    used = set(chain.from_iterable(one.fragments for one in tables))
    return _no_stranger(sight.parts, used) and all(map(complete, others))


def whole_with(sight: Sight, after: Sequence[Part], looker: Looker) -> bool:
    """Tell whether a page is clear with the parts seen on the page after it.

    What its headings announce, or begins on it without figures, must be there from its first
    figure on, with no line missing: what a page's foot might hide of it would be missing there.
    """
    count = len(sight.parts)
    tables = looker.tables((*sight.parts, *after))
    here = [one for one in tables if any(0 <= n < count for n in one.fragments)]
    wanted = announced(sight, looker.templates) - {one.registration.table.id for one in here}
    there = [one for one in tables if one.registration.table.id in wanted]
    if not here or len(there) < len(wanted) or not _explained(sight.parts, (*here, *there)):
        return False
    if any(map(doubted, (*here, *there))) or any(map(swallows, sight.parts)):
        return False
    alone = {one.registration.table.id for one in looker.tables(sight.parts) if complete(one)}
    begun = [one for one in (*here, *there) if one.registration.table.id not in alone]
    return all(map(_from_its_first_figure, begun))


def adds_nothing(sight: Sight, looker: Looker) -> bool:
    """Tell whether a page behind a whole report, read plainly, holds no word of a table.

    The pages before show every figure of every table of their form, most of them proved, and
    nothing else; here no table is found, and no heading or label of one is read.
    """
    if sight.legible < PLAIN or looker.tables(sight.parts) or announced(sight, looker.templates):
        return False
    cells = (cell for part in sight.parts for cell in part.fragment.spans)
    texts = [*sight.lines, *(text for cell in cells for _, text in cell.lines)]
    if labels_said(texts, looker.templates):
        return False
    found, strange = stitch([part.fragment for part in looker.earlier], looker.templates)
    if strange or not all(_is_whole(one) and complete(one) and not doubted(one) for one in found):
        return False
    wanted = {table.id for one in found for table in one.registration.template.tables}
    return bool(found) and sorted(one.registration.table.id for one in found) == sorted(wanted)


def _is_whole(one: Stitched) -> bool:
    found = one.registration
    wanted = {cell.address for cell in found.table.figures if cell.address is not None}
    return {place.address for place in found.places} >= wanted


def swallows(part: Part) -> bool:
    """Tell whether the first row of a part holds the words of a header above its figures."""
    return words_above(part.fragment, 0) is not None


def _from_its_first_figure(one: Stitched) -> bool:
    found = one.registration
    first = min(cell.row for cell in found.table.figures)
    return min(match.line for match in found.matches) <= first


def _explained(parts: Sequence[Part], tables: Sequence[Stitched]) -> bool:
    """Tell whether every table on the page is of a known form and wholly found."""
    used = set(chain.from_iterable(one.fragments for one in tables))
    return _no_stranger(parts, used) and all(map(complete, tables))


def _no_stranger(parts: Sequence[Part], used: set[int]) -> bool:
    return all(bands_of(part) < LARGE // 2 for n, part in enumerate(parts) if n not in used)
