"""Readings made for tests: what a reader might have seen in each cell of a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from document.reading import Candidate, Reading
from document.report import ReadCell, ReadTable
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from document.report import Cell, Finding, Table
    from document.template import Address, TableTemplate

T2, T3, T4 = builtin()[0].tables


def seen(*candidates: tuple[str, float], legible: bool = True) -> Reading:
    """Return a reading of (text, probability) pairs, likeliest first."""
    return Reading(tuple(Candidate(text, -math.log(p)) for text, p in candidates), legible)


def clear(text: str) -> Reading:
    return seen((text, 0.9999), (text + "1", 0.00005))


def read_table(
    template: TableTemplate,
    printed: Mapping[Address, str],
    doubts: Mapping[Address, Reading | None] | None = None,
) -> ReadTable:
    """Return a table that reads clearly as ``printed``, but for ``doubts``."""
    readings: dict[Address, Reading | None] = {a: clear(text) for a, text in printed.items()}
    readings |= doubts or {}
    cells = tuple(
        ReadCell(c.address, c.type, readings[c.address], 1, None)
        for c in template.figures
        if c.address and c.type
    )
    return ReadTable(template.id, "cn-foi/2021", (1,), cells)


def by_address(table: Table) -> dict[Address, Cell]:
    return {cell.address: cell for cell in table.cells}


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def t3_printed(**rows: str) -> dict[Address, str]:
    """Return a 表三 of zeros but for ``rows``, each given as seven figures."""
    columns = [key for key, _ in T3.column_names]
    given = {key: rows.get(key, "0 0 0 0 0 0 0").split() for key, _ in T3.row_names}
    return {
        (row, column): text
        for row, texts in given.items()
        for column, text in zip(columns, texts, strict=True)
    }


def t4_printed(figures: str) -> dict[Address, str]:
    """Return a 表四 of fifteen figures, left to right."""
    addresses = [cell.address for cell in T4.figures if cell.address]
    return dict(zip(addresses, figures.split(), strict=True))


SUQIAN_2023 = t3_printed(
    new="3402 99 0 4 5 1 3511",
    carry="91 3 0 0 2 0 96",
    granted="1175 12 0 3 1 0 1191",
    partial="319 8 0 0 1 0 328",
    d2="27 0 0 0 0 0 27",
    d3="6 0 0 0 0 0 6",
    u1="1003 41 0 1 2 0 1047",
    n1="845 38 0 0 3 1 887",
    total="3375 99 0 4 7 1 3486",
    next="118 3 0 0 0 0 121",
)
"""The totals of a real city's report; its parts are drawn together into fewer rows."""
