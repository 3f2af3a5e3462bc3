"""How often the readers of figures err, and how true their probabilities are.

``python -m benchmarks.readers`` draws cells in the fonts of the page benchmark, which nothing was
trained or fitted on, with damage the network knows and damage it does not, and prints one table
per question.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.calibrate import gathered
from benchmarks.figure_cells import FigureCell, figure_cells, is_right
from benchmarks.lone_digits import heavy_documents, lone_digits
from models.digits.degrade import HELD_OUT_KINDS
from ocr.adapt import second_opinions
from ocr.digits import read_figures, reading_of
from ocr.evidence import NO_FIGURE
from ocr.grain import without_grain
from ocr.pool import fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ocr.pool import LineEvidence

CLEAR, SURE = 0.999, 0.995
QUALITIES: dict[str, Callable[[FigureCell], bool]] = {
    "clean and scans, digits from 14 px": lambda c: c.kind in ("clean", "scan") and c.height >= 14,
    "clean and scans, smaller": lambda c: c.kind in ("clean", "scan") and c.height < 14,
    "faxes and photographs": lambda c: c.kind in ("fax", "photo"),
    "poor": lambda c: c.kind == "poor",
    "damage never trained on": lambda c: c.kind in HELD_OUT_KINDS,
}
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999, 1.01)


@dataclass(frozen=True, slots=True)
class Trial:
    """One cell read: which reader was right, and how sure the pooled reading was."""

    cell: FigureCell
    general: bool
    close: bool
    pooled: bool
    listed: bool
    legible: bool
    probability: float
    text: str

    @property
    def silent(self) -> bool:
        """Whether it is wrong although it looked clear."""
        return not self.pooled and self.legible and self.probability > CLEAR


def main() -> None:
    """Read the cells and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=71)
    parser.add_argument("--split", choices=("bench", "held-out"), default="bench")
    parser.add_argument("--documents", type=int, default=12, help="of 160 cells each")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--wrong", type=int, default=0, help="list so many silent errors")
    options = parser.parse_args()
    cells = figure_cells(options.seed, options.cells, options.split)
    trials = try_out(cells, gathered(cells, options.threads))
    print(f"{len(cells)} cells in fonts of the split {options.split}\n")
    table("damage", trials, lambda trial: trial.cell.kind)
    table("digit height, px", trials, lambda trial: trial.cell.band)
    calibration(trials)
    for name, group in QUALITIES.items():
        print(f"ECE, {name}: {calibration_error([t for t in trials if group(t.cell)]):.4f}")
    print()
    lone(options)
    documents(options)
    for trial in [trial for trial in trials if trial.silent][: options.wrong]:
        print(repr(trial.cell.truth), "read as", repr(trial.text), f"{trial.probability:.6f}")


def try_out(
    cells: Sequence[FigureCell], evidence: Sequence[tuple[LineEvidence, ...]]
) -> list[Trial]:
    """Judge every reading against the truth."""
    trials = []
    for cell, lines in zip(cells, evidence, strict=True):
        reading = reading_of(lines, fitted())
        best = reading.best.text if reading.legible else NO_FIGURE
        trials.append(
            Trial(
                cell,
                is_right(_said(lines, "general"), cell.truth),
                is_right(_said(lines, "close"), cell.truth),
                is_right(best, cell.truth),
                any(is_right(c.text, cell.truth) for c in reading.candidates)
                or (not reading.legible and is_right(NO_FIGURE, cell.truth)),
                reading.legible,
                reading.best.probability,
                best,
            )
        )
    return trials


def _said(lines: Iterable[LineEvidence], reader: str) -> str:
    """Return what one reader alone reads."""
    texts = [
        max(line.evidence.outcomes, key=lambda o: getattr(o, reader)).text
        for line in lines
        if reader == "close" or not line.alone
    ]
    return NO_FIGURE if NO_FIGURE in texts else "".join(texts)


def table(name: str, trials: Sequence[Trial], group: Callable[[Trial], str]) -> None:
    """Print error rates (%) by group."""
    groups: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[group(trial)].append(trial)
    print(f"| {name} | cells | general % | own % | pooled % | clear % | silent | truth listed % |")
    print("|---|---|---|---|---|---|---|---|")
    for key, members in [*groups.items(), ("all", list(trials))]:
        count = len(members)
        shares = [
            100 * sum(not getattr(t, reader) for t in members) / count
            for reader in ("general", "close", "pooled")
        ]
        clear = 100 * sum(t.legible and t.probability > CLEAR for t in members) / count
        listed = 100 * sum(t.listed for t in members) / count
        silent = sum(t.silent for t in members)
        errors = " | ".join(f"{share:.2f}" for share in shares)
        print(f"| {key} | {count} | {errors} | {clear:.1f} | {silent} | {listed:.2f} |")
    print()


