"""A run as a workbook: a sheet of reports, and the panel on as many sheets as it needs."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from document.numeral import spell
from pipeline.panel import PANEL, WIDE, panel, wide, wide_keys
from pipeline.spreadsheet import fill, is_exact, number_format, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet
    from sqlalchemy import Engine

    from document.report import Cell
    from document.template import Template
    from pipeline.panel import Field

ROWS_OF_A_SHEET = 1_000_000
"""Excel's limit is 1,048,576."""

_DOUBT = "FCE4D6"
_PLAIN = re.compile(r"[\w（(《【.][^\x00-\x1f\ud800-\udfff\ufffe\uffff]*")
_DATED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_DAY = (1980, 1, 1, 0, 0, 0)


def to_workbook(
    engine: Engine, templates: Sequence[Template], rows_of_a_sheet: int = ROWS_OF_A_SHEET
) -> bytes:
    """Return a workbook; figures in doubt are coloured, and no cell is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("reports")
    sheet.freeze_panes = "C2"
    keys = wide_keys(engine, templates)
    sheet.append([*WIDE, *(".".join(key) for key in keys)])
    for row in wide(engine, templates):
        figures = (_figure(sheet, row.cells[key]) if key in row.cells else None for key in keys)
        sheet.append([*(_field(sheet, fact) for fact in row.facts), *figures])
    rows, number = panel(engine, templates), 0
    first = next(rows, None)
    while first is not None or number == 0:
        number += 1
        sheet = book.create_sheet("panel" if number == 1 else f"panel {number}")
        sheet.freeze_panes = "A2"
        sheet.append(list(PANEL))
        if first is not None:
            for line in chain((first,), islice(rows, rows_of_a_sheet - 1)):
                sheet.append([_field(sheet, field) for field in line])
        first = next(rows, None)
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream)


def _figure(sheet: Worksheet, cell: Cell) -> Any:
    place = WriteOnlyCell(sheet, None)
    if cell.value is not None and is_exact(cell.value):
        place.value = cell.value
        place.number_format = number_format(cell.value, "")
    elif cell.value is not None:
        write(place, spell(cell.value))
    if cell.needs_review:
        place.fill = fill(_DOUBT)
    return place


def _field(sheet: Worksheet, field: Field) -> Any:
    """Return what a cell may hold as it is; text that might be taken for more is marked as text."""
    if isinstance(field, str):
        return field if _PLAIN.fullmatch(field) else write(WriteOnlyCell(sheet, None), field)
    if isinstance(field, int | Decimal) and not isinstance(field, bool) and not is_exact(field):
        return write(WriteOnlyCell(sheet, None), spell(field))
    return field


def _undated(stream: io.BytesIO) -> bytes:
    """Take the time of writing out of a workbook, so that the same content is the same bytes."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(stream) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            member = zipfile.ZipInfo(name, _DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return written.getvalue()
