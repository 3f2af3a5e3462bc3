"""Gives every figure its address: which table a lattice is, and which cell of it stands where."""

from __future__ import annotations

from dataclasses import dataclass
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
    ``misprints`` are labels that read clearly but differ: (as the form has it, as read).
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
    found, printed = bands(fragments), lines(table)
    labelled = _labelled(alignment, printed)
    mean = sum(m.likeness for m in labelled) / max(1, len(labelled))
    sure = _proved(alignment, printed, found)
    places: list[Place] = []
    for number, fragment in enumerate(fragments):
        here = [m for m in alignment.matches if found[m.first].fragment == number]
        shown = [
            (found[b].row, m.line)
            for m in here
            for b in range(m.first, m.last + 1)
            if found[b].fragment == number
        ]
        mapping = map_columns(fragment.lattice, table, shown)
        doubted = _moved_columns(fragment, table, mapping, shown)
        for match in here:
            rows = [b.row for b in found[match.first : match.last + 1] if b.fragment == number]
            for cell in printed[match.line].figures:
                edges = _edges(fragment.lattice, table, mapping, cell, rows)
                if edges is None or cell.address is None:
                    continue
                polygon = fragment.lattice.polygon(rows[0], rows[-1] + 1, *edges)
                exact = all(edge == int(edge) for edge in edges)
                reliable = exact and match.line in sure and cell.column not in doubted
                places.append(Place(cell.address, number, polygon, reliable))
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


def _moved_columns(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[int]:
    """Return the columns of figures whose header says clearly that they are another column."""
    rows_of: dict[int, list[int]] = {}
    for row, line in shown:
        rows_of.setdefault(line, []).append(row)
    headers = [
        c
        for c in table.cells
        if c.address is None and c.row in rows_of and not _has_figures(table, c)
    ]
    doubted: set[int] = set()
    for header in headers:
        left, right = mapping[header.column], mapping[header.column + header.column_span]
        rows = [
            r
            for line in range(header.row, header.row + header.row_span)
            for r in rows_of.get(line, ())
        ]
        if left is None or right is None or not rows:
            continue
        box = fragment.lattice.band(min(rows), max(rows) + 1, left, right)
        read = "".join(s.text for s in fragment.spans if box.contains(s.span.box.center))
        own = likeness(read, header.spellings)
        other = max(
            (
                likeness(read, h.spellings)
                for h in headers
                if h.label != header.label and h.row == header.row
            ),
            default=0.0,
        )
        if other > 0.7 and other > own + 0.25:
            doubted.update(range(header.column, header.column + header.column_span))
    return frozenset(doubted)


def _has_figures(table: TableTemplate, label: TemplateCell) -> bool:
    """Tell whether a label stands beside figures, as the labels of rows do."""
    rows = range(label.row, label.row + label.row_span)
    return any(cell.address is not None and cell.row in rows for cell in table.cells)


def _edges(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    cell: TemplateCell,
    rows: Sequence[int],
) -> tuple[float, float] | None:
    """Return the separators left and right of a figure, or None where they are not to be found.

    Where the line's own drawn cells are as many as the form's, they are taken in their order:
    some reports draw one table with columns that differ from section to section.
    """
    if not rows:
        return None
    row = rows[0]
    drawn = [
        0,
        *(j for j in range(1, lattice.columns) if lattice.down[row][j] >= 0.3),
        lattice.columns,
    ]
    wanted = sorted(boundaries(table, cell.row))
    left, right = mapping[cell.column], mapping[cell.column + cell.column_span]
    if len(drawn) == len(wanted) and (left is None or right is None):
        left = drawn[wanted.index(cell.column)]
        right = drawn[wanted.index(cell.column + cell.column_span)]
    if left is None or right is None or left >= right:
        return None
    return left, right
