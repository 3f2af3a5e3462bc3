"""How many figures are right, before and after repair, and what went wrong unseen.

``python -m benchmarks.accuracy`` measures the committed samples, 200 made single tables and 40
made whole reports; what each line of its table means stands in ``benchmarks/compare.py`` and in
docs/benchmarks.md. Exit code 1: a figure was wrong and not flagged, or changed although it was
read right, or a mistake of a page was mended. Exit code 2: not everything was measured.

Ctrl-C (or SIGTERM) ends it early: what was measured so far is printed.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.compare import MORTAL
from benchmarks.documents import CACHE, SAMPLES, Wish, made
from benchmarks.printing import print_cases, print_results
from benchmarks.reading import Measured, measured
from benchmarks.truth import truths_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from benchmarks.truth import Truth
    from samples.style import Split


def main() -> None:
    """Read the command line, the documents, and print how it went."""
    asked = _parser().parse_args()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    begun = time.monotonic()
    try:
        groups = _documents(asked)
    except KeyboardInterrupt:
        sys.exit("stopped while drawing; what is drawn is kept")
    queue = _mixed(groups)
    if not queue:
        sys.exit("no documents: nothing was asked for, or the folder holds no truth files")
    done = _read_all([truth for _, truth in queue], asked.results, asked.jobs)
    outcome: dict[str, list[Measured]] = {name: [] for name in groups}
    for position, one in sorted(done.items(), key=lambda item: item[1].document):
        outcome[queue[position][0]].append(one)
    by_severity = _by_severity(outcome)
    wanted: dict[str, int] = defaultdict(int)
    for name, truth in queue:
        wanted[f"{name} {truth.severity}"] += 1
    print_results(by_severity, wanted)
    cases = [case for ones in outcome.values() for one in ones for case in one.cases]
    print_cases(cases, everything=asked.everything)
    print(f"\n{len(done)} of {len(queue)} documents, {time.monotonic() - begun:.0f} s")
    if asked.json:
        said = {name: [asdict(one) for one in ones] for name, ones in by_severity.items()}
        asked.json.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if any(case.fault in MORTAL for case in cases):
        sys.exit(1)
    sys.exit(0 if len(done) == len(queue) else 2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--samples", action="store_true", help="only the committed samples")
    add("--folder", type=Path, help="only documents of a folder, each beside its *.truth.json")
    add("--tables", type=int, default=200, help="made single tables, in all (default: 200)")
    add("--reports", type=int, default=40, help="made whole reports, in all (default: 40)")
    add("--severity", nargs="+", choices=("L0", "L1", "L2", "L3"), default=("L0", "L1"))
    add(
        "--split",
        choices=("bench", "held-out", "develop"),
        default="bench",
        help="held-out is another name of bench (default)",
    )
    add("--seed", type=int, default=1)
    add("--cache", type=Path, default=CACHE, help="where made documents are kept")
    add("--results", type=Path, help="keep the JSON results in this folder")
    add("--jobs", type=int, default=2, help="processes, each with one thread (default: 2)")
    add("--json", type=Path, help="write counts and cases of every document to this file")
    add("--everything", action="store_true", help="list misread but flagged figures too")
    return parser


def _documents(asked: argparse.Namespace) -> dict[str, list[Truth]]:
    """Return the wanted documents by the name of their set."""
    if asked.folder:
        return {asked.folder.name: truths_of(asked.folder)}
    groups = {"samples": truths_of(SAMPLES)}
    if not asked.samples:
        split: Split = "bench" if asked.split == "held-out" else asked.split
        drawn = tuple(asked.severity), split, asked.seed
        if asked.tables:
            groups["tables"] = made(Wish("table", asked.tables, *drawn), asked.cache)
        if asked.reports:
            groups["reports"] = made(Wish("report", asked.reports, *drawn), asked.cache)
    return groups


def _mixed(groups: Mapping[str, list[Truth]]) -> list[tuple[str, Truth]]:
    """Return all documents in an order whose every beginning is a fair share of each group."""
    placed = [
        ((number + 0.5) / len(truths), name, truth)
        for name, truths in groups.items()
        for number, truth in enumerate(truths)
    ]
    return [(name, truth) for _, name, truth in sorted(placed, key=lambda place: place[0])]


def _read_all(truths: list[Truth], results: Path | None, processes: int) -> dict[int, Measured]:
    """Read all documents, or as many as can be read before a signal; say how it goes."""
    done: dict[int, Measured] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = results or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with closing(measured(truths, folder, processes)) as reading:
                for position, one in reading:
                    done[position] = one
                    _say(one, len(done), len(truths))
        except KeyboardInterrupt:
            print("stopped: this is what was measured so far", file=sys.stderr)
        except BrokenProcessPool:
            print("a process has died (for want of memory?); the rest is missing", file=sys.stderr)
    return done


def _say(one: Measured, done: int, total: int) -> None:
    c = one.counts
    faults = sorted({case.fault for case in one.cases})
    print(
        f"{done}/{total} {one.document}: {one.status}, {c.right}/{c.cells} right,"
        f" {c.review} for review, {one.seconds:.1f} s{''.join(f', {f}' for f in faults)}",
        file=sys.stderr,
        flush=True,
    )


def _by_severity(outcome: Mapping[str, list[Measured]]) -> dict[str, list[Measured]]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for name, ones in outcome.items():
        for one in sorted(ones, key=lambda one: one.severity):
            groups[f"{name} {one.severity}"].append(one)
    return dict(groups)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
