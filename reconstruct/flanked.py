"""Proves columns by those beside them: between two known ones only the form's own can stand.

A header read alone in its place fixes its column. What lies between it and the next such column,
or the end of the table, can only be the columns the form has there; their number is right unless
a separator is lost and another one too many within that very stretch. Where all columns are about
as wide, none of them can be two, or half of one: two headers in their places, or the lines of the
header, then prove them all, though a separator is torn.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from reconstruct.columns import boundaries
from reconstruct.filled import MANY_ROWS, filled
from reconstruct.headers import header_of, strangely_headed, surely_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from document.fragment import Fragment
    from document.lattice import Lattice
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

TOLD_SUPPOSED = 3
"""The same for all columns of a table some of whose separators are only supposed.

Not where they make the whole width of the table, as in table four."""

PLAINLY, SOMEWHERE = 0.85, 0.25
"""Share of an edge that no lattice supposes, and share of the rows that must show it so, for a
separator to be one that was seen (of the lines of four torn tables the least was seen in 0.29)."""

DRAWN, GONE = 0.7, 0.3
"""Share of an edge from which a line is drawn there, and up to which there is none."""

FEWEST_EDGES, AMISS = 12, 0.15
"""Edges of a header that must be seen, and the share of them that may be other than the form's."""

STEPS = 3
"""Columns by which a table's columns may be taken for others beside them."""

AHEAD = 5
"""By how many more of them must be amiss where the columns are taken for others beside them."""


def flanked(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
    gaps: AbstractSet[int],
    heads: Heads,
) -> frozenset[TemplateCell]:
    """Return the headers of columns that stand between others whose headers are read.

    One column between two such is proved by them. Several are where each of them holds a figure
    in most of many rows; up to the end of the table likewise. Where all of a line's columns are
    about as wide, and their lines are seen, they are proved together.
    """
    rows_of: dict[tuple[TemplateCell, ...], list[int]] = {}
    for row, line in shown:
        cells = tuple(sorted((c for c in table.figures if c.row == line), key=lambda c: c.column))
        headers = tuple(h for c in cells if (h := header_of(table, c)) is not None)
        if len(headers) == len(cells) > 1 and len(set(headers)) == len(headers):
            rows_of.setdefault(headers, []).append(row)
    known, strange = surely_told(heads), strangely_headed(heads)
    lattice = fragment.lattice
    found: set[TemplateCell] = set()
    for headers, rows in rows_of.items():
        told = [header in known for header in headers]
        few = not lattice.supposed or _fill_the_table(lattice, table, mapping, headers)
        least = LEAST_TOLD if few else TOLD_SUPPOSED
        bound = sum(told) >= least or _headed_by_lines(lattice, table, mapping, shown, headers)
        seen = not lattice.supposed or _seen(lattice, table, mapping, shown, headers)
        plain = seen and strange.isdisjoint(headers)
        if bound and plain and _even(fragment, mapping, headers):
            found.update(headers)
            continue
        if sum(told) < LEAST_TOLD:
            continue
        even = not lattice.supposed and not gaps and _even(fragment, mapping, headers)
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


def _headed_by_lines(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
    headers: Sequence[TemplateCell],
) -> bool:
    """Tell whether the lines of the header are drawn where those over these columns are.

    Headers reach over several columns, or several rows, and nothing is drawn inside of them. The
    pattern is another one column further. Supposed lines are drawn as the form has them.
    """
    first = min(header.row for header in headers)
    last = max(header.row + header.row_span for header in headers)
    bands = {line: row for row, line in shown if line < last}
    if lattice.supposed or any(line not in bands for line in range(first, last)):
        return False
    drawn = {at: edge for edge, at in enumerate(mapping) if at is not None and at == int(at)}
    begin, end = mapping[headers[0].column], mapping[_end(headers[-1])]
    if begin is None or end is None:
        return False
    seen: list[tuple[bool, int, int, int]] = []
    for line in range(first, last):
        row = bands[line]
        for at in range(int(begin), int(end) + 1):
            if at not in drawn:
                return False
            seen.append((True, line, drawn[at], _kind(lattice.down[row][at])))
            if at < end and line + 1 < last and bands[line + 1] == row + 1:
                seen.append((False, line, drawn[at], _kind(lattice.across[row + 1][at])))
    seen = [one for one in seen if one[3] >= 0]
    amiss = {
        step: sum(
            _printed(table, line, edge - step, upright=upright) != bool(kind)
            for upright, line, edge, kind in seen
        )
        for step in range(-STEPS, STEPS + 1)
    }
    own = amiss.pop(0)
    enough = len(seen) >= FEWEST_EDGES and own <= AMISS * len(seen)
    return enough and min(amiss.values()) >= own + AHEAD


def _kind(share: float) -> int:
    """Return 1 for an edge that is drawn, 0 for one that is not, and -1 for one that may be."""
    return 1 if share >= DRAWN else 0 if share <= GONE else -1


def _printed(table: TableTemplate, line: int, edge: int, *, upright: bool) -> bool:
    """Tell whether the form has a line at an edge: left of its column, or below ``line`` in it."""
    if upright:
        return edge in boundaries(table, line)
    return not any(
        cell.row <= line < cell.row + cell.row_span - 1
        and cell.column <= edge < cell.column + cell.column_span
        for cell in table.cells
    )


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
    known = [(int(a), int(b)) for a, b in sides if a is not None and b == a + 1 and a == int(a)]
    if len(sides) < FEWEST or len(known) < len(sides):
        return False
    widths = [xs[b] - xs[a] for a, b in known]
    usual = median(widths)
    return all(NARROWEST * usual <= width <= WIDEST * usual for width in widths)


def _seen(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
    headers: Sequence[TemplateCell],
) -> bool:
    """Tell whether a line is drawn at each separator of these columns, at least in some rows.

    Rows of figures and of their headers count alike, wherever the form has the separator.
    """
    for edge in {h.column for h in headers} | {_end(headers[-1])}:
        at = mapping[edge]
        rows = [row for row, line in shown if edge in boundaries(table, line)]
        if at is None or not rows:
            return False
        if sum(lattice.down[row][int(at)] > PLAINLY for row in rows) < SOMEWHERE * len(rows):
            return False
    return True


def _fill_the_table(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    headers: Sequence[TemplateCell],
) -> bool:
    """Tell whether columns of figures reach from one side of the table to the other.

    Being as many as the form's, and as wide as one another, they can hardly be one further.
    """
    first, last = headers[0].column, _end(headers[-1])
    sides = (mapping[first], mapping[last]) == (0, lattice.columns)
    return sides and (first, last) == (0, table.columns)


def _end(header: TemplateCell) -> int:
    """Return the boundary right of a header."""
    return header.column + header.column_span
