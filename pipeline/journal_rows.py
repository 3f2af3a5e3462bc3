"""A report as rows of the journal's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.numeral import spell
from pipeline.journal_schema import CELLS, CHECKS, FINDINGS

if TYPE_CHECKING:
    from sqlalchemy import Table

    from document.report import Figure, Report


def storable(text: str) -> str:
    """Replace what a database cannot hold: zero bytes, and bytes of names that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def rows_of(report: Report) -> dict[Table, list[dict[str, object]]]:
    """Return the figures, checks and findings of a report, in its order, for queries."""
    figures: list[dict[str, object]] = [
        {
            "table": table.table,
            "template": table.template,
            "row": cell.address[0],
            "column": cell.address[1],
            "printed": storable(cell.printed),
            "value": _spelled(cell.value),
            "status": cell.status.value,
            "needs_review": cell.needs_review,
            "confidence": cell.confidence,
            "page": cell.page or None,
        }
        for table in report.tables
        for cell in table.cells
    ]
    checks: list[dict[str, object]] = [
        {
            "table": table.table,
            "equation": check.equation,
            "holds": check.holds,
            "expected": _spelled(check.expected),
            "found": _spelled(check.found),
        }
        for table in report.tables
        for check in table.checks
    ]
    findings: list[dict[str, object]] = [
        {
            "code": finding.code,
            "table": finding.table,
            "page": finding.page,
            "wants_person": finding.wants_person,
            "message_zh": storable(finding.message.zh),
            "message_en": storable(finding.message.en),
        }
        for finding in report.findings
    ]
    parts = ((CELLS, figures), (CHECKS, checks), (FINDINGS, findings))
    return {
        into: [{"place": number, **one} for number, one in enumerate(rows)] for into, rows in parts
    }


def _spelled(figure: Figure | None) -> str | None:
    return None if figure is None else spell(figure)
