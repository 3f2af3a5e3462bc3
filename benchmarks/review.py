"""What a reviewer has to type: ``python -m benchmarks.review``.

A simulated reviewer knows the truth and works as the screen lets them: Enter where the right
figure stands, a candidate's key and Enter, or the digits and Enter; P where the page itself does
not add up. Counted are the keys until no figure of a report wants a person, in three ways:

* gain: the order of the screen, the table settled again after every answer;
* order of the page: from top to bottom, the table settled again after every answer;
* flagged: every flagged figure is typed anew, nothing follows from anything;
* tables: every table with a flagged figure is typed anew, as people do without a screen.

Tables are simulated ones (see ``benchmarks.repair_drawing``), and documents with their truth,
read by Gouji itself; what it read is kept in ``out/review-benchmark``.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.repair_drawing import Setting, draw
from benchmarks.truth import truths_of
from document.decision import Answer, Decision
from document.report import Report, Source, Status
from pipeline.export_json import pack, parse
from pipeline.settling import settled
from pipeline.sheet import find_template
from reconstruct.repair import settle
from reconstruct.templates import builtin
from review.cards import options_of, standing_of
from review.gain import gains, ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.truth import Truth
    from document.report import Cell, Figure
    from document.template import Address

Way = Literal["gain", "page"]
Place = tuple[str, "Address"]
TEMPLATES = builtin()
DEFAULT = Path(__file__).resolve().parent.parent / "samples" / "documents"
KEPT = Path("out") / "review-benchmark"

SIMULATED = (
    Setting("1 % misread", 0.01, "mixed"),
    Setting("3 % misread, page wrong", 0.03, "mixed", page_wrong=1.0),
    Setting("10 % misread", 0.10, "mixed"),
    Setting("3 % misread, dim page", 0.03, "mixed", dim=True),
    Setting("a row and ten figures lost", 0.01, "mixed", lost=(1, 0, 10)),
)


@dataclass
class Tally:
    """What became of reports of one kind."""

    reports: int = 0
    flagged: int = 0
    keys: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    wrong: int = 0

    def add(self, way: str, keys: int, asked: int) -> None:
        """Count one report's keys and cards."""
        self.keys[way] = self.keys.get(way, 0) + keys
        self.asked[way] = self.asked.get(way, 0) + asked


def keys_for(cell: Cell, value: Figure | None) -> int:
    """Return how many keys it takes to say that a figure is ``value`` (None for a blank)."""
    options = options_of(cell, "decimal")
    wanted = "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    if standing_of(cell, options) == wanted or value is None:
        return 1
    for option in options:
        if option.value == wanted:
            return 2
    alone = len(wanted) == 1 and wanted in {str(one.key) for one in options}
    return len(wanted) + 1 + alone


def review(report: Report, truth: Mapping[Place, Figure | None], way: Way) -> tuple[int, int, int]:
    """Decide all that a report asks; returns keys, cards, and figures that are wrong at the end."""
    decisions: dict[Place, Decision] = {}
    keys = cards = 0
    now = report
    while True:
        order = _order(now, way)
        place = next((one for one in order if one in truth), None)
        if place is None or cards > 2000:
            break
        cell = _cell(now, place)
        value = truth[place]
        # the screen proposes "the page says so" where everything reads clearly and fails
        again = place in decisions or (cell.status is Status.DISPUTED and cell.value == value)
        said = Answer.PAGE if again else Answer.VALUE if value is not None else Answer.BLANK
        keys += 1 if again else keys_for(cell, value)
        cards += 1
        decisions[place] = Decision(place[0], place[1], said, value, "truth", "")
        now = settled(report, decisions.values(), TEMPLATES)
    wrong = sum(
        1
        for table in now.tables
        for one in table.cells
        if not one.needs_review
        and (table.table, one.address) in truth
        and (one.value or 0) != (truth[table.table, one.address] or 0)
    )
    return keys, cards, wrong


def _order(report: Report, way: Way) -> list[Place]:
    if way == "gain":
        weighed = ((t, gains(t, find_template(t, TEMPLATES))) for t in report.tables)
        return ranked(weighed)
    return [(t.table, c.address) for t in report.tables for c in t.cells if c.needs_review]


def _cell(report: Report, place: Place) -> Cell:
    cells = (c for t in report.tables if t.table == place[0] for c in t.cells)
    return next(cell for cell in cells if cell.address == place[1])


def note(tally: Tally, report: Report, truth: Mapping[Place, Figure | None]) -> None:
    """Review a report in every way and count."""
    tally.reports += 1
    tally.flagged += sum(cell.needs_review for cell in report.cells)
    for way in ("gain", "page"):
        keys, cards, wrong = review(report, truth, way)
        tally.add(way, keys, cards)
        tally.wrong += wrong if way == "gain" else 0
    typed = retyped = figures = 0
    for table in report.tables:
        places = [(table.table, cell.address) for cell in table.cells]
        costs = [len(str(truth.get(place) or 0)) + 1 for place in places]
        if any(cell.needs_review for cell in table.cells):
            retyped += sum(costs)
            figures += len(costs)
        flags = (cell.needs_review for cell in table.cells)
        typed += sum(cost for cost, flag in zip(costs, flags, strict=True) if flag)
    tally.add("flagged", typed, sum(cell.needs_review for cell in report.cells))
    tally.add("tables", retyped, figures)


