"""Relations of a form reach the report: those of its own tables, and those of the year before."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from document.message import NOTHING
from document.report import Cell, Report, Source, Status, Table
from pipeline.relations import related
from reconstruct.templates import builtin, load

FORM = load(Path(__file__).parents[2] / "samples" / "forms" / "financial-statements.toml")
SOURCE = Source("x.pdf", "", 1)


def report(year: int | None, agency: str | None = "供水公司", **columns: int) -> Report:
    """A balance sheet of which one line is there: cash at the end and at the beginning."""
    cells = [
        Cell(("cash", key), "", Decimal(value), Status.READ, False, 1.0, NOTHING, None, 1, None)  # noqa: FBT003
        for key, value in columns.items()
    ]
    table = Table("balance", FORM.id, (1,), tuple(cells), ())
    return Report(SOURCE, agency, year, (table,), ())


def test_the_year_before_is_compared() -> None:
    templates = (FORM, *builtin())
    last, this = report(2023, end=5, begin=4), report(2024, end=6, begin=7)
    (finding,) = related(this, templates, [last]).findings
    assert finding.code == "relation-noted"
    assert finding.cells == (("cash", "begin"),)
    assert "cash: begin = end[-1]" in finding.message.en
    assert "7 should equal 5" in finding.message.en
    assert not related(report(2024, end=6, begin=5), templates, [last]).findings


def test_other_agencies_and_other_years_are_not() -> None:
    templates = (FORM,)
    this = report(2024, end=6, begin=7)
    assert related(this, templates, []) is this
    assert related(this, templates, [report(2023, "电力公司", end=5)]) is this
    assert related(this, templates, [report(2022, end=5), report(2025, end=5)]) is this
    assert (
        related(report(2024, None, begin=7), templates, [report(2023, None, end=5)]).findings == ()
    )


def applications(year: int, form: str, **figures: int) -> Report:
    """A report whose table 三 holds the totals of some rows."""
    cells = [
        Cell((row, "total"), "", value, Status.READ, False, 1.0, NOTHING, None, 1, None)  # noqa: FBT003
        for row, value in figures.items()
    ]
    return Report(SOURCE, "河东区教育局", year, (Table("t3", form, (1,), tuple(cells), ()),), ())


def test_what_is_carried_over_is_what_the_year_before_left() -> None:
    last = applications(2020, "cn-foi/2019", next=3)
    (finding,) = related(applications(2021, "cn-foi/2021", carry=5), builtin(), [last]).findings
    assert finding.code == "relation-noted"
    assert finding.cells == (("carry", "total"),)
    assert not finding.wants_person
    assert not related(applications(2021, "cn-foi/2021", carry=3), builtin(), [last]).findings
