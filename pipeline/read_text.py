"""The story of a text: cut into pieces, its tables found, their figures placed and settled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.message import Message
from document.report import Finding, Report
from pipeline.faults import sentence
from pipeline.text_file import read_text
from pipeline.text_pieces import passage_of
from reconstruct.hearsay import missing_in_text, told_only
from reconstruct.prose import contradictions, statements, suggested
from reconstruct.repair import settle
from reconstruct.strangers import foreign
from reconstruct.text_forms import find_tables
from reconstruct.title import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.passage import Passage
    from document.report import Source, Table
    from document.template import Template
    from pipeline.intake import Document
    from pipeline.prose import Prose
    from reconstruct.text_forms import TextTable

TITLE_LINES = 12

LONGEST_HEADING = 24
"""Characters; a longer line may go on in the next."""


def recover_text(
    document: Document, *, templates: Sequence[Template], prose: Prose = "auto"
) -> Report:
    """Read a document that is a text. Raises InputError where its bytes are none."""
    passage = _of_pages(passage_of(read_text(document.path)), frozenset(document.wanted))
    report = recover_passage(passage, document.source, templates, prose)
    absent = tuple(
        Finding(
            "no-such-page",
            sentence("no-such-page", page=number, pages=passage.pages),
            page=number,
            wants_person=True,
        )
        for number in document.absent
    )
    return replace(report, findings=(*absent, *report.findings)) if absent else report


def _of_pages(passage: Passage, wanted: frozenset[int]) -> Passage:
    """Return what stands on the ``wanted`` pages, which form feeds part."""
    return replace(
        passage,
        pieces=tuple(piece for piece in passage.pieces if piece.page in wanted),
        lines=tuple((page, line if page in wanted else "") for page, line in passage.lines),
    )


def recover_passage(
    passage: Passage, source: Source, templates: Sequence[Template], prose: Prose = "auto"
) -> Report:
    """Read the tables of a text: every figure in its place, or its place openly in doubt."""
    found = find_tables(passage, templates)
    findings: list[Finding] = []
    tables: list[Table] = []
    for one in found:
        table, said = settle(one.read, one.template)
        tables.append(table)
        findings += said
        findings += _oddities(one, table)
    lines = [line for _, line in passage.lines if line][:TITLE_LINES]
    agency, year = title(lines)
    form = _form(found, templates)
    told = statements(_prose(passage, found)) if prose != "never" else ()
    tables = list(suggested(told, tables))
    findings += contradictions(told, tables)
    names = [table.table for table in tables]
    missing = missing_in_text(passage, names, form)
    announced = [one.table for one in missing if one.page is not None]
    if tables or announced:
        findings += missing
    for name in announced:
        hearsay = told_only(told, name, form) if name is not None else None
        if hearsay is not None:
            tables.append(hearsay)
    if not tables:
        findings.append(_nothing(passage, templates))
    tables.sort(key=lambda table: table.table)
    return Report(source, agency, year, tuple(tables), tuple(findings), not tables)


def _form(found: Sequence[TextTable], templates: Sequence[Template]) -> Template:
    """Return the form that most of the tables found belong to, else the one in use."""
    count = {t.id: sum(one.read.template == t.id for one in found) for t in templates}
    best = max(templates, key=lambda t: count[t.id])
    if count[best.id]:
        return best
    return next((t for t in templates if t.id == "cn-foi/2021"), best)


def _prose(passage: Passage, found: Sequence[TextTable]) -> list[tuple[int, str]]:
    """Return the lines outside the tables as (page, text)."""
    inside = {piece.line for one in found for piece in passage.pieces[one.first : one.last + 1]}
    return [
        (page, _ended(line))
        for row, (page, line) in enumerate(passage.lines)
        if row not in inside and line
    ]


def _ended(line: str) -> str:
    """End a heading as a sentence ends, so that the next one does not begin with it."""
    return line if len(line) > LONGEST_HEADING or line.endswith(("，", "。")) else line + "。"


def _oddities(one: TextTable, table: Table) -> list[Finding]:
    """Say what of a table's place in the text a person should look at."""
    findings = []
    page = table.pages[0] if table.pages else None
    if one.strange:
        message = Message(
            f"此表有 {one.strange} 处数字在表样中没有对应的行，未读取；请核对原文",
            f"figures in {one.strange} place(s) of this table have no row in its form and were "
            "not read; check the text",
        )
        findings.append(
            Finding("rows-left-over", message, table.table, page=page, wants_person=True)
        )
    if one.again:
        message = Message(
            f"又一张 {table.table} 表，未采用；请核对文件是否合并了多份报告",
            f"another table {table.table} was found and left out; "
            "check whether the file holds more than one report",
        )
        findings.append(Finding("second-table", message, table.table, page=page, wants_person=True))
    return findings


def _nothing(passage: Passage, templates: Sequence[Template]) -> Finding:
    phrase = foreign([line for _, line in passage.lines], templates)
    if phrase:
        message = Message(
            f"此文本属于另一种表样（出现“{phrase}”），未按现行表样读取",
            f"this text is of another form (it says “{phrase}”) and was not forced into ours",
        )
        return Finding("foreign-form", message, wants_person=True)
    message = Message(
        "文本中没有找到已知的表格；请确认是政府信息公开工作年度报告，或用 --template 提供表样",
        "no table of a known form was found in the text; check that it is such a report, "
        "or give its form with --template",
    )
    return Finding("unknown-form", message, wants_person=True)
