"""Reports printed to PDF and never scanned: are all their figures exact, and what do they cost?

``python -m benchmarks.born_digital`` prints made reports of the split ``bench`` by both routes,
from a browser and from a word processor, as agencies publish them. It reads each as
``gouji read`` does in a batch, and prints by route how many figures are exact and the CPU seconds
of a report: the least of ``--turns`` readings, before each of which everything is forgotten but
the readers' weights. Exit code 1: a figure was wrong and not flagged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.clock import cpu_seconds
from benchmarks.compare import MORTAL, Case, Counts, compare
from benchmarks.documents import ROOT, program
from benchmarks.truth import SUFFIX, Truth, read_truth
from pipeline.intake import open_document
from pipeline.recover import load_readers, recover
from reconstruct import align, register, wording
from reconstruct.templates import builtin
from samples.generate import generator
from samples.report import draw_report
from samples.truth import truth_of
from samples.write_docx import print_all
from samples.write_html import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.recover import Readers

CACHE = ROOT / "out" / "benchmark-documents"
LIMIT = 0.3
"""CPU seconds that a whole report may cost."""


def main() -> None:
    """Read the command line, print what is missing, read it all, and say how it went."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.born_digital",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--reports", type=int, default=20, help="of each route (default: 20)")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where documents are kept")
    asked = parser.parse_args()
    readers = load_readers(1)
    cases: list[Case] = []
    print(f"{'':16}reports  exact   figures    exact  review  wrong  CPU s: median    max  < 0.3")
    for route, truths in _truths(asked.cache, asked.reports, asked.seed).items():
        counts, seconds = Counts(), []
        _read(truths[0], readers)  # the weights are loaded by the first
        for truth in truths:
            turns = [_read(truth, readers) for _ in range(asked.turns)]
            counts += turns[0][0]
            cases += turns[0][1]
            seconds.append(min(each for _, _, each in turns))
        under = sum(each < LIMIT for each in seconds)
        print(
            f"{route:16}{counts.documents:7}{counts.documents_right:7}{counts.cells:10}"
            f"{counts.right:9}{counts.review:8}{counts.silent:7}"
            f"{median(seconds):15.2f}{max(seconds):7.2f}{under:7}"
        )
    for case in cases:
        print(f"{case.fault}: {case.document} {case.table} {case.place} {case.read!r}")
    sys.exit(1 if any(case.fault in MORTAL for case in cases) else 0)


def _read(truth: Truth, readers: Readers) -> tuple[Counts, tuple[Case, ...], float]:
    """Read a report of which nothing is known from before."""
    for known in (register._identified, align._fits, wording.alike, wording.likeness):  # noqa: SLF001
        known.cache_clear()
    begun = cpu_seconds()
    report = recover(open_document(truth.path), templates=builtin(), readers=readers)
    seconds = cpu_seconds() - begun
    return *compare(report, truth, builtin()), seconds


def _truths(cache: Path, count: int, seed: int) -> dict[str, list[Truth]]:
    """Return the reports by route, after printing those that are not kept from before."""
    folder = cache / program()
    folder.mkdir(parents=True, exist_ok=True)
    stems = {
        route: [folder / f"born-digital-{route}-{seed}-{number:03d}" for number in range(count)]
        for route in ("browser", "word-processor")
    }
    missing = [
        number
        for number in range(count)
        if not all(Path(f"{mine[number]}{SUFFIX}").exists() for mine in stems.values())
    ]
    for route, number, content, told in _printed(missing, seed) if missing else ():
        path = Path(f"{stems[route][number]}.pdf")
        path.write_bytes(content)
        said = json.dumps(told(path.name), ensure_ascii=False)
        Path(f"{stems[route][number]}{SUFFIX}").write_text(said, encoding="utf-8")
    found = defaultdict(list)
    for route, mine in stems.items():
        for stem in mine:
            truth = read_truth(Path(f"{stem}{SUFFIX}"))
            found[route].append(_all_shown(truth))
    return found


def _printed(
    numbers: list[int], seed: int
) -> Iterator[tuple[str, int, bytes, partial[dict[str, Any]]]]:
    drawn = [draw_report(generator("born-digital", seed, number), "bench") for number in numbers]
    told = [
        partial(truth_of, severity="L0", seen_as="digital", known=known, sheets=[])
        for _, known in drawn
    ]
    with Browser() as browser:
        for number, (draft, _), tell in zip(numbers, drawn, told, strict=True):
            yield "browser", number, browser.pdf(draft), tell
    prints = print_all([draft for draft, _ in drawn])
    for number, each, tell in zip(numbers, prints, told, strict=True):
        yield "word-processor", number, each.plain, tell


def _all_shown(truth: Truth) -> Truth:
    """Say that every figure stands on a page: none may be left out."""
    tables = tuple(
        replace(table, cells=tuple(replace(cell, page=1) for cell in table.cells))
        for table in truth.tables
    )
    return replace(truth, tables=tables)


if __name__ == "__main__":
    main()
