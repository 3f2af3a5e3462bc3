"""Proves columns by their headers: sums cannot see two columns swapped or shifted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.fragment import Fragment
    from document.geometry import Box
    from document.template import TableTemplate, TemplateCell

READ_WELL = 0.55
"""Likeness from which a label is taken to say what the form says."""

TOGETHER, APART = 0.65, 0.1
"""The same for several headers read as one, and how much less like them any swap must be."""

CLEARLY = 0.7
"""Likeness from which words are another header's."""

LONGER = 1.4
"""How much longer than a header its words must be for another's to be among them."""


def proved_columns(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the header cells whose words are really read where the mapping puts them.

    Sums cannot see two columns swapped or shifted, so each column must be proved by its header.
    """
    boxes = _header_boxes(fragment, table, mapping, shown)
    read = _read_headers(fragment, boxes)
    together = _run_together(fragment, boxes)
    proved = {h for h, text in read.items() if likeness(text, h.spellings) >= READ_WELL}
    proved -= {header for row, _ in together for header in row}
    if fragment.lattice.supposed:
        proved -= {h for h in proved if _holds_another(h, read)}
    return frozenset(proved.union(*(row for row, proves in together if proves)))


def read_alone(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the header cells in whose place their own words are read, and no others with them."""
    boxes = _header_boxes(fragment, table, mapping, shown)
    read = _read_headers(fragment, boxes)
    alone = {h for h, text in read.items() if likeness(text, h.spellings) >= READ_WELL}
    alone -= {header for row, _ in _run_together(fragment, boxes) for header in row}
    return frozenset(header for header in alone if not _holds_another(header, read))


def _holds_another(header: TemplateCell, read: Mapping[TemplateCell, str]) -> bool:
    """Tell whether the words in a header's place are its own and a neighbour's too.

    Then a separator that is only supposed may stand for two columns.
    """
    text = read[header]
    beside = (o for o in read if o.row == header.row and o.label not in {header.label, ""})
    return len(text) > LONGER * len(header.label) and any(
        likeness(text, other.spellings) >= CLEARLY for other in beside
    )


def denied_columns(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the header cells in whose place another column's words are clearly read."""
    boxes = _header_boxes(fragment, table, mapping, shown)
    read = _read_headers(fragment, boxes)
    denied = {
        h
        for h, text in read.items()
        for other in read
        if other.label != h.label
        and likeness(text, other.spellings) > max(CLEARLY, likeness(text, h.spellings) + 0.2)
    }
    together = _run_together(fragment, boxes)
    return frozenset(denied.union(*(row for row, proves in together if proves is False)))


def _header_boxes(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> dict[TemplateCell, Box]:
    """Return where the mapping puts each header over a column of figures."""
    rows_of: dict[int, list[int]] = {}
    for row, line in shown:
        rows_of.setdefault(line, []).append(row)
    boxes: dict[TemplateCell, Box] = {}
    for header in {one for figure in table.figures for one in headers_of(table, figure)}:
        left, right = mapping[header.column], mapping[header.column + header.column_span]
        tall = range(header.row, header.row + header.row_span)
        rows = [row for line in tall for row in rows_of.get(line, ())]
        if left is not None and right is not None and rows:
            boxes[header] = fragment.lattice.band(min(rows), max(rows) + 1, left, right)
    return boxes


def _read_headers(fragment: Fragment, boxes: Mapping[TemplateCell, Box]) -> dict[TemplateCell, str]:
    """Return what is read in the place of each header."""
    return {
        header: "".join(s.text for s in fragment.spans if box.contains(s.span.box.center))
        for header, box in boxes.items()
    }


def _run_together(
    fragment: Fragment, boxes: Mapping[TemplateCell, Box]
) -> list[tuple[list[TemplateCell], bool | None]]:
    """Return neighbouring headers read as one, the line between them lost; and what that proves.

    True: their words together are like what the form says from left to right, and clearly less
    like it with any two neighbours swapped, so that each column has its own header. False: some
    swap is clearly more like it. None: neither.
    """
    found: list[tuple[list[TemplateCell], bool | None]] = []
    for span in fragment.spans:
        inside = [h for h, box in boxes.items() if span.text and span.span.box.contains(box.center)]
        lowest = max((h.row + h.row_span for h in inside), default=0)
        row = sorted((h for h in inside if h.row + h.row_span == lowest), key=lambda h: h.column)
        if len(row) < 2:
            continue
        labels = [header.label for header in row]
        told = likeness(span.text, ("".join(labels),))
        rivals = []
        for at in range(len(labels) - 1):
            swapped = [*labels[:at], labels[at + 1], labels[at], *labels[at + 2 :]]
            rivals.append(likeness(span.text, ("".join(swapped),)))
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
