"""Rows that have swallowed words which stand above their figures: a header whose line is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.wording import is_figure, normal

if TYPE_CHECKING:
    from document.fragment import Fragment

SEVERAL = 3
"""Cells of a row that must hold words above a figure."""

ROBBED = 2
"""Headers over a line with a figure below their words that show its figures to be there.

One may be a speck, or a word's last stroke, taken for a digit; where lines run through a row of
figures they run through several (on the page it was found on, six of 15 headers held one).
"""


def robbed(fragment: Fragment, row: int) -> bool:
    """Tell whether the cells that end above a row hold figures below their words.

    They are the row's own, or another's: the line above the row runs too low, though it may be
    drawn, or is one of two.
    """
    feet = sum(
        one.span.bottom == row
        and len(one.lines) > 1
        and is_figure(one.lines[-1][1])
        and any("\u4e00" <= letter <= "\u9fff" for letter in one.text)
        for one in fragment.spans
    )
    return feet >= ROBBED


def words_above(fragment: Fragment, row: int) -> float | None:
    """Return the height between words and the figures below them in a row; None without such.

    Several cells, and half of those that something was read in, must hold first words, then a
    figure, and one height must part them all.
    """
    low, high, cells, others = float("-inf"), float("inf"), 0, 0
    for one in fragment.spans:
        if (one.span.top, one.span.bottom) != (row, row + 1) or not one.lines:
            continue
        first = next((i for i, (_, text) in enumerate(one.lines) if is_figure(text)), None)
        words = [y for y, text in one.lines[:first] if len(normal(text)) > 1]
        if first is None or not words:
            others += 1
            continue
        cells += 1
        low, high = max(low, *words), min(high, one.lines[first][0])
    if cells < max(SEVERAL, others) or low >= high:
        return None
    return (low + high) / 2
