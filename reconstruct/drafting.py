"""Makes a template of a form nobody has described yet, from what its pages show."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from document.numeral import Kind, parse
from reconstruct.wording import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.template import Address, CellType


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell of a table as seen on a page: its place on the grid, and what is printed there.

    ``figure`` tells that the text is a number or a dash.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    figure: bool = False

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Where it stands, and how large it is."""
        return (self.row, self.column, self.row_span, self.column_span)


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table as seen on a page, and the line above it; its cells tile rows × columns."""

    rows: int
    columns: int
    cells: tuple[SeenCell, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table of the draft: labels and addresses, names of the keys, and the figures seen.

    ``samples`` holds for each page what its figures count as; None where nobody could read it.
    """

    heading: str
    rows: int
    columns: int
    labels: tuple[SeenCell, ...]
    places: tuple[tuple[SeenCell, Address], ...]
    row_names: tuple[tuple[str, str], ...]
    column_names: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, CellType], ...]
    samples: tuple[dict[Address, Decimal | None], ...]


SECTION = re.compile(r"[:：]$")
"""How the label of a line ends that only heads the lines below it."""

_TYPES: tuple[CellType, ...] = (
    *("count", "signed", "amount", "decimal", "signed-decimal", "percent", "money"),
)
"""In this order tried: the first that can hold all figures of a column."""


def alike(one: SeenTable, other: SeenTable) -> bool:
    """Tell whether two pages show the same form: the same cells, most labels the same."""
    if (one.rows, one.columns) != (other.rows, other.columns):
        return False
    texts = {cell.place: normal(cell.text) for cell in other.cells if not cell.figure}
    labels = [cell for cell in one.cells if cell.text and not cell.figure]
    same = sum(texts.get(cell.place) == normal(cell.text) for cell in labels)
    return 2 * same > len(labels)


def draft(seen: Sequence[SeenTable]) -> DraftTable | None:
    """Draft a table from pages that show the same form; None where it has no place for figures."""
    first = _agreed(seen)
    figures = _figures((first, *seen[1:]))
    if not figures:
        return None
    top = min(cell.row for cell in figures)
    labels = tuple(cell for cell in first.cells if cell not in figures)
    row_of = {cell: (cell.row, _row_label(cell, labels, top)) for cell in figures}
    column_of = _column_names(figures, row_of, labels, top)
    rows = {one: f"r{n}" for n, one in enumerate(dict.fromkeys(row_of.values()), start=1)}
    ordered = sorted(figures, key=lambda cell: (cell.column, cell.row))
    names = dict.fromkeys(column_of[cell] for cell in ordered)
    columns = {one: f"c{n}" for n, one in enumerate(names, start=1)}
    places = tuple((cell, (rows[row_of[cell]], columns[column_of[cell]])) for cell in figures)
    return DraftTable(
        heading=next((page.heading for page in seen if page.heading), ""),
        rows=first.rows,
        columns=first.columns,
        labels=labels,
        places=places,
        row_names=tuple((key, _name_of(label, labels) or key) for (_, label), key in rows.items()),
        column_names=tuple((key, name) for name, key in columns.items()),
        types=_types(seen, places),
        samples=tuple(_values(page, places) for page in seen),
    )


def _agreed(seen: Sequence[SeenTable]) -> SeenTable:
    """Return the first page with each label as most pages have it: readers misread some."""
    texts: dict[tuple[int, int, int, int], list[str]] = {}
    for page in seen:
        for cell in page.cells:
            if cell.text and not cell.figure:
                texts.setdefault(cell.place, []).append(cell.text)
    cells = []
    for cell in seen[0].cells:
        here = texts.get(cell.place, [])
        said = max(here, key=here.count, default="")  # of equally many the first page's
        cells.append(cell if cell.figure or not here else replace(cell, text=said))
    return replace(seen[0], cells=tuple(cells))


def _figures(seen: Sequence[SeenTable]) -> tuple[SeenCell, ...]:
    """Return the cells of the first page that are places of figures."""
    first = seen[0]
    shown = {cell.place for page in seen for cell in page.cells if cell.figure}
    lettered = {cell.place for page in seen for cell in page.cells if cell.text and not cell.figure}
    numbered = _line_numbers(seen)
    counted = {
        cell.place
        for cell in first.cells
        if cell.place in shown and cell.place not in lettered and cell.column not in numbered
    }
    if not counted:  # a blank form: whatever is empty beside a label waits for a figure
        counted = {cell.place for cell in first.cells if not cell.text and _beside(cell, first)}
    columns = {(column, wide) for _, column, _, wide in counted}
    top = min((row for row, *_ in counted), default=first.rows)
    labels = [cell for cell in first.cells if cell.text and not cell.figure]
    filled = {
        _row_label(cell, labels, top) for cell in first.cells if cell.place in counted & shown
    }
    blank = {
        cell.place
        for cell in first.cells
        if cell.place not in lettered
        and not cell.figure
        and (cell.column, cell.column_span) in columns
        and cell.row >= top
        and _beside(cell, first)
        and ((label := _row_label(cell, labels, top)) in filled or not _is_section(label))
    }
    return tuple(cell for cell in first.cells if cell.place in counted | blank)


