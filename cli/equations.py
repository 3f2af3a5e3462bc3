"""Small tables in the terminal: the equations of a figure with their numbers filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from cli.speech import plain
from document.message import Message
from document.numeral import spell
from reconstruct.checks import addend
from reconstruct.worked import worked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.message import Language
    from document.report import Cell, Table
    from document.template import TableTemplate
    from reconstruct.worked import Term, Worked

_INDENT = 6
_WIDEST = 9
"""So many cells of the terminal a label takes above its figure; a Chinese character takes two."""

_NAMED = 3
"""So many figures of a sum are named besides the one in question."""


def pictured(
    cell: Cell, table: Table, form: TableTemplate, language: Language
) -> Iterator[Padding]:
    """Yield a small table for every equation that a figure stands in, those that fail first."""
    values = {one.address: addend(one) for one in table.cells}
    sums = [
        worked(form, equation, values, cell.address, _NAMED)
        for equation in form.equations
        if cell.address in equation.cells
    ]
    for one in sorted(sums, key=lambda one: one.difference == 0):
        yield Padding(_drawn(one, cell, language), (0, 0, 0, _INDENT))


def _drawn(one: Worked, cell: Cell, language: Language) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    labels, figures = [Text("")], [Text(_mark(one), style="red" if one.difference else "")]
    grid.add_column(no_wrap=True)
    for side, sign in ((one.parts, "+"), (one.whole, "+")):
        for number, term in enumerate(side):
            labels.append(Text(_short(plain(term.label.say(language))), style="dim"))
            figures.append(_figure(term, cell))
            grid.add_column(justify="right", no_wrap=True)
            last = number == len(side) - 1
            between = sign if not last else "=" if side is one.parts else ""
            if side is one.parts and last and one.difference:
                between = "≠"
            labels.append(Text(""))
            figures.append(Text(between))
            grid.add_column(no_wrap=True)
    scope = _short(plain(one.scope.say(language)))
    labels.append(Text(f"（{scope}）" if scope else "", style="dim"))
    figures.append(Text(_difference(one, language), style="red" if one.difference else "dim"))
    grid.add_column(no_wrap=True)
    grid.add_row(*labels)
    grid.add_row(*figures)
    return grid


def _mark(one: Worked) -> str:
    if one.difference is None:
        return "?"
    return "≠" if one.difference else "✓"


def _figure(term: Term, cell: Cell) -> Text:
    """Return a figure; that in question is marked, and an unreadable one shows what is implied."""
    text = "?" if term.figure is None else spell(term.figure)
    if term.asked and term.figure is None and cell.suggestion is not None:
        text = f"?→{spell(cell.suggestion)}"
    return Text(text, style="bold reverse" if term.asked else "")


def _difference(one: Worked, language: Language) -> str:
    if not one.difference:
        return ""
    size = spell(one.difference)
    return Message(f"差 {size}", f"off by {size}").say(language)


def _short(label: str) -> str:
    if cell_len(label) <= _WIDEST:
        return label
    label = label.rpartition(" ")[2]  # of a group and its item, the item tells them apart
    if cell_len(label) <= _WIDEST:
        return label
    while cell_len(label) >= _WIDEST:
        label = label[:-1]
    return label + "…"
