"""Looks for a form's labels among all words of a page, wherever its lines have gone.

The labels of a form come in its order, from the top down. A chain of lines of text that say them
in that order, each at a distance that rows may have, is the table; the rest of the page is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from document.geometry import hull
from reconstruct.bands import lines
from reconstruct.planning import Said, Word, planned, reaches
from reconstruct.strangers import bare
from reconstruct.wording import alike, likeness, normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.geometry import Box
    from document.plan import Plan
    from document.template import TableTemplate, Template, TemplateCell

ALIKE = 0.6
"""Likeness from which a piece of text may be a label, or a line of it."""

LONGER = 1.3
"""How much longer than a label a text may be that says it."""

CERTAIN = 0.8
"""Likeness from which a piece of text tells where the cell of its label is."""

MOST_OF = 0.75
"""Share of a heading's characters that a text must have to be that heading."""

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

PITCHES, FAR = 6, 2.2
"""Distances between rows that tell how far one is from the next, and how many times as far a row
at the end of a table is from the others at most: three rows of long labels were 1.8 times."""

PROSE = 2
"""Rows at an end of a table, far from the others, up to which prose may say their labels."""

SKIPPED = 0.25
"""What a row whose label is not found costs."""


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
    heads = [box for words in text_lines if (box := _heading(words, templates)) is not None]
    for template in templates:
        for table in template.tables:
            found = _sought(text_lines, template, table, em, heads)
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


def _heading(words: Sequence[Word], templates: Sequence[Template]) -> Box | None:
    """Return where the words of a line are the heading of a table, most of it at least."""
    side_by_side: list[Word] = []
    for word in sorted(words, key=lambda w: (w.box.left, -w.box.width)):
        if word.placed and (not side_by_side or word.box.left >= side_by_side[-1].box.right):
            side_by_side.append(word)
    said = bare("".join(word.text for word in side_by_side))
    found = any(
        len(normal(said)) >= MOST_OF * len(normal(heading)) and alike(said, heading) >= CERTAIN
        for template in templates
        for table in template.tables
        for heading in table.headings
    )
    return hull(word.box for word in side_by_side) if found else None


def most_alike(text: str, templates: Sequence[Template]) -> float:
    """Return the likeness 0…1 of a text to the label of the forms that it is most alike."""
    labels = {cell.spellings for form in templates for table in form.tables for cell in table.cells}
    return max((likeness(text, spellings) for spellings in labels), default=0.0)


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
    text_lines: Sequence[Sequence[Word]],
    template: Template,
    table: TableTemplate,
    em: float,
    heads: Sequence[Box],
) -> Sought | None:
    labels = {line.row: line.labels for line in lines(table)}
    tall = [cell for line in lines(table) for cell in line.tall]

    def says(words: Sequence[Word], row: int, least: float = ALIKE) -> Said | None:
        own = labels[row]
        return _said(words, row, (*own, *(c for c in tall if reaches(c, row))), own, least)

    read = [says(words, row) for words in text_lines for row in labels]
    gain, chain = _chain([one for one in read if one is not None], em)
    chain = _close(chain)
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
    return Sought(template, table, planned(table, (first, last), chain, heads), gain)


def _said(
    words: Sequence[Word],
    row: int,
    cells: Sequence[TemplateCell],
    own: Sequence[TemplateCell],
    least: float = ALIKE,
) -> Said | None:
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
    return Said(box.center[1], row, sum(gains.values()), box, tuple(found))


def _chain(said: Sequence[Said], em: float) -> tuple[float, list[Said]]:
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


def _close(chain: list[Said]) -> list[Said]:
    """Return a chain without the ends that are far from the rest: prose may say a label too.

    Not without several rows of them: unread lines of a long label are above or below these.
    """
    steps = [(b.y - a.y) / (b.row - a.row) if b.row > a.row else 0.0 for a, b in pairwise(chain)]
    rows = [step for step in steps if step]
    if len(rows) < PITCHES:
        return chain
    most = FAR * median(rows)
    first = max(
        (n + 1 for n, step in enumerate(steps[: len(steps) // 3]) if step > most), default=0
    )
    begin = len(steps) - len(steps) // 3
    last = min(
        (begin + n for n, step in enumerate(steps[begin:]) if step > most), default=len(steps)
    )
    if len({one.row for one in chain[:first]}) > PROSE:
        first = 0
    if len({one.row for one in chain[last + 1 :]}) > PROSE:
        last = len(steps)
    return chain[first : last + 1]


def _follows(above: Said, below: Said, em: float) -> bool:
    down, steps = (below.y - above.y) / em, below.row - above.row
    if steps == 0:
        return 0.5 < down < WRAPPED
    return steps > 0 and ROW[0] * steps < down < ROW[1] * steps
