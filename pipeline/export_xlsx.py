"""Reports as workbooks: tables as printed, doubt in colour, nothing that runs as a formula."""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, Side
from openpyxl.utils import get_column_letter

from document.message import Message
from document.numeral import spell
from document.report import Status
from pipeline.explain import explanations
from pipeline.sheet import Sheet, Slot, find_template, lay_out, name, shown, spoken
from pipeline.spreadsheet import (
    CHECKS,
    EXPLANATIONS,
    FINDINGS,
    LABEL_COLOR,
    LINE_POINTS,
    MAKER,
    OVERVIEW,
    characters,
    fill,
    frame,
    heads,
    is_exact,
    number_format,
    print_on_a_page,
    sayable,
    write,
)
from pipeline.words import MEANING, REPORT_STATUS, STATUS, TO_CHECK, holds, is_remarkable
from pipeline.xlsx_explanations import add_explanations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.cell.cell import Cell as XlsxCell
    from openpyxl.worksheet.worksheet import Worksheet

    from document.message import Language
    from document.report import Cell, Report
    from document.template import Address, Template

_COLORS = {
    Status.REPAIRED: "FFE699",
    Status.DERIVED: "BDD7EE",
    Status.DISPUTED: "F4B084",
    Status.UNREADABLE: "FF9999",
    Status.HUMAN: "D9C3EC",
}
_TO_CHECK_COLOR = "FCE4D6"
_WRONG_COLOR = "F4B084"

_TOLD = 3
"""So many equations a comment quotes; the sheet of explanations has all."""
_LINE = Side(style="thin", color="808080")
_DOUBT = Side(style="medium", color="C00000")


def to_xlsx(report: Report, templates: Sequence[Template], language: Language) -> bytes:
    """Return a workbook: an overview with legend, the tables, why, findings and checks."""
    book = Workbook()
    book.properties.creator = MAKER
    _overview(book.active, report, language)
    for table in report.tables:
        sheet, form = lay_out(table, templates), find_template(table, templates)
        told = {one.address: explanations(one, table, form, language) for one in table.cells}
        _table(book.create_sheet(_title(sheet.title)), sheet, told, language)
    add_explanations(
        book.create_sheet(EXPLANATIONS.say(language)),
        report,
        templates,
        language,
    )
    _findings(book.create_sheet(FINDINGS.say(language)), report, templates, language)
    _checks(book.create_sheet(CHECKS.say(language)), report, templates, language)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _overview(sheet: Worksheet, report: Report, language: Language) -> None:
    sheet.title = OVERVIEW.say(language)
    cells = report.cells
    facts: list[tuple[Message, str | int | None]] = [
        (Message("文件", "File"), report.source.file),
        (Message("机关", "Agency"), report.agency),
        (Message("年度", "Year"), report.year),
        (Message("状态", "Status"), REPORT_STATUS[report.status].say(language)),
        (Message("页数", "Pages"), report.source.pages),
        (Message("表格", "Tables"), len(report.tables)),
        (Message("数字", "Figures"), len(cells)),
        (Message("已修复", "Repaired"), sum(cell.status is Status.REPAIRED for cell in cells)),
        (TO_CHECK, sum(cell.needs_review for cell in cells)),
        (Message("SHA-256", "SHA-256"), report.source.sha256),
    ]
    for row, (title, fact) in enumerate(facts, 1):
        write(sheet.cell(row, 1), title.say(language)).font = Font(bold=True)
        if isinstance(fact, int):
            sheet.cell(row, 2, fact).alignment = Alignment(horizontal="left")
        else:
            write(sheet.cell(row, 2), fact or "")
    row = len(facts) + 2
    write(sheet.cell(row, 1), Message("图例", "Legend").say(language)).font = Font(bold=True)
    for row, status in enumerate(_COLORS, row + 1):  # noqa: B020 - goes on from where it was
        write(sheet.cell(row, 1), STATUS[status].say(language)).fill = fill(_COLORS[status])
        write(sheet.cell(row, 2), MEANING[status].say(language))
    marked = write(sheet.cell(row + 1, 1), TO_CHECK.say(language))
    marked.fill, marked.border = fill(_TO_CHECK_COLOR), frame(_DOUBT)
    write(
        sheet.cell(row + 1, 2),
        Message(
            "红框：请对照页面核对；其余数字 Gouji 负责",
            "red frame: compare it with the page; Gouji stands for every other figure",
        ).say(language),
    )
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 70


def _table(
    page: Worksheet,
    sheet: Sheet,
    told: Mapping[Address, Sequence[str]],
    language: Language,
) -> None:
    for slot in sheet.slots:
        place = page.cell(slot.row + 1, slot.column + 1)
        if slot.cell is None:
            _label(place, slot)
        else:
            _figure(place, slot.cell, told.get(slot.cell.address, ()), language)
        border = frame(_DOUBT if slot.cell is not None and slot.cell.needs_review else _LINE)
        for row in range(slot.row + 1, slot.row + slot.row_span + 1):
            for column in range(slot.column + 1, slot.column + slot.column_span + 1):
                page.cell(row, column).border = border
        if slot.row_span > 1 or slot.column_span > 1:
            page.merge_cells(
                start_row=slot.row + 1,
                start_column=slot.column + 1,
                end_row=slot.row + slot.row_span,
                end_column=slot.column + slot.column_span,
            )
    widths = [_width(sheet, column) for column in range(sheet.columns)]
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    for row in range(sheet.rows):
        page.row_dimensions[row + 1].height = LINE_POINTS * _lines(sheet, row, widths)
    print_on_a_page(page)


