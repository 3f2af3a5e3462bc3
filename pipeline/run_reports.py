"""The reports of a run as they stand together: each with what the years before say of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import insert

from pipeline.decisions import all_holding, decisions_of, holding
from pipeline.journal import counts, guarded
from pipeline.journal_queries import filed, find, report_of, unsettled
from pipeline.journal_schema import SETTLEMENTS
from pipeline.relations import related
from pipeline.settling import NOT_GIVEN, settled
from pipeline.years import suggested_by_years

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from document.decision import Decision
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


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a document stands with a result and the decisions up to the one of that id."""

    sha256: str
    result: int
    decision: int
    status: str
    repaired: int
    review: int


def standings(engine: Engine, templates: Sequence[Template]) -> Iterator[Standing]:
    """Yield the documents of a run by agency and year, whatever order they were read in.

    Memory holds the reports of one agency at a time.
    """
    decisions = all_holding(engine)
    for agency, group in groupby(filed(engine), key=lambda one: one.agency):
        together = [
            Standing(one, as_decided(engine, one, decisions.get(one.sha256, ()), templates))
            for one in group
        ]
        if agency is None:
            yield from together
            continue
        reports = [one.report for one in together if one.report is not None]
        for one in together:
            yield one if one.report is None else _with_years(one, one.report, reports, templates)


def as_decided(
    engine: Engine,
    document: Filed,
    decisions: Sequence[Decision],
    templates: Sequence[Template],
) -> Report | None:
    """Return a document's report with what people decided; None where it is still to be read."""
    report = report_of(engine, document)
    return None if report is None else settled(report, decisions, templates)


def standing_of(engine: Engine, sha256: str, templates: Sequence[Template]) -> Standing | None:
    """Return one document as people decided, without what other years say; None if not there."""
    document = find(engine, sha256)
    if document is None:
        return None
    decisions = holding(decisions_of(engine, sha256))
    return Standing(document, as_decided(engine, document, decisions, templates))


def settle_run(engine: Engine, templates: Sequence[Template], sha256: str | None = None) -> int:
    """Write down how documents stand since people last decided; returns how many there were.

    ``filed`` counts by it. With ``sha256`` that document alone. Documents whose form is not at
    hand are left for another time.
    """
    stale = unsettled(engine, sha256)
    for key, last in stale.items():  # what is decided from here on makes them stale once more
        document = find(engine, key)
        if document is None or document.result is None:
            continue
        decisions = holding(decisions_of(engine, key))
        report = as_decided(engine, document, decisions, templates)
        if report is not None and not any(one.code == NOT_GIVEN for one in report.findings):
            add_settlement(engine, document.sha256, document.result, last, report)
    return len(stale)


def add_settlement(engine: Engine, sha256: str, result: int, decision: int, report: Report) -> None:
    """Write down how a document stands with a result and the decisions up to one."""
    add_settlements(engine, (settlement_of(sha256, result, decision, report),))


def settlement_of(sha256: str, result: int, decision: int, report: Report) -> Settlement:
    """Return how a document stands with a result and the decisions up to one."""
    now = counts(report)
    return Settlement(sha256, result, decision, report.status, now["repaired"], now["review"])


def add_settlements(engine: Engine, several: Sequence[Settlement]) -> None:
    """Write down how documents stand, all at once."""
    if several:
        with guarded(), engine.begin() as connection:
            connection.execute(insert(SETTLEMENTS), [asdict(one) for one in several])


def _with_years(
    one: Standing, report: Report, reports: Sequence[Report], templates: Sequence[Template]
) -> Standing:
    """Add what follows from other years only: the report's own relations it knows already."""
    report = suggested_by_years(report, templates, reports)
    held = len(report.findings)
    found = related(report, templates, reports).findings[held:]
    across = tuple(finding for finding in found if finding not in report.findings)
    whole = replace(report, findings=(*report.findings, *across))
    return replace(one, report=whole, across=across)
