"""What a journal says: every document with its places and the result that holds now."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from document.message import Message
from pipeline.export_json import parse
from pipeline.journal import Refusal, guarded
from pipeline.journal_schema import (
    ATTEMPTS,
    DECISIONS,
    DOCUMENTS,
    REFUSALS,
    RESULTS,
    SETTINGS,
    SETTLEMENTS,
    SIGHTINGS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, Engine, Row, Subquery, Table

    from document.report import Report, ReportStatus

DEATHS = ("worker-died", "time-limit", "memory-limit")
"""Outcomes of attempts after which a document is tried once more, alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document came by, and what a list said of it."""

    path: str
    agency: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document of the run and the result that holds now; None where it is still to be read.

    ``agency`` and ``year`` are those that a list gave, else those read from the title. What
    people decided is counted in once it was settled (see ``pipeline.run_reports.settle_run``).
    """

    sha256: str
    places: tuple[Place, ...]
    result: int | None
    settings: str | None
    status: ReportStatus | None
    agency: str | None
    year: int | None
    repaired: int
    review: int

    @property
    def path(self) -> str:
        """The place it came by first."""
        return self.places[0].path if self.places else ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An attempt that did not end with a result."""

    sha256: str
    ended: str
    outcome: str
    alone: bool
    trace: str | None


def find(engine: Engine, sha256: str) -> Filed | None:
    """Return one document of a run, None where the run does not have it."""
    found = filed(engine, sha256)
    return found[0] if found else None


def filed(engine: Engine, sha256: str | None = None) -> tuple[Filed, ...]:
    """Return the documents of a run, by agency, year and the order in which they came.

    With ``sha256`` that one alone, without looking through the others.
    """
    places: dict[str, dict[str, Place]] = defaultdict(dict)
    order: dict[str, int] = {}
    with guarded(), engine.connect() as connection:
        seen = select(SIGHTINGS).where(*_only(SIGHTINGS, sha256)).order_by(SIGHTINGS.c.id)
        for row in connection.execute(seen):
            before = places[row.sha256].get(row.place, Place(row.place, None, None))
            agency = row.agency or before.agency  # what was said last counts
            year = row.year if row.year is not None else before.year
            places[row.sha256][row.place] = Place(row.place, agency, year)
            order.setdefault(row.sha256, row.id)
        newest = latest(sha256)
        names = ("id", "settings", "status", "agency", "year", "repaired", "review")
        held = select(RESULTS.c.sha256, *(RESULTS.c[name] for name in names)).join(
            newest, newest.c.id == RESULTS.c.id
        )
        results = {row.sha256: row for row in connection.execute(held)}
        settled = _settlements(connection, sha256)
        listed_documents = select(DOCUMENTS.c.sha256).where(*_only(DOCUMENTS, sha256))
        documents = connection.scalars(listed_documents).all()
    found = []
    for key in documents:
        held_now = results.get(key)
        listed = tuple(places[key].values())
        agency = next((place.agency for place in listed if place.agency), None)
        year = next((place.year for place in listed if place.year is not None), None)
        stands = settled.get(key, held_now)
        if held_now is None or stands is None or getattr(stands, "result", None) != held_now.id:
            stands = held_now
        found.append(
            Filed(
                key,
                listed,
                held_now.id if held_now else None,
                held_now.settings if held_now else None,
                stands.status if stands else None,
                agency or (held_now.agency if held_now else None),
                year if year is not None else (held_now.year if held_now else None),
                stands.repaired if stands else 0,
                stands.review if stands else 0,
            )
        )
    found.sort(key=lambda one: (one.agency or "\uffff", one.year or 0, order.get(one.sha256, 0)))
    return tuple(found)


def _only(table: Table, sha256: str | None) -> list[ColumnElement[bool]]:
    """Return the condition that keeps one document's rows, or none for all of them."""
    return [] if sha256 is None else [table.c.sha256 == sha256]


def _settlements(connection: Connection, sha256: str | None) -> dict[str, Row[Any]]:
    """Return how documents stand with all that people decided, where that was written down."""
    last = select(DECISIONS.c.sha256, func.max(DECISIONS.c.id).label("id"))
    last_of = last.where(*_only(DECISIONS, sha256)).group_by(DECISIONS.c.sha256).subquery()
    columns = SETTLEMENTS.c
    wanted = (
        select(SETTLEMENTS)
        .join(last_of, and_(last_of.c.sha256 == columns.sha256, last_of.c.id == columns.decision))
        .order_by(columns.id)
    )
    return {row.sha256: row for row in connection.execute(wanted)}


def latest(sha256: str | None = None) -> Subquery:
    """Return the ids of the results that hold now."""
    newest = select(func.max(RESULTS.c.id).label("id")).where(*_only(RESULTS, sha256))
    return newest.group_by(RESULTS.c.sha256).subquery()


