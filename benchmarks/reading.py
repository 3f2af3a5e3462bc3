"""Reads documents in processes of their own, as ``gouji read`` does, and compares the reports."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from benchmarks.clock import cpu_seconds
from benchmarks.compare import Case, Counts, compare
from pipeline.batch import Wish, read_one
from pipeline.recover import Readers, load_readers, recover
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from benchmarks.truth import Truth


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of one document; ``seconds`` are CPU seconds, opening and writing included."""

    document: str
    severity: str
    status: str
    counts: Counts
    cases: tuple[Case, ...]
    seconds: float


def measured(
    truths: Sequence[Truth], results: Path, processes: int
) -> Generator[tuple[int, Measured], None, None]:
    """Read documents and yield (position, outcome), as they get ready.

    The results (JSON) are written into ``results``. Closing the generator ends the processes.
    A document that ends its process (for want of memory, say) raises BrokenProcessPool.
    """
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_ignore_interrupts
    )
    try:
        futures = {
            pool.submit(measure, truth, results): position for position, truth in enumerate(truths)
        }
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        running = list((pool._processes or {}).values())  # noqa: SLF001 - there is no public way
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()


def measure(truth: Truth, results: Path) -> Measured:
    """Read one document and compare it with its truth."""
    readers, templates = _readers(), builtin()
    wish = Wish(results, frozenset(), "en", templates)
    begun = cpu_seconds()
    outcome = read_one(
        truth.path, truth.path.stem, partial(recover, templates=templates, readers=readers), wish
    )
    seconds = cpu_seconds() - begun
    counts, cases = compare(outcome.report, truth, templates)
    return Measured(truth.path.name, truth.severity, outcome.report.status, counts, cases, seconds)


@cache
def _readers() -> Readers:
    return load_readers(1)


def _ignore_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; only the first one is to answer it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
