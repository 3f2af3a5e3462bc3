"""Reads template files: forms as data, checked as a whole before any is used."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from document.errors import TemplateError
from document.message import Message
from document.template import TableTemplate, Template, TemplateCell
from reconstruct.printed_grid import Placed, lay_out
from reconstruct.raw_form import Fault, Place, RawForm, RawTable, read_shape
from reconstruct.spoken import Home, Spoken, equations_of
from reconstruct.toml_lines import line_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from document.template import Address, CellType

_BUILTIN = ("cn-foi-2021.toml", "cn-foi-2019.toml")
"""The forms that come with Gouji, the one in use first."""


@cache
def builtin() -> tuple[Template, ...]:
    """Return the forms that come with Gouji: that of 2021 first, then that of 2019."""
    folder = resources.files("reconstruct") / "forms"
    return tuple(load(folder / name) for name in _BUILTIN)


def load(path: Path | Traversable) -> Template:
    """Read the form in the TOML file at ``path``.

    Raises TemplateError, whose message lists every fault of the file with its place, one a
    line.
    """
    template, faults = examined(path)
    if faults or template is None:
        raise _error(faults)
    return template


def examined(path: Path | Traversable) -> tuple[Template | None, tuple[Fault, ...]]:
    """Return what can be made of the file at ``path``, and all its faults from the top down."""
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = Message(
            f"无法读取（{error}）；请检查路径，并存为 UTF-8",
            f"cannot be read ({error}); check the path, and save it as UTF-8",
        )
        return None, (Fault(Place(name), what),)
    return of_text(text, name)


def of_text(text: str, name: str) -> tuple[Template | None, tuple[Fault, ...]]:
    """Return what can be made of a template's ``text``, and all its faults."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        what = Message(f"不是有效的 TOML（{error}）", f"is not valid TOML ({error})")
        return None, (Fault(Place(name), what),)
    template, faults = _template(data, Place(name, lines=line_numbers(text)))
    return template, tuple(sorted(dict.fromkeys(faults), key=lambda f: f.place.line or 0))


def _error(faults: Sequence[Fault]) -> TemplateError:
    lines = [fault.message for fault in faults]
    message = Message("\n".join(m.zh for m in lines), "\n".join(m.en for m in lines))
    return TemplateError("template", message)


def _template(data: Mapping[str, object], file: Place) -> tuple[Template | None, list[Fault]]:
    form, shape_faults = read_shape(RawForm, data, file)
    faults = list(shape_faults)
    if form is None:
        return None, faults
    tables: list[tuple[RawTable, TableTemplate, Place]] = []
    unread = False
    for number, raw in enumerate(form.tables):
        place = file.inside(f"table {raw.get('id', number + 1)}", "tables", number)
        table, shape_faults = read_shape(RawTable, raw, place)
        faults += shape_faults
        if table is None:
            unread = True
            continue
        built, table_faults = _table(table, form.variants, place)
        faults += table_faults
        tables.append((table, built, place))
    figures = {
        laid.id: frozenset(cell.address for cell in laid.figures if cell.address)
        for _, laid, _ in tables
    }
    finished = []
    for written, laid, place in tables:
        spoken = _spoken(written, figures, place)
        finished.append(replace(laid, equations=spoken.equations, relations=spoken.relations))
        faults += spoken.faults
    faults += _twice([table.id for table in finished], file.inside("tables", "tables"), "id")
    if not unread:  # a table that could not be read may hold the missing labels
        faults += _unprinted(form.variants, finished, file)
    return Template(form.id, form.title, tuple(finished), tuple(form.foreign)), faults


def _spoken(raw: RawTable, figures: Mapping[str, frozenset[Address]], place: Place) -> Spoken:
    """Expand all equations of a table."""
    home = Home(raw.id, tuple(raw.rows), tuple(raw.columns), figures)
    each = [
        equations_of(spoken, home, place.inside(f"equation {number + 1}", "equations", number))
        for number, spoken in enumerate(raw.equations)
    ]
    equations = tuple(equation for one in each for equation in one.equations)
    relations = tuple(relation for one in each for relation in one.relations)
    names = [*(one.name for one in equations), *(one.name for one in relations)]
    twice = _twice(names, place.inside("equations", "equations"), "equation")
    return Spoken(equations, relations, (*(f for one in each for f in one.faults), *twice))


