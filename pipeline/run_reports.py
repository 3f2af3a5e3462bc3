"""The reports of a run as they stand together: each with what the years before say of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.journal_queries import filed, report_of
from pipeline.relations import related

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from document.report import Finding, Report
    from document.template import Template
    from pipeline.journal_queries import Filed


@dataclass(frozen=True, slots=True)
class Standing:
    """A document and its report, which holds ``across``: findings that other years' reports make.

    ``report`` is None where the document is still to be read.
    """

    document: Filed
    report: Report | None
    across: tuple[Finding, ...] = ()


def standings(engine: Engine, templates: Sequence[Template]) -> Iterator[Standing]:
    """Yield the documents of a run by agency and year, whatever order they were read in.

    Memory holds the reports of one agency at a time.
    """
    for agency, group in groupby(filed(engine), key=lambda one: one.agency):
        together = [Standing(one, report_of(engine, one)) for one in group]
        if agency is None:
            yield from together
            continue
        reports = [one.report for one in together if one.report is not None]
        for one in together:
            yield one if one.report is None else _with_years(one, one.report, reports, templates)


def _with_years(
    one: Standing, report: Report, reports: Sequence[Report], templates: Sequence[Template]
) -> Standing:
    """Add what follows from other years only: the report's own relations it knows already."""
    held = len(report.findings)
    found = related(report, templates, reports).findings[held:]
    across = tuple(finding for finding in found if finding not in report.findings)
    whole = replace(report, findings=(*report.findings, *across))
    return replace(one, report=whole, across=across)
