"""A table that is open at its sides ends where the lines between its rows do."""

from __future__ import annotations

import cv2
import pytest

from layout.lattice import lattices
from tests.layout.drawing import Grid, Merged, assert_at, draw, paper, prose

XS = (60, 160, 300, 420, 540, 660, 780, 900)
YS = tuple(range(160, 830, 32))
REPORT = Grid(XS, YS, (Merged(2, 19, 0, 1),))
"""With a label over most rows: few lines come as far as the left side."""
WHITE = (255, 255, 255)


@pytest.mark.parametrize("sides", [(XS[0],), (XS[-1],), (XS[0], XS[-1])], ids=["l", "r", "both"])
def test_its_outer_columns_are_found_without_a_line_beside_them(sides: tuple[int, ...]) -> None:
    image = paper()
    prose(image, 20, 2)
    draw(image, REPORT)
    for x in sides:
        cv2.rectangle(image, (x - 4, YS[0] - 6), (x + 4, YS[-1] + 6), WHITE, -1)
    (found,) = lattices(image, 1)
    assert_at(found, REPORT, within=6)  # the lines' ends are erased with the side
    for x in sides:
        drawn = [row[0 if x == XS[0] else -1] for row in found.down]
        assert max(drawn) < 0.2  # nothing is drawn there, and nobody is told so


def test_lines_that_end_apart_are_no_side() -> None:
    image = paper()
    draw(image, REPORT)
    for n, y in enumerate(YS):  # strokes that ran on from a closed table
        cv2.line(image, (XS[-1], y), (XS[-1] + 25 * (n % 3), y), (0, 0, 0), 2)
    (found,) = lattices(image, 1)
    assert_at(found, REPORT)


def test_a_line_or_two_beyond_a_table_are_no_column() -> None:
    image = paper()
    draw(image, REPORT)
    for y in (YS[4], YS[8]):
        cv2.line(image, (XS[-1], y), (XS[-1] + 60, y), (0, 0, 0), 2)
    (found,) = lattices(image, 1)
    assert_at(found, REPORT)
