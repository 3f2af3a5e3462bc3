"""What a batch adds to reading: its pace with one and two workers, its overhead and its memory.

``python -m benchmarks.batch --documents 500 --draw --at FOLDER`` has drawn documents read again
and again by ``gouji batch``'s own driver, pool and journal, every copy with a tail of its own so
that it is a document of its own; without ``--draw`` the committed samples. ``--ray`` measures one
and two workers of a Ray cluster on this machine as well. With ``--at`` everything is kept:
``--minutes`` bounds each batch, and the same command goes on where it stopped. The workers
themselves note when they read, the CPU seconds it cost, the peak of their memory during each
document and what they hold after it. Exit code 1: two workers read less than 1.8 times what one
does, journal and pool cost more than 5 % of the reading time, or memory grows by more than 1 MiB
a hundred documents.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from benchmarks.batch_documents import copied, described, documents, draw
from benchmarks.batch_phase import Phase, Wish, measure, said_of
from benchmarks.batch_plot import plot
from benchmarks.documents import SAMPLES
from pipeline.reading import Manner, load_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.batch_worker import Spell

SCALING, OVERHEAD, SLOPE = 1.8, 0.05, 1.0
_WARM = 5
"""Documents of a worker's life that are not yet asked whether its memory grows."""
_HERE = (Wish("1", 1), Wish("2", 2))
_ON_RAY = (Wish("ray-1", 1, ray=True), Wish("ray-2", 2, ray=True))


def main() -> None:
    """Read the command line, run the batches, print what they cost."""
    asked = _parser().parse_args()
    load = partial(load_reader, Manner())
    with ExitStack() as stack:
        folder = asked.at or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="gouji-batch-"))
        )
        samples = asked.samples
        if asked.draw:
            samples = folder / "drawn"
            draw(samples)
        scans = copied(samples, folder / f"scans{asked.documents}", asked.documents)
        different = min(len(documents(samples)), max(1, asked.documents // 4))
        mix = described(samples) if asked.draw else "the committed samples"
        print(f"{asked.documents} documents, copies of {different}: {mix}", flush=True)
        if asked.only_draw:
            return
        phases: list[Phase] = []
        try:
            for wish in (*_HERE, *(_ON_RAY if asked.ray else ())):
                bound = Wish(wish.name, wish.workers, wish.ray, asked.minutes * 60)
                print(f"workers {wish.name}", file=sys.stderr, flush=True)
                place = folder / f"batch{asked.documents}-{wish.name}"
                phases.append(measure(scans, place, bound, load))
        finally:  # what was measured before a cluster failed to start is told
            ok = bool(phases) and report(phases)
    if asked.plot:
        lines = [(f"workers {one.name}", _line(life)) for one in phases for life in one.lives]
        asked.plot.write_text(plot(lines, _slopes(phases)), "utf-8")
    if asked.json:
        said = [said_of(one) for one in phases]
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
    add("--draw", action="store_true", help="draw the documents, as folders hold them")
    add("--only-draw", action="store_true", help="read nothing yet")
    add("--samples", type=Path, default=SAMPLES, help="a folder of documents to copy")
    add("--at", type=Path, help="where everything lies, and is kept (default: TMPDIR, not kept)")
    add("--minutes", type=float, default=float("inf"), help="stop each batch after that time")
    add("--ray", action="store_true", help="on a Ray cluster of this machine as well")
    add("--plot", type=Path, help="draw the workers' memory to this SVG file")
    add("--json", type=Path, help="write every document's cost to this file")
    return parser


def report(phases: Sequence[Phase]) -> bool:
    """Print what was measured; tell whether all of it is within the bars."""
    print(f"{'workers':>7}{'read':>6}{'docs/min':>10}{'s/doc':>8}{'CPU s/doc':>11}", end="")
    print(f"{'start s':>9}{'waiting':>9}{'driver CPU s':>14}{'peak MiB':>10}{'failed':>8}")
    for phase in phases:
        count = len(phase.spells)
        print(
            f"{phase.name:>7}{count:>6}{phase.pace:>10.2f}{phase.reading / count:>8.2f}"
            f"{mean(spell.cpu for spell in phase.spells):>11.2f}{phase.startup:>9.1f}"
            f"{phase.waiting / phase.reading:>9.2%}{phase.driver:>14.2f}"
            f"{max(spell.peak for spell in phase.spells):>10.0f}{phase.failed:>8}"
        )
    for phase in phases:
        if len(phase.spells) < phase.wanted:
            print(f"workers {phase.name}: the time was up; the same command goes on")
    print()
    ok = True
    named = {phase.name: phase for phase in phases}
    for one, two, where in (("1", "2", "here"), ("ray-1", "ray-2", "on Ray")):
        if one in named and two in named:
            scaling = named[two].pace / named[one].pace
            ok = ok and scaling >= SCALING
            print(f"scaling {where}, two workers over one: {scaling:.2f}  (bar: {SCALING})")
    for phase in phases:
        overhead = phase.waiting / phase.reading
        ok = ok and overhead <= OVERHEAD
        print(
            f"journal and pool, of the reading time, workers {phase.name}: {overhead:.2%}"
            f"  (bar: {OVERHEAD:.0%})"
        )
    print(_slopes(phases))
    for phase in phases:
        spells = sorted(phase.spells, key=lambda one: one.begin)
        parts = [spells[len(spells) * n // 4 : len(spells) * (n + 1) // 4] for n in range(4)]
        highest = " ".join(f"{max(one.peak for one in part):.0f}" for part in parts if part)
        print(f"highest peak in each quarter of the batch, workers {phase.name}: {highest} MiB")
    found = [slope(phases, what) for what in ("peak", "held")]
    weight = phases[0].journal / len(phases[0].spells) / 1024
    print(f"journal: {weight:.0f} KiB a document")
    sizes = [max(spell.peak for spell in life) for phase in phases for life in phase.lives]
    print(f"worker processes: {len(sizes)}, peak MiB median {median(sizes):.0f}")
    return ok and all(one is None or one <= SLOPE for one in found)


def _slopes(phases: Sequence[Phase]) -> str:
    said = []
    for what, words in (("peak", "peak"), ("held", "held after each document")):
        found = slope(phases, what)
        said.append(f"{words} {'(too few to tell)' if found is None else f'{found:+.2f} MiB'}")
    return f"memory, over a hundred documents more: {', '.join(said)}  (bar: {SLOPE:g} MiB)"


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
