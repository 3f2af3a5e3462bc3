"""The printed grid of a form: lines of cells with spans, laid out like an HTML table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from document.message import Message
from reconstruct.raw_form import Fault, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.template import Address

_CELL = re.compile(r"(?P<text>[^|]*)(?:\|(?P<columns>[1-9]\d*)(?:x(?P<rows>[1-9]\d*))?)?")
_FIGURE = re.compile(r"=(?P<row>[a-z]\w*)\.(?P<column>[a-z]\w*|\*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell of the printed grid at its computed position; ``address`` is None for a label."""

    row: int
    column: int
    row_span: int
    column_span: int
    label: str
    address: Address | None
    place: Place


@dataclass(frozen=True, slots=True)
class _Item:
    """One cell as written, before it has a position."""

    label: str
    address: Address | None
    column_span: int
    row_span: int
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """A laid out table of ``rows`` × ``columns`` bands."""

    rows: int
    columns: int
    cells: tuple[Placed, ...]
    faults: tuple[Fault, ...]


def lay_out(lines: Sequence[Sequence[str]], columns: Sequence[str], place: Place) -> Grid:
    """Give every cell of ``lines`` its position in the grid.

    A cell goes to the next free slot of its line; slots are taken by cells of the same line
    and by those above that reach down. ``columns`` are the keys that ``.*`` stands for.
    Overlaps, cells that reach below the last line and lines of unequal length are faults.
    """
    faults: list[Fault] = []
    taken: dict[tuple[int, int], Place] = {}
    cells: list[Placed] = []
    for row, line in enumerate(lines):
        column = 0
        for item in _items(line, columns, _line(place, row), faults):
            while (row, column) in taken:
                column += 1
            cell = Placed(
                row, column, item.row_span, item.column_span, item.label, item.address, item.place
            )
            cells.append(cell)
            faults += _take(cell, taken, len(lines))
            column += item.column_span
    width, ragged = _width(taken, len(lines), place)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(len(lines), width, tuple(cells), (*faults, *ragged))


def _line(place: Place, row: int) -> Place:
    return place.inside(f"print line {row + 1}", "print", row)


def _items(
    line: Sequence[str], columns: Sequence[str], place: Place, faults: list[Fault]
) -> Iterator[_Item]:
    if not line:
        faults.append(Fault(place, Message("此行没有单元格", "has no cells")))
    for number, written in enumerate(line, start=1):
        here = replace(
            place,
            words=(*place.words[:-1], f"{place.words[-1]}, cell {number}"),
            path=(*place.path, number - 1),
        )
        cell = _CELL.fullmatch(written)
        if cell is None:
            faults.append(
                Fault(
                    here,
                    Message(
                        f"“{written}”应写作“文字|列数x行数”",
                        f'"{written}" should be written "text|columns x rows", such as "text|2x3"',
                    ),
                )
            )
            yield _Item(written, None, 1, 1, here)
            continue
        text = cell["text"]
        column_span, row_span = int(cell["columns"] or 1), int(cell["rows"] or 1)
        figure = _FIGURE.fullmatch(text)
        if figure is not None:
            keys = columns if figure["column"] == "*" else [figure["column"]]
            for key in keys:
                yield _Item("", (figure["row"], key), column_span, row_span, here)
            continue
        if text.startswith("="):
            faults.append(
                Fault(
                    here,
                    Message(f"“{text}”应写作“=行.列”", f'"{text}" should be written "=row.column"'),
                )
            )
        yield _Item(text, None, column_span, row_span, here)


def _take(cell: Placed, taken: dict[tuple[int, int], Place], rows: int) -> list[Fault]:
    """Mark the slots of ``cell`` as taken; return what stands in its way."""
    faults: list[Fault] = []
    below = cell.row + cell.row_span
    if below > rows:
        what = Message(
            f"此格向下占到第{below}行，而表只有{rows}行",
            f"reaches down to line {below}, but there are only {rows}",
        )
        faults.append(Fault(cell.place, what))
    rivals: dict[Place, None] = {}
    for row in range(cell.row, min(below, rows)):
        for column in range(cell.column, cell.column + cell.column_span):
            rival = taken.setdefault((row, column), cell.place)
            if rival != cell.place:
                rivals[rival] = None
    for rival in rivals:
        what = Message(f"此格与（{rival}）重叠", f"overlaps the cell at ({rival})")
        faults.append(Fault(cell.place, what))
    return faults


def _width(taken: dict[tuple[int, int], Place], rows: int, place: Place) -> tuple[int, list[Fault]]:
    """Return how many columns most lines fill, and a fault for each line that fills others."""
    filled: list[set[int]] = [set() for _ in range(rows)]
    for row, column in taken:
        filled[row].add(column)
    counts = Counter(len(columns) for columns in filled)
    width = max(counts, key=lambda count: (counts[count], count))
    faults = []
    for row, columns in enumerate(filled):
        if columns != set(range(width)):
            what = Message(
                f"此行占{len(columns)}列，其他行占{width}列",
                f"fills {len(columns)} columns where most lines fill {width}",
            )
            faults.append(Fault(_line(place, row), what))
    return width, faults
