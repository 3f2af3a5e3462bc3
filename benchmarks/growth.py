"""Whether cost grows with pages and no faster: 10, 100 and 1,000 pages read in one process.

``python -m benchmarks.growth`` reads made reports (good scans) one after another, again from the
first when all were read, until the last of the marks is reached. Printed for each mark: pages,
CPU seconds and wall seconds a page since the mark before, and peak memory so far. ``--plot``
draws it. About two CPU seconds a page: 40 minutes for 1,000. Exit code 1: the documents cost
more than 1.1 times as much when they were read last as when they were read first.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.clock import cpu_seconds
from benchmarks.documents import CACHE, Wish, made
from pipeline.intake import open_document
from pipeline.recover import load_readers, recover
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_GROWTH = 1.1
LEFT, TOP, WIDTH, HEIGHT = 80, 30, 480, 300


@dataclass(frozen=True, slots=True)
class Mark:
    """What reading has taken so far: seconds, and MiB of memory at most."""

    pages: int
    cpu: float
    wall: float
    peak: float


def main() -> None:
    """Read the command line, read the documents, and print what they cost."""
    asked = _parser().parse_args()
    documents = [one.path for one in made(Wish("report", asked.documents, ("L1",)), asked.cache)]
    marks, costs = [Mark(0, 0.0, 0.0, 0.0)], list[float]()
    print(f"{'pages':>8}{'CPU s/page':>12}{'wall s/page':>13}{'peak MiB':>10}")
    for mark in _read(documents, sorted(asked.pages), asked.threads, costs):
        before = marks[-1]
        pages = mark.pages - before.pages
        marks.append(mark)
        print(
            f"{mark.pages:>8}{(mark.cpu - before.cpu) / pages:>12.3f}"
            f"{(mark.wall - before.wall) / pages:>13.3f}{mark.peak:>10.0f}",
            flush=True,
        )
    if asked.plot:
        asked.plot.write_text(curve(marks), "utf-8")
    if len(costs) < 2 * len(documents):
        sys.exit("too few pages to read every document twice: nothing is said of growth")
    growth = sum(costs[-len(documents) :]) / sum(costs[: len(documents)])
    print(f"all documents cost {growth:.2f} times as much the last time as the first")
    sys.exit(0 if growth <= MOST_GROWTH else 1)


def _read(
    documents: Sequence[Path], marks: Sequence[int], threads: int, costs: list[float]
) -> Iterator[Mark]:
    """Read documents until the last mark, the readers loaded before; yield a Mark at each.

    The CPU seconds of every document are added to ``costs``.
    """
    readers, templates, left = load_readers(threads), builtin(), list(marks)
    recover(open_document(documents[0]), templates=templates, readers=readers)
    pages, cpu, wall = 0, cpu_seconds(), time.perf_counter()
    for path in cycle(documents):
        before = cpu_seconds()
        report = recover(open_document(path), templates=templates, readers=readers)
        costs.append(cpu_seconds() - before)
        pages += report.source.pages
        if pages >= left[0]:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            yield Mark(pages, cpu_seconds() - cpu, time.perf_counter() - wall, peak)
            left = [mark for mark in left if mark > pages]
        if not left:
            return


def curve(marks: Sequence[Mark]) -> str:
    """Draw CPU seconds over pages as an SVG, beside the straight line to the last mark."""
    last = marks[-1]

    def place(mark: Mark) -> str:
        x = LEFT + WIDTH * mark.pages / last.pages
        return f"{x:.1f},{TOP + HEIGHT * (1 - mark.cpu / last.cpu):.1f}"

    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 80}" '
        f'height="{TOP + HEIGHT + 50}" font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="white"/>'
        f'<text x="{LEFT}" y="18">CPU seconds over pages read in one process</text>'
        f'<polyline points="{place(marks[0])} {place(last)}" fill="none" stroke="#bbb"/>'
        f'<polyline points="{" ".join(map(place, marks))}" fill="none" stroke="#c1440e"/>'
    )
    parts = [head]
    for mark in marks[1:]:
        x, y = place(mark).split(",")
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="3" fill="#c1440e"/>'
            f'<text x="{float(x) + 6:.1f}" y="{float(y) + 14:.1f}">{mark.cpu:.0f} s</text>'
            f'<text x="{x}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{mark.pages}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--pages", type=int, nargs="+", default=[10, 100, 1000], help="where to take stock")
    add("--documents", type=int, default=24, help="reports that are read in turn")
    add("--threads", type=int, default=2, help="threads of the readers (default: 2)")
    add("--cache", type=Path, default=CACHE, help="where made documents are kept")
    add("--plot", type=Path, help="draw CPU seconds over pages into this SVG file")
    return parser


if __name__ == "__main__":
    main()
