"""A figure's row and column are proved by words, by counting or by ink, or they are in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.proofs import miscounted_lines
from reconstruct.register import Registration, identify
from tests.reconstruct.printed_forms import HEIGHT, as_printed, form, fragment_of, printed, table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from document.fragment import Fragment, SpanText
    from document.lattice import Lattice
    from document.template import TemplateCell

GARBLED = "丨丶一丨丶一"
FIGURES = 7
"""Columns of figures of 表三."""

FIRST_FIGURES = 3
"""The line of 表三 in which figures begin."""


def known(*fragments: Fragment) -> Registration:
    found = identify(fragments, (form("2021"),))
    assert found is not None
    return found


def doubted(found: Registration) -> set[int]:
    """Return the lines of the form with a figure whose place is in doubt."""
    line = {cell.address: cell.row for cell in found.table.figures}
    return {line[place.address] for place in found.places if not place.reliable}


def t3(*, unread: Collection[int] = (), blank: Collection[int] = ()) -> Fragment:
    """Print 表三 with labels of some lines garbled and the figures of some left blank."""

    def say(cell: TemplateCell) -> str:
        if cell.address is not None:
            return "" if cell.row in blank else as_printed(cell)
        return GARBLED if cell.row in unread and cell.row_span == 1 else cell.label

    return printed(table("2021", "t3"), say=say).fragments[0]


def fainter(fragment: Fragment, *, share: float) -> Fragment:
    """Leave only ``share`` of every edge between columns."""
    lattice = fragment.lattice
    down = tuple(tuple(share * edge for edge in row) for row in lattice.down)
    return replace(fragment, lattice=replace(lattice, down=down))


def headless(fragment: Fragment) -> Fragment:
    """Make the words over the columns unreadable."""
    spans = tuple(
        replace(one, lines=((one.span.box.center[1], GARBLED),))
        if one.span.top < FIRST_FIGURES and one.span.left >= FIRST_FIGURES
        else one
        for one in fragment.spans
    )
    return replace(fragment, spans=spans)


def without_merged_cells(fragment: Fragment) -> Fragment:
    """Let its lines be supposed as the form has them, so that merged cells tell nothing."""
    return replace(fragment, lattice=replace(fragment.lattice, supposed=True))


@pytest.mark.parametrize("unread", [{8}, {8, 9, 10}, {19, 20, 21, 22}])
def test_rows_between_rows_that_are_read_are_counted(unread: set[int]) -> None:
    assert not doubted(known(t3(unread=unread)))


def test_five_rows_in_succession_are_too_many_to_count() -> None:
    unread = {8, 9, 10, 11, 12}
    assert doubted(known(without_merged_cells(t3(unread=unread)))) == unread


def test_a_row_without_figures_may_be_none_and_so_nothing_is_counted() -> None:
    page = without_merged_cells(t3(unread={8, 9, 10}, blank={9}))
    assert doubted(known(page)) == {8, 9, 10}


def test_a_row_that_may_have_swallowed_the_missing_one_is_in_doubt() -> None:
    rows = [row for row in range(28) if row != 9]
    shown = printed(table("2021", "t3"), rows=rows).fragments[0]

    def both(one: SpanText) -> SpanText:
        if "2.其他法律行政法规禁止公开" not in one.text:
            return one
        middle = one.span.box.center[1]
        return replace(one, lines=((middle, one.text), (middle, "3.危及“三安全一稳定”")))

    swallowed = replace(shown, spans=tuple(both(one) for one in shown.spans))
    assert not doubted(known(shown))
    assert doubted(known(swallowed)) & {8, 9}


def test_columns_without_readable_headers_and_lines_are_known_by_their_figures() -> None:
    page = fainter(headless(t3()), share=0.25)
    assert not doubted(known(page))


def test_with_half_of_the_figures_blank_they_are_not() -> None:
    page = fainter(headless(t3(blank=set(range(4, 28, 2)))), share=0.25)
    assert doubted(known(page))


def test_a_column_of_words_is_none_of_figures() -> None:
    page = fainter(headless(t3()), share=0.25)

    def worded(one: SpanText) -> SpanText:
        if one.span.top < FIRST_FIGURES or one.span.left != FIRST_FIGURES:
            return one
        return replace(one, lines=((one.span.box.center[1], "其他"),))

    shifted = replace(page, spans=tuple(worded(one) for one in page.spans))
    assert doubted(known(shifted))


def test_separators_set_between_figures_are_no_proof_by_their_number() -> None:
    """One too few here, and one in a blank column there, would be as many."""
    bare = headless(t3(blank=set(range(4, 28, 2))))
    drawn = known(bare)
    supposed = known(replace(bare, lattice=replace(bare.lattice, supposed=True)))
    assert not doubted(drawn)
    assert doubted(supposed)
    full = headless(t3())
    assert not doubted(known(replace(full, lattice=replace(full.lattice, supposed=True))))


def test_the_only_row_of_figures_is_known_without_the_header_above_it() -> None:
    t4 = table("2021", "t4")
    lowest = max(cell.row for cell in t4.cells if cell.address is None)

    def say(cell: TemplateCell) -> str:
        if cell.address is not None:
            return as_printed(cell)
        return GARBLED if cell.row + cell.row_span - 1 == lowest else cell.label

    assert not doubted(known(printed(t4, say=say).fragments[0]))


@pytest.mark.parametrize("above", [True, False])
def test_a_second_row_of_figures_leaves_open_which_is_meant(*, above: bool) -> None:
    """Last year's figures stood in a row beside this year's, and either was taken for sure."""
    t4 = table("2021", "t4")
    (plain,) = printed(t4, footnote="去年").fragments
    last = max(cell.row for cell in t4.figures)
    rows = [last, last + 1] if above else [last + 1, last]
    figures = [one for one in plain.spans if one.span.top == last]
    others = [one for one in plain.spans if one.span.top < last]

    def at(one: SpanText, row: int) -> SpanText:
        box = replace(
            one.span.box,
            top=one.span.box.top + (row - last) * HEIGHT,
            bottom=one.span.box.bottom + (row - last) * HEIGHT,
        )
        return replace(one, span=replace(one.span, top=row, bottom=row + 1, box=box))

    both = [at(one, row) for row in rows for one in figures]
    down = (*plain.lattice.down[:-1], plain.lattice.down[-2])
    lattice = replace(plain.lattice, down=down)
    found = known(replace(plain, spans=(*others, *both), lattice=lattice))
    assert doubted(found) == {last}
    assert doubted(known(*printed(t4).fragments)) == set()


def test_a_row_of_figures_below_headers_that_hold_another_is_in_doubt() -> None:
    """A look at last year's figures above this year's had taken them into the headers."""
    t4 = table("2021", "t4")
    (plain,) = printed(t4).fragments
    last = max(cell.row for cell in t4.figures)
    spans = tuple(
        replace(one, lines=(*one.lines, (one.span.box.bottom - 4, "14")))
        if one.span.bottom == last
        else one
        for one in plain.spans
    )
    assert doubted(known(replace(plain, spans=spans))) == {last}


def test_the_last_row_is_no_exception() -> None:
    """What follows the totals on the page may be another table's figures."""
    assert doubted(known(without_merged_cells(t3(unread={27})))) == {27}


