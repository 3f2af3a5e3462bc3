"""Figures in a table's lines that its form has no place for are told of: they may be a table."""

from __future__ import annotations

import pytest

from pipeline.unplaced import figures_adrift
from reconstruct.strangers import figures_left_over
from tests.reconstruct.printed_forms import fragment_of

PLACES = 2
"""The column in which the form below has its figures; its labels are left of it."""


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        (["27", "8", "39", "33", "107"], True),  # the one line of a low table that stands beside
        (["见附件", "", "", "", "元"], False),
        (["27", "", "", "", ""], False),  # the number of a note, or dirt
    ],
)
def test_who_reads_a_table_is_told_of_figures_beside_it(beside: list[str], *, told: bool) -> None:
    lines = [["第一项", "规章", "12", *beside], ["第二项", "行政许可", "89", *[""] * 5]]
    fragment = fragment_of(lines)
    boxes = [one.span.box for one in fragment.spans if one.span.left == PLACES]
    found = figures_left_over("t2", len(figures_adrift(fragment, boxes)), 3)
    assert bool(found) is told
    if told:
        assert (found[0].page, found[0].table, found[0].wants_person) == (3, "t2", True)
        assert "5" in found[0].message.zh
        assert "5" in found[0].message.en


@pytest.mark.parametrize(
    ("corner", "above", "told"),
    [
        ("", ["", "信息内容", "本年制发件数", "上年"], 0),  # the letters of a workbook's columns
        ("合计", ["", "信息内容", "本年制发件数", "上年"], 3),  # the last row of a table above
        ("", ["", "", "", ""], 3),  # figures right above
    ],
)
def test_letters_of_columns_are_no_figures_left_over(
    corner: str, above: list[str], told: int
) -> None:
    lines = [[corner, "1", "4", "7"], above, ["2", "规章", "12", "8"], ["3", "行政许可", "89", "0"]]
    fragment = fragment_of(lines)
    boxes = [one.span.box for one in fragment.spans if min(one.span.top, one.span.left) >= PLACES]
    assert len(figures_adrift(fragment, boxes)) == told
