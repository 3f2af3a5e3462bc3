"""Proves columns by their headers: sums cannot see two columns swapped or shifted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from document.fragment import Fragment
    from document.geometry import Box
    from document.template import TableTemplate, TemplateCell

READ_WELL = 0.55
"""Likeness from which a label is taken to say what the form says."""

TOGETHER, APART = 0.65, 0.1
"""The same for several headers read as one, and how much less like them any swap must be."""

CLEARLY = 0.7
"""Likeness from which words are another header's."""

DISPLACED = 2
"""Headers with another's words in their place from which separators are displaced, none is lost."""

LONGER = 1.4
"""How much longer than a header its words must be for another's to be among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What is read where the headers over the columns of figures should stand.

    ``read`` are the words in the place of each header, ``together`` the neighbouring headers
    read as one, the line between them lost, and what that proves, see ``_run_together``.
    ``boxes`` are the places, in pixels.
    """

    read: Mapping[TemplateCell, str]
    together: Sequence[tuple[Sequence[TemplateCell], bool | None]]
    supposed: bool
    boxes: Mapping[TemplateCell, Box] = field(default_factory=dict)


def heads_of(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> Heads:
    """Look where ``mapping`` puts each header over a column of figures."""
    rows_of: dict[int, list[int]] = {}
    for row, line in shown:
        rows_of.setdefault(line, []).append(row)
    boxes: dict[TemplateCell, Box] = {}
    for header in heading_cells(table):
        left, right = mapping[header.column], mapping[header.column + header.column_span]
        tall = range(header.row, header.row + header.row_span)
        rows = [row for line in tall for row in rows_of.get(line, ())]
        if left is not None and right is not None and rows:
            boxes[header] = fragment.lattice.band(min(rows), max(rows) + 1, left, right)
    words = [(one.span.box, text) for one in fragment.spans if (text := one.text)]
    middles = [(box.center, text) for box, text in words]
    read = {
        header: "".join(text for middle, text in middles if box.contains(middle))
        for header, box in boxes.items()
    }
    return Heads(read, _run_together(words, boxes), fragment.lattice.supposed, boxes)


@cache
def heading_cells(table: TableTemplate) -> frozenset[TemplateCell]:
    """Return all labels that head columns of figures."""
    return frozenset(one for figure in table.figures for one in headers_of(table, figure))


def proved_columns(heads: Heads) -> frozenset[TemplateCell]:
    """Return the header cells whose words are really read where the mapping puts them.

    Sums cannot see two columns swapped or shifted, so each column must be proved by its header.
    Where separators are only supposed and two headers or more are not where they should be, all
    of them may stand beside their places: then a header's words say nothing of what is below it.
    """
    if heads.supposed and len(denied_columns(heads)) >= DISPLACED:
        return frozenset()
    proved = _own(heads)
    if heads.supposed:
        proved -= {h for h in proved if _holds_another(h, heads.read)}
    return frozenset(proved.union(*(row for row, proves in heads.together if proves)))


def read_alone(heads: Heads) -> frozenset[TemplateCell]:
    """Return the header cells in whose place their own words are read, and no others with them."""
    return frozenset(header for header in _own(heads) if not _holds_another(header, heads.read))


def surely_told(heads: Heads) -> frozenset[TemplateCell]:
    """Return the proved headers whose own words, and little else, are read in their places."""
    return frozenset(
        header
        for header in read_alone(heads) & proved_columns(heads)
        if len(heads.read[header]) <= LONGER * len(header.label)
    )


def strangely_headed(heads: Heads) -> frozenset[TemplateCell]:
    """Return the headers in whose place another's words are read, alone or with their own."""
    return denied_columns(heads) | {h for h in heads.read if _holds_another(h, heads.read)}


def mute(heads: Heads) -> frozenset[TemplateCell]:
    """Return the headers in whose place neither their own nor another's words are read."""
    ordered = {header for row, _ in heads.together for header in row}
    return frozenset(heads.boxes).difference(_own(heads), ordered, strangely_headed(heads))


def _own(heads: Heads) -> set[TemplateCell]:
    """Return the headers whose words are read in their place, by themselves."""
    own = {h for h, text in heads.read.items() if likeness(text, h.spellings) >= READ_WELL}
    return own - {header for row, _ in heads.together for header in row}


def _holds_another(header: TemplateCell, read: Mapping[TemplateCell, str]) -> bool:
    """Tell whether the words in a header's place are its own and a neighbour's too.

    Then a separator that is only supposed may stand for two columns.
    """
    text = read[header]
    beside = (o for o in read if o.row == header.row and o.label not in {header.label, ""})
    return len(text) > LONGER * len(header.label) and any(
        likeness(text, other.spellings) >= CLEARLY for other in beside
    )


def denied_columns(heads: Heads) -> frozenset[TemplateCell]:
    """Return the header cells in whose place another column's words, or letters, are clearly read.

    Where headers run together in their order, both are read in the place of one of them.
    """
    return misheaded(heads).union(cut_edges(heads.read))


def misheaded(heads: Heads) -> frozenset[TemplateCell]:
    """Return those of them in whose place other words are read, not only other letters."""
    swapped = (row for row, proves in heads.together if proves is False)
    return foreign_headed(heads).union(*swapped)


def foreign_headed(heads: Heads) -> frozenset[TemplateCell]:
    """Return the header cells in whose place another column's words are clearly read."""
    ordered = frozenset(header for row, proves in heads.together if proves for header in row)
    return frozenset(
        header
        for header, text in heads.read.items()
        if text and header not in ordered and says_another(text, header, heads.read)
    )


def says_another(text: str, header: TemplateCell, others: Iterable[TemplateCell]) -> bool:
    """Tell whether a text clearly says one of ``others`` rather than ``header``."""
    least = max(CLEARLY, likeness(text, header.spellings) + 0.2)
    return any(
        other.label != header.label and likeness(text, other.spellings) > least for other in others
    )


def cut_edges(read: Mapping[TemplateCell, str]) -> dict[TemplateCell, set[int]]:
    """Return neighbouring headers of which one lacks letters that the other has too many.

    The separator between them runs through the words of one of them: for each of the two, the
    boundaries of the form that it is taken for.
    """
    cut: dict[TemplateCell, set[int]] = {}
    for header, text in read.items():
        for other in read:
            edge = max(header.column, other.column)
            beside = header.row + header.row_span == other.row + other.row_span and edge in {
                header.column + header.column_span,
                other.column + other.column_span,
            }
            if not (beside and read[other]):
                continue
            lacking = Counter(other.label) - Counter(read[other])
            over = Counter(text) - Counter(header.label)
            if over and lacking and over <= lacking:
                cut.setdefault(header, set()).add(edge)
                cut.setdefault(other, set()).add(edge)
    return cut


def _run_together(
    words: Sequence[tuple[Box, str]], boxes: Mapping[TemplateCell, Box]
) -> list[tuple[list[TemplateCell], bool | None]]:
    """Return neighbouring headers read as one, the line between them lost; and what that proves.

    True: their words together are like what the form says from left to right, and clearly less
    like it with any two neighbours swapped, so that each column has its own header. False: some
    swap is clearly more like it. None: neither.
    """
    found: list[tuple[list[TemplateCell], bool | None]] = []
    places = [(header, box.center) for header, box in boxes.items()]
    for span, text in words:
        inside = [header for header, middle in places if span.contains(middle)]
        lowest = max((h.row + h.row_span for h in inside), default=0)
        row = sorted((h for h in inside if h.row + h.row_span == lowest), key=lambda h: h.column)
        if len(row) < 2:
            continue
        labels = [header.label for header in row]
        told = likeness(text, ("".join(labels),))
        rivals = []
        for at in range(len(labels) - 1):
            swapped = [*labels[:at], labels[at + 1], labels[at], *labels[at + 2 :]]
            rivals.append(likeness(text, ("".join(swapped),)))
        proves = None
        if abs(told - max(rivals)) >= APART and max(told, *rivals) >= TOGETHER:
            proves = told > max(rivals)
        found.append((row, proves))
    return found


@cache
def header_of(table: TableTemplate, figure: TemplateCell) -> TemplateCell | None:
    """Return the label that heads a figure's column: the nearest above that is no row's label."""
    rows_with_figures = {cell.row for cell in table.figures}
    above = [
        cell
        for cell in table.cells
        if cell.address is None
        and cell.label
        and cell.row + cell.row_span <= figure.row
        and cell.column <= figure.column < cell.column + cell.column_span
        and cell.row + cell.row_span - 1 not in rows_with_figures
    ]
    return max(above, key=lambda cell: cell.row, default=None)


def heads_over(table: TableTemplate, lines: AbstractSet[int]) -> frozenset[TemplateCell]:
    """Return the labels that head the columns of figures of some lines."""
    found = {header_of(table, cell) for cell in table.figures if cell.row in lines}
    return frozenset(header for header in found if header is not None)


@cache
def headers_of(table: TableTemplate, figure: TemplateCell) -> tuple[TemplateCell, ...]:
    """Return all labels that head a figure's column: the nearest, and those above it.

    They reach up to the next line with figures: 一年级 over 男, not the header of a part above.
    """
    nearest = header_of(table, figure)
    if nearest is None:
        return ()
    filled = {cell.row for cell in table.figures if cell.row < nearest.row}
    first = max(filled, default=-1) + 1
    return tuple(
        cell
        for cell in table.cells
        if cell.address is None
        and cell.label
        and first <= cell.row <= nearest.row
        and cell.column <= figure.column < cell.column + cell.column_span
        and cell.row + cell.row_span <= figure.row
    )
