"""Says which pages were hard to read, why, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import Message
from document.report import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Table
    from pipeline.sight import Sight

OPEN = 0.03
"""Share of a page's figures left to a person from which its quality is worth a word."""

ILLEGIBLE = 0.6
"""Confidence below which the lines of a page without tables count as not read."""


def poor_pages(sights: Sequence[Sight], tables: Sequence[Table]) -> list[Finding]:
    """Name the pages that were read badly and are of bad quality, with the remedy."""
    findings = []
    for sight in sights:
        remedies = sight.quality.remedies()
        cells = [cell for table in tables for cell in table.cells if cell.page == sight.page]
        doubtful = sum(cell.needs_review for cell in cells)
        badly = doubtful > OPEN * len(cells) if cells else sight.legible < ILLEGIBLE
        if remedies and badly:
            findings.append(
                Finding(
                    "poor-page",
                    Message(
                        f"第 {sight.page} 页画质差：" + "；".join(one.zh for one in remedies),
                        f"page {sight.page} is hard to read: "
                        + "; ".join(one.en for one in remedies),
                    ),
                    page=sight.page,
                )
            )
    return findings
