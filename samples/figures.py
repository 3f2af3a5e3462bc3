"""Real-like figures for the three tables of a report; every sum of the form holds by construction.

Shares of zeros and magnitudes follow what published reports show: in 表三 a bureau leaves 96 %
of its cells at zero, a district 85 %, a city 57 % with figures of up to five digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from document.template import Address

Level: TypeAlias = Literal["bureau", "district", "city"]
Generation: TypeAlias = Literal["2019", "2021"]

PARTIES = ("person", "business", "research", "nonprofit", "legal", "other")
HEAD_LEAVES = (
    "granted",
    "partial",
    *(f"d{i}" for i in range(1, 9)),
    *(f"u{i}" for i in range(1, 4)),
    *(f"n{i}" for i in range(1, 6)),
)
# How often each outcome occurs, roughly: granted, unavailable (u1) and other (o3) lead.
LEAF_WEIGHTS = (
    *(0.34, 0.07),
    *(0.006, 0.02, 0.008, 0.02, 0.02, 0.02, 0.03, 0.03),
    *(0.20, 0.03, 0.02),
    *(0.04, 0.02, 0.006, 0.01, 0.015),
)
OTHER_WEIGHTS = (0.035, 0.004, 0.06)
GROUPS = ("review", "suit_direct", "suit_after_review")
OUTCOMES = ("upheld", "corrected", "other", "pending")
UNITS = {"fee": "万元", "procurement": "元"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure: its address, what is printed, and its value ("" printed where blank)."""

    address: Address
    printed: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A figure with which the page itself does not add up."""

    table: str
    address: Address
    printed: str
    would_add_up: str


@dataclass(frozen=True, slots=True)
class TableFigures:
    """The figures of one table (``t2``, ``t3`` or ``t4``) of one form, row by row."""

    table: str
    generation: Generation
    entries: tuple[Entry, ...]

    def entry(self, address: Address) -> Entry:
        """Return the figure at ``address``. Raises KeyError where there is none."""
        for entry in self.entries:
            if entry.address == address:
                return entry
        raise KeyError(address)


def leaves(generation: Generation) -> tuple[str, ...]:
    """Return the rows of 表三 that （七）总计 adds up."""
    return HEAD_LEAVES + (("o",) if generation == "2019" else ("o1", "o2", "o3"))


def entries_of(cells: Iterable[tuple[Address, int | Decimal | str]]) -> tuple[Entry, ...]:
    """Turn plain numbers into entries printed as they are."""
    return tuple(Entry(address, str(figure), str(figure)) for address, figure in cells)


def draw_t3(rng: np.random.Generator, level: Level, generation: Generation) -> TableFigures:
    """Draw 表三. Columns: six kinds of applicants and their total; counts, so no units."""
    rows = leaves(generation)
    weights = np.array(
        LEAF_WEIGHTS + ((sum(OTHER_WEIGHTS),) if generation == "2019" else OTHER_WEIGHTS)
    )
    # Every agency has its own habits: some answer "not held" to nearly everything.
    weights = rng.dirichlet(weights * {"bureau": 14, "district": 14, "city": 16}[level] + 1e-3)
    amounts = _applicants(rng, level)
    columns: list[np.ndarray] = []
    for amount in amounts:
        counts = rng.multinomial(amount, weights)
        share = rng.uniform(0.02, 0.12)
        carried, left = (int(rng.binomial(amount, share)) for _ in range(2))
        carried = min(carried, amount + left)
        columns.append(np.array([amount + left - carried, carried, *counts, amount, left]))
    grid = np.stack(columns, axis=1)
    grid = np.column_stack([grid, grid.sum(axis=1)])
    keys = ("new", "carry", *rows, "total", "next")
    return TableFigures(
        "t3",
        generation,
        entries_of(
            ((row, column), int(grid[i, j]))
            for i, row in enumerate(keys)
            for j, column in enumerate((*PARTIES, "total"))
        ),
    )


def _applicants(rng: np.random.Generator, level: Level) -> list[int]:
    """How many requests each kind of applicant had answered."""
    low, high, chances = {
        "bureau": (0, 3.0, (0.75, 0.12, 0.01, 0.01, 0.03, 0.02)),
        "district": (2.0, 6.2, (1, 0.7, 0.05, 0.08, 0.2, 0.12)),
        "city": (5.0, 9.6, (1, 0.95, 0.35, 0.4, 0.7, 0.55)),
    }[level]
    size = np.expm1(rng.uniform(low, high))
    shares = np.array([0.86, 0.09, 0.008, 0.012, 0.025, 0.015]) * rng.uniform(0.3, 1.7, 6)
    present = rng.random(6) < np.array(chances)
    return [
        max(int(rng.poisson(size * share)), 1) if there else 0
        for share, there in zip(shares, present, strict=True)
    ]


def draw_t4(rng: np.random.Generator, level: Level, generation: Generation) -> TableFigures:
    """Draw 表四: three groups of four outcomes and their total."""
    mean = {"bureau": 0.25, "district": 6.0, "city": 60.0}[level]
    cells: list[tuple[Address, int]] = []
    for group in GROUPS:
        size = rng.poisson(mean * rng.exponential()) if rng.random() < 0.85 else 0
        counts = rng.multinomial(size, rng.dirichlet([2.0, 0.6, 0.9, 0.7]))
        cells += [((group, o), int(n)) for o, n in zip(OUTCOMES, counts, strict=True)]
        cells.append(((group, "total"), int(counts.sum())))
    return TableFigures("t4", generation, entries_of(cells))


def _large(rng: np.random.Generator, level: Level) -> int:
    """A number of decisions; up to eight digits at a city."""
    if rng.random() < {"bureau": 0.5, "district": 0.15, "city": 0.1}[level]:
        return 0
    top = {"bureau": 7.0, "district": 11.0, "city": 17.0}[level]
    return int(np.expm1(rng.uniform(0.5, top)))


def _amount(rng: np.random.Generator, level: Level) -> Decimal:
    """An amount of money in 万元 with none to six decimals."""
    if rng.random() < {"bureau": 0.7, "district": 0.35, "city": 0.15}[level]:
        return Decimal(rng.choice(["0", "0", "0", "0.0", "0.00"]))
    decimals = int(rng.choice([0, 1, 2, 2, 3, 4, 4, 5, 6]))
    top = {"bureau": 6.0, "district": 10.0, "city": 12.6}[level]
    return Decimal(int(np.exp(rng.uniform(0.5, top)) * 10**decimals)).scaleb(-decimals)


def draw_t2(rng: np.random.Generator, level: Level, generation: Generation) -> TableFigures:
    """Draw 表二; nothing in it adds up, so every figure is free."""
    cells: list[tuple[Address, int | Decimal]] = []
    small = {"bureau": 1.5, "district": 15.0, "city": 40.0}[level]
    if generation == "2021":
        for row, scale in (("regulation", 0.03 if level != "city" else 0.3), ("normative", 1.0)):
            made, repealed = (int(rng.poisson(small * scale)) for _ in range(2))
            force = made + int(rng.poisson(small * scale * 8))
            figures = (("made", made), ("repealed", repealed), ("in_force", force))
            cells += [((row, column), figure) for column, figure in figures]
        cells += [
            ((row, "decisions"), _large(rng, level)) for row in ("licence", "penalty", "coercion")
        ]
        cells.append((("fee", "amount"), _amount(rng, level)))
        return TableFigures("t2", generation, entries_of(cells))
    for row, scale in (("regulation", 0.05), ("normative", 1.0)):
        made = int(rng.poisson(small * scale))
        total = made + int(rng.poisson(small * scale * 8))
        figures = (("made", made), ("published", made), ("total_published", total))
        cells += [((row, column), figure) for column, figure in figures]
    for row in ("licence", "service", "penalty", "coercion"):
        previous = int(rng.poisson(small * 12)) if rng.random() < 0.8 else 0
        change = int(rng.normal(0, 0.3 * previous + 2)) if rng.random() < 0.6 else 0
        cells += [((row, "previous"), previous), ((row, "change"), change)]
        cells.append(((row, "decisions"), _large(rng, level)))
    cells += [
        (("fee", "previous"), int(rng.poisson(small * 0.6))),
        (("fee", "change"), int(rng.normal(0, 2)) if rng.random() < 0.4 else 0),
        (("procurement", "items"), int(rng.poisson(small * 3))),
        (("procurement", "amount"), _yuan(rng, level)),
    ]
    return TableFigures("t2", generation, entries_of(cells))


def _yuan(rng: np.random.Generator, level: Level) -> Decimal:
    """An amount in 元, with none or two decimals."""
    top = {"bureau": 14.0, "district": 17.0, "city": 18.2}[level]
    amount = Decimal(int(np.exp(rng.uniform(9, top)) * 100)).scaleb(-2)
    return amount if rng.random() < 0.6 else amount.quantize(Decimal(1))
