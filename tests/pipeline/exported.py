"""Reports made for the tests of exporters: really settled, with doubts, dashes, units, mistakes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from document.report import Finding, ReadCell, ReadTable, Report, Source
from reconstruct.repair import settle
from samples import figures
from samples.printing import draw_habits, mislead, write_figures
from samples.report import form
from tests.reconstruct.readings import clear, seen

if TYPE_CHECKING:
    from document.reading import Reading
    from document.report import Table

DRAW = {"t2": figures.draw_t2, "t3": figures.draw_t3, "t4": figures.draw_t4}


def exported(seed: int, agency: str = "临河市东沙区司法局") -> Report:
    """Draw a report of three tables: some of its figures are in doubt, some written oddly."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)  # noqa: S311
    generation = rng.choice(["2019", "2021"])
    settled: list[tuple[Table, tuple[Finding, ...]]] = []
    for number, (name, draw) in enumerate(DRAW.items(), 1):
        drawn = draw(numbers, rng.choice(["bureau", "district", "city"]), generation)  # type: ignore[arg-type]
        if rng.random() < 0.3:
            drawn = write_figures(drawn, draw_habits(numbers), numbers)
        if name != "t2" and rng.random() < 0.3:
            drawn, _ = mislead(drawn, numbers)
        printed = {entry.address: entry.printed for entry in drawn.entries}
        template, table = form(name, generation)  # type: ignore[arg-type]
        readings: dict[tuple[str, str], Reading | None] = {a: clear(t) for a, t in printed.items()}
        for address in rng.sample(sorted(printed), rng.randint(0, 3)):
            text = printed[address]
            readings[address] = rng.choice(
                [
                    seen((text + "3", 0.5), (text, 0.4)),
                    seen((text + "|O?", 0.5), ("l*", 0.4)),
                    seen(("<i>", 0.5), legible=False),
                    None,
                ]
            )
        cells = tuple(
            ReadCell(
                c.address, c.type, readings[c.address], number, ((0, 0), (9, 0), (9, 9), (0, 9))
            )
            for c in table.figures
            if c.address and c.type
        )
        settled.append(settle(ReadTable(name, template, (number,), cells), table))
    source = Source("report.pdf", "0f" * 32, 3)
    findings = tuple(finding for _, said in settled for finding in said)
    return Report(source, agency, 2022, tuple(table for table, _ in settled), findings)


def with_text(report: Report, text: str) -> Report:
    """Put a text everywhere where a document or its words might bring it in."""
    findings = (*report.findings, Finding("x", replace(report.cells[0].reason, zh=text, en=text)))
    tables = tuple(
        replace(
            table,
            cells=tuple(
                replace(cell, reason=replace(cell.reason, zh=text, en=text)) for cell in table.cells
            ),
        )
        for table in report.tables
    )
    source = replace(report.source, file=text)
    return replace(report, source=source, agency=text, tables=tables, findings=findings)
