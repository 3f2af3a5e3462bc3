"""A pool of worker processes in which no document can harm another, nor stop the batch."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from document.errors import GoujiError, InputError
from document.message import Message
from pipeline.export_json import parse
from pipeline.faults import sentence
from pipeline.worker import BUG, FAULT, MEMORY, NONSENSE, READY, REPORT, UNABLE, Load, work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.context import SpawnProcess

    from document.report import Report

_TICK = 0.1
"""Seconds between two looks at the workers' clocks and memory."""
_START = 600.0
"""Seconds in which a worker must have loaded its readers."""
_FALSE_STARTS = 3
_LARGEST = 1 << 28
"""Bytes of an answer above which it cannot be a report."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the pool may use: workers, seconds and MiB a document, documents a worker's life."""

    workers: int = 1
    seconds: float = 600.0
    mib: int = 6144
    documents: int = 200


@dataclass(frozen=True, slots=True)
class Task:
    """A document to read. ``alone``: it killed a worker before, so no other is read beside it."""

    sha256: str
    path: Path
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """How a worker's turn at a document ended.

    ``outcome`` is "read" or the code of a fault, of which ``message`` and ``trace`` speak. Unless
    ``final`` is True, the document has another turn.
    """

    task: Task
    seconds: float
    outcome: str
    report: Report | None = None
    message: Message | None = None
    trace: str | None = None
    final: bool = True


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection[bytes, bytes]
    since: float
    ready: bool = False
    task: Task | None = None
    turns: int = 0


@dataclass(slots=True)
class _Crew:
    load: Load
    limits: Limits
    workers: list[_Worker] = field(default_factory=list)
    false_starts: int = 0


def labour(tasks: Iterable[Task], load: Load, limits: Limits) -> Iterator[Turn]:
    """Have all ``tasks`` read, and yield every turn as it ends.

    A document whose worker dies, hangs or takes too much memory is read once more after all
    others, alone in a fresh worker. Closing the iterator ends the workers. Raises GoujiError
    where workers cannot start at all.
    """
    waiting: deque[Task] = deque()
    suspects: deque[Task] = deque()
    for task in tasks:
        (suspects if task.alone else waiting).append(task)
    crew = _Crew(load, limits)
    try:
        while waiting or suspects or any(worker.task for worker in crew.workers):
            _assign(crew, waiting, suspects)
            for turn in _listen(crew):
                if not turn.final:
                    suspects.append(replace(turn.task, alone=True))
                yield turn
    finally:
        for worker in crew.workers:
            _end(worker)


def _assign(crew: _Crew, waiting: deque[Task], suspects: deque[Task]) -> None:
    """Give work to whoever is free; hire as many as there is work for."""
    busy = sum(worker.task is not None for worker in crew.workers)
    queue = waiting
    wanted = min(crew.limits.workers, busy + len(waiting))
    if not waiting and not busy and suspects:
        queue, wanted = suspects, 1
        for worker in [one for one in crew.workers if one.turns]:
            _dismiss(crew, worker)
        for worker in crew.workers[1:]:
            _dismiss(crew, worker)
    while len(crew.workers) < wanted:
        crew.workers.append(_hire(crew.load))
    for worker in list(crew.workers):
        if queue and worker.ready and worker.task is None:
            task = queue.popleft()
            worker.task, worker.since = task, time.monotonic()
            with suppress(OSError):  # it died just now; the next look finds it dead
                worker.connection.send_bytes(os.fsencode(task.path))
            if task.alone:
                return


def _listen(crew: _Crew) -> Iterator[Turn]:
    """Wait a little, and yield what the workers said and what became of those who said nothing."""
    by_sign = {worker.connection: worker for worker in crew.workers}
    by_end = {worker.process.sentinel: worker for worker in crew.workers}
    for sign in wait([*by_sign, *by_end], timeout=_TICK):
        worker = by_sign.get(sign) if isinstance(sign, Connection) else None
        worker = worker or by_end[sign]  # type: ignore[index]
        if worker not in crew.workers:
            continue
        turn = _heard(crew, worker)
        if turn is not None:
            yield turn
    for worker in list(crew.workers):
        turn = _overdue(crew, worker)
        if turn is not None:
            yield turn


