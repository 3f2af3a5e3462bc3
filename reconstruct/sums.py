"""An equation as a small table of text, with its figures filled in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from document.numeral import spell
from reconstruct.checks import total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.message import Language
    from document.report import Figure
    from document.template import Address, Equation, TableTemplate


def written_out(
    template: TableTemplate,
    equation: Equation,
    values: Mapping[Address, Figure | None],
    language: Language = "zh",
) -> str:
    """Write an equation line by line, as one adds up on paper.

    The parts, a rule and their sum; then what the page states, = or ≠ before it, and the
    difference if there is one. Zeros among the parts are left out, and an unreadable figure is
    a question mark.
    """
    parts = [a for a in equation.right if values.get(a) != 0] or list(equation.right[:1])
    lines = [
        ("+" if n else " ", _name(template, a, language), values.get(a))
        for n, a in enumerate(parts)
    ]
    expected, found = total(equation.right, values), total(equation.left, values)
    words = ("合计", "差额") if language == "zh" else ("sum", "difference")
    middle = [(" ", words[0], expected)]
    stated = [
        ("+" if n else _sign(expected, found), _name(template, a, language), values.get(a))
        for n, a in enumerate(equation.left)
    ]
    if expected is not None and found is not None and expected != found:
        stated.append((" ", words[1], found - expected))
    every = [*lines, *middle, *stated]
    wide = max(_width(name) for _, name, _ in every)
    digits = max(len(_text(value)) for *_, value in every)

    def row(line: tuple[str, str, Figure | None]) -> str:
        sign, name, value = line
        return f"{sign} {name}{' ' * (wide - _width(name))}  {_text(value):>{digits}}"

    rule = "-" * (wide + digits + 4)
    return "\n".join([*map(row, lines), rule, *map(row, middle), *map(row, stated)])


def _sign(expected: Figure | None, found: Figure | None) -> str:
    if expected is None or found is None:
        return "?"
    return "=" if expected == found else "≠"


def _name(template: TableTemplate, address: Address, language: Language) -> str:
    row, column = address
    if language == "en":
        return f"{row}.{column}"
    return f"{template.row_name(row)} {template.column_name(column)}"


def _text(value: Figure | None) -> str:
    return "?" if value is None else spell(value)


def _width(text: Sequence[str]) -> int:
    """Return how many columns a terminal needs for a text: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
