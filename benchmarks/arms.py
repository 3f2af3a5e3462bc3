"""What each part is worth: the same documents with one part left out, and by the plain way.

``python -m benchmarks.arms`` reads documents of every severity four times: as Gouji does; by its
general reader alone (``--engine paddle``); by its own reader alone (``--engine own``); and by
RapidOCR's text boxes put into a grid (``benchmarks/boxes.py``). "Without repair" is what the
readers of the first way say before any equation is looked at: the likeliest candidate, accepted
where it is likelier than the threshold that Gouji uses where no equation speaks.

A figure is wrong and unflagged where its value is not the page's and nobody is asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.boxes import boxes_of, tables_of
from benchmarks.clock import cpu_seconds
from benchmarks.compare import compare
from benchmarks.documents import CACHE, Wish, made
from document.numeral import Kind, parse
from document.page import Page
from pipeline.intake import open_document
from pipeline.recover import load_readers, recover
from reconstruct.templates import builtin
from reconstruct.thresholds import SURE_PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.truth import TrueCell, Truth
    from document.report import Report
    from document.template import Address
    from ocr.pool import Engine
    from pipeline.recover import Readers

WHOLE, BARE, GENERAL, OWN, BOXES = (
    "Gouji",
    "without repair",
    "general reader alone",
    "own reader alone",
    "RapidOCR boxes in a grid",
)


@dataclass(frozen=True, slots=True)
class Score:
    """Tables exactly right, and figures by what became of them; ``seconds`` are CPU seconds."""

    tables: int = 0
    right_tables: int = 0
    cells: int = 0
    review: int = 0
    silent: int = 0
    seconds: float = 0.0

    def __add__(self, other: Score) -> Score:
        """Return the sums."""
        mine, its = asdict(self), asdict(other)
        return Score(**{name: mine[name] + its[name] for name in mine})


def main() -> None:
    """Read the documents in every way, and print a table for each severity."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.arms",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--tables", type=int, default=80, help="single tables, in all")
    parser.add_argument("--reports", type=int, default=0, help="whole reports, in all")
    parser.add_argument("--severity", nargs="+", default=["L0", "L1", "L2", "L3"])
    parser.add_argument("--split", choices=("bench", "develop"), default="bench")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--json", type=Path, help="write the scores to this file")
    asked = parser.parse_args()
    drawn = tuple(asked.severity), asked.split, asked.seed
    truths = made(Wish("table", asked.tables, *drawn), asked.cache)
    truths += made(Wish("report", asked.reports, *drawn), asked.cache)
    scores: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(Score))
    for number, truth in enumerate(truths, start=1):
        for arm, score in measure(truth).items():
            scores[truth.severity][arm] += score
        print(f"{number} of {len(truths)} {truth.path.name}", file=sys.stderr)
    for severity in sorted(scores):
        _print(severity, scores[severity])
    if asked.json:
        said = {s: {arm: asdict(one) for arm, one in arms.items()} for s, arms in scores.items()}
        asked.json.write_text(json.dumps(said, indent=1) + "\n", "utf-8")


def measure(truth: Truth) -> dict[str, Score]:
    """Read one document in every way."""
    reports: dict[str, Report] = {}
    scores: dict[str, Score] = {}
    engines: tuple[tuple[str, Engine], ...] = ((WHOLE, "both"), (GENERAL, "paddle"), (OWN, "own"))
    for arm, engine in engines:
        begun = cpu_seconds()
        reports[arm] = recover(
            open_document(truth.path), templates=builtin(), readers=_readers(engine)
        )
        seconds = cpu_seconds() - begun
        counts, _ = compare(reports[arm], truth, builtin())
        scores[arm] = Score(
            counts.tables, counts.tables_right, counts.cells, counts.review, counts.silent, seconds
        )
    scores[BARE] = unrepaired(reports[WHOLE], truth)
    begun = cpu_seconds()
    images = [page.image for page in open_document(truth.path).pages() if isinstance(page, Page)]
    found = tables_of([boxes_of(image) for image in images], builtin())
    scores[BOXES] = boxed(found, truth, cpu_seconds() - begun)
    return {arm: scores[arm] for arm in (WHOLE, BARE, GENERAL, OWN, BOXES)}


def unrepaired(report: Report, truth: Truth) -> Score:
    """Score the likeliest candidates alone; a table that was not found is for review."""
    found = {table.table: {c.address: c for c in table.cells} for table in report.tables}
    total = Score()
    for true in truth.tables:
        right = review = silent = 0
        for one in true.cells:
            cell = found.get(true.table, {}).get(one.address)
            reading = cell.reading if cell else None
            if reading is None or cell is None:
                asked, same = one.page is not None, one.page is None
            else:
                best = reading.best
                asked = not reading.legible or best.probability < SURE_PROBABILITY
                asked |= not cell.reliable
                same = reading.legible and says(best.text, one)
            right, review = right + same, review + asked
            silent += not same and not asked
        total += Score(1, int(right == len(true.cells)), len(true.cells), review, silent)
    return total


def boxed(found: Mapping[str, Mapping[Address, str]], truth: Truth, seconds: float = 0.0) -> Score:
    """Score a grid of text boxes, of which nothing is flagged."""
    total = Score(seconds=seconds)
    for true in truth.tables:
        wrong = sum(
            not says(found.get(true.table, {}).get(one.address, ""), one) for one in true.cells
        )
        total += Score(1, int(not wrong), len(true.cells), 0, wrong)
    return total


def says(text: str, one: TrueCell) -> bool:
    """Tell whether a text says what the page says; a blank and a dash are alike."""
    numeral = parse(text, "signed-decimal")
    if numeral.kind is Kind.OTHER:
        return False
    return (numeral.value is None) == (one.value is None) and (
        one.value is None or numeral.value == one.value
    )


def _print(severity: str, arms: Mapping[str, Score]) -> None:
    tables = next(iter(arms.values())).tables
    print(f"\n{severity}: {tables} tables, {next(iter(arms.values())).cells} figures")
    width = max(map(len, arms))
    print(f"{'':{width}}  tables right  for review  wrong, unflagged  CPU s")
    for arm, one in arms.items():
        share = 100 * one.right_tables / max(1, one.tables)
        review = 100 * one.review / max(1, one.cells)
        seconds = f"{one.seconds:5.0f}" if one.seconds else "    –"
        print(f"{arm:{width}}  {share:10.1f} %  {review:8.2f} %  {one.silent:16d}  {seconds}")


@cache
def _readers(engine: Engine) -> Readers:
    return load_readers(1, engine)


if __name__ == "__main__":
    main()
