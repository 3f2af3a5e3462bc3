"""The peers of the accuracy benchmark do their best, and are measured as it is said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.arms import boxed, says, unrepaired
from benchmarks.boxes import TextBox, tables_of
from benchmarks.truth import TrueCell, TrueTable, Truth
from document.message import NOTHING
from document.reading import Candidate, Reading
from document.report import Cell, Report, Source, Status, Table
from reconstruct.templates import builtin

FORM = next(form for form in builtin() if form.id == "cn-foi/2021")


def printed(name: str, pitch: float = 30.0, width: float = 80.0) -> list[TextBox]:
    """Return the boxes of a table in which every figure is the number of its column."""
    table = next(one for one in FORM.tables if one.id == name)
    return [
        TextBox(
            cell.label or str(cell.column),
            100 + (cell.column + cell.column_span / 2) * width,
            200 + (cell.row + cell.row_span / 2) * pitch,
        )
        for cell in table.cells
    ]


@pytest.mark.parametrize("name", ["t3", "t4"])
def test_boxes_of_a_clean_page_become_its_table(name: str) -> None:
    table = next(one for one in FORM.tables if one.id == name)
    found = tables_of([printed(name)], (FORM,))[name]
    assert found == {c.address: str(c.column) for c in table.figures}


def test_a_row_whose_label_was_not_detected_is_lost_in_the_plain_way() -> None:
    boxes = [box for box in printed("t3") if box.text != "2.重复申请"]
    found = tables_of([boxes], (FORM,))["t3"]
    assert not any(row == "n2" for row, _ in found)


def cell(printed_text: str) -> TrueCell:
    value = Decimal(printed_text) if printed_text.isdigit() else None
    return TrueCell(("a", "b"), printed_text, value, 1)


def test_blanks_and_dashes_say_the_same_and_a_zero_does_not() -> None:
    assert says("", cell("—"))
    assert says("-", cell(""))
    assert not says("0", cell(""))
    assert not says("", cell("0"))
    assert says("12", cell("12"))


def test_without_repair_a_confident_misreading_is_wrong_and_unflagged() -> None:
    address = ("a", "b")
    truth = Truth(Path("x.pdf"), "L2", "fax", (TrueTable("t9", (1,), (cell("7"),)),), ())

    def report(text: str, cost: float) -> Report:
        reading = Reading((Candidate(text, cost),))
        read = Cell(address, text, 7, Status.REPAIRED, False, 0.9, NOTHING, reading, 1, None)  # noqa: FBT003
        table = Table("t9", "form", (1,), (read,), ())
        return Report(Source("x.pdf", "0" * 64, 1), None, None, (table,), (), False)  # noqa: FBT003

    sure = unrepaired(report("1", 0.0001), truth)
    unsure = unrepaired(report("1", 1.0), truth)
    right = unrepaired(report("7", 0.0001), truth)
    assert (sure.right_tables, sure.silent, sure.review) == (0, 1, 0)
    assert (unsure.right_tables, unsure.silent, unsure.review) == (0, 0, 1)
    assert (right.right_tables, right.silent, right.review) == (1, 0, 0)


def test_a_grid_of_boxes_flags_nothing() -> None:
    truth = Truth(Path("x.pdf"), "L2", "fax", (TrueTable("t9", (1,), (cell("7"), cell("3"))),), ())
    score = boxed({"t9": {("a", "b"): "7"}}, truth)
    assert (score.tables, score.right_tables, score.silent, score.review) == (1, 0, 1, 0)
