"""A page is seen at the size of its tables, which its prose is often larger than."""

from __future__ import annotations

import numpy as np
import pytest

from document.page import View
from layout.lattice import spans
from layout.own_size import survey_tables
from layout.textlines import cell_lines
from tests.layout.drawing import Grid, draw, paper, prose, write

GRID = Grid((60, 240, 420, 600, 780, 960), (620, 680, 740, 800, 860))
SMALL, LINE = 20, 22


def page(large: int) -> View:
    """Draw prose of ``large`` pixels and, below, a table of two lines in every cell."""
    image = paper(1100, 900)
    prose(image, 40, int(540 / large / 1.6), em=large, length=int(900 / large))
    draw(image, GRID, em=0, thick=1)
    for cell in GRID.cells():
        left, top = GRID.xs[cell.left] + 15, GRID.ys[cell.top] + 10
        write(image, "王十中日十目", left, top, SMALL)
        write(image, "日三目十木日", left, top + LINE, SMALL)
    return View(image, np.eye(3))


@pytest.mark.parametrize("large", [20, 30, 36])
def test_two_close_lines_of_a_small_table_are_two_however_large_the_prose(large: int) -> None:
    sheet = survey_tables(page(large), 1)
    assert sheet.em == pytest.approx(SMALL, rel=0.15)
    cells = spans(sheet.lattices[0])
    assert len(cells) == len(GRID.cells())
    assert [len(cell_lines(sheet, cell.box)) for cell in cells] == [2] * len(cells)


def test_a_page_without_tables_keeps_its_size() -> None:
    image = paper(1100, 760)
    prose(image, 40, 12, em=28)
    assert survey_tables(View(image, np.eye(3)), 1).em == pytest.approx(28, rel=0.15)