def _heard(crew: _Crew, worker: _Worker) -> Turn | None:
    """Take a worker's answer, or note that it is no more."""
    try:
        if not worker.connection.poll():
            return None if worker.process.is_alive() else _died(crew, worker)
        answer = worker.connection.recv_bytes(_LARGEST)
    except (EOFError, OSError):
        return _died(crew, worker)
    if answer == READY:
        worker.ready, crew.false_starts = True, 0
        return None
    task, seconds = worker.task, time.monotonic() - worker.since
    if answer[:1] == UNABLE:
        code, zh, en = json.loads(answer[1:])
        raise GoujiError(code, Message(zh, en))
    if task is None:
        return _died(crew, worker)
    if answer == MEMORY:
        _dismiss(crew, worker)
        return _killed(crew, task, seconds, "memory-limit")
    worker.task, worker.turns = None, worker.turns + 1
    if task.alone or worker.turns >= crew.limits.documents:
        _dismiss(crew, worker)
    return _ended(task, seconds, answer)


def _ended(task: Task, seconds: float, answer: bytes) -> Turn:
    """Return the turn that an answer tells of; what makes no sense is said to make none."""
    kind, content = answer[:1], answer[1:]
    if kind == REPORT:
        try:
            report = parse(content)
        except InputError as error:
            message = sentence("nonsense", cause=error.message.en)
            return Turn(task, seconds, "nonsense", message=message)
        if report.source.sha256 != task.sha256:
            return Turn(task, seconds, "changed-file", message=sentence("changed-file"))
        return Turn(task, seconds, "read", report)
    said = json.loads(content) if kind in {FAULT, BUG, NONSENSE} else ["?"]
    if kind == FAULT:
        return Turn(task, seconds, said[0], message=Message(said[1], said[2]))
    if kind == BUG:
        message = sentence("reader-error", cause=said[0])
        return Turn(task, seconds, "reader-error", message=message, trace=said[1])
    return Turn(task, seconds, "nonsense", message=sentence("nonsense", cause=said[0]))


def _overdue(crew: _Crew, worker: _Worker) -> Turn | None:
    """End a worker that takes too long or too much."""
    seconds = time.monotonic() - worker.since
    if worker.task is None:
        if not worker.ready and seconds > _START:
            _dismiss(crew, worker)
            _false_start(crew, "timeout")
        return None
    if seconds > crew.limits.seconds:
        code = "time-limit"
    elif _resident(worker) > crew.limits.mib << 20:
        code = "memory-limit"
    else:
        return None
    _dismiss(crew, worker)
    return _killed(crew, worker.task, seconds, code)


def _died(crew: _Crew, worker: _Worker) -> Turn | None:
    seconds = time.monotonic() - worker.since
    worker.process.join(5)
    code = worker.process.exitcode
    _dismiss(crew, worker)
    if worker.task is not None:
        return _killed(crew, worker.task, seconds, "worker-died", _ending(code))
    if not worker.ready:
        _false_start(crew, _ending(code))
    return None


def _killed(crew: _Crew, task: Task, seconds: float, code: str, ending: str = "") -> Turn:
    facts = {"cause": ending, "seconds": f"{crew.limits.seconds:g}", "mib": crew.limits.mib}
    return Turn(task, seconds, code, message=sentence(code, **facts), final=task.alone)


def _false_start(crew: _Crew, ending: str) -> None:
    crew.false_starts += 1
    if crew.false_starts >= _FALSE_STARTS:
        raise GoujiError("no-workers", sentence("no-workers", cause=ending))


def _ending(code: int | None) -> str:
    if code is None:
        return "?"
    if code >= 0:
        return f"exit {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _resident(worker: _Worker) -> int:
    """Return the bytes of memory a worker holds; 0 where the system does not tell (no /proc)."""
    try:
        return int(Path(f"/proc/{worker.process.pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _hire(load: Load) -> _Worker:
    context = get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=work, args=(its, load), daemon=True)
    process.start()
    its.close()
    return _Worker(process, mine, time.monotonic())


def _dismiss(crew: _Crew, worker: _Worker) -> None:
    crew.workers.remove(worker)
    _end(worker)


def _end(worker: _Worker) -> None:
    """End a worker and whatever it has started."""
    if worker.process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.kill()
    worker.process.join()
    worker.connection.close()
