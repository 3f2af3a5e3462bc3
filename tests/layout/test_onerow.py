"""Columns of a table with one row of figures are found between them, however torn its lines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.page import View
from layout.sheet import survey, survey_again, traces
from tests.layout.drawing import paper, write

if TYPE_CHECKING:
    from document.lattice import Lattice
    from tests.layout.drawing import Image

XS: tuple[int, ...] = tuple(range(60, 60 + 13 * 64, 64))
YS = (100, 152, 186)
FIGURES = ("23", "1", "2", "0", "26", "1", "0", "0", "1", "3", "17", "4")


def low_table(gone: float, seed: int) -> Image:
    """Draw a header, bold figures below, and upright lines of which pieces are gone."""
    dice = np.random.default_rng(seed)
    image = paper(height=500)
    for y in YS:
        cv2.line(image, (XS[0], y), (XS[-1], y), (0, 0, 0), 2)
    for x in XS:
        for low, high in pairwise(range(YS[0], YS[-1] + 1, 11)):
            if dice.random() > gone or x in {XS[0], XS[-1]}:
                cv2.line(image, (x, low), (x, high), (0, 0, 0), 2)
    for left, right, figure in zip(XS, XS[1:], FIGURES, strict=False):
        write(image, "田木", left + 12, YS[0] + 5)
        write(image, "王日", left + 12, YS[0] + 27)
        width = cv2.getTextSize(figure, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 3)[0][0]
        at = ((left + right - width) // 2, YS[2] - 10)
        cv2.putText(image, figure, at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 3)
    for line in range(8):
        write(image, "中三木目王十" * 5, 80, 260 + 26 * line)
    return image


def looks(image: Image) -> list[Lattice]:
    first = survey(View(image, np.eye(3)), 1)
    return [one for sheet in survey_again(first, 1, traces(first)) for one in sheet.lattices]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("gone", [0.3, 0.6])
def test_each_figure_of_the_row_gets_a_column_of_its_own(gone: float, seed: int) -> None:
    found = looks(low_table(gone, seed))
    whole = [one for one in found if one.columns == len(FIGURES)]
    near = [np.abs(np.subtract(one.xs, XS)).max() for one in whole]
    assert near
    assert min(near) < 20


def test_a_speck_and_a_torn_piece_of_a_line_are_no_figures() -> None:
    image = low_table(0.6, 0)
    cv2.circle(image, (XS[3] + 12, YS[1] + 17), 2, (0, 0, 0), -1)
    cv2.line(image, (XS[7] + 14, YS[1] + 13), (XS[7] + 14, YS[1] + 21), (0, 0, 0), 3)
    found = looks(image)
    assert any(one.columns == len(FIGURES) for one in found)
