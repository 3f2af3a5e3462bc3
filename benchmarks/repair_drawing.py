"""Tables drawn like published ones, and readers simulated like ours, for benchmarks.repair."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from document.reading import Candidate, Reading
from document.report import ReadCell, ReadTable
from reconstruct.templates import builtin

if TYPE_CHECKING:
    import random

    from document.template import Address, TableTemplate

TEMPLATES = {table.id: table for table in builtin()[0].tables}

CONFUSED = {
    "0": "6895", "1": "74", "2": "73", "3": "85", "4": "19", "5": "638", "6": "850",
    "7": "12", "8": "360", "9": "480",
}  # fmt: skip
"""Which digits a reader takes for one another, the likeliest confusion first."""

DOUBT = (0.3, 0.99)
"""A doubtful figure is read this surely; it is wrong as often as that says."""

UNDERSTATED = 50
"""Our readers' figures at 99.5 to 99.99 % are right far more often than they say: none of 2,155
was wrong. Here one in fifty of the errors they claim is made."""

PLACES = {"second": (1.0, 0.0), "third": (0.0, 1.0), "absent": (0.0, 0.0), "mixed": (0.6, 0.2)}
"""How often the truth of a misread stands second, and third, among its candidates."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the result: what the reader and the pages are like.

    ``misread`` is the share of figures whose best candidate is wrong. ``dim`` pages leave the
    reader unsure of every figure, as bad scans do. Of ``alike`` pages the reader takes every 1
    for a 7, surely or not. ``overconfident`` is the share of figures read wrongly with hardly a
    doubt. ``lost`` names what of a table is covered by a blot: rows, columns, single figures.
    """

    name: str
    misread: float
    place: Literal["second", "third", "absent", "mixed"] = "second"
    page_wrong: float = 0.05
    dim: bool = False
    alike: float = 0.0
    overconfident: float = 0.0
    lost: tuple[int, int, int] = (0, 0, 0)
    table: str = "t3"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as printed and as read. ``wrong`` are the figures with which it does not add up."""

    template: TableTemplate
    printed: dict[Address, int]
    meant: dict[Address, int]
    wrong: frozenset[Address]
    read: ReadTable


def draw(rng: random.Random, setting: Setting) -> Drawn:
    """Draw a table and read it."""
    template = TEMPLATES[setting.table]
    meant = _meant(rng, template)
    printed = dict(meant)
    wrong = _spoil(rng, printed) if rng.random() < setting.page_wrong else frozenset()
    alike = rng.random() < setting.alike
    lost = _lost(rng, template, setting.lost)
    doubt = 10 ** rng.uniform(-4, -2.3)
    if setting.dim:
        doubt = 10 ** rng.uniform(-2.3, -1.3)
    cells = []
    for cell in template.figures:
        if cell.address is None or cell.type is None:
            continue
        text = str(printed[cell.address])
        reading: Reading | None = None
        if cell.address not in lost:
            reading = _read(rng, text, setting, doubt, alike=alike)
        cells.append(ReadCell(cell.address, cell.type, reading, 1, None))
    read = ReadTable(template.id, "cn-foi/2021", (1,), tuple(cells))
    return Drawn(template, printed, meant, wrong, read)


def _magnitude(rng: random.Random, zeros: float, digits: int) -> int:
    """Draw a count: 0 with probability ``zeros``, else of up to ``digits`` digits, mostly few."""
    if rng.random() < zeros:
        return 0
    size = rng.choices(range(1, 6), weights=[384, 216, 98, 29, 5])[0]
    return rng.randrange(10 ** (min(size, digits) - 1), 10 ** min(size, digits))


def _meant(rng: random.Random, template: TableTemplate) -> dict[Address, int]:
    """Draw figures that add up, of an agency of random rank (published reports: 81 % zeros)."""
    zeros, digits = rng.choice([(0.957, 2), (0.852, 3), (0.852, 3), (0.573, 5)])
    rows = [key for key, _ in template.row_names]
    columns = [key for key, _ in template.column_names if key != "total"]
    figures: dict[Address, int] = {}
    if template.id == "t4":
        for row in rows:
            for column in columns:
                figures[row, column] = _magnitude(rng, 0.5, min(digits, 3))
    else:
        leaves = [row for row in rows if row not in {"new", "carry", "total", "next"}]
        for column in columns:
            share = zeros if column == "person" else 1 - (1 - zeros) / 2
            for row in leaves:
                figures[row, column] = _magnitude(rng, share, digits)
            done = sum(figures[row, column] for row in leaves)
            later = _magnitude(rng, share, max(1, digits - 1))
            carried = min(done + later, _magnitude(rng, share, max(1, digits - 1)))
            figures["total", column], figures["next", column] = done, later
            figures["carry", column], figures["new", column] = carried, done + later - carried
    for row in rows:
        figures[row, "total"] = sum(figures[row, column] for column in columns)
    return figures


