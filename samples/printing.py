"""How figures get onto paper: blanks and dashes for zero, units, remarks, and the page's mistakes.

Everything here returns new figures; ``value`` stays what a careful reader would type.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from samples.figures import OUTCOMES, PARTIES, Entry, Mistake, TableFigures, leaves

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from document.template import Address

Scope: TypeAlias = Literal["all", "legal", "rows", "leaf-totals"]
REMARKS = ("（其中修订{}件）", "（含自然失效{}件）", "（含上年{}件）")


@dataclass(frozen=True, slots=True)
class Habits:
    """How an agency writes its figures: ``zero`` is "" for blanks, a dash, or "0"."""

    zero: str = "0"
    scope: Scope = "all"
    thousands: bool = False
    full_width: bool = False
    remark: bool = False
    plus: bool = False
    unit: str = "元"


def draw_habits(rng: np.random.Generator) -> Habits:
    """Draw habits; most agencies simply print 0."""
    roll = rng.random()
    zero = "0"
    if roll < 0.10:
        zero = ""
    elif roll < 0.22:
        zero = str(
            rng.choice(["/", "—", "-", "无", "－", "--"], p=[0.3, 0.25, 0.2, 0.1, 0.1, 0.05])
        )
    return Habits(
        zero=zero,
        scope=str(rng.choice(["all", "legal", "rows", "leaf-totals"], p=[0.4, 0.3, 0.2, 0.1])),  # type: ignore[arg-type]
        thousands=bool(rng.random() < 0.03),
        full_width=bool(rng.random() < 0.02),
        remark=bool(rng.random() < 0.06),
        plus=bool(rng.random() < 0.2),
        unit=str(rng.choice(["元", "万元", ""], p=[0.6, 0.25, 0.15])),
    )


def _in_scope(scope: Scope, address: Address, rows: frozenset[str]) -> bool:
    row, column = address
    if scope == "legal":
        return column in PARTIES[1:]
    if scope == "rows":
        return row in rows
    if scope == "leaf-totals":
        return column == "total" and row not in {"new", "carry", "total", "next"}
    return True


def write_figures(figures: TableFigures, habits: Habits, rng: np.random.Generator) -> TableFigures:
    """Return ``figures`` as the agency prints them. Equations still hold, nothing for zero."""
    chosen = frozenset(str(r) for r in rng.permutation(leaves(figures.generation))[:5])
    written = []
    for entry in figures.entries:
        new = _write(entry, habits, rng)
        zero = entry.printed == "0" and habits.zero != "0"
        scope = habits.scope if figures.table == "t3" else "all"
        if zero and _in_scope(scope, entry.address, chosen):
            new = replace(entry, printed=habits.zero, value=None)
        written.append(new)
    return replace(figures, entries=tuple(written))


def _write(entry: Entry, habits: Habits, rng: np.random.Generator) -> Entry:
    value = entry.value or "0"
    if entry.address == ("procurement", "amount"):
        value, unit = _in_unit(value, habits.unit)
        return replace(entry, printed=value + unit)
    printed = value
    if entry.address[1] == "change":
        if habits.plus and not value.startswith("-") and value != "0":
            printed = "+" + value
    elif habits.remark and entry.address[0] == "normative" and int(value) > 1:
        part = int(rng.integers(1, int(value) + 1))
        printed = value + str(rng.choice(REMARKS)).format(part)
    elif habits.thousands and value.isdigit():
        printed = f"{int(value):,}"
    elif habits.full_width and value.isdigit():
        printed = "".join(chr(ord(c) + 0xFEE0) for c in value)
    return replace(entry, printed=printed)


def _in_unit(yuan: str, unit: str) -> tuple[str, str]:
    """Return an amount of 元 as it is printed in ``unit``."""
    if unit == "万元":
        return format((Decimal(yuan) / 10000).normalize(), "f"), unit
    return yuan, unit


def mislead(figures: TableFigures, rng: np.random.Generator) -> tuple[TableFigures, Mistake]:
    """Change one figure so that the page itself does not add up. Only 表三 and 表四 can."""
    if figures.table == "t3":
        wanted: tuple[Callable[[Entry], bool], ...] = (
            lambda e: e.address[0] in {"total", "next", "new"} and e.address[1] != "total",
            lambda e: e.address[1] == "total",
            lambda e: e.address[0] in {"granted", "u1", "o3", "o"},
        )
    else:
        wanted = (lambda e: e.address[1] == "total", lambda e: e.address[1] in OUTCOMES)
    chosen = wanted[int(rng.integers(len(wanted)))]
    pool = [e for e in figures.entries if e.value is not None and chosen(e)]
    pool = [e for e in pool if e.value != "0"] or pool or [figures.entries[0]]
    entry = pool[int(rng.integers(len(pool)))]
    return make_wrong(figures, entry.address, _slip(int(entry.value or 0), rng))


def make_wrong(figures: TableFigures, address: Address, wrong: int) -> tuple[TableFigures, Mistake]:
    """Print ``wrong`` at ``address``; say what would have added up there."""
    right = figures.entry(address)
    entries = tuple(
        Entry(e.address, str(wrong), str(wrong)) if e.address == address else e
        for e in figures.entries
    )
    mistake = Mistake(figures.table, address, str(wrong), right.value or "0")
    return replace(figures, entries=entries), mistake


def _slip(right: int, rng: np.random.Generator) -> int:
    """A person's slip: off by one, a transposition, a total left at zero."""
    digits = str(right)
    roll = rng.random()
    if roll < 0.3 and len(set(digits)) > 1:
        i = int(rng.integers(len(digits) - 1))
        slipped = int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
        if slipped != right:
            return slipped
    if roll < 0.5 and right > 0:
        return 0
    step = int(rng.integers(1, 10))
    return right - step if rng.random() < 0.5 and right >= step else right + step
