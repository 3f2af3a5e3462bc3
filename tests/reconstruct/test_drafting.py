"""Drafts: a form comes back from its own pages, with the sums that hold on them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from reconstruct.draft_toml import to_toml
from reconstruct.drafting import SeenCell, SeenTable, alike, draft
from reconstruct.guessing import Item, guesses
from reconstruct.templates import builtin, load, of_text
from samples.forms.fill import Habits, draw_values, written
from samples.generate import generator

if TYPE_CHECKING:
    from document.template import TableTemplate, Template

FORMS = Path(__file__).parents[2] / "samples" / "forms"
PLAIN = Habits(zero="0", decimals=0, thousands=False, brackets=False, scale=2.0)
MONEY = Habits(zero="—", decimals=2, thousands=True, brackets=True, scale=6.0)


def other(name: str, table: str) -> TableTemplate:
    return next(one for one in load(FORMS / f"{name}.toml").tables if one.id == table)


def seen(table: TableTemplate, habits: Habits | None, number: int = 0) -> SeenTable:
    """A page of ``table`` as a perfect reader sees it; blank without ``habits``."""
    values = draw_values(table, habits, generator(table.id, number)) if habits else {}
    cells = []
    for cell in table.cells:
        place = (cell.row, cell.column, cell.row_span, cell.column_span)
        if cell.address is None:
            cells.append(SeenCell(*place, cell.label, cell.label.isdigit()))
        else:
            text = written(values[cell.address], habits) if habits else ""
            cells.append(SeenCell(*place, text, figure=bool(text)))
    return SeenTable(table.rows, table.columns, tuple(cells), table.headings[0])


def drafted(*pages: SeenTable) -> Template:
    table = draft(pages)
    assert table is not None
    form, faults = of_text(to_toml([table], "scan", "en"), "draft.toml")
    assert not faults
    assert form is not None
    return form


def spoken(table: TableTemplate) -> set[frozenset[tuple[str, tuple[int, int]]]]:
    """The equations by the positions of their figures, so that keys do not matter."""
    at = {cell.address: (cell.row, cell.column) for cell in table.figures}
    found = set()
    for equation in table.equations:
        sides = [("left", a) for a in equation.left] + [("right", a) for a in equation.right]
        found.add(frozenset((side, at[address]) for side, address in sides))
    return found


@pytest.mark.parametrize(
    ("name", "table", "habits"),
    [
        ("school-enrolment", "enrolment", PLAIN),
        ("financial-statements", "income", MONEY),
        ("financial-statements", "balance", MONEY),
    ],
)
def test_a_form_comes_back_with_all_its_equations(name: str, table: str, habits: Habits) -> None:
    true = other(name, table)
    (found,) = drafted(*(seen(true, habits, n) for n in range(3))).tables
    assert (found.rows, found.columns) == (true.rows, true.columns)
    assert [(c.row, c.column) for c in found.figures] == [(c.row, c.column) for c in true.figures]
    assert {c.label for c in found.cells} == {c.label for c in true.cells}
    assert spoken(found) == spoken(true)


@pytest.mark.parametrize(
    "table", [t for form in builtin() for t in form.tables], ids=lambda t: t.id
)
def test_a_blank_form_keeps_its_grid(table: TableTemplate) -> None:
    (found,) = drafted(seen(table, None)).tables
    labelled = {cell.row for cell in table.figures} & {
        cell.row + n for cell in table.cells if cell.label for n in range(cell.row_span)
    }
    wanted = [(c.row, c.column, c.column_span) for c in table.figures if c.row in labelled]
    assert [(c.row, c.column, c.column_span) for c in found.figures] == wanted or not wanted
    assert not found.equations, "labels alone prove nothing"


def test_guesses_from_labels_are_left_as_comments() -> None:
    table = draft([seen(other("school-enrolment", "enrolment"), None)])
    assert table is not None
    text = to_toml([table], "scan", "en")
    assert '# says = "{row}: c3 = c1 + c2"' in text
    assert '# says = "{row}: c10 = c1 + c4 + c7"' in text
    assert '# says = "{column}: r17 = r5 + r10 + r16"' in text
    assert "\n[[tables.equations]]" not in text


def test_types_are_those_that_hold_what_was_seen() -> None:
    (found,) = drafted(
        *(seen(other("financial-statements", "income"), MONEY, n) for n in (0, 1))
    ).tables
    assert {cell.type for cell in found.figures} == {"amount"}
    (found,) = drafted(seen(other("school-enrolment", "enrolment"), PLAIN)).tables
    assert {cell.type for cell in found.figures} == {"count"}


def test_pages_of_another_form_are_told_apart() -> None:
    school, income = (
        seen(other("school-enrolment", "enrolment"), PLAIN),
        seen(other("financial-statements", "income"), MONEY),
    )
    assert alike(school, seen(other("school-enrolment", "enrolment"), PLAIN, 1))
    assert not alike(school, income)
    assert not alike(school, replace(school, cells=tuple(
        replace(cell, text=f"别{cell.text}") for cell in school.cells)))  # fmt: skip


def items(*lines: tuple[str, tuple[int, ...]]) -> list[Item]:
    from decimal import Decimal  # noqa: PLC0415

    return [Item(f"r{n}", label, tuple(map(Decimal, v))) for n, (label, v) in enumerate(lines, 1)]


def test_a_sum_that_fails_anywhere_is_not_guessed() -> None:
    good = items(("甲", (120, 31)), ("乙", (45, 22)), ("合计", (165, 53)))
    assert [guess.says for guess in guesses(good)] == ["r3 = r1 + r2"]
    assert not guesses(items(("甲", (120, 31)), ("乙", (45, 22)), ("合计", (165, 54))))


def test_too_little_evidence_is_said() -> None:
    (guess,) = guesses(items(("甲", (2, 0)), ("乙", (3, 0)), ("合计", (5, 0))))
    assert not guess.proved
    assert (guess.tried, guess.telling) == (2, 1)


def test_a_label_is_taken_as_most_pages_have_it() -> None:
    pages = [seen(other("school-enrolment", "enrolment"), PLAIN, n) for n in range(3)]
    misread = tuple(
        replace(cell, text="年级") if cell.text == "一年级" else cell for cell in pages[0].cells
    )
    (found,) = drafted(replace(pages[0], cells=misread), *pages[1:]).tables
    labels = {cell.label for cell in found.cells}
    assert "一年级" in labels
    assert "年级" not in labels
