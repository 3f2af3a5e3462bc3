"""What the prose says of tables that a text lacks: suggestions for them, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import Message
from document.report import Cell, Finding, Status, Table
from reconstruct.checks import check
from reconstruct.strangers import bare
from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.passage import Passage
    from document.template import Address, Template
    from reconstruct.prose import Statement

LONGEST_HEADING = 40
"""Characters; longer lines name the parts of a report, but head none."""


def told_only(said: Sequence[Statement], table: str, template: Template) -> Table | None:
    """Return a table of which nothing is printed, with what the prose says as suggestions.

    None where the prose says nothing of it. No figure of it has a value: all are for a person.
    """
    told = _told(said, table)
    form = next((one for one in template.tables if one.id == table), None)
    if form is None or not told:
        return None
    addresses = [cell.address for cell in form.figures if cell.address is not None]
    cells = tuple(_cell(address, told.get(address, [])) for address in addresses)
    checks = check(form.equations, dict.fromkeys(addresses))
    return Table(table, template.id, (), cells, checks)


def missing_in_text(passage: Passage, found: Sequence[str], template: Template) -> list[Finding]:
    """Say which tables of the form a text announces, or should hold, and does not."""
    heads: dict[int, str] = {}
    for row, (_, line) in enumerate(passage.lines):
        short = line if len(line) <= LONGEST_HEADING else ""
        for table in template.tables:
            if table.id not in heads.values() and likeness(bare(short), table.headings) >= 0.8:
                heads[row] = table.id
    findings = []
    for table in template.tables:
        if table.id in found:
            continue
        at = next((row for row, name in heads.items() if name == table.id), None)
        if at is None:
            message = Message(
                f"文本中没有“{table.headings[0]}”的表格，也没有这一标题",
                f"the text has neither the table “{table.headings[0]}” nor this heading",
            )
            findings.append(Finding("table-missing", message, table.id, wants_person=True))
            continue
        page, line = passage.lines[at]
        following = min((row for row in heads if row > at), default=len(passage.lines))
        message = Message(
            f"标题“{line}”之后应有表格，但文本中没有；请查看原件",
            f"a table should follow “{line}”, but the text has none; look at the original",
        )
        if any(at <= row < following for row in passage.pictures):
            message = Message(
                f"标题“{line}”之后应有表格，此处却是一幅图片，其文字无法辨认；"
                "请把图片存为文件后用 gouji read 读取",
                f"a table should follow “{line}”, but its picture is unreadable here; "
                "save the picture as a file and read that",
            )
        findings.append(Finding("table-missing", message, table.id, page=page, wants_person=True))
    return findings


def _told(said: Sequence[Statement], table: str) -> dict[Address, list[Statement]]:
    """Return what is said of single figures of ``table``, in the order of the text."""
    told: dict[Address, list[Statement]] = {}
    for one in said:
        addresses = one.phrase.means[0]
        if one.phrase.table != table or len(addresses) != 1:
            continue
        row, column = addresses[0]
        told.setdefault((row, column), []).append(one)
        if column == "total" and "自然人" in one.sentence and one.number:
            told.setdefault((row, "person"), []).append(one)
    return told


def _cell(address: Address, said: Sequence[Statement]) -> Cell:
    """Return a cell of which nothing is printed, with what is ``said`` of it."""
    reason = Message(
        "文本中没有此表，请查看原件", "the text lacks this table; look at the original"
    )
    suggestion = None
    if said:
        first = next((one for one in said if one.number), said[0])
        others = sorted({one.number for one in said} - {first.number})
        zh = "；正文另处称 " + "、".join(map(str, others)) if others else ""
        en = "; elsewhere it says " + ", ".join(map(str, others)) if others else ""
        reason = Message(
            f"文本中没有此表；正文称 {first.number}（“{first.sentence}”）{zh}",
            f"the text lacks this table; its prose says {first.number} (“{first.sentence}”){en}",
        )
        suggestion = first.number
    return Cell(
        address=address,
        printed="",
        value=None,
        status=Status.UNREADABLE,
        needs_review=True,
        confidence=0.0,
        reason=reason,
        reading=None,
        page=0,
        polygon=None,
        suggestion=suggestion,
    )
