"""What a batch adds to reading: its pace with one and two workers, its overhead and its memory.

``python -m benchmarks.batch --documents 500`` has the committed samples read again and again by
``gouji batch``'s own driver, pool and journal, every copy with a tail of its own so that it is a
document of its own. The workers themselves note when they read, the CPU seconds it cost, the peak
of their memory during each document and what they hold after it. Exit code 1: two workers read
less than 1.8 times what one does, journal and pool cost more than 5 % of the reading time, or
memory grows by more than 1 MiB a hundred documents.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from benchmarks.batch_plot import plot
from benchmarks.documents import SAMPLES
from pipeline.pool import Limits
from pipeline.reading import Manner, load_reader
from pipeline.run import Ended, Order, run_batch
from pipeline.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.worker import Load

KINDS = {".pdf", ".png", ".jpg", ".tiff"}
SCALING, OVERHEAD, SLOPE = 1.8, 0.05, 1.0
_WARM = 5
"""Documents of a worker's life that are not yet asked whether its memory grows."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One document in one worker: seconds on the machine's clock, CPU seconds, MiB."""

    worker: int
    document: str
    begin: float
    end: float
    cpu: float
    peak: float
    held: float


@dataclass(frozen=True, slots=True)
class Phase:
    """A batch with so many workers; ``driver`` is the CPU seconds of the driver itself."""

    workers: int
    start: float
    end: float
    driver: float
    journal: int
    failed: int
    spells: tuple[Spell, ...]

    @property
    def pace(self) -> float:
        """Documents per minute from the first document's beginning to the last one's end."""
        first, last = min(one.begin for one in self.spells), max(one.end for one in self.spells)
        return len(self.spells) / (last - first) * 60

    @property
    def reading(self) -> float:
        """Seconds in which workers were reading."""
        return sum(one.end - one.begin for one in self.spells)

    @property
    def lives(self) -> list[list[Spell]]:
        """The documents of every worker process, in their order."""
        pids = dict.fromkeys(one.worker for one in self.spells)
        return [[one for one in self.spells if one.worker == pid] for pid in pids]

    @property
    def waiting(self) -> float:
        """Seconds between two documents of a worker: answer, journal, next order."""
        return sum(b.begin - a.end for life in self.lives for a, b in pairwise(life))


def main() -> None:
    """Read the command line, run the batches, print what they cost."""
    asked = _parser().parse_args()
    load = partial(load_reader, Manner())
    with tempfile.TemporaryDirectory(prefix="gouji-batch-", dir=asked.at) as folder:
        phases = []
        copies = copied(asked.samples, Path(folder) / "scans", asked.documents)
        for workers in (1, 2):
            print(f"{workers} worker(s), {asked.documents} documents", file=sys.stderr, flush=True)
            phases.append(measure(copies, Path(folder) / f"run{workers}", workers, load))
    ok = report(phases)
    if asked.plot:
        asked.plot.write_text(plot([_line(life) for one in phases for life in one.lives]), "utf-8")
    if asked.json:
        said = [asdict(one) for one in phases]
        asked.json.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sys.exit(0 if ok else 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.batch",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--documents", type=int, default=500, help="documents of each batch (default: 500)")
    add("--samples", type=Path, default=SAMPLES, help="a folder of documents to copy")
    add("--at", type=Path, help="where copies and journals lie meanwhile (default: TMPDIR)")
    add("--plot", type=Path, help="draw the workers' memory to this SVG file")
    add("--json", type=Path, help="write every document's cost to this file")
    return parser


def copied(samples: Path, folder: Path, count: int) -> Path:
    """Copy samples into a folder, each copy with a tail of its own, each sample four times or more.

    Bytes after the end of a PDF or an image are nobody's business but the digest's.
    """
    folder.mkdir(parents=True)
    found = sorted(path for path in samples.iterdir() if path.suffix in KINDS)
    found = found[: max(1, count // 4)]
    for number in range(count):
        path = found[number % len(found)]
        copy = folder / f"{number:05d}-{path.name}"
        copy.write_bytes(path.read_bytes() + f"\n% copy {number}\n".encode())
    return folder


def measure(scans: Path, run: Path, workers: int, load: Load) -> Phase:
    """Run a batch and return what it and its workers cost."""
    notes = run.with_suffix(".notes")
    notes.mkdir(parents=True)
    ended: list[Ended] = []
    order = Order(
        inputs=(scans,),
        run=run,
        load=partial(watched, load, notes),
        settings=settings_of((), None, "auto"),
        limits=Limits(workers=workers, writable=(notes, Path("/proc/self"))),
    )
    # As gouji batch has it, for its workers.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    start, before = time.monotonic(), time.process_time()
    run_batch(order, lambda one: ended.append(one) if isinstance(one, Ended) else None)
    end, driver = time.monotonic(), time.process_time() - before
    lines = [line for path in notes.iterdir() for line in path.read_text("utf-8").splitlines()]
    spells = sorted((Spell(**json.loads(line)) for line in lines), key=lambda one: one.begin)
    journal = sum(path.stat().st_size for path in run.glob("journal.sqlite*"))
    failed = sum(one.status == "failed" for one in ended)
    return Phase(workers, start, end, driver, journal, failed, tuple(spells))


def watched(load: Load, notes: Path) -> Callable[[Path], Any]:
    """Return a reader that notes what every document costs it."""
    read = load()
    log = notes / f"{os.getpid()}.jsonl"

    def reads(path: Path) -> Any:
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
        begin, cpu = time.monotonic(), time.process_time()
        try:
            return read(path)
        finally:
            end, cpu = time.monotonic(), time.process_time() - cpu
            peak, held = _memory()
            name = path.name.partition("-")[2]
            spell = Spell(os.getpid(), name, begin, end, cpu, peak, held)
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(spell)) + "\n")

    return reads


def _memory() -> tuple[float, float]:
    """Return the peak of this process's resident memory and what is resident now, in MiB."""
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    sizes = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return int(sizes["VmHWM"].split()[0]) / 1024, int(sizes["VmRSS"].split()[0]) / 1024


