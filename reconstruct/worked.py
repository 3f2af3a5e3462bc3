"""An equation with its numbers filled in, for one of its figures: what people check by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.message import Message
from reconstruct.checks import total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.report import Figure
    from document.template import Address, Equation, TableTemplate


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a sum, or several drawn together; ``figure`` is None where one is unreadable.

    ``asked`` marks the figure in question.
    """

    label: Message
    figure: Figure | None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """Σ ``parts`` = Σ ``whole``, in ``scope``: the row or the column that all of them stand in.

    ``difference`` is by how much the whole exceeds its parts, None where that cannot be said.
    """

    scope: Message
    parts: tuple[Term, ...]
    whole: tuple[Term, ...]
    difference: Figure | None


def worked(
    template: TableTemplate,
    equation: Equation,
    values: Mapping[Address, Figure | None],
    asked: Address,
    shown: int = 4,
) -> Worked:
    """Fill the numbers into an equation of figure ``asked``.

    Of a long sum the figure in question and the first ``shown`` others that are not 0 are named;
    the rest is drawn together.
    """
    whole, parts = equation.left, equation.right
    if len(parts) == 1 < len(whole):  # "parts = total" is how people say a sum
        whole, parts = parts, whole
    rows = {row for row, _ in equation.cells}
    columns = {column for _, column in equation.cells}

    def label(address: Address) -> Message:
        row, column = address
        zh, en = [], []
        if len(rows) > 1:
            zh.append(template.row_name(row))
            en.append(row)
        if len(columns) > 1 or len(rows) == 1:
            zh.append(template.column_name(column))
            en.append(column)
        return Message(" ".join(zh), " ".join(en))

    def terms(addresses: Sequence[Address]) -> tuple[Term, ...]:
        telling = [a for a in addresses if values.get(a) != 0 and a != asked][:shown]
        named = [a for a in addresses if a == asked or a in telling]
        if len(addresses) - len(named) == 1 or not named:
            named = list(addresses)
        rest = [a for a in addresses if a not in named]
        found = [Term(label(a), values.get(a), a == asked) for a in named]
        if rest:
            others = Message(f"其余{len(rest)}项", f"{len(rest)} others")
            found.append(Term(others, total(rest, values)))
        return tuple(found)

    stated, expected = total(whole, values), total(parts, values)
    row, column = asked
    return Worked(
        Message(template.row_name(row), row)
        if len(rows) == 1
        else Message(template.column_name(column), column)
        if len(columns) == 1
        else Message("", ""),
        terms(parts),
        terms(whole),
        None if stated is None or expected is None else stated - expected,
    )
