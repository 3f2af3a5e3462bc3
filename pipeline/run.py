"""A batch from its inputs to its journal: what is not there yet is read, and written down once.

The driver is the only writer of the journal. It may end at any moment: what was written down is
whole, and the same command goes on with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.report import Finding, Report, Source, Status
from pipeline.allowance import USUAL, USUAL_BOUNDS, Allowance, Bounds
from pipeline.gather import UNPACKED, Given, PassedOver, gather
from pipeline.hold import held_database, held_folder
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings, new_journal
from pipeline.journal_place import place_of
from pipeline.journal_queries import filed, suspects
from pipeline.pool import Limits, Task, labour, sweep
from pipeline.run_limits import widen_limits
from pipeline.writing import prepare_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

    from document.report import ReportStatus
    from pipeline.journal import Refusal
    from pipeline.journal_queries import Filed
    from pipeline.pool import Turn
    from pipeline.settings import Settings
    from pipeline.worker import Load

Labour: TypeAlias = "Callable[[Iterable[Task], Load, Limits], Iterator[Turn]]"
"""Has documents read: here, or on a cluster (``pipeline.pool_ray``)."""

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch is asked to do. ``load`` makes a worker's reader, as ``settings`` describe."""

    inputs: tuple[Path, ...]
    run: Path
    load: Load
    settings: Settings
    limits: Limits
    retry_failed: bool = False
    redo_changed: bool = False
    labour: Labour = labour
    allowance: Allowance = USUAL
    bounds: Bounds = USUAL_BOUNDS
    journal: str | None = None
    """The URL of a database to keep the journal in; None: where the run's folder says."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The inputs were looked through. ``documents`` counts each content once.

    ``other_settings`` are documents whose result came with other settings and is kept.
    """

    documents: int
    copies: int
    to_read: int
    refused: int
    passed_over: int
    other_settings: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An input could not be had."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Ended:
    """A turn at a document ended; ``status`` is None where it gets another one, alone."""

    sha256: str
    place: str
    outcome: str
    status: ReportStatus | None
    repaired: int
    review: int
    seconds: float
    finding: Finding | None


Event: TypeAlias = "Listed | Refused | Ended"
Standing: TypeAlias = Literal["held", "to-read", "other-settings"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the documents of a batch stand at its end, those of earlier commands included."""

    documents: int
    clean: int
    repaired: int
    review: int
    failed: int
    refused: int


def run_batch(order: Order, tell: Callable[[Event], None]) -> Tally:
    """Read what of the inputs is not in the journal of the run yet; say how all of them stand.

    Raises:
        InputError: A list of files cannot be made sense of, or the journal's URL.
        OutputError: The journal cannot be written.
        GoujiError: The workers cannot start, or another batch works on the same run.
    """
    prepare_folder(order.run)
    with held_folder(order.run) as mark:
        sweep(mark)
        limits = replace(order.limits, mark=mark)
        engine = new_journal(order.run, order.journal)
        try:
            with held_database(engine, place_of(order.run)):
                add_settings(engine, order.settings)
                widen_limits(engine, order.allowance)
                tasks, places, refused = _list(engine, order, tell)
                for turn in order.labour(tasks, order.load, limits):
                    tell(_write_down(engine, order.settings, places[turn.task.sha256], turn))
                return _tally(engine, places, refused)
        finally:
            engine.dispose()


def _list(
    engine: Engine, order: Order, tell: Callable[[Event], None]
) -> tuple[list[Task], dict[str, str], int]:
    """Write down the inputs; return the tasks, each document's place, the number refused."""
    files: dict[str, Path] = {}
    places: dict[str, str] = {}
    sightings, refused, over = 0, 0, 0
    for left in (order.run / UNPACKED).glob(".gouji-*"):
        left.unlink(missing_ok=True)  # what a killed driver was unpacking
    unwritten: list[Sighting | Refusal] = []
    for found in gather(order.inputs, order.run, order.bounds, order.allowance):
        if isinstance(found, PassedOver):
            over += 1
            continue
        if isinstance(found, Given):
            sightings += 1
            files.setdefault(found.sighting.sha256, found.path)
            places.setdefault(found.sighting.sha256, found.sighting.place)
            unwritten.append(found.sighting)
        else:
            refused += 1
            unwritten.append(found)
            tell(Refused(found))
        if len(unwritten) >= _AT_ONCE:
            add_inputs(engine, unwritten)
            unwritten.clear()
    add_inputs(engine, unwritten)
    known = {one.sha256: one for one in filed(engine)}
    alone = suspects(engine, order.settings.key)
    standings = {sha256: _standing(known[sha256], order) for sha256 in files}
    tasks = [
        Task(sha256, path, alone=sha256 in alone)
        for sha256, path in files.items()
        if standings[sha256] == "to-read"
    ]
    other = sum(standing == "other-settings" for standing in standings.values())
    tell(Listed(len(files), sightings - len(files), len(tasks), refused, over, other))
    return tasks, places, refused


def _tally(engine: Engine, places: Mapping[str, str], refused: int) -> Tally:
    statuses = [one.status for one in filed(engine) if one.sha256 in places]
    count = statuses.count
    return Tally(
        documents=len(places),
        clean=count("clean"),
        repaired=count("repaired"),
        review=count("review"),
        failed=count("failed"),
        refused=refused,
    )


def _standing(document: Filed, order: Order) -> Standing:
    if document.result is None or (order.retry_failed and document.status == "failed"):
        return "to-read"
    if document.settings != order.settings.key:
        return "to-read" if order.redo_changed else "other-settings"
    return "held"


def _write_down(engine: Engine, settings: Settings, place: str, turn: Turn) -> Ended:
    """Add a turn to the journal, with a report wherever there will be no further turn."""
    task, finding = turn.task, None
    name = PurePath(place.rpartition("!")[2]).name or place
    report = turn.report
    if turn.message is not None:
        finding = Finding(turn.outcome, turn.message, wants_person=True)
    if report is not None:
        report = replace(report, source=replace(report.source, file=name))
    elif turn.final:
        findings = () if finding is None else (finding,)
        report = Report(Source(name, task.sha256, 0), None, None, (), findings, failed=True)
    attempt = Attempt(task.sha256, settings.key, turn.seconds, task.alone, turn.outcome, turn.trace)
    add_attempt(engine, attempt, report)
    cells = report.cells if report else ()
    return Ended(
        task.sha256,
        place,
        turn.outcome,
        report.status if report else None,
        sum(cell.status in {Status.REPAIRED, Status.DERIVED} for cell in cells),
        sum(cell.needs_review for cell in cells),
        turn.seconds,
        finding or (report.findings[0] if report and report.failed and report.findings else None),
    )