def _label(place: XlsxCell, slot: Slot) -> None:
    write(place, slot.label)
    place.fill = fill(LABEL_COLOR)
    place.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _figure(place: XlsxCell, cell: Cell, told: Sequence[str], language: Language) -> None:
    if cell.value is not None and is_exact(cell.value):
        place.value = cell.value
        place.number_format = number_format(cell.value, cell.printed)
    else:
        write(place, shown(cell))
    place.alignment = Alignment(horizontal="center", vertical="center")
    color = _COLORS.get(cell.status, _TO_CHECK_COLOR if cell.needs_review else None)
    if color:
        place.fill = fill(color)
    if is_remarkable(cell):
        text = sayable("\n".join((_remark(cell, language), *told[:_TOLD])))
        place.comment = Comment(text, "Gouji", width=320, height=40 + 18 * (len(text) // 24 + 4))


def _remark(cell: Cell, language: Language) -> str:
    """Return what a comment says of a figure that is not plainly read."""
    state = STATUS[cell.status].say(language)
    lines = [f"{state} · {TO_CHECK.say(language)}" if cell.needs_review else state]
    lines.append(Message("读作：", "read as: ").say(language) + (cell.printed or "—"))
    if cell.value is not None and shown(cell) != cell.printed:
        lines.append(Message("取值：", "value: ").say(language) + spell(cell.value))
    if cell.suggestion is not None:
        implied = Message("等式所示（未采用）：", "implied by the equations (not taken): ")
        lines.append(implied.say(language) + spell(cell.suggestion))
    if cell.reason.say(language):
        lines.append(cell.reason.say(language))
    if cell.page:
        lines.append(Message(f"第 {cell.page} 页", f"page {cell.page}").say(language))
    return "\n".join(lines)


def _findings(
    sheet: Worksheet, report: Report, templates: Sequence[Template], language: Language
) -> None:
    names = [
        Message("请核对", "To check"),
        Message("表", "Table"),
        Message("页", "Page"),
        Message("单元格", "Cells"),
        Message("说明", "What"),
        Message("代码", "Code"),
    ]
    heads(sheet, [one.say(language) for one in names], (10, 8, 8, 36, 90, 24))
    forms = {table.table: find_template(table, templates) for table in report.tables}
    yes = Message("是", "yes").say(language)
    for row, finding in enumerate(report.findings, 2):
        form = forms.get(finding.table or "")
        write(sheet.cell(row, 1), yes if finding.wants_person else "")
        write(sheet.cell(row, 2), finding.table or "")
        sheet.cell(row, 3, finding.page)
        write(sheet.cell(row, 4), "\n".join(name(one, form) for one in finding.cells))
        write(sheet.cell(row, 5), finding.message.say(language))
        write(sheet.cell(row, 6), finding.code)
        words, places = finding.message.say(language), len(finding.cells)
        sheet.row_dimensions[row].height = LINE_POINTS * max(1, places, -(-characters(words) // 86))
        for column in range(1, 7):
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")


def _checks(
    sheet: Worksheet, report: Report, templates: Sequence[Template], language: Language
) -> None:
    names = [
        Message("表", "Table"),
        Message("等式", "Equation"),
        Message("结果", "Result"),
        Message("应为", "Expected"),
        Message("页面写", "Stated"),
        Message("键", "Keys"),
    ]
    heads(sheet, [one.say(language) for one in names], (8, 80, 12, 14, 14, 80))
    row = 1
    for table in report.tables:
        form = find_template(table, templates)
        for check in table.checks:
            row += 1
            write(sheet.cell(row, 1), table.table)
            write(sheet.cell(row, 2), spoken(check.equation, form))
            result = write(sheet.cell(row, 3), holds(check).say(language))
            if check.holds is False:
                result.fill = fill(_WRONG_COLOR)
            for column, figure in ((4, check.expected), (5, check.found)):
                if figure is not None and is_exact(figure):
                    sheet.cell(row, column, figure).number_format = number_format(figure, "")
                else:
                    write(sheet.cell(row, column), "" if figure is None else spell(figure))
            write(sheet.cell(row, 6), check.equation)


def _width(sheet: Sheet, column: int) -> float:
    """Return a width, in characters, in which labels need few lines and figures but one."""
    longest = 6.0
    for slot in sheet.slots:
        if slot.column_span == 1 and slot.column == column:
            longest = max(longest, min(_characters(slot), 28) + 2.0)
    return longest


def _lines(sheet: Sheet, row: int, widths: Sequence[float]) -> int:
    """Return how many lines the labels of a row need; spreadsheets see to it only if unmerged."""
    return max(
        (
            math.ceil((_characters(slot) + 1) / sum(widths[slot.column :][: slot.column_span]))
            for slot in sheet.slots
            if slot.row == row and slot.row_span == 1
        ),
        default=1,
    )


def _characters(slot: Slot) -> int:
    return characters(slot.label if slot.cell is None else shown(slot.cell))


def _title(text: str) -> str:
    """Return a sheet title that Excel takes; openpyxl numbers those that come twice."""
    return re.sub(r"[\[\]:*?/\\\s']", " ", sayable(text))[:28].strip() or "table"
