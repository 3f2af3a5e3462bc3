"""Relations: told where they are broken, passed over where a figure is missing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from document.message import NOTHING
from document.report import Cell, Status, Table
from reconstruct.inequalities import breaches
from reconstruct.templates import of_text

if TYPE_CHECKING:
    from document.report import Finding
    from document.template import Template

FORM = """
id = "example"
title = "x"
[[tables]]
id = "one"
headings = ["甲"]
print = [["", "总数", "其中", "比例"], ["甲", "=a.all", "=a.part", "=a.share"]]
[tables.rows]
a = "甲"
[tables.columns]
all = "总数"
part = "其中"
share = "比例"
[tables.types]
"*.*" = "count"
"*.share" = "percent"
[[tables.equations]]
says = "{row}: RULE"
EXTRA
[[tables]]
id = "two"
headings = ["乙"]
print = [["乙", "=b.all"]]
[tables.rows]
b = "乙"
[tables.columns]
all = "总数"
[tables.types]
"*.*" = "count"
"""


def form(rule: str, extra: str = "") -> Template:
    template, faults = of_text(FORM.replace("RULE", rule).replace("EXTRA", extra), "x.toml")
    assert not faults
    assert template is not None
    return template


def table(name: str, **figures: str | None) -> Table:
    cells = []
    for address, text in figures.items():
        row, column = address.split("_")
        status = Status.UNREADABLE if text is None else Status.READ
        value = None if not text else Decimal(text)
        cells.append(
            Cell((row, column), text or "", value, status, False, 1.0, NOTHING, None, 1, None)  # noqa: FBT003
        )
    return Table(name, "example", (1,), tuple(cells), ())


def told(rule: str, extra: str = "", **figures: str | None) -> tuple[Finding, ...]:
    return breaches(form(rule, extra), {0: [table("one", **figures)]})


@pytest.mark.parametrize(
    ("rule", "extra", "part", "broken"),
    [
        ("part <= all", "", "10", False),
        ("part <= all", "", "11", True),
        ("part < all", "", "10", True),
        ("all >= 2 * part", "", "5", False),
        ("all >= 2 * part", "", "6", True),
        ("share = 100 * part / all", "within = 0.05", "3", True),
        ("share = 100 * part / all", "within = 3.4", "3", False),
        ("share = 100 * part / all", "within = 3.3", "3", True),
    ],
)
def test_a_broken_relation_is_told(rule: str, extra: str, part: str, *, broken: bool) -> None:
    findings = told(rule, extra, a_all="10", a_part=part, a_share="33.4")
    assert bool(findings) is broken
    assert all(f.wants_person and f.code == "relation-broken" for f in findings)


def test_what_is_told_names_the_figures_and_both_sides() -> None:
    (finding,) = told("part <= all", a_all="10", a_part="11")
    assert finding.cells == (("a", "part"), ("a", "all"))
    assert "甲·其中" in finding.message.zh
    assert "11 应不大于 10" in finding.message.zh
    assert "11 should be no more than 10" in finding.message.en


def test_a_soft_one_wants_nobody() -> None:
    (finding,) = told("part <= all", "soft = true", a_all="10", a_part="11")
    assert (finding.code, finding.wants_person) == ("relation-noted", False)


def test_a_blank_counts_as_nothing_and_the_unreadable_says_nothing() -> None:
    assert not told("part <= all", a_all="10", a_part="")
    assert not told("part <= all", a_all="10", a_part=None)
    assert told("part <= all", a_all="", a_part="1")
    assert not told("share = 100 * part / all", a_all="0", a_part="0", a_share="0")


def test_other_tables_and_other_years() -> None:
    here = table("one", a_all="10", a_part="4", a_share="0")
    across = form("all = two:b.all")
    assert not breaches(across, {0: [here]})
    assert not breaches(across, {0: [here, table("two", b_all="10")]})
    assert breaches(across, {0: [here, table("two", b_all="11")]})
    carried = form("part = all[-1]")
    assert not breaches(carried, {0: [here]})
    assert not breaches(carried, {0: [here], 1: [table("one", a_all="4")]})
    (finding,) = breaches(carried, {0: [here], 1: [table("one", a_all="5")]})
    assert "[-1]" in finding.message.zh
