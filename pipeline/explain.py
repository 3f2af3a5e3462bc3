"""Why a figure is what it is: its equations with the numbers filled in, failing ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import Message
from document.numeral import spell
from document.report import Status
from reconstruct.checks import addend
from reconstruct.worked import worked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.message import Language
    from document.report import Cell, Table
    from document.template import TableTemplate
    from reconstruct.worked import Term, Worked

EXPLAINED = frozenset({Status.REPAIRED, Status.DERIVED, Status.DISPUTED})
"""The statuses that rest on equations."""

_NAMED = 3
"""So many figures of a sum are named besides the one in question."""


def sums_of(cell: Cell, table: Table, form: TableTemplate) -> tuple[Worked, ...]:
    """Return the equations that a figure stands in, worked out; those that fail come first."""
    values = {one.address: addend(one) for one in table.cells}
    sums = [
        worked(form, equation, values, cell.address, _NAMED)
        for equation in form.equations
        if cell.address in equation.cells
    ]
    return tuple(sorted(sums, key=lambda one: one.difference == 0))


def explanations(
    cell: Cell, table: Table, form: TableTemplate | None, language: Language
) -> tuple[str, ...]:
    """Return the equations of a figure that is not plainly read, each as one line of text."""
    if form is None or not (cell.needs_review or cell.status in EXPLAINED):
        return ()
    return tuple(in_words(one, cell, language) for one in sums_of(cell, table, form))


def in_words(one: Worked, cell: Cell, language: Language) -> str:
    """Write an equation on one line: "≠ 自然人 3 + 【商业企业 1】 = 总计 5（本年新收） 差 1"."""
    between = "≠" if one.difference else "="
    line = f"{mark(one)} {_side(one.parts, cell, language)} {between} "
    line += _side(one.whole, cell, language)
    scope = one.scope.say(language)
    if scope:
        line += Message(f"（{scope}）", f" ({scope})").say(language)
    return f"{line} {difference(one, language)}".rstrip()


def mark(one: Worked) -> str:
    """Say in one character whether an equation holds."""
    if one.difference is None:
        return "?"
    return "≠" if one.difference else "✓"


def filled_in(term: Term, cell: Cell) -> str:
    """Return a figure of a sum; an unreadable one that is asked for shows what is implied."""
    text = "?" if term.figure is None else spell(term.figure)
    if term.asked and term.figure is None and cell.suggestion is not None:
        text = f"?→{spell(cell.suggestion)}"
    return text


def difference(one: Worked, language: Language) -> str:
    """Say by how much an equation fails; nothing where it does not."""
    if not one.difference:
        return ""
    size = spell(one.difference)
    return Message(f"差 {size}", f"off by {size}").say(language)


def _side(terms: Sequence[Term], cell: Cell, language: Language) -> str:
    parts = []
    for term in terms:
        part = f"{term.label.say(language)} {filled_in(term, cell)}".strip()
        parts.append(f"【{part}】" if term.asked else part)
    return " + ".join(parts)
