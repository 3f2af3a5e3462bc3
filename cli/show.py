"""``gouji show``: the tables of a result file, what is remarkable about them, and why."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from cli.equations import pictured
from cli.speech import plain
from document.errors import GoujiError
from document.message import Language, Message
from document.report import Status
from pipeline.explain import EXPLAINED
from pipeline.export_json import load
from pipeline.sheet import find_template, name, shown, spoken
from pipeline.words import REPORT_STATUS, STATUS, TO_CHECK, is_remarkable
from reconstruct.templates import builtin
from reconstruct.templates import load as load_template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from document.report import Cell, Check, Finding, Report, Table
    from document.template import TableTemplate

_STYLES = {
    Status.READ: "",
    Status.REPAIRED: "black on yellow",
    Status.DERIVED: "black on cyan",
    Status.DISPUTED: "bold white on red",
    Status.UNREADABLE: "white on magenta",
    Status.HUMAN: "black on green",
}
_REPORT_STYLES = {"clean": "green", "repaired": "yellow", "review": "red", "failed": "bold red"}
_WIDTH_OF_A_FILE = 120
_INDENT = "      "
# A Latin word, a number or one other character, with the punctuation that must not begin a line.
_PIECES = re.compile(r"[“（]*(?:[\x21-\x7e]+|.)[，。；：、）？！”]*\s*", re.DOTALL)


def run(path: Path, template_files: tuple[Path, ...], language: Language) -> int:
    """Print a result file; returns the exit code."""
    try:
        report = load(path)
    except GoujiError as error:
        print(plain(f"{path}: {error.message.say(language)}"), file=sys.stderr)  # noqa: T201
        return 1
    try:
        templates = (*(load_template(one) for one in template_files), *builtin())
    except GoujiError as error:
        print(error.message.say(language), file=sys.stderr)  # noqa: T201
        return 2
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, markup=False, emoji=False, width=_WIDTH_OF_A_FILE)
    forms = {table.table: find_template(table, templates) for table in report.tables}
    _head(console, report, language)
    for table in report.tables:
        console.print()
        _table(console, table, forms[table.table], language)
    _findings(console, report.findings, language)
    if any(is_remarkable(cell) for cell in report.cells):
        console.print()
        console.print(_legend(language))
    return 0


def _head(console: Console, report: Report, language: Language) -> None:
    status = REPORT_STATUS[report.status].say(language)
    facts = [report.agency or "", "" if report.year is None else str(report.year)]
    line = Text(plain(report.source.file), style="bold")
    line.append("  ")
    line.append(f" {status} ", style=f"reverse {_REPORT_STYLES[report.status]}")
    if any(facts):
        line.append("  " + plain("  ".join(fact for fact in facts if fact)))
    repaired = sum(cell.status is Status.REPAIRED for cell in report.cells)
    review = sum(cell.needs_review for cell in report.cells)
    counts = Message(
        f"表 {len(report.tables)}，数字 {len(report.cells)}，已修复 {repaired}，待核对 {review}",
        f"{len(report.tables)} tables, {len(report.cells)} figures, {repaired} repaired, "
        f"{review} to check",
    )
    console.print(line)
    console.print(Text(counts.say(language), style="dim"))


def _table(console: Console, table: Table, form: TableTemplate | None, language: Language) -> None:
    heading = form.headings[0] if form and form.headings else ""
    pages = "–".join(str(page) for page in dict.fromkeys((*table.pages[:1], *table.pages[-1:])))
    where = Message(f"第 {pages} 页", f"page {pages}").say(language)
    title = Text(f"{plain(table.table)} {heading}", style="bold")
    title.append(f"  {where}  {plain(table.template)}", style="dim")
    console.print(title)
    console.print(_grid(table, form))
    for cell in table.cells:
        if is_remarkable(cell):
            _print(console, _remark(cell, form, language))
            if form is not None and cell.status in EXPLAINED:
                for picture in pictured(cell, table, form, language):
                    console.print(picture)
    for check in table.checks:
        if check.holds is not True:
            _print(console, _failed_check(check, form, language))


def _grid(table: Table, form: TableTemplate | None) -> Grid:
    """Return rows by columns, in the form's order; blocks of rows share the columns they use."""
    cells = {cell.address: cell for cell in table.cells}
    rows = list(dict.fromkeys(row for row, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    grid.add_column("", overflow="fold")  # labels alone give way where the terminal is narrow
    for column in columns:
        words = form.column_name(column) if form else column
        grid.add_column(_in_lines(plain(words)), justify="right", no_wrap=True)
    for row in rows:
        words = form.row_name(row) if form else row
        figures = [cells.get((row, column)) for column in columns]
        grid.add_row(plain(words), *(Text() if one is None else _figure(one) for one in figures))
    return grid


def _in_lines(words: str) -> str:
    """Break a heading into lines of four characters, so that columns stay narrow."""
    return "\n".join(words[start : start + 4] for start in range(0, len(words), 4))


def _figure(cell: Cell) -> Text:
    """Return a figure: plain, or with its colour, what was read, and a mark for doubt."""
    text = plain(shown(cell))
    if cell.status is Status.REPAIRED:
        text = f"{plain(cell.printed) or '∅'}→{text}"
    if cell.status is Status.DERIVED:
        text = f"({text})"
    if cell.needs_review:
        text += "?"
    return Text(text, style=_STYLES[cell.status] or ("red" if cell.needs_review else ""))


def _remark(cell: Cell, form: TableTemplate | None, language: Language) -> Text:
    line = Text("  ")
    line.append(f" {STATUS[cell.status].say(language)} ", style=_STYLES[cell.status])
    if cell.needs_review:
        line.append(f" {TO_CHECK.say(language)}", style="red")
    line.append(f" {plain(name(cell.address, form))}", style="bold")
    if cell.status is Status.REPAIRED:
        line.append(f"  {plain(cell.printed) or '∅'} → {plain(shown(cell))}")
    if cell.suggestion is not None:
        implied = Message("等式所示：", "the equations imply ").say(language)
        line.append(f"  {implied}{cell.suggestion}")
    if cell.reason.say(language):
        line.append(f"  {plain(cell.reason.say(language))}")
    if cell.page:
        line.append(Message(f"（第 {cell.page} 页）", f" (page {cell.page})").say(language), "dim")
    return line


def _failed_check(check: Check, form: TableTemplate | None, language: Language) -> Text:
    words = plain(spoken(check.equation, form))
    if check.holds is None:
        return Text(
            f"  ? {words}  " + Message("无法判断", "cannot tell").say(language), style="dim"
        )
    figures = Message(
        f"应为 {check.expected}，页面写 {check.found}",
        f"expected {check.expected}, the page says {check.found}",
    )
    return Text(f"  ≠ {words}  {figures.say(language)}", style="red")


def _findings(console: Console, findings: tuple[Finding, ...], language: Language) -> None:
    if not findings:
        return
    console.print()
    console.print(Text(Message("问题", "Findings").say(language), style="bold"))
    for finding in findings:
        line = Text("  ! " if finding.wants_person else "  · ")
        line.stylize("red" if finding.wants_person else "dim")
        places = list(_places(finding, language))
        if places:
            line.append(" · ".join(places) + "  ", style="bold")
        line.append(plain(finding.message.say(language)))
        line.append(f"  [{plain(finding.code)}]", style="dim")
        _print(console, line)


def _places(finding: Finding, language: Language) -> Iterator[str]:
    if finding.page is not None:
        yield Message(f"第 {finding.page} 页", f"page {finding.page}").say(language)
    if finding.table is not None:
        yield plain(finding.table)


def _print(console: Console, line: Text) -> None:
    """Print a line broken where it has to be, also between Chinese characters, and indented.

    Rich breaks at white space alone, of which Chinese has none.
    """
    offsets, used = [], 0
    for piece in _PIECES.finditer(line.plain):
        width = cell_len(piece[0].rstrip())
        if used + width > console.width and piece.start():
            offsets.append(piece.start())
            used = len(_INDENT)
        used += cell_len(piece[0])
    for number, part in enumerate(line.divide(offsets)):
        part.rstrip()
        console.print(Text(_INDENT if number else "").append_text(part), no_wrap=True, crop=False)


def _legend(language: Language) -> Text:
    line = Text()
    for status, style in _STYLES.items():
        if style:
            line.append(f" {STATUS[status].say(language)} ", style=style)
            line.append(" ")
    line.append(Message("  ? 请核对", "  ? please check").say(language), style="red")
    return line
