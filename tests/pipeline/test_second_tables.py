"""Where two tables of one kind say different things, neither passes for sure."""

from __future__ import annotations

import math

from document.reading import Candidate, Reading
from document.report import ReadCell, ReadTable
from pipeline.second_tables import unlike

COLUMNS = ("upheld", "corrected", "other")


def table(*texts: str, probability: float = 0.99, name: str = "t4", sure: bool = True) -> ReadTable:
    cells = tuple(
        ReadCell(
            ("review", column),
            "count",
            Reading((Candidate(text, -math.log(probability)),)),
            0,
            None,
            reliable=sure,
        )
        for column, text in zip(COLUMNS, texts, strict=True)
    )
    return ReadTable(name, "cn-foi/2021", (0,), cells)


def doubted(one: ReadTable) -> list[str]:
    return [cell.address[1] for cell in one.cells if not cell.reliable]


def test_figures_of_which_last_years_table_says_another_are_in_doubt() -> None:
    assert doubted(unlike(table("5", "0", ""), [table("16", "0", "3")])) == ["upheld", "other"]


def test_a_table_printed_twice_is_not_in_doubt() -> None:
    assert doubted(unlike(table("5", "0", ""), [table("5", "0", "")])) == []


def test_an_empty_form_or_dirt_says_nothing() -> None:
    empty, dirt = table("", "", ""), table("1", "7", "1", probability=0.6)
    unsure, other = table("1", "7", "1", sure=False), table("1", "7", "1", name="t3")
    assert doubted(unlike(table("5", "0", "2"), [empty, dirt, unsure, other])) == []
