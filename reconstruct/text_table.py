"""Decides which figure of a text stands where: the equations choose among the placements."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from document.reading import Candidate, Reading
from document.report import ReadCell, ReadTable
from reconstruct.evidence import parse
from reconstruct.joint import Kind, Sum, weigh
from reconstruct.placements import placements
from reconstruct.thresholds import PAGE_MISTAKE, SURE_MARGIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from document.report import Figure
    from document.template import TableTemplate, TemplateCell
    from reconstruct.placements import Contents, Placements
    from reconstruct.run_together import Sums
    from reconstruct.text_rows import Gathered, TextRow

DEAREST = 14.0
"""Placements dearer than this above the cheapest (nats) are left out."""

LOST_FIGURE = 3.0
"""Price of a cell that is lost and was not zero, of just the size that its sum asks for."""

SURE = 1.0 - math.exp(-SURE_MARGIN)

Ways = tuple[tuple["Contents", float], ...]
Values = tuple["Figure | None", ...]


def place(
    table: TableTemplate, template: str, gathered: Gathered, denied: frozenset[TemplateCell]
) -> ReadTable:
    """Return the table with every figure in its place, or its place said to be in doubt.

    ``denied`` are figures in whose columns the text prints its headers in another order.
    """
    rows = gathered.rows
    spread = [placements(row, rows, _sums(row, table)) for row in rows]
    grouped = [_kinds(row, one, _sums(row, table)) for row, one in zip(rows, spread, strict=True)]
    weighed = weigh([[kind for kind, _ in mine] for mine in grouped], _joining(rows, table))
    scattered = _scattered(
        rows, [_fails(g, _sums(r, table)) for g, r in zip(grouped, rows, strict=True)]
    )
    cells: dict[object, ReadCell] = {}
    for number, row in enumerate(rows):
        joining = (weighed.holding[number], weighed.failing[number])
        doubt = _doubt(spread[number], grouped[number], _sums(row, table), joining)
        asked = {piece.text for piece in row.elements if piece.doubted}
        for at, cell in enumerate(row.cells):
            if cell.address is None or cell.type is None:
                continue
            chances: dict[str | None, float] = {}
            for share, (kind, ways) in zip(weighed.shares[number], grouped[number], strict=True):
                for contents, cost in ways:
                    within = share * math.exp(kind.cost - cost) / _crowd(kind, ways)
                    chances[contents[at]] = chances.get(contents[at], 0.0) + within
            reading, sure = _reading(chances, doubt)
            known = sure and row.reliable and cell not in denied and not row.surplus
            known = known and number not in scattered
            known = known and not (reading and reading.best.text in asked)
            page = row.elements[0].page if row.elements else 0
            cells[cell.address] = ReadCell(
                cell.address, cell.type, reading, page if reading else 0, None, known
            )
    pages = tuple(sorted({cell.page for cell in cells.values() if cell.page})) or (1,)
    ordered = tuple(cells[c.address] for c in table.figures if c.address in cells)
    return ReadTable(table.id, template, pages, ordered)


def _sums(row: TextRow, table: TableTemplate) -> Sums:
    """Return the equations that speak of nothing but this line, by place."""
    at = {cell.address: place for place, cell in enumerate(row.cells)}
    return tuple(
        (tuple(at[a] for a in q.left), tuple(at[a] for a in q.right))
        for q in table.equations
        if all(a in at for a in q.cells)
    )


def _joining(rows: Sequence[TextRow], table: TableTemplate) -> list[Sum]:
    """Return the equations that speak of several lines."""
    at = {
        cell.address: (number, place)
        for number, row in enumerate(rows)
        for place, cell in enumerate(row.cells)
    }
    return [
        Sum(tuple(at[a] for a in q.left), tuple(at[a] for a in q.right))
        for q in table.equations
        if all(a in at for a in q.cells) and len({at[a][0] for a in q.cells}) > 1
    ]


def _kinds(row: TextRow, spread: Placements, sums: Sums) -> list[tuple[Kind, Ways]]:
    """Gather placements that count alike; what breaks the line's own sums costs accordingly."""
    groups: dict[Values, list[tuple[Contents, float]]] = {}
    for contents, cost in spread.ways:
        gone = None if all(text is None for text in contents) else 0
        values = tuple(
            gone if text is None else parse(text, cell.type or "count").addend
            for text, cell in zip(contents, row.cells, strict=True)
        )
        lost = {i for i, text in enumerate(contents) if text is None}
        for filled, price in _filled(values, lost if gone == 0 else set(), sums):
            broken = sum(_residual(filled, left, right) not in {None, 0} for left, right in sums)
            groups.setdefault(filled, []).append((contents, cost + price + PAGE_MISTAKE * broken))
    least = min(cost for ways in groups.values() for _, cost in ways)
    kinds = []
    for values, ways in groups.items():
        near = tuple((c, cost) for c, cost in ways if cost <= least + DEAREST)
        if near:
            mass = math.fsum(math.exp(least - cost) for _, cost in near)
            kinds.append((Kind(values, least - math.log(mass)), near))
    return kinds


