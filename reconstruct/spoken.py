"""Equations as people speak them, turned into equations over addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.message import Message
from document.template import Equation
from reconstruct.raw_form import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.template import Address
    from reconstruct.raw_form import RawEquation

Each: TypeAlias = Literal["row", "column"] | None
"""What an equation is spoken of: every row, every column, or the figures it names."""

_SPOKEN = re.compile(r"(?:\{(?P<each>row|column)\}\s*:)?(?P<left>[^=:{}]+)=(?P<right>[^=:{}]+)")


def equations_of(
    raw: RawEquation,
    rows: Sequence[str],
    columns: Sequence[str],
    addresses: frozenset[Address],
    place: str,
) -> tuple[tuple[Equation, ...], tuple[Fault, ...]]:
    """Expand a spoken equation over the rows or columns it is spoken of.

    "{row}: total = a + b" speaks of columns within each row, "{column}: new = x + y" of rows
    within each column; without either, the parts are full addresses ("fee.amount").
    """
    spoken = _SPOKEN.fullmatch(raw.says.strip())
    if spoken is None:
        what = Message(
            f"“{raw.says}”应写作“{{row}}: 总计 = 甲 + 乙”",
            f'"{raw.says}" should be spoken like "{{row}}: total = first + second"',
        )
        return (), (Fault(place, what),)
    left, right = _parts(spoken["left"]), _parts(spoken["right"])
    if not all(left + right):
        what = Message(
            f"“{raw.says}”里有空的加数", f'"{raw.says}" has a sign with nothing beside it'
        )
        return (), (Fault(place, what),)
    each = _each(spoken["each"])
    faults = list(_strangers(raw, each, rows, columns, place))
    if each is None:
        owners: Sequence[str] = [""]
    else:
        keys = rows if each == "row" else columns
        owners = keys if raw.only is None else [key for key in raw.only if key in keys]
    found = []
    for owner in owners:
        equation = Equation(
            name=(f"{owner}: " if owner else "") + f"{' + '.join(left)} = {' + '.join(right)}",
            left=tuple(_address(part, each, owner) for part in left),
            right=tuple(_address(part, each, owner) for part in right),
        )
        missing = [a for a in dict.fromkeys(equation.cells) if a not in addresses]
        for address in missing:
            name = ".".join(address)
            what = Message(
                f"“{equation.name}”用到表中没有的数“{name}”",
                f'"{equation.name}" speaks of "{name}", which the table does not print',
            )
            faults.append(Fault(place, what))
        if len(set(equation.cells)) < len(equation.cells):
            what = Message(
                f"“{equation.name}”里同一个数出现两次", f'"{equation.name}" names a figure twice'
            )
            faults.append(Fault(place, what))
        found.append(equation)
    return tuple(found), tuple(faults)


def _each(written: str | None) -> Each:
    if written == "row":
        return "row"
    return "column" if written == "column" else None


def _parts(side: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in side.split("+"))


def _address(part: str, each: Each, owner: str) -> Address:
    if each == "row":
        return (owner, part)
    if each == "column":
        return (part, owner)
    row, _, column = part.partition(".")
    return (row, column)


def _strangers(
    raw: RawEquation,
    each: Each,
    rows: Sequence[str],
    columns: Sequence[str],
    place: str,
) -> Iterator[Fault]:
    """Yield a fault for every key of ``only`` that nothing in the table is called by."""
    keys = rows if each == "row" else columns if each == "column" else ()
    for key in raw.only or ():
        if key not in keys:
            what = Message(f"only 里的“{key}”不存在", f'"{key}" in only names nothing here')
            yield Fault(place, what)
