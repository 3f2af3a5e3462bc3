"""Writes down how documents stand, after the answer: it follows from what was decided.

What is not written when the server is killed is worked out when a run is opened next
(``pipeline.run_reports.settle_run``); nobody waits for the disk twice.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING

from document.errors import GoujiError
from pipeline.run_reports import Settlement, add_settlements

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

_SECONDS_GATHERED = 0.5


class Settlements:
    """How documents stand, the last of each; written together, a moment later."""

    def __init__(self, engine: Engine) -> None:
        """Nothing is to be written yet."""
        self._engine = engine
        self._lock = threading.Lock()
        self._waiting: dict[str, Settlement] = {}
        self._wanted = threading.Event()
        self._begun = False
        alone = engine.dialect.name == "sqlite"
        self.turn: AbstractContextManager[object] = threading.Lock() if alone else nullcontext()
        """Who writes to an SQLite journal holds this: SQLite itself would have them sleep."""

    def add(self, one: Settlement) -> None:
        """Have it written down soon, instead of what was said of that document before."""
        with self._lock:
            before = self._waiting.get(one.sha256)
            if before is None or before.decision <= one.decision:
                self._waiting[one.sha256] = one
            if not self._begun:
                self._begun = True
                threading.Thread(target=self._work, name="settlements", daemon=True).start()
        self._wanted.set()

    def write(self) -> None:
        """Write down what waits. Raises OutputError; it waits on then."""
        with self.turn:
            with self._lock:
                taken = self._waiting
                self._waiting = {}
            try:
                add_settlements(self._engine, tuple(taken.values()))
            except GoujiError:
                with self._lock:
                    self._waiting = taken | self._waiting  # what came since is newer
                raise

    def _work(self) -> None:
        gathered = threading.Event()
        while True:
            self._wanted.wait()
            gathered.wait(_SECONDS_GATHERED)
            self._wanted.clear()
            try:
                self.write()
            except GoujiError:
                continue  # with the next one; else when the run is opened again
