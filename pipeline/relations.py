"""Adds to a report what its form's relations say: inequalities, other tables, the years before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconstruct.inequalities import breaches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Report, Table
    from document.template import Template


def related(report: Report, templates: Sequence[Template], earlier: Sequence[Report]) -> Report:
    """Return ``report`` with a finding for every relation of its forms that is broken.

    ``earlier`` are other reports of the batch; those of the same agency, in a year before this
    one's, are what a relation across years speaks of. Without agency or year there are none.
    """
    years = years_of(report, earlier)
    used = {table.template for table in report.tables}
    found = [
        finding
        for template in templates
        if template.id in used
        for finding in breaches(template, years)
    ]
    return replace(report, findings=(*report.findings, *found)) if found else report


def years_of(report: Report, earlier: Sequence[Report]) -> dict[int, Sequence[Table]]:
    """Return the tables of an agency's reports, by how many years they lie before ``report``."""
    years: dict[int, Sequence[Table]] = {0: report.tables}
    if report.agency is not None and report.year is not None:
        for other in earlier:
            if other.agency == report.agency and other.year is not None:
                before = report.year - other.year
                if before > 0:
                    years[before] = other.tables
    return years
