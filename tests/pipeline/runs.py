"""Runs made for tests: reports that were really settled from readings, in a journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.report import Report, Source
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings, new_journal
from pipeline.settings import Settings
from reconstruct.repair import settle
from tests.reconstruct.readings import T3, T4, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

    from document.reading import Reading
    from document.report import Finding, Table
    from document.template import Address, TableTemplate

SETTINGS = Settings("1" * 64, "{}")


def begin(folder: Path, *reports: Report) -> Engine:
    """Make a run of reports, each from a file of its own."""
    folder.mkdir(exist_ok=True, parents=True)
    engine = new_journal(folder)
    add_settings(engine, SETTINGS)
    add_inputs(
        engine, [Sighting(one.source.sha256, 1, f"/scans/{one.source.file}") for one in reports]
    )
    for one in reports:
        file_again(engine, one)
    return engine


def file_again(engine: Engine, report: Report) -> None:
    """Add a result of a document of the run."""
    attempt = Attempt(report.source.sha256, SETTINGS.key, 1.0, alone=False, outcome="read")
    add_attempt(engine, attempt, report)


def report_of(
    number: int,
    tables: Iterable[tuple[TableTemplate, Mapping[Address, str]]],
    doubts: Mapping[Address, Reading | None] | None = None,
    agency: str = "甲局",
) -> Report:
    """Settle tables that read clearly, but for ``doubts``, which are of every table."""
    settled: list[Table] = []
    findings: list[Finding] = []
    for form, printed in tables:
        mine = {a: reading for a, reading in (doubts or {}).items() if a in printed}
        read = read_table(form, printed, mine)
        outlined = tuple(
            replace(cell, polygon=((0, 0), (40, 0), (40, 20), (0, 20))) for cell in read.cells
        )
        table, said = settle(replace(read, cells=outlined), form)
        settled.append(table)
        findings += said
    source = Source(f"{number}.pdf", f"{number:064x}", 6)
    return Report(source, agency, 2020 + number, tuple(settled), tuple(findings))


__all__ = ["T3", "T4", "begin", "file_again", "report_of"]
