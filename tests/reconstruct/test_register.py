"""Registration: a form that is printed and read comes back as itself, figure by figure."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document.fragment import SpanText
from document.geometry import Box
from reconstruct.register import Registration, identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import (
    HEIGHT,
    TOP,
    as_printed,
    assert_right,
    form,
    fragment_of,
    printed,
    relabelled,
    table,
    without_column_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.fragment import Fragment
    from document.template import TableTemplate, TemplateCell
    from tests.reconstruct.printed_forms import Printed

TABLES = [(one.id.removeprefix("cn-foi/"), kind.id) for one in builtin() for kind in one.tables]
DIFFERENT = [(name, kind) for name, kind in TABLES if kind != "t4"]
MISREAD = "人入八大太天夫末未土士己已日曰目月用田由甲申口品回国园图由串中虫一丨丶"


def known(fragments: Sequence[Fragment]) -> Registration:
    found = identify(fragments, builtin())
    assert found is not None
    return found


def misreading(seed: int, share: float) -> Callable[[TemplateCell], str]:
    """Each character of a label is misread with probability ``share``."""
    dice = random.Random(seed)  # noqa: S311 - noise, not a secret
    texts: dict[TemplateCell, str] = {}

    def say(cell: TemplateCell) -> str:
        if cell.address is not None:
            return as_printed(cell)
        if cell not in texts:
            texts[cell] = "".join(
                dice.choice(MISREAD) if dice.random() < share else c for c in cell.label
            )
        return texts[cell]

    return say


@pytest.mark.parametrize(("name", "kind"), TABLES)
def test_a_form_as_printed_is_itself(name: str, kind: str) -> None:
    page = printed(table(name, kind))
    found = known(page.fragments)
    assert found.table == page.table
    assert_right(found, page)
    assert all(place.reliable for place in found.places)
    assert found.labels > 0.95


@pytest.mark.parametrize(("name", "kind"), DIFFERENT)
def test_generations_are_told_apart(name: str, kind: str) -> None:
    found = known(printed(table(name, kind)).fragments)
    assert found.template.id == f"cn-foi/{name}"


@pytest.mark.parametrize(("name", "kind"), TABLES)
def test_any_spelling_the_form_knows_is_as_good(name: str, kind: str) -> None:
    def last_variant(cell: TemplateCell) -> str:
        return cell.spellings[-1] if cell.address is None else "3"

    page = printed(table(name, kind), say=last_variant)
    found = known(page.fragments)
    assert_right(found, page)
    assert all(place.reliable for place in found.places)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from(TABLES), st.sampled_from([0.1, 0.15, 0.2]))
def test_labels_misread_in_part_still_place_every_figure(
    seed: int, which: tuple[str, str], share: float
) -> None:
    page = printed(table(*which), say=misreading(seed, share))
    found = known(page.fragments)
    assert found.table.id == which[1]
    if which[1] != "t4":
        assert found.template.id == f"cn-foi/{which[0]}"
    assert_right(found, page)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.sets(st.integers(3, 27), min_size=1, max_size=4))
def test_lost_rows_are_missing_and_the_others_right(lost: set[int]) -> None:
    t3 = table("2021", "t3")
    page = printed(t3, rows=[row for row in range(t3.rows) if row not in lost])
    found = identify(page.fragments, (form("2021"),))
    assert found is not None
    assert {place.address[0] for place in found.places}.isdisjoint(
        {cell.address[0] for cell in t3.figures if cell.address and cell.row in lost}
    )
    assert_right(found, page)


@pytest.mark.parametrize(
    ("lost", "seed"),
    [
        ({13}, 0),
        ({7, 11}, 1),
        ({4, 5, 14}, 2),
        ({15, 20, 24}, 5),
        ({7, 26}, 0),
    ],
)
def test_lost_rows_and_misread_labels_together_never_mislead(lost: set[int], seed: int) -> None:
    t3 = table("2021", "t3")
    kept = [row for row in range(t3.rows) if row not in lost]
    page = printed(t3, rows=kept, say=misreading(seed, 0.12))
    found = identify(page.fragments, (form("2021"),))
    assert found is not None
    for place in found.places:
        if place.reliable:
            assert place.address in page.boxes
            assert place.polygon == page.boxes[place.address][1].polygon


@pytest.mark.parametrize(("name", "kind"), [("2021", "t2"), ("2021", "t3"), ("2019", "t3")])
def test_a_footnote_below_is_not_a_line_of_the_form(name: str, kind: str) -> None:
    page = printed(table(name, kind), footnote="注：以上数据统计截止时间为本年度十二月三十一日")
    found = known(page.fragments)
    assert_right(found, page)
    assert all(place.reliable for place in found.places)


def test_total_beside_the_applicants_makes_no_difference() -> None:
    """Some agencies let 申请人情况 span six columns and put 总计 beside it, three bands tall."""
    t3 = table("2021", "t3")
    page = printed(_total_beside(t3))
    assert_right(found := known(page.fragments), page)
    assert found.table.id == "t3"
    assert all(place.reliable for place in found.places)


def _total_beside(t3: TableTemplate) -> TableTemplate:
    cells = []
    for cell in t3.cells:
        if cell.label == "申请人情况":
            cells.append(replace(cell, column_span=6))
        elif cell.label == "总计" and cell.row == 1:
            cells.append(replace(cell, row=0, row_span=3))
        else:
            cells.append(cell)
    return replace(t3, cells=tuple(cells))


@pytest.mark.parametrize("last", [6, 10, 15, 20])
def test_where_the_editions_agree_the_one_in_use_is_taken(last: int) -> None:
    """Its rows 其他处理 1 to 3 are lost; the older edition's single row must not stand for them."""
    page = printed(table("2021", "t3"), rows=range(last))
    assert known(page.fragments).template.id == "cn-foi/2021"


