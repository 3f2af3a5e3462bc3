"""A run as people work on it: its reports as they stand now, and the cards that are left."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pipeline.decisions import Choice, decide, decisions_of, shown, undo
from pipeline.journal import guarded
from pipeline.journal_queries import filed, report_of
from pipeline.journal_schema import DECISIONS, KEYINGS, METADATA, RESULTS
from pipeline.run_reports import add_settlement, settle_run
from pipeline.settling import NOT_GIVEN
from pipeline.sheet import find_template
from review.dossier import Dossier, Effect, open_spots, standing
from review.gain import gains, ranked
from review.leases import Leases, Spot
from review.settlers import at_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

    from document.decision import Answer
    from document.report import Figure, Table
    from document.template import Address, Template
    from pipeline.decisions import Entry
    from pipeline.journal_queries import Filed
    from review.settlers import Settle

_REPORTS_KEPT = 200
_LOOK_SECONDS = 3.0
"""While a batch writes results, the list of documents is at most so old."""


_NEWEST = select(func.coalesce(func.max(DECISIONS.c.id), 0))


class Desk:
    """The reports of a run, kept as they stand. One desk serves all people of a run.

    Every method may be called from any thread. They raise OutputError where the journal fails.
    """

    def __init__(
        self,
        engine: Engine,
        templates: tuple[Template, ...],
        run: Path,
        share: float = 0.0,
        settle: Settle | None = None,
    ) -> None:
        """Look through the run. ``share`` of what is decided is keyed a second time, blind.

        ``settle`` settles a report with what people decided, by default in this process.
        """
        self.engine = engine
        self.templates = templates
        self.run = run
        self.share = share
        self.leases = Leases()
        self._settle = settle or at_once(templates)
        self._lock = threading.RLock()
        self._results, self._decisions, self._looked = -1, 0, 0.0
        self._written: set[int] = set()
        self._stale: set[str] = set()
        self._filed: dict[str, Filed] = {}
        self._dossiers: OrderedDict[str, Dossier] = OrderedDict()
        self._weighed: OrderedDict[tuple[str, str], tuple[Table, Mapping[Address, float]]] = (
            OrderedDict()
        )
        with guarded():
            METADATA.create_all(engine, tables=[KEYINGS])
        with guarded(), engine.connect() as connection:  # what is settled now is no news
            self._decisions = connection.scalar(_NEWEST) or 0
        settle_run(engine, templates)

    def documents(self) -> tuple[Filed, ...]:
        """Return the documents of the run as they stand, by agency and year."""
        self._look()
        with self._lock:
            stale = tuple(self._stale)
        for sha256 in stale:
            self.dossier(sha256)
        with self._lock:
            return tuple(self._filed.values())

    def dossier(self, sha256: str) -> Dossier | None:
        """Return a document's report as it stands; None where the run has none of it."""
        self._look()
        with self._lock:
            document, kept = self._filed.get(sha256), self._dossiers.get(sha256)
            newest = self._decisions
            self._stale.discard(sha256)
        if document is None or document.result is None:
            return None
        if kept is not None:
            return kept
        report = report_of(self.engine, document)
        if report is None:
            return None
        entries = decisions_of(self.engine, sha256)
        found = standing(document, report, entries, self._settle)
        with self._lock:
            if self._decisions == newest:  # else it may be out of date already
                self._keep(found)
        return found

    def order(self, dossier: Dossier) -> tuple[Spot, ...]:
        """Return the figures of a report that want a person, in the order they are asked."""
        sha256 = dossier.filed.sha256
        weighed = ((table, self._gains(sha256, table)) for table in dossier.report.tables)
        return tuple(Spot(sha256, table, address) for table, address in ranked(weighed))

    def _gains(self, sha256: str, table: Table) -> Mapping[Address, float]:
        key = (sha256, table.table)
        with self._lock:
            known = self._weighed.get(key)
        if known is None or known[0] is not table:
            known = table, gains(table, find_template(table, self.templates))
            with self._lock:
                self._weighed[key] = known
                while len(self._weighed) > 3 * _REPORTS_KEPT:
                    self._weighed.popitem(last=False)
        return known[1]

    def queue(self, person: str, skipped: Iterable[Spot], first: str | None) -> Spot | None:
        """Return the card that a person gets next, and take it for them; None where all is done.

        A report that was begun is finished first; then those with the fewest open figures, so
        that many become certain soon. Reports on which somebody works are left to them as long
        as there are others. What was skipped comes last.
        """
        passed = set(skipped)
        begun = self.dossier(first) if first else None
        for spot in self.order(begun) if begun else ():
            if spot not in passed and self.leases.take(spot, person):
                return spot
        busy = {spot.sha256 for spot in self.leases.others(person)}
        waiting = [one for one in self.documents() if one.review]
        waiting.sort(key=lambda one: (one.sha256 != first, one.sha256 in busy, one.review))
        for again in (False, True):
            for document in waiting:
                found = self.dossier(document.sha256)
                for spot in self.order(found) if found else ():
                    if (spot in passed) is again and self.leases.take(spot, person):
                        return spot
        return None

    def decide(
        self,
        spots: tuple[Spot, ...],
        answer: Answer,
        value: Figure | None,
        person: str,
        after: tuple[int, ...],
    ) -> Effect | None:
        """Write an answer down and settle the report again; None where there is no such figure.

        ``value`` None stands for what is read where the answer is that the page says so; ``after``
        are the turns of the figures' last entries that the person was shown.

        Raises:
            DecidedMeanwhileError: Somebody decided one of them since.
            ValueError: The value does not fit the answer.
        """
        before = self.dossier(spots[0].sha256)
        cells = [before.cell(spot) if before else None for spot in spots]
        if before is None or None in cells:
            return None
        choices = [
            Choice(
                spot.sha256,
                spot.table,
                spot.address,
                answer,
                cell.value if answer == "page" and value is None else value,
                person,
                shown(cell, before.filed.result),
                turn,
            )
            for spot, cell, turn in zip(spots, cells, after, strict=True)
            if cell is not None
        ]
        entries = decide(self.engine, choices)
        return self._effect(before, entries)

    def undo(self, person: str) -> Effect | None:
        """Take back the last thing that a person decided; None where there is nothing."""
        number = self._last_of(person)
        if number is None:
            return None
        entry = undo(self.engine, number, person)
        before = self.dossier(entry.sha256)
        return None if before is None else self._effect(before, (entry,))

    def _effect(self, before: Dossier, written: tuple[Entry, ...]) -> Effect:
        """Settle the report again after what was written."""
        sha256, document = before.filed.sha256, before.filed
        with self._lock:
            self._written |= {entry.id for entry in written}
        entries = decisions_of(self.engine, sha256)
        after = standing(document, before.read, entries, self._settle)
        known = all(finding.code != NOT_GIVEN for finding in after.report.findings)
        if document.result is not None and known:
            add_settlement(self.engine, sha256, document.result, entries[-1].id, after.report)
        with self._lock:
            self._keep(after)
        was, now = open_spots(before), open_spots(after)
        mine = {Spot(sha256, entry.table, entry.address) for entry in written}
        gone = tuple(spot for spot in was if spot not in now and spot not in mine)
        return Effect(written[-1], after, gone, tuple(spot for spot in now if spot not in was))

    def _keep(self, dossier: Dossier) -> None:
        """Keep a dossier unless a newer one is kept; the caller holds the lock."""
        sha256 = dossier.filed.sha256
        kept = self._dossiers.get(sha256)
        if kept is not None and len(kept.entries) > len(dossier.entries):
            return
        self._dossiers[sha256] = dossier
        self._filed[sha256] = dossier.filed
        self._dossiers.move_to_end(sha256)
        while len(self._dossiers) > _REPORTS_KEPT:
            self._dossiers.popitem(last=False)

    def _look(self) -> None:
        """See what a batch or another desk has written since."""
        newest = select(
            select(func.coalesce(func.max(RESULTS.c.id), 0)).scalar_subquery(),
            _NEWEST.scalar_subquery(),
        )
        with guarded(), self.engine.connect() as connection:
            results, decisions = connection.execute(newest).one()
        with self._lock:
            since, now = self._decisions, time.monotonic()
            if results != self._results and now >= self._looked + _LOOK_SECONDS:
                self._filed = {one.sha256: one for one in filed(self.engine)}
                for sha256, kept in tuple(self._dossiers.items()):
                    if self._filed[sha256].result != kept.filed.result:
                        del self._dossiers[sha256]
                self._results, self._looked = results, now
            if decisions <= since:
                return
            self._decisions = decisions
            others = select(DECISIONS.c.id, DECISIONS.c.sha256).where(DECISIONS.c.id > since)
            with guarded(), self.engine.connect() as connection:
                for number, sha256 in connection.execute(others):
                    if number not in self._written:
                        self._dossiers.pop(sha256, None)
                        self._stale.add(sha256)

    def _last_of(self, person: str) -> int | None:
        undone = select(DECISIONS.c.undoes).where(DECISIONS.c.undoes.is_not(None))
        wanted = select(func.max(DECISIONS.c.id)).where(
            DECISIONS.c.person == person,
            DECISIONS.c.undoes.is_(None),
            DECISIONS.c.id.not_in(undone),
        )
        with guarded(), self.engine.connect() as connection:
            return connection.execute(wanted).scalar()
