"""Whether doubt about places is ever lifted from figures that stand elsewhere.

Tables are drawn and read as in benchmarks.repair, then some of their readings are put where they
do not belong, and every place concerned, and some others, are in doubt. Counted is how many
figures in doubtful places are accepted without a person, and how many of these are wrong: their
value, or a blank for a 0.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.repair_drawing import TEMPLATES, Setting, draw
from document.reading import Candidate, Reading
from reconstruct.counted import counted
from reconstruct.register import Place, Registration
from reconstruct.repair import settle
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.report import ReadCell
    from document.template import Address

    Grid = dict[Address, Reading]
    Move = Callable[[random.Random, Grid], set[Address]]

FORM = TEMPLATES["t3"]
ROWS = [key for key, _ in FORM.row_names]
COLUMNS = [key for key, _ in FORM.column_names]
SETTING = Setting("places", 0.01, page_wrong=0.05)
BLANK = Reading((Candidate("", 0.003), Candidate("0", 6.5), Candidate("1", 7.5)))
NOWHERE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the result; ``counting`` tells that columns may be proved by counting."""

    name: str
    move: Move
    counting: bool = False


def _blanks(rng: random.Random, grid: Grid) -> set[Address]:
    """Return where zeros are left blank: everywhere, in some columns, in some rows, or nowhere."""
    few, many = rng.sample(COLUMNS, 4), rng.sample(ROWS, 12)
    manner = rng.choice(["zeros", "blanks", "columns", "rows"])
    if manner == "columns":
        return {a for a in grid if a[1] in few}
    if manner == "rows":
        return {a for a in grid if a[0] in many}
    return set(grid) if manner == "blanks" else set()


def _nothing(_: random.Random, __: Grid) -> set[Address]:
    return set()


def _shifted(grid: Grid, lines: list[str], axis: int, *, back: bool) -> set[Address]:
    """Read in each of ``lines`` what stands in the next; the last is blank, or has its own too."""
    order = lines[::-1] if back else lines
    before = dict(grid)
    touched = set()
    others = COLUMNS if axis == 0 else ROWS
    for here, there in zip(order, [*order[1:], None], strict=True):
        for other in others:
            a = (here, other) if axis == 0 else (other, here)
            b = (there or "", other) if axis == 0 else (other, there or "")
            grid[a] = before.get(b, BLANK)
            touched.add(a)
    return touched


def _run(rng: random.Random, names: list[str], least: int) -> list[str]:
    first = rng.randrange(len(names) - least + 1)
    return names[first : rng.randrange(first + least, len(names) + 1)]


def _rows_shifted(rng: random.Random, grid: Grid) -> set[Address]:
    return _shifted(grid, _run(rng, ROWS, 2)[:6], 0, back=rng.random() < 0.5)


def _columns_shifted(rng: random.Random, grid: Grid) -> set[Address]:
    return _shifted(grid, _run(rng, COLUMNS, 2), 1, back=rng.random() < 0.5)


def _row_blank(rng: random.Random, grid: Grid) -> set[Address]:
    row = rng.choice(ROWS)
    touched = {(row, column) for column in COLUMNS}
    grid |= dict.fromkeys(touched, BLANK)
    return touched


def _swapped(rng: random.Random, grid: Grid) -> set[Address]:
    axis = rng.randrange(2)
    one, other = rng.sample((ROWS, COLUMNS)[axis], 2)
    before = dict(grid)
    for address, reading in before.items():
        if address[axis] in {one, other}:
            to = other if address[axis] == one else one
            grid[(to, address[1]) if axis == 0 else (address[0], to)] = reading
    return {a for a in grid if a[axis] in {one, other}}


def _missed(rng: random.Random, grid: Grid) -> set[Address]:
    """Lose figures, or read those of the row below, here and there."""
    touched = set(rng.sample(sorted(grid), rng.randrange(1, 60)))
    before = dict(grid)
    for row, column in touched:
        if rng.random() < 0.3:
            below = ROWS[min(len(ROWS) - 1, ROWS.index(row) + 1)]
            grid[row, column] = rng.choice([BLANK, before[below, column]])
    return touched


def _separators(rng: random.Random, grid: Grid) -> set[Address]:
    """Lose one separator of columns and set one too many elsewhere."""
    lost, cut = rng.sample(range(len(COLUMNS)), 2)
    for row in ROWS:
        here = [grid[row, column] for column in COLUMNS]
        if cut != len(here) - 1 or lost != cut:
            whole = here[cut]
            halves = [BLANK, whole] if rng.random() < 0.8 else _halves(whole)
            here[cut : cut + 1] = halves if rng.random() < 0.5 else halves[::-1]
        at = min(lost, len(here) - 2)
        here[at : at + 2] = [_joined(rng, here[at], here[at + 1])]
        grid |= {(row, column): one for column, one in zip(COLUMNS, here, strict=True)}
    return set(grid)


