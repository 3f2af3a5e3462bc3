"""A run as people work on it: its reports as they stand now, and the cards that are left."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from contextlib import contextmanager
from itertools import product
from operator import attrgetter
from typing import TYPE_CHECKING

from document.decision import Decision
from pipeline.decisions import Choice, decide, decisions_of, shown, undo
from pipeline.journal import guarded
from pipeline.journal_queries import filed, report_of
from pipeline.journal_schema import KEYINGS, METADATA
from pipeline.run_reports import settle_run, settlement_of
from pipeline.settling import NOT_GIVEN
from review.dossier import Dossier, Effect, Said, open_spots, standing
from review.foresight import Foresight
from review.leases import Leases, Spot
from review.queries import last_of, last_written, written_since
from review.settlements import Settlements
from review.settlers import at_once
from review.weighing import Weighing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from document.decision import Answer
    from document.report import Figure
    from document.template import Template
    from pipeline.decisions import Entry
    from pipeline.journal_queries import Filed
    from review.settlers import Settle

_REPORTS_KEPT = 200
_LOOK_SECONDS = 3.0
"""While a batch writes results, the list of documents is at most so old."""


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
        beforehand: int = 0,
    ) -> None:
        """Look through the run. ``share`` of what is decided is keyed a second time, blind.

        ``settle`` settles a report with what people decided, by default in this process;
        ``beforehand`` says how many at the same time before anybody asks.
        """
        self.engine = engine
        self.templates = templates
        self.run = run
        self.share = share
        self.leases = Leases()
        self._settle = Foresight(settle or at_once(templates), beforehand)
        self._settlements = Settlements(engine)
        self._lock = threading.RLock()
        self._results, self._decisions, self._looked = -1, 0, 0.0
        self._deciding: Counter[str] = Counter()
        self._stale: set[str] = set()
        self._filed: dict[str, Filed] = {}
        self._dossiers: OrderedDict[str, Dossier] = OrderedDict()
        self._weighing = Weighing(templates)
        with guarded():
            METADATA.create_all(engine, tables=[KEYINGS])
        self._decisions = last_written(engine)[1]  # what is settled now is no news
        settle_run(engine, templates)
        self._look()

    def documents(self) -> tuple[Filed, ...]:
        """Return the documents of the run as they stand, by agency and year."""
        self._look()
        with self._lock:
            stale = tuple(self._stale)
        for sha256 in stale:
            self._dossier(sha256)
        with self._lock:
            return tuple(self._filed.values())

    def progress(self) -> tuple[int, int]:
        """Return how many documents still want a person, and how many there are."""
        with self._lock:
            return sum(one.review > 0 for one in self._filed.values()), len(self._filed)

    def dossier(self, sha256: str) -> Dossier | None:
        """Return a document's report as it stands; None where the run has none of it."""
        self._look()
        return self._dossier(sha256)

    def _dossier(self, sha256: str) -> Dossier | None:
        """Return a report as it stood when somebody last looked for what others wrote."""
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
        return self._weighing.order(dossier)

    def queue(self, person: str, skipped: Iterable[Spot], first: str | None) -> Spot | None:
        """Return the card that a person gets next, and take it for them; None where all is done.

        A report that was begun is finished first; then those with the fewest open figures, so
        that many become certain soon. Reports on which somebody works are left to them as long
        as there are others. What was skipped comes last.
        """
        passed = set(skipped)
        begun = self._dossier(first) if first else None
        for spot in self.order(begun) if begun else ():
            if spot not in passed and self.leases.take(spot, person):
                return spot
        waiting = [one for one in self.documents() if one.review]
        waiting.sort(key=attrgetter("review"))
        waiting.sort(key=lambda one: one.sha256 != first)
        for again, alone in product((False, True), (True, False)):
            for document in waiting:
                if alone and not self.leases.enter(document.sha256, person):
                    continue
                found = self._dossier(document.sha256)
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
        said = [Said(spot, answer, value, turn) for spot, turn in zip(spots, after, strict=True)]
        return self.decide_each(said, person)

    def decide_each(self, said: Sequence[Said], person: str) -> Effect | None:
        """Write answers about a report down, all or none of them, and settle it again once.

        Returns and raises as ``decide``.
        """
        before = self.dossier(said[0].spot.sha256)
        cells = [before.cell(one.spot) if before else None for one in said]
        if before is None or None in cells:
            return None
        choices = [
            Choice(
                one.spot.sha256,
                one.spot.table,
                one.spot.address,
                one.answer,
                cell.value if one.answer == "page" and one.value is None else one.value,
                person,
                shown(cell, before.filed.result),
                one.after,
            )
            for one, cell in zip(said, cells, strict=True)
            if cell is not None
        ]
        with self._deciding_on(before.filed.sha256):
            with self._settlements.turn:
                entries = decide(self.engine, choices)
            return self._effect(before, entries)

    def foresee(
        self,
        dossier: Dossier,
        spot: Spot,
        person: str,
        said: Iterable[tuple[Answer, Figure | None]],
    ) -> None:
        """Settle a report with what a person is likely to say of a figure, the likeliest first."""
        decisions = (Decision(spot.table, spot.address, *one, person, "") for one in said)
        likely = [dossier.holding_with(one) for one in decisions]
        self._settle.foresee(person, dossier.filed, dossier.read, likely)

    def undo(self, person: str) -> Effect | None:
        """Take back the last thing that a person decided; None where there is nothing."""
        last = last_of(self.engine, person)
        before = self.dossier(last[1]) if last else None
        if last is None or before is None:
            return None
        with self._deciding_on(last[1]):
            with self._settlements.turn:
                entry = undo(self.engine, last[0], person)
            return self._effect(before, (entry,))

    @contextmanager
    def _deciding_on(self, sha256: str) -> Iterator[None]:
        """What is written of a document meanwhile is known in the end, and nobody else's."""
        with self._lock:
            self._deciding[sha256] += 1
        try:
            yield
        finally:
            with self._lock:
                self._deciding -= Counter((sha256,))

    def close(self) -> None:
        """Write down what may wait. Raises OutputError."""
        self._settlements.write()

    def _effect(self, before: Dossier, written: tuple[Entry, ...]) -> Effect:
        """Settle the report again after what was written."""
        sha256, document = before.filed.sha256, before.filed
        entries = decisions_of(self.engine, sha256)
        after = standing(document, before.read, entries, self._settle)
        known = all(finding.code != NOT_GIVEN for finding in after.report.findings)
        if document.result is not None and known:
            stands = settlement_of(sha256, document.result, entries[-1].id, after.report)
            self._settlements.add(stands)
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
        results, decisions = last_written(self.engine)
        with self._lock:
            since, now = self._decisions, time.monotonic()
            due = results != self._results and now >= self._looked + _LOOK_SECONDS
            if due:  # nobody else looks through all of them meanwhile, nor waits for it
                self._looked = now
        if due:
            found = {one.sha256: one for one in filed(self.engine)}
            with self._lock:
                for sha256, kept in tuple(self._dossiers.items()):
                    if found[sha256].result != kept.filed.result:
                        del self._dossiers[sha256]
                self._filed = found | {key: kept.filed for key, kept in self._dossiers.items()}
                self._results = results
        written = written_since(self.engine, since) if decisions > since else ()
        with self._lock:
            for number, sha256 in written:
                if sha256 in self._deciding:
                    decisions = number - 1  # whose it is will be seen
                    break
                kept_now = self._dossiers.get(sha256)
                if kept_now is None or all(one.id != number for one in kept_now.entries):
                    self._dossiers.pop(sha256, None)
                    self._stale.add(sha256)
            self._decisions = max(self._decisions, decisions)
