"""Cells under a seal: what covers one cell alone is a pen's stroke, what covers many is not."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from pipeline.laid_over import laid_over

if TYPE_CHECKING:
    from document.geometry import Polygon
    from pipeline.sight import Part

ROWS, COLUMNS, ADVANCE = 46, 100, 17
ACROSS, DOWN = 4, 8
FONT = cv2.FONT_HERSHEY_DUPLEX
TEXTS = [str((7 * n * n + 3 * n) % 97) for n in range(ACROSS * DOWN)]
PART = cast("Part", SimpleNamespace(em=20.0))


def cell(text: str, *, stroke: bool) -> np.ndarray:
    """Draw a figure in the middle of a cell, with a stroke through it if wanted."""
    image = np.full((ROWS, COLUMNS, 3), 238, np.uint8)
    left = (COLUMNS - ADVANCE * len(text)) // 2
    for number, digit in enumerate(text):
        (width, height), _ = cv2.getTextSize(digit, FONT, 0.8, 2)
        at = (left + ADVANCE * number + (ADVANCE - width) // 2, (ROWS + height) // 2)
        cv2.putText(image, digit, at, FONT, 0.8, (40, 40, 40), 2, cv2.LINE_AA)
    if stroke:
        cv2.line(image, (26, 36), (74, 10), (60, 60, 60), 3, cv2.LINE_AA)
    return image


def place(number: int) -> Polygon:
    x, y = COLUMNS * (number % ACROSS), ROWS * (number // ACROSS)
    return ((x, y), (x + COLUMNS, y), (x + COLUMNS, y + ROWS), (x, y + ROWS))


def read(text: str, probability: float) -> Reading:
    return Reading((Candidate(text, -math.log(probability)),))


def after(doubtful: dict[int, Reading], cut: frozenset[int] = frozenset()) -> list[Reading]:
    """Lay digits over a table in which a stroke runs through the doubtful figures."""
    crops = [cell(text, stroke=n in doubtful) for n, text in enumerate(TEXTS)]
    readings = [doubtful.get(n, read(text, 0.999)) for n, text in enumerate(TEXTS)]
    cells = [(PART, place(n)) for n in range(len(TEXTS))]
    return list(laid_over(cells, crops, readings, cut))


LONE = 22
BLOCK = (21, 22, 25, 26)


def test_a_lone_figure_with_a_stroke_through_it_stays_for_a_person() -> None:
    doubt = read("5", 0.4)
    assert after({LONE: doubt})[LONE] == doubt


@pytest.mark.parametrize("cut", [frozenset(), frozenset(BLOCK)])
def test_figures_under_what_covers_a_block_of_cells_are_likely(cut: frozenset[int]) -> None:
    doubts = {n: Reading((Candidate("/", 1.0), Candidate(TEXTS[n], 3.0))) for n in BLOCK}
    found = after(doubts, cut)
    assert [found[n].best.text for n in BLOCK] == [TEXTS[n] for n in BLOCK]
    assert all(found[n].best.probability <= 0.9 for n in BLOCK)


def test_doubtful_cells_of_one_row_alone_are_not_covered() -> None:
    row = (20, 21, 22, 23)
    doubts = {n: Reading((Candidate("/", 1.0), Candidate(TEXTS[n], 3.0))) for n in row}
    found = after(doubts)
    assert [found[n] for n in row] == [doubts[n] for n in row]


def test_certain_cells_stay_as_they_were_read() -> None:
    found = after({LONE: read("5", 0.4)})
    assert [one.best.text for n, one in enumerate(found) if n != LONE] == [
        text for n, text in enumerate(TEXTS) if n != LONE
    ]
