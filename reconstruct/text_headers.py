"""Tells where a text prints the columns of a table in another order than its form."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reconstruct.anchors import labels_of
from reconstruct.apart import header_above, in_order, letters_of, lines_of, said_on
from reconstruct.headers import header_of
from reconstruct.text_rows import figure_lines, lines_before
from reconstruct.wording import likeness, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.passage import Piece
    from document.template import Address, TableTemplate, TemplateCell
    from reconstruct.anchors import Anchor

OTHER_HEADER = 0.75


def denied(
    pieces: Sequence[Piece], found: Sequence[Anchor], table: TableTemplate
) -> frozenset[TemplateCell]:
    """Return the figures in whose columns the text prints its headers in another order.

    Sums prove where a total stands, but cannot see two of its parts swapped.
    """
    matched = {a.cell for a in found}
    taken = {number for one in found for number in range(one.first, one.last + 1)}
    totals = {
        q.left[0]
        for q in table.equations
        if len(q.left) == 1 and len({row for row, _ in q.cells}) == 1
    }
    heads = _heads(table)
    swapped: set[TemplateCell] = set()
    lines = figure_lines(table)
    for number, (line, cells) in enumerate(lines.items()):
        before = lines_before(lines, number)
        zone = [a for a in found if before < a.cell.row <= line]
        if not zone:
            continue
        inside = range(min(a.first for a in zone), max(a.last for a in zone) + 1)
        over = [i for i in inside if i not in taken and pieces[i].kind == "words"]
        for cell in cells:
            header = heads[cell.address]
            if header is None or header in matched or cell.address in totals:
                continue
            if any(likeness(pieces[i].text, header.spellings) >= OTHER_HEADER for i in over):
                swapped.add(header)
    swapped |= {
        header
        for cells in _misordered(pieces, found, table)
        for cell in cells
        if (header := heads[cell.address]) is not None and cell.address not in totals
    }
    columns = {(h.row, h.column) for h in swapped}
    near: set[TemplateCell] = set()
    for cell in table.figures:
        header = heads[cell.address]
        if header is None or cell.address in totals:
            continue
        if any(row == header.row and abs(column - header.column) <= 2 for row, column in columns):
            near.add(cell)
    return frozenset(near)


def _misordered(
    pieces: Sequence[Piece], found: Sequence[Anchor], table: TableTemplate
) -> Iterator[Sequence[TemplateCell]]:
    """Yield lines of a form over whose figures labels that came apart are in another order."""
    letters = set("".join(normal(cell.label) for cell in labels_of(table)))
    texts, free = lines_of(pieces), [True] * len(pieces)
    for line, cells in figure_lines(table).items():
        first = min((a.first for a in found if a.cell.row == line), default=None)
        if first is None:
            continue
        above = [mine for mine in texts if mine[-1] < first]
        places = letters_of(table, cells)
        header = header_above(pieces, above, free, letters)
        if not all(in_order(said_on(pieces, mine), places) for mine in header):
            yield cells


@lru_cache(maxsize=64)
def _heads(table: TableTemplate) -> dict[Address | None, TemplateCell | None]:
    """Return the label that heads each figure's column."""
    find = header_of.__wrapped__  # looked up for the whole table at once: its key is dear
    return {cell.address: find(table, cell) for cell in table.figures}