def _line_numbers(seen: Sequence[SeenTable]) -> frozenset[int]:
    """Return the columns that only number the lines from 1 on."""
    found = set()
    for column in range(seen[0].columns):
        texts = [c.text for c in seen[0].cells if c.column == column and c.figure]
        numbers = [int(text) for text in texts if text.isdigit()]
        if len(numbers) >= 3 and len(numbers) == len(texts):
            steps = {b - a for a, b in pairwise(numbers)}
            if steps == {1} and numbers[0] == 1:
                found.add(column)
    return frozenset(found)


def _beside(cell: SeenCell, page: SeenTable) -> bool:
    """Tell whether a label stands in the line of a cell, to its left; or none in all the line."""
    beside = [
        other.column
        for other in page.cells
        if other.text and not other.figure and other.row <= cell.row < other.row + other.row_span
    ]
    return any(column < cell.column for column in beside) or (not beside and cell.row > 0)


def _is_section(label: SeenCell | None) -> bool:
    return label is not None and bool(SECTION.search(label.text))


def _row_label(cell: SeenCell, labels: Sequence[SeenCell], top: int) -> SeenCell | None:
    """Return the label nearest to the left of a figure, in its line."""
    beside = [
        label
        for label in labels
        if label.text
        and not label.figure
        and label.column < cell.column
        and label.row <= cell.row < label.row + label.row_span
        and label.row >= top
    ]
    return max(beside, key=lambda label: label.column, default=None)


def _name_of(label: SeenCell | None, labels: Sequence[SeenCell]) -> str:
    """Return a line's name: its label, after those of the taller cells beside it."""
    if label is None:
        return ""
    around = [
        other.text
        for other in labels
        if other.row_span > label.row_span
        and other.column < label.column
        and other.row <= label.row < other.row + other.row_span
        and not other.figure
    ]
    return " ".join([*around, label.text]).strip()


def _column_names(
    figures: Sequence[SeenCell],
    row_of: dict[SeenCell, tuple[int, SeenCell | None]],
    labels: Sequence[SeenCell],
    top: int,
) -> dict[SeenCell, str]:
    """Return the name of each figure's column; one that a line has twice gets a number."""
    found: dict[SeenCell, str] = {}
    taken: set[tuple[tuple[int, SeenCell | None], str]] = set()
    for cell in figures:
        name = plain = _column_name(cell, labels, top)
        number = 2
        while (row_of[cell], name) in taken:
            name = f"{plain} {number}"
            number += 1
        taken.add((row_of[cell], name))
        found[cell] = name
    return found


def _column_name(cell: SeenCell, labels: Sequence[SeenCell], top: int) -> str:
    """Return the labels above a figure from the top down, those of the header."""
    above = [
        label
        for label in labels
        if label.text
        and label.row + label.row_span <= max(top, 1)
        and label.column <= cell.column < label.column + label.column_span
    ]
    texts = [label.text for label in sorted(above, key=lambda label: label.row)]
    return " ".join(dict.fromkeys(texts)) or f"第{cell.column + 1}列"


def _types(
    seen: Sequence[SeenTable], places: Sequence[tuple[SeenCell, Address]]
) -> tuple[tuple[str, CellType], ...]:
    """Return the type of most figures, then those of columns and figures that differ."""
    texts = {
        address: [one.text for page in seen for one in page.cells if one.place == cell.place]
        for cell, address in places
    }
    filled = {address: printed for address, printed in texts.items() if any(printed)}
    kinds = [_type_of(printed) for printed in filled.values()]
    if {"decimal", "signed-decimal"} <= set(kinds):  # one that is less than zero stands for all
        kinds = ["signed-decimal" if kind == "decimal" else kind for kind in kinds]
    common = max(dict.fromkeys(kinds), key=kinds.count, default=_TYPES[0])
    found: list[tuple[str, CellType]] = [("*.*", common)]
    for column in dict.fromkeys(column for _, column in texts):
        here = {a: printed for a, printed in filled.items() if a[1] == column}
        unlike = [a for a, printed in here.items() if not _holds(common, printed)]
        if len(unlike) > len(here) / 2:
            found.append((f"*.{column}", _type_of([t for a in here for t in here[a]])))
        else:
            found += [(".".join(a), _type_of(here[a])) for a in unlike]
    return tuple(found)


def _holds(kind: CellType, texts: Sequence[str]) -> bool:
    return all(parse(text, kind).kind is not Kind.OTHER for text in texts)


def _type_of(texts: Sequence[str]) -> CellType:
    return next((kind for kind in _TYPES if _holds(kind, texts)), "signed-decimal")


def _values(
    page: SeenTable, places: Sequence[tuple[SeenCell, Address]]
) -> dict[Address, Decimal | None]:
    """Return what each figure of a page counts as in a sum."""
    texts = {cell.place: cell.text for cell in page.cells}
    found: dict[Address, Decimal | None] = {}
    for cell, address in places:
        addend = parse(texts.get(cell.place, ""), "signed-decimal").addend
        found[address] = None if addend is None else Decimal(addend)
    return found
