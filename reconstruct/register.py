"""Gives every figure its address: which table a lattice is, and which cell of it stands where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from reconstruct.align import Match, align
from reconstruct.bands import Band, Line, bands, lines
from reconstruct.columns import boundaries, map_columns, place_of
from reconstruct.editions import (
    as_good,
    labelled_of,
    plainly_says_its_own,
    shows_its_own,
    told_apart,
)
from reconstruct.filled import filled_lines
from reconstruct.flanked import flanked
from reconstruct.gaps import DRAWN, closed, gaps_of, kept
from reconstruct.groups import misgrouped
from reconstruct.headers import (
    READ_WELL,
    header_of,
    headers_of,
    heading_cells,
    heads_of,
    heads_over,
    mute,
    proved_columns,
    read_alone,
)
from reconstruct.overheard import denials, only_cut, overheard, released, standing
from reconstruct.proofs import miscounted_lines, proved_lines, shifted_lines
from reconstruct.steady_columns import displaced, same_columns, steady_edges
from reconstruct.structure import agreeing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.geometry import Box, Polygon
    from document.lattice import Lattice
    from document.template import Address, TableTemplate, Template, TemplateCell
    from reconstruct.align import Alignment


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: fragment number, and its corners in pixels of that view.

    ``reliable`` is False where neither its own labels nor their neighbours prove the address;
    ``countable`` tells that then its column alone is in doubt, and has both its separators.
    """

    address: Address
    fragment: int
    polygon: Polygon
    reliable: bool
    countable: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """Fragments taken for one table of a form.

    ``labels`` is the mean likeness of its labels, ``left_over`` counts bands with text that no
    line of the form accounts for, ``places`` holds the figures that were found; the rest of
    the template's are missing. ``rival`` is another edition of the form, with other figures,
    that fits about as well. ``foreign`` are words of other headers in places of headers: fragment
    number, place, words. ``mute`` are headers that cannot be read where they should stand.
    """

    template: Template
    table: TableTemplate
    score: float
    labels: float
    matches: tuple[Match, ...]
    places: tuple[Place, ...]
    left_over: int = 0
    foreign: tuple[tuple[int, Box, str], ...] = ()
    rival: Template | None = None
    mute: tuple[tuple[int, TemplateCell, Box], ...] = ()


def identify(fragments: Sequence[Fragment], templates: Sequence[Template]) -> Registration | None:
    """Return the best registration of fragments that belong together; None if none fits.

    A form fits where its labels are really read: at least two lines, or one whose label is
    unmistakable, and READ_WELL in the mean.
    """
    return _identified(tuple(fragments), tuple(templates))


@lru_cache(maxsize=64)  # the same fragments are asked about again with those of the next page
def _identified(
    fragments: tuple[Fragment, ...], templates: tuple[Template, ...]
) -> Registration | None:
    found = bands(fragments)
    tried = []
    for order, template in enumerate(templates):
        for table in template.tables:
            printed = lines(table)
            alignment = align(found, printed)
            tried.append((alignment.score, -order, template, table, alignment, printed))
    if not tried:
        return None
    best = max(tried, key=lambda one: one[:2])
    newer = [one for one in tried if one[3].id == best[3].id and one[1] > best[1]]
    if newer and not told_apart(best[3], newer[-1][3], best[4], newer[-1][4]):
        best = newer[-1]
    score, _, template, table, alignment, printed = best
    labelled = labelled_of(alignment, printed)
    mean = sum(m.likeness for m in labelled) / len(labelled) if labelled else 0.0
    strong = sum(m.likeness >= READ_WELL for m in labelled)
    sure = any(m.likeness > 0.8 and _wordy(printed[m.line]) for m in labelled)
    if mean < READ_WELL or (strong < 2 and not sure):
        return None
    same = [one for one in tried if one[3].id == table.id]
    rivals = [
        one
        for one in same
        if not plainly_says_its_own(table, one[3], alignment, printed)
        and (
            as_good(table, one[3], score - one[0])
            or not shows_its_own(table, one[3], alignment, printed)
        )
    ]
    rival = max(rivals, key=lambda one: one[0])[2] if rivals else None
    return replace(register(fragments, template, table, score, alignment), rival=rival)


