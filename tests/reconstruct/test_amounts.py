"""Equations over amounts with decimals, and figures that may be negative."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from document.report import Status
from reconstruct.repair import settle
from reconstruct.templates import load
from tests.reconstruct.readings import by_address, codes, read_table, seen

if TYPE_CHECKING:
    from pathlib import Path

    from document.template import TableTemplate

FORM = """
id = "test/budget"
title = "Budget"

[[tables]]
id = "budget"
headings = ["预算"]
print = [
  ["项目", "收入（元）", "支出（元）", "结余（元）"],
  ["办公", "=office.*"],
  ["会议", "=meeting.*"],
  ["合计", "=sum.*"],
  ["人数", "上年|1x2", "本年增减|1x2", "本年|1x2"],
  ["（人）"],
  ["人员", "=staff.income", "=staff.spent", "=staff.left"],
]
[tables.rows]
office = "办公"
meeting = "会议"
sum = "合计"
staff = "人员"
[tables.columns]
income = "收入"
spent = "支出"
left = "结余"
[tables.types]
"*.*" = "money"
"staff.*" = "count"
"staff.spent" = "signed"
[[tables.equations]]
says = "{column}: sum = office + meeting"
[[tables.equations]]
says = "staff.left = staff.income + staff.spent"
"""


@pytest.fixture
def budget(tmp_path: Path) -> TableTemplate:
    file = tmp_path / "budget.toml"
    file.write_text(FORM, encoding="utf-8")
    return load(file).tables[0]


PRINTED = {
    ("office", "income"): "12.5万元",
    ("office", "spent"): "0.10",
    ("office", "left"): "1",
    ("meeting", "income"): "30.05元",
    ("meeting", "spent"): "0.20",
    ("meeting", "left"): "2",
    ("sum", "income"): "125030.05",
    ("sum", "spent"): "0.30",
    ("sum", "left"): "3",
    ("staff", "income"): "20",
    ("staff", "spent"): "-18",
    ("staff", "left"): "2",
}


def test_amounts_add_up_exactly(budget: TableTemplate) -> None:
    table, findings = settle(read_table(budget, PRINTED), budget)
    assert not findings
    assert all(check.holds for check in table.checks)
    assert by_address(table)["office", "income"].value == Decimal(125000)


def test_a_decimal_is_mended(budget: TableTemplate) -> None:
    doubts = {
        ("sum", "income"): seen(("125030.06", 0.5), ("125030.05", 0.48)),
        ("meeting", "spent"): seen(("0.26", 0.5), ("0.20", 0.48)),
    }
    table, findings = settle(read_table(budget, PRINTED, doubts), budget)
    cells = by_address(table)
    assert cells["sum", "income"].value == Decimal("125030.05")
    assert cells["meeting", "spent"].value == Decimal("0.2")
    assert cells["meeting", "spent"].status is Status.REPAIRED
    assert "0.1 + 会议 0.2 = 合计 0.3" in cells["meeting", "spent"].reason.zh
    assert not findings


def test_a_lost_figure_may_be_negative_only_where_the_form_says_so(budget: TableTemplate) -> None:
    lost = {("staff", "spent"): None}
    table, _ = settle(read_table(budget, PRINTED, lost), budget)
    assert by_address(table)["staff", "spent"].suggestion == -18
    impossible = {("staff", "left"): None}
    wrong = PRINTED | {("staff", "spent"): "-28"}
    table, findings = settle(read_table(budget, wrong, impossible), budget)
    assert by_address(table)["staff", "left"].suggestion != -8
    assert "unreadable-figure" in codes(findings)


def test_a_lost_amount_is_derived_with_its_decimals(budget: TableTemplate) -> None:
    table, _ = settle(read_table(budget, PRINTED, {("office", "spent"): None}), budget)
    assert by_address(table)["office", "spent"].suggestion == Decimal("0.1")
    table, _ = settle(read_table(budget, PRINTED, {("office", "income"): None}), budget)
    assert str(by_address(table)["office", "income"].suggestion) == "125000"
