"""Tables that a web page or a Word document holds as plain paragraphs go to the door of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.flow import FlowPicture, FlowTable, FlowText
from document.report import Report
from pipeline.read_text import recover_passage
from pipeline.text_pieces import passage_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.flow import Block, Flow
    from document.template import Template

_ABOUT_NOTHING = frozenset({"unknown-form", "table-missing"})


def with_words(
    report: Report, flow: Flow, wanted: Sequence[int], templates: Sequence[Template]
) -> Report:
    """Add the tables that stand in a document's paragraphs, where no real table is of their kind.

    A converter, or whoever pasted them, has left of their grid what it leaves in a text.
    """
    text = "\f".join(
        _text(section) if number in wanted else ""
        for number, section in enumerate(flow.sections, 1)
    )
    known = {table.table for table in report.tables}
    told = recover_passage(passage_of(text), report.source, templates, "never")
    tables = [
        table
        for table in told.tables
        if table.table not in known and any(cell.reading is not None for cell in table.cells)
    ]
    if not tables:
        return report
    names = {table.table for table in tables}
    kept = [
        one
        for one in report.findings
        if one.code not in _ABOUT_NOTHING or (one.table is not None and one.table not in names)
    ]
    kept += [one for one in told.findings if one.table in names]
    whole = sorted((*report.tables, *tables), key=lambda table: table.table)
    agency, year = report.agency or told.agency, report.year or told.year
    return Report(report.source, agency, year, tuple(whole), tuple(kept))


def _text(section: Sequence[Block]) -> str:
    """Return the paragraphs of a section, line by line; tables that arrange are text too."""
    lines: list[str] = []
    for block in section:
        if isinstance(block, FlowText):
            lines.append(block.text)
        elif isinstance(block, FlowTable) and block.columns < 2:
            lines += [cell.text for cell in block.cells]
        elif not isinstance(block, FlowPicture):
            lines.append("")
    return "\n".join(lines)
