"""Where two tables of one kind say different things, neither passes for sure."""

from __future__ import annotations

import math
from dataclasses import replace

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
    scrap, other = table("1", "", "", sure=False), table("1", "7", "1", name="t3")
    assert doubted(unlike(table("5", "0", "2"), [empty, dirt, scrap, other])) == []


def test_a_table_whose_places_are_not_proved_speaks_where_it_is_read_well() -> None:
    """Rows too low for their words: last year's figures were sure, and nobody saw this year's."""
    other = table("16", "0", "3", sure=False)
    assert doubted(unlike(table("5", "0", ""), [other])) == ["upheld", "other"]


def test_where_another_table_says_other_things_what_was_not_found_in_it_is_in_doubt() -> None:
    other = table("16", "0", "3", sure=False)
    lost = tuple(replace(c, reading=None) if c.address[1] == "other" else c for c in other.cells)
    assert doubted(unlike(table("5", "0", "7"), [replace(other, cells=lost)])) == [
        "upheld",
        "other",
    ]
