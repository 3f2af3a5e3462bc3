"""Last year's report suggests what an open figure may be, and changes none."""

from __future__ import annotations

from dataclasses import replace

from document.report import Report, Source, Status
from pipeline.years import suggested_by_years
from reconstruct.repair import settle
from reconstruct.templates import builtin
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, read_table
from tests.reconstruct.test_hints import DOUBTS, TORN

SOURCE = Source("x.pdf", "", 1)


def report(year: int, printed: dict[tuple[str, str], str], **doubts: object) -> Report:
    table, findings = settle(read_table(T3, printed, DOUBTS if doubts else None), T3)
    return Report(SOURCE, "宿迁市", year, (table,), findings)


def left(number: int) -> Report:
    """Return a report that leaves ``number`` applications to the next year."""
    printed = dict.fromkeys(TORN, "0") | {
        (row, column): str(number) for row in ("new", "next") for column in ("person", "total")
    }
    return report(2022, printed)


def test_last_year_tells_whose_fault_it_is() -> None:
    this = report(2023, TORN, doubtful=True)
    torn = by_address(this.tables[0])["carry", "total"]
    assert (torn.value, torn.status) == (8, Status.DISPUTED)
    after = suggested_by_years(this, builtin(), [left(3)])
    cell = by_address(after.tables[0])["carry", "total"]
    assert (cell.value, cell.status, cell.suggestion) == (8, Status.DISPUTED, 3)
    assert "the year before's report says 3" in cell.reason.en
    assert "上年报告为 3" in cell.reason.zh
    assert after.findings == this.findings


def test_nothing_else_is_touched() -> None:
    sound = report(2023, SUQIAN_2023)
    assert suggested_by_years(sound, builtin(), [left(5)]) is sound
    this = report(2023, TORN, doubtful=True)
    assert suggested_by_years(this, builtin(), []) is this
    elsewhere = replace(left(3), agency="淮安市")
    assert suggested_by_years(this, builtin(), [elsewhere]) is this
    later = replace(left(3), year=2024)
    assert suggested_by_years(this, builtin(), [later]) is this


def test_what_people_decided_stays() -> None:
    this = report(2023, TORN, doubtful=True)
    (table,) = this.tables
    cells = (replace(table.cells[0], status=Status.HUMAN, needs_review=False), *table.cells[1:])
    decided = replace(this, tables=(replace(table, cells=cells),))
    assert suggested_by_years(decided, builtin(), [left(3)]) is decided
