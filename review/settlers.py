"""Processes that settle reports for the screen, so that one hard table holds nobody up.

Settling is nearly all the work of an answer, and it is Python's own: in the server's process it
would stop everybody else's cards. A settler reads reports from the journal itself and keeps the
last few; what it is told and what it answers is small.
"""

from __future__ import annotations

import os
import queue
import signal
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeAlias

from document.errors import GoujiError
from pipeline.journal import old_journal
from pipeline.journal_queries import report_of
from pipeline.settling import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from document.decision import Decision
    from document.report import Cell, Report
    from document.template import Template
    from pipeline.journal_queries import Filed

    Settle: TypeAlias = Callable[[Filed, Report, Sequence[Decision]], Callable[[], Report]]
    """Settles a report of which people decided something; what it returns hands the report out."""

_REPORTS_KEPT = 100
_LONGEST_SECONDS = 20.0
_MOST = 4
_YIELDING = 3
"""Settlers step back this much behind the server: cards come before what may be asked for."""


def at_once(templates: Sequence[Template]) -> Settle:
    """Return what settles reports in the process that asks."""

    def settle(_: Filed, read: Report, decisions: Sequence[Decision]) -> Callable[[], Report]:
        report = settled(read, decisions, templates)
        return lambda: report

    return settle


class Settlers:
    """A few processes that settle reports of a run; they end with the one that started them."""

    def __init__(self, run: Path, templates: tuple[Template, ...], count: int = 0) -> None:
        """Start ``count`` of them, or as many as there are processors; they load meanwhile."""
        self._run = run
        self._templates = templates
        self._idle: queue.LifoQueue[_Settler] = queue.LifoQueue()
        self.count = count or min(_MOST, os.cpu_count() or 1)
        for _ in range(self.count):
            self._idle.put(_Settler(run, templates))

    def __call__(
        self, document: Filed, read: Report, decisions: Sequence[Decision]
    ) -> Callable[[], Report]:
        """Settle a report with what people decided, as ``settled`` does.

        It gets its readings back when it is handed out; what was settled beforehand may never be.
        Where a settler fails, another takes its place and the report is settled here.
        """
        settler = self._idle.get()
        try:
            bare = settler.ask(document, tuple(decisions))
        except (OSError, EOFError):  # it died, or was too slow
            settler.end()
            settler, bare = _Settler(self._run, self._templates), None
        finally:
            self._idle.put(settler)
        if bare is None:
            return at_once(self._templates)(document, read, decisions)
        return partial(_whole, bare, read)

    def wait(self) -> None:
        """Wait until all can begin at once, so that nobody's first answer waits for them."""
        waiting = [self._idle.get() for _ in range(self.count)]
        for settler in waiting:
            with suppress(OSError, EOFError):  # who asks it next sees that too
                settler.wait()
            self._idle.put(settler)

    def end(self) -> None:
        """End all that have nothing to do."""
        while True:
            try:
                self._idle.get_nowait().end()
            except queue.Empty:
                return


class _Settler:
    """One of the processes, and the line to it."""

    def __init__(self, run: Path, templates: tuple[Template, ...]) -> None:
        context = get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=serve, args=(theirs, run, templates), daemon=True
        )
        self._process.start()
        theirs.close()  # so that the end of either process is seen by the other
        self._ready = False

    def wait(self) -> None:
        """Wait until it has loaded. Raises OSError or EOFError where it never will."""
        if not self._ready:
            if not self._line.poll(_LONGEST_SECONDS):
                raise TimeoutError
            self._line.recv_bytes()
            self._ready = True

    def ask(self, document: Filed, decisions: tuple[Decision, ...]) -> Report | None:
        """Return the settled report without its readings; None where it could not.

        Raises OSError or EOFError where the process is gone or takes too long.
        """
        self.wait()
        self._line.send((document, decisions))
        if not self._line.poll(_LONGEST_SECONDS):
            raise TimeoutError
        answer: Report | None = self._line.recv()
        return answer

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        self._process.join()


def serve(line: Connection, run: Path, templates: tuple[Template, ...]) -> None:
    """Settle what is asked for until the line ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server is stopped, and ends the line
    os.nice(_YIELDING)
    try:
        engine = old_journal(run)
    except GoujiError:
        return  # the server says so
    line.send_bytes(b"ready")
    kept: OrderedDict[int | None, Report] = OrderedDict()
    while True:
        try:
            document, decisions = line.recv()
        except (EOFError, OSError):
            return
        try:
            read = kept.pop(document.result, None) or report_of(engine, document)
            bare = None if read is None else _bare(settled(read, decisions, templates))
        except GoujiError:
            read = bare = None  # whoever asks meets it too, and says so
        if read is not None:
            kept[document.result] = read
            while len(kept) > _REPORTS_KEPT:
                kept.popitem(last=False)
        try:
            line.send(bare)
        except OSError:
            return


def _bare(report: Report) -> Report:
    """Return a report without the readings, which are most of it and stay as they are."""
    return _mapped(report, lambda _, cell: replace(cell, reading=None))


def _whole(report: Report, read: Report) -> Report:
    """Give the cells of a report their readings back."""
    readings = {
        (table.table, cell.address): cell.reading for table in read.tables for cell in table.cells
    }
    return _mapped(
        report, lambda table, cell: replace(cell, reading=readings.get((table, cell.address)))
    )


def _mapped(report: Report, change: Callable[[str, Cell], Cell]) -> Report:
    tables = tuple(
        replace(table, cells=tuple(change(table.table, cell) for cell in table.cells))
        for table in report.tables
    )
    return replace(report, tables=tables)
