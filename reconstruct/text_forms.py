"""Recognises the tables of a text: which form's, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reconstruct.anchors import anchor, mentions
from reconstruct.text_grid import whole_grid
from reconstruct.text_headers import denied
from reconstruct.text_rows import Gathered, gather
from reconstruct.text_scattered import scattered
from reconstruct.text_sides import sided
from reconstruct.text_table import place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.passage import Passage, Piece
    from document.report import ReadTable
    from document.template import TableTemplate, Template
    from reconstruct.anchors import Anchors

LEAST_SHARE = 0.3
"""Share of a table's labels (in order, by weight) from which it is taken to be there."""

LEAST_SAID = 0.1
"""Share of its labels said word by word below which a closer look is not worth while."""

LEAST_OF_BEST = 0.7
"""The same, as a part of what is said of the likeliest form of the same table."""

SECOND_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table found in a text and read. ``strange`` counts rows that its form does not have.

    ``first`` and ``last`` are its pieces; ``again`` tells that the text holds another one.
    """

    read: ReadTable
    template: TableTemplate
    first: int
    last: int
    strange: int
    again: bool


def find_tables(passage: Passage, templates: Sequence[Template]) -> tuple[TextTable, ...]:
    """Find and read the tables of known forms in a text; one of each kind, the fullest."""
    pieces = passage.pieces
    free = [True] * len(pieces)
    found = [one for one in _matches(pieces, templates, free) if _has_figures(pieces, one)]
    forms = _settled(found, templates)
    tables = []
    for form, table, anchors in forms:
        rest = list(free)
        first, last = anchors.found[0].first, anchors.found[-1].last
        for i in range(first, last + 1):
            rest[i] = False
        doubled = False
        if (
            mentions((p for p, is_free in zip(pieces, rest, strict=True) if is_free), table)
            >= SECOND_SHARE / 2
        ):
            again = anchor(pieces, table, rest)
            doubled = again.share >= SECOND_SHARE and _has_figures(pieces, (form, table, again))
        others = [
            not any(_inside(i, o[2]) for o in forms if o[1] is not table)
            for i in range(len(pieces))
        ]
        whole = whole_grid(pieces, table, form.id) if passage.kept else None
        if whole is not None:
            tables.append(TextTable(whole, table, first, last, 0, doubled))
            continue
        gathered = gather(pieces, anchors.found, table, others)
        gathered = replace(gathered, rows=sided(pieces, gathered.rows))
        swapped = denied(pieces, anchors.found, table)
        read = place(table, form.id, gathered, swapped)
        tables.append(TextTable(read, table, first, last, gathered.strange, doubled))
    tables += _with_scattered_headers(pieces, templates, tables)
    return tuple(sorted(tables, key=lambda one: one.template.id))


def _with_scattered_headers(
    pieces: Sequence[Piece], templates: Sequence[Template], tables: Sequence[TextTable]
) -> list[TextTable]:
    """Return the tables whose labels came apart, of kinds that are not found otherwise."""
    free = [True] * len(pieces)
    for one in tables:
        free[one.first : one.last + 1] = [False] * (one.last + 1 - one.first)
    found: dict[str, TextTable] = {}
    # the form that the other tables follow first: several print such a table alike
    follow = {one.read.template for one in tables}
    for form in sorted(templates, key=lambda form: form.id not in follow):
        for table in form.tables:
            if table.id in found or any(one.template.id == table.id for one in tables):
                continue
            told = scattered(pieces, table, free)
            if told is not None:
                row, first, last = told
                read = place(table, form.id, Gathered((row,), 0), frozenset())
                found[table.id] = TextTable(read, table, first, last, 0, again=False)
    return list(found.values())


Match = tuple["Template", "TableTemplate", "Anchors"]


def _matches(
    pieces: Sequence[Piece], templates: Sequence[Template], free: Sequence[bool]
) -> list[Match]:
    """Return the best form of each kind of table, with its labels in the text."""
    best: dict[str, Match] = {}
    known: dict[object, Anchors] = {}
    said = [(mentions(pieces, table), form, table) for form in templates for table in form.tables]
    most = {table.id: max(m for m, _, t in said if t.id == table.id) for _, _, table in said}
    for share, form, table in said:
        if share < max(LEAST_SAID, LEAST_OF_BEST * most[table.id]):
            continue
        if table.cells not in known:
            known[table.cells] = anchor(pieces, table, free)
        anchors = known[table.cells]
        if anchors.share < LEAST_SHARE:
            continue
        if table.id not in best or anchors.score > best[table.id][2].score + 1e-9:
            best[table.id] = (form, table, anchors)
    return list(best.values())


def _settled(found: Sequence[Match], templates: Sequence[Template]) -> list[Match]:
    """Give tables that several forms print alike to the form that the other tables follow."""
    votes: dict[str, float] = {}
    for form, table, anchors in found:
        alike = [t for f in templates for t in f.tables if t.id == table.id and f is not form]
        if not any(t.cells == table.cells for t in alike):
            votes[form.id] = votes.get(form.id, 0.0) + anchors.score
    settled = []
    for form, table, anchors in found:
        same = [
            (f, t)
            for f in templates
            for t in f.tables
            if t.id == table.id and t.cells == table.cells
        ]
        chosen, its = max(same, key=lambda one: votes.get(one[0].id, 0.0))
        settled.append((chosen, its, anchors))
        del form
    return settled


def _inside(number: int, anchors: Anchors) -> bool:
    return anchors.found[0].first <= number <= anchors.found[-1].last


def _has_figures(pieces: Sequence[Piece], match: Match) -> bool:
    """Tell whether there are figures in or shortly after the labels: prose repeats labels too."""
    anchors = match[2]
    first, last = anchors.found[0].first, anchors.found[-1].last
    return any(p.kind in {"figure", "blank"} for p in pieces[first : last + 4])
