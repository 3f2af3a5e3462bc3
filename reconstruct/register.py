"""Gives every figure its address: which table a lattice is, and which cell of it stands where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from reconstruct.align import Match, align, bands, lines
from reconstruct.columns import boundaries, map_columns
from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.geometry import Polygon
    from document.lattice import Lattice
    from document.template import Address, TableTemplate, Template, TemplateCell
    from reconstruct.align import Alignment, Band, Line

DRAWN = 0.3
"""Share of an edge that must be covered for it to bound a cell (as in layout.lattice)."""

READ_WELL = 0.55
"""Likeness from which a label is taken to say what the form says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: fragment number, and its corners in pixels of that view.

    ``reliable`` is False where neither its own labels nor their neighbours prove the address.
    """

    address: Address
    fragment: int
    polygon: Polygon
    reliable: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """Fragments taken for one table of a form. ``labels`` is the mean likeness of its labels.

    ``places`` holds the figures that were found; the rest of the template's are missing.
    """

    template: Template
    table: TableTemplate
    score: float
    labels: float
    matches: tuple[Match, ...]
    places: tuple[Place, ...]


def identify(fragments: Sequence[Fragment], templates: Sequence[Template]) -> Registration | None:
    """Return the best registration of fragments that belong together; None if none fits.

    A form fits where its labels are really read: at least two lines, or one whose label is
    unmistakable, and READ_WELL in the mean.
    """
    found = bands(fragments)
    tried = []
    for order, template in enumerate(templates):
        for table in template.tables:
            printed = lines(table)
            alignment = align(found, printed)
            tried.append((alignment.score, -order, template, table, alignment, printed))
    if not tried:
        return None
    score, _, template, table, alignment, printed = max(tried, key=lambda one: one[:2])
    labelled = _labelled(alignment, printed)
    mean = sum(m.likeness for m in labelled) / len(labelled) if labelled else 0.0
    strong = sum(m.likeness >= READ_WELL for m in labelled)
    sure = any(m.likeness > 0.8 and _wordy(printed[m.line]) for m in labelled)
    if mean < READ_WELL or (strong < 2 and not sure):
        return None
    return register(fragments, template, table, score, alignment)


def register(
    fragments: Sequence[Fragment],
    template: Template,
    table: TableTemplate,
    score: float,
    alignment: Alignment,
) -> Registration:
    """Place every figure of ``table`` that the aligned fragments show."""
    found, printed = alignment.bands, lines(table)
    labelled = _labelled(alignment, printed)
    mean = sum(m.likeness for m in labelled) / max(1, len(labelled))
    sure = _proved(alignment, printed, found)
    places: list[Place] = []
    headed: frozenset[TemplateCell] = frozenset()
    before: tuple[float | None, ...] = ()
    for number, fragment in enumerate(fragments):
        here = [m for m in alignment.matches if found[m.first].fragment == number]
        shown = [
            (found[b].row, m.line)
            for m in here
            for b in range(m.first, m.last + 1)
            if found[b].fragment == number
        ]
        shown += [(b.row, line) for b, line in alignment.repeats if b.fragment == number]
        mapping = map_columns(fragment.lattice, table, shown)
        at = tuple(_place_of(fragment.lattice, edge) for edge in mapping)
        inherited = headed if _same_columns(before, at) else frozenset()
        headed = inherited | _proved_columns(fragment, table, mapping, shown)
        before = at
        for match in here:
            rows = [b.row for b in found[match.first : match.last + 1] if b.fragment == number]
            for cell in printed[match.line].figures:
                edges = _edges(fragment.lattice, table, mapping, cell, rows)
                if edges is None or cell.address is None:
                    continue
                left, right, counted = edges
                polygon = fragment.lattice.polygon(rows[0], rows[-1] + 1, left, right)
                exact = left == int(left) and right == int(right)
                proved = counted or (exact and _header(table, cell) in headed)
                places.append(Place(cell.address, number, polygon, proved and match.line in sure))
    return Registration(template, table, score, mean, alignment.matches, tuple(places))


def _labelled(alignment: Alignment, printed: Sequence[Line]) -> list[Match]:
    return [m for m in alignment.matches if printed[m.line].labels]


def _wordy(line: Line) -> bool:
    return any(len(cell.label) >= 5 for cell in line.labels)


def _proved(alignment: Alignment, printed: Sequence[Line], found: Sequence[Band]) -> frozenset[int]:
    """Return the lines whose place is proved: by their label, or by neighbours on both sides.

    Sums cannot see a shift of rows, so each row must be proved by words.
    """
    own = {
        m.line
        for m in alignment.matches
        if m.likeness >= READ_WELL and (printed[m.line].labels or printed[m.line].tall)
    }
    proved = set(own)
    for before, match, after in zip(
        (None, *alignment.matches), alignment.matches, (*alignment.matches[1:], None), strict=False
    ):
        above = (
            before is not None
            and before.line == match.line - 1
            and before.last == match.first - 1
            and before.line in own
        )
        below = (
            after is not None
            and after.line == match.line + 1
            and after.first == match.last + 1
            and after.line in own
        )
        at_end = match.line == len(printed) - 1 and match.last == len(found) - 1
        if (above and (below or at_end)) or (not printed[match.line].labels and above):
            proved.add(match.line)
    return frozenset(proved)


def _proved_columns(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the header cells whose words are really read where the mapping puts them.

    Sums cannot see two columns swapped or shifted, so each column must be proved by its header.
    """
    rows_of: dict[int, list[int]] = {}
    for row, line in shown:
        rows_of.setdefault(line, []).append(row)
    proved: set[TemplateCell] = set()
    for header in {_header(table, figure) for figure in table.figures} - {None}:
        if header is None:
            continue
        left, right = mapping[header.column], mapping[header.column + header.column_span]
        tall = range(header.row, header.row + header.row_span)
        rows = [row for line in tall for row in rows_of.get(line, ())]
        if left is None or right is None or not rows:
            continue
        box = fragment.lattice.band(min(rows), max(rows) + 1, left, right)
        read = "".join(s.text for s in fragment.spans if box.contains(s.span.box.center))
        if likeness(read, header.spellings) >= READ_WELL:
            proved.add(header)
    return frozenset(proved)


