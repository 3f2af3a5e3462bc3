"""Proves that figures stand where they are supposed to: sums cannot see rows or columns shifted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from reconstruct.align import fits
from reconstruct.bands import lines, merged
from reconstruct.columns import boundaries
from reconstruct.filled import MANY_COLUMNS
from reconstruct.gaps import DRAWN
from reconstruct.headers import READ_WELL
from reconstruct.swallowed import robbed, words_above
from reconstruct.wording import is_figure, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from document.fragment import Fragment
    from document.template import TableTemplate
    from reconstruct.align import Alignment, Match
    from reconstruct.bands import Line

CLEARLY = 0.1
"""How much better than its own a band must fit another line for its place to be doubted."""

LONGEST_RUN = 4
"""Lines in succession whose labels are not read that counting may place."""

MANY_LABELS = 3
"""Lines whose labels must end in a figure for a page's figures to stand a column to the left: of
24 drawn terrible tables one had a label with a speck behind it, and no total beside."""

WHOLE = 0.8
"""Share of a label's letters that are read where the label is all there."""


def proved_lines(
    alignment: Alignment, printed: Sequence[Line], shown: AbstractSet[int] = frozenset()
) -> frozenset[int]:
    """Return the lines whose place is proved: by their label, or by counting between others.

    Sums cannot see a shift of rows, so words must tell them. Between two lines whose labels are
    read, as many bands full of figures as the form has lines there are those lines. A band next
    to a line that is missing may have swallowed it. ``shown`` are lines that merged cells tell
    to be where they are, see ``reconstruct.structure``: not believed beside a band that says what
    another line does.
    """
    matches = [m for m in alignment.matches if not _swallows(m, alignment, printed)]
    own = {
        m.line
        for m in matches
        if m.likeness >= READ_WELL
        and (printed[m.line].labels or printed[m.line].tall)
        and not _fits_elsewhere(m, alignment, printed)
        and not _fits_beside(m, alignment, printed)
    }
    proved = set(own)
    known = [m for m in matches if m.line in own]
    for above, below in pairwise(known):
        between = [m for m in matches if above.line < m.line < below.line]
        run = [above, *between, below]
        counted = len(between) <= LONGEST_RUN and all(map(_follows, run, run[1:]))
        counted &= not any(_says_another(m, alignment, printed) for m in between)
        full = all(_full(m, alignment, printed) for m in between)
        if counted and (len(between) == 1 or full):
            proved.update(m.line for m in between)
    with_figures = [line.row for line in printed if line.figures]
    for match in matches if own and len(with_figures) == 1 else ():
        # a form with a single row of figures: nothing else on the page is so full of them
        if match.line == with_figures[0] and _full(match, alignment, printed):
            proved.add(match.line)
    for before, match in pairwise(matches):
        if before.line in own and _follows(before, match) and not printed[match.line].labels:
            proved.add(match.line)
    odd = {m.line for m in matches if shown and _owns_another(m, alignment, printed)}
    proved |= {m.line for m in matches if odd.isdisjoint(range(m.line - 1, m.line + 2))} & shown
    proved -= _rivalled(matches, alignment, printed)
    return frozenset(
        proved - _parted(matches, alignment, printed, proved) - _torn(alignment, printed)
    )


def _rivalled(matches: Sequence[Match], alignment: Alignment, printed: Sequence[Line]) -> set[int]:
    """Return the lines without words of their own that another band may as well be.

    Last year's figures beside this year's: a band full of figures that is no line of the form.
    """
    shown = {b for m in alignment.matches for b in range(m.first, m.last + 1)}
    left = [band.figures for b, band in enumerate(alignment.bands) if b not in shown]
    most = max(left, default=0)
    return {
        m.line
        for m in matches
        if 2 * most >= len(printed[m.line].figures) > 0
        and not (printed[m.line].labels or printed[m.line].tall)
    }


def _torn(alignment: Alignment, printed: Sequence[Line]) -> set[int]:
    """Return the lines without any figure next to a page's edge whose label is not all there.

    Where a row is broken there its figures stand beside the rest of its label.
    """
    bands = alignment.bands
    edges: set[tuple[int, Match]] = set()
    for number in {band.fragment for band in bands}:
        here = [m for m in alignment.matches if bands[m.first].fragment == number]
        edges.update({here[0].line: here[0], here[-1].line: here[-1]}.items() if here else ())
    torn = set()
    for line, match in edges:
        parts = bands[match.first : match.last + 1]
        words = Counter("".join(text for part in parts for text in (*part.owned, *part.shared)))
        label = Counter(printed[line].label)
        read = (label & words).total() >= WHOLE * label.total()
        if printed[line].figures and not read and not any(part.figures for part in parts):
            torn.add(line)
    return torn


def _parted(
    matches: Sequence[Match],
    alignment: Alignment,
    printed: Sequence[Line],
    proved: AbstractSet[int],
) -> set[int]:
    """Return the lines without any figure beside which another is not proved, or no line's are.

    A spurious line may part a row's label from its figures, which then stand in the next band.
    """
    shown = {b for m in alignment.matches for b in range(m.first, m.last + 1)}
    stray = {b for b, band in enumerate(alignment.bands) if b not in shown and band.figures}
    return {
        m.line
        for m in matches
        if printed[m.line].figures
        and not any(band.figures for band in alignment.bands[m.first : m.last + 1])
        and (
            not stray.isdisjoint((m.first - 1, m.last + 1))
            or any(
                0 <= line < len(printed) and printed[line].figures and line not in proved
                for line in (m.line - 1, m.line + 1)
            )
        )
    }


