"""``gouji diff``: what changed between two runs, for people and for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from cli.speech import plain
from document.errors import GoujiError
from document.message import Language, Message
from document.numeral import spell
from pipeline.difference import DocumentChange, run_changes
from pipeline.journal import old_journal
from pipeline.run_templates import templates_of
from pipeline.words import REPORT_STATUS, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from document.report import Cell
    from pipeline.difference import CellChange, Side

SAME, DIFFERENT, TROUBLE = 0, 1, 2


def run(
    first: Path,
    second: Path,
    template_files: tuple[Path, ...],
    language: Language,
    *,
    as_json: bool,
) -> int:
    """Show what differs between two runs; returns 1 if anything does, 2 if that cannot be told."""
    try:
        engines = old_journal(first), old_journal(second)
        templates = templates_of(template_files, *engines)
        changes = run_changes(*engines, templates)
        count = _json(changes) if as_json else _text(changes, language)
    except GoujiError as error:
        for line in error.message.say(language).splitlines():
            print(plain(line), file=sys.stderr)  # noqa: T201
        return TROUBLE
    return DIFFERENT if count else SAME


def _json(changes: Iterable[DocumentChange]) -> int:
    """Print one JSON object, a line a document; returns how many."""
    _print('{"schema": "gouji-diff/1", "documents": [')
    count = 0
    for one in changes:
        content = {
            "sha256": one.sha256,
            "before": _side(one.before),
            "after": _side(one.after),
            "cells": [
                {
                    "table": change.table,
                    "row": change.address[0],
                    "column": change.address[1],
                    "before": _cell(change.before),
                    "after": _cell(change.after),
                }
                for change in one.cells
            ],
        }
        _print(("," if count else "") + json.dumps(content, ensure_ascii=False))
        count += 1
    _print("]}")
    return count


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "file": side.path,
        "agency": side.agency,
        "year": side.year,
        "status": side.status or "unread",
        "tables": list(side.tables),
    }


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {
        "printed": cell.printed,
        "value": None if cell.value is None else spell(cell.value),
        "status": cell.status.value,
        "needs_review": cell.needs_review,
    }


def _text(changes: Iterable[DocumentChange], language: Language) -> int:
    count = cells = 0
    for one in changes:
        count += 1
        cells += len(one.cells)
        _print(plain(_headline(one, language)))
        for line in cell_lines(one.cells, language):
            _print(plain(f"  {line}"))
    said = Message(
        f"不同的文件 {count}，不同的格 {cells}", f"{count} documents differ, {cells} cells"
    )
    _print(said.say(language) if count else Message("没有不同", "no difference").say(language))
    return count


def _headline(one: DocumentChange, language: Language) -> str:
    side = one.after or one.before
    if side is None:
        return one.sha256
    who = " ".join(str(part) for part in (side.agency, side.year) if part is not None)
    name = f"{who}  {side.path}" if who else side.path
    if one.before is None or one.after is None:
        where = Message("只在后一批中", "only in the second run")
        if one.after is None:
            where = Message("只在前一批中", "only in the first run")
        return f"{name}: {where.say(language)}"
    status = _status(one.before, language), _status(one.after, language)
    line = name if status[0] == status[1] else f"{name}: {status[0]} → {status[1]}"
    for old, new in (
        (one.before.agency, one.after.agency),
        (one.before.year, one.after.year),
        (" ".join(one.before.tables), " ".join(one.after.tables)),
    ):
        if old != new:
            line += f"; {old or '—'} → {new or '—'}"
    return line


def _status(side: Side, language: Language) -> str:
    if side.status is None:
        return Message("未读", "unread").say(language)
    return REPORT_STATUS[side.status].say(language)


def cell_lines(changes: Iterable[CellChange], language: Language) -> Iterator[str]:
    """Yield a line a figure: where it stands, what it was, what it is now."""
    for change in changes:
        place = ".".join((change.table, *change.address))
        yield f"{place}: {_said(change.before, language)} → {_said(change.after, language)}"


def _said(cell: Cell | None, language: Language) -> str:
    if cell is None:
        return Message("无此表", "no such table").say(language)
    value = "—" if cell.value is None else spell(cell.value)
    status = STATUS[cell.status].say(language)
    shown = f"{value} ({status}" + ("?" if cell.needs_review else "") + ")"
    return shown if value == cell.printed else f"{shown} “{cell.printed}”"


def _print(text: str) -> None:
    print(text.encode("utf-8", "replace").decode("utf-8"))  # noqa: T201 - the command's answer