def _fails(mine: Sequence[tuple[Kind, Ways]], sums: Sums) -> bool:
    """Tell whether a line breaks a sum of its own, however its figures are placed."""
    return bool(sums) and min(kind.cost for kind, _ in mine) > PAGE_MISTAKE / 2


def _scattered(rows: Sequence[TextRow], fails: Sequence[bool]) -> set[int]:
    """Return the lines whose figures need not be their own: sums fail, and no grid holds them.

    Where cells stand on lines of their own a figure that is out of order fails its line's sum, or
    that of a line beside it.
    """
    found = set()
    for number, row in enumerate(rows):
        near = range(max(0, number - 1), min(len(rows), number + 2))
        apart = not row.whole and any(fails[n] or rows[n].surplus for n in near)
        short = fails[number] and not row.full and not row.square
        if row.elements and (apart or short):
            found.add(number)
    return found


def _crowd(kind: Kind, ways: Ways) -> float:
    return math.fsum(math.exp(kind.cost - cost) for _, cost in ways)


def _filled(values: Values, lost: AbstractSet[int], sums: Sums) -> list[tuple[Values, float]]:
    """Return values with places that are lost counting 0, or what a sum of the line asks for."""
    variants = [(values, 0.0)]
    for left, right in sums:
        for known, price in list(variants):
            rest = _residual(known, left, right)
            if not rest:
                continue
            for at in lost & set(left if rest < 0 else right):
                if known[at] == 0:
                    filled = list(known)
                    filled[at] = rest if rest > 0 else -rest
                    variants.append((tuple(filled), price + LOST_FIGURE))
    return variants


def _residual(values: Values, left: Sequence[int], right: Sequence[int]) -> Figure | None:
    """Return the left side of a sum less the right one, None where a figure is unclear."""
    total: Figure = 0
    for sign, places in ((1, left), (-1, right)):
        for at in places:
            figure = values[at]
            if figure is None:
                return None
            total += sign * figure
    return total


def _doubt(
    spread: Placements, mine: Sequence[tuple[Kind, Ways]], sums: Sums, joining: tuple[int, int]
) -> float:
    """Return how likely an unlisted way is against all listed ones (odds).

    It breaks a sum of its line, and at least two that join lines, if the listed ones hold there.
    ``joining`` are how many of the latter hold, and how many fail.
    """
    holding, failing = joining
    broken = _fails(mine, sums)
    if spread.unproved and (broken or failing or not (holding or sums)):
        return 1.0
    if not spread.rivals:
        return 0.0
    return min(1.0, spread.rivals * math.exp(-PAGE_MISTAKE * (1 + (holding > 1) - failing)))


def _reading(chances: dict[str | None, float], doubt: float) -> tuple[Reading | None, bool]:
    """Return what stands in a cell, and whether that is sure."""
    ranked = sorted(chances.items(), key=lambda one: (-one[1], str(one[0])))
    text, chance = ranked[0]
    sure = chance / (1.0 + doubt) >= SURE
    if text is None:
        return None, False
    if sure:
        return Reading((Candidate(text, 0.0),)), True
    # the others are for lines as a whole: settled one by one they would mix different placements
    return Reading((Candidate(text, -math.log(chance / (1.0 + doubt))),)), False
