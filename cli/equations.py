"""Small tables in the terminal: the equations of a figure with their numbers filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from cli.speech import plain
from pipeline.explain import difference, filled_in, mark, sums_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.message import Language
    from document.report import Cell, Table
    from document.template import TableTemplate
    from reconstruct.worked import Term, Worked

_INDENT = 6
_WIDEST = 9
"""So many cells of the terminal a label takes above its figure; a Chinese character takes two."""


def pictured(
    cell: Cell, table: Table, form: TableTemplate, language: Language
) -> Iterator[Padding]:
    """Yield a small table for every equation that a figure stands in, those that fail first."""
    for one in sums_of(cell, table, form):
        yield Padding(_drawn(one, cell, language), (0, 0, 0, _INDENT))


def _drawn(one: Worked, cell: Cell, language: Language) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    labels, figures = [Text("")], [Text(mark(one), style="red" if one.difference else "")]
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
    figures.append(Text(difference(one, language), style="red" if one.difference else "dim"))
    grid.add_column(no_wrap=True)
    grid.add_row(*labels)
    grid.add_row(*figures)
    return grid


def _figure(term: Term, cell: Cell) -> Text:
    """Return a figure; that in question is marked."""
    return Text(filled_in(term, cell), style="bold reverse" if term.asked else "")


def _short(label: str) -> str:
    if cell_len(label) <= _WIDEST:
        return label
    label = label.rpartition(" ")[2]  # of a group and its item, the item tells them apart
    if cell_len(label) <= _WIDEST:
        return label
    while cell_len(label) >= _WIDEST:
        label = label[:-1]
    return label + "…"
