"""What is said elsewhere of figures: in the report's prose, and by the year before's report.

A hint is a soft equation: a sum of figures equals a number, unless it does not, at a price that
was learnt from published reports. It speaks only where the table's own equations fail and leave
the question open whose fault it is; a table that adds up is never touched by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.message import Message
from document.report import Status
from document.template import FigureOf
from reconstruct.checks import addend
from reconstruct.inequalities import evaluated
from reconstruct.spoken import figures_of
from reconstruct.thresholds import CARRIED_OVER, SAID_IN_PROSE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.report import Figure, Table
    from document.template import Address, TableTemplate
    from reconstruct.prose import Statement


@dataclass(frozen=True, slots=True)
class Hint:
    """A sum of figures that is said to be ``number``; ``price`` (nats) if it is not.

    ``source`` says where. Where another year, or the prose, counts otherwise, much of what it
    says differs at once: all hints of a source share its price.
    """

    figures: tuple[Address, ...]
    number: int
    price: float
    says: Message
    source: str = "prose"


def from_prose(said: Sequence[Statement], table: Table) -> tuple[Hint, ...]:
    """Return what prose says of a table, in the sense that it usually has.

    Where it says two different things of the same, it says nothing. Rows that an edition of the
    form does not have count as 0.
    """
    there = {cell.address for cell in table.cells}
    numbers: dict[tuple[Address, ...], set[int]] = {}
    names: dict[tuple[Address, ...], str] = {}
    for one in said:
        figures = tuple(a for a in one.phrase.means[0] if a in there)
        if one.phrase.table == table.table and figures:
            numbers.setdefault(figures, set()).add(one.number)
            names[figures] = one.phrase.name
    return tuple(
        Hint(
            figures,
            number,
            SAID_IN_PROSE,
            Message(f"正文称“{names[figures]}”为 {number}", f"the text says {number}"),
        )
        for figures, found in numbers.items()
        if len(found) == 1
        for number in found
    )


def from_years(form: TableTemplate, years: Mapping[int, Sequence[Table]]) -> tuple[Hint, ...]:
    """Return what a form's soft equations say of figures, given those of years before.

    ``years`` holds tables by how many years before. Figures that are in doubt there say nothing.
    """
    values: dict[tuple[str, int], dict[Address, Figure | None]] = {
        (table.table, before): {
            cell.address: None
            if cell.needs_review or cell.status is Status.DISPUTED
            else addend(cell)
            for cell in table.cells
        }
        for before, tables in years.items()
        if before > 0
        for table in tables
    }
    hints = []
    for relation in form.relations:
        here = relation.left
        if not relation.soft or relation.comparison != "=" or not isinstance(here, FigureOf):
            continue
        if here.years_before or here.table != form.id:
            continue
        if any(not figure.years_before for figure in figures_of(relation.right)):
            continue
        number = evaluated(relation.right, values)
        if number is not None and number.denominator == 1:
            total = number.numerator
            says = Message(f"上年报告为 {total}", f"the year before's report says {total}")
            hints.append(Hint((here.address,), total, CARRIED_OVER, says, "years"))
    return tuple(hints)
