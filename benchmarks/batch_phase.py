"""A batch that is measured: with so many workers, here or on Ray, in one sitting or in several."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from benchmarks.batch_worker import Spell, watched
from pipeline.journal import old_journal
from pipeline.journal_place import FILE
from pipeline.journal_queries import filed
from pipeline.pool import Limits, labour
from pipeline.run import Ended, Order, run_batch
from pipeline.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.pool import Task, Turn
    from pipeline.run import Labour
    from pipeline.worker import Load

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a batch is to be measured: its name, its workers, whether on Ray, seconds at most."""

    name: str
    workers: int
    ray: bool = False
    seconds: float = float("inf")


@dataclass(frozen=True, slots=True)
class Sitting:
    """A time in which the driver ran: its beginning and end, its CPU seconds, what was read."""

    start: float
    end: float
    driver: float
    spells: tuple[Spell, ...]

    @property
    def span(self) -> float:
        """Seconds from the first document's beginning to the last one's end."""
        first = min(one.begin for one in self.spells)
        return max(one.end for one in self.spells) - first

    @property
    def startup(self) -> float:
        """Seconds until the first document is being read."""
        return min(one.begin for one in self.spells) - self.start

    @property
    def lives(self) -> list[list[Spell]]:
        """The documents of every worker process, in their order."""
        pids = dict.fromkeys(one.worker for one in self.spells)
        return [[one for one in self.spells if one.worker == pid] for pid in pids]


@dataclass(frozen=True, slots=True)
class Phase:
    """What a batch came to; ``journal`` are bytes, ``wanted`` the documents it has in all."""

    name: str
    workers: int
    wanted: int
    journal: int
    failed: int
    sittings: tuple[Sitting, ...]

    @property
    def spells(self) -> list[Spell]:
        """All that was read."""
        return [spell for sitting in self.sittings for spell in sitting.spells]

    @property
    def lives(self) -> list[list[Spell]]:
        """The documents of every worker process, in their order."""
        return [life for sitting in self.sittings for life in sitting.lives]

    @property
    def pace(self) -> float:
        """Documents per minute, the start-up of each sitting left out."""
        return len(self.spells) / sum(one.span for one in self.sittings) * 60

    @property
    def reading(self) -> float:
        """Seconds in which workers were reading."""
        return sum(one.end - one.begin for one in self.spells)

    @property
    def waiting(self) -> float:
        """Seconds between two documents of a worker: answer, journal, next order."""
        return sum(b.begin - a.end for life in self.lives for a, b in pairwise(life))

    @property
    def startup(self) -> float:
        """Seconds until the first document is being read, on the average."""
        return mean(one.startup for one in self.sittings)

    @property
    def driver(self) -> float:
        """CPU seconds of the driver itself."""
        return sum(one.driver for one in self.sittings)


def measure(scans: Path, folder: Path, wish: Wish, load: Load) -> Phase:
    """Go on with a batch, until it is done or the time is up; return what all of it has cost.

    ``folder`` keeps the run and what was noted of every sitting.
    """
    run = folder / "run"
    if (run / FILE).exists():
        held = phase_of(folder, wish, scans)
        if len(held.spells) >= held.wanted:
            return held
    number = len(list(folder.glob("sitting*")))
    here = folder / f"sitting{number}"
    notes = here / "notes"
    notes.mkdir(parents=True)
    end = time.monotonic() + wish.seconds
    # As gouji batch has it, for its workers.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    start, before = time.monotonic(), time.process_time()

    def note(_: object = None) -> None:
        said = {"start": start, "end": time.monotonic(), "driver": time.process_time() - before}
        (here / "sitting.json").write_text(json.dumps(said), "utf-8")

    with ExitStack() as stack:
        labouring = stack.enter_context(_cluster(wish.workers)) if wish.ray else labour
        order = Order(
            inputs=(scans,),
            run=run,
            load=partial(watched, load, notes),
            settings=settings_of((), None, "auto"),
            limits=Limits(workers=wish.workers, writable=(notes, Path("/proc/self"))),
            labour=partial(_until, labouring, end),
        )
        start, before = time.monotonic(), time.process_time()  # a cluster is there before
        run_batch(order, lambda one: note() if isinstance(one, Ended) else None)
        note()
    return phase_of(folder, wish, scans)


def phase_of(folder: Path, wish: Wish, scans: Path) -> Phase:
    """Return what was noted of a batch so far."""
    files = sorted(scans.iterdir())
    names = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in files}
    sittings = []
    for here in sorted(folder.glob("sitting*")):
        lines = [line for p in (here / "notes").iterdir() for line in p.read_text().splitlines()]
        spells = [_named(Spell(**json.loads(line)), names) for line in lines]
        if spells and (here / "sitting.json").exists():
            said: dict[str, Any] = json.loads((here / "sitting.json").read_text("utf-8"))
            spells.sort(key=lambda one: one.begin)
            sittings.append(Sitting(**said, spells=tuple(spells)))
    run = folder / "run"
    engine = old_journal(run)
    failed = sum(one.status == "failed" for one in filed(engine))
    engine.dispose()
    journal = sum(path.stat().st_size for path in run.glob("journal.sqlite*"))
    return Phase(wish.name, wish.workers, len(files), journal, failed, tuple(sittings))


def said_of(phase: Phase) -> dict[str, Any]:
    """Return a phase as JSON takes it."""
    return asdict(phase)


def _named(spell: Spell, names: dict[str, str]) -> Spell:
    """Call a document by the name of what it is a copy of; on Ray it came under its sha256."""
    path = Path(spell.document)
    name = names.get(path.stem, path.name)
    return replace(spell, document=name.partition("-")[2])


def _until(
    labouring: Labour, end: float, tasks: Iterable[Task], load: Load, limits: Limits
) -> Iterator[Turn]:
    """Have documents read until it is late; what is being read then is read another time."""
    for turn in labouring(tasks, load, limits):
        yield turn
        if time.monotonic() > end:
            return


class _cluster:  # noqa: N801 - a context manager that reads as a word
    """A Ray on this machine with room for so many workers; gives what has documents read there."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._made: Any = None

    def __enter__(self) -> Labour:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")  # the machine may be busy
        os.environ["PYTHONPATH"] = str(ROOT)
        from ray.cluster_utils import Cluster  # noqa: PLC0415 - 240 MB that few need

        from pipeline.pool_ray import labour_on_cluster  # noqa: PLC0415

        room = {"num_cpus": self._workers, "memory": self._workers * (2 << 30)}
        room |= {"object_store_memory": 200_000_000}
        head = {**room, "include_dashboard": False}
        self._made = Cluster(initialize_head=True, head_node_args=head)
        return partial(labour_on_cluster, address=self._made.address)

    def __exit__(self, *_: object) -> None:
        self._made.shutdown()
