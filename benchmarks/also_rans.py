"""What candidates further down a reader's list are worth: claimed, and right.

``python -m benchmarks.also_rans`` draws documents in print so bad that one figure in six is
misread, in fonts that the readers never saw, reads them as documents are read, and counts the
candidates of doubtful readings. ``FAR_BEHIND`` in reconstruct/thresholds.py rests on it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.figure_cells import is_right
from benchmarks.lone_digits import heavy_documents
from ocr.adapt import second_opinions
from ocr.digits import read_figures
from reconstruct.thresholds import CLEAR_PROBABILITY, FAR_BEHIND

if TYPE_CHECKING:
    from document.reading import Reading

DAMAGE = (
    (901, 22.0, (0.8, 1.2)),
    (902, 28.0, (0.8, 1.2)),
    (903, 18.0, (1.1, 1.6)),
    (904, 24.0, (1.0, 1.5)),
)
"""Seeds, noise (levels of brightness) and blur (pixels)."""

LEAST = 0.3
"""Readings less sure are no readings that anything could be said of."""


def counted(reading: Reading, truth: str) -> list[tuple[str, float, bool]]:
    """Return the place in line of each candidate, its probability, and whether it is right."""
    best, *others = reading.candidates
    if not reading.legible or not LEAST <= best.probability < CLEAR_PROBABILITY:
        return []
    found = [("first", best.probability, is_right(best.text, truth))]
    for number, one in enumerate(others):
        place = "second"
        if number:
            behind = others[0].probability > FAR_BEHIND * one.probability
            place = "third or later, far behind" if behind else "third or later"
        found.append((place, one.probability, is_right(one.text, truth)))
    return found


def main() -> None:
    """Draw, read, count."""
    parser = argparse.ArgumentParser(prog="benchmarks.also_rans", description=__doc__)
    parser.add_argument("--documents", type=int, default=8, help="of 160 cells, each damage")
    options = parser.parse_args()
    claimed: dict[str, float] = defaultdict(float)
    right: dict[str, int] = defaultdict(int)
    for seed, noise, blurs in DAMAGE:
        for cells in heavy_documents(seed, options.documents, "held-out", blurs, noise):
            crops = [cell.image for cell in cells]
            readings = second_opinions(crops, read_figures(crops, 1))
            for cell, reading in zip(cells, readings, strict=True):
                for place, probability, is_it in counted(reading, cell.truth):
                    claimed[place] += probability
                    right[place] += is_it
    print("| place in line | claimed | right |\n|---|---|---|")
    for place, number in claimed.items():
        print(f"| {place} | {number:.0f} | {right[place]} |")


if __name__ == "__main__":
    main()
