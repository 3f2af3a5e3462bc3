"""What repair makes of simulated readings: which misreads it mends, and what it spoils.

Tables are drawn with magnitudes like those of published reports; a simulated reader is doubtful
about some figures and, as often as its probabilities say, wrong; pages may print mistakes of
their own. Nothing here was measured on real scans. The same seed gives the same answer (times
aside): ``python -m benchmarks.repair_simulation [--tables N] [--seed S]``.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.numeral import parse
from document.reading import Candidate, Reading
from document.report import ReadCell, ReadTable, Status, Table
from reconstruct.repair import settle
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from document.template import Address, TableTemplate

ALIKE = {
    "0": "6895", "1": "74", "2": "73", "3": "85", "4": "19", "5": "638", "6": "850",
    "7": "12", "8": "360", "9": "480",
}  # fmt: skip
"""Which digits a reader takes for one another, the likeliest confusion first."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the result: what the reader and the pages are like."""

    name: str
    doubtful: float  # share of figures that the reader is unsure of
    listed: float = 1.0  # share of misreads with the truth among the candidates
    overconfident: float = 0.0  # share of figures read wrongly without a doubt
    page_wrong: float = 0.0  # share of pages with a mistake of their own
    same_confusion: bool = False  # the reader always confuses the same pair of digits
    blanks: bool = False  # zeros are left blank
    table: str = "t3"


SETTINGS = (
    Setting("clean", 0.0),
    Setting("0.5 % doubtful", 0.005),
    Setting("2 % doubtful", 0.02),
    Setting("6 % doubtful", 0.06),
    Setting("2 %, truth listed in 3 of 4", 0.02, listed=0.75),
    Setting("2 %, truth never listed", 0.02, listed=0.0),
    Setting("2 %, zeros left blank", 0.02, blanks=True),
    Setting("6 %, always the same confusion", 0.06, same_confusion=True),
    Setting("2 %, 3 in 10,000 overconfident", 0.02, overconfident=0.0003),
    Setting("pages wrong, clean reading", 0.0, page_wrong=1.0),
    Setting("pages wrong, 2 % doubtful", 0.02, page_wrong=1.0),
    Setting("pages wrong, 6 % doubtful", 0.06, page_wrong=1.0),
    Setting("表四, 2 % doubtful", 0.02, table="t4"),
    Setting("表四, 10 % doubtful", 0.10, table="t4"),
    Setting("表四 wrong, 10 % doubtful", 0.10, page_wrong=1.0, table="t4"),
)


def magnitude(rng: random.Random, zeros: float, digits: int) -> int:
    """Draw a count: 0 with probability ``zeros``, else of up to ``digits`` digits, mostly few."""
    if rng.random() < zeros:
        return 0
    size = rng.choices(range(1, 6), weights=[384, 216, 98, 29, 5])[0]
    return rng.randrange(10 ** (min(size, digits) - 1), 10 ** min(size, digits))


def meant_table(rng: random.Random, template: TableTemplate) -> dict[Address, int]:
    """Draw figures that add up, of an agency of random rank."""
    zeros, digits = rng.choice([(0.957, 2), (0.852, 3), (0.852, 3), (0.573, 4)])
    rows = [key for key, _ in template.row_names]
    columns = [key for key, _ in template.column_names if key != "total"]
    figures: dict[Address, int] = {}
    if template.id == "t4":
        for row in rows:
            for column in columns:
                figures[row, column] = magnitude(rng, 0.5, min(digits, 3))
    else:
        leaves = [row for row in rows if row not in {"new", "carry", "total", "next"}]
        for column in columns:
            share = zeros if column == "person" else 1 - (1 - zeros) / 2
            for row in leaves:
                figures[row, column] = magnitude(rng, share, digits)
            done = sum(figures[row, column] for row in leaves)
            later = magnitude(rng, share, max(1, digits - 1))
            carried = min(done + later, magnitude(rng, share, max(1, digits - 1)))
            figures["total", column], figures["next", column] = done, later
            figures["carry", column], figures["new", column] = carried, done + later - carried
    for row in rows:
        figures[row, "total"] = sum(figures[row, column] for column in columns)
    return figures


