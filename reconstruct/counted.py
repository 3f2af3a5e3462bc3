"""Columns proved by counting what was read in them: all that the form has hold figures.

Sums do not see columns exchanged, but they see one that is cut in two, one read from labels, and
a total that is none. What is left is that a separator is lost and another one too many: then one
place would be blank, and one would hold two figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.numeral import Kind, parse
from reconstruct.checks import total
from reconstruct.filled import FILLED, MANY_COLUMNS, MANY_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from document.reading import Reading
    from document.report import Figure
    from document.template import Address, Equation
    from reconstruct.register import Place, Registration

READ = 0.9
"""Probability from which a figure is taken to be there."""

TELLING = 3
"""Rows with a total that is not 0 whose sums must hold; for each that fails there must be three."""


def counted(found: Registration, readings: Mapping[Address, Reading]) -> frozenset[Address]:
    """Return the figures whose columns are proved by what was read, page by page.

    Only those of rows that add up are, because lines that are bent leave a column in some rows.
    """
    kinds = {c.address: c.type for c in found.table.figures if c.address and c.type}
    values: dict[Address, Figure | None] = {}
    printed: set[Address] = set()
    for address, reading in readings.items():
        if address not in kinds:
            continue
        best = reading.best
        numeral = parse(best.text, kinds[address])
        two = len(best.text) > 1 and best.text[0] == "0" and best.text.isdigit()
        figure = numeral.kind is Kind.NUMBER and not two and reading.legible
        # a row with a blank adds up as well one column further
        values[address] = numeral.addend if figure else None
        if figure and best.probability >= READ:
            printed.add(address)
    rows, keys = _rows(found), {column for _, column in kinds}
    proved: set[Address] = set()
    for number in sorted({place.fragment for place in found.places}):
        here = [place for place in found.places if place.fragment == number]
        if not any(place.countable for place in here) or not _full(keys, here, printed):
            continue
        holding, failing = [], 0
        for places, equation in rows:
            if not places.issubset(one.address for one in here):
                continue
            stated, parts = total(equation.left, values), total(equation.right, values)
            if stated is None or stated != parts:
                failing += stated is not None and parts is not None
            else:
                holding.append((places, stated))
        if sum(stated != 0 for _, stated in holding) >= max(TELLING, 3 * failing):
            sure = set().union(*(places for places, _ in holding))
            proved |= {one.address for one in here if one.countable and one.address in sure}
    return frozenset(proved)


def _rows(found: Registration) -> list[tuple[frozenset[Address], Equation]]:
    """Return the equations that speak of all figures of a row, and of no other."""
    rows: dict[str, set[Address]] = {}
    for figure in found.table.figures:
        if figure.address:
            rows.setdefault(figure.address[0], set()).add(figure.address)
    return [
        (frozenset(equation.cells), equation)
        for equation in found.table.equations
        if set(equation.cells) == rows[equation.cells[0][0]]
    ]


def _full(keys: AbstractSet[str], here: Sequence[Place], printed: AbstractSet[Address]) -> bool:
    """Tell whether a figure is read in most rows of each of the form's columns."""
    columns: dict[str, list[Address]] = {key: [] for key in keys}
    for place in here:
        columns[place.address[1]].append(place.address)
    return len(columns) >= MANY_COLUMNS and all(
        column
        and sum(a in printed for a in column)
        >= (FILLED if len(column) >= MANY_ROWS else 1.0) * len(column)
        for column in columns.values()
    )
