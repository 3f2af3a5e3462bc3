"""The sheet of a workbook that says why: figures that are not plainly read, and their equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment

from document.message import Message
from document.numeral import spell
from pipeline.explain import explanations
from pipeline.sheet import find_template, name
from pipeline.spreadsheet import LINE_POINTS, characters, heads, write
from pipeline.words import STATUS, TO_CHECK, is_remarkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from document.message import Language
    from document.report import Cell, Report
    from document.template import Template

_NAMES = (
    Message("请核对", "To check"),
    Message("表", "Table"),
    Message("页", "Page"),
    Message("单元格", "Cell"),
    Message("状态", "Status"),
    Message("读作", "Read as"),
    Message("取值", "Value"),
    Message("等式所示（未采用）", "Implied (not taken)"),
    Message("理由", "Reason"),
    Message("等式", "Equations"),
)
_WIDTHS = (10, 8, 8, 36, 12, 14, 14, 14, 60, 80)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def add_explanations(
    sheet: Worksheet, report: Report, templates: Sequence[Template], language: Language
) -> None:
    """Write a row for every figure that is anything but plainly read; all of it is text."""
    heads(sheet, [one.say(language) for one in _NAMES], _WIDTHS)
    row = 1
    for table in report.tables:
        form = find_template(table, templates)
        for cell in table.cells:
            if not is_remarkable(cell):
                continue
            row += 1
            told = explanations(cell, table, form, language)
            facts = (*_facts(cell, language), "\n".join(told))
            texts = (facts[0], table.table, str(cell.page or ""), name(cell.address, form))
            for column, text in enumerate((*texts, *facts[1:]), 1):
                write(sheet.cell(row, column), text).alignment = _WRAPPED
            lines = max(1, len(told), -(-characters(facts[-2]) // 58))
            sheet.row_dimensions[row].height = LINE_POINTS * lines


def _facts(cell: Cell, language: Language) -> tuple[str, ...]:
    return (
        TO_CHECK.say(language) if cell.needs_review else "",
        STATUS[cell.status].say(language),
        cell.printed,
        "" if cell.value is None else spell(cell.value),
        "" if cell.suggestion is None else spell(cell.suggestion),
        cell.reason.say(language),
    )