def report(phases: Sequence[Phase]) -> bool:
    """Print what was measured; tell whether all of it is within the bars."""
    one, two = phases
    print(f"{'workers':>7}{'docs/min':>10}{'s/doc':>8}{'CPU s/doc':>11}{'start s':>9}", end="")
    print(f"{'waiting':>9}{'driver CPU s':>14}{'peak MiB':>10}{'failed':>8}")
    for phase in phases:
        count = len(phase.spells)
        start = min(spell.begin for spell in phase.spells) - phase.start
        print(
            f"{phase.workers:>7}{phase.pace:>10.2f}{phase.reading / count:>8.2f}"
            f"{mean(spell.cpu for spell in phase.spells):>11.2f}{start:>9.1f}"
            f"{phase.waiting / phase.reading:>9.2%}{phase.driver:>14.2f}"
            f"{max(spell.peak for spell in phase.spells):>10.0f}{phase.failed:>8}"
        )
    scaling = two.pace / one.pace
    overhead = max(phase.waiting / phase.reading for phase in phases)
    print(f"\nscaling, two workers over one: {scaling:.2f}  (bar: {SCALING})")
    print(f"journal and pool, of the reading time: {overhead:.2%}  (bar: {OVERHEAD:.0%})")
    slopes = [slope(phases, what) for what in ("peak", "held")]
    for what, found in zip(("peak", "held after"), slopes, strict=True):
        said = "too few documents to tell" if found is None else f"{found:+.2f} MiB"
        print(f"memory, {what} each document, over a hundred more: {said}  (bar: {SLOPE} MiB)")
    weight = one.journal / len(one.spells) / 1024
    print(f"journal: {weight:.0f} KiB a document")
    sizes = [max(spell.peak for spell in life) for phase in phases for life in phase.lives]
    print(f"worker processes: {len(sizes)}, peak MiB median {median(sizes):.0f}")
    flat = all(found is None or found <= SLOPE for found in slopes)
    return scaling >= SCALING and overhead <= OVERHEAD and flat


def slope(phases: Sequence[Phase], what: str) -> float | None:
    """Return by how many MiB memory grows over a hundred documents, the same ones compared.

    Least squares within every sample's own copies: y = a(sample, worker) + b · number. None where
    no worker read a sample twice after its first few documents.
    """
    over, under = 0.0, 0.0
    for phase in phases:
        for life in phase.lives:
            groups: dict[str, list[tuple[int, float]]] = {}
            for number, spell in enumerate(life):
                if number >= _WARM:
                    groups.setdefault(spell.document, []).append((number, getattr(spell, what)))
            for points in groups.values():
                x, y = (mean(column) for column in zip(*points, strict=True))
                over += sum((at - x) * (size - y) for at, size in points)
                under += sum((at - x) ** 2 for at, _ in points)
    return over / under * 100 if under else None


def _line(life: Sequence[Spell]) -> tuple[list[float], list[float]]:
    return [spell.peak for spell in life], [spell.held for spell in life]


if __name__ == "__main__":
    main()