def shifted_lines(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[int]:
    """Return the lines whose figures seem to begin among the labels, or to have words above them.

    Where a program drew a row one cell short, or figures were set beside their columns, they
    stand one column to the left: the first is where a label should be, or behind it in its cell,
    and nothing is in the last column. Where the line between two rows is lost, the figures of one
    have the words of the other in their cells.
    """
    found, ending, printed = set(), set(), lines(table)
    for row, line in shown:
        unlabelled = not (printed[line].labels or printed[line].tall)
        if words_above(fragment, row) is not None or (unlabelled and robbed(fragment, row)):
            found.add(line)
        cells = sorted((c for c in table.figures if c.row == line), key=lambda c: c.column)
        if len(cells) < MANY_COLUMNS:
            continue
        begin, last = mapping[cells[0].column], mapping[cells[-1].column]
        here = [one for one in fragment.spans if one.span.top <= row < one.span.bottom]
        figures = [one.span for one in here if one.inked and (not one.lines or is_figure(one.text))]
        if begin is None or last is None:
            continue
        # what stands left of a line's words is the number they begin with
        said = [one.span for one in here if one.lines and not is_figure(one.text)]
        words = max((s.left for s in said if s.right <= begin and s.bottom - s.top == 1), default=0)
        among = any(words < s.right <= begin and s.bottom - s.top == 1 for s in figures)
        if any(one.inked and one.span.right > last for one in here):
            continue
        if among:
            found.add(line)
        if any(one.text[-1:].isdecimal() for one in here if one.span.right <= begin):
            ending.add(line)
    # one label may end in a speck
    return frozenset(found | ending if len(ending) >= MANY_LABELS else found)


def miscounted_lines(
    fragment: Fragment, table: TableTemplate, shown: Sequence[tuple[int, int]]
) -> frozenset[int]:
    """Return the lines whose label stands in another of their drawn cells than the form's does.

    Where a program shows the numbers of rows beside a table, or a line is lost among the labels,
    the cells of a line may be as many as the form's and still be others.
    """
    lattice = fragment.lattice
    printed = lines(table)
    found = set()
    for row, line in shown:
        label = max(printed[line].labels, key=lambda cell: cell.column, default=None)
        best = max(
            (one for one in fragment.spans if one.lines and one.span.top <= row < one.span.bottom),
            key=lambda one: likeness(one.text, label.spellings) if label else 0.0,
            default=None,
        )
        if label is None or best is None or likeness(best.text, label.spellings) < READ_WELL:
            continue
        drawn = sum(lattice.down[row][j] >= DRAWN for j in range(1, best.span.right))
        wanted = sum(
            0 < edge < label.column + label.column_span for edge in boundaries(table, line)
        )
        if drawn != wanted:
            found.add(line)
    return frozenset(found)


def _follows(before: Match, after: Match) -> bool:
    """Tell whether two matches are next to each other on the page and in the form."""
    return after.line == before.line + 1 and after.first == before.last + 1


def _full(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell whether a match is one band that holds at least half of its line's figures."""
    inked = alignment.bands[match.first].figures
    return match.first == match.last and 2 * inked >= len(printed[match.line].figures)


def _swallows(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell whether a line that is missing beside a match may be in its band."""
    seen = {m.line: m for m in alignment.matches}
    for line in (match.line - 1, match.line + 1):
        beyond = seen.get(2 * line - match.line)
        if line in seen or not 0 <= line < len(printed) or not printed[line].figures:
            continue
        near = beyond is not None and abs(beyond.first - match.first) <= 2
        if near and not _says_no_more(match, alignment, printed):
            return True
    return False


def _says_no_more(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell whether the words of a band are its line's labels and nothing besides."""
    words = merged(alignment.bands[match.first : match.last + 1]).owned
    label = sum(len(cell.label) for cell in printed[match.line].labels)
    return match.likeness >= 0.8 and len(max(words, key=len, default="")) <= 1.3 * label + 2


def _says_another(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell whether a band's words are read well, as another line's: it is counted wrongly."""
    band = merged(alignment.bands[match.first : match.last + 1])
    return any(
        like >= READ_WELL and like > match.likeness + CLEARLY
        for line, like in zip(printed, fits(band, printed), strict=True)
        if line.row != match.line and line.labels
    )


def _owns_another(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell the same of what stands in the band alone: taller cells say 予公开 beside any line."""
    band = replace(merged(alignment.bands[match.first : match.last + 1]), shared=())
    likes = fits(band, printed)
    return any(
        like >= READ_WELL and like > likes[match.line] + CLEARLY
        for line, like in zip(printed, likes, strict=True)
        if line.row != match.line and line.labels
    )


def _fits_beside(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell whether a band's words are rather those of the line above it, or below.

    Lines that stand together say like things, 申请人逾期…, and a band one too low holds most of
    what the line above it says.
    """
    band = merged(alignment.bands[match.first : match.last + 1])
    likes = fits(band, printed)
    return any(
        likes[line] > match.likeness
        for line in (match.line - 1, match.line + 1)
        if 0 <= line < len(printed) and printed[line].labels and printed[line].figures
    )


def _fits_elsewhere(match: Match, alignment: Alignment, printed: Sequence[Line]) -> bool:
    """Tell whether a band's words clearly are another line's: 第二小学 is no 第一小学."""
    band = merged(alignment.bands[match.first : match.last + 1])
    return any(
        like > match.likeness + CLEARLY
        for line, like in zip(printed, fits(band, printed), strict=True)
        if line.row != match.line and line.labels
    )
