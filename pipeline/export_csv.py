"""Reports as CSV in long form: a line a figure, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from document.numeral import spell
from pipeline.sheet import find_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.message import Language
    from document.report import Report
    from document.template import Template

COLUMNS = (
    "file",
    "agency",
    "year",
    "table",
    "template",
    "row",
    "column",
    "row_name",
    "column_name",
    "printed",
    "value",
    "status",
    "needs_review",
    "confidence",
    "suggestion",
    "page",
    "reason",
)

_HARMLESS = re.compile(r"-?\d+(\.\d+)?|[-－]", re.ASCII)
_STARTERS = tuple("=+-@＝＋－＠\t\r\n")


def to_csv(report: Report, templates: Sequence[Template], language: Language) -> bytes:
    """Return a line for each figure, UTF-8 with a mark so that Excel shows Chinese rightly."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for table in report.tables:
        form = find_template(table, templates)
        for cell in table.cells:
            row, column = cell.address
            line = (
                report.source.file,
                report.agency or "",
                "" if report.year is None else str(report.year),
                table.table,
                table.template,
                row,
                column,
                form.row_name(row) if form else row,
                form.column_name(column) if form else column,
                cell.printed,
                "" if cell.value is None else spell(cell.value),
                cell.status.value,
                "true" if cell.needs_review else "false",
                f"{cell.confidence:.6f}",
                "" if cell.suggestion is None else spell(cell.suggestion),
                str(cell.page or ""),
                cell.reason.say(language),
            )
            writer.writerow([safe(text) for text in line])
    return stream.getvalue().encode("utf-8-sig", errors="replace")


def safe(text: str) -> str:
    """Put a quote before what a spreadsheet would run as a formula; numbers are left alone."""
    text = text.replace("\0", "\ufffd")
    starts = text.startswith(_STARTERS) or text.lstrip().startswith(_STARTERS)
    return "'" + text if starts and not _HARMLESS.fullmatch(text) else text