def test_the_older_edition_is_known_by_its_own_row() -> None:
    whole = table("2019", "t3")
    page = printed(whole, rows=range(8, whole.rows))
    assert known(page.fragments).template.id == "cn-foi/2019"


def test_two_headers_swapped_leave_their_columns_in_doubt() -> None:
    swapped = {"商业企业": "科研机构", "科研机构": "商业企业"}
    page = printed(table("2021", "t3"), say=relabelled(swapped))
    columns = {"business", "research"}
    found = known(page.fragments)
    doubtful = [place for place in found.places if place.address[1] in columns]
    assert doubtful
    assert not any(place.reliable for place in doubtful)
    assert all(place.reliable for place in found.places if place.address[1] == "total")


def with_joined_headers(page: Printed, first: str, second: str) -> Fragment:
    """The line between two headers is lost: their words are read together, line by line."""
    fragment = page.fragments[0]
    spans = []
    for one in fragment.spans:
        if one.text == second and one.span.bottom == 3:
            continue
        if one.text == first and one.span.bottom == 3:
            box = one.span.box
            wide = Box(box.left, box.top, box.right + (box.right - box.left), box.bottom)
            span = replace(one.span, right=one.span.right + 1, box=wide)
            read = ((box.top + 10, first[:2] + second[:2]), (box.top + 30, first[2:] + second[2:]))
            spans.append(SpanText(span, read, inked=True))
        else:
            spans.append(one)
    return replace(fragment, spans=tuple(spans))


def test_headers_read_together_still_prove_their_columns() -> None:
    page = printed(table("2021", "t3"))
    found = known([with_joined_headers(page, "商业企业", "科研机构")])
    assert all(place.reliable for place in found.places)


