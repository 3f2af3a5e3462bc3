"""Evaluates a form's relations: inequalities, ratios, figures of several tables and years.

They never change a figure: a breach becomes a finding.
"""

from __future__ import annotations

import operator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from document.message import Message
from document.report import Finding
from document.template import FigureOf
from reconstruct.checks import addend
from reconstruct.spoken import figures_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from document.report import Table
    from document.template import Address, Comparison, Expression, Relation, Template

Years: TypeAlias = "Mapping[int, Sequence[Table]]"
"""The tables of an agency's reports, by how many years they lie before the one in question."""


_COMBINED: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def breaches(template: Template, years: Years) -> tuple[Finding, ...]:
    """Return a finding for every relation of ``template`` that its tables break.

    ``years[0]`` are the tables of the report itself, ``years[1]`` those of the year before. A
    relation is passed over where a figure it speaks of is not there or cannot be read.
    """
    values = {
        (table.table, before): {cell.address: addend(cell) for cell in table.cells}
        for before, tables in years.items()
        for table in tables
        if before or table.template == template.id
    }
    findings = []
    for table in template.tables:
        for relation in table.relations:
            left = evaluated(relation.left, values)
            right = evaluated(relation.right, values)
            if left is None or right is None or holds(relation, left, right):
                continue
            findings.append(_finding(template, relation, left, right))
    return tuple(findings)


def evaluated(
    expression: Expression,
    values: Mapping[tuple[str, int], Mapping[Address, int | Decimal | None]],
) -> Fraction | None:
    """Return the exact value of an expression; None where a figure is missing, or x / 0.

    ``values`` are what the cells of (table, years before) count as in a sum.
    """
    if isinstance(expression, Decimal):
        return Fraction(expression)
    if isinstance(expression, FigureOf):
        there = values.get((expression.table, expression.years_before), {})
        value = there.get(expression.address)
        return None if value is None else Fraction(value)
    left, right = evaluated(expression.left, values), evaluated(expression.right, values)
    if left is None or right is None:
        return None
    if expression.sign == "/" and not right:
        return None
    return _COMBINED[expression.sign](left, right)


def holds(relation: Relation, left: Fraction, right: Fraction) -> bool:
    """Tell whether a relation holds between the values of its sides, within its tolerance."""
    spare = Fraction(relation.within)
    if relation.comparison == "=":
        return abs(left - right) <= spare
    if relation.comparison in {"<", "<="}:
        return left < right + spare or (relation.comparison == "<=" and left == right + spare)
    return left > right - spare or (relation.comparison == ">=" and left == right - spare)


_UNLIKE: Mapping[Comparison, Message] = {
    "=": Message("应等于", "should equal"),
    "<": Message("应小于", "should be less than"),
    "<=": Message("应不大于", "should be no more than"),
    ">": Message("应大于", "should be more than"),
    ">=": Message("应不小于", "should be no less than"),
}


def _finding(template: Template, relation: Relation, left: Fraction, right: Fraction) -> Finding:
    figures = (*figures_of(relation.left), *figures_of(relation.right))
    should = _UNLIKE[relation.comparison]
    spoken = _spoken(template, relation, figures)
    spare_zh = f"（允许相差 {relation.within}）" if relation.within else ""
    spare_en = f" (within {relation.within})" if relation.within else ""
    message = Message(
        f"{spoken}：{_digits(left)} {should.zh} {_digits(right)}{spare_zh}；请核对",
        f"{spoken}: {_digits(left)} {should.en} {_digits(right)}{spare_en}; check these figures",
    )
    here = (f for f in figures if f.table == relation.table and not f.years_before)
    return Finding(
        "relation-noted" if relation.soft else "relation-broken",
        message,
        relation.table,
        tuple(dict.fromkeys(figure.address for figure in here)),
        wants_person=not relation.soft,
    )


def _spoken(template: Template, relation: Relation, figures: Iterable[FigureOf]) -> str:
    """Return the relation's own words, and what its figures are called on the page."""
    tables = {table.id: table for table in template.tables}
    names = []
    for figure in dict.fromkeys(figures):
        table = tables[figure.table]
        row, column = figure.address
        before = f"[-{figure.years_before}]" if figure.years_before else ""
        names.append(f"{table.row_name(row)}·{table.column_name(column)}{before}")
    return f"{relation.name}（{'、'.join(names[:4])}{'…' if names[4:] else ''}）"


def _digits(value: Fraction) -> str:
    """Write a value in digits: exactly where that is short, else to four places."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