def calibration(trials: Sequence[Trial]) -> None:
    """Print how often readings of a stated probability are right."""
    print("| stated probability | cells | right % | wrong |")
    print("|---|---|---|---|")
    for low, high in pairwise(EDGES):
        members = [t for t in trials if t.legible and low <= t.probability < high]
        if members:
            wrong = sum(not t.pooled for t in members)
            right = 100 * (1 - wrong / len(members))
            print(f"| {low} to {min(high, 1)} | {len(members)} | {right:.2f} | {wrong} |")
    print(f"\nECE, all: {calibration_error(trials):.4f}")
    illegible = [t for t in trials if not t.legible]
    found = sum(t.pooled for t in illegible)
    print(f"\n{len(illegible)} called illegible, of which {found} hold no figure\n")


def calibration_error(trials: Sequence[Trial]) -> float:
    """Return the expected calibration error: |stated - right|, over bands, weighted by cells."""
    legible = [t for t in trials if t.legible]
    total = 0.0
    for low, high in pairwise(EDGES):
        members = [t for t in legible if low <= t.probability < high]
        total += abs(sum(t.probability for t in members) - sum(t.pooled for t in members))
    return total / max(1, len(legible))


def lone(options: argparse.Namespace) -> None:
    """Print how lone digits of 100 dpi under heavy damage are read, digit by digit.

    All of them are taken for cells of one page, so that the doubtful ones are also read without
    grain.
    """
    cells = lone_digits(options.seed, split=options.split)
    evidence = gathered(cells, options.threads)
    trials = try_out(cells, evidence)
    crops = [cell.image for cell in cells]
    alone = [reading_of(lines, fitted()) for lines in evidence]
    again = without_grain(crops, alone, partial(read_figures, threads=options.threads))
    calm = [
        (cell.truth, right, right or reading.best.probability <= CLEAR)
        for cell, reading in zip(cells, again, strict=True)
        for right in [reading.legible and is_right(reading.best.text, cell.truth)]
    ]
    print(
        "| lone digit, 100 dpi, heavy | general right % | own right % | pooled right % "
        "| without grain too % | silent |"
    )
    print("|---|---|---|---|---|---|")
    for digit in (*"0123456789", "all"):
        members = [t for t in trials if digit in (t.cell.truth, "all")]
        last = [(right, open_) for truth, right, open_ in calm if digit in (truth, "all")]
        shares = [
            100 * sum(getattr(t, reader) for t in members) / len(members)
            for reader in ("general", "close", "pooled")
        ] + [100 * sum(right for right, _ in last) / len(last)]
        right = " | ".join(f"{share:.1f}" for share in shares)
        print(f"| {digit} | {right} | {sum(not open_ for _, open_ in last)} |")
    print()


def documents(options: argparse.Namespace) -> None:
    """Print what a document's own typeface is worth: heavy damage, one font a document."""
    rows: dict[str, list[tuple[bool, float]]] = {"each cell alone": [], "by its document": []}
    for cells in heavy_documents(options.seed, options.documents, options.split):
        crops = [cell.image for cell in cells]
        alone = read_figures(crops, options.threads)
        for readings, found in zip(
            (alone, second_opinions(crops, alone)), rows.values(), strict=True
        ):
            for cell, reading in zip(cells, readings, strict=True):
                right = reading.legible and is_right(reading.best.text, cell.truth)
                found.append((right, reading.best.probability))
    print("| documents, 100 dpi, heavy | cells | right % | below 0.995 % | wrong from 0.995 |")
    print("|---|---|---|---|---|")
    for name, found in rows.items():
        share = 100 * sum(right for right, _ in found) / len(found)
        doubtful = 100 * sum(chance < SURE for _, chance in found) / len(found)
        wrong = sum(not right and chance >= SURE for right, chance in found)
        print(f"| {name} | {len(found)} | {share:.1f} | {doubtful:.1f} | {wrong} |")
    print()


if __name__ == "__main__":
    main()
