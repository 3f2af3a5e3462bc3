"""Tells the places of figures by the count of a line's cells, where a text marks empty ones.

Published reports leave cells empty instead of printing zeros; then no line of a text may be full,
and no two lines need have the same width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.evidence import parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from reconstruct.run_together import Sums
    from reconstruct.text_rows import TextRow

ENDS = 2
"""Empty cells behind a line's last place: the rest of its label's span, or the next line's begin.

Left of the labels of 表三 merged cells go on in two columns at most.
"""

WITNESSES = 3
"""Lines that must say the same before one is believed that could be read in another way."""


def counted(row: TextRow, rows: Sequence[TextRow], sums: Sums) -> tuple[str, ...] | None:
    """Return what stands in each place of a line with empty cells, None where that is not sure.

    The line has a cell for each place, its last one, a total, is filled, and its sums hold: a
    cell lost before the total would have moved it. Empty cells right behind a label that spans
    columns could be parts of the span; so of such lines several must agree, and none speak against
    it. Of lines that are empty altogether several must be alike.
    """
    if not sums or not _marked(row):
        return None
    agreeing = [one for one in rows if _marked(one) and _ends_in_total(one)]
    if row.figures:
        if not (_ends_in_total(row) and _adds_up(row, sums)):
            return None
        known = row.span == 1 or (
            sum(one.span > 1 for one in agreeing) >= WITNESSES and not any(map(_exceeds, rows))
        )
        return _contents(row) if known else None
    alike = sum(_marked(one) and not one.figures for one in rows)
    known = min(alike, len(agreeing)) >= WITNESSES and not any(map(_exceeds, rows))
    return _contents(row) if known else None


def _marked(row: TextRow) -> bool:
    """Tell whether a line has a cell for each place, and at most a few empty ones behind."""
    n = len(row.cells)
    one_each = len({piece.cell for piece in row.elements}) == len(row.elements)
    extra = len(row.elements) - n
    return row.whole and one_each and 0 <= extra <= ENDS and not _exceeds(row)


def _exceeds(row: TextRow) -> bool:
    """Tell whether a figure stands behind the last place, counted from the label."""
    return any(piece.kind == "figure" for piece in row.elements[len(row.cells) :])


def _ends_in_total(row: TextRow) -> bool:
    return row.elements[len(row.cells) - 1].kind == "figure"


def _contents(row: TextRow) -> tuple[str, ...]:
    return tuple(piece.text for piece in row.elements[: len(row.cells)])


def _adds_up(row: TextRow, sums: Sums) -> bool:
    """Tell whether all sums within the line hold, with empty cells counted as zeros."""
    values: list[int | Decimal] = []
    for text, cell in zip(_contents(row), row.cells, strict=True):
        addend = parse(text, cell.type or "count").addend
        if addend is None:
            return False
        values.append(addend)
    return all(
        sum(values[at] for at in left) == sum(values[at] for at in right) for left, right in sums
    )
