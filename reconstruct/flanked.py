"""Proves columns by those beside them: between two known ones only the form's own can stand.

A header read alone in its place fixes its column. What lies between it and the next such column,
or the end of the table, can only be the columns the form has there; their number is right unless
a separator is lost and another one too many within that very stretch.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from reconstruct.filled import MANY_ROWS, filled
from reconstruct.headers import header_of, strangely_headed, surely_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from document.fragment import Fragment
    from document.template import TableTemplate, TemplateCell
    from reconstruct.headers import Heads

NARROWEST, WIDEST = 0.75, 1.33
"""Widths, as shares of the median, of columns that are all alike.

A column cut in two is half as wide as the others and two in one are twice as wide, so that for
both to look alike here three columns of the form would have to differ by that much.
"""

FEWEST = 4
"""Columns of figures from which their widths tell what is usual."""

LEAST_TOLD = 2
"""Headers of a line that must be read in their places: one alone may have been misread."""


def flanked(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
    gaps: AbstractSet[int],
    heads: Heads,
) -> frozenset[TemplateCell]:
    """Return the headers of columns that stand between others whose headers are read.

    One column between two such is proved by them. Several are where all of a line's are about
    as wide and drawn throughout, or where each of them holds a figure in most of many rows;
    up to the end of the table likewise.
    """
    rows_of: dict[tuple[TemplateCell, ...], list[int]] = {}
    for row, line in shown:
        cells = tuple(sorted((c for c in table.figures if c.row == line), key=lambda c: c.column))
        headers = tuple(h for c in cells if (h := header_of(table, c)) is not None)
        if len(headers) == len(cells) > 1 and len(set(headers)) == len(headers):
            rows_of.setdefault(headers, []).append(row)
    known, strange = surely_told(heads), strangely_headed(heads)
    found: set[TemplateCell] = set()
    for headers, rows in rows_of.items():
        told = [header in known for header in headers]
        if sum(told) < LEAST_TOLD:
            continue
        drawn = not fragment.lattice.supposed and not gaps
        even = drawn and _even(fragment, mapping, headers)
        for first, last in _runs(told):
            run = headers[first : last + 1]
            edges = [mapping[h.column] for h in run] + [mapping[_end(run[-1])]]
            inside = {h.column for h in run} | {_end(h) for h in run}
            if any(at is None or at != int(at) for at in edges) or not gaps.isdisjoint(inside):
                continue
            if not strange.isdisjoint(run):
                continue
            between = first > 0 and last < len(headers) - 1
            if (
                (between and first == last)
                or even
                or (
                    len(rows) >= MANY_ROWS
                    and all(
                        filled(fragment, mapping[h.column], mapping[_end(h)], rows) for h in run
                    )
                )
            ):
                found.update(run)
    return frozenset(found)


def _runs(told: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of every stretch that is not told."""
    first = None
    for at, known in enumerate([*told, True]):
        if not known and first is None:
            first = at
        elif known and first is not None:
            yield first, at - 1
            first = None


def _even(
    fragment: Fragment, mapping: Sequence[float | None], headers: Sequence[TemplateCell]
) -> bool:
    """Tell whether the columns under all headers of a line are about as wide, none left out."""
    xs = fragment.lattice.xs
    sides = [(mapping[h.column], mapping[_end(h)]) for h in headers]
    if len(sides) < FEWEST or any(a is None or b is None or b != a + 1 for a, b in sides):
        return False
    widths = [xs[int(b)] - xs[int(a)] for a, b in sides if a is not None and b is not None]
    usual = median(widths)
    return all(NARROWEST * usual <= width <= WIDEST * usual for width in widths)


def _end(header: TemplateCell) -> int:
    """Return the boundary right of a header."""
    return header.column + header.column_span
