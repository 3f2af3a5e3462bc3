"""Which errors no equation of a form can see, counted on the form itself and on drawn tables.

``python -m benchmarks.repair_limits`` checks what docs/repair.md says.
"""

from __future__ import annotations

import argparse
import random
from itertools import combinations, product
from typing import TYPE_CHECKING

from benchmarks.repair_drawing import TEMPLATES, Setting, draw
from reconstruct.elimination import System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from document.template import Address, TableTemplate

Figures = dict[tuple[str, str], int]


def holds(template: TableTemplate, figures: Mapping[Address, int]) -> bool:
    """Tell whether every equation of a table is satisfied (a missing figure counts 0)."""
    return all(
        sum(figures.get(a, 0) for a in q.left) == sum(figures.get(a, 0) for a in q.right)
        for q in template.equations
    )


def rectangles(template: TableTemplate) -> tuple[int, int]:
    """Return how many sets of four figures at the corners of a rectangle change unseen, of all.

    Two figures of one row change by +1 and −1, those below them by −1 and +1 or by the same.
    """
    rows = [key for key, _ in template.row_names]
    columns = [key for key, _ in template.column_names]
    unseen = total = 0
    for (one, other), (left, right) in (
        (r, c) for r in combinations(rows, 2) for c in combinations(columns, 2)
    ):
        total += 1
        unseen += any(
            holds(
                template,
                {(one, left): 1, (one, right): -1, (other, left): sign, (other, right): -sign},
            )
            for sign in (1, -1)
        )
    return unseen, total


