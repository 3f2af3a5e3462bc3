"""Looks for a form's labels among all words of a page, wherever its lines have gone.

The labels of a form come in its order, from the top down. A chain of lines of text that say them
in that order, each at a distance that rows may have, is the table; the rest of the page is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from document.geometry import hull
from document.plan import Plan, PlannedCell
from reconstruct.bands import lines
from reconstruct.wording import likeness, normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.geometry import Box
    from document.template import TableTemplate, Template, TemplateCell

ALIKE = 0.6
"""Likeness from which a piece of text may be a label, or a line of it."""

LONGER = 1.3
"""How much longer than a label a text may be that says it."""

CERTAIN = 0.8
"""Likeness from which a piece of text tells where the cell of its label is."""

AT_ENDS = 0.35
"""Likeness that is enough right above and below the rows that were found."""

ROW = (0.6, 7.0)
"""Least and greatest height of a row, in em."""

NEXT = 3.0
"""How far, in em, the row above the first or below the last that was found may be."""

WRAPPED = 2.3
"""Distance, in em, between two lines of one label."""

FEWEST = 2
"""Rows whose labels must be found."""

ENOUGH = 1.5
"""What the labels found must be worth in all."""

SKIPPED = 0.25
"""What a row whose label is not found costs."""

WIDER = 1.6
"""How much more room than others, for each character, words take up that are joined to more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text on a page, in any pixels.

    Where it is not ``placed`` it stands somewhere in its box, at its height.
    """

    box: Box
    text: str
    placed: bool = True


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of text that says labels of one row of the form."""

    y: float
    row: int
    gain: float
    box: Box
    cells: tuple[tuple[str, Word], ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """A table of a form found by its words: ``gain`` grows with how much of it was read."""

    template: Template
    table: TableTemplate
    plan: Plan
    gain: float


def seek(words: Sequence[Word], templates: Sequence[Template], em: float) -> tuple[Sought, ...]:
    """Return for each table of the forms the rows of it that the words of a page say.

    Of several editions the one of which more is said is returned. ``em`` is the height of a
    character in the pixels of the words' boxes.
    """
    best: dict[str, Sought] = {}
    text_lines = _text_lines(words, em)
    for template in templates:
        for table in template.tables:
            found = _sought(text_lines, template, table, em)
            rival = best.get(table.id)
            if found and (rival is None or found.gain > rival.gain + 0.5):
                best[table.id] = found
    return tuple(best.values())


def labels_said(texts: Sequence[str], templates: Sequence[Template]) -> int:
    """Return how many different lines of text say labels of one table, of that with most."""
    return max(
        (
            sum(
                any(likeness(text, spellings) >= CERTAIN for spellings in labels)
                for text in set(texts)
            )
            for template in templates
            for table in template.tables
            if (labels := {cell.spellings for cell in table.cells if len(cell.label) > 1})
        ),
        default=0,
    )


def _text_lines(words: Sequence[Word], em: float) -> list[list[Word]]:
    """Group words whose middles lie within 0.4 em of a height, from the top down."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.center[1]):
        if groups:
            middle = sum(w.box.center[1] for w in groups[-1]) / len(groups[-1])
            if word.box.center[1] - middle < 0.4 * em:
                groups[-1].append(word)
                continue
        groups.append([word])
    return groups


def _sought(
    text_lines: Sequence[Sequence[Word]], template: Template, table: TableTemplate, em: float
) -> Sought | None:
    labels = {line.row: line.labels for line in lines(table)}
    tall = [cell for line in lines(table) for cell in line.tall]

    def says(words: Sequence[Word], row: int, least: float = ALIKE) -> _Said | None:
        own = labels[row]
        return _said(words, row, (*own, *(c for c in tall if _reaches(c, row))), own, least)

    read = [says(words, row) for words in text_lines for row in labels]
    gain, chain = _chain([one for one in read if one is not None], em)
    if gain < ENOUGH or len({one.row for one in chain}) < FEWEST:
        return None
    for step in (-1, 1):
        while True:
            end = chain[0] if step < 0 else chain[-1]
            row = end.row + step
            near = [
                one
                for words in text_lines
                if row in labels and (one := says(words, row, AT_ENDS)) is not None
                if ROW[0] < step * (one.y - end.y) / em < NEXT
            ]
            if not near:
                break
            more = max(near, key=lambda one: one.gain)
            chain = [more, *chain] if step < 0 else [*chain, more]
    first, last = chain[0].row, chain[-1].row
    while last + 1 < table.rows and not labels[last + 1]:
        last += 1
    if len({cell.row for cell in table.figures}) == 1:
        last = table.rows - 1  # words stacked in narrow columns are seldom read; no figures yet
    return Sought(template, table, _plan(table, first, last, chain), gain)


def _reaches(cell: TemplateCell, row: int) -> bool:
    return cell.row <= row < cell.row + cell.row_span


def _said(
    words: Sequence[Word],
    row: int,
    cells: Sequence[TemplateCell],
    own: Sequence[TemplateCell],
    least: float = ALIKE,
) -> _Said | None:
    """Return what a line of text says of one row of the form; None where it says nothing.

    ``cells`` are the labels that may stand there, ``own`` those of just this row.
    """
    gains: dict[str, float] = {}
    boxes: list[Box] = []
    found: list[tuple[str, Word]] = []
    for word in words:
        length = len(normal(word.text))
        fitting = [c for c in cells if 2 <= length <= LONGER * len(normal(c.label)) + 0.5]
        likes = [likeness(word.text, cell.spellings) for cell in fitting]
        best = max(likes, default=0.0)
        labels = {c.label for c, like in zip(fitting, likes, strict=True) if like == best}
        if best < least:
            continue
        if word.placed and best >= CERTAIN and len(labels) == 1:
            found.append((min(labels), word))
        mine = sorted(labels & {cell.label for cell in own})
        if mine:
            gain = (best - least + 0.1) * math.sqrt(length)
            gains[mine[0]] = max(gains.get(mine[0], 0.0), gain)
            boxes.append(word.box)
    if not boxes:
        return None
    box = hull(boxes)
    return _Said(box.center[1], row, sum(gains.values()), box, tuple(found))


def _chain(said: Sequence[_Said], em: float) -> tuple[float, list[_Said]]:
    """Return the best chain of what is said, in the form's order, and what it is worth."""
    order = sorted(said, key=lambda one: (one.y, one.row))
    best: list[float] = []
    back: list[int | None] = []
    for number, one in enumerate(order):
        worth, origin = one.gain, None
        for before in range(number):
            other = order[before]
            if _follows(other, one, em):
                gain = best[before] + one.gain - SKIPPED * max(0, one.row - other.row - 1)
                if gain > worth:
                    worth, origin = gain, before
        best.append(worth)
        back.append(origin)
    if not best:
        return 0.0, []
    at: int | None = max(range(len(best)), key=best.__getitem__)
    gain, chain = best[at or 0], []
    while at is not None:
        chain.append(order[at])
        at = back[at]
    return gain, chain[::-1]


def _follows(above: _Said, below: _Said, em: float) -> bool:
    down, steps = (below.y - above.y) / em, below.row - above.row
    if steps == 0:
        return 0.5 < down < WRAPPED
    return steps > 0 and ROW[0] * steps < down < ROW[1] * steps


def _placed(
    boxes: Sequence[Box], cells: Sequence[TemplateCell]
) -> list[tuple[TemplateCell, list[Box]]]:
    """Give words their cells; of several with the same label, where they count out in order.

    Words above one another are of one cell then.
    """
    if len(cells) == 1:
        return [(cells[0], list(boxes))]
    groups: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.left):
        if groups and box.left < max(other.right for other in groups[-1]):
            groups[-1].append(box)
        else:
            groups.append([box])
    ordered = sorted(cells, key=lambda c: c.column)
    return list(zip(ordered, groups, strict=True)) if len(groups) == len(cells) else []


