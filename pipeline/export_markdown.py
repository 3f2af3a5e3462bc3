"""Reports as Markdown: the grid of the form kept, doubt marked, everything else in footnotes.

The body holds what the page says and nothing more, so that it can be read back as a text. A
figure that a person should look at ends in "?"; what Gouji has to say stands in footnotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from document.message import Message
from document.numeral import Kind, parse, spell
from pipeline.explain import explanations
from pipeline.sheet import find_template, lay_out, name, shown
from pipeline.text_pieces import OWN
from pipeline.words import REPORT_STATUS, STATUS, TO_CHECK, is_remarkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.message import Language
    from document.report import Cell, Finding, Report, Table
    from document.template import TableTemplate, Template

_ACTIVE = re.compile(r"[\\`*_{}\[\]<>()#!|｜│┃¦~$&@^]|(?<=www)\.|:(?=//)")
"""What a reader of Markdown or HTML might take for more than a character."""
_UNSAYABLE = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def to_markdown(report: Report, templates: Sequence[Template], language: Language) -> bytes:
    """Return a report as Markdown, UTF-8. Tables are pipe tables, a span's text in its corner."""
    notes = _Notes()
    lines = [f"# {escaped(title_of(report, templates))}{notes.add(_facts(report, language))}", ""]
    for finding in report.findings:
        if finding.table not in {table.table for table in report.tables}:
            lines[0] += notes.add(_said(finding, None, language))
    for table in report.tables:
        form = find_template(table, templates)
        heading = form.headings[0] if form and form.headings else table.table
        found = [one for one in report.findings if one.table == table.table]
        marks = "".join(notes.add(_said(one, form, language)) for one in found)
        lines += [f"## {escaped(heading)}{marks}", ""]
        lines += [*_grid(table, templates, notes, language), ""]
    lines = [OWN, "", *lines, *notes.lines]
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "replace")


def escaped(text: str) -> str:
    """Write text that stays text on one line: active characters as their entities."""
    plain = _UNSAYABLE.sub(" ", text).strip()
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", plain)


class _Notes:
    """Footnotes, numbered as they are added."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._count = 0

    def add(self, paragraphs: Sequence[str]) -> str:
        """Add a footnote of some lines; returns the reference to it."""
        self._count += 1
        self.lines += [f"[^{self._count}]: " + "；".join(escaped(one) for one in paragraphs), ""]
        return f"[^{self._count}]"


def title_of(report: Report, templates: Sequence[Template]) -> str:
    """Return what a report is called: whose, of which year, on which form; else its file."""
    forms = {table.template for table in report.tables}
    titles = [one.title.partition("（")[0] for one in templates if one.id in forms]
    year = "" if report.year is None else f"{report.year}年"
    whole = f"{report.agency or ''}{year}{titles[0] if titles else ''}"
    return whole or report.source.file


def _facts(report: Report, language: Language) -> tuple[str, ...]:
    to_check = sum(cell.needs_review for cell in report.cells)
    return (
        REPORT_STATUS[report.status].say(language),
        Message(
            f"数字 {len(report.cells)}，{TO_CHECK.zh} {to_check}（以“?”结尾）",
            f"{len(report.cells)} figures, {to_check} to check (they end in “?”)",
        ).say(language),
        f"{report.source.file} sha256 {report.source.sha256}",
    )


def _said(finding: Finding, form: TableTemplate | None, language: Language) -> tuple[str, ...]:
    head = "! " if finding.wants_person else ""
    page = ""
    if finding.page is not None:
        page = Message(f"第 {finding.page} 页：", f"page {finding.page}: ").say(language)
    cells = "、".join(name(one, form) for one in finding.cells)
    said = f"{head}{page}{finding.message.say(language)} [{finding.code}]"
    return (said, cells) if cells else (said,)


def _grid(
    table: Table, templates: Sequence[Template], notes: _Notes, language: Language
) -> Iterator[str]:
    sheet, form = lay_out(table, templates), find_template(table, templates)
    grid = [[""] * sheet.columns for _ in range(sheet.rows)]
    for slot in sorted(sheet.slots, key=lambda one: (one.row, one.column)):
        text = escaped(slot.label) if slot.cell is None else _figure(slot.cell)
        if slot.cell is not None and is_remarkable(slot.cell):
            text += notes.add(_why(slot.cell, table, form, language))
        grid[slot.row][slot.column] = text
    for number, row in enumerate(grid):
        yield f"| {' | '.join(row)} |"
        if number == 0:
            yield "|" + " --- |" * sheet.columns


def _figure(cell: Cell) -> str:
    """Return a figure; of what is no figure, blank or dash, nothing: its footnote quotes it."""
    text = shown(cell)
    if cell.value is None and parse(text, "signed").kind is Kind.OTHER:
        text = ""
    return escaped(text) + ("?" if cell.needs_review else "")


def _why(
    cell: Cell, table: Table, form: TableTemplate | None, language: Language
) -> tuple[str, ...]:
    state = STATUS[cell.status].say(language)
    facts = [
        name(cell.address, form),
        f"{state} · {TO_CHECK.say(language)}" if cell.needs_review else state,
        Message("读作：", "read as: ").say(language) + (cell.printed or "—"),
    ]
    if cell.suggestion is not None:
        implied = Message("等式所示（未采用）：", "implied by the equations (not taken): ")
        facts.append(implied.say(language) + spell(cell.suggestion))
    if cell.reason.say(language):
        facts.append(cell.reason.say(language))
    if cell.page:
        facts.append(Message(f"第 {cell.page} 页", f"page {cell.page}").say(language))
    return (*facts, *explanations(cell, table, form, language))