def spoil(rng: random.Random, figures: dict[Address, int]) -> set[Address]:
    """Make a mistake of the page: one figure wrong, or one together with its row's total."""
    address = rng.choice([a for a, v in figures.items() if v or rng.random() < 0.1])
    old = figures[address]
    ways = [old + rng.choice([-1, 1, 2, 10, -10]), 0, old * 10 + rng.randrange(10), old // 10]
    new = rng.choice([w for w in ways if w >= 0 and w != old] or [old + 1])
    figures[address] = new
    wrong = {address}
    if address[1] != "total" and rng.random() < 0.3:
        figures[address[0], "total"] += new - old
        wrong.add((address[0], "total"))
    return wrong


def misread(rng: random.Random, text: str, pair: str | None) -> str:
    """Return what a reader might take ``text`` for; ``pair`` is the one confusion it makes."""
    if pair is not None:
        return text.replace(pair[1], pair[0]) if pair[1] in text else text
    if not text:
        return "1"
    if len(text) > 1 and rng.random() < 0.15:
        lost = rng.randrange(len(text))
        return text[:lost] + text[lost + 1 :]
    if rng.random() < 0.05:
        return text + rng.choice("01")
    place = rng.randrange(len(text))
    confused = rng.choices(ALIKE[text[place]], weights=[4, 2, 1, 1][: len(ALIKE[text[place]])])
    return text[:place] + confused[0] + text[place + 1 :]


def read(rng: random.Random, printed: str, setting: Setting, pair: str | None) -> Reading:
    """Simulate a calibrated reader of one figure."""
    other = misread(rng, printed, pair)
    if rng.random() < setting.overconfident and other != printed:
        return _reading({other: 0.9999, printed: 0.00005})
    applies = pair is not None and pair[1] in printed
    if other == printed or (rng.random() >= setting.doubtful and not applies):
        return _reading({printed: 0.99995, other + "0": 0.00004})
    sure = rng.uniform(0.5, 0.99)
    third = misread(rng, printed, None)
    if pair is not None or rng.random() >= sure:  # wrong, as often as the probability says
        rest = (1 - sure) * 0.9
        if rng.random() < setting.listed:
            return _reading({other: sure, printed: rest * 0.8, third: rest * 0.15})
        return _reading({other: sure, misread(rng, other, None): rest * 0.8})
    return _reading({printed: sure, other: (1 - sure) * 0.7, third: (1 - sure) * 0.15})


def _reading(shares: dict[str, float]) -> Reading:
    costs = sorted((-math.log(share), text) for text, share in shares.items())
    return Reading(tuple(Candidate(text, cost) for cost, text in costs))


def one_table(rng: random.Random, setting: Setting) -> Counter[str]:
    """Draw, read and settle one table; return what happened to its figures."""
    template = next(t for t in builtin()[0].tables if t.id == setting.table)
    figures = meant_table(rng, template)
    wrong = spoil(rng, figures) if rng.random() < setting.page_wrong else set()
    pair = "71" if setting.same_confusion else None
    printed = {a: "" if setting.blanks and v == 0 else str(v) for a, v in figures.items()}
    cells = tuple(
        ReadCell(c.address, "count", read(rng, printed[c.address], setting, pair), 1, None)
        for c in template.figures
        if c.address is not None
    )
    started = time.perf_counter()
    table, findings = settle(ReadTable(template.id, "cn-foi/2021", (1,), cells), template)
    counts = _judged(cells, table, printed)
    counts["micros"] = round(1e6 * (time.perf_counter() - started))
    counts["tables"] = 1
    if wrong:
        named = {a for f in findings for a in f.cells}
        counts["page wrong"] = 1
        counts["page flagged"] = int(bool(findings))
        counts["page named"] = int(bool(named & wrong))
    return counts


def _judged(cells: tuple[ReadCell, ...], table: Table, printed: dict[Address, str]) -> Counter[str]:
    counts: Counter[str] = Counter(figures=len(cells))
    spoiled = 0
    for read_cell, cell in zip(cells, table.cells, strict=True):
        truth = parse(printed[cell.address], "count").value
        best = read_cell.reading.best.text if read_cell.reading else ""
        was_right = parse(best, "count").value == truth
        is_right = cell.value == truth
        spoiled += not is_right
        counts["misread"] += not was_right
        counts["mended"] += not was_right and is_right
        counts["mended, sure"] += not was_right and is_right and not cell.needs_review
        counts["silent"] += not is_right and not cell.needs_review
        counts["changed"] += was_right and not is_right
        counts["review"] += cell.needs_review
        counts["doubt settled"] += cell.status is Status.READ and bool(cell.reason.en)
    counts["right tables"] = int(not spoiled)
    counts["right before"] = int(counts["misread"] == 0)
    return counts


def simulate(setting: Setting, tables: int, seed: int) -> tuple[Counter[str], list[int]]:
    """Settle ``tables`` tables; return the sums of their counts, and their times (µs)."""
    counts: Counter[str] = Counter()
    times = []
    for number in range(tables):
        one = one_table(random.Random(f"{seed}/{setting.name}/{number}"), setting)
        times.append(one.pop("micros"))
        counts += one
    return counts, times


def main() -> None:
    """Print one line for each setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=40, help="tables for each setting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="settings whose name contains this")
    options = parser.parse_args()
    print(
        "| setting | tables right before → after | misreads | mended (sure) | silently wrong"
        " | right changed | for review, a table | page mistakes flagged (named)"
        " | ms median / p99 |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for setting in SETTINGS:
        if options.only not in setting.name:
            continue
        c, times = simulate(setting, options.tables, options.seed)
        misreads = max(c["misread"], 1)
        mended = f"{c['mended'] / misreads:.1%} ({c['mended, sure'] / misreads:.1%})"
        flagged = "–"
        if c["page wrong"]:
            flagged = f"{c['page flagged']}/{c['page wrong']} ({c['page named']})"
        times.sort()
        slow = times[min(len(times) - 1, math.ceil(0.99 * len(times)) - 1)]
        print(
            f"| {setting.name} | {c['right before']} → {c['right tables']} of {c['tables']}"
            f" | {c['misread']} | {mended} | {c['silent']} | {c['changed']}"
            f" | {c['review'] / c['tables']:.2f} | {flagged}"
            f" | {statistics.median(times) / 1000:.0f} / {slow / 1000:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
