"""A pool of worker processes in which no document can harm another, nor stop the batch."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import tempfile
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from document.errors import GoujiError
from document.message import Message
from pipeline.confine import Confines, sweep_sockets
from pipeline.faults import sentence
from pipeline.turns import Limits, Task, Turn, ended, ending, killed
from pipeline.worker import MEMORY, READY, UNABLE, Load, work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.context import SpawnProcess

__all__ = ["Foreman", "Limits", "Task", "Turn", "labour", "sweep"]

_TICK = 0.1
"""Seconds between two looks at the workers' clocks and memory."""
_START = 600.0
"""Seconds in which a worker must have loaded its readers."""
_FALSE_STARTS = 3
_LARGEST = 1 << 28
"""Bytes of an answer above which it cannot be a report."""
_LEAST = 4096
"""MiB of data that a worker may ask for at least: what is resident counts, and is looked at."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    folder: Path
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
            turns = list(_listen(crew))
            suspects.extend(replace(turn.task, alone=True) for turn in turns if not turn.final)
            # Whoever is free reads on while the journal is written.
            _assign(crew, waiting, suspects)
            yield from turns
    finally:
        for worker in crew.workers:
            _end(worker)


class Foreman:
    """One worker, and whoever replaces it: reads one document at a time, as ``labour`` does.

    The worker ends with this process.
    """

    def __init__(self, load: Load, limits: Limits) -> None:
        """Remember what is to be read with; nobody is hired yet."""
        self._crew = _Crew(load, replace(limits, workers=1))

    def start(self) -> None:
        """Hire the worker and wait until it is ready. Raises GoujiError where it cannot start."""
        while not any(worker.ready for worker in self._crew.workers):
            if not self._crew.workers:
                self._crew.workers.append(_hire(self._crew))
            for _ in _listen(self._crew):
                pass

    def turn(self, task: Task) -> Turn:
        """Have a document read, in a fresh worker where it is to be alone."""
        waiting = deque([] if task.alone else [task])
        suspects = deque([task] if task.alone else [])
        while True:
            _assign(self._crew, waiting, suspects)
            for turn in _listen(self._crew):
                return turn


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
        crew.workers.append(_hire(crew))
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
        return killed(task, seconds, "memory-limit", crew.limits)
    worker.task, worker.turns = None, worker.turns + 1
    if task.alone or worker.turns >= crew.limits.documents:
        _dismiss(crew, worker)
    return ended(task, seconds, answer)


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
    return killed(worker.task, seconds, code, crew.limits)


def _died(crew: _Crew, worker: _Worker) -> Turn | None:
    seconds = time.monotonic() - worker.since
    worker.process.join(5)
    code = worker.process.exitcode
    _dismiss(crew, worker)
    if worker.task is not None:
        return killed(worker.task, seconds, "worker-died", crew.limits, ending(code))
    if not worker.ready:
        _false_start(crew, ending(code))
    return None


def _false_start(crew: _Crew, ending: str) -> None:
    crew.false_starts += 1
    if crew.false_starts >= _FALSE_STARTS:
        raise GoujiError("no-workers", sentence("no-workers", cause=ending))


def _resident(worker: _Worker) -> int:
    """Return the bytes of memory a worker holds; 0 where the system does not tell (no /proc)."""
    try:
        return int(Path(f"/proc/{worker.process.pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _hire(crew: _Crew) -> _Worker:
    context = get_context("spawn")
    mine, its = context.Pipe()
    limits = crew.limits
    folder = Path(tempfile.mkdtemp(prefix=_named(limits.mark)))
    confines = Confines((folder, *limits.writable), max(_LEAST, 2 * limits.mib), limits.seconds)
    process = context.Process(target=work, args=(its, crew.load, confines), daemon=True)
    process.start()
    its.close()
    return _Worker(process, folder, mine, time.monotonic())


def sweep(mark: str) -> None:
    """Remove the folders of workers whose driver was killed: they cannot do it themselves.

    Nobody else may have workers with that mark now.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{_named(mark)}*"):
        with suppress(OSError):
            if stat.S_ISDIR(left.lstat().st_mode) and left.lstat().st_uid == os.geteuid():
                shutil.rmtree(left, ignore_errors=True)


def _named(mark: str) -> str:
    return f"gouji-worker-{mark}-" if mark else "gouji-worker-"


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
    shutil.rmtree(worker.folder, ignore_errors=True)
    sweep_sockets()
