"""Writes a drafted form as a template file, with remarks for the person who goes on with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from document.message import Language, Message
from reconstruct.guessing import Guess, Item, guesses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from document.template import Address
    from reconstruct.drafting import DraftTable, SeenCell


def to_toml(tables: Sequence[DraftTable], name: str, language: Language) -> str:
    """Return a template file for ``tables``; ``name`` is what the scans are called.

    It has no faults, though it may be wrong: guesses that no page proves are left as comments.
    """
    remark = Message(
        f"# 由 {_comment(name)} 起草；请核对标签、名称、类型与等式，再运行 gouji template check。\n"
        "# 键名（r1、c1…）可改成易懂的英文小写词；写法见 docs/templates.md。",
        f"# Drafted from {_comment(name)}. Check labels, names, types and equations, then run\n"
        "# gouji template check. The keys (r1, c1 …) may be given better names.\n"
        "# How such a file is written: docs/templates.md.",
    ).say(language)
    title = next((table.heading for table in tables if table.heading), name)
    parts = [remark, "", f"id = {_quoted('draft/' + name)}", f"title = {_quoted(title)}"]
    for number, table in enumerate(tables, start=1):
        parts += ["", *_table(table, f"table{number}", title, language)]
    return "\n".join(parts) + "\n"


def _table(table: DraftTable, name: str, title: str, language: Language) -> Iterator[str]:
    yield "[[tables]]"
    yield f"id = {_quoted(name)}"
    yield f"headings = [{_quoted(table.heading or title)}]"
    yield "print = ["
    columns = [key for key, _ in table.column_names]
    cells = {cell: _written(cell, ".".join(("", *address))[1:]) for cell, address in table.places}
    cells |= {label: _written(label, None) for label in table.labels}
    address_of = dict(table.places)
    for row in range(table.rows):
        line = sorted((c for c in cells if c.row == row), key=lambda c: c.column)
        yield f"  [{', '.join(_folded(line, cells, address_of, columns))}],"
    yield "]"
    yield ""
    yield "[tables.rows]"
    yield from (f"{key} = {_quoted(named)}" for key, named in table.row_names)
    yield ""
    yield "[tables.columns]"
    yield from (f"{key} = {_quoted(named)}" for key, named in table.column_names)
    yield ""
    yield "[tables.types]"
    yield from (f"{_quoted(pattern)} = {_quoted(kind)}" for pattern, kind in table.types)
    yield from _equations(table, language)


def _folded(
    line: Sequence[SeenCell],
    cells: Mapping[SeenCell, str],
    address_of: Mapping[SeenCell, Address],
    columns: Sequence[str],
) -> Iterator[str]:
    """Yield the cells of a printed line; figures in all columns, in order, are written as one."""
    at = 0
    while at < len(line):
        run = line[at : at + len(columns)]
        addresses = [address_of[cell] for cell in run if cell in address_of]
        plain = all(cell.column_span == cell.row_span == 1 for cell in run)
        if len(columns) > 1 and plain and [key for _, key in addresses] == list(columns):
            yield _quoted(f"={addresses[0][0]}.*")
            at += len(columns)
        else:
            yield cells[line[at]]
            at += 1


def _written(cell: SeenCell, address: str | None) -> str:
    spans = ""
    if cell.row_span > 1:
        spans = f"|{cell.column_span}x{cell.row_span}"
    elif cell.column_span > 1:
        spans = f"|{cell.column_span}"
    text = cell.text.replace("|", "丨").lstrip("=") if address is None else f"={address}"
    return _quoted(text + spans)


def _equations(table: DraftTable, language: Language) -> Iterator[str]:
    side: dict[str, int] = {}
    for cell, (row, _) in table.places:
        side[row] = min(cell.column, side.get(row, cell.column))
    # a sheet of two sides is added up on each side from the top down
    rows = sorted((key for key, _ in table.row_names), key=lambda key: side[key])
    columns = [key for key, _ in table.column_names]
    used = {address for _, address in table.places}
    within_rows = _grouped(rows, columns, {(row, column) for row, column in used})
    within_columns = _grouped(columns, rows, {(column, row) for row, column in used})
    for each, groups, names in (
        ("row", within_rows, dict(table.column_names)),
        ("column", within_columns, dict(table.row_names)),
    ):
        owners_of = rows if each == "row" else columns
        for owners, keys in groups:
            items = [Item(key, names[key], _values_of(table, each, owners, key)) for key in keys]
            for guess in guesses(items):
                only = owners if len(owners) < len(owners_of) else ()
                yield from _equation(guess, each, only, language)


def _grouped(
    owners: Sequence[str], keys: Sequence[str], used: set[tuple[str, str]]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Group the rows (or columns) that have figures at the same keys: (owners, keys)."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for owner in owners:
        groups.setdefault(tuple(key for key in keys if (owner, key) in used), []).append(owner)
    return [(tuple(owners), keys) for keys, owners in groups.items() if len(keys) > 2]


def _values_of(
    table: DraftTable, each: str, owners: Sequence[str], key: str
) -> tuple[Decimal | None, ...]:
    return tuple(
        sample.get((owner, key) if each == "row" else (key, owner))
        for sample in table.samples
        for owner in owners
    )


def _equation(guess: Guess, each: str, only: Sequence[str], language: Language) -> Iterator[str]:
    if not guess.tried:
        told = Message(
            "只据标签猜测，没有数字可验：核对后去掉 #",
            "guessed from the labels alone: take away the # where it is right",
        )
    elif guess.proved:
        told = Message(
            f"在 {guess.tried} 处可验之处都成立（其中 {guess.telling} 处不是只有零）",
            f"holds in all {guess.tried} places where it can be tried, "
            f"{guess.telling} of them with more than zeros",
        )
    else:
        told = Message(
            f"只有 {guess.telling} 处可验：核对后去掉 #",
            f"could be tried in {guess.telling} place(s) only: take away the # where it is right",
        )
    off = "" if guess.proved else "# "
    yield ""
    yield f"# {told.say(language)}"
    yield f"{off}[[tables.equations]]"
    yield f"{off}says = {_quoted(f'{{{each}}}: {guess.says}')}"
    if only:
        yield f"{off}only = [{', '.join(map(_quoted, only))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")


def _comment(text: str) -> str:
    return " ".join(text.split())