@pytest.mark.parametrize("first", ["法律服务机构", "其他"])
def test_a_long_header_read_with_a_short_one_denies_neither_in_their_order(first: str) -> None:
    """What is read in the place of 其他 is then mostly 法律服务机构."""
    swapped = {"法律服务机构": "其他", "其他": "法律服务机构"}
    right = first == "法律服务机构"
    page = printed(table("2021", "t3"), say=relabelled({} if right else swapped))
    second = "其他" if right else "法律服务机构"
    joined = with_joined_headers(page, first, second)
    spans = [
        replace(one, lines=((one.span.box.center[1], first + second),))
        if len(one.text) == len(first + second) and one.span.bottom == 3
        else one
        for one in joined.spans
    ]
    found = known([replace(joined, spans=tuple(spans))])
    told = [place.reliable for place in found.places if place.address[1] in {"legal", "other"}]
    assert told
    assert set(told) == {right}


def test_headers_read_together_in_the_wrong_order_do_not() -> None:
    swapped = {"商业企业": "科研机构", "科研机构": "商业企业"}
    page = printed(table("2021", "t3"), say=relabelled(swapped))
    found = known([with_joined_headers(page, "科研机构", "商业企业")])
    doubtful = [p for p in found.places if p.address[1] in {"business", "research"}]
    assert doubtful
    assert not any(place.reliable for place in doubtful)


def test_labels_that_slipped_a_row_do_not_vouch_for_it() -> None:
    """Inside （三） each label stands one band lower than its figures; the last one is gone."""
    t3 = table("2021", "t3")
    label = {cell.row: cell.label for cell in t3.cells if cell.column == 2}
    slipped = {label[row]: label.get(row - 1, "") if row > 7 else "" for row in range(7, 15)}
    page = printed(t3, say=relabelled(slipped))
    found = known(page.fragments)
    row_of = {cell.address: cell.row for cell in t3.figures}
    for place in found.places:
        line = row_of[place.address]
        band = round((place.polygon[0][1] - TOP) / HEIGHT)
        if 7 <= line < 15 and place.reliable:
            assert slipped.get(label[band]) == label[line]
        if line < 7 or line > 15:
            assert band == line


@pytest.mark.parametrize("erased", range(1, 10))
def test_a_column_line_that_vanished_puts_no_figure_surely_in_a_wrong_place(erased: int) -> None:
    page = printed(table("2021", "t3"))
    found = known([without_column_line(page.fragments[0], erased)])
    sure = [place for place in found.places if place.reliable]
    if erased in (1, 2):  # between labels: the figures' own columns are whole
        assert len(sure) == len(page.boxes)
    for place in sure:
        box = page.boxes[place.address][1]
        assert place.polygon[0] == pytest.approx((box.left, box.top), abs=2)
        assert place.polygon[2] == pytest.approx((box.right, box.bottom), abs=2)


def test_figures_too_long_for_the_small_reader_do_not_pass_for_labels() -> None:
    def amounts(cell: TemplateCell) -> str:
        return cell.label if cell.address is None else "1234567.89"

    for name, kind in TABLES:
        page = printed(table(name, kind), say=amounts)
        assert_right(known(page.fragments), page)


def test_blank_figures_are_placed_too() -> None:
    def blank(cell: TemplateCell) -> str:
        return cell.label if cell.address is None else ""

    for name, kind in TABLES:
        page = printed(table(name, kind), say=blank)
        assert_right(known(page.fragments), page)


def test_other_tables_are_no_form_of_ours() -> None:
    staff = [["姓名", "职务", "电话"], ["张三", "科长", "87654321"], ["李四", "科员", "12345678"]]
    budget = [
        ["科目", "预算数", "决算数"],
        ["一般公共服务支出", "120", "118"],
        ["总计", "120", "118"],
    ]
    unread = [["", "", ""], ["", "3", "4"], ["", "5", "6"]]
    for texts in (staff, budget, unread):
        assert identify([fragment_of(texts)], builtin()) is None
    assert identify([], builtin()) is None
    assert identify([fragment_of(staff)], ()) is None