def few(template: TableTemplate, size: int) -> int:
    """Return how many sets of ``size`` figures (one or two) can change unseen, by any amounts."""
    columns: dict[tuple[int, ...], int] = {}
    blind = 0
    for signs in _columns(template):
        blind += not any(signs)
        first = next((s for s in signs if s), 1)
        line = tuple(s * first for s in signs)
        columns[line] = columns.get(line, 0) + 1
    if size == 1:
        return blind
    return sum(n * (n - 1) // 2 for line, n in columns.items() if any(line))


def threes(template: TableTemplate) -> int:
    """Return how many sets of three figures can change unseen, by any amounts.

    Figures count that are seen, and no two of which stand in the same equations: then a third is
    c × one + d × another with c and d among ±1, ±2 and ±½, for all entries are −1, 0 or 1.
    """
    columns = [c for c in _columns(template) if any(c)]
    known = {c: place for place, c in enumerate(columns)}
    found = set()
    for (one, first), (other, second) in combinations(enumerate(columns), 2):
        for c, d in product((-4, -2, -1, 1, 2, 4), repeat=2):
            doubled = tuple(c * x + d * y for x, y in zip(first, second, strict=True))
            if all(value in {-2, 0, 2} for value in doubled):
                third = known.get(tuple(value // 2 for value in doubled))
                if third is not None and third not in {one, other}:
                    found.add(frozenset((one, other, third)))
    return len(found)


def _columns(template: TableTemplate) -> list[tuple[int, ...]]:
    """Return for every figure its sign in each equation."""
    return [
        tuple((cell.address in q.left) - (cell.address in q.right) for q in template.equations)
        for cell in template.figures
    ]


def swaps(template: TableTemplate, *, of_rows: bool) -> list[tuple[str, str]]:
    """Return the rows (or columns) that may be read one for the other without any sum failing."""
    keys = [key for key, _ in (template.row_names if of_rows else template.column_names)]
    tables = [draw(random.Random(f"swap {n}"), _sound(template.id)).printed for n in range(60)]
    tables = [t for t in tables if sum(1 for v in t.values() if v) > 20]

    def swapped(figures: Figures, one: str, other: str) -> Figures:
        names = {one: other, other: one}
        return {
            (names.get(r, r), c) if of_rows else (r, names.get(c, c)): v
            for (r, c), v in figures.items()
        }

    return [
        pair
        for pair in combinations(keys, 2)
        if all(holds(template, swapped(t, *pair)) for t in tables)
    ]


def unique(template: TableTemplate, lost: Iterable[Address]) -> bool:
    """Tell whether lost figures follow from the others by the equations alone."""
    index = {c.address: n for n, c in enumerate(template.figures)}
    system = System(
        tuple(
            dict.fromkeys((index[a] for a in q.left), 1)
            | dict.fromkeys((index[a] for a in q.right), -1)
            for q in template.equations
        )
    )
    for address in lost:
        system, _ = system.freed(index[address])
    return not system.loose


def _sound(table: str) -> Setting:
    return Setting("sound", 0.0, page_wrong=0.0, table=table)


def systematic(taken: str, printed: str, tables: int) -> tuple[int, int]:
    """Return in how many tables a confusion made everywhere passes every equation, of how many."""
    template = TEMPLATES["t3"]
    passed = affected = 0
    for number in range(tables):
        figures = draw(random.Random(f"systematic {number}"), _sound("t3")).printed
        misread = {a: int(str(v).replace(printed, taken)) for a, v in figures.items()}
        if misread != figures:
            affected += 1
            passed += holds(template, misread)
    return passed, affected


def scattered(errors: int, tables: int) -> tuple[int, int]:
    """Return in how many tables so many random wrong figures pass every equation, of how many."""
    template = TEMPLATES["t3"]
    passed = 0
    for number in range(tables):
        rng = random.Random(f"scattered {errors} {number}")
        figures = dict(draw(rng, _sound("t3")).printed)
        for address in rng.sample(sorted(figures), errors):
            figures[address] += rng.choice([1, 3, 6, 10, -min(1, figures[address]) or 2])
        passed += holds(template, figures)
    return passed, tables


def _lost(template: TableTemplate, kind: Callable[[random.Random], set[Address]], n: int) -> str:
    found = sum(unique(template, sorted(kind(random.Random(f"lost {k}")))) for k in range(n))
    return f"{found} of {n}"


def main() -> None:
    """Print what the equations of the form can and cannot see."""
    parser = argparse.ArgumentParser(prog="benchmarks.repair_limits", description=__doc__)
    parser.add_argument("--tables", type=int, default=400)
    tables = parser.parse_args().tables
    for key, template in TEMPLATES.items():
        print(f"{key}: {len(template.figures)} figures, {len(template.equations)} equations")
        print(
            f"  one figure wrong, unseen: {few(template, 1)}; two wrong: {few(template, 2)} pairs"
        )
    t3 = TEMPLATES["t3"]
    print(f"t3 three figures wrong, unseen: {threes(t3)}")
    unseen, total = rectangles(t3)
    print(f"t3 rectangles of four figures that change unseen: {unseen} of {total}")
    rows, columns = swaps(t3, of_rows=True), swaps(t3, of_rows=False)
    print(f"t3 pairs of rows that may be swapped unseen: {len(rows)}")
    print(
        "  but for leaf rows: " + (", ".join("/".join(p) for p in rows if "carry" in p) or "none")
    )
    print(f"t3 pairs of columns that may be swapped unseen: {len(columns)}")
    keys = [c.address for c in t3.figures if c.address]
    names = [key for key, _ in t3.row_names]
    across = [key for key, _ in t3.column_names]
    kinds: dict[str, Callable[[random.Random], set[Address]]] = {
        "8 figures": lambda rng: set(rng.sample(keys, 8)),
        "20 figures": lambda rng: set(rng.sample(keys, 20)),
        "a row": lambda rng: _whole(keys, {rng.choice(names)}),
        "a column": lambda rng: _whole(keys, {rng.choice(across)}),
        "a row and a column": lambda rng: _whole(keys, {rng.choice(names), rng.choice(across[:6])}),
        "two rows": lambda rng: _whole(keys, set(rng.sample(names[2:23], 2))),
    }
    for name, kind in kinds.items():
        print(f"t3 {name} lost, all found again by linear algebra: {_lost(t3, kind, 200)}")
    for errors in (1, 2, 3, 4, 8):
        passed, among = scattered(errors, tables)
        print(f"t3 {errors} wrong figures at random pass every equation: {passed} of {among}")
    for taken, printed in (("7", "1"), ("7", "2"), ("8", "3"), ("0", "8")):
        passed, among = systematic(taken, printed, tables)
        print(f"t3 every {printed} read as {taken} passes every equation: {passed} of {among}")


def _whole(addresses: list[Address], keys: set[str]) -> set[Address]:
    rows_too = keys - {"total"} or keys
    return {a for a in addresses if a[0] in keys or a[1] in rows_too}


if __name__ == "__main__":
    main()
