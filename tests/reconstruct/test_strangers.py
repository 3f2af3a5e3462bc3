"""What is of no known form is named as such, and a table announced but not found is missed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.editions import contested
from reconstruct.stitch import stitch
from reconstruct.strangers import doubtful_edition, missing_tables, unknown_fragments
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import as_printed, fragment_of, printed, table

if TYPE_CHECKING:
    from document.template import TemplateCell

STATISTICS = fragment_of(
    [
        ["统计指标", "单位", "统计数", "历年累计"],
        ["主动公开政府信息数", "条", "1204", "20931"],
        ["收到申请数", "件", "12", "87"],
        ["申请办结数", "件", "12", "85"],
        ["被申请行政复议数", "件", "0", "1"],
        ["被提起行政诉讼数", "件", "0", "0"],
    ]
)
STAFF = fragment_of(
    [["姓名", "职务", "电话"], ["张三", "科长", "87654321"], ["李四", "科员", "12345678"]]
)
NOTE = fragment_of([["扫一扫关注", ""]])


def test_a_form_used_before_2019_is_said_to_be_one_and_not_read() -> None:
    tables, unknown = stitch([STATISTICS], builtin())
    assert (tables, unknown) == ((), (0,))
    (finding,) = unknown_fragments([(3, STATISTICS)], builtin())
    assert (finding.code, finding.page) == ("foreign-form", 3)
    assert "历年累计" in finding.message.zh
    assert "历年累计" in finding.message.en


def test_any_other_table_is_left_alone_for_a_person_to_look_at() -> None:
    tables, unknown = stitch([STAFF], builtin())
    assert (tables, unknown) == ((), (0,))
    (finding,) = unknown_fragments([(2, STAFF)], builtin())
    assert (finding.code, finding.page, finding.wants_person) == ("unknown-table", 2, True)
    assert "姓名" in finding.message.zh


def test_a_frame_around_a_note_is_not_worth_a_word() -> None:
    assert unknown_fragments([(1, NOTE)], builtin()) == []


@pytest.mark.parametrize(
    ("line", "table"),
    [
        ("二、主动公开政府信息情况", "t2"),
        ("三、收到和处理政府信息公开申请情况", "t3"),
        ("收到和处理政府信息公开申请情兄", "t3"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "t4"),
    ],
)
def test_a_heading_without_its_table_is_told_once(line: str, table: str) -> None:
    (finding,) = missing_tables([(2, line), (5, line)], [], builtin())
    assert (finding.code, finding.table, finding.page) == ("table-missing", table, 2)
    assert finding.wants_person
    assert missing_tables([(2, line)], [table], builtin()) == []


def test_other_lines_announce_no_table() -> None:
    lines = ["一、总体情况", "五、存在的主要问题及改进情况", "主动公开政府信息一千二百余条", ""]
    assert missing_tables([(1, line) for line in lines], [], builtin()) == []


def test_a_whole_report_lacks_the_tables_of_its_own_form_only() -> None:
    other = replace(builtin()[0], id="other", tables=(replace(builtin()[0].tables[0], id="x"),))
    told = missing_tables([], ["t2", "t3"], (other, *builtin()), whole=True)
    assert [finding.table for finding in told] == ["t4"]
    assert missing_tables([], [], (other, *builtin()), whole=True) == []


@pytest.mark.parametrize("name", ["2019", "2021"])
def test_an_edition_is_in_doubt_where_the_rows_that_tell_it_are_lost(name: str) -> None:
    t3 = table(name, "t3")
    sixth = {cell.row for cell in t3.cells if cell.address and cell.address[0].startswith("o")}
    whole = printed(t3).fragments
    torn = printed(t3, rows=[row for row in range(t3.rows) if row < min(sixth)]).fragments
    ((sure,), _), ((unsure,), _) = stitch(whole, builtin()), stitch(torn, builtin())
    assert doubtful_edition(sure.registration, 1) == []
    (finding,) = doubtful_edition(unsure.registration, 4)
    assert (finding.code, finding.table, finding.page) == ("doubtful-edition", "t3", 4)
    assert finding.wants_person
    assert "2019" in finding.message.zh
    assert "2021" in finding.message.zh


@pytest.mark.parametrize("name", ["2019", "2021"])
def test_an_edition_is_in_doubt_where_the_rows_that_tell_it_cannot_be_read(name: str) -> None:
    """However well all other rows fit: the other edition's rows may be there instead."""
    t3 = table(name, "t3")
    sixth = {cell.row for cell in t3.cells if cell.address and cell.address[0].startswith("o")}

    def say(cell: TemplateCell) -> str:
        garbled = cell.address is None and cell.row in sixth
        return "丨丶一丨丶一丨" if garbled else as_printed(cell)

    ((unsure,), _) = stitch(printed(t3, say=say).fragments, builtin())
    (finding,) = doubtful_edition(unsure.registration, 1)
    assert finding.code == "doubtful-edition"


@pytest.mark.parametrize(
    ("name", "lost", "doubted"),
    [
        ("2019", "", {"o"}),
        ("2021", "", set()),
        # without these words it may as well be the other edition, and is as much in doubt
        ("2021", "申请人无正当理由逾期不补正", {"o"}),
    ],
)
def test_a_table_cut_below_the_first_row_that_tells_editions_apart(
    name: str, lost: str, doubted: set[str]
) -> None:
    """Figures that the other edition lacks are not sure unless words only this one has are read."""
    t3 = table(name, "t3")
    sixth = {cell.row for cell in t3.cells if cell.address and cell.address[0].startswith("o")}

    def say(cell: TemplateCell) -> str:
        said = as_printed(cell)
        return "丨丶一丨丶一丨" if lost and lost in said and cell.address is None else said

    cut = printed(t3, rows=[r for r in range(t3.rows) if r <= min(sixth)], say=say).fragments
    ((found,), _) = stitch(cut, builtin())
    if not lost:
        assert found.registration.template.id == f"cn-foi/{name}"
    assert {row for row, _ in contested(found.registration)} == doubted
    ((whole,), _) = stitch(printed(t3).fragments, builtin())
    assert contested(whole.registration) == frozenset()