def _bent(rng: random.Random, grid: Grid) -> set[Address]:
    """Let the columns of the lower rows be one too far."""
    for row in ROWS[rng.randrange(1, len(ROWS)) :]:
        here = [grid[row, column] for column in COLUMNS]
        beyond = rng.choice([BLANK, _figure("1"), here[0]])
        here = [beyond, *here[:-1]] if rng.random() < 0.5 else [*here[1:], beyond]
        grid |= {(row, column): one for column, one in zip(COLUMNS, here, strict=True)}
    return set(grid)


def _figure(text: str) -> Reading:
    return Reading((Candidate(text, 0.003), Candidate("", 6.5)))


def _halves(whole: Reading) -> list[Reading]:
    text = whole.best.text
    return [_figure(text[: len(text) // 2]), _figure(text[len(text) // 2 :])]


def _joined(rng: random.Random, left: Reading, right: Reading) -> Reading:
    """Return what two figures in one place may read as: both, or either."""
    return rng.choice([_figure(left.best.text + right.best.text), left, right])


KINDS = (
    Kind("nothing displaced", _nothing),
    Kind("a run of rows shifted by one", _rows_shifted),
    Kind("a run of columns shifted by one", _columns_shifted),
    Kind("a row that lost its figures", _row_blank),
    Kind("two rows or two columns exchanged", _swapped),
    Kind("figures missed, or the next row's, here and there", _missed),
    Kind("nothing displaced, columns counted", _nothing, counting=True),
    Kind("columns shifted, columns counted", _columns_shifted, counting=True),
    Kind("a separator lost and one too many, columns counted", _separators, counting=True),
    Kind("lower rows one column off, columns counted", _bent, counting=True),
)


def simulate(kind: Kind, tables: int, seed: int) -> Counter[str]:
    """Settle ``tables`` tables with places in doubt; count what becomes of them."""
    counts: Counter[str] = Counter()
    for number in range(tables):
        rng = random.Random(f"{seed}/{kind.name}/{number}")
        drawn = draw(rng, SETTING)
        grid = {c.address: c.reading for c in drawn.read.cells if c.reading}
        blank = {a for a in sorted(_blanks(rng, grid)) if drawn.printed[a] == 0}
        grid |= {a: BLANK for a in blank if grid[a].best.text == "0"}
        printed = {a: "" if a in blank else str(v) for a, v in drawn.printed.items()}
        doubted = kind.move(rng, grid)
        sure: set[Address] = set()
        if kind.counting:
            doubted = set(grid)
            sure = set(counted(_registered(grid), grid))
        else:
            doubted |= set(rng.sample(sorted(grid), rng.randrange(20)))
        cells = tuple(_cell(c, grid, doubted - sure) for c in drawn.read.cells)
        table, _ = settle(replace(drawn.read, cells=cells), drawn.template)
        for cell in table.cells:
            if cell.address in doubted:
                taken = not cell.needs_review
                text = "" if cell.value is None else str(cell.value)
                counts["doubted"] += 1
                counts["taken"] += taken
                counts["wrong"] += taken and text != printed[cell.address]
    return counts


def _cell(cell: ReadCell, grid: Grid, doubted: set[Address]) -> ReadCell:
    reliable = cell.address not in doubted
    return replace(cell, reading=grid[cell.address], reliable=reliable)


def _registered(grid: Grid) -> Registration:
    places = tuple(Place(a, 0, NOWHERE, reliable=False, countable=True) for a in grid)
    return Registration(builtin()[0], FORM, 1.0, 1.0, (), places)


def main(arguments: list[str] | None = None) -> None:
    """Print one line for each kind of displacement."""
    parser = argparse.ArgumentParser(prog="benchmarks.repair_places", description=__doc__)
    parser.add_argument("--tables", type=int, default=1000, help="tables for each kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print("| displaced | tables | figures in doubt | accepted all the same | of these wrong |")
    print("|---|---|---|---|---|")
    for kind in KINDS:
        c = simulate(kind, options.tables, options.seed)
        share = f"{c['taken']} ({c['taken'] / max(1, c['doubted']):.1%})"
        row = (kind.name, options.tables, c["doubted"], share, c["wrong"])
        print(f"| {' | '.join(str(cell) for cell in row)} |", flush=True)


if __name__ == "__main__":
    main()
