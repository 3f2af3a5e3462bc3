"""Misread, or the page's own mistake: what asking a person more often would save, and cost.

``python -m benchmarks.repair_evidence`` draws doubtful figures as benchmarks.repair does. Where
the reader holds both what is printed and what would add up for possible, nothing else in a table
tells the two apart. A line for every distance (nats) by which a repair must beat the page's own
mistake of just its size; repair asks for ``OVER_PAGE``.
"""

from __future__ import annotations

import argparse
import math
import random
from typing import TYPE_CHECKING

from benchmarks.repair_drawing import Setting, draw
from reconstruct.evidence import weigh
from reconstruct.slips import slip
from reconstruct.thresholds import PAGE_MISTAKE_SEEN

if TYPE_CHECKING:
    from benchmarks.repair_drawing import Drawn
    from document.report import ReadCell

MARGINS = (0.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)


def over_page(cell: ReadCell, wanted: int) -> float | None:
    """Return by how much changing a figure to ``wanted`` beats the page's mistake (nats).

    None where the reader did not see ``wanted``, or holds it for likeliest; by no means where
    it holds another figure for much likelier.
    """
    e = weigh(cell)
    for option in range(1, len(e.options)):
        if e.options[option].addend == wanted:
            if e.behind(option):
                return -math.inf
            return PAGE_MISTAKE_SEEN - slip(e.likely.addend, wanted) - e.cost(option)
    return None


def asked(drawn: Drawn) -> float:
    """Return the least distance among the misreads of a sound table whose truth was seen."""
    found = (
        over_page(cell, drawn.printed[cell.address])
        for cell in drawn.read.cells
        if cell.reading and cell.reading.best.text != str(drawn.printed[cell.address])
    )
    return min((distance for distance in found if distance is not None), default=99.0)


def tempting(drawn: Drawn) -> float | None:
    """Return the distance of the repair that a page's single mistake invites, if it does."""
    if len(drawn.wrong) != 1:
        return None
    (address,) = drawn.wrong
    cell = next(c for c in drawn.read.cells if c.address == address)
    if cell.reading is None or cell.reading.best.text != str(drawn.printed[address]):
        return None
    return over_page(cell, drawn.meant[address])


def main() -> None:
    """Print the exchange."""
    parser = argparse.ArgumentParser(prog="benchmarks.repair_evidence", description=__doc__)
    parser.add_argument("--tables", type=int, default=10_000)
    tables = parser.parse_args().tables
    columns = {}
    for place in ("second", "third"):
        setting = Setting(f"asked {place}", 0.01, place, page_wrong=0.0)
        sound = (draw(random.Random(f"asked/{place}/{n}"), setting) for n in range(tables))
        columns[place] = [asked(drawn) for drawn in sound]
    wrong = Setting("tempting", 0.01, page_wrong=1.0)
    pages = (draw(random.Random(f"tempting/{n}"), wrong) for n in range(tables))
    invited = [distance for drawn in pages if (distance := tempting(drawn)) is not None]
    print("| to beat by, nats | tables asked about at 1 %: truth second, third | mended of 500 |")
    print("|---|---|---|")
    for margin in MARGINS:
        shares = (sum(d < margin for d in columns[p]) / tables for p in columns)
        mended = 500 * sum(distance >= margin for distance in invited) / tables
        print(f"| {margin:g} | {', '.join(f'{share:.1%}' for share in shares)} | {mended:.2f} |")


if __name__ == "__main__":
    main()
