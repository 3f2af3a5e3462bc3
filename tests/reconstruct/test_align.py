"""Bands of a page are aligned with the lines of a form by what they say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from reconstruct.align import align
from reconstruct.bands import Band, bands, lines
from tests.reconstruct.printed_forms import printed, table

T2 = lines(table("2021", "t2"))


def band(row: int, *owned: str, figures: int = 0) -> Band:
    return Band(0, row, owned, (), figures)


def pairs(found: tuple[Band, ...]) -> list[tuple[int, int, int]]:
    return [(m.first, m.last, m.line) for m in align(found, T2).matches]


WHOLE = bands(printed(table("2021", "t2")).fragments)


def test_every_band_meets_its_line() -> None:
    assert pairs(WHOLE) == [(n, n, n) for n in range(14)]


def test_a_band_of_no_line_is_skipped() -> None:
    stranger = replace(band(3, "内部资料注意保存"), closed=True)
    below = replace(WHOLE[3], closed=True)
    assert pairs((*WHOLE[:3], stranger, below, *WHOLE[4:])) == [
        *((n, n, n) for n in range(3)),
        *((n + 1, n + 1, n) for n in range(3, 14)),
    ]


def test_a_label_cut_by_a_spurious_line_is_taken_together() -> None:
    halves = band(13, "行政事业"), band(14, "性收费", figures=1)
    assert pairs((*WHOLE[:13], *halves))[-1] == (13, 14, 13)


@pytest.mark.parametrize("lost", [{1}, {2}, {4, 5, 6}, {7, 8}, {0, 13}, {1, 4, 5, 6}])
def test_a_line_is_never_called_well_read_out_of_its_order(lost: set[int]) -> None:
    """The header lines are nearly the same; what stands around them tells them apart."""
    kept = [n for n in range(14) if n not in lost]
    found = align(tuple(WHOLE[n] for n in kept), T2).matches
    assert all(a.line < b.line and a.last < b.first for a, b in pairwise(found))
    sure = [m for m in found if m.likeness > 0.9 and T2[m.line].figures]
    assert len(sure) >= 3
    for match in sure:
        assert kept[match.last] == match.line


def test_the_line_above_lost_ones_is_not_merged_into_the_next() -> None:
    found = pairs((WHOLE[0], *WHOLE[3:]))
    assert all(first == last for first, last, _ in found)


def test_less_text_fits_less() -> None:
    blank = tuple(band(n) for n in range(14))
    assert align(blank, T2).score < 0.3 * align(WHOLE, T2).score
    assert align((), T2).matches == ()


def test_figures_are_no_labels_and_a_cell_with_ink_counts_as_one() -> None:
    rows = bands(printed(table("2021", "t2")).fragments)
    assert [row.figures for row in rows] == [0, 0, 3, 3, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1]
    assert rows[3].owned == ("行政规范性文件",)
