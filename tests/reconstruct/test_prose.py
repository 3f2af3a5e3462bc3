"""The prose of a report is compared with its tables, and changes none of them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from document.message import Message
from document.reading import Candidate, Reading
from document.report import Cell, Status, Table
from reconstruct.prose import contradictions, statements, suggested
from reconstruct.templates import builtin

FORM = {table.id: table for table in builtin()[0].tables}


def table(name: str, **figures: int) -> Table:
    """Return a finished table of zeros but for ``figures``, named row__column."""
    cells = tuple(
        Cell(
            address=cell.address,
            printed="0",
            value=figures.get("__".join(cell.address), 0),
            status=Status.READ,
            needs_review=False,
            confidence=1.0,
            reason=Message("", ""),
            reading=Reading((Candidate("0", 0.0),)),
            page=1,
            polygon=None,
        )
        for cell in FORM[name].figures
        if cell.address
    )
    return Table(name, "cn-foi/2021", (1,), cells, ())


def said(*lines: str) -> list[tuple[str, int]]:
    return [(one.phrase.name, one.number) for one in statements([(1, line) for line in lines])]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("本年度共收到政府信息公开申请 31 件，均已答复。", [("收到申请", 31)]),
        ("全年受理７份依申请公开申请。", [("收到申请", 7)]),
        ("2023 年我局没有收到公民、法人和其他组织的信息公开申请。", [("收到申请", 0)]),
        ("上年结转2件，结转下年度继续办理5件。", [("上年结转", 2), ("结转下年", 5)]),
        (
            "予以公开12件，部分公开3件，不予公开4件，无法提供1件。",
            [("予以公开", 12), ("部分公开", 3), ("不予公开", 4), ("无法提供", 1)],
        ),
        ("全年未发生因政府信息公开引发的行政复议、行政诉讼。", [("行政复议", 0), ("行政诉讼", 0)]),
        ("行政复议1,204件，行政诉讼三起。", [("行政复议", 1204), ("行政诉讼", 3)]),
        (
            "予以公开及部分公开42件；不予处理1件，其他处理14件，转下一年度办理答复的有1件。",
            [("予以公开和部分公开", 42), ("结转下年", 1), ("不予处理", 1), ("其他处理", 14)],
        ),
        (
            "行政复议80件，其中结果维持72件、结果纠正3件、尚未审结5件。",
            [
                ("行政复议", 80),
                ("行政复议结果维持", 72),
                ("行政复议结果纠正", 3),
                ("行政复议尚未审结", 5),
            ],
        ),
        ("行政诉讼结果维持2件。", []),
    ],
)
def test_what_prose_says_of_the_tables(line: str, meant: list[tuple[str, int]]) -> None:
    assert said(line) == meant


def test_a_sentence_may_be_broken_by_the_line() -> None:
    assert said("本年共收到政府信息公开", "申请18件，均按期答复。") == [("收到申请", 18)]


@pytest.mark.parametrize(
    "line",
    [
        "收到申请 31 件，较上年同期增加 4 件。",
        "主动公开信息 436 条，举办培训 3 次。",
        "收到群众来信 12 件。",
    ],
)
def test_what_is_no_statement_about_this_years_tables(line: str) -> None:
    assert said(line) == []


def test_prose_that_differs_is_named_with_both_figures() -> None:
    tables = [table("t3", new__total=9, new__person=9)]
    (finding,) = contradictions(statements([(2, "本年收到政府信息公开申请12件。")]), tables)
    assert finding.code == "prose-differs"
    assert finding.page == 2
    assert ("new", "total") in finding.cells
    assert "12" in finding.message.zh
    assert "9" in finding.message.en
    assert not finding.wants_person


def test_counting_with_what_was_carried_over_is_no_contradiction() -> None:
    tables = [table("t3", new__total=713, carry__total=36)]
    assert contradictions(statements([(1, "收到政府信息公开申请749件。")]), tables) == ()


def test_text_that_contradicts_itself_is_named() -> None:
    lines = [(1, "全年收到2件信息公开申请。"), (3, "本年度没有收到政府信息公开申请。")]
    codes = [one.code for one in contradictions(statements(lines), [])]
    assert codes == ["prose-contradicts-itself"]


def test_an_open_figure_gets_a_suggestion_and_keeps_its_value() -> None:
    open_table = table("t3")
    doubt = Reading((Candidate("3", 0.6), Candidate("8", 0.9), Candidate("", math.log(20))))
    cells = tuple(
        replace(cell, printed="3", value=3, needs_review=True, reading=doubt)
        if cell.address == ("new", "total")
        else cell
        for cell in open_table.cells
    )
    tables = [replace(open_table, cells=cells)]
    spoken = statements([(1, "本年收到政府信息公开申请8件。")])
    (hinted,) = suggested(spoken, tables)
    cell = next(cell for cell in hinted.cells if cell.address == ("new", "total"))
    assert (cell.value, cell.suggestion, cell.needs_review) == (3, 8, True)
    assert "8" in cell.reason.zh
    unseen = suggested(statements([(1, "本年收到政府信息公开申请5件。")]), tables)
    assert unseen == tuple(tables)


def test_prose_never_touches_a_figure_that_stands() -> None:
    tables = [table("t3", new__total=9)]
    assert suggested(statements([(1, "本年收到政府信息公开申请12件。")]), tables) == tuple(tables)
