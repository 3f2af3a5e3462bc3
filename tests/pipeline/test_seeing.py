"""A table that begins at a page's foot is judged with the page after it, before any second look."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from document.page import Page
from pipeline.explained import waits
from pipeline.second_look import FirstLook, Looker
from pipeline.seeing import see_all
from pipeline.sight import Line
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import printed, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.template import TemplateCell
    from layout.sheet import Sheet
    from ocr.labels import LabelReader
    from pipeline.intake import Document
    from pipeline.recover import Readers
    from pipeline.sight import Sight

T2 = printed(table("2021", "t2")).fragments
HEADING = "三、收到和处理政府信息公开申请情况"
FORMS = builtin()


def sight(fragments: Sequence[Fragment], *texts: str) -> Sight:
    """Return what was seen of a page: tables, and the lines outside of them, from the top down."""
    parts = tuple(SimpleNamespace(fragment=fragment, em=20.0) for fragment in fragments)
    loose = tuple(Line(text) for text in texts)
    lines = tuple(texts)
    seen = SimpleNamespace(parts=parts, loose=loose, lines=lines, turns=0, legible=1.0, page=1)
    return cast("Sight", seen)


def cut(*below: int) -> tuple[Fragment, ...]:
    return printed(table("2021", "t3"), cuts=below).fragments


def without_rows(*rows: int) -> tuple[Fragment, ...]:
    form = table("2021", "t3")
    return printed(form, rows=[row for row in range(form.rows) if row not in rows]).fragments


def misread(cell: TemplateCell) -> str:
    """Return what a page says on which hardly a label can be read."""
    return "3" if cell.address else "口" * len(cell.label)


FIRST = sight([*T2], HEADING, "第1页", ".")
"""Table 2 whole, and below it nothing but the heading of table 3."""
BEGUN = sight([*T2, cut(3)[0]], HEADING, "第1页", ".")
"""The same with the header of table 3, and no row of figures."""


def looked_again(first: Sight, after: Sight | None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return which further looks are taken at a page before that one, of two or of one."""
    taken: list[str] = []

    def again(sheet: object, seen: Sight, *_: object) -> tuple[object, Sight]:
        taken.append("first" if seen is first else "after")
        return sheet, seen

    pages = [first] if after is None else [first, after]
    looks = iter(FirstLook(cast("Sheet", None), one, 0) for one in pages)
    monkeypatch.setattr("pipeline.second_look._again", again)
    monkeypatch.setattr("pipeline.second_look._at_other_size", lambda sheet, seen, _: (sheet, seen))
    monkeypatch.setattr("pipeline.seeing.first_look", lambda *_: next(looks))
    sheets = [Page(n, np.zeros((9, 9, 3), np.uint8), None, "raster") for n, _ in enumerate(pages)]
    monkeypatch.setattr("pipeline.seeing.sheets_of", lambda _: sheets)
    document = SimpleNamespace(
        findings=(), wanted=range(len(pages)), absent=(), handled=lambda _: SimpleNamespace(turns=0)
    )
    reader = SimpleNamespace(knowing=lambda _: None)
    readers = SimpleNamespace(labels=cast("LabelReader", reader), figures=None, glance=None)
    seen, _ = see_all(cast("Document", document), cast("Readers", readers), FORMS, None, None)
    assert seen == pages
    return taken


@pytest.mark.parametrize(
    ("first", "after"),
    [(FIRST, sight(cut())), (BEGUN, sight(cut(3)[1:])), (FIRST, sight([*cut(16)[:1]]))],
)
def test_what_the_next_page_shows_whole_is_not_sought_at_the_foot_of_this(
    first: Sight, after: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows on the next page is looked at there, as ever."""
    assert looked_again(first, after, monkeypatch) == ["after"]


@pytest.mark.parametrize(
    ("first", "after"),
    [
        (FIRST, None),
        (BEGUN, None),
        (FIRST, sight([])),
        (FIRST, sight(without_rows(3))),  # its first row may stand unseen at the foot
        (FIRST, sight(without_rows(0, 1, 2, 3, 4))),
        (BEGUN, sight(cut(3, 5)[2:])),
        (FIRST, sight(without_rows(9, 10))),
        (FIRST, sight(printed(table("2021", "t3"), say=misread).fragments)),
        (FIRST, sight(printed(table("2021", "t4")).fragments)),
    ],
)
def test_what_lacks_a_line_there_is_sought_here_too(
    first: Sight, after: Sight | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked_again(first, after, monkeypatch)[0] == "first"


def strange(*rows: str) -> Sight:
    """Return a page with a grid of no form, as stamps and frames make, and lines above it."""
    grid = printed(table("2021", "t4"), say=lambda _: "口").fragments
    return sight(grid, *rows)


T3, T4 = cut(), printed(table("2021", "t4")).fragments


@pytest.mark.parametrize("after", [strange(), strange("六、其他需要报告的事项", "无"), sight([])])
def test_behind_a_whole_report_a_page_without_a_word_of_a_table_is_looked_at_once(
    after: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked_again(sight([*T2, *T3, *T4]), after, monkeypatch) == ["first"]


@pytest.mark.parametrize(
    ("first", "after"),
    [
        (sight([*T2, *T3]), strange()),  # a table may be there yet
        (sight([*T2, *without_rows(9, 10), *T4]), strange()),
        (sight([*T2, *cut(16)[:1], *T4]), strange()),
        (sight([*T2, *T3, *T4]), strange(HEADING, "无", "第2页")),
        (sight([*T2, *T3, *T4]), strange("结转下年度继续办理")),
        (sight([*T2, *T3, *T4]), sight([*T3])),
    ],
)
def test_what_may_be_a_table_is_looked_at_behind_it_all_the_same(
    first: Sight, after: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked_again(first, after, monkeypatch) == ["first", "after"]


def test_a_page_with_more_to_explain_is_looked_at_again_before_the_next() -> None:
    """A table of which rows are missing on the page itself waits for nothing."""
    torn = printed(table("2021", "t2"), rows=[0, 1, 2, 3, 8, 9, 10, 11, 12, 13]).fragments
    looker = Looker(cast("LabelReader", None), FORMS)
    for fragments in (torn, (*torn, cut(3)[0]), ()):
        assert not waits(sight(fragments, HEADING, "第1页", "."), looker)
    assert waits(FIRST, looker)
    assert waits(BEGUN, looker)