def test_a_blank_row_among_few_leaves_the_columns_unproved() -> None:
    whole = fainter(headless(t3(blank={26})), share=0.25)
    assert not doubted(known(whole))
    rows = [0, 1, 2, 25, 26, 27]

    def say(cell: TemplateCell) -> str:
        return "" if cell.row == 26 and cell.address else as_printed(cell)

    tail = printed(table("2021", "t3"), rows=rows, say=say).fragments[0]
    assert doubted(known(fainter(headless(tail), share=0.25))) >= {25, 27}


@pytest.mark.parametrize("line", [10, 27])
def test_a_row_whose_figures_begin_among_the_labels_is_in_doubt(line: int) -> None:
    """A row drawn one cell short: its first figure stands where a label should be."""
    whole = t3()
    cells = {one.span.box: one for one in whole.spans}
    here = sorted(
        (
            one
            for one in whole.spans
            if one.span.top == line and one.span.bottom == line + 1 and not one.lines
        ),
        key=lambda one: one.span.left,
    )
    assert len(here) == FIGURES
    labels = [one for one in whole.spans if one.span.top <= line < one.span.bottom and one.lines]
    nearest = next(one for one in labels if one.span.right == here[0].span.left)
    moved = replace(here[0], span=replace(nearest.span, top=line, bottom=line + 1))
    cells[here[-1].span.box] = replace(here[-1], inked=False)
    shifted = replace(whole, spans=(*cells.values(), moved))
    assert line in doubted(known(shifted))
    assert line not in doubted(known(whole))


def parted(lattice: Lattice, at: int, row: int) -> Lattice:
    """Part the band right of separator ``at`` in two, by a line that is drawn in one row alone."""

    def more(values: Sequence[float], middle: float) -> tuple[float, ...]:
        return (*values[: at + 1], middle, *values[at + 1 :])

    return replace(
        lattice,
        nodes=tuple(
            (*n[: at + 1], ((n[at][0] + n[at + 1][0]) / 2, n[at][1]), *n[at + 1 :])
            for n in lattice.nodes
        ),
        across=tuple(more(one, one[at]) for one in lattice.across),
        down=tuple(more(one, float(i == row)) for i, one in enumerate(lattice.down)),
        column_walls=more(lattice.column_walls, 0.0),
    )


