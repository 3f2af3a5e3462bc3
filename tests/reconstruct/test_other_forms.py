"""Forms known from files alone: registered whole, doubted where the page is unlike them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from reconstruct.register import identify
from reconstruct.templates import builtin, load
from tests.reconstruct.printed_forms import Printed, assert_right, printed, relabelled

if TYPE_CHECKING:
    from document.template import TableTemplate, Template
    from reconstruct.register import Registration

FOLDER = Path(__file__).parents[2] / "samples" / "forms"
FORMS = [load(path) for path in sorted(FOLDER.glob("*.toml"))]
ALL = [*FORMS, *builtin()]
TABLES = [table for form in FORMS for table in form.tables]
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)


def named(name: str) -> TableTemplate:
    return next(table for form in ALL for table in form.tables if table.id == name)


def body(table: TableTemplate) -> int:
    return min(cell.row for cell in table.figures)


def misplaced(found: Registration, page: Printed) -> list[tuple[str, str]]:
    """The figures that are sure of a place which is not theirs."""
    right = {address: (number, box.polygon) for address, (number, box) in page.boxes.items()}
    return [
        place.address
        for place in found.places
        if place.reliable and right.get(place.address) != (place.fragment, place.polygon)
    ]


@each_table
def test_every_table_is_found_among_all_forms(table: TableTemplate) -> None:
    page = printed(table)
    found = identify(page.fragments, ALL)
    assert found is not None
    assert found.table is table
    assert_right(found, page)
    assert all(place.reliable for place in found.places)


@each_table
def test_a_line_that_is_not_printed_moves_no_other(table: TableTemplate) -> None:
    for missing in range(body(table), table.rows):
        page = printed(table, rows=[row for row in range(table.rows) if row != missing])
        found = identify(page.fragments, ALL)
        assert found is not None
        assert found.table is table
        assert not misplaced(found, page), missing


@each_table
def test_a_line_the_form_does_not_know_moves_no_other(table: TableTemplate) -> None:
    for row in range(body(table), table.rows):
        page = printed(table)
        found = identify(page.fragments, [*_without(table, row), *builtin()])
        assert found is not None
        assert not misplaced(found, page), row


def _without(table: TableTemplate, row: int) -> list[Template]:
    """All forms, ``table`` in them without one of its lines."""
    cells = []
    for cell in table.cells:
        span = range(cell.row, cell.row + cell.row_span)
        if list(span) == [row]:
            continue
        height = cell.row_span - (row in span)
        cells.append(replace(cell, row=cell.row - (cell.row > row), row_span=height))
    less = replace(table, rows=table.rows - 1, cells=tuple(cells), equations=())
    return [
        replace(form, tables=tuple(less if one is table else one for one in form.tables))
        for form in FORMS
    ]


@pytest.mark.parametrize(
    ("name", "one", "other", "doubted"),
    [
        ("enrolment", "一年级", "二年级", 102),
        ("income", "本期金额", "上期金额", 50),
        ("balance", "期末余额", "年初余额", 76),
        ("t4", "未经复议直接起诉", "复议后起诉", 10),
        ("t3", "商业企业", "科研机构", 50),
    ],
)
def test_swapped_columns_are_doubted(name: str, one: str, other: str, doubted: int) -> None:
    page = printed(named(name), say=relabelled({one: other, other: one}))
    found = identify(page.fragments, ALL)
    assert found is not None
    assert sum(not place.reliable for place in found.places) >= doubted


@each_table
def test_a_table_cut_by_a_page_break_is_one(table: TableTemplate) -> None:
    cut = (body(table) + table.rows) // 2
    page = printed(table, cuts=(cut,))
    found = identify(page.fragments, ALL)
    assert found is not None
    assert_right(found, page)
