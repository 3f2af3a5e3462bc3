"""Joins the cells of a text that stand one below the other, each on its own line, into rows.

Such lines begin with a tab, and an empty line parts rows; or they end with a bar, on the same line
or on the next (what programs that strip web pages make of cells with paragraphs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from document.numeral import Kind, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BARS = re.compile(r"[|｜│┃¦]")
_HEADING = re.compile(r"[一二三四五六七八九十]+、")
_SENTENCE = re.compile(r"[。；！？]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file; ``parted`` tells that bars, tabs or gaps part its cells."""

    page: int
    block: int
    cells: tuple[str, ...]
    parted: bool
    text: str
    beside_break: bool


def rows_of(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of a text, with cells that stand one below the other joined into rows."""
    if _stacked(lines):
        return list(_by_rows(lines))
    lines = _with_ends(lines)
    return list(_by_bars(lines)) if _barred(lines) else lines


def _stacked(lines: Sequence[Line]) -> bool:
    """Tell whether cells stand one below the other, each on a line that begins with a tab."""
    tabbed = [line for line in lines if "\t" in line.text]
    lone = sum(line.text.startswith("\t") and len(line.cells) == 2 for line in tabbed)
    return len(tabbed) > 8 and lone > 0.8 * len(tabbed)


def _by_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Join stacked cells into rows: an empty line, or a line without a tab, ends a row."""
    row: list[Line] = []
    for line in lines:
        tabbed = line.text.startswith("\t")
        wrapped = bool(row) and not tabbed and _goes_on(row[-1], line)
        if row and not wrapped and (line.block != row[-1].block or not tabbed):
            yield _joined(row)
            row = []
        if wrapped:
            last = row[-1]
            cells = (*last.cells[:-1], last.cells[-1] + line.text.strip())
            row[-1] = replace(last, cells=cells, text=last.text + line.text)
        elif tabbed:
            row.append(line)
        else:
            yield line
    if row:
        yield _joined(row)


def _joined(row: Sequence[Line]) -> Line:
    cells = tuple(cell for line in row for cell in line.cells[1:])
    return _row(row[0], cells)


def _row(first: Line, cells: tuple[str, ...]) -> Line:
    return replace(first, block=0, cells=cells, parted=True, text="\t".join(cells))


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a line without a tab goes on with the label above it."""
    text = line.text.strip()
    if above.block != line.block or _HEADING.match(text):
        return False
    if is_figure(above.cells[-1]):
        return is_figure(text)  # a long figure in a narrow cell
    return len(text) <= 24 and not _SENTENCE.search(text)


def _barred(lines: Sequence[Line]) -> bool:
    """Tell whether each cell stands on a line that ends with a bar, and lone bars part rows."""
    bars = [line for line in lines if BARS.search(line.text)]
    lone = sum(_lone(line) for line in bars)
    return lone > 3 and lone + sum(_ended(line) for line in bars) > 0.8 * len(bars)


def _with_ends(lines: Sequence[Line]) -> Sequence[Line]:
    """Put the bars back that end cells, where each stands on a line of its own below its cell."""
    bars = [number for number, line in enumerate(lines) if BARS.search(line.text)]
    below = {n for n in bars if n and _lone(lines[n]) and not BARS.search(lines[n - 1].text)}
    if len(below) < 10 or sum(not _lone(lines[n]) for n in bars) > 0.05 * len(bars):
        return lines
    made: list[Line] = []
    for number, line in enumerate(lines):
        if number not in below:
            made.append(line)
            continue
        cell = made.pop()
        while made and _wraps(made[-1]) and _wraps(cell) and not _figured(made[-1], cell):
            cell = replace(cell, text=made.pop().text.strip() + cell.text.strip())
        text = cell.text.strip()
        made.append(replace(cell, cells=(text,), parted=True, text=f"{text} |"))
    return made


def _figured(one: Line, other: Line) -> bool:
    return is_figure(one.text.strip()) or is_figure(other.text.strip())


def _lone(line: Line) -> bool:
    return BARS.fullmatch(line.text.strip()) is not None


def _ended(line: Line) -> bool:
    """Tell whether a line is one cell, ended by a bar; what follows fills up the row."""
    text = line.text.strip()
    one = line.cells[0] != "" and not any(line.cells[1:])
    return one and BARS.match(text[-1]) is not None and BARS.match(text) is None


def _by_bars(lines: Sequence[Line]) -> Iterator[Line]:
    """Join cells that end with a bar into rows.

    A row goes on until the words of the next one; more bars than one after a cell end it too. A
    lone bar begins a row, or is an empty cell in it: those before a row's words are left in the
    row above, whose last ones they may be. Behind a header's words they may begin the row of
    figures too, and are given to both.
    """
    row: list[Line] = []
    start = ""
    for line, after in zip_longest(lines, lines[1:]):
        if _lone(line):
            if _heads(row):
                yield from _whole(row)
                row = []
            row.append(replace(line, cells=("",)))
        elif _ended(line):
            if _worded(line) and any(map(_worded, row)) and not _worded(row[-1]):
                yield from _whole(row)
                row = []
            if _worded(line) and not any(one.cells[0] for one in row):
                row = []  # as in every other row, whose bars before its words are left above
            row.append(replace(line, cells=(start + line.cells[0], *line.cells[1:])))
            start = ""
            if len(line.cells) > 1:
                yield from _whole(row)
                row = []
        elif row and after is not None and _ended(after) and _wraps(line):
            start = line.text.strip()
        else:
            yield from _whole(row)
            row, start = [], ""
            yield line
    yield from _whole(row)


def _worded(line: Line) -> bool:
    return bool(line.cells[0]) and not is_figure(line.cells[0])


def _heads(row: Sequence[Line]) -> bool:
    """Tell whether a row is one of headers: before figures stand two labels at most."""
    return len(row) > 2 and all(map(_worded, row))


def _whole(row: Sequence[Line]) -> Iterator[Line]:
    """Yield the row that some cells are, if any of them says anything."""
    if any(cell for one in row for cell in one.cells):
        yield _row(row[0], tuple(cell for one in row for cell in one.cells))


def _wraps(line: Line) -> bool:
    """Tell whether a line without a bar is the beginning of a label that goes on below."""
    text = line.text.strip()
    return (
        len(text) <= 24 and not _lone(line) and not _HEADING.match(text) and not BARS.search(text)
    )


def is_figure(text: str) -> bool:
    """Tell whether a text is a figure of some kind."""
    return (
        parse(text, "money").kind is not Kind.OTHER or parse(text, "signed").kind is not Kind.OTHER
    )