def unsettled(engine: Engine, sha256: str | None = None) -> dict[str, int]:
    """Return the documents that do not stand as decided yet, with the id of the last entry."""
    last = select(DECISIONS.c.sha256, func.max(DECISIONS.c.id))
    last = last.where(*_only(DECISIONS, sha256)).group_by(DECISIONS.c.sha256)
    newest = latest(sha256)
    now = select(RESULTS.c.sha256, RESULTS.c.id).join(newest, newest.c.id == RESULTS.c.id)
    with guarded(), engine.connect() as connection:
        entries = {row[0]: row[1] for row in connection.execute(last)}
        if not entries:
            return {}
        settled = _settlements(connection, sha256)
        results = {row[0]: row[1] for row in connection.execute(now) if row[0] in entries}
    return {
        key: number
        for key, number in entries.items()
        if key in results and (key not in settled or settled[key].result != results[key])
    }


def report_of(engine: Engine, document: Filed) -> Report | None:
    """Return the report of a document under its first name, with the agency a list gave it."""
    if document.result is None:
        return None
    with guarded(), engine.connect() as connection:
        held = select(RESULTS.c.report).where(RESULTS.c.id == document.result)
        packed: bytes = connection.execute(held).scalar_one()
    report = parse(zlib.decompress(packed))
    return replace(report, agency=document.agency, year=document.year)


def read_title(engine: Engine, document: Filed) -> tuple[str | None, int | None]:
    """Return the agency and year as read from the document, whatever a list says."""
    with guarded(), engine.connect() as connection:
        wanted = select(RESULTS.c.agency, RESULTS.c.year).where(RESULTS.c.id == document.result)
        row = connection.execute(wanted).first()
    return (None, None) if row is None else (row.agency, row.year)


def settings_of_result(engine: Engine, result: int) -> tuple[str, str]:
    """Return the key of a result's settings, and those of its last attempt as JSON.

    The two differ where pages were read again.
    """
    wanted = (
        select(RESULTS.c.settings, SETTINGS.c.json)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .join(SETTINGS, SETTINGS.c.key == ATTEMPTS.c.settings)
        .where(RESULTS.c.id == result)
    )
    with guarded(), engine.connect() as connection:
        row = connection.execute(wanted).one()
    return row[0], row[1]


def refusals(engine: Engine) -> tuple[Refusal, ...]:
    """Return the inputs that could never be had; those that could be later are left out."""
    later = REFUSALS.join(SIGHTINGS, SIGHTINGS.c.place == REFUSALS.c.place, isouter=True)
    never = SIGHTINGS.c.id.is_(None)
    wanted = select(REFUSALS).select_from(later).where(never).order_by(REFUSALS.c.id)
    with guarded(), engine.connect() as connection:
        return tuple(
            Refusal(row.place, row.code, Message(row.message_zh, row.message_en))
            for row in connection.execute(wanted)
        )


def troubles(engine: Engine) -> tuple[Trouble, ...]:
    """Return the attempts that did not end with a report, in their order."""
    wanted = select(ATTEMPTS).where(ATTEMPTS.c.outcome != "read").order_by(ATTEMPTS.c.id)
    with guarded(), engine.connect() as connection:
        return tuple(
            Trouble(row.sha256, row.ended, row.outcome, bool(row.alone), row.trace)
            for row in connection.execute(wanted)
        )


def suspects(engine: Engine, settings: str) -> frozenset[str]:
    """Return the documents whose last attempt with these settings killed its worker."""
    columns = (ATTEMPTS.c.sha256, ATTEMPTS.c.outcome)
    wanted = select(*columns).where(ATTEMPTS.c.settings == settings).order_by(ATTEMPTS.c.id)
    with guarded(), engine.connect() as connection:
        last = {row.sha256: row.outcome for row in connection.execute(wanted)}
    return frozenset(sha256 for sha256, outcome in last.items() if outcome in DEATHS)


def seconds_by_settings(engine: Engine) -> Iterator[tuple[str, str, int, float]]:
    """Yield each settings' key and JSON, the results that came with them, and their seconds."""
    wanted = (
        select(
            SETTINGS.c.key,
            SETTINGS.c.json,
            func.count(RESULTS.c.id),
            func.sum(ATTEMPTS.c.seconds),
        )
        .join(RESULTS, RESULTS.c.settings == SETTINGS.c.key)
        .join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt)
        .group_by(SETTINGS.c.key, SETTINGS.c.json)
        .order_by(func.min(RESULTS.c.id))
    )
    with guarded(), engine.connect() as connection:
        for row in connection.execute(wanted):
            yield row[0], row[1], row[2], row[3]
