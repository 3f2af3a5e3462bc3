"""Headers of narrow columns, wrapped or set one character a line, are put together again."""

from __future__ import annotations

import numpy as np

from document.geometry import Box
from layout.words import in_line, stacked

EM = 20.0


def box(left: float, top: float, characters: int = 1) -> Box:
    return Box(left, top, left + EM * characters, top + EM)


def test_characters_above_one_another_are_a_word_and_each_part_of_it() -> None:
    column = [box(100, 60 + 24 * n) for n in range(4)]
    figure = box(102, 60 + 24 * 4 + 40)
    beside = [box(160, 60 + 24 * n) for n in range(2)]
    runs = stacked([*column, figure, *beside], EM)
    assert sorted(runs) == [(0, 1), (0, 1, 2), (0, 1, 2, 3), (5, 6)]


def test_lines_of_prose_are_no_word_of_a_column() -> None:
    assert stacked([box(100, 60 + 24 * n, 20) for n in range(4)], EM) == ()


def test_a_wrapped_header_is_joined_under_its_middle() -> None:
    assert stacked([box(100, 60, 3), box(120, 84, 1)], EM) == ((0, 1),)
    assert stacked([box(100, 60, 3), box(140, 84, 1)], EM) == ()


def test_characters_are_laid_side_by_side_on_their_paper() -> None:
    crops = [np.full((high, 10, 3), 200, np.uint8) for high in (20, 16, 18)]
    for crop in crops:
        crop[6:10, 3:7] = 0
    line = in_line(crops)
    assert line.shape == (20, 30, 3)
    assert set(np.unique(line)) == {0, 200}
    assert in_line([np.zeros((0, 5, 3), np.uint8)]).size == 0
