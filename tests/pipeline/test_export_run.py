"""What comes out of a run: every figure once, in order, and nothing that runs as a formula."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from document.message import NOTHING
from document.report import Cell, Check, Finding, Report, Source, Status, Table
from pipeline.export_run import export
from pipeline.export_run_xlsx import to_workbook
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings, new_journal
from pipeline.run_findings import RunFinding, run_findings
from pipeline.settings import Settings
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.conftest import NewRun

SETTINGS = Settings("1" * 64, "{}")
FORMULA = '=HYPERLINK("http://x","甲局")'


def figures(table: str, status: Status = Status.READ, **values: int) -> Table:
    cells = tuple(
        Cell(
            (key.rpartition("_")[0], key.rpartition("_")[2]),
            str(value),
            value,
            status,
            status is Status.DISPUTED,
            0.5 if status is Status.DISPUTED else 0.9999,
            NOTHING,
            None,
            2,
            None,
        )
        for key, value in values.items()
    )
    return Table(table, "cn-foi/2021", (2,), cells, ())


def nearly_sure(table: Table) -> Table:
    return replace(table, cells=tuple(replace(c, confidence=0.99999985) for c in table.cells))


def report(number: int, agency: str | None, year: int | None, *tables: Table) -> Report:
    return Report(Source(f"{number}.pdf", f"{number:064x}", 6), agency, year, tables, ())


def journal(folder: Path, reports: Sequence[Report], *places: Sighting) -> Engine:
    folder.mkdir(exist_ok=True)
    engine = new_journal(folder)
    add_settings(engine, SETTINGS)
    seen = [Sighting(one.source.sha256, 1, f"/scans/{one.source.file}") for one in reports]
    add_inputs(engine, [*seen, *places])
    for one in reports:
        add_attempt(engine, Attempt(one.source.sha256, SETTINGS.key, 1.0, False, "read"), one)  # noqa: FBT003 - a noun's field
    return engine


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def of_kind(found: Sequence[RunFinding], kind: str) -> list[RunFinding]:
    return [one for one in found if one.kind == kind]


@pytest.fixture
def reports() -> list[Report]:
    return [
        report(1, "乙局", 2022, figures("t4", review_total=5), figures("t3", new_person=12)),
        report(2, "甲局", 2023, figures("t3", Status.DISPUTED, new_person=7, carry_person=1)),
        report(3, "甲局", 2022, nearly_sure(figures("t3", new_person=3))),
        replace(report(4, None, None), failed=True, findings=(Finding("unknown-form"),)),
    ]


def test_the_panel_has_a_row_for_every_figure(
    tmp_path: Path, reports: list[Report], new_run: NewRun
) -> None:
    tidy, wide = export(journal(new_run("run"), reports), tmp_path, "csv", builtin(), "en")
    found = rows(tidy.read_bytes())
    names = ("agency", "year", "table", "row", "column", "value")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("乙局", "2022", "t4", "review", "total", "5"),
        ("乙局", "2022", "t3", "new", "person", "12"),
        ("甲局", "2022", "t3", "new", "person", "3"),
        ("甲局", "2023", "t3", "new", "person", "7"),
        ("甲局", "2023", "t3", "carry", "person", "1"),
    ]
    assert found[3]["needs_review"] == "true"
    assert found[3]["confidence"] == "0.500000"
    assert found[2]["confidence"] == "0.999999"  # only what is certain is 1
    assert found[0]["source_file"] == "/scans/1.pdf"
    assert found[0]["page"] == "2"
    broad = rows(wide.read_bytes())
    assert [r["agency"] for r in broad] == ["乙局", "甲局", "甲局", ""]
    assert [r["status"] for r in broad] == ["clean", "clean", "review", "failed"]
    assert list(broad[0])[-3:] == ["t3.new.person", "t3.carry.person", "t4.review.total"]
    assert [r["t3.new.person"] for r in broad] == ["12", "3", "7", ""]
    assert broad[2]["doubtful"] == "t3.new.person t3.carry.person"


def test_the_order_of_reading_leaves_no_trace(
    tmp_path: Path, reports: list[Report], new_run: NewRun
) -> None:
    engine = journal(new_run("one"), reports)
    folder = new_run("other")
    other = journal(folder, [])
    seen = [Sighting(one.source.sha256, 1, f"/scans/{one.source.file}") for one in reports]
    add_inputs(other, list(seen))
    for one in reversed(reports):
        for _ in range(2):
            add_attempt(other, Attempt(one.source.sha256, SETTINGS.key, 2.0, True, "read"), one)  # noqa: FBT003 - a noun's field
    for form in ("csv", "xlsx", "json"):
        first = export(engine, tmp_path / "1", form, builtin(), "zh")
        second = export(other, tmp_path / "2", form, builtin(), "zh")
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_no_cell_can_be_taken_for_a_formula(tmp_path: Path, new_run: NewRun) -> None:
    bad = figures("t3", new_person=-5)
    bad = replace(bad, cells=(replace(bad.cells[0], printed="+cmd|' /C calc'!A0", value=None),))
    engine = journal(new_run("run"), [report(1, FORMULA, 2022, bad)])
    for path in export(engine, tmp_path, "csv", builtin(), "en"):
        for row in rows(path.read_bytes()):
            assert not [text for text in row.values() if text.startswith(("=", "+", "@", "-"))]
    (path,) = export(engine, tmp_path, "xlsx", builtin(), "en")
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert FORMULA in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+")))


def test_a_workbook_marks_doubt_and_goes_on_where_a_sheet_is_full(
    reports: list[Report], new_run: NewRun
) -> None:
    engine = journal(new_run("run"), reports)
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(engine, builtin(), rows_of_a_sheet=2)))
    assert book.sheetnames == ["reports", "panel", "panel 2", "panel 3"]
    assert [book[name].max_row for name in book.sheetnames] == [5, 3, 3, 2]
    sheet = book["reports"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    column = columns["t3.new.person"]
    assert [sheet.cell(row, column).value for row in (2, 3, 4, 5)] == [12, 3, 7, None]
    assert sheet.cell(4, column).fill.fill_type == "solid"
    assert sheet.cell(3, column).fill.fill_type is None


def test_an_empty_run_can_be_exported(tmp_path: Path, new_run: NewRun) -> None:
    engine = journal(new_run("run"), [])
    assert rows(export(engine, tmp_path, "csv", builtin(), "en")[0].read_bytes()) == []
    (path,) = export(engine, tmp_path, "json", builtin(), "en")
    assert json.loads(path.read_bytes()) == {"schema": "gouji-run/1", "reports": []}
    assert openpyxl.load_workbook(export(engine, tmp_path, "xlsx", builtin(), "en")[0]).sheetnames


def test_sums_that_fail_say_whose_mistake_they_are(tmp_path: Path) -> None:
    form = next(table for table in builtin()[0].tables if table.id == "t4")
    equation = form.equations[0]
    values = {f"{row}_{column}": 4 for row, column in equation.cells}
    check = Check(equation.name, holds=False, expected=16, found=4)
    table = replace(figures("t4", Status.DISPUTED, **values), checks=(check,))
    places = tuple(cell.address for cell in table.cells)
    sure = Finding("source-arithmetic", table="t4", cells=places, wants_person=True)
    engine = journal(
        tmp_path / "run",
        [
            replace(report(1, "甲局", 2022, table), findings=(sure,)),
            report(2, "乙局", 2022, table),
        ],
    )
    found = of_kind(run_findings(engine, builtin()), "arithmetic")
    assert [(one.agency, one.code) for one in found] == [
        ("乙局", "doubtful-arithmetic"),
        ("甲局", "source-arithmetic"),
    ]
    assert (found[1].expected, found[1].found, found[1].difference) == ("16", "4", "-12")
    assert found[1].page == 2


def test_what_was_carried_over_is_held_against_the_year_before(new_run: NewRun) -> None:
    """Whichever is read first; only one agency's years speak of one another."""
    early = report(1, "甲局", 2022, figures("t3", next_total=9))
    late = report(2, "甲局", 2023, figures("t3", carry_total=8))
    stranger = report(3, "乙局", 2022, figures("t3", next_total=8))
    for name, order in (("a", [early, late, stranger]), ("b", [late, stranger, early])):
        found = of_kind(run_findings(journal(new_run(name), order), builtin()), "years")
        assert [(one.agency, one.year, one.table) for one in found] == [("甲局", 2023, "t3")]
        assert "8" in found[0].message.en
        assert "9" in found[0].message.en


def test_copies_missing_tables_lists_and_failures_are_told(new_run: NewRun) -> None:
    missing = Finding("table-missing", table="t2", wants_person=True)
    one = replace(report(1, "甲局", 2022), findings=(missing,))
    again = report(2, "甲局", 2022)
    failed = replace(report(3, None, None), failed=True, findings=(Finding("damaged-pdf"),))
    copy = Sighting(one.source.sha256, 1, "/scans/copy of 1.pdf")
    said = Sighting(again.source.sha256, 1, "/scans/2.pdf", "甲局", 2021)
    found = run_findings(journal(new_run("run"), [one, again, failed], copy), builtin())
    assert [(x.kind, x.code) for x in found] == [
        ("missing", "table-missing"),
        ("duplicate", "same-file"),
        ("duplicate", "same-report"),
        ("failed", "damaged-pdf"),
    ]
    assert "/scans/copy of 1.pdf" in found[1].message.en
    listed = run_findings(journal(new_run("run2"), [one, again, failed], said), builtin())
    codes = [x.code for x in listed]
    assert "list-differs" in codes
    assert "same-file" not in codes  # the same place, named by a folder and by a list
    assert "same-report" not in codes  # the list says 2021
