"""Names what does not belong: tables of other forms, and tables announced but not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import Message
from document.report import Finding
from reconstruct.wording import likeness, normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.template import Template

SIZEABLE = 6
"""Cells with text from which an unknown lattice is worth a finding: less is a frame or a note."""


def unknown_fragments(
    fragments: Sequence[tuple[int, Fragment]], templates: Sequence[Template]
) -> list[Finding]:
    """Say of each (page, fragment) that fits no form why it was left alone."""
    findings = []
    for page, fragment in fragments:
        texts = [cell.text for cell in fragment.spans if cell.text]
        foreign = _foreign((*texts, *fragment.headings), templates)
        if foreign:
            message = Message(
                f"此表属于另一种表样（出现“{foreign}”），未按现行表样读取",
                f"this table is of another form (it says “{foreign}”) and was not forced into ours",
            )
            findings.append(Finding("foreign-form", message, page=page))
        elif sum(cell.inked for cell in fragment.spans) >= SIZEABLE:
            sample = "、".join(texts[:3]) or "—"
            message = Message(
                f"此表与已知表样不符，未读取（表中文字如：{sample}）",
                f"this table fits no known form and was left alone (it says: {sample})",
            )
            findings.append(Finding("unknown-table", message, page=page, wants_person=True))
    return findings


def missing_tables(
    lines: Sequence[tuple[int, str]], found: Sequence[str], templates: Sequence[Template]
) -> list[Finding]:
    """Say which tables a heading announces, on (page, line), without their being found."""
    findings = []
    told: set[str] = set(found)
    for page, line in lines:
        for template in templates:
            for table in template.tables:
                if table.id in told or likeness(_bare(line), table.headings) < 0.8:
                    continue
                told.add(table.id)
                message = Message(
                    f"标题“{line}”之后应有表格，但此处没有读到；请人工查看该页",
                    f"a table is announced by “{line}” but none could be read; look at the page",
                )
                findings.append(
                    Finding("table-missing", message, table.id, page=page, wants_person=True)
                )
    return findings


def _bare(line: str) -> str:
    """Drop the number in front of a heading: 三、收到和处理… → 收到和处理…."""
    head, mark, rest = line.partition("、")
    return rest if mark and len(normal(head)) <= 2 else line


def _foreign(texts: Sequence[str], templates: Sequence[Template]) -> str | None:
    for template in templates:
        for phrase in template.foreign:
            if any(normal(phrase) in normal(text) for text in texts):
                return phrase
    return None