def test_the_number_that_a_label_begins_with_is_no_figure_of_its_line() -> None:
    """A line through the labels parts 1、 from its words; the last figure stands on a line."""
    whole = t3()
    line = 6
    label = max(
        (one for one in whole.spans if one.span.top == line and one.lines),
        key=lambda one: one.span.left,
    )
    at = label.span.right - 1  # the band that is parted

    def moved(one: SpanText) -> SpanText:
        left, right = one.span.left, one.span.right
        last = one.span.top == line and right == whole.lattice.columns
        span = replace(one.span, left=left + (left > at), right=right + (right > at))
        return replace(one, span=span, inked=one.inked and not last)

    others = [moved(one) for one in whole.spans if one is not label]
    number = replace(label, lines=(), span=replace(label.span, right=at + 1))
    words = replace(label, span=replace(label.span, left=at + 1, right=at + 2))
    lattice = parted(whole.lattice, at, line)
    assert line not in doubted(
        known(replace(whole, lattice=lattice, spans=(*others, number, words)))
    )


@pytest.mark.parametrize(("last", "several", "shifted"), [(0, 1, 1), (1, 1, 0), (0, 0, 0)])
def test_rows_whose_labels_end_in_figures_and_whose_last_column_is_blank_are_shifted(
    last: int, several: int, shifted: int
) -> None:
    """All figures of a table stood a column to the left, the first ones behind their labels."""
    whole = t3()
    rows = {5, 6, 7} if several else {5}
    spans = []
    for one in whole.spans:
        here = one.span.top in rows and one.span.bottom == one.span.top + 1
        end = one.span.right == whole.lattice.columns
        said = one.lines[0][1] + "40" if here and one.lines else ""
        moved = replace(one, lines=((one.lines[0][0], said),)) if said else one
        spans.append(replace(one, inked=bool(last)) if here and end else moved)
    found = doubted(known(replace(whole, spans=tuple(spans))))
    assert rows.issubset(found) if shifted else rows.isdisjoint(found)


def test_cells_as_many_as_the_form_has_prove_nothing_where_the_label_stands_in_another() -> None:
    form = table("2021", "t2")
    assert miscounted_lines(fragment_of([["规章", "2", "45", "52"]]), form, [(0, 2)]) == frozenset()
    numbered = fragment_of([["4", "规章", "2", "45"]])
    assert miscounted_lines(numbered, form, [(0, 2)]) == {2}


def test_a_single_row_of_figures_proves_no_separator_that_is_only_supposed() -> None:
    page = fainter(printed(table("2021", "t4")).fragments[0], share=0.25)
    page = replace(page, lattice=replace(page.lattice, supposed=True))
    assert not doubted(known(page))
    garbled = tuple(
        replace(one, lines=((one.span.box.center[1], GARBLED),))
        if one.span.bottom == 3 and one.span.left in {8, 9}
        else one
        for one in page.spans
    )
    assert doubted(known(replace(page, spans=garbled)))


@pytest.mark.parametrize("blank", [False, True])
def test_the_rest_of_a_row_broken_by_a_pages_end_is_no_blank_row(*, blank: bool) -> None:
    broken = 20

    def say(cell: TemplateCell) -> str:
        if cell.row != broken or cell.row_span > 1:
            return as_printed(cell)
        return cell.label[len(cell.label) // 2 :] if cell.address is None else "" if blank else "0"

    found = known(*printed(table("2021", "t3"), cuts=(broken,), say=say).fragments)
    assert doubted(found) == ({broken} if blank else set())


def test_rows_set_one_too_low_are_in_doubt_though_their_number_is_right() -> None:
    above, own = (_label(line) for line in (23, 24))
    worded = {24: above[above.index("逾期") :], 25: own, 26: "3.其他（七）总计"}

    def say(cell: TemplateCell) -> str:
        if cell.address is not None:
            return as_printed(cell)
        return worded.get(cell.row, cell.label) if cell.row_span == 1 else cell.label

    assert doubted(known(*printed(table("2021", "t3"), say=say).fragments)) >= {24, 25}


def _label(line: int) -> str:
    cells = (c for c in table("2021", "t3").cells if c.address is None and c.row_span == 1)
    return max((c.label for c in cells if c.row == line), key=len)
