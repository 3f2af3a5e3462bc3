"""Finds a table of one line of figures under a header whose labels came apart.

Where narrow cells wrap their labels, programs that write a page as text print the first characters
of all of them side by side, then the next ones; no label is left to be found. But the characters
are still those of the header, all of them and no others, and one line of just as many figures as
the form has follows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reconstruct.anchors import labels_of
from reconstruct.apart import header_above, in_order, letters_of, lines_of, said_on
from reconstruct.text_rows import TextRow
from reconstruct.wording import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.passage import Piece
    from document.template import TableTemplate

LEAST_FIGURES = 6
"""Shorter lines of figures occur anywhere."""

SAME = 0.95
"""Share of the header's characters that must be there, and of those there that must be its."""


def scattered(
    pieces: Sequence[Piece], table: TableTemplate, free: Sequence[bool]
) -> tuple[TextRow, int, int] | None:
    """Return the only line of ``table`` with the pieces (first, last) that print it, or None.

    None as well where two lines could be it, or where labels stand in another order than the
    form's. Only pieces that are ``free`` take part.
    """
    ordered = sorted(table.figures, key=lambda cell: cell.column)
    if len(ordered) < LEAST_FIGURES or len({cell.row for cell in ordered}) != 1:
        return None
    wanted = Counter("".join(normal(cell.label) for cell in labels_of(table)))
    places = letters_of(table, ordered)
    lines = lines_of(pieces)
    found = []
    for number, line in enumerate(lines):
        if not all(free[i] and pieces[i].kind == "figure" for i in line):
            continue
        if len(line) != len(ordered) or any(pieces[i].stray for i in line):
            continue
        header = header_above(pieces, lines[:number], free, wanted)
        said = Counter("".join(said_on(pieces, mine) for mine in header))
        both = (said & wanted).total()
        if both >= SAME * max(wanted.total(), said.total()) and all(
            in_order(said_on(pieces, mine), places) for mine in header
        ):
            elements = tuple(pieces[i] for i in line)
            row = TextRow(tuple(ordered), elements, reliable=True, width=len(line))
            found.append((row, header[-1][0], line[-1]))
    return found[0] if len(found) == 1 else None
