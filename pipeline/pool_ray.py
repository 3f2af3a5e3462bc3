"""A pool of workers on the machines of a Ray cluster, with the same promises as the local one.

On every machine foremen each look after one worker process, so that limits and deaths are seen
to where they happen, in the same way as here. Documents travel as bytes: the machines need no
common disk. This process alone hears what became of them.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from document.errors import GoujiError
from document.message import Message
from pipeline.faults import cause, sentence
from pipeline.pool import Foreman
from pipeline.settings import settings_of
from pipeline.turns import Limits, Task, Turn, killed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.worker import Load

_TICK = 0.5
"""Seconds between two looks at what came back."""
_ROOM_EVERY = 5.0
"""Seconds between two looks at how many machines there are: they come and go."""
_MEMORY = 2 << 30
"""Bytes of a machine for one worker, besides one CPU; on smaller machines there is one worker."""
_NOBODY = 120.0
"""Seconds to wait for a machine while there is none."""
_GRACE = 60.0
"""Seconds beyond a document's limit after which its foreman counts as lost."""
_LOST_STARTS = 3


class Post:
    """A foreman as it runs on a machine of the cluster."""

    def __init__(self, load: Load, limits: Limits) -> None:
        """Make room for one document at a time."""
        # A worker would begin by running this process's program, which is Ray's and imports it.
        vars(sys.modules["__main__"]).pop("__file__", None)
        self._foreman = Foreman(load, limits)
        self._folder = tempfile.TemporaryDirectory(prefix="gouji-")

    def start(self) -> tuple[str, ...]:
        """Return ("ready", what this machine reads with), or a fault as code, zh, en."""
        try:
            self._foreman.start()
        except GoujiError as error:
            return error.code, error.message.zh, error.message.en
        return "ready", _reads_with()

    def read(self, sha256: str, suffix: str, content: bytes, *, alone: bool) -> Turn:
        """Have a document read; what it is called here is forgotten."""
        path = Path(self._folder.name) / f"{sha256}{suffix}"
        path.write_bytes(content)
        try:
            return self._foreman.turn(Task(sha256, path, alone))
        finally:
            path.unlink(missing_ok=True)

    def clean(self) -> None:
        """Leave nothing behind: this process is about to be killed, and its worker with it."""
        self._folder.cleanup()


@dataclass(slots=True)
class _Hand:
    """A post of ours: what it was asked last, and since when."""

    actor: Any
    answer: Any
    since: float
    ready: bool = False
    task: Task | None = None


@dataclass(slots=True)
class _Crew:
    ray: Any
    load: Load
    limits: Limits
    hands: list[_Hand] = field(default_factory=list)
    lost_starts: int = 0
    room: int = 0
    memory: int = _MEMORY
    looked: float = -_ROOM_EVERY
    peopled: float = field(default_factory=time.monotonic)


def labour_on_cluster(
    tasks: Iterable[Task], load: Load, limits: Limits, *, address: str | None = None
) -> Iterator[Turn]:
    """Have all ``tasks`` read on a Ray cluster, and yield every turn as it ends.

    There is a worker for every CPU of the cluster, machines that join later included;
    ``limits.workers`` does not count. A document whose worker dies, with its machine or alone,
    hangs or takes too much memory is read once more after all others, with none beside it.

    Args:
        tasks: The documents.
        load: Makes a reader; the machines of the cluster can import it.
        limits: What each document may use.
        address: That of the cluster ("auto" or host:port); None for one on this machine alone.

    Raises:
        GoujiError: Ray is not installed, the cluster does not answer, workers cannot start, or
            a machine reads with another version, other weights or other forms.
    """
    waiting: deque[Task] = deque()
    suspects: deque[Task] = deque()
    for task in tasks:
        (suspects if task.alone else waiting).append(task)
    if not waiting and not suspects:
        return
    with _connected(address) as ray:
        crew = _Crew(ray, load, limits)
        try:
            while waiting or suspects or any(hand.task for hand in crew.hands):
                turns = [*_assign(crew, waiting, suspects), *_listen(crew)]
                suspects.extend(replace(turn.task, alone=True) for turn in turns if not turn.final)
                # Whoever is free reads on while the journal is written.
                yield from (*_assign(crew, waiting, suspects), *turns)
        finally:
            _dismiss(crew, crew.hands)


def _assign(crew: _Crew, waiting: deque[Task], suspects: deque[Task]) -> Iterator[Turn]:
    """Give work to whoever is free; hire as many as there is work and room for."""
    _look_around(crew)
    busy = sum(hand.task is not None for hand in crew.hands)
    queue, wanted = waiting, min(crew.room, busy + len(waiting))
    if not waiting and not busy and suspects:
        queue, wanted = suspects, min(crew.room, 1)
    while len(crew.hands) < wanted:
        crew.hands.append(_hire(crew))
    for hand in crew.hands:
        if not queue or not hand.ready or hand.task is not None:
            continue
        task = queue.popleft()
        try:
            content = task.path.read_bytes()
        except OSError as error:
            said = sentence("unreadable-file", cause=cause(error))
            yield Turn(task, 0.0, "unreadable-file", message=said)
            continue
        suffix = task.path.suffix if task.path.suffix.isascii() else ""
        hand.task, hand.since = task, time.monotonic()
        hand.answer = hand.actor.read.remote(task.sha256, suffix, content, alone=task.alone)
        if task.alone:
            return


