"""Workbooks and CSV: laid out as printed, every digit kept, nothing that runs."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import openpyxl
import pytest

from document.message import Message
from document.reading import Candidate, Reading
from document.report import Cell, Check, Finding, Report, Source, Status, Table
from pipeline.export_csv import COLUMNS, to_csv
from pipeline.export_xlsx import to_xlsx
from pipeline.sheet import find_template, lay_out, spoken
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from document.template import Address, TableTemplate

FORMS = builtin()

HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    '=HYPERLINK("http://x","y")',
    "#REF!",
    "1/2",
    "2021-01-02",
    "1e5",
    "TRUE",
    "\0\x08x",
    "\ud800",
    "<&>",
    "_x0041_",
    "＝1+1",
]


Changes: TypeAlias = "dict[Address, dict[str, Any]]"


def form(template: str, table: str) -> TableTemplate:
    found = find_template(Table(table, template, (), (), ()), FORMS)
    assert found is not None
    return found


def cell(address: Address, **changes: Any) -> Cell:
    plain: dict[str, Any] = {
        "address": address,
        "printed": "0",
        "value": 0,
        "status": Status.READ,
        "needs_review": False,
        "confidence": 0.999,
        "reason": Message("", ""),
        "reading": Reading((Candidate("0", 0.001),)),
        "page": 1,
        "polygon": ((0, 0), (9, 0), (9, 9), (0, 9)),
    }
    return Cell(**(plain | changes))


def table(template: str = "cn-foi/2021", name: str = "t4", changed: Changes | None = None) -> Table:
    addresses = [one.address for one in form(template, name).figures if one.address]
    cells = [cell(address, **(changed or {}).get(address, {})) for address in addresses]
    checks = tuple(Check(one.name, True, 0, 0) for one in form(template, name).equations)  # noqa: FBT003
    return Table(name, template, (1,), tuple(cells), checks)


def report(*tables: Table, **changes: Any) -> Report:
    return Report(
        source=Source("a.pdf", "00" * 32, 3),
        agency=changes.pop("agency", "某市司法局"),
        year=2022,
        tables=tables,
        findings=changes.pop("findings", ()),
    )


def opened(whole: Report, language: Any = "zh") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(whole, FORMS, language)))


def sheet_of(whole: Report, index: int = 1, language: Any = "zh") -> Worksheet:
    book = opened(whole, language)
    found = book.worksheets[index]
    assert found.title
    return found


def place_of(template: str, name: str, address: Address) -> tuple[int, int]:
    (found,) = [one for one in form(template, name).figures if one.address == address]
    return found.row + 1, found.column + 1


@pytest.mark.parametrize(("template", "name"), [(t.id, x.id) for t in FORMS for x in t.tables])
def test_a_table_is_laid_out_as_the_form_prints_it(template: str, name: str) -> None:
    sheet = sheet_of(report(table(template, name)))
    merged = {str(area) for area in sheet.merged_cells.ranges}
    for one in form(template, name).cells:
        place = sheet.cell(one.row + 1, one.column + 1)
        assert place.value == (one.label or (0 if one.address else None))
        if one.row_span * one.column_span > 1:
            last = sheet.cell(one.row + one.row_span, one.column + one.column_span)
            assert f"{place.coordinate}:{last.coordinate}" in merged
    assert sheet.max_row == form(template, name).rows
    assert sheet.max_column == form(template, name).columns


def test_sheets_come_in_both_languages() -> None:
    assert opened(report(table()), "zh").sheetnames[2:] == ["说明", "问题", "核对"]
    assert opened(report(table()), "en").sheetnames == [
        "Overview",
        "t4 政府信息公开行政复议、行政诉讼情况",
        "Explanations",
        "Findings",
        "Checks",
    ]


def test_figures_are_numbers_without_loss() -> None:
    changed: Changes = {
        ("review", "upheld"): {"value": 11_398_889, "printed": "11398889"},
        ("review", "corrected"): {"value": Decimal("24252.311082"), "printed": "24252.311082"},
        ("review", "other"): {"value": 12345678901234567, "printed": "12345678901234567"},
        ("review", "pending"): {"value": -18, "printed": "-18"},
    }
    sheet = sheet_of(report(table(changed=changed)))
    assert sheet.cell(4, 1).value == 11_398_889
    assert sheet.cell(4, 2).value == 24252.311082
    assert sheet.cell(4, 2).number_format == "0.000000"
    assert sheet.cell(4, 3).value == "12345678901234567"
    assert sheet.cell(4, 4).value == -18
    content = to_xlsx(report(table(changed=changed)), FORMS, "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<v>24252.311082</v>" in archive.read("xl/worksheets/sheet2.xml")


def test_money_keeps_its_unit() -> None:
    changed: Changes = {
        ("procurement", "amount"): {"value": Decimal("73802895.9"), "printed": "73802895.90元"}
    }
    sheet = sheet_of(report(table("cn-foi/2019", "t2", changed)))
    place = sheet.cell(*place_of("cn-foi/2019", "t2", ("procurement", "amount")))
    assert place.value == 73802895.9
    assert place.number_format == '0.0"元"'


@pytest.mark.parametrize("printed", ["", "-", "—", "/", "无"])
def test_blanks_and_dashes_stay_as_printed(printed: str) -> None:
    changed: Changes = {("review", "upheld"): {"value": None, "printed": printed}}
    assert sheet_of(report(table(changed=changed))).cell(4, 1).value == (printed or None)


def test_doubt_is_in_colour_and_explained() -> None:
    changed: Changes = {
        ("review", "upheld"): {
            "value": 3001,
            "printed": "3O01",
            "status": Status.REPAIRED,
            "reason": Message("只有 3001 使等式成立", "holds only with 3001"),
        },
        ("review", "corrected"): {"status": Status.DISPUTED, "needs_review": True},
        ("review", "other"): {
            "status": Status.UNREADABLE,
            "needs_review": True,
            "value": None,
            "printed": "",
            "suggestion": 7,
        },
        ("review", "pending"): {"needs_review": True},
        ("suit_direct", "upheld"): {"status": Status.DERIVED},
        ("suit_direct", "corrected"): {"status": Status.HUMAN},
    }
    sheet = sheet_of(report(table(changed=changed)))
    colours = [sheet.cell(4, column).fill.start_color.rgb for column in (1, 2, 3, 4, 6, 7)]
    assert len(set(colours)) == 6
    assert "00000000" not in colours
    assert sheet.cell(4, 8).fill.fill_type is None
    assert sheet.cell(4, 8).comment is None
    mended = sheet.cell(4, 1).comment
    assert mended is not None
    for words in ("已修复", "3O01", "3001", "只有 3001 使等式成立", "第 1 页"):
        assert words in mended.text
    unreadable = sheet.cell(4, 3).comment
    assert unreadable is not None
    assert "未采用" in unreadable.text
    assert sheet.cell(4, 3).value is None, "a suggestion never becomes the value"
    assert sheet.cell(4, 3).border.left.style == "medium"
    assert sheet.cell(4, 1).border.left.style == "thin"
    english = sheet_of(report(table(changed=changed)), language="en").cell(4, 1).comment
    assert english is not None
    assert "holds only with 3001" in english.text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    changed: Changes = {
        ("review", "upheld"): {
            "value": None,
            "printed": text,
            "status": Status.UNREADABLE,
            "needs_review": True,
            "reason": Message(text, text),
        }
    }
    finding = Finding(text, Message(text, text), text, ((text, text),), 1)
    one = table(changed=changed)
    strange = Table(text, text, (1,), (cell((text, text), value=None, printed=text),), ())
    whole = report(one, strange, agency=text, findings=(finding,))
    content = to_xlsx(whole, FORMS, "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            assert b"<f>" not in archive.read(member)
            assert b't="e"' not in archive.read(member)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            for place in row:
                assert place.data_type != "f"
                if isinstance(place.value, str):
                    assert place.data_type == "s"
                    assert place.quotePrefix


@pytest.mark.parametrize("text", HOSTILE)
def test_no_csv_field_is_taken_for_a_formula(text: str) -> None:
    changed: Changes = {
        ("review", "upheld"): {"value": None, "printed": text, "reason": Message(text, text)}
    }
    content = to_csv(report(table(changed=changed), agency=text), FORMS, "zh").decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content, newline="")))
    assert lines[0] == list(COLUMNS)
    assert len(lines) == 16
    for line in lines:
        assert len(line) == len(COLUMNS)
        for field in line:
            assert not field.lstrip().startswith(("=", "+", "@"))
            assert not field.startswith("-")


def test_csv_keeps_numbers_as_numbers() -> None:
    changed: Changes = {
        ("review", "upheld"): {"value": -18, "printed": "-18"},
        ("review", "corrected"): {"value": None, "printed": "-"},
        ("review", "other"): {"value": Decimal("0.50"), "printed": "0.50"},
    }
    content = to_csv(report(table(changed=changed)), FORMS, "zh")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [(line["printed"], line["value"]) for line in lines[:3]] == [
        ("-18", "-18"),
        ("-", ""),
        ("0.50", "0.50"),
    ]
    assert lines[0]["row_name"] == "行政复议"
    assert lines[0]["column_name"] == "结果维持"


def test_checks_and_findings_speak_the_words_of_the_form() -> None:
    one = table()
    broken = Check(one.checks[0].equation, False, 11, 0)  # noqa: FBT003
    finding = Finding(
        code="source-arithmetic",
        message=Message("页面自身不平", "off"),
        table="t4",
        cells=(("review", "total"),),
        page=5,
        wants_person=True,
    )
    whole = report(
        Table("t4", "cn-foi/2021", (1,), one.cells, (broken, *one.checks[1:])), findings=(finding,)
    )
    book = opened(whole)
    findings, checks = book.worksheets[-2:]
    row = [place.value for place in findings[2]]
    assert row == ["是", "t4", 5, "行政复议 · 总计", "页面自身不平", "source-arithmetic"]
    row = [place.value for place in checks[2]]
    assert row[:5] == [
        "t4",
        "行政复议：总计 = 结果维持 + 结果纠正 + 其他结果 + 尚未审结",
        "不成立",
        11,
        0,
    ]
    assert checks.cell(2, 3).fill.fill_type == "solid"
    assert checks.cell(3, 3).fill.fill_type is None


def test_a_table_of_an_unknown_form_is_laid_out_by_its_keys() -> None:
    cells = (cell(("a", "x"), value=1), cell(("a", "y"), value=2), cell(("b", "y"), value=3))
    sheet = sheet_of(report(Table("t9", "elsewhere/1", (1,), cells, ())))
    values = [[place.value for place in row] for row in sheet.iter_rows()]
    assert values == [[None, "x", "y"], ["a", 1, 2], ["b", None, 3]]


def test_figures_the_form_lacks_are_not_lost() -> None:
    one = table()
    extra = Table("t4", one.template, (1,), (*one.cells, cell(("o", "total"), value=99)), ())
    sheet = lay_out(extra, FORMS)
    shown = [slot.cell.address for slot in sheet.slots if slot.cell]
    assert sorted(shown) == sorted(figure.address for figure in extra.cells)
    assert sheet_of(report(extra)).cell(5, 15).value == 99


def test_every_equation_has_words() -> None:
    for template in FORMS:
        for one in template.tables:
            for equation in one.equations:
                words = spoken(equation.name, one)
                assert words != equation.name
                assert not any(key in words for key in ("person", "total", "next"))


def test_two_tables_of_one_name_both_stay() -> None:
    assert len(opened(report(table(), table())).worksheets) == 6
