"""A blank is no news where its figure stands elsewhere in its line."""

from __future__ import annotations

from pipeline.misplaced import strays_of
from tests.reconstruct.printed_forms import fragment_of

LINES = [
    ["", "行政许可", "", "69"],
    ["", "行政处罚", "85", ""],
    ["", "行政强制", "9", ""],
]


def strays(lines: list[list[str]]) -> list[tuple[int, int]]:
    fragment = fragment_of(lines)
    polygons = [one.span.box.polygon for one in fragment.spans if one.span.left == 2]
    found = strays_of(fragment, polygons)
    return [(one.span.top, one.span.left) for one in fragment.spans if one.span.box in found]


def test_a_figure_beside_the_place_of_its_line_is_a_stray() -> None:
    assert strays(LINES) == [(0, 3)]


def test_words_and_the_numbers_of_rows_are_none() -> None:
    numbered = [
        [str(n), *line[1:3], "见附件" if line[3] else ""] for n, line in enumerate(LINES, 5)
    ]
    assert strays(numbered) == []


def test_where_a_table_has_no_place_there_are_no_strays() -> None:
    assert strays_of(fragment_of(LINES), []) == ()