def register(
    fragments: Sequence[Fragment],
    template: Template,
    table: TableTemplate,
    score: float,
    alignment: Alignment,
) -> Registration:
    """Place every figure of ``table`` that the aligned fragments show."""
    found, printed = alignment.bands, lines(table)
    labelled = labelled_of(alignment, printed)
    sure = _proved(fragments, template, table, alignment)
    places: list[Place] = []
    none: frozenset[TemplateCell] = frozenset()
    above = headed = alone = whole_above = denied = elsewhere = none
    foreign: list[tuple[int, Box, str]] = []
    unread: list[tuple[int, TemplateCell, Box]] = []
    before: tuple[float | None, ...] = ()
    cut: dict[TemplateCell, set[int]] = {}
    for number, fragment in enumerate(fragments):
        shown = _shown(alignment, number)
        mapping = map_columns(fragment.lattice, table, shown)
        at = tuple(place_of(fragment.lattice.xs, edge) for edge in mapping)
        same = same_columns(before, at, table)
        heads = heads_of(fragment, table, mapping, shown)
        headed = (headed if same else frozenset()) | proved_columns(heads)
        steady = steady_edges(before, at, table)
        above = standing(above | alone, steady_edges(before, at, table, known=True))
        denied -= released(cut, before, at, steady)
        cut = only_cut(heads, fragment.heard, denied) or cut
        denied = denials(heads, fragment.heard, denied, above)
        away = not heads.read and displaced(before, at, fragment.lattice.xs, table)
        before, denied = at, denied | (heading_cells(table) if away else none)
        elsewhere |= misgrouped(fragment, table, mapping, shown)
        foreign += [(number, *one) for one in overheard(heads, above)]
        unread += [(number, one, heads.boxes[one]) for one in mute(heads)]
        gaps = gaps_of(fragment.lattice, table, mapping, shown)
        alone = (alone if same else frozenset()) | (own := read_alone(heads))
        filled = filled_lines(fragment, table, mapping, shown, own)
        whole_above = kept(whole_above, mapping, steady).union(
            flanked(fragment, table, mapping, shown, gaps, heads),
            heads_over(table, filled),
            none if gaps else headed,
        )
        shifted = shifted_lines(fragment, table, mapping, shown)
        miscounted = miscounted_lines(fragment, table, shown)
        for match in alignment.matches:
            home, whole = _home(found[match.first : match.last + 1])
            if home != number:
                continue
            rows = [b.row for b in found[match.first : match.last + 1] if b.fragment == number]
            for cell in printed[match.line].figures:
                edges = _edges(fragment.lattice, table, mapping, cell, rows)
                if edges is None or cell.address is None:
                    continue
                left, right, counted = edges
                polygon = fragment.lattice.polygon(rows[0], rows[-1] + 1, left, right)
                header = header_of(table, cell)
                told = header in headed and (not gaps or closed(table, cell, gaps, alone))
                counted &= match.line not in miscounted
                proved = counted or match.line in filled or told or header in whole_above
                known = (denied | elsewhere).isdisjoint(headers_of(table, cell))
                undenied = whole and known and match.line in sure - shifted
                countable = undenied and not proved and right - left == cell.column_span
                places.append(Place(cell.address, number, polygon, proved and undenied, countable))
    return Registration(
        template,
        table,
        score,
        labels=sum(m.likeness for m in labelled) / max(1, len(labelled)),
        matches=alignment.matches,
        places=tuple(places),
        left_over=_left_over(alignment),
        foreign=tuple(foreign),
        mute=tuple(sorted(unread, key=lambda one: (one[0], one[2].left, one[2].top))),
    )


def _shown(alignment: Alignment, number: int) -> list[tuple[int, int]]:
    """Return the bands of a fragment that show a line of the form: (band, line)."""
    found = alignment.bands
    shown = [
        (found[b].row, m.line)
        for m in alignment.matches
        for b in range(m.first, m.last + 1)
        if found[b].fragment == number
    ]
    return shown + [(b.row, line) for b, line in alignment.repeats if b.fragment == number]


def _left_over(alignment: Alignment) -> int:
    """Count the bands with text that no line of the form accounts for."""
    shown = {b for m in alignment.matches for b in range(m.first, m.last + 1)}
    return sum(bool(b.owned) for i, b in enumerate(alignment.bands) if i not in shown)


def _proved(
    fragments: Sequence[Fragment], template: Template, table: TableTemplate, alignment: Alignment
) -> frozenset[int]:
    """Return the lines whose place is proved by words, or by merged cells where they agree."""
    printed = lines(table)
    sure = proved_lines(alignment, printed)
    if all(match.line in sure for match in alignment.matches):
        return sure
    return proved_lines(alignment, printed, agreeing(fragments, template, table, alignment))


def _home(parts: Sequence[Band]) -> tuple[int, bool]:
    """Return the fragment that holds the figures of a row cut by a page break.

    The second value is False where figures stand on both sides of the break.
    """
    numbers = sorted({band.fragment for band in parts})
    inked = {n: sum(b.figures for b in parts if b.fragment == n) for n in numbers}
    return max(numbers, key=lambda n: (inked[n], -n)), sum(map(bool, inked.values())) < 2


def _wordy(line: Line) -> bool:
    return any(len(cell.label) >= 5 for cell in line.labels)


def _edges(
    lattice: Lattice,
    table: TableTemplate,
    mapping: Sequence[float | None],
    cell: TemplateCell,
    rows: Sequence[int],
) -> tuple[float, float, bool] | None:
    """Return the separators left and right of a figure, or None where they are not to be found.

    The third value tells whether the drawn cells of the bands ``rows`` prove them: they are
    then as many as the form's line has, and counting them gives the same two. Where separators
    are only supposed, one too few here and one too many there give the same number. Where the
    mapping knows no separator, the count alone decides: some reports draw one table with
    columns that differ from section to section.
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
    return left, right, counted == (left, right) and not lattice.supposed
