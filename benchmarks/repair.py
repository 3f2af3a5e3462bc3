"""What repair makes of simulated readings: which misreads it mends, and what it spoils.

Tables are drawn with magnitudes like those of published reports; a simulated reader is doubtful
about some figures and, as often as its probabilities say, wrong; one page in twenty prints a
mistake of its own. Nothing here is measured on scans. The same seed gives the same answer (times
aside: on a machine shared with others one timing in a hundred is two or three times too long, so
that ``--repeats 3`` settles each table three times and counts the middle one of its times).
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.repair_curve import draw_curve
from benchmarks.repair_drawing import Setting, draw
from reconstruct.repair import settle

if TYPE_CHECKING:
    from benchmarks.repair_drawing import Drawn
    from document.report import Cell, Finding, Table

RATES = (0.001, 0.01, 0.03, 0.1)
SETTINGS = (
    *(
        Setting(f"{rate:.1%} misread, truth {place}", rate, place)
        for place in ("second", "third", "absent")
        for rate in RATES
    ),
    Setting("clean", 0.0),
    Setting("3 % misread, truth mixed, dim page", 0.03, "mixed", dim=True),
    Setting("1 % misread, every 1 a 7 on one page in five", 0.01, alike=0.2),
    Setting("1 % misread, 3 in 10,000 overconfident", 0.01, overconfident=0.0003),
    Setting("a row lost", 0.01, lost=(1, 0, 0)),
    Setting("a column lost", 0.01, lost=(0, 1, 0)),
    Setting("a row and a column lost", 0.01, lost=(1, 1, 0)),
    Setting("two rows and ten figures lost", 0.01, lost=(2, 0, 10)),
    Setting("page wrong, 1 % misread", 0.01, page_wrong=1.0),
    Setting("page wrong, 3 % misread, truth mixed", 0.03, "mixed", page_wrong=1.0),
    Setting("表四, 1 % misread", 0.01, table="t4"),
    Setting("表四, 10 % misread, truth mixed", 0.1, "mixed", table="t4"),
    Setting("表四 wrong, 3 % misread", 0.03, page_wrong=1.0, table="t4"),
)
HARD = 0.1
QUICK = ("1.0% misread, truth second", "a row and a column lost", "page wrong, 1 % misread")


@dataclass(slots=True)
class Tally:
    """What became of the tables of one setting."""

    counts: Counter[str] = field(default_factory=Counter)
    millis: list[float] = field(default_factory=list)
    few: list[float] = field(default_factory=list)
    scores: list[tuple[float, bool]] = field(default_factory=list)


def _note_cell(tally: Tally, cell: Cell, best: str, truth: int, meant: int) -> bool:
    """Count one figure; return whether its value is right."""
    counts = tally.counts
    right = cell.value == truth
    was_right = best == str(truth)
    counts["figures"] += 1
    counts["misread"] += not was_right
    counts["mended"] += not was_right and right
    counts["mended, sure"] += not was_right and right and not cell.needs_review
    counts["accepted"] += not cell.needs_review
    counts["silent"] += not right and not cell.needs_review
    counts["changed"] += was_right and not right and cell.value is not None
    counts["review"] += cell.needs_review
    counts["needless"] += cell.needs_review and was_right and cell.status.value == "read"
    counts["page mended"] += truth != meant and cell.value == meant
    if cell.value is not None:
        tally.scores.append((cell.confidence if cell.status.value != "disputed" else 0.0, right))
    return right


def _note(tally: Tally, drawn: Drawn, table: Table, findings: tuple[Finding, ...]) -> int:
    """Count one table; return how many figures were misread."""
    counts = tally.counts
    before = counts["misread"]
    right = True
    for was, cell in zip(drawn.read.cells, table.cells, strict=True):
        address = cell.address
        if was.reading is None:  # nothing was read, so that there is nothing to be right about
            counts["lost"] += 1
            counts["implied"] += cell.suggestion == drawn.meant[address]
            counts["implied wrong"] += cell.suggestion not in {None, drawn.meant[address]}
            continue
        best = was.reading.best.text
        truth = drawn.printed[address]
        right &= _note_cell(tally, cell, best, truth, drawn.meant[address])
    misreads = counts["misread"] - before
    counts["tables"] += 1
    if drawn.wrong:
        named = {address for finding in findings for address in finding.cells}
        counts["page wrong"] += 1
        counts["page flagged"] += bool(findings)
        counts["page named"] += bool(named & drawn.wrong)
        return misreads
    counts["sound"] += 1
    counts["right before"] += not misreads
    counts["right after"] += right
    alone = right and not any(c.needs_review for c in table.cells) and not findings
    counts["right alone"] += alone
    return misreads


def simulate(setting: Setting, tables: int, seed: int, repeats: int = 1) -> Tally:
    """Settle ``tables`` tables, each so often that its time is the middle one of ``repeats``."""
    tally = Tally()
    gc.collect()
    gc.freeze()  # what the benchmark itself keeps is no work of repair
    for number in range(tables):
        drawn = draw(random.Random(f"{seed}/{setting.name}/{number}"), setting)
        times = []
        for _ in range(repeats):
            started = time.process_time()
            table, findings = settle(drawn.read, drawn.template)
            times.append(1000 * (time.process_time() - started))
        millis = statistics.median(times)
        tally.millis.append(millis)
        if _note(tally, drawn, table, findings) <= 5:
            tally.few.append(millis)
    return tally


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _quantile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0


HEAD = (
    "| setting | tables | right before → after → without a person | misread | mended (sure)"
    " | right changed | silently wrong of accepted | for review a table (needlessly)"
    " | page mistakes: flagged, named, mended | lost figures implied right, wrong"
    " | CPU ms: median, p99, most (p99 to 5 misreads) |\n"
    f"{'|---' * 11}|"
)


def line(setting: Setting, tally: Tally) -> str:
    """Return one line of the table of results; shares of right tables are of sound pages."""
    c = tally.counts
    sound, misread, wrong = c["sound"], c["misread"], c["page wrong"]
    right = " → ".join(_share(c[f"right {k}"], sound) for k in ("before", "after", "alone"))
    mistakes = "–"
    if wrong:
        flagged, named = _share(c["page flagged"], wrong), _share(c["page named"], wrong)
        mistakes = f"{wrong}: {flagged}, {named}, {c['page mended']}"
    lost = f"{_share(c['implied'], c['lost'])}, {c['implied wrong']}" if c["lost"] else "–"
    times = (
        f"{statistics.median(tally.millis):.0f}, {_quantile(tally.millis, 0.99):.0f},"
        f" {max(tally.millis):.0f} ({_quantile(tally.few, 0.99):.0f})"
    )
    review = f"{c['review'] / c['tables']:.2f} ({c['needless'] / c['tables']:.2f})"
    cells = (
        setting.name, c["tables"], right, misread,
        f"{_share(c['mended'], misread)} ({_share(c['mended, sure'], misread)})",
        f"{c['changed']} of {c['figures'] - misread}", f"{c['silent']} of {c['accepted']}",
        review, mistakes, lost, times,
    )  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def main(arguments: list[str] | None = None) -> None:
    """Print one line for each setting, and draw risk against coverage."""
    parser = argparse.ArgumentParser(prog="benchmarks.repair", description=__doc__)
    parser.add_argument("--tables", type=int, default=2000, help="tables for each setting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=1, help="settle each so often, for its time")
    parser.add_argument("--only", nargs="+", default=[""], help="settings whose name holds one")
    parser.add_argument("--quick", action="store_true", help="three settings, twenty tables each")
    parser.add_argument("--curve", type=Path, help="draw risk against coverage here (SVG)")
    options = parser.parse_args(arguments)
    print(HEAD)
    curves = {}
    for setting in SETTINGS:
        wanted = any(part in setting.name for part in options.only)
        if not wanted or (options.quick and setting.name not in QUICK):
            continue
        tables = 20 if options.quick else options.tables
        if setting.misread >= HARD and setting.table == "t3":
            tables = max(1, tables // 10)  # they take up to a second each
        tally = simulate(setting, tables, options.seed, max(1, options.repeats))
        print(line(setting, tally), flush=True)
        curves[setting.name] = tally.scores
    if options.curve:
        options.curve.write_text(draw_curve(curves), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