def line(name: str, tally: Tally) -> str:
    """Say what became of reports of one kind, in keys and cards a report."""
    n = max(1, tally.reports)
    columns = "".join(
        f"{tally.keys.get(way, 0) / n:9.1f} ({tally.asked.get(way, 0) / n:6.1f})"
        for way in ("gain", "page", "flagged", "tables")
    )
    return f"{name:32}{tally.reports:5}{tally.flagged / n:9.1f}{columns}{tally.wrong:7}"


HEAD = (
    f"{'keys a report (cards)':32}{'n':>5}{'flagged':>9}"
    f"{'gain':>18}{'page order':>18}{'flagged typed':>18}{'tables typed':>18}{'wrong':>7}"
)


def simulated(setting: Setting, tables: int, seed: int) -> Tally:
    """Review simulated tables."""
    rng, tally = random.Random(seed), Tally()
    for number in range(tables):
        drawn = draw(rng, setting)
        table, findings = settle(drawn.read, drawn.template)
        source = Source(str(number), "0" * 64, 1)
        truth = {(table.table, address): value for address, value in drawn.printed.items()}
        note(tally, Report(source, None, None, (table,), findings), truth)
    return tally


def documents(
    folder: Path, results: Path | None, most: int, flagged: int
) -> Iterator[tuple[str, Report, dict[Place, Figure | None]]]:
    """Yield up to ``most`` documents of each severity of a folder, with their truth.

    Those with more than ``flagged`` figures to review are passed over.

    They are read by Gouji, or taken from ``results`` that ``gouji read`` wrote: candidates are
    rounded there, and what is illegible is not told from what is merely doubtful.
    """
    counts: dict[str, int] = {}
    for truth in truths_of(folder):
        if not truth.tables or counts.get(truth.severity, 0) >= most:
            continue
        report = _read(truth) if results is None else _written(truth, results)
        if report is None or not report.tables:
            continue
        if sum(cell.needs_review for cell in report.cells) > flagged:
            continue
        counts[truth.severity] = counts.get(truth.severity, 0) + 1
        printed: dict[Place, Figure | None] = {
            (table.table, cell.address): _figure(cell.value)
            for table in truth.tables
            for cell in table.cells
        }
        yield truth.severity, report, printed


def _written(truth: Truth, results: Path) -> Report | None:
    path = results / f"{truth.path.stem}.json"
    if not path.exists():
        return None
    report = parse(path.read_bytes())
    same = report.source.sha256 == hashlib.sha256(truth.path.read_bytes()).hexdigest()
    return report if same else None


def _figure(value: Decimal | None) -> Figure | None:
    return int(value) if value is not None and value == value.to_integral_value() else value


def _read(truth: Truth) -> Report:
    from pipeline.intake import open_document  # noqa: PLC0415 - simulated tables need no reader
    from pipeline.recover import load_readers, recover  # noqa: PLC0415

    kept = KEPT / f"{hashlib.sha256(truth.path.read_bytes()).hexdigest()}.json"
    if not kept.exists():
        report = recover(open_document(truth.path), templates=TEMPLATES, readers=load_readers(1))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pack(report))
    return parse(kept.read_bytes())


def main(arguments: list[str] | None = None) -> None:
    """Print what a reviewer has to type."""
    parser = argparse.ArgumentParser(prog="benchmarks.review", description=__doc__)
    parser.add_argument("--tables", type=int, default=20, help="simulated tables of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=Path, default=DEFAULT, help="a folder with truth files")
    parser.add_argument("--no-documents", action="store_true", help="simulated tables only")
    parser.add_argument("--results", type=Path, help="what gouji read wrote of the documents")
    parser.add_argument("--most", type=int, default=100, help="documents of each severity")
    parser.add_argument("--flagged", type=int, default=10_000, help="pass over those with more")
    chosen = parser.parse_args(arguments)
    print(HEAD)
    for setting in SIMULATED if chosen.tables else ():
        print(line(setting.name, simulated(setting, chosen.tables, chosen.seed)), flush=True)
    if chosen.no_documents:
        return
    tallies: dict[str, Tally] = {}
    begun = documents(chosen.documents, chosen.results, chosen.most, chosen.flagged)
    for severity, report, truth in begun:
        note(tallies.setdefault(severity, Tally()), report, truth)
    for severity in sorted(tallies):
        print(line(f"documents {severity}", tallies[severity]), flush=True)


if __name__ == "__main__":
    main()
