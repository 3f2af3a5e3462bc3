"""Puts together the fragments of tables that run over several pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconstruct.align import MOST_A_LINE
from reconstruct.register import Registration, identify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.template import Template


@dataclass(frozen=True, slots=True)
class Stitched:
    """A table of the document: its registration, and which fragments (indices) it is made of."""

    registration: Registration
    fragments: tuple[int, ...]


def stitch(
    fragments: Sequence[Fragment], templates: Sequence[Template]
) -> tuple[tuple[Stitched, ...], tuple[int, ...]]:
    """Group fragments, in the order of the document, into tables.

    Returns the tables and the indices of fragments that fit no form. A fragment goes on with
    the table before it where the two together fit a form better than either alone; one
    without any label (the figures of a table cut below its header) can only do that.
    """
    tables: list[Stitched] = []
    unknown: list[int] = []
    for index, fragment in enumerate(fragments):
        alone = identify([fragment], templates)
        if tables and not _complete(tables[-1].registration, alone, templates):
            last = tables[-1]
            parts = (*last.fragments, index)
            both = identify([fragments[i] for i in parts], templates)
            if both is not None and _goes_on(last.registration, alone, both, fragment.lattice.rows):
                tables[-1] = Stitched(both, parts)
                continue
        if alone is None:
            unknown.append(index)
        else:
            tables.append(Stitched(alone, (index,)))
    return _settled(tables, fragments, templates), tuple(unknown)


def _goes_on(last: Registration, alone: Registration | None, both: Registration, rows: int) -> bool:
    """Tell whether a fragment of so many rows goes on with the table before it."""
    if both.table.id != last.table.id:
        return False
    strange = both.left_over - last.left_over > 0.5 * rows
    if alone is None:
        return len(both.places) > len(last.places) and not strange
    if alone.table.id != last.table.id:
        return both.score > last.score + alone.score
    claimed = alone.places
    if both.score > last.score + alone.score:
        # By itself the rest of a cut row, or a header printed again, is taken for other rows.
        claimed = tuple(place for place in claimed if place.reliable)
        if not claimed:
            return len(both.places) > len(last.places) and not strange
    new = {place.address for place in claimed} - {place.address for place in last.places}
    grown = len(both.places) - len(last.places)
    return grown > 0.5 * len(claimed) and len(new) > 0.5 * len(claimed)


def _complete(
    last: Registration, alone: Registration | None, templates: Sequence[Template]
) -> bool:
    """Tell whether two tables of different kinds fit so well that one cannot go on in the other.

    The two together would have to fit better than a form's lines ever can.
    """
    if alone is None or alone.table.id == last.table.id:
        return False
    rows = [t.rows for form in templates for t in form.tables if t.id == last.table.id]
    return last.score + alone.score >= MOST_A_LINE * max(rows, default=0)


def _settled(
    tables: Sequence[Stitched], fragments: Sequence[Fragment], templates: Sequence[Template]
) -> tuple[Stitched, ...]:
    """Give tables that both generations share to the one that the document's others follow."""
    votes: dict[str, float] = {}
    for one in tables:
        form = one.registration.template.id
        if _differs(one.registration.table.id, templates):
            votes[form] = votes.get(form, 0.0) + one.registration.score
    if not votes:
        return tuple(tables)
    ranked = sorted(templates, key=lambda t: -votes.get(t.id, 0.0))
    settled = []
    for one in tables:
        if one.registration.template is ranked[0]:
            settled.append(one)  # nothing is before it in either order
            continue
        again = identify([fragments[i] for i in one.fragments], ranked)
        keep = again is not None and again.table.id == one.registration.table.id
        settled.append(Stitched(again, one.fragments) if keep and again is not None else one)
    return tuple(settled)


def _differs(table: str, templates: Sequence[Template]) -> bool:
    """Tell whether several forms have a table of this name, and print it differently."""
    return len({one.cells for form in templates for one in form.tables if one.id == table}) > 1
