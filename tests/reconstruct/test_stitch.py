"""Tables that run over pages are put together; what is of no form stays out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document.fragment import SpanText
from document.geometry import Box
from document.lattice import Lattice, Span
from reconstruct.stitch import Stitched, stitch
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import (
    Printed,
    assert_right,
    fragment_of,
    printed,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment

LETTER = [
    ["收件人", "地址", "邮编"],
    ["王五", "北京路八号", "471000"],
    ["赵六", "南京路", "471001"],
]


def stitched(fragments: Sequence[Fragment]) -> tuple[Stitched, ...]:
    found, unknown = stitch(fragments, builtin())
    assert unknown == ()
    return found


def only(page: Printed) -> Stitched:
    (found,) = stitched(page.fragments)
    return found


@pytest.mark.parametrize("cut", [4, 5, 7, 11, 16, 22, 24, 27])
def test_t3_cut_below_any_row_is_whole_again(cut: int) -> None:
    """No header is repeated; most cuts go through the label of a merged cell."""
    page = printed(table("2021", "t3"), cuts=[cut])
    found = only(page)
    assert found.fragments == (0, 1)
    assert_right(found.registration, page)


@pytest.mark.parametrize(
    ("name", "kind", "cut"),
    [
        ("2021", "t2", 3),
        ("2021", "t2", 9),
        ("2019", "t2", 7),
        ("2019", "t2", 14),
        ("2019", "t3", 20),
    ],
)
def test_the_other_tables_cut_below_a_row_are_whole_again(name: str, kind: str, cut: int) -> None:
    page = printed(table(name, kind), cuts=[cut])
    assert_right(only(page).registration, page)


@pytest.mark.parametrize(("kind", "cut"), [("t3", 3), ("t2", 2), ("t3", 1)])
def test_a_header_left_alone_at_the_foot_of_a_page_belongs_to_what_follows(
    kind: str, cut: int
) -> None:
    page = printed(table("2021", kind), cuts=[cut])
    assert_right(only(page).registration, page)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_t4_cut_below_any_row_keeps_its_figures(cut: int) -> None:
    page = printed(table("2021", "t4"), cuts=[cut])
    (found,), _ = stitch(page.fragments, builtin())
    shift = 1 - len(found.fragments) + len(page.fragments) - 1
    assert {p.address: (p.fragment + shift, p.polygon) for p in found.registration.places} == {
        address: (n, box.polygon) for address, (n, box) in page.boxes.items()
    }


@settings(max_examples=4, deadline=None, derandomize=True)
@given(st.sets(st.integers(4, 27), min_size=2, max_size=3))
def test_t3_over_three_or_four_pages_is_whole_again(cuts: set[int]) -> None:
    page = printed(table("2021", "t3"), cuts=sorted(cuts))
    assert_right(only(page).registration, page)


@pytest.mark.parametrize("cut", [10, 21])
def test_the_rows_below_a_cut_are_proved_by_the_header_above_it(cut: int) -> None:
    page = printed(table("2021", "t3"), cuts=[cut])
    assert all(place.reliable for place in only(page).registration.places)


@pytest.mark.parametrize(
    "names", [("2021", "2021"), ("2019", "2019"), ("2021", "2019"), ("2019", "2021")]
)
def test_each_table_of_a_report_follows_its_own_generation(names: tuple[str, str]) -> None:
    t2, t3 = names
    pages = [printed(table(t2, "t2")), printed(table(t3, "t3"), cuts=[12])]
    pages.append(printed(table("2021", "t4")))
    found = stitched([fragment for page in pages for fragment in page.fragments])
    assert [one.fragments for one in found] == [(0,), (1, 2), (3,)]
    forms = [one.registration.template.id for one in found]
    assert forms[:2] == [f"cn-foi/{t2}", f"cn-foi/{t3}"]
    if t2 == t3:
        assert forms[2] == f"cn-foi/{t2}"
    for one, page in zip(found, pages, strict=True):
        assert_right(one.registration, page)


def test_two_reports_in_one_file_are_not_run_together() -> None:
    page = printed(table("2021", "t3"))
    found = stitched([*page.fragments, *page.fragments])
    assert [one.fragments for one in found] == [(0,), (1,)]
    for one in found:
        assert_right(one.registration, page)


def test_a_stranger_stays_out_and_does_not_part_what_it_stands_between() -> None:
    page = printed(table("2021", "t3"), cuts=[14])
    upper, lower = page.fragments
    found, unknown = stitch([fragment_of(LETTER), upper, lower, fragment_of(LETTER)], builtin())
    assert unknown == (0, 3)
    assert [one.fragments for one in found] == [(1, 2)]
    assert_right(found[0].registration, page)


def test_the_lower_part_alone_gives_its_figures_and_no_others() -> None:
    page = printed(table("2021", "t3"), cuts=[15])
    lower = page.fragments[1]
    (found,) = stitched([lower])
    below = {address: box for address, (number, box) in page.boxes.items() if number == 1}
    assert {place.address: place.polygon for place in found.registration.places} == {
        address: box.polygon for address, box in below.items()
    }


def test_a_row_cut_through_its_middle_takes_its_figures_from_where_they_are() -> None:
    """The page break goes through one line; its figures went to the second page."""
    t3 = table("2021", "t3")
    row = 22
    page = printed(t3, rows=[*range(row + 1), *range(row, t3.rows)], cuts=[row + 1])
    upper, lower = (
        _half(part, first) for part, first in zip(page.fragments, (True, False), strict=True)
    )
    (found,) = stitched([upper, lower])
    at = {place.address: place for place in found.registration.places}
    cells = [cell.address for cell in t3.figures if cell.row == row and cell.address]
    for address in cells:
        assert at[address].fragment == 1 or not at[address].reliable
    for address, (number, box) in page.boxes.items():
        if address not in cells:
            assert (at[address].fragment, at[address].polygon) == (number, box.polygon)


def _half(part: Fragment, upper: bool) -> Fragment:  # noqa: FBT001 - which of two halves
    """Leave in the row that was cut its label's first half, or its second with the figures."""
    band = part.lattice.rows - 1 if upper else 0
    spans = []
    for cell in part.spans:
        own = cell.span.top == band and cell.span.bottom == band + 1
        if own and cell.lines:
            ((y, text), *_), whole = cell.lines, cell.text
            text = whole[: len(whole) // 2] if upper else whole[len(whole) // 2 :]
            spans.append(replace(cell, lines=((y, text),)))
        elif own and upper:
            spans.append(replace(cell, inked=False))
        else:
            spans.append(cell)
    return replace(part, spans=tuple(spans))


def test_the_rest_of_a_cut_row_below_a_header_printed_again_goes_on() -> None:
    """As Word breaks tables: the header once more, then the second half of a label."""
    t3 = table("2021", "t3")
    row = 24
    (upper,) = printed(t3, rows=range(row + 1)).fragments
    below = printed(t3, rows=[0, 1, 2, *range(row, t3.rows)])
    spans = [
        replace(cell, inked=bool(cell.lines), lines=_rest(cell.lines))
        if (cell.span.top, cell.span.bottom) == (3, 4)
        else cell
        for cell in below.fragments[0].spans
    ]
    (found,) = stitched([upper, replace(below.fragments[0], spans=tuple(spans))])
    at = {place.address: place for place in found.registration.places}
    lines = {cell.address: cell.row for cell in t3.figures if cell.address}
    assert set(at) == set(lines)
    for address, line in lines.items():
        assert at[address].fragment == int(line > row)
        assert at[address].reliable or line == row


def _rest(lines: tuple[tuple[float, str], ...]) -> tuple[tuple[float, str], ...]:
    return tuple((y, text[len(text) // 2 :]) for y, text in lines[len(lines) // 2 :])


def test_one_row_below_a_header_that_is_hardly_legible_goes_on() -> None:
    """Letters of dirt around the header's words; lines between the row's first figures are torn."""
    t3 = table("2021", "t3")
    last = t3.rows - 1
    (upper,) = printed(t3, rows=range(last)).fragments
    words = [
        (1, 2, 0, 1, "LANSk(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)MAW"),
        (1, 2, 1, 2, "自然人"),
        (1, 2, 2, 3, "EVITNELSAR商业企业MUNK"),
        (1, 2, 3, 4, "科研机构"),
        (1, 2, 4, 5, "或其他社会公1R2益组织"),
        (1, 2, 5, 6, "相织法律版R务机构"),
        (1, 3, 6, 7, "其他"),
        (2, 3, 0, 1, "四、结转下年度继线办理"),
        (2, 3, 1, 4, "3"),
        (2, 3, 4, 5, "ASH"),
        (2, 3, 5, 6, "7020"),
    ]
    xs = (90.0, 390.0, 450.0, 510.0, 570.0, 630.0, 690.0, 750.0)
    ys = (120.0, 160.0, 240.0, 280.0)
    whole = Span(0, 1, 0, 7, Box(xs[0], ys[0], xs[-1], ys[1]))
    spans = [SpanText(whole, (), inked=True)]
    for top, bottom, left, right, text in words:
        box = Box(xs[left], ys[top], xs[right], ys[bottom])
        span = Span(top, bottom, left, right, box)
        spans.append(SpanText(span, ((box.center[1], text),), inked=True))
    lattice = Lattice(
        page=2,
        nodes=tuple(tuple((x, y) for x in xs) for y in ys),
        across=((1.0,) * 7,) * 4,
        down=((1.0,) * 8,) * 3,
        row_walls=(0.0,) * 4,
        column_walls=(0.0,) * 8,
    )
    (found,) = stitched([upper, replace(upper, lattice=lattice, spans=tuple(spans))])
    at = {place.address: place.fragment for place in found.registration.places}
    row = {cell.address for cell in t3.figures if cell.row == last and cell.address}
    below = {address for address, fragment in at.items() if fragment == 1}
    assert below, "what is left of its row is found"
    assert below <= row
    assert set(at) - below == {c.address for c in t3.figures if c.row < last and c.address}
