"""Equations as people speak them, turned into equations and relations over addresses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

from document.message import Message
from document.template import Equation, FigureOf, Operation, Relation
from reconstruct.expressions import Combination, Each, Name, UnspokenError, parse_sentence
from reconstruct.raw_form import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from document.template import Address, Expression
    from reconstruct.expressions import Said, Sentence
    from reconstruct.raw_form import Place, RawEquation


@dataclass(frozen=True, slots=True)
class Home:
    """The table an equation is written at: its keys in order, and the figures of all tables."""

    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[str, frozenset[Address]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one spoken equation comes to, expanded over the rows or columns it speaks of."""

    equations: tuple[Equation, ...] = ()
    relations: tuple[Relation, ...] = ()
    faults: tuple[Fault, ...] = ()


def equations_of(raw: RawEquation, home: Home, place: Place) -> Spoken:
    """Expand a spoken equation over the rows or columns it is spoken of.

    "{row}: total = a + b" speaks of columns within each row, "{column}: new = x + y" of rows
    within each column; without either, the parts are full addresses ("fee.amount"). What is a
    plain sum of figures of this table becomes an equation, that repairs may use; all else a
    relation.
    """
    try:
        sentence = parse_sentence(raw.says)
    except UnspokenError as error:
        return Spoken(faults=(Fault(place, error.message),))
    faults = list(_strangers(raw, sentence.each, home, place))
    if sentence.each is None:
        owners: Sequence[str] = [""]
    else:
        keys = home.rows if sentence.each == "row" else home.columns
        owners = keys if raw.only is None else [key for key in raw.only if key in keys]
    equations: list[Equation] = []
    relations: list[Relation] = []
    for owner in owners:
        speaker = _Speaker(home, sentence.each, owner, place)
        left, right = speaker.resolved(sentence.left), speaker.resolved(sentence.right)
        name = (f"{owner}: " if owner else "") + _title(speaker, sentence)
        faults += speaker.faults_of(name, (left, right))
        plain = None if raw.soft or raw.within or sentence.comparison != "=" else [left, right]
        linear = plain and _linear(name, left, right, home.table)
        if linear:
            equations.append(linear)
            if len(set(linear.cells)) < len(linear.cells):
                what = Message(f"“{name}”里同一个数出现两次", f'"{name}" names a figure twice')
                faults.append(Fault(place, what))
        else:
            relations.append(
                Relation(name, home.table, left, sentence.comparison, right, raw.within, raw.soft)
            )
    return Spoken(tuple(equations), tuple(relations), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Speaker:
    """One row or column that an equation is spoken of."""

    home: Home
    each: Each
    owner: str
    place: Place

    def resolved(self, said: Said) -> Expression:
        """Return what is said, with an address for every name."""
        if isinstance(said, Decimal):
            return said
        if isinstance(said, Combination):
            return Operation(said.sign, self.resolved(said.left), self.resolved(said.right))
        table = said.table or self.home.table
        parts: list[Expression] = [
            FigureOf(table, self._address(said.row, key), said.years_before)
            for key in self.keys_of(said)
        ]
        return reduce(lambda a, b: Operation("+", a, b), parts)

    def keys_of(self, name: Name) -> tuple[str, ...]:
        """Return the keys a name stands for: more than one for a range."""
        if name.until is None:
            return (name.key,)
        keys = self.home.columns if self.each == "row" else self.home.rows
        if name.key not in keys or name.until not in keys:
            return (name.key, name.until)  # and be told what is not there
        return keys[keys.index(name.key) : keys.index(name.until) + 1] or (name.key, name.until)

    def _address(self, row: str | None, key: str) -> Address:
        if row is not None:
            return (row, key)
        if self.each == "row":
            return (self.owner, key)
        return (key, self.owner)

    def faults_of(self, name: str, sides: Sequence[Expression]) -> Iterator[Fault]:
        """Yield a fault for every figure that is spoken of and not printed."""
        for figure in dict.fromkeys(f for side in sides for f in figures_of(side)):
            known = self.home.figures.get(figure.table)
            spoken = ".".join(figure.address).rstrip(".")
            if known is None:
                what = Message(
                    f"“{name}”用到没有的表“{figure.table}”",
                    f'"{name}" speaks of the table "{figure.table}", which the form does not have',
                )
            elif figure.address not in known:
                what = Message(
                    f"“{name}”用到表中没有的数“{spoken}”",
                    f'"{name}" speaks of "{spoken}", which the table does not print',
                )
            else:
                continue
            yield Fault(self.place, what)


def figures_of(expression: Expression) -> tuple[FigureOf, ...]:
    """Return the figures of an expression, from left to right."""
    if isinstance(expression, FigureOf):
        return (expression,)
    if isinstance(expression, Operation):
        return figures_of(expression.left) + figures_of(expression.right)
    return ()


def _linear(name: str, left: Expression, right: Expression, table: str) -> Equation | None:
    """Return left = right as an equation of sums within one table; None where it is none.

    What is subtracted goes to the other side.
    """
    on_left, on_right = _summands(left), _summands(right)
    if on_left is None or on_right is None:
        return None
    if any(f.table != table or f.years_before for f, _ in (*on_left, *on_right)):
        return None
    sides: tuple[list[Address], list[Address]] = ([], [])
    for summands, own in ((on_left, 0), (on_right, 1)):
        for figure, positive in summands:
            sides[own if positive else 1 - own].append(figure.address)
    return Equation(name, tuple(sides[0]), tuple(sides[1])) if all(sides) else None


def _summands(said: Expression) -> tuple[tuple[FigureOf, bool], ...] | None:
    """Return the figures of a plain sum, each with whether it is added; None for anything else."""
    if isinstance(said, FigureOf):
        return ((said, True),)
    if not isinstance(said, Operation) or said.sign not in {"+", "-"}:
        return None
    left, right = _summands(said.left), _summands(said.right)
    if left is None or right is None:
        return None
    return left + tuple((figure, added == (said.sign == "+")) for figure, added in right)


def _title(speaker: _Speaker, sentence: Sentence) -> str:
    left, right = (_spelled(speaker, side) for side in (sentence.left, sentence.right))
    return f"{left} {sentence.comparison} {right}"


def _spelled(speaker: _Speaker, said: Said, around: str = "") -> str:
    if isinstance(said, Decimal):
        return f"{said}"
    if isinstance(said, Combination):
        bracketed = around == "/" or (around in {"-", "*"} and said.sign in {"+", "-"})
        left = _spelled(speaker, said.left, "*" if said.sign in {"*", "/"} else "")
        right = _spelled(speaker, said.right, said.sign)
        return f"({left} {said.sign} {right})" if bracketed else f"{left} {said.sign} {right}"
    table = f"{said.table}:" if said.table else ""
    years = f"[-{said.years_before}]" if said.years_before else ""
    row = f"{said.row}." if said.row else ""
    keys = speaker.keys_of(said)
    text = " + ".join(f"{table}{row}{key}{years}" for key in keys)
    return f"({text})" if len(keys) > 1 and around not in {"", "+"} else text


def _strangers(raw: RawEquation, each: Each, home: Home, place: Place) -> Iterator[Fault]:
    """Yield a fault for every key of ``only`` that nothing in the table is called by."""
    keys = home.rows if each == "row" else home.columns if each == "column" else ()
    for key in raw.only or ():
        if key not in keys:
            what = Message(f"only 里的“{key}”不存在", f'"{key}" in only names nothing here')
            yield Fault(place, what)
