"""A line that is but strokes of figures above one another cuts a figure: that is no sure one."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from document.fragment import Fragment
from document.lattice import Lattice
from document.page import View
from pipeline.doubled import doubled
from pipeline.misplaced import beside
from pipeline.sight import Part

EM = 18.0
XS, YS = (20.0, 140.0, 260.0, 380.0), tuple(30.0 + 32.0 * row for row in range(8))
INK = (30, 30, 30)


def part_of(*, lined: bool, figure_at: int) -> Part:
    """Return a table of three columns in its first row and one below, with 35 in the first row.

    The lattice has a separator at the second place in that row alone.
    """
    image = np.full((300, 400, 3), 248, np.uint8)
    for y in YS:
        cv2.line(image, (20, round(y)), (380, round(y)), INK, 2)
    if lined:
        cv2.line(image, (140, 30), (140, 62), INK, 2)
    cv2.putText(image, "35", (figure_at, 53), cv2.FONT_HERSHEY_SIMPLEX, 0.55, INK, 2)
    rows = len(YS) - 1
    down = ((1.0, 1.0, 1.0, 1.0), *(((1.0, 0.0, 0.0, 1.0),) * (rows - 1)))
    nodes = tuple(tuple((x, y) for x in XS) for y in YS)
    walls = (0.0,) * len(YS), (0.0,) * len(XS)
    lattice = Lattice(1, nodes, ((1.0, 1.0, 1.0),) * len(YS), down, *walls)
    return Part(1, Fragment(lattice, ()), View(image, np.eye(3)), (0.0, 0.0), EM)


@pytest.mark.parametrize(
    ("lined", "figure_at", "cut"), [(False, 129, True), (True, 60, False), (False, 60, False)]
)
def test_a_figure_at_a_side_where_no_line_is_puts_its_line_in_doubt(
    *, lined: bool, figure_at: int, cut: bool
) -> None:
    part = part_of(lined=lined, figure_at=figure_at)
    lattice = part.fragment.lattice
    first, second, below = (
        lattice.polygon(0, 1, 0, 1), lattice.polygon(0, 1, 1, 2), lattice.polygon(1, 2, 0, 3),
    )  # fmt: skip
    found = doubled(part, [first, second, below])
    assert [beside(one, found) for one in (first, second, below)] == [cut, cut, False]


def test_lines_drawn_over_most_of_a_table_cut_nothing() -> None:
    part = part_of(lined=False, figure_at=129)
    lattice = replace(part.fragment.lattice, down=((1.0, 1.0, 1.0, 1.0),) * (len(YS) - 1))
    whole = replace(part, fragment=replace(part.fragment, lattice=lattice))
    assert doubled(whole, [lattice.polygon(0, 1, 0, 1), lattice.polygon(0, 1, 1, 2)]) == ()


@pytest.mark.parametrize(("text", "cut"), [("35", False), ("358", True)])
def test_a_figure_at_the_end_of_a_table_is_cut_only_where_something_stands_beyond(
    text: str, *, cut: bool
) -> None:
    part = part_of(lined=True, figure_at=60)
    lattice, image = part.fragment.lattice, part.picture.image.copy()
    cv2.putText(image, text, (357, 53), cv2.FONT_HERSHEY_SIMPLEX, 0.55, INK, 2)
    down = ((1.0, 1.0, 1.0, 1.0), *(((1.0, 0.0, 0.0, 0.0),) * (len(YS) - 2)))
    torn = replace(part.fragment, lattice=replace(lattice, down=down))
    page = replace(part, fragment=torn, picture=View(image, np.eye(3)))
    last = torn.lattice.polygon(0, 1, 2, 3)
    assert bool(doubled(page, [last])) is cut
