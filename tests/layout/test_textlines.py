"""Lines of text are found where they run, inside cells and outside tables."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.page import View
from layout.lattice import spans
from layout.sheet import Sheet, survey
from layout.textlines import (
    cell_lines,
    is_figure_sized,
    level_share,
    loose_lines,
    text_lines,
)
from layout.tone import tone, turned
from tests.layout.drawing import Grid, draw, paper, prose, write

GRID = Grid((60, 400, 600, 900), (200, 260, 360, 420))


def sheet_with(*texts: tuple[str, int, int]) -> Sheet:
    image = paper(1000, 700)
    prose(image, 40, 3)
    draw(image, GRID, em=0)
    for text, x, y in texts:
        write(image, text, x, y)
    prose(image, 500, 4)
    return survey(View(image, np.eye(3)), 1)


def lines_in(sheet: Sheet, row: int, column: int) -> list[tuple[float, float]]:
    cell = next(s for s in spans(sheet.lattices[0]) if (s.top, s.left) == (row, column))
    return [box.center for box in cell_lines(sheet, cell.box)]


def test_two_lines_in_a_cell_are_two_from_the_top_down() -> None:
    sheet = sheet_with(("王田中木", 100, 280), ("日目三十", 100, 312), ("田", 480, 220))
    upper, lower = lines_in(sheet, 1, 0)
    assert upper == pytest.approx((140, 290), abs=4)
    assert lower == pytest.approx((140, 322), abs=4)
    assert len(lines_in(sheet, 0, 1)) == 1


def test_an_empty_cell_has_no_line_although_it_is_ruled() -> None:
    sheet = sheet_with(("王田中木", 100, 220))
    assert lines_in(sheet, 1, 1) == []
    assert lines_in(sheet, 2, 2) == []


def test_two_figures_far_apart_in_one_cell_are_two_lines() -> None:
    sheet = sheet_with(("田中", 620, 220), ("目日", 840, 220))
    assert len(lines_in(sheet, 0, 2)) == 2


def test_long_text_is_no_figure() -> None:
    sheet = sheet_with(("王田中木日目三十", 100, 220), ("田", 480, 220))
    boxes = [s.box for s in spans(sheet.lattices[0])]
    long, short = cell_lines(sheet, boxes[0]), cell_lines(sheet, boxes[1])
    assert not is_figure_sized(sheet, long)
    assert is_figure_sized(sheet, short)
    assert is_figure_sized(sheet, ())


def test_lines_outside_the_table_come_in_reading_order() -> None:
    sheet = sheet_with(("王田中木", 100, 220))
    assert sheet.em == pytest.approx(20, rel=0.15)
    found = loose_lines(sheet, [lattice.box for lattice in sheet.lattices])
    assert [round(box.center[1]) for box in found] == pytest.approx(
        [50, 82, 114, 510, 542, 574, 606], abs=4
    )


def test_lines_run_along_the_page_that_is_upright() -> None:
    image = paper(1000, 500)
    prose(image, 60, 6)
    found = text_lines(tone(image))
    assert len(found) == 6
    assert all(box.width > 600 for box in found)


@pytest.mark.parametrize("thick", [2, 1])
def test_frames_drawn_cell_by_cell_and_dotted_lines_are_no_lines_of_text(thick: int) -> None:
    image = paper(1000, 900)
    grid = Grid(tuple(range(60, 901, 70)), tuple(range(120, 800, 40)))
    draw(image, grid, em=0, thick=thick, gap=8)
    for y in range(820, 880, 20):
        image[y : y + 3, 60:900:8] = image[y : y + 3, 61:900:8] = image[y : y + 3, 62:900:8] = 0
    prose(image, 20, 3, length=20)
    found = text_lines(tone(image))
    assert len(found) == 3
    for made in (turned(tone(image), 1), turned(tone(image), 3)):
        assert not [box for box in text_lines(made) if box.width > 130]


def test_the_corner_that_is_left_of_a_frame_hides_no_line_beside_it() -> None:
    image = paper(1000, 700)
    cv2.line(image, (60, 100), (124, 100), (0, 0, 0), 4)
    cv2.line(image, (60, 100), (60, 174), (0, 0, 0), 4)
    cv2.line(image, (60, 137), (124, 137), (0, 0, 0), 3)
    cv2.line(image, (124, 100), (124, 137), (0, 0, 0), 3)
    write(image, "王田中木日目", 134, 108)
    write(image, "日田中王木目日田", 70, 146)
    prose(image, 400, 3, length=20)
    assert [round(box.top) for box in text_lines(tone(image))[3:]] == pytest.approx(
        [146, 108], abs=3
    )


def test_the_coloured_ground_of_a_header_is_no_line_of_text() -> None:
    image = paper(1200, 700)
    prose(image, 40, 3, length=24)
    for top in range(200, 640, 60):
        image[top : top + 30, 60:1140] = 120
        write(image, "王田中木日目", 540, top + 5)
        at = image[top : top + 30, 540:670]
        at[at < 100] = 255
    found = text_lines(tone(image))
    tops = sorted(box.top for box in found if box.width > 300)
    assert tops == pytest.approx([40, 72, 104], abs=4)


def test_nothing_is_no_text() -> None:
    assert text_lines(tone(paper(400, 300))) == ()
    assert text_lines(tone(np.zeros((20, 20, 3), np.uint8))) == ()


def test_text_runs_along_its_lines_not_across_them() -> None:
    image = paper(1000, 900)
    prose(image, 40, 12)
    assert level_share(tone(image)) > 0.9
    assert level_share(tone(np.ascontiguousarray(np.rot90(image)))) < 0.1


def test_a_page_without_text_does_not_say_which_way_it_runs() -> None:
    image = paper(1000, 900)
    draw(image, GRID, em=0)
    assert level_share(tone(image)) == pytest.approx(0.5)
