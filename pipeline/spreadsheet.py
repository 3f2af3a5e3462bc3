"""Spreadsheet cells: text that stays text, numbers that stay exact."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from document.message import Message
from document.numeral import spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell.cell import Cell as XlsxCell
    from openpyxl.worksheet.worksheet import Worksheet

    from document.report import Figure

MAKER = "Gouji"
"""Whom workbooks name as their creator."""

OVERVIEW = Message("概览", "Overview")
EXPLANATIONS = Message("说明", "Explanations")
FINDINGS = Message("问题", "Findings")
CHECKS = Message("核对", "Checks")
ABOUT = frozenset(
    title for one in (OVERVIEW, EXPLANATIONS, FINDINGS, CHECKS) for title in (one.zh, one.en)
)
"""The sheets on which a workbook speaks about tables and holds none."""

LABEL_COLOR = "F2F2F2"
LINE_POINTS = 16.5
"""Height of a line of text."""

_EXACT_DIGITS = 15
"""Significant digits that a spreadsheet's floating point keeps."""
_LONGEST_TEXT = 32_767
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(place: XlsxCell, text: str) -> XlsxCell:
    """Write text that stays text: never a formula, a number or an error, also when edited."""
    if text:
        place.value = sayable(text)[:_LONGEST_TEXT]
        place.data_type = "s"  # openpyxl has taken "=…" for a formula and "#REF!" for an error
        place.quotePrefix = True
    return place


def sayable(text: str) -> str:
    """Replace what XML cannot hold."""
    return _UNSAYABLE.sub("\ufffd", text)


def is_exact(figure: Figure) -> bool:
    """Tell whether a spreadsheet keeps every digit of a figure."""
    digits = spell(figure).lstrip("-").replace(".", "").strip("0")
    return len(digits) <= _EXACT_DIGITS


def number_format(figure: Figure, printed: str) -> str:
    """Return a format that shows every digit of a figure, and its unit where it is printed."""
    text = spell(figure)
    decimals = len(text.partition(".")[2]) if isinstance(figure, Decimal) else 0
    unit = '"元"' if printed.rstrip().endswith("元") else ""
    return ("0." + "0" * decimals if decimals else "0") + unit


def characters(text: str) -> int:
    """Return the width of a text, a Chinese character counting as two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def fill(color: str) -> PatternFill:
    """Return a plain background of a colour RRGGBB."""
    return PatternFill("solid", start_color=color)


def frame(side: Side) -> Border:
    """Return a border alike on all four sides."""
    return Border(left=side, right=side, top=side, bottom=side)


def heads(sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
    """Write the first row of a list; ``widths`` of its columns are in characters."""
    for column, (head, width) in enumerate(zip(names, widths, strict=True), 1):
        place = write(sheet.cell(1, column), head)
        place.font, place.fill = Font(bold=True), fill(LABEL_COLOR)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    print_on_a_page(sheet)


def print_on_a_page(page: Worksheet) -> None:
    """Print sheets on landscape pages, as wide as the paper."""
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