def _unprinted(
    variants: Mapping[str, list[str]], tables: Sequence[TableTemplate], file: Place
) -> Iterator[Fault]:
    printed = {cell.label for table in tables for cell in table.cells}
    for label in variants:
        if label not in printed:
            what = Message("没有哪张表印有此标签", "no table prints this label")
            yield Fault(file.inside(f'variants."{label}"', "variants", label), what)


def _twice(keys: Sequence[str], place: Place, noun: str) -> Iterator[Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            what = Message(
                f"“{key}”出现了{count}次，应只有一次",
                f'the {noun} "{key}" stands there {count} times; once is right',
            )
            yield Fault(place, what)


def _table(
    raw: RawTable, variants: Mapping[str, list[str]], place: Place
) -> tuple[TableTemplate, list[Fault]]:
    """Lay out a table; its equations may speak of others and wait until all are laid out."""
    grid = lay_out(raw.print, tuple(raw.columns), place)
    faults = list(grid.faults)
    used = [cell.address for cell in grid.cells if cell.address is not None]
    dotted = [".".join(address) for address in used]
    faults += _twice(dotted, place.inside("print", "print"), "figure")
    faults += _keys_unlike(raw, grid.cells, used, place)
    cells = []
    for cell in grid.cells:
        kind = None if cell.address is None else _type_of(cell.address, raw.types)
        if cell.address is not None and kind is None:
            what = Message(
                f"types 里没有与“{'.'.join(cell.address)}”相配的模式",
                f'no pattern in types fits "{".".join(cell.address)}"',
            )
            faults.append(Fault(cell.place, what))
        cells.append(
            TemplateCell(
                row=cell.row,
                column=cell.column,
                row_span=cell.row_span,
                column_span=cell.column_span,
                label=cell.label,
                variants=tuple(variants.get(cell.label, ())),
                address=cell.address,
                type=kind,
            )
        )
    for pattern in raw.types:
        if not any(_fits(pattern, address) for address in used):
            what = Message("没有与此模式相配的数", "no figure fits this pattern")
            faults.append(Fault(place.inside(f'types."{pattern}"', "types", pattern), what))
    table = TableTemplate(
        id=raw.id,
        headings=tuple(raw.headings),
        rows=grid.rows,
        columns=grid.columns,
        cells=tuple(cells),
        equations=(),
        row_names=tuple(raw.rows.items()),
        column_names=tuple(raw.columns.items()),
    )
    return table, faults


def _keys_unlike(
    raw: RawTable, cells: Sequence[Placed], used: Sequence[Address], place: Place
) -> Iterator[Fault]:
    """Yield a fault for a key that is printed and not named, or named and not printed."""
    for cell in cells:
        if cell.address is None:
            continue
        row, column = cell.address
        for key, names, noun in ((row, raw.rows, "rows"), (column, raw.columns, "columns")):
            if key not in names:
                what = Message(f"“{key}”没有在 {noun} 里命名", f'"{key}" is not named in {noun}')
                yield Fault(cell.place, what)
    for noun, names, position in (("rows", raw.rows, 0), ("columns", raw.columns, 1)):
        for key in names:
            if all(address[position] != key for address in used):
                what = Message("表中没有用到此名", "names nothing that the table prints")
                yield Fault(place.inside(f"{noun}.{key}", noun, key), what)


def _type_of(address: Address, types: Mapping[str, CellType]) -> CellType | None:
    """Return the type of the last pattern that fits: exceptions are written after the rule."""
    fitting = [kind for pattern, kind in types.items() if _fits(pattern, address)]
    return fitting[-1] if fitting else None


def _fits(pattern: str, address: Address) -> bool:
    return fnmatchcase(".".join(address), pattern)
