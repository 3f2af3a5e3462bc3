"""Cells that a form plans are fitted to what is left of a table, with lines or without."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.geometry import Box
from document.page import View
from document.plan import Plan, PlannedCell
from layout.chain import most
from layout.fit import fitted
from layout.planned import doubtful_edges
from layout.remains import paler_beside
from layout.sheet import survey, traces
from layout.tone import tone
from tests.layout.drawing import Grid, break_lines, draw, paper, prose, write

if TYPE_CHECKING:
    from document.lattice import Lattice
    from tests.layout.drawing import Image

XS = (60, 300, 400, 500, 600, 700, 800, 900)
YS = tuple(range(100, 500, 40))
GRID = Grid(XS, YS)
EM = 20.0


def table(image: Image) -> None:
    """Write labels and figures into the cells of GRID, without its lines."""
    for top in YS[:-1]:
        write(image, "王田中木日", XS[0] + 20, top + 10)
        for left in XS[1:-1]:
            write(image, "日", left + 40, top + 10)


def planned(scale: float, unread: tuple[int, ...] = (), joined: tuple[int, ...] = ()) -> Plan:
    """Return the plan of GRID, whose labels were read but for some rows, in pixels of a tone.

    Some labels were read in one go with the figure beside them.
    """
    cells, rows = [], []
    for row, (top, _) in enumerate(pairwise(YS)):
        right = XS[1] + 60 if row in joined else XS[0] + 120
        box = Box(*(scale * v for v in (XS[0] + 20, top + 10, right, top + 30)))
        read = row not in unread
        rows.append((box.top, box.bottom) if read else None)
        cells.append(PlannedCell(row, 0, 1, 1, figure=False, seen=(box,) if read else ()))
        cells += [PlannedCell(row, j, 1, 1, figure=True) for j in range(1, len(XS) - 1)]
    return Plan(tuple(rows), len(XS) - 1, tuple(cells))


def fit(image: Image, unread: tuple[int, ...] = (), joined: tuple[int, ...] = ()) -> Lattice:
    sheet = survey(View(image, np.eye(3)), 1)
    plan = planned(sheet.made.scale, unread, joined)
    found = fitted(sheet.made, traces(sheet).torn, plan, 1)
    assert found is not None
    return found


def off(found: Lattice) -> tuple[float, float]:
    """Return how far the worst of the inner separators of rows and of columns are off."""
    assert (found.rows, found.columns) == (len(YS) - 1, len(XS) - 1)
    down = np.abs(np.subtract(found.ys, YS))[1:-1].max()
    return float(down), float(np.abs(np.subtract(found.xs, XS))[2:-1].max())


@pytest.mark.parametrize("unread", [(), (3, 4), (2, 5, 6)])
def test_without_any_line_cells_stand_around_words_and_figures(unread: tuple[int, ...]) -> None:
    image = paper()
    table(image)
    prose(image, 560, 6)
    down, across = off(fit(image, unread))
    assert down < 10
    assert across < 40


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_what_is_left_of_lines_decides(share: float) -> None:
    image = paper()
    draw(image, GRID, em=0)
    break_lines(image, GRID, share, 20)
    table(image)
    down, across = off(fit(image, (1, 5)))
    assert down < 4
    assert across < 4


def test_a_fold_through_the_page_is_no_line_of_the_table() -> None:
    image = paper()
    table(image)
    cv2.line(image, (425, 0), (425, 899), (90, 90, 90), 2)
    _, across = off(fit(image))
    assert across < 40


@pytest.mark.parametrize("top", [0, 250])
def test_a_rim_beside_the_table_is_no_column_of_it(top: int) -> None:
    image = paper()
    table(image)
    cv2.rectangle(image, (945, top), (960, 899), (20, 20, 20), -1)
    _, across = off(fit(image))
    assert across < 40


def test_a_table_ends_at_its_outer_lines_beyond_which_level_ones_are_smeared() -> None:
    image = paper()
    draw(image, GRID, em=0)
    for y in YS:  # a scan that smears what is level over the lines at both sides
        image[y - 1 : y + 2, XS[0] - 22 : XS[-1] + 22] = 90
    table(image)
    found = fit(image)
    off(found)
    assert abs(found.xs[0] - XS[0]) < 5
    assert abs(found.xs[-1] - XS[-1]) < 5


def test_lines_of_a_table_of_which_rows_are_left_out_are_no_folds() -> None:
    image = paper()
    draw(image, GRID, em=0)
    table(image)
    sheet = survey(View(image, np.eye(3)), 1)
    plan = planned(sheet.made.scale)
    inner = range(2, len(YS) - 3)  # of the first and last two rows no word was read
    cells = [replace(c, row=c.row - 2) for c in plan.cells if c.row in inner]
    rows = tuple(plan.rows[row] for row in inner)
    found = fitted(sheet.made, traces(sheet).torn, replace(plan, rows=rows, cells=tuple(cells)), 1)
    assert found is not None
    assert np.abs(np.subtract(found.xs, XS)).max() < 4


def test_a_label_read_with_the_figure_beside_it_moves_no_column() -> None:
    image = paper()
    table(image)
    prose(image, 560, 6)
    found = fit(image, joined=(4,))
    _, across = off(found)
    assert across < 40
    assert found.xs[1] < XS[1] + 40


def test_words_of_a_header_tell_the_columns_that_are_blank_below() -> None:
    image = paper()
    xs = (100, 160, 220, 280, 340, 400, 460, 520, 580)
    write(image, "王田中木日", 160, 110)
    write(image, "王田中木日", 400, 110)
    for left in xs[:-1]:
        write(image, "田中", left + 10, 150)
        write(image, "王木", left + 10, 174)
    for number in (0, 2, 5, 7):
        write(image, "日", xs[number] + 20, 210)
    prose(image, 300, 6)
    sheet = survey(View(image, np.eye(3)), 1)
    seen = [Box(left, 110, left + 100, 130) for left in (160, 400)]
    top = [PlannedCell(0, 4 * k, 1, 4, figure=False, seen=(box,)) for k, box in enumerate(seen)]
    rest = [PlannedCell(i, j, 1, 1, figure=i == 2) for i in (1, 2) for j in range(8)]
    known = ((110.0, 130.0), (150.0, 194.0), None)
    assert sheet.made.scale == 1
    found = fitted(sheet.made, traces(sheet).torn, Plan(known, 8, (*top, *rest)), 1)
    assert found is not None
    for (begin, end), word in zip(pairwise(found.xs), xs, strict=False):
        assert begin - 6 < word + 10
        assert word + 50 < end + 6


def test_figures_set_left_behind_their_labels_are_left_out_of_no_column() -> None:
    """Strokes beside the words of a header, as a poor picture has, are no lines of the columns."""
    image = paper()
    xs, rows = (60, 400, 540, 680, 820), 7
    ys = [100 + 36 * i for i in range(rows + 1)]
    words = [(left + 40, left + 100) for left in xs[1:-1]]
    for left, _ in words:
        write(image, "田中木", left, ys[0] + 8)
    for left, _ in words[:2]:
        image[ys[0] : ys[1] + 20, left - 8 : left - 6] = 90
    cells = [
        PlannedCell(0, j, 1, 1, figure=False, seen=(Box(left, ys[0] + 8, right, ys[0] + 28),))
        for j, (left, right) in enumerate(words, start=1)
    ]
    for i, top in enumerate(ys[1:-1], start=1):
        write(image, "王田中木日", 80, top + 8)
        cells.append(PlannedCell(i, 0, 1, 1, figure=False, seen=(Box(80, top + 8, 180, top + 28),)))
        several = i < 3
        for j in range(1, 4 if several else 2):
            write(image, "日", xs[j] + 8, top + 8)
            cells.append(PlannedCell(i, j, 1, 1 if several else 3, figure=True))
    prose(image, 560, 6)
    sheet = survey(View(image, np.eye(3)), 1)
    known = tuple((top + 8.0, top + 28.0) for top in ys[:-1])
    assert sheet.made.scale == 1
    found = fitted(sheet.made, traces(sheet).torn, Plan(known, 4, tuple(cells)), 1)
    assert found is not None
    for j in (1, 2, 3):
        assert found.xs[j] < xs[j] + 9
        assert xs[j] + 27 < found.xs[j + 1]


def test_edges_that_cut_a_figure_or_leave_two_in_a_cell_are_none() -> None:
    image = paper()
    prose(image, 560, 6)
    for left in (100, 200, 300, 360):
        write(image, "日", left, 110)
    made = tone(image)
    xs = (80, 150, 210, 280, 420)
    nodes = [[(x * made.scale, y * made.scale) for x in xs] for y in (100, 140)]
    found = doubtful_edges(made, nodes, [set(pairwise(range(len(xs))))])
    assert found == {(0, 2), (0, 3), (0, 4)}


def zeros(image: Image, right: int, top: int) -> None:
    """Write a zero of thin strokes, eight pixels wide, that ends at ``right``."""
    cv2.ellipse(image, (right - 4, top + 8), (4, 7), 0, 0, 360, (20, 20, 20), 1, cv2.LINE_AA)


def test_zeros_above_one_another_are_no_lines() -> None:
    """Columns of them, set to the right in rows close to one another, as pages without lines."""
    image = paper()
    tops = [100 + 29 * i for i in range(22)]
    rights = (480, 540, 600, 690, 780, 820, 860)
    cells, known = [], []
    for row, top in enumerate(tops):
        write(image, "王田中木日" * 3, 80, top)
        for right in rights:
            zeros(image, right, top)
        box = Box(80, top, 380, top + 20)
        known.append((box.top, box.bottom))
        cells.append(PlannedCell(row, 0, 1, 1, figure=False, seen=(box,)))
        cells += [PlannedCell(row, j, 1, 1, figure=True) for j in range(1, 8)]
    sheet = survey(View(image, np.eye(3)), 1)
    assert sheet.made.scale == 1
    found = fitted(sheet.made, traces(sheet).torn, Plan(tuple(known), 8, tuple(cells)), 1)
    assert found is not None
    for (begin, end), right in zip(pairwise(found.xs[1:]), rights, strict=True):
        assert begin < right - 9
        assert right < end
    assert all(min(row[1:]) > 0 for row in found.down)


@pytest.mark.parametrize("speck", [False, True])
def test_a_row_of_few_figures_below_its_header_is_a_row(*, speck: bool) -> None:
    """The last row is blank but for two digits; dirt between two words joins them to one."""
    image = paper()
    xs = (100, 160, 220, 280, 340, 400, 460, 520, 580)
    write(image, "王田中木日", 160, 110)
    write(image, "王田中木日", 400, 110)
    for left in xs[:-1]:
        write(image, "田中", left + 10, 150)
        write(image, "王木", left + 10, 174)
    for left in (100, 340):
        zeros(image, left + 34, 204)
    if speck:
        cv2.circle(image, (578 - 60, 200), 2, (20, 20, 20), -1)
    sheet = survey(View(image, np.eye(3)), 1)
    seen = [Box(left, 110, left + 100, 130) for left in (160, 400)]
    top = [PlannedCell(0, 4 * k, 1, 4, figure=False, seen=(box,)) for k, box in enumerate(seen)]
    rest = [PlannedCell(i, j, 1, 1, figure=i == 2) for i in (1, 2) for j in range(8)]
    known = ((110.0, 130.0), (150.0, 194.0), None)
    found = fitted(sheet.made, traces(sheet).torn, Plan(known, 8, (*top, *rest)), 1)
    assert found is not None
    for (begin, end), word in zip(pairwise(found.xs), xs, strict=False):
        assert begin - 6 < word + 10
        assert word + 50 < end + 6
    assert 190 < found.ys[2] < 206
    assert found.ys[3] > 218


def test_words_joined_to_figures_bind_no_separator_and_long_labels_do() -> None:
    ends = [300.0 - number for number in range(17)]
    inked = np.zeros(500, bool)
    inked[330:345] = True
    assert most([*ends, 340.0, 344.0], 20.0, 0.0, inked) == 300.0
    assert most([*ends, 420.0], 20.0, 0.0, inked) == 420.0


def test_prose_right_below_a_table_is_no_row_of_its_figures() -> None:
    image = paper()
    xs = (100, 160, 220, 280, 340, 400, 460, 520, 580)
    write(image, "王田中木日", 160, 110)
    write(image, "王田中木日", 400, 110)
    for left in xs[:-1]:
        write(image, "田中", left + 10, 150)
        write(image, "日", left + 20, 184)
    cv2.line(image, (100, 209), (580, 209), (30, 30, 30), 2)
    for line in range(6):
        write(image, "王田中木日王田中木日王田中木日王田中木日", 100, 216 + 34 * line)
    sheet = survey(View(image, np.eye(3)), 1)
    seen = [Box(left, 110, left + 100, 130) for left in (160, 400)]
    top = [PlannedCell(0, 4 * k, 1, 4, figure=False, seen=(box,)) for k, box in enumerate(seen)]
    rest = [PlannedCell(i, j, 1, 1, figure=i == 2) for i in (1, 2) for j in range(8)]
    known = ((110.0, 130.0), (150.0, 170.0), None)
    found = fitted(sheet.made, traces(sheet).torn, Plan(known, 8, (*top, *rest)), 1)
    assert found is not None
    assert 168 < found.ys[2] < 186
    assert abs(found.ys[3] - 209) < 6


def test_a_heading_below_a_table_is_outside_of_it() -> None:
    image = paper()
    table(image)
    write(image, "王田中木日王田中木日王田", XS[0] + 20, YS[-1] + 6, em=18)
    cv2.line(image, (XS[0], YS[-1] + 27), (XS[-1], YS[-1] + 27), (20, 20, 20), 2)
    sheet = survey(View(image, np.eye(3)), 1)
    plan, torn = planned(sheet.made.scale), traces(sheet).torn
    swallowed = fitted(sheet.made, torn, plan, 1)
    assert swallowed is not None
    assert swallowed.ys[-1] > YS[-1] + 20
    room = float("-inf"), (YS[-1] + 6) * sheet.made.scale
    found = fitted(sheet.made, torn, replace(plan, room=room), 1)
    assert found is not None
    assert found.ys[-1] <= YS[-1] + 7


def test_bold_words_in_a_low_row_are_dark_beside_themselves_and_lines_are_not() -> None:
    cover = np.zeros(300)
    cover[20:180] = 0.75 + 0.23 * (np.arange(160) % 9 < 2)
    cover[184:187] = cover[260:263] = 1.0
    found = paler_beside(cover, EM) & (cover > 0.85)
    assert found[184:187].all()
    assert found[260:263].all()
    assert not found[30:170].any()


def test_a_header_whose_figures_stand_on_the_next_page_has_no_blank_row_below() -> None:
    image = paper()
    xs = (100, 160, 220, 280, 340, 400, 460, 520, 580)
    write(image, "王田中木日", 160, 810)
    write(image, "王田中木日", 400, 810)
    for left in xs[:-1]:
        write(image, "田中", left + 10, 850)
    sheet = survey(View(image, np.eye(3)), 1)
    assert sheet.made.scale == 1
    seen = [Box(left, 810, left + 100, 830) for left in (160, 400)]
    top = [PlannedCell(0, 4 * k, 1, 4, figure=False, seen=(box,)) for k, box in enumerate(seen)]
    rest = [PlannedCell(i, j, 1, 1, figure=i == 2) for i in (1, 2) for j in range(8)]
    plan = Plan(((810.0, 830.0), (850.0, 870.0), None), 8, (*top, *rest))
    assert fitted(sheet.made, traces(sheet).edges, plan, 1) is None
    for left in xs[:-1]:
        write(image, "日", left + 20, 878)
    sheet = survey(View(image, np.eye(3)), 1)
    assert fitted(sheet.made, traces(sheet).edges, plan, 1) is not None


def test_a_header_alone_at_the_foot_of_a_page_is_fitted_without_any_row_of_figures() -> None:
    image = paper()
    table(image)
    sheet = survey(View(image, np.eye(3)), 1)
    plan = planned(sheet.made.scale)
    words = tuple(replace(cell, figure=False) for cell in plan.cells)
    found = fitted(sheet.made, traces(sheet).torn, replace(plan, cells=words), 1)
    assert found is not None
    assert (found.rows, found.columns) == (len(YS) - 1, len(XS) - 1)
