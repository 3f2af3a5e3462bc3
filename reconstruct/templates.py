"""Reads template files: forms as data, checked as a whole before any is used."""

from __future__ import annotations

import tomllib
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from document.errors import TemplateError
from document.message import Message
from document.template import TableTemplate, Template, TemplateCell
from reconstruct.printed_grid import Placed, lay_out
from reconstruct.raw_form import Fault, RawForm, RawTable, read_shape
from reconstruct.spoken import equations_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from document.template import Address, CellType, Equation

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
    name = path.name
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = Message(
            f"无法读取（{error}）；请检查路径，并存为 UTF-8",
            f"cannot be read ({error}); check the path, and save it as UTF-8",
        )
        raise _error([Fault(name, what)]) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = Message(f"不是有效的 TOML（{error}）", f"is not valid TOML ({error})")
        raise _error([Fault(name, what)]) from error
    template, faults = _template(data, name)
    if faults or template is None:
        raise _error(faults)
    return template


def _error(faults: Sequence[Fault]) -> TemplateError:
    lines = [fault.message for fault in dict.fromkeys(faults)]
    message = Message("\n".join(m.zh for m in lines), "\n".join(m.en for m in lines))
    return TemplateError("template", message)


def _template(data: Mapping[str, object], name: str) -> tuple[Template | None, list[Fault]]:
    form, shape_faults = read_shape(RawForm, data, name)
    faults = list(shape_faults)
    if form is None:
        return None, faults
    tables: list[TableTemplate] = []
    unread = False
    for number, raw in enumerate(form.tables, start=1):
        place = f"{name}: table {raw.get('id', number)}"
        table, shape_faults = read_shape(RawTable, raw, place)
        faults += shape_faults
        if table is None:
            unread = True
            continue
        built, table_faults = _table(table, form.variants, place)
        faults += table_faults
        tables.append(built)
    faults += _twice([table.id for table in tables], f"{name}: tables", "id")
    if not unread:  # a table that could not be read may hold the missing labels
        faults += _unprinted(form.variants, tables, name)
    return Template(form.id, form.title, tuple(tables), tuple(form.foreign)), faults


def _unprinted(
    variants: Mapping[str, list[str]], tables: Sequence[TableTemplate], name: str
) -> Iterator[Fault]:
    printed = {cell.label for table in tables for cell in table.cells}
    for label in variants:
        if label not in printed:
            what = Message("没有哪张表印有此标签", "no table prints this label")
            yield Fault(f'{name}: variants."{label}"', what)


def _twice(keys: Sequence[str], place: str, noun: str) -> Iterator[Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            what = Message(
                f"“{key}”出现了{count}次，应只有一次",
                f'the {noun} "{key}" stands there {count} times; once is right',
            )
            yield Fault(place, what)


def _table(
    raw: RawTable, variants: Mapping[str, list[str]], place: str
) -> tuple[TableTemplate, list[Fault]]:
    grid = lay_out(raw.print, tuple(raw.columns), place)
    faults = list(grid.faults)
    used = [cell.address for cell in grid.cells if cell.address is not None]
    faults += _twice([".".join(address) for address in used], f"{place}: print", "figure")
    faults += _keys_unlike(raw, grid.cells, used, place)
    cells = []
    for cell in grid.cells:
        kind = None if cell.address is None else _type_of(cell.address, raw.types)
        if cell.address is not None and kind is None:
            what = Message("types 里没有与此数相配的模式", "no pattern in types fits this figure")
            faults.append(Fault(f"{cell.place} ({'.'.join(cell.address)})", what))
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
            faults.append(Fault(f'{place}: types."{pattern}"', what))
    equations: list[Equation] = []
    for number, spoken in enumerate(raw.equations, start=1):
        found, wrong = equations_of(
            spoken,
            tuple(raw.rows),
            tuple(raw.columns),
            frozenset(used),
            f"{place}: equation {number}",
        )
        equations += found
        faults += wrong
    faults += _twice([e.name for e in equations], f"{place}: equations", "equation")
    table = TableTemplate(
        id=raw.id,
        headings=tuple(raw.headings),
        rows=grid.rows,
        columns=grid.columns,
        cells=tuple(cells),
        equations=tuple(equations),
        row_names=tuple(raw.rows.items()),
        column_names=tuple(raw.columns.items()),
    )
    return table, faults


def _keys_unlike(
    raw: RawTable, cells: Sequence[Placed], used: Sequence[Address], place: str
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
                yield Fault(f"{place}: {noun}.{key}", what)


def _type_of(address: Address, types: Mapping[str, CellType]) -> CellType | None:
    """Return the type of the last pattern that fits: exceptions are written after the rule."""
    fitting = [kind for pattern, kind in types.items() if _fits(pattern, address)]
    return fitting[-1] if fitting else None


def _fits(pattern: str, address: Address) -> bool:
    return fnmatchcase(".".join(address), pattern)