def _listen(crew: _Crew) -> Iterator[Turn]:
    """Wait a little, and yield what came back and what became of those who are no more."""
    asked = {hand.answer: hand for hand in crew.hands if hand.answer is not None}
    if not asked:
        time.sleep(_TICK)
        return
    done, _ = crew.ray.wait(list(asked), timeout=_TICK)
    for answer in done:
        hand = asked[answer]
        hand.answer = None
        try:
            said = crew.ray.get(answer)
        except crew.ray.exceptions.RayError as error:
            turn = _lost(crew, hand, error)
        else:
            turn = _heard(crew, hand, said)
        if turn is not None:
            yield turn
    for hand in list(crew.hands):
        overdue = time.monotonic() - hand.since > crew.limits.seconds + _GRACE
        if hand.task is not None and overdue:
            turn = _lost(crew, hand, TimeoutError("no answer"))
            if turn is not None:
                yield turn


def _heard(crew: _Crew, hand: _Hand, said: Any) -> Turn | None:
    if isinstance(said, Turn) and hand.task is not None:
        task, hand.task = hand.task, None
        return replace(said, task=task)
    if said[0] != "ready":
        raise GoujiError(said[0], Message(said[1], said[2]))
    if said[1] != _reads_with():
        raise GoujiError("other-gouji", sentence("other-gouji"))
    hand.ready, crew.lost_starts = True, 0
    return None


def _lost(crew: _Crew, hand: _Hand, error: Exception) -> Turn | None:
    """Give up a post that answers no more, and say what became of its document."""
    task, seconds = hand.task, time.monotonic() - hand.since
    crew.hands.remove(hand)
    with suppress(crew.ray.exceptions.RayError):
        crew.ray.kill(hand.actor)
    crew.looked = -_ROOM_EVERY  # perhaps its machine is gone
    if task is not None:
        return killed(task, seconds, "worker-died", crew.limits, _briefly(error))
    crew.lost_starts += 1
    if crew.lost_starts >= _LOST_STARTS:
        raise GoujiError("no-workers", sentence("no-workers", cause=_briefly(error)))
    return None


def _look_around(crew: _Crew) -> None:
    """Count what the machines of the cluster have room for. Raises GoujiError for none at all."""
    now = time.monotonic()
    if now - crew.looked < _ROOM_EVERY:
        return
    crew.looked = now
    alive = [node["Resources"] for node in crew.ray.nodes() if node.get("Alive")]
    machines = [(int(one.get("CPU", 0)), int(one.get("memory", 0))) for one in alive]
    crew.memory = min([_MEMORY, *(memory for cpus, memory in machines if cpus and memory)])
    crew.room = sum(min(cpus, memory // crew.memory) for cpus, memory in machines)
    if crew.room:
        crew.peopled = now
    elif now - crew.peopled > _NOBODY:
        raise GoujiError("no-workers", sentence("no-workers", cause="no CPU in the cluster"))


def _hire(crew: _Crew) -> _Hand:
    # two at once, so that it can be told to clean up while it reads
    wants = {"num_cpus": 1, "memory": crew.memory, "max_restarts": 0, "max_concurrency": 2}
    made = crew.ray.remote(**wants)(Post)
    actor = made.remote(crew.load, crew.limits)
    return _Hand(actor, actor.start.remote(), time.monotonic())


def _dismiss(crew: _Crew, hands: Iterable[_Hand]) -> None:
    """End posts, also those that are reading."""
    with suppress(crew.ray.exceptions.RayError):
        cleaned = [hand.actor.clean.remote() for hand in hands if hand.ready]
        if cleaned:
            crew.ray.wait(cleaned, num_returns=len(cleaned), timeout=5)
    for hand in hands:
        with suppress(crew.ray.exceptions.RayError):
            crew.ray.kill(hand.actor)


@contextmanager
def _connected(address: str | None) -> Iterator[Any]:
    """Join a cluster, or start one on this machine; Ctrl-C and SIGTERM go on meaning the same."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    if address is not None:
        # Ray would try for a quarter of an hour; one try takes most of a minute.
        os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
    try:
        import ray  # noqa: PLC0415 - 240 MB that few need
    except ImportError as error:
        raise GoujiError("no-ray", sentence("no-ray")) from error
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM) if main else None
    options: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    if address is None:
        options |= {"num_cpus": os.cpu_count() or 1, "include_dashboard": False}
    try:
        ray.init(address=address or "local", **options)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise GoujiError("no-cluster", sentence("no-cluster", cause=_briefly(error))) from error
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
    try:
        yield ray
    finally:
        ray.shutdown()


def _reads_with() -> str:
    """Return what results depend on here besides their options: version, weights, forms."""
    return settings_of((), None, "auto").key


def _briefly(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
