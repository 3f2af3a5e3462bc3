"""What reading a page costs, beside full-page RapidOCR and PaddleOCR on the same pages.

``python -m benchmarks.speed`` reads made documents (clean and good scans) with each engine in
turn, document by document, so that whatever else the machine does troubles all of them alike.
CPU seconds are the measure: walls depend on what else runs. What each engine does is said in
``benchmarks/engines.py``. Exit code 1: whole reports cost Gouji more than PaddleOCR.

``--peers`` takes good and bad scans (L1, L2), and measures the programs of ``benchmarks/peers.py``
too, which recover tables, and the floor; ``--plot`` draws CPU seconds a page.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.documents import CACHE, Wish, made
from benchmarks.engines import ENGINES, Cost, Engine, EngineError
from benchmarks.peers import FLOOR, PEERS, absent
from benchmarks.speed_plot import bars
from pipeline.intake import open_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samples.recipe import Severity

OURS, RIVAL = "Gouji", "PaddleOCR"
PLAIN: tuple[Severity, ...] = ("L0", "L1")
PEERED: tuple[Severity, ...] = ("L1", "L2")


@dataclass(frozen=True, slots=True)
class Run:
    """What one document cost one engine."""

    engine: str
    kind: str
    document: str
    pages: int
    cost: Cost


def main() -> None:
    """Read the command line, run all engines, and print the comparison."""
    asked = _parser().parse_args()
    documents = [
        (f"{kind}s", truth.path)
        for kind in ("report", "table")
        for truth in made(
            Wish(kind, asked.documents, PEERED if asked.peers else PLAIN), asked.cache
        )
    ]
    wanted = [*ENGINES, *(PEERS if asked.peers else ())]
    missing = {name: why for name in wanted if (why := absent(name))}
    engines: list[Engine] = []
    runs: list[Run] = []
    try:
        engines.extend(Engine(name, asked.threads) for name in wanted if name not in missing)
        _measure(documents, engines, runs)
    except EngineError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("stopped: this is what was measured so far", file=sys.stderr)
    finally:
        for engine in engines:
            engine.close()
    starts = {engine.name: engine.start for engine in engines}
    whole = _whole(runs, list(starts))
    if not whole:
        sys.exit("nothing was measured")
    _print(whole, starts, asked.threads)
    for name, why in missing.items():
        print(f"not measured: {name}: {why}")
    if asked.plot:
        asked.plot.write_text(bars(_medians(whole, list(starts))), "utf-8")
    if asked.json:
        said = {
            "threads": asked.threads,
            "start": {name: asdict(cost) for name, cost in starts.items()},
            "runs": [asdict(run) for run in whole],
        }
        asked.json.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    cheaper = _total(whole, OURS, "reports") < _total(whole, RIVAL, "reports")
    sys.exit(0 if cheaper else 1)


def _measure(
    documents: Sequence[tuple[str, Path]], engines: Sequence[Engine], runs: list[Run]
) -> None:
    """Have every engine read every document in turn, and add what that took to ``runs``."""
    for number, (kind, path) in enumerate(documents, start=1):
        pages = open_document(path).source.pages
        runs.extend(Run(one.name, kind, path.name, pages, one.read(path)) for one in engines)
        print(f"{number}/{len(documents)} {path.name}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--documents", type=int, default=4, help="whole reports, and as many single tables")
    add("--threads", type=int, default=2, help="threads of each engine (default: 2)")
    add("--cache", type=Path, default=CACHE, help="where made documents are kept")
    add("--peers", action="store_true", help="programs that recover tables, and the floor, too")
    add("--plot", type=Path, help="draw CPU seconds a page into this SVG file")
    add("--json", type=Path, help="write every single cost to this file")
    return parser


def _whole(runs: Sequence[Run], engines: Sequence[str]) -> list[Run]:
    """Return the runs of those documents that all engines have read."""
    read = {engine: {run.document for run in runs if run.engine == engine} for engine in engines}
    return [run for run in runs if all(run.document in documents for documents in read.values())]


def _print(runs: Sequence[Run], starts: dict[str, Cost], threads: int) -> None:
    kinds = [kind for kind in ("reports", "tables") if any(run.kind == kind for run in runs)]
    for kind in kinds:
        ours = [run for run in runs if run.kind == kind and run.engine == OURS]
        pages = sum(run.pages for run in ours)
        print(f"\n{kind}: {len(ours)} documents, {pages} pages, {threads} threads")
        print(
            f"{'':24}{'CPU s/page':>12}{'wall s/page':>12}{'CPU s in all':>14}"
            f"{'× Gouji':>10}{'min…max':>14}"
        )
        for engine in starts:
            print(f"{engine:24}{_line(runs, kind, engine)}")
    print(f"\n{'':24}{'start, CPU s':>14}{'start, wall s':>14}{'peak MiB':>10}")
    for engine, start in starts.items():
        peak = max(run.cost.peak for run in runs if run.engine == engine)
        print(f"{engine:24}{start.cpu:>14.1f}{start.wall:>14.1f}{peak:>10.0f}")
    for kind in kinds if FLOOR in starts else ():
        mine, floor = (_total(runs, engine, kind) for engine in (OURS, FLOOR))
        print(f"{kind}: {OURS} costs {mine / floor:.1f} times the {FLOOR}")
    if "reports" in kinds:
        mine, theirs = (_total(runs, engine, "reports") for engine in (OURS, RIVAL))
        verdict = "less" if mine < theirs else "NOT LESS"
        print(f"\nwhole reports: {OURS} {mine:.1f} CPU s, {RIVAL} {theirs:.1f} CPU s: {verdict}")


def _line(runs: Sequence[Run], kind: str, engine: str) -> str:
    """Return medians per page, the sum, and how much dearer than Gouji, document by document."""
    costs = {run.document: run for run in runs if run.kind == kind and run.engine == engine}
    ours = {run.document: run.cost.cpu for run in runs if run.engine == OURS}
    ratios = [run.cost.cpu / ours[document] for document, run in costs.items()]
    cpu = median(run.cost.cpu / run.pages for run in costs.values())
    wall = median(run.cost.wall / run.pages for run in costs.values())
    total = _total(runs, engine, kind)
    spread = f"{min(ratios):.1f}…{max(ratios):.1f}"
    return f"{cpu:>12.2f}{wall:>12.2f}{total:>14.1f}{median(ratios):>10.2f}{spread:>14}"


def _medians(runs: Sequence[Run], engines: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the median CPU seconds a page by kind of document and engine."""
    return {
        kind: {
            engine: median(
                run.cost.cpu / run.pages
                for run in runs
                if run.kind == kind and run.engine == engine
            )
            for engine in engines
        }
        for kind in sorted({run.kind for run in runs})
    }


def _total(runs: Sequence[Run], engine: str, kind: str) -> float:
    return sum(run.cost.cpu for run in runs if run.engine == engine and run.kind == kind)


if __name__ == "__main__":
    main()