def _room(word: Word) -> float:
    """Return the width that words take up for each character."""
    return word.box.width / len(word.text)


def _plan(table: TableTemplate, first: int, last: int, chain: Sequence[_Said]) -> Plan:
    seen: dict[TemplateCell, list[Box]] = {}
    usual = median([_room(word) for one in chain for _, word in one.cells] or [0.0])
    said: dict[tuple[str, int], list[Box]] = {}
    for one in chain:
        for label, word in one.cells:
            if _room(word) <= WIDER * usual:
                said.setdefault((label, one.row), []).append(word.box)
    for (label, row), boxes in said.items():
        alike = [c for c in table.cells if c.label == label and _reaches(c, row)]
        for cell, own in _placed(boxes, alike):
            seen.setdefault(cell, []).extend(own)
    rows: list[tuple[float, float] | None] = []
    for row in range(first, last + 1):
        boxes = [one.box for one in chain if one.row == row]
        rows.append((hull(boxes).top, hull(boxes).bottom) if boxes else None)
    planned = []
    for cell in table.cells:
        top, bottom = max(cell.row, first), min(cell.row + cell.row_span, last + 1)
        if top >= bottom:
            continue
        here = tuple(seen.get(cell, ()))
        planned.append(
            PlannedCell(
                top - first,
                cell.column,
                bottom - top,
                cell.column_span,
                cell.address is not None,
                (hull(here),) if here and cell.row_span == 1 else here,
            )
        )
    return Plan(tuple(rows), table.columns, tuple(planned))