def _place_of(lattice: Lattice, edge: float | None) -> float | None:
    if edge is None:
        return None
    xs, left = lattice.xs, int(edge)
    return xs[left] + ((edge - left) * (xs[left + 1] - xs[left]) if edge > left else 0.0)


def _same_columns(before: Sequence[float | None], here: Sequence[float | None]) -> bool:
    """Tell whether two fragments have their columns at the same places, but for one shift.

    So a table that goes on over a page without its header is proved by the header before.
    """
    pairs = [(a, b) for a, b in zip(before, here, strict=False) if a is not None and b is not None]
    if len(pairs) < 3 or len(pairs) < len(here) - 2:
        return False
    widths = [b - a for (a, _), (b, _) in pairwise(pairs)]
    shift = median(b - a for a, b in pairs)
    return all(abs(b - a - shift) < 0.2 * median(widths) for a, b in pairs)


@cache
def _header(table: TableTemplate, figure: TemplateCell) -> TemplateCell | None:
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


def _edges(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    cell: TemplateCell,
    rows: Sequence[int],
) -> tuple[float, float, bool] | None:
    """Return the separators left and right of a figure, or None where they are not to be found.

    The third value tells whether the drawn cells of the bands ``rows`` prove them: they are
    then as many as the form's line has, and counting them gives the same two. Where the mapping
    knows no separator, the count alone decides: some reports draw one table with columns that
    differ from section to section.
    """
    if not rows:
        return None
    inner = (
        j for j in range(1, lattice.columns) if max(lattice.down[row][j] for row in rows) >= DRAWN
    )
    drawn = [0, *inner, lattice.columns]
    wanted = sorted(boundaries(table, cell.row))
    left, right = mapping[cell.column], mapping[cell.column + cell.column_span]
    counted = None
    if len(drawn) == len(wanted):
        counted = (
            drawn[wanted.index(cell.column)],
            drawn[wanted.index(cell.column + cell.column_span)],
        )
    if counted and (left is None or right is None):
        left, right = counted
    if left is None or right is None or left >= right:
        return None
    return left, right, counted == (left, right)
