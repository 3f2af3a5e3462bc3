"""Headers whose labels came apart in a text.

Programs that write pages as text print wrapped labels line by line: the first characters of all
of them side by side, then the next ones. No label is left to be found, but the characters are, and
their order still tells the order of the columns.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from reconstruct.anchors import labels_of
from reconstruct.headers import header_of
from reconstruct.wording import normal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from document.passage import Piece
    from document.template import TableTemplate, TemplateCell

OWN = 0.8
"""Share of a line's characters that are some of the header's, if it is a line of it."""


def lines_of(pieces: Sequence[Piece]) -> list[list[int]]:
    """Return the pieces (indices) of each line of a text."""
    numbered = groupby(enumerate(pieces), key=lambda one: (one[1].page, one[1].line))
    return [[i for i, _ in mine] for _, mine in numbered]


def said_on(pieces: Sequence[Piece], line: Sequence[int]) -> str:
    """Return what a line says, without spaces and brackets."""
    return normal("".join(pieces[i].text for i in line))


def header_above(
    pieces: Sequence[Piece],
    above: Sequence[Sequence[int]],
    free: Sequence[bool],
    letters: Collection[str],
) -> list[Sequence[int]]:
    """Return the last lines of ``above`` that are made of a header's ``letters``, nearest first."""
    header: list[Sequence[int]] = []
    for line in reversed(above):
        text = said_on(pieces, line)
        own = sum(letter in letters for letter in text)
        words = all(free[i] and pieces[i].kind in {"words", "blank"} for i in line)
        if not words or own < OWN * len(text):
            break
        header.append(line)
    return header


def letters_of(table: TableTemplate, cells: Iterable[TemplateCell]) -> Mapping[str, int]:
    """Return the characters that the label of only one kind of column has, with its place.

    ``cells`` are the figures of a line; columns of several groups with one label are one kind.
    """
    ordered = sorted(cells, key=lambda cell: cell.column)
    heads = [header_of(table, cell) for cell in ordered]
    leaves = list(dict.fromkeys(normal(head.label) for head in heads if head is not None))
    above = {normal(cell.label) for cell in labels_of(table)} - set(leaves)
    told: dict[str, int] = {}
    for place, leaf in enumerate(leaves):
        others = "".join([*above, *(one for one in leaves if one != leaf)])
        told |= {letter: place for letter in leaf if letter not in others}
    return told


def in_order(text: str, places: Mapping[str, int]) -> bool:
    """Tell whether a header's line names columns in the form's order, group by group."""
    named = [place for place, _ in groupby(places[one] for one in text if one in places)]
    groups = 1 + sum(later <= one for one, later in pairwise(named))
    return not named or groups <= max(Counter(named).values())
