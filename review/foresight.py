"""Settles what people are likely to say while they still look, so that it is done when they do.

Settling takes longer than all the rest of an answer. What it gives follows from the readings and
from what people decided, all of it; a report that was settled beforehand is handed out only where
exactly that was said. Only the time of the answer is not known before: it stands in the reason of
the decided figure, and is put in afterwards.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from document.errors import GoujiError
from reconstruct.decided import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from document.decision import Decision
    from document.report import Report
    from pipeline.journal_queries import Filed
    from review.settlers import Settle

    Decisions: TypeAlias = tuple[Decision, ...]
    Key: TypeAlias = tuple[object, ...]

_KEPT = 400
_LONGEST_SECONDS = 30.0


@dataclass(slots=True)
class _Job:
    """A report to be settled for somebody; ``rank`` 0 is what they say most likely."""

    key: Key
    person: str
    rank: int
    document: Filed
    read: Report
    decisions: Decisions
    done: threading.Event = field(default_factory=threading.Event)


class Foresight:
    """Settles reports as ``settle`` does, and some of them before they are asked for."""

    def __init__(self, settle: Settle, at_once: int) -> None:
        """Settle up to ``at_once`` reports beforehand at the same time; 0 for none."""
        self._settle = settle
        self._most = self._free = at_once
        self._change = threading.Condition()
        self._asking = 0
        self._waiting: list[_Job] = []
        self._running: dict[Key, _Job] = {}
        self._known: OrderedDict[Key, tuple[Decisions, Callable[[], Report]]] = OrderedDict()

    def __call__(self, document: Filed, read: Report, decisions: Sequence[Decision]) -> Report:
        """Return a report as it stands with what people decided."""
        if not decisions:
            return read
        said = tuple(decisions)
        key = _key(document, said)
        with self._change:
            self._waiting = [one for one in self._waiting if one.key != key]
            job = self._running.get(key)
        if job is not None:
            job.done.wait(_LONGEST_SECONDS)
        with self._change:
            known = self._known.get(key)
        report = None if known is None else _restamped(known[1](), known[0], said)
        if report is not None:
            return report
        with self._asked():
            settled = self._settle(document, read, said)
        self._keep(key, said, settled)
        return settled()

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Begin nothing beforehand while somebody waits for what nobody foresaw."""
        with self._change:
            self._asking += 1
        try:
            yield
        finally:
            with self._change:
                self._asking -= 1
                self._change.notify_all()

    def foresee(
        self, person: str, document: Filed, read: Report, likely: Sequence[Decisions]
    ) -> None:
        """Settle ``likely`` beforehand, the likeliest first; what ``person`` left is given up.

        Each is all that holds of the document with one answer more, whose time is "".
        """
        if not self._most:
            return
        jobs = [
            _Job(_key(document, decisions), person, rank, document, read, decisions)
            for rank, decisions in enumerate(likely)
        ]
        with self._change:
            kept = [one for one in self._waiting if one.person != person]
            there = self._known.keys() | self._running.keys() | {one.key for one in kept}
            kept += [one for one in jobs if one.key not in there]
            self._waiting = sorted(kept, key=lambda one: one.rank)  # who came first stays first
            while self._free and len(self._waiting) > 0:
                self._free -= 1
                threading.Thread(target=self._work, name="foresight", daemon=True).start()
            self._change.notify_all()

    def _work(self) -> None:
        while True:
            with self._change:
                while (job := self._next()) is None:
                    self._change.wait()
                self._running[job.key] = job
            try:
                self._keep(
                    job.key, job.decisions, self._settle(job.document, job.read, job.decisions)
                )
            except GoujiError:
                pass  # whoever asks for it meets it too, and says so
            finally:
                with self._change:
                    del self._running[job.key]
                    self._change.notify_all()
                job.done.set()

    def _next(self) -> _Job | None:
        """Take a job; what is less likely waits until there is nothing else, and leaves room."""
        if not self._waiting or self._asking:
            return None
        if self._waiting[0].rank and (self._running or self._most == 1):
            return None
        return self._waiting.pop(0)

    def _keep(self, key: Key, decisions: Decisions, settled: Callable[[], Report]) -> None:
        with self._change:
            self._known[key] = decisions, settled
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)


def _key(document: Filed, decisions: Decisions) -> Key:
    """Return all that a settled report follows from, but for the times of answers."""
    said = tuple(
        (one.table, one.address, one.answer, type(one.value), one.value, one.person)
        for one in decisions
    )
    return document.sha256, document.result, document.agency, document.year, said


def _restamped(report: Report, foreseen: Decisions, said: Decisions) -> Report | None:
    """Put the times of what was really said into a report; None where they do not stand there."""
    late = {
        (then.table, then.address): (reason_of(then), reason_of(now))
        for then, now in zip(foreseen, said, strict=True)
        if then != now
    }
    if not late:
        return report
    tables = []
    for table in report.tables:
        cells = list(table.cells)
        for place, cell in enumerate(cells):
            if (reasons := late.pop((table.table, cell.address), None)) is None:
                continue
            if cell.reason != reasons[0]:
                return None
            cells[place] = replace(cell, reason=reasons[1])
        tables.append(replace(table, cells=tuple(cells)))
    return None if late else replace(report, tables=tuple(tables))
