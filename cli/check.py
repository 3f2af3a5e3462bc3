"""``gouji check``: does a table that somebody typed add up, and if not, where is the mistake?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cli.piped import files_of, shown
from cli.speech import plain
from document.errors import GoujiError, InputError
from document.message import Language, Message
from document.numeral import spell
from pipeline.sheet import find_template
from pipeline.typed import typed_tables
from reconstruct import reasons
from reconstruct.blame import failing, mistakes
from reconstruct.checks import addend, check, total
from reconstruct.templates import builtin, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from document.report import Table
    from document.template import Address, TableTemplate, Template
    from reconstruct.blame import Mistake

HOLDS, FAILED, WRONG_CALL, DOES_NOT_HOLD = 0, 1, 2, 3

_SLIPS = {
    "swapped-digits": Message("相邻两位数字颠倒", "two digits exchanged"),
    "digit": Message("一位数字有误", "one digit wrong"),
    "digit-lost": Message("漏了一位数字", "a digit left out"),
    "digit-extra": Message("多了一位数字", "a digit too many"),
    "total-left-out": Message("合计漏填", "the total left out"),
    "left-out": Message("漏填", "left out"),
    "figure": Message("数值有误", "another figure"),
    "swapped-cells": Message("相邻两格互换", "two neighbouring cells exchanged"),
    "shifted-row": Message("本行错位一格", "figures one cell aside"),
}
_MOST_UNSURE = 12


def run(files: tuple[Path, ...], template_files: tuple[Path, ...], language: Language) -> int:
    """Check files; returns 0 only if every equation of every table holds."""
    try:
        templates = (*(load(path) for path in template_files), *builtin())
    except GoujiError as error:
        _complain(error.message.say(language))
        return WRONG_CALL
    try:
        with files_of(files) as given:
            return _check_all(given, templates, language)
    except InputError as error:
        _complain(error.message.say(language))
        return FAILED


def _check_all(files: Sequence[Path], templates: tuple[Template, ...], language: Language) -> int:
    """Check files, one after another; returns the worst that is found."""
    worst = HOLDS
    for path in files:
        try:
            typed = typed_tables(path, templates)
        except GoujiError as error:
            _complain(f"{shown(path)}: {error.message.say(language)}")
            worst = FAILED
            continue
        _print(f"{shown(path)}:")
        for finding in typed.findings:
            _print(f"  ! {finding.message.say(language)}")
        good = not typed.findings
        for table in typed.tables:
            form = find_template(table, templates)
            if form is None:
                what = Message(
                    f"  {table.table}：没有表样 {table.template}，请用 --template 给出",
                    f"  {table.table}: the form {table.template} is not at hand; give it with "
                    "--template",
                )
                _print(what.say(language))
                good = False
            else:
                good = _check(table, form, language) and good
        if not good and worst == HOLDS:
            worst = DOES_NOT_HOLD
    return worst


def _check(table: Table, form: TableTemplate, language: Language) -> bool:
    """Print what holds of a table and what does not; tell whether all of it does."""
    values = {cell.address: addend(cell) for cell in table.cells}
    checks = check(form.equations, values)
    broken = failing(form.equations, values)
    unclear = sum(one.holds is None for one in checks)
    holding = len(checks) - len(broken) - unclear
    heading = form.headings[0] if form.headings else ""
    if not checks:
        none = Message("没有等式可核对", "has no equations to check")
        _print(f"  {table.table} {heading}: {none.say(language)}")
        _unsure(table, form, language)
        return not any(cell.needs_review for cell in table.cells)
    counts = Message(
        f"  {table.table} {heading}：等式 {len(checks)}，成立 {holding}，不成立 {len(broken)}，"
        f"无法判断 {unclear}",
        f"  {table.table} {heading}: {len(checks)} equations, {holding} hold, {len(broken)} do "
        f"not, {unclear} cannot be told",
    )
    _print(counts.say(language))
    for equation in broken:
        found, expected = total(equation.left, values), total(equation.right, values)
        if found is None or expected is None:
            continue
        text = reasons.unequal(form, equation, values).say(language)
        gap = Message("差额", "difference").say(language)
        _print(f"    ✗ {text}  ({gap} {spell(found - expected)})")
    found_out = mistakes(form, values)
    for alternatives in found_out:
        for number, mistake in enumerate(alternatives):
            _print("    " + _said(mistake, form, number).say(language))
    explained = {q.name for first in found_out for q in first[0].explains}
    if any(q.name not in explained for q in broken):
        nothing = Message(
            "    → 没有哪一处单一的错误能解释其余各式",
            "    → no single mistake explains the others",
        )
        _print(nothing.say(language))
    _unsure(table, form, language)
    return not broken and not unclear and not any(cell.needs_review for cell in table.cells)


def _said(mistake: Mistake, form: TableTemplate, number: int) -> Message:
    """Say what may be wrong; ``number`` counts the alternatives from 0."""
    slip, much = _SLIPS[mistake.slip], len(mistake.explains)
    zh = "；".join(
        f"{_name(cell, form, zh=True)} {spell(printed)} 应为 {spell(meant)}"
        for cell, printed, meant in zip(mistake.cells, mistake.printed, mistake.meant, strict=True)
    )
    en = "; ".join(
        f"{_name(cell, form, zh=False)} {spell(printed)} should be {spell(meant)}"
        for cell, printed, meant in zip(mistake.cells, mistake.printed, mistake.meant, strict=True)
    )
    lead_zh, lead_en = ("→ 最可能：", "→ most likely: ") if not number else ("  或者：", "  or: ")
    return Message(
        f"{lead_zh}{zh}（{slip.zh}，可使 {much} 个等式成立）",
        f"{lead_en}{en} ({slip.en}; {much} equation(s) would hold)",
    )


def _name(address: Address, form: TableTemplate, *, zh: bool) -> str:
    row, column = address
    return f"{form.row_name(row)}/{form.column_name(column)}" if zh else f"{row}.{column}"


def _unsure(table: Table, form: TableTemplate, language: Language) -> None:
    """Name the figures whose place or reading is in doubt."""
    found = [cell.address for cell in table.cells if cell.needs_review]
    disputed = {
        a
        for q in failing(form.equations, {c.address: addend(c) for c in table.cells})
        for a in q.cells
    }
    found = [address for address in found if address not in disputed]
    if not found:
        return
    shown = found[:_MOST_UNSURE]
    zh = "、".join(_name(address, form, zh=True) for address in shown)
    en = ", ".join(_name(address, form, zh=False) for address in shown)
    rest = len(found) - len(shown)
    what = Message(
        f"    ? 缺失或所在的格不能确定：{zh}" + (f" 等 {len(found)} 个" if rest else ""),
        f"    ? missing, or their cell is in doubt: {en}" + (f" and {rest} more" if rest else ""),
    )
    _print(what.say(language))


def _print(text: str) -> None:
    print(plain(text))  # noqa: T201 - the command's answer


def _complain(text: str) -> None:
    for line in text.splitlines():
        print(plain(line), file=sys.stderr)  # noqa: T201
