"""Committed documents, read with the real readers: every figure right, or openly in doubt."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from document.report import Status
from pipeline.intake import Handling, open_document
from pipeline.recover import Readers, load_readers, recover
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from document.geometry import Point, Polygon
    from document.report import Cell, Report

FOLDER = Path(__file__).parents[2] / "samples" / "documents"
WHOLE = ["rotated-90.png", "upside-down.jpg", "skewed-4.pdf", "split-label.pdf", "wrong-sums.pdf"]
SMALL = "wendeng-2022-t4.png"


@cache
def readers() -> Readers:
    return load_readers(threads=1)


@cache
def report_of(name: str) -> Report:
    return recover(open_document(FOLDER / name), templates=builtin(), readers=readers())


def truth_of(name: str) -> dict[str, Any]:
    path = (FOLDER / name).with_suffix(".truth.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def pairs(name: str) -> list[tuple[dict[str, Any], Cell]]:
    """The truth of every figure beside what was made of it."""
    made = {(t.table, cell.address): cell for t in report_of(name).tables for cell in t.cells}
    return [
        (cell, made[table, (cell["row"], cell["column"])])
        for table, known in truth_of(name)["tables"].items()
        for cell in known["cells"]
    ]


def inside(point: Point, polygon: Polygon) -> bool:
    """Tell whether a point lies in a convex polygon, whichever way it runs."""
    x, y = point
    sides = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(polygon, (*polygon[1:], polygon[0]), strict=True)
    ]
    return all(side >= 0 for side in sides) or all(side <= 0 for side in sides)


@pytest.mark.parametrize("name", [*WHOLE, "wendeng-2022-t4.png", "blanks.pdf"])
def test_no_figure_is_wrong_and_looks_sure(name: str) -> None:
    for known, cell in pairs(name):
        value = None if known["value"] is None else Decimal(known["value"])
        assert cell.value == value or cell.needs_review, (known, cell)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_plainly_printed_is_read_and_not_left_to_people(name: str) -> None:
    wrong = {(w["table"], *w["cell"]) for w in truth_of(name)["page_is_wrong_at"]}
    doubtful = sum(cell.needs_review for _, cell in pairs(name))
    assert doubtful <= 4 * len(wrong) + 0.02 * len(pairs(name))


@pytest.mark.parametrize("name", [*WHOLE, "blanks.pdf", SMALL])
def test_every_figure_is_shown_where_it_stands_on_the_page(name: str) -> None:
    for known, cell in pairs(name):
        assert cell.page == known["page"], known
        assert cell.polygon is not None
        xs, ys = zip(*known["polygon"], strict=True)
        assert inside((sum(xs) / 4, sum(ys) / 4), cell.polygon), (known, cell.polygon)


@pytest.mark.parametrize("name", [*WHOLE, "wendeng-2022-t4.png", "blanks.pdf"])
def test_tables_are_those_of_the_form_and_named_with_agency_and_year(name: str) -> None:
    truth, report = truth_of(name), report_of(name)
    assert {t.table: t.template for t in report.tables} == {
        table: known["template"] for table, known in truth["tables"].items()
    }
    assert (report.agency, report.year) == (truth["agency"], truth["year"])
    assert not report.failed
    codes = {finding.code for finding in report.findings}
    assert codes.isdisjoint({"second-table", "unknown-table", "foreign-form", "table-missing"})


def test_a_label_cut_by_the_page_break_leaves_its_table_whole() -> None:
    (t3,) = [table for table in report_of("split-label.pdf").tables if table.table == "t3"]
    assert t3.pages == (2, 3)
    assert all(check.holds for check in t3.checks)


def test_wrong_sums_are_said_and_left_as_printed() -> None:
    truth, report = truth_of("wrong-sums.pdf"), report_of("wrong-sums.pdf")
    made = {(t.table, cell.address): cell for t in report.tables for cell in t.cells}
    assert len(truth["page_is_wrong_at"]) == 2
    for wrong in truth["page_is_wrong_at"]:
        address = tuple(wrong["cell"])
        cell = made[wrong["table"], address]
        assert str(cell.value) == cell.printed == wrong["printed"]
        assert cell.needs_review
        (table,) = [t for t in report.tables if t.table == wrong["table"]]
        assert any(check.holds is False for check in table.checks)
        assert any(
            address in finding.cells for finding in report.findings if finding.table == table.table
        )
    assert report.status == "review"
    assert not [c for c in report.cells if c.status in {Status.REPAIRED, Status.DERIVED}]


def test_blank_is_not_zero() -> None:
    for known, cell in pairs("blanks.pdf"):
        if known["printed"] == "":
            assert cell.value is None
            assert cell.printed == ""


@pytest.mark.parametrize(
    ("name", "code"), [("letter.jpg", "unknown-form"), ("statistics-2018.pdf", "foreign-form")]
)
def test_what_is_no_such_report_is_rejected_with_the_reason(name: str, code: str) -> None:
    report = report_of(name)
    assert report.failed
    assert report.status == "failed"
    assert report.tables == ()
    assert code in {finding.code for finding in report.findings}
    (finding,) = [f for f in report.findings if f.code == "unknown-form"]
    assert finding.wants_person


@pytest.mark.parametrize("name", ["wendeng-2022-t4.png", "skewed-4.pdf"])
def test_a_second_run_says_the_same(name: str) -> None:
    again = recover(open_document(FOLDER / name), templates=builtin(), readers=readers())
    assert again == report_of(name)


def test_a_page_is_turned_as_a_person_asks(tmp_path: Path) -> None:
    upright = cv2.imread(str(FOLDER / SMALL))
    assert upright is not None
    path = tmp_path / "sideways.png"
    cv2.imwrite(str(path), np.rot90(upright))  # against the clock, so that one turn mends it
    found = [
        recover(
            open_document(path, handling=Handling(turns=turns)),
            templates=builtin(),
            readers=readers(),
        )
        for turns in (1, 3)
    ]
    assert [len(report.tables) for report in found] == [1, 0]
    (table,) = found[0].tables
    (known,) = report_of(SMALL).tables
    assert [cell.value for cell in table.cells] == [cell.value for cell in known.cells]
    width = upright.shape[1]
    for cell, other in zip(table.cells, known.cells, strict=True):
        assert cell.polygon is not None
        assert other.polygon is not None
        # where a corner lies on the picture as it is stored, not as it was turned
        assert cell.polygon[0] == pytest.approx(
            (other.polygon[0][1], width - other.polygon[0][0]), abs=6
        )
