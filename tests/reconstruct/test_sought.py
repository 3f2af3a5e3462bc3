"""Tables are found on a page by their labels alone, read badly and among other words."""

from __future__ import annotations

import pytest

from document.geometry import Box
from reconstruct.bands import lines
from reconstruct.planning import Word
from reconstruct.sought import labels_said, seek
from reconstruct.templates import builtin

EM = 20.0
FORMS = builtin()


def word(text: str, left: float, top: float) -> Word:
    return Word(Box(left, top, left + EM * len(text), top + EM), text)


def page(table: str, pitch: float = 30.0, form: int = 0) -> list[Word]:
    """Return the labels of a table in its rows, with prose above and below."""
    found = [
        word("（一）主动公开。全年通过门户网站发布信息三百条", 100, 20),
        word("四、结转到下一年度的工作安排如下", 100, 60),
    ]
    printed = next(one for one in FORMS[form].tables if one.id == table)
    for line in lines(printed):
        found += [
            word(cell.label, 100 + 130 * cell.column, 100 + pitch * line.row)
            for cell in line.labels
        ]
    return [*found, word("本报告数据统计期限为一月一日至十二月三十一日", 100, 1100)]


@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_every_table_is_found_with_all_its_rows(table: str) -> None:
    (found,) = [one for one in seek(page(table), FORMS, EM) if one.table.id == table]
    assert len(found.plan.rows) == found.table.rows
    assert found.plan.columns == found.table.columns


def test_labels_read_badly_or_not_at_all_leave_their_rows_in_place() -> None:
    words = page("t3")
    spoiled = [
        Word(one.box, "■" + one.text[1:]) if number % 3 else one
        for number, one in enumerate(words)
        if number % 5 != 3
    ]
    (found,) = [one for one in seek(spoiled, FORMS, EM) if one.table.id == "t3"]
    assert len(found.plan.rows) >= found.table.rows - 1
    tops = {at[0] - 30 * row for row, at in enumerate(found.plan.rows) if at is not None}
    assert len(tops) == 1


def test_the_part_of_a_table_on_a_page_is_found() -> None:
    words = [one for one in page("t3") if one.box.top > 100 + 30 * 12]
    (found,) = [one for one in seek(words, FORMS, EM) if one.table.id == "t3"]
    assert len(found.plan.rows) == found.table.rows - 13


def test_prose_is_no_table() -> None:
    words = [
        word("一、总体情况", 100, 100),
        word("本年度新收到政府信息公开申请三十四件，予以公开十二件", 100, 140),
        word("行政复议三件，行政诉讼一件，均已审结", 100, 180),
        word("五、存在的主要问题及改进情况", 100, 220),
    ]
    assert seek(words, FORMS, EM) == ()


def test_where_a_label_stands_is_told_only_where_that_is_certain() -> None:
    words = [
        Word(one.box, one.text, placed=False) if "处罚" in one.text else one for one in page("t2")
    ]
    (found,) = [one for one in seek(words, FORMS, EM) if one.table.id == "t2"]
    seen = {(c.row, c.column) for c in found.plan.cells if c.seen}
    row = next(c.row for c in found.table.cells if "处罚" in c.label)
    assert (row, 0) not in seen
    assert (row + 1, 0) in seen
    assert found.plan.rows[row] is not None


def test_labels_that_lines_say_are_counted_and_prose_says_none() -> None:
    prose = [
        "全年通过门户网站发布信息三百条",
        "行政许可事项全部公开，行政处罚及时公示",
        "（三）信息管理",
    ]
    assert labels_said(prose, FORMS) <= 1
    lone = ["第二十条第（一）项", "信息内容", "本年制发件数", "信息内容", "行政规范性文仵"]
    assert labels_said(lone, FORMS) == 4


def test_words_joined_to_figures_beside_them_do_not_tell_where_their_cell_ends() -> None:
    labels = page("t3")
    wide = next(one for one in labels if "国家秘密" in one.text)
    box = Box(wide.box.left, wide.box.top, wide.box.right + 15 * EM, wide.box.bottom)
    words = [Word(box, one.text) if one is wide else one for one in labels]
    (found,) = [one for one in seek(words, FORMS, EM) if one.table.id == "t3"]
    right = {b.right for c in found.plan.cells for b in c.seen}
    assert box.right not in right
    assert len(found.plan.rows) == found.table.rows


def test_labels_that_a_header_has_thrice_are_told_apart_though_they_stand_at_two_heights() -> None:
    table = next(one for one in FORMS[0].tables if one.id == "t4")
    words = []
    for cell in table.cells:
        if cell.address is None:
            low = 0.5 * EM * (cell.row_span - 1)
            words.append(word(cell.label, 100 + 130 * cell.column, 100 + 40 * cell.row + low))
    (found,) = [one for one in seek(words, FORMS, EM) if one.table.id == "t4"]
    seen = {c.column: c.seen[0].left for c in found.plan.cells if c.seen and c.column_span == 1}
    assert seen == {column: 100 + 130 * column for column in range(table.columns)}


def test_headings_of_other_tables_end_the_room_of_a_table() -> None:
    forms = FORMS
    head = next(one for one in forms[0].tables if one.id == "t4").headings[0]
    words = [one for one in page("t3") if one.box.top < 1000]
    bottom = max(one.box.bottom for one in words)
    left, right = "四、" + head[:10], head[10:]
    words.append(word(left, 100, bottom + 30))
    words.append(word(right, 100 + EM * (len(left) + 1), bottom + 30))
    (found,) = [one for one in seek(words, forms, EM) if one.table.id == "t3"]
    assert found.plan.room[1] == bottom + 30


def test_words_of_a_label_are_no_heading() -> None:
    (found,) = [one for one in seek(page("t3"), FORMS, EM) if one.table.id == "t3"]
    assert found.plan.room == (float("-inf"), float("inf"))


def test_prose_far_below_that_says_a_label_is_no_row_of_the_table() -> None:
    last = 100 + 30 * 22
    words = [one for one in page("t3") if one.box.top <= last]
    words.append(word("四、结转下年度继续办理", 100, last + 400))
    (found,) = [one for one in seek(words, FORMS, EM) if one.table.id == "t3"]
    bottoms = [at[1] for at in found.plan.rows if at is not None]
    assert max(bottoms) < last + 100


@pytest.mark.parametrize("end", ["top", "foot"])
def test_rows_beyond_a_long_label_that_is_not_read_are_rows_of_the_table(end: str) -> None:
    def down(one: Word) -> float:
        row = (one.box.top - 100) / 30
        if not 0 <= row < 28:
            return 0.0
        return 75.0 if row >= (25 if end == "foot" else 6) else 0.0

    words = [
        Word(
            Box(one.box.left, one.box.top + down(one), one.box.right, one.box.bottom + down(one)),
            one.text,
        )
        for one in page("t3")
    ]
    (found,) = [one for one in seek(words, FORMS, EM) if one.table.id == "t3"]
    assert len(found.plan.rows) == found.table.rows