def _spoil(rng: random.Random, figures: dict[Address, int]) -> frozenset[Address]:
    """Make a mistake of the page: one figure wrong, or one together with its row's total."""
    address = rng.choice([a for a, v in figures.items() if v or rng.random() < 0.1])
    old = figures[address]
    ways = [old + rng.choice([-1, 1, 2, 10, -10]), 0, old * 10 + rng.randrange(10), old // 10]
    new = rng.choice([w for w in ways if w >= 0 and w != old] or [old + 1])
    figures[address] = new
    wrong = {address}
    columns_add_up = ("total", "total") in figures  # where they do not, nobody could see it
    if address[1] != "total" and columns_add_up and rng.random() < 0.3:
        figures[address[0], "total"] += new - old
        wrong.add((address[0], "total"))
    return frozenset(wrong)


def _lost(
    rng: random.Random, template: TableTemplate, lost: tuple[int, int, int]
) -> frozenset[Address]:
    rows = rng.sample([key for key, _ in template.row_names], lost[0])
    columns = rng.sample([key for key, _ in template.column_names], lost[1])
    addresses = [c.address for c in template.figures if c.address]
    found = {a for a in addresses if a[0] in rows or a[1] in columns}
    return frozenset(found | set(rng.sample(addresses, lost[2])))


def _misread(rng: random.Random, text: str) -> str:
    """Return what a reader might take ``text`` for."""
    if len(text) > 1 and rng.random() < 0.15:
        lost = rng.randrange(len(text))
        return text[:lost] + text[lost + 1 :]
    if rng.random() < 0.05:
        return text + rng.choice("01")
    place = rng.randrange(len(text))
    likely = CONFUSED[text[place]]
    confused = rng.choices(likely, weights=[4, 2, 1, 1][: len(likely)])
    return text[:place] + confused[0] + text[place + 1 :]


def _others(rng: random.Random, text: str, count: int) -> list[str]:
    """Return distinct texts that ``text`` might be taken for."""
    found: list[str] = []
    while len(found) < count:
        other = _misread(rng, text)
        if other not in {text, *found}:
            found.append(other)
    return found


def _read(
    rng: random.Random, printed: str, setting: Setting, doubt: float, *, alike: bool
) -> Reading:
    """Simulate the reading of one figure."""
    own = doubt * rng.uniform(0.5, 1.5)
    if alike and "1" in printed:
        taken = printed.replace("1", "7")
        sure = rng.choice([0.6, 0.9, 0.97])
        return _reading({taken: sure, printed: (1 - sure) * 0.7, "": (1 - sure) * 0.1})
    if rng.random() < setting.overconfident:
        return _reading({_misread(rng, printed): 1 - own / 3, printed: own / 6, "": own / 9})
    low, high = DOUBT
    if rng.random() < setting.misread / (1 - (low + high) / 2):
        return _doubtful(rng, printed, setting, rng.uniform(low, high))
    best = printed
    if rng.random() < own / (5 if setting.dim else UNDERSTATED):
        best = _misread(rng, printed)
    shares = {best: 1 - own, "": own * 0.3}
    for other in _others(rng, best, 2) if best == printed else [printed]:
        shares.setdefault(other, own * 0.25)
    return _reading(shares)


def _doubtful(rng: random.Random, printed: str, setting: Setting, sure: float) -> Reading:
    rest = (1 - sure) * 0.9
    others = _others(rng, printed, 3)
    if rng.random() < sure:
        shares = {printed: sure, others[0]: min(sure, rest * 0.7)}
        for other in others[1:]:
            shares[other] = rest * 0.1
        return _reading(shares)
    second, third = PLACES[setting.place]
    draw = rng.random()
    shares = {others[0]: sure}
    if draw < second:
        shares |= {printed: rest * 0.7, others[1]: rest * 0.15}
    elif draw < second + third:
        shares |= {others[1]: rest * 0.5, printed: rest * 0.3}
    else:
        shares |= {others[1]: rest * 0.5, others[2]: rest * 0.2}
    return _reading(shares)


def _reading(shares: dict[str, float]) -> Reading:
    costs = sorted((-math.log(share), text) for text, share in shares.items())
    return Reading(tuple(Candidate(text, cost) for cost, text in costs))
