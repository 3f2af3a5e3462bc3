"""Reports as one web page each: the tables as printed, and beside every doubt its picture and why.

The page needs nothing else: no script, no font, no request. Whatever Gouji says itself is marked
``data-gouji="note"``, so that the page can be read back as the tables it shows.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from document.message import Message
from document.numeral import Kind, parse, spell
from document.report import Status
from pipeline.explain import difference, filled_in, mark, sums_of
from pipeline.export_markdown import title_of
from pipeline.html_style import STYLE
from pipeline.sheet import find_template, lay_out, name, shown, spoken
from pipeline.spreadsheet import sayable
from pipeline.words import MEANING, REPORT_STATUS, STATUS, TO_CHECK, holds, is_remarkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from document.message import Language
    from document.report import Cell, Finding, Report, Table
    from document.template import Template
    from pipeline.album import Spot
    from pipeline.sheet import Slot
    from reconstruct.worked import Term, Worked

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'"


def to_html(
    report: Report,
    templates: Sequence[Template],
    language: Language,
    crops: Mapping[Spot, bytes] | None = None,
) -> bytes:
    """Return a report as one page, UTF-8; ``crops`` are pictures (JPEG) of figures in doubt."""
    title = _text(title_of(report, templates))
    code = "zh-Hans" if language == "zh" else "en"
    lines = [
        f'<!doctype html>\n<html lang="{code}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>",
        *_facts(report, language),
    ]
    for number, table in enumerate(report.tables):
        lines += _table(number, table, templates, language)
        lines += _reasons(number, table, templates, language, crops or {})
    lines += _findings(report, templates, language)
    lines += _checks(report, templates, language)
    lines.append("</body>\n</html>\n")
    return "\n".join(lines).encode("utf-8", "replace")


def _text(text: str) -> str:
    """Write text that stays text, in elements and in attributes."""
    return escape(sayable(text), quote=True)


def _facts(report: Report, language: Language) -> Iterator[str]:
    cells = report.cells
    facts = (
        (Message("状态", "Status"), REPORT_STATUS[report.status].say(language)),
        (Message("文件", "File"), report.source.file),
        (Message("页数", "Pages"), str(report.source.pages)),
        (Message("数字", "Figures"), str(len(cells))),
        (Message("已修复", "Repaired"), str(sum(c.status is Status.REPAIRED for c in cells))),
        (TO_CHECK, str(sum(c.needs_review for c in cells))),
        (Message("SHA-256", "SHA-256"), report.source.sha256),
    )
    yield '<section data-gouji="note"><dl>'
    yield "".join(f"<dt>{_text(n.say(language))}<dd>{_text(fact)}" for n, fact in facts)
    yield "</dl><p>"
    for status in Status:
        if status is not Status.READ:
            said, means = STATUS[status].say(language), MEANING[status].say(language)
            yield f'<span class="key {status.value}" title="{_text(means)}">{_text(said)}</span>'
    yield f'<span class="key doubt">? {_text(TO_CHECK.say(language))}</span></p></section>'


def _table(
    number: int, table: Table, templates: Sequence[Template], language: Language
) -> Iterator[str]:
    sheet, form = lay_out(table, templates), find_template(table, templates)
    heading = form.headings[0] if form and form.headings else table.table
    pages = "、".join(map(str, table.pages))
    where = Message(f"第 {pages} 页", f"page {pages}").say(language)
    yield f'<h2>{_text(heading)} <small data-gouji="note">{_text(where)}</small></h2>'
    yield '<div class="wide"><table class="form">'
    for row in range(sheet.rows):
        slots = sorted((s for s in sheet.slots if s.row == row), key=lambda slot: slot.column)
        yield f"<tr>{''.join(_slot(number, slot, language) for slot in slots)}</tr>"
    yield "</table></div>"


def _slot(number: int, slot: Slot, language: Language) -> str:
    spans = f' rowspan="{slot.row_span}"' if slot.row_span > 1 else ""
    spans += f' colspan="{slot.column_span}"' if slot.column_span > 1 else ""
    cell = slot.cell
    if cell is None:
        return f"<th{spans}>{_text(slot.label)}</th>"
    if not is_remarkable(cell):
        return f"<td{spans}>{_text(shown(cell))}</td>"
    names = "" if cell.status is Status.READ else cell.status.value
    names += " doubt" if cell.needs_review else ""
    text = _text(_figure(cell))
    title = _text(f"{STATUS[cell.status].say(language)}  {cell.reason.say(language)}".strip())
    link = f'<a href="#{_anchor(number, cell)}" title="{title}">{text}</a>'
    return f'<td{spans} class="{names.strip()}">{link}</td>'


def _figure(cell: Cell) -> str:
    """Return a figure, "?" behind it where a person should look; what is no figure is left out."""
    text = shown(cell)
    if cell.value is None and parse(text, "signed").kind is Kind.OTHER:
        text = ""
    return text + ("?" if cell.needs_review else "")


def _anchor(number: int, cell: Cell) -> str:
    return _text("-".join((str(number), *cell.address)).replace(" ", "_"))


def _reasons(
    number: int,
    table: Table,
    templates: Sequence[Template],
    language: Language,
    crops: Mapping[Spot, bytes],
) -> Iterator[str]:
    form = find_template(table, templates)
    remarkable = [cell for cell in table.cells if is_remarkable(cell)]
    if not remarkable:
        return
    yield '<section data-gouji="note">'
    for cell in remarkable:
        yield f'<article id="{_anchor(number, cell)}"><div>'
        state = STATUS[cell.status].say(language)
        state += f" · {TO_CHECK.say(language)}" if cell.needs_review else ""
        names = f"key {cell.status.value}{' doubt' if cell.needs_review else ''}"
        yield f'<h3><span class="{names}">{_text(state)}</span>'
        yield f"{_text(name(cell.address, form))}</h3>"
        yield "".join(f"<p>{_text(line)}</p>" for line in _said(cell, language))
        for one in sums_of(cell, table, form) if form else ():
            yield _sum(one, cell, language)
        yield "</div>"
        picture = crops.get((number, cell.address))
        if picture is not None:
            data = base64.b64encode(picture).decode()
            alt = _text(f"{name(cell.address, form)}: {cell.printed}")
            yield f'<img alt="{alt}" src="data:image/jpeg;base64,{data}">'
        yield "</article>"
    yield "</section>"


def _said(cell: Cell, language: Language) -> Iterator[str]:
    read = Message("读作：", "read as: ").say(language) + (cell.printed or "—")
    if cell.value is not None and shown(cell) != cell.printed:
        read += Message("；取值：", "; value: ").say(language) + spell(cell.value)
    if cell.page:
        read += Message(f"（第 {cell.page} 页）", f" (page {cell.page})").say(language)
    yield read
    if cell.suggestion is not None:
        implied = Message("等式所示（未采用）：", "implied by the equations (not taken): ")
        yield implied.say(language) + spell(cell.suggestion)
    if cell.reason.say(language):
        yield cell.reason.say(language)


def _sum(one: Worked, cell: Cell, language: Language) -> str:
    """Return an equation with its numbers filled in, as ``gouji show`` prints it."""
    off = ' class="off"' if one.difference else ""
    labels, figures = ["<th></th>"], [f"<td{off}>{mark(one)}</td>"]
    for side, last in ((one.parts, "≠" if one.difference else "="), (one.whole, "")):
        for number, term in enumerate(side):
            labels.append(f"<th>{_text(term.label.say(language))}</th><th></th>")
            sign = "+" if number < len(side) - 1 else last
            figures.append(f"{_term(term, cell)}<td>{sign}</td>")
    scope = one.scope.say(language)
    labels.append(f"<th>{_text(f'（{scope}）' if scope else '')}</th>")
    figures.append(f"<td{off}>{_text(difference(one, language))}</td>")
    return f'<table class="sum"><tr>{"".join(labels)}</tr><tr>{"".join(figures)}</tr></table>'


def _term(term: Term, cell: Cell) -> str:
    asked = ' class="asked"' if term.asked else ""
    return f"<td{asked}>{_text(filled_in(term, cell))}</td>"


def _findings(report: Report, templates: Sequence[Template], language: Language) -> Iterator[str]:
    if not report.findings:
        return
    yield '<section data-gouji="note">'
    yield f"<h2>{_text(Message('问题', 'Findings').say(language))}</h2>"
    forms = {table.table: find_template(table, templates) for table in report.tables}
    for finding in report.findings:
        yield f"<article><div><p>{_text(_where(finding, language))}"
        yield f"{_text(finding.message.say(language))} <code>{_text(finding.code)}</code></p>"
        form = forms.get(finding.table or "")
        cells = "、".join(name(address, form) for address in finding.cells)
        yield f'<p class="said">{_text(cells)}</p></div></article>'
    yield "</section>"


def _where(finding: Finding, language: Language) -> str:
    places = [f"{TO_CHECK.say(language)} ·"] if finding.wants_person else []
    if finding.page is not None:
        places.append(Message(f"第 {finding.page} 页", f"page {finding.page}").say(language))
    if finding.table is not None:
        places.append(finding.table)
    return " ".join(places) + ("  " if places else "")


def _checks(report: Report, templates: Sequence[Template], language: Language) -> Iterator[str]:
    yield '<section data-gouji="note"><details>'
    count = sum(len(table.checks) for table in report.tables)
    said = Message(f"核对：{count} 个等式", f"Checks: {count} equations").say(language)
    yield f'<summary>{_text(said)}</summary><table class="list">'
    for table in report.tables:
        form = find_template(table, templates)
        for check in table.checks:
            off = ' class="off"' if check.holds is False else ""
            figures = " / ".join(
                "?" if one is None else spell(one) for one in (check.expected, check.found)
            )
            facts = (table.table, spoken(check.equation, form), holds(check).say(language), figures)
            yield f"<tr{off}>{''.join(f'<td>{_text(fact)}</td>' for fact in facts)}</tr>"
    yield "</table></details></section>"
