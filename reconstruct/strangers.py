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
    from reconstruct.register import Registration

MANY_ROWS, MANY_FIGURES = 3, 5
"""Rows, and figures, left over from which a second table may have been taken for a part of the
first."""

SIZEABLE = 6
"""Cells with text from which an unknown lattice is worth a finding: less is a frame or a note."""


def unknown_fragments(
    fragments: Sequence[tuple[int, Fragment]], templates: Sequence[Template]
) -> list[Finding]:
    """Say of each (page, fragment) that fits no form why it was left alone."""
    findings = []
    for page, fragment in fragments:
        texts = [cell.text for cell in fragment.spans if cell.text]
        phrase = foreign((*texts, *fragment.headings), templates)
        if phrase:
            message = Message(
                f"此表属于另一种表样（出现“{phrase}”），未按现行表样读取",
                f"this table is of another form (it says “{phrase}”) and was not forced into ours",
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
    lines: Sequence[tuple[int, str]],
    found: Sequence[str],
    templates: Sequence[Template],
    *,
    whole: bool = False,
) -> list[Finding]:
    """Say which tables a heading announces, on (page, line), without their being found.

    In a ``whole`` report, one with a title, every table of the form is expected.
    """
    findings: list[Finding] = []
    told: set[str] = set(found)
    for page, line in lines:
        for template in templates:
            for table in template.tables:
                if table.id in told or likeness(bare(line), table.headings) < 0.8:
                    continue
                told.add(table.id)
                message = Message(
                    f"标题“{line}”之后应有表格，但此处没有读到；请人工查看该页",
                    f"a table is announced by “{line}” but none could be read; look at the page",
                )
                findings.append(
                    Finding("table-missing", message, table.id, page=page, wants_person=True)
                )
    for template in _followed(found, templates) if whole else ():
        for table in template.tables:
            if table.id not in told:
                message = Message(
                    f"报告中没有找到“{table.headings[0]}”的表格；请人工查看",
                    f"the table “{table.headings[0]}” was not found in this report; look for it",
                )
                findings.append(Finding("table-missing", message, table.id, wants_person=True))
    return findings


def _followed(found: Sequence[str], templates: Sequence[Template]) -> tuple[Template, ...]:
    """Return the form that most of the tables found belong to, the first of several; () if none."""
    count = {t.id: sum(table.id in found for table in t.tables) for t in templates}
    best = max(templates, key=lambda t: count[t.id], default=None)
    return () if best is None or not count[best.id] else (best,)


def left_over(table: str, rows: int, page: int) -> list[Finding]:
    """Say that a table has ``rows`` rows with text which its form does not account for."""
    if rows < MANY_ROWS:
        return []
    message = Message(
        f"此表有 {rows} 行文字在表样中没有对应，未读取；请核对该页",
        f"{rows} rows of this table have no place in its form and were not read; check the page",
    )
    return [Finding("rows-left-over", message, table, page=page, wants_person=True)]


def figures_left_over(table: str, figures: int, page: int) -> list[Finding]:
    """Say that ``figures`` stand within the lines of a table where its form has no place for any.

    They may be another table's beside or below it, or columns that the form does not know.
    """
    if figures < MANY_FIGURES:
        return []
    message = Message(
        f"此表框线内另有 {figures} 个数在表样中没有位置，未读取；可能另有表格相连，请核对该页",
        f"{figures} more figures within the lines of this table have no place in its form and "
        "were not read; another table may be joined to it; check the page",
    )
    return [Finding("figures-left-over", message, table, page=page, wants_person=True)]


def doubtful_edition(found: Registration, page: int) -> list[Finding]:
    """Say that another edition of the form, with other figures, fits a table as well."""
    if found.rival is None:
        return []
    mine, its = found.template, found.rival
    message = Message(
        f"此表按《{mine.title}》读取，但《{its.title}》同样吻合：两者有别的行没有读清，"
        "可能缺行；请核对该页",
        f"read as “{mine.title}”, but “{its.title}” fits as well: the rows in which they differ "
        "were not read, and some may be missing; check the page",
    )
    return [Finding("doubtful-edition", message, found.table.id, page=page, wants_person=True)]


def bare(line: str) -> str:
    """Drop the number in front of a heading: 三、收到和处理… → 收到和处理…."""
    head, mark, rest = line.partition("、")
    return rest if mark and len(normal(head)) <= 2 else line


def foreign(texts: Sequence[str], templates: Sequence[Template]) -> str | None:
    """Return a phrase among ``texts`` that proves them to be of another form, None without."""
    for template in templates:
        for phrase in template.foreign:
            if any(normal(phrase) in normal(text) for text in texts):
                return phrase
    return None
