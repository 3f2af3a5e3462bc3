"""A blank is no news where its figure stands elsewhere in its line."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.page import View
from document.reading import Candidate, Reading
from document.report import ReadCell
from pipeline.doubled import doubled
from pipeline.misplaced import (
    beside,
    beside_doubt,
    beside_gap,
    misplaced,
    swallowed,
)
from pipeline.sight import Part
from pipeline.strays import strays_of
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import fragment_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.geometry import Polygon

LINES = [
    ["", "行政许可", "", "69"],
    ["", "行政处罚", "85", ""],
    ["", "行政强制", "9", ""],
]


def strays(lines: list[list[str]]) -> list[tuple[int, int]]:
    fragment = fragment_of(lines)
    polygons = [one.span.box.polygon for one in fragment.spans if one.span.left == 2]
    found = strays_of(fragment, polygons)
    return [(one.span.top, one.span.left) for one in fragment.spans if one.span.box in found]


def test_a_figure_beside_the_place_of_its_line_is_a_stray() -> None:
    assert strays(LINES) == [(0, 3)]


def test_words_and_the_numbers_of_rows_are_none() -> None:
    numbered = [
        [str(n), *line[1:3], "见附件" if line[3] else ""] for n, line in enumerate(LINES, 5)
    ]
    assert strays(numbered) == []


def test_a_blank_beside_the_words_of_a_note_is_no_blank_figure() -> None:
    """The note below a table was taken for its line of figures, and is shorter than that."""
    note = fragment_of(
        [["", "行政许可", "69", "4", "5"], ["注：1.本", "表数据统计", "时间为当年", "", ""]]
    )
    places = [one.span.box.polygon for one in note.spans if one.span.top == 1]
    assert len(strays_of(note, places)) == 2
    figures = fragment_of([["行政许可", "22（其中修订16件）", "无", "1万元", ""]])
    places = [one.span.box.polygon for one in figures.spans if one.span.left > 0]
    assert strays_of(figures, places) == ()


def test_blanks_below_headers_that_hold_figures_are_no_blank_figures() -> None:
    """A shadow's edge ran through a row of figures; what was left of it below read as blank."""
    lines = [["结果维持", "结果纠正", "其他结果", "总计"], ["", "", "24", "282"]]
    fragment = fragment_of(lines)

    def foot(figures: Sequence[str]) -> Fragment:
        spans = [
            replace(one, lines=((10.0, one.text), (30.0, figure))) if figure else one
            for one, figure in zip(fragment.spans, [*figures, "", "", "", ""], strict=True)
        ]
        return replace(fragment, spans=tuple(spans))

    places = [one.span.box.polygon for one in fragment.spans if one.span.top == 1]
    assert len(strays_of(foot(["9", "0", "", ""]), places)) == 4
    assert strays_of(foot(["9", "", "", ""]), places) == ()
    assert strays_of(fragment, places) == ()


def test_a_header_torn_open_holds_the_figure_of_its_own_row_not_the_next_ones() -> None:
    """Blanks below the first row of a good scan were doubted where two lines above it were lost."""
    fragment = fragment_of([["自然人", "总计"], ["208", "248"], ["", ""]])
    torn = tuple(
        replace(
            one,
            span=replace(one.span, bottom=2),
            lines=((10.0, one.text), (50.0, "208")),
        )
        for one in fragment.spans
        if one.span.top == 0
    )
    rest = tuple(one for one in fragment.spans if one.span.top == 2)
    places = [one.span.box.polygon for one in fragment.spans if one.span.top > 0]
    assert strays_of(replace(fragment, spans=(*torn, *rest)), places) == ()


def undrawn(fragment: Fragment, edge: int) -> Fragment:
    """Let nothing be drawn along an upright separator."""
    bands = [list(band) for band in fragment.lattice.down]
    for band in bands:
        band[edge] = 0.1
    return replace(fragment, lattice=replace(fragment.lattice, down=tuple(map(tuple, bands))))


def test_a_blank_beside_a_label_that_holds_a_figure_is_no_blank_figure() -> None:
    """White behind figures set left was taken for the line between labels and figures."""
    lines = [["行政许可 0", ""], ["行政处罚17", ""], ["行政强制", ""], ["3.其他", "7"]]
    fragment = undrawn(fragment_of(lines), 1)
    places = [one.span.box.polygon for one in fragment.spans if one.span.left == 1]
    found = strays_of(fragment, places)
    here = [one.span.top for one in fragment.spans if one.span.left == 0 and one.span.box in found]
    assert here == [0, 1]
    torn = tuple(
        replace(one, span=replace(one.span, box=replace(one.span.box, right=lines_end)))
        for one in fragment.spans
        for lines_end in [max(cell.span.box.right for cell in fragment.spans)]
    )
    assert strays_of(replace(fragment, spans=torn), places) == ()


def test_beside_a_drawn_line_a_label_that_ends_in_a_figure_is_misread() -> None:
    """Blank rows of a clear grid were doubted where words of their blurred labels read as 1, 8."""
    fragment = fragment_of([["行政许可 0", ""], ["行政处罚17", ""], ["行政强制", "4"]])
    places = [one.span.box.polygon for one in fragment.spans if one.span.left == 1]
    assert strays_of(fragment, places) == ()
    assert len(strays_of(undrawn(fragment, 1), places)) == 2


def test_a_label_that_cannot_be_read_among_labels_is_no_stray_figure() -> None:
    """One label that nobody can read put its blank row in doubt, all others being read."""
    lines = [["予以公开", "1"], ["部分公开", "2"], ["不予公开", "3"], ["88", ""]]
    fragment = fragment_of(lines)  # what is not read is printed as a figure, without words
    places = [one.span.box.polygon for one in fragment.spans if one.span.left == 1]
    assert strays_of(fragment, places) == ()
    said = tuple(
        replace(one, lines=((one.span.box.center[1], "88"),))
        if one.span.box.center[1] > 240 and one.span.left == 0
        else one
        for one in fragment.spans
    )
    assert len(strays_of(replace(fragment, spans=said), places)) == 1
    unread = fragment_of([["不予公开", "3"], *([["88", ""]] * 3)])
    places = [one.span.box.polygon for one in unread.spans if one.span.left == 1]
    assert len(strays_of(unread, places)) == 3


def test_where_most_labels_of_a_column_hold_their_lines_figures_all_do() -> None:
    """Of 25 such labels on a drawn scan two ended in an O; their lines' blanks passed for sure."""
    lines = [["1.公开0", ""], ["2.不予公开4", ""], ["3.属于国家秘密O", ""], ["4.其他1", ""]]

    def held(lines: list[list[str]]) -> int:
        fragment = undrawn(fragment_of(lines), 1)
        places = [one.span.box.polygon for one in fragment.spans if one.span.left == 1]
        return len(strays_of(fragment, places))

    assert held(lines) == len(lines)
    # one figure in a label says nothing of the other lines
    assert held([["1.公开0", ""], ["2.不予公开", ""], ["3.国家秘密", ""], ["4.其他", ""]]) == 1


def test_where_a_table_has_no_place_there_are_no_strays() -> None:
    assert strays_of(fragment_of(LINES), []) == ()


BLANK = Reading((Candidate("", 0.0),))
EM = 20.0
ROWS = (40, 76, 112, 148)


def unlined(figures_at: int) -> tuple[Part, Polygon]:
    """Return a part without row lines, figures that high in its first row, and its second cell."""
    image = np.full((200, 300, 3), 250, np.uint8)
    cv2.putText(image, "15", (220, figures_at), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 2)
    fragment = fragment_of([["", "行政许可", "15"], ["", "行政处罚", ""], ["", "行政强制", "9"]])
    lattice = fragment.lattice
    bare = type(lattice)(
        0,
        tuple(tuple((x, float(y)) for x in (10.0, 100.0, 200.0, 290.0)) for y in ROWS),
        tuple((0.0, 0.0, 0.0) for _ in ROWS),
        lattice.down[: len(ROWS) - 1],
        (0.0,) * len(ROWS),
        (0.0,) * 4,
        supposed=True,
    )
    fragment = type(fragment)(bare, ())
    part = Part(1, fragment, View(image, np.eye(3)), (0.0, 0.0), EM)
    return part, bare.polygon(1, 2, 2, 3)


def test_a_blank_between_supposed_lines_is_sure_where_nothing_stands_on_them() -> None:
    part, polygon = unlined(figures_at=66)
    assert not misplaced(part, polygon, BLANK, ())


@pytest.mark.parametrize("down", [8, 14, 20])
def test_a_figure_on_a_supposed_line_may_be_that_of_the_blank_cell_beside_it(down: int) -> None:
    part, polygon = unlined(figures_at=66 + down)
    assert misplaced(part, polygon, BLANK, ())


@pytest.mark.parametrize("down", [0, 14])
def test_a_figure_printed_onto_a_drawn_line_may_be_the_blank_cells(down: int) -> None:
    part, polygon = unlined(figures_at=66 + down)
    drawn = replace(part.fragment.lattice, across=((1.0,) * 3,) * len(ROWS), supposed=False)
    for y in ROWS:
        part.picture.image[y - 1 : y + 1] = 60
    ruled = replace(part, fragment=replace(part.fragment, lattice=drawn))
    assert ruled.framed(polygon)
    assert misplaced(ruled, polygon, BLANK, ()) == (down > 0)


def read(row: str, column: str, text: str, probability: float) -> ReadCell:
    reading = Reading((Candidate(text, -math.log(probability)),))
    return ReadCell((row, column), "count", reading, 1, None)


def test_a_blank_beside_a_doubtful_figure_of_which_no_sum_speaks_is_doubted() -> None:
    form = next(t for one in builtin() for t in one.tables if t.id == "t2")
    wanted = [a for a in (c.address for c in form.figures) if a]
    above = [a for a in wanted if a[0] == "regulation"]
    below = [a for a in wanted if a[0] == "normative"]
    told = [("", 1.0), ("27", 0.98), ("52346", 0.46)]  # the blank one's figure is in the next
    cells = [read(*a, text, 0.999) for a, text in zip(above, ["", "8", "9"], strict=True)]
    cells += [read(*a, *one) for a, one in zip(below, told, strict=True)]
    assert beside_doubt(cells, form, ()) == {below[0]}


def test_a_blank_below_two_figures_in_one_cell_is_doubted() -> None:
    """130 was printed a line too high, over the 5 above: its own cell was a sure blank."""
    form = next(t for one in builtin() for t in one.tables if t.id == "t2")
    wanted = [a for a in (c.address for c in form.figures) if a]
    above = [a for a in wanted if a[0] == "regulation"]
    below = [a for a in wanted if a[0] == "normative"]
    told = [("1", 0.99), ("0", 0.99), ("30", 0.13)]
    cells = [read(*a, *one) for a, one in zip(above, told, strict=True)]
    cells += [read(*a, text, 0.999) for a, text in zip(below, ["15", "16", ""], strict=True)]
    assert beside_doubt(cells, form, ()) == {below[2]}
    sure = [replace(cells[2], reading=read(*above[2], "5", 0.99).reading)]
    assert beside_doubt([*cells[:2], *sure, *cells[3:]], form, ()) == frozenset()


def test_blanks_between_supposed_lines_are_doubted_where_no_figure_is_read_well() -> None:
    form = next(t for one in builtin() for t in one.tables if t.id == "t4")
    places = [a for a in (cell.address for cell in form.figures) if a]
    blank = [read(*a, "", 0.9997) for a in places[:-1]]
    doubtful = [*blank, read(*places[-1], "1", 0.4)]
    assert beside_doubt(doubtful, form, set(places)) == set(places[:-1])
    assert beside_doubt(doubtful, form, ()) == frozenset()
    assert beside_doubt([*blank, read(*places[-1], "1", 0.99)], form, set(places)) == frozenset()


@pytest.mark.parametrize("figures", [1, 2])
def test_one_figure_below_a_header_may_be_the_number_of_the_page(figures: int) -> None:
    form = next(t for one in builtin() for t in one.tables if t.id == "t4")
    places = [a for a in (cell.address for cell in form.figures) if a]
    line = [
        replace(
            read(*address, "2" if at < figures else "", 0.999),
            polygon=(
                (20.0 * at, 0.0),
                (20.0 * at + 20, 0.0),
                (20.0 * at + 20, 30.0),
                (20.0 * at, 30.0),
            ),
        )
        for at, address in enumerate(places)
    ]
    assert beside_doubt(line, form, set(places)) == (set(places) if figures == 1 else set())
    assert beside_doubt(line, form, ()) == frozenset()


@pytest.mark.parametrize(("figure_at", "expected"), [(66, False), (92, True), (40, True)])
def test_a_figure_far_from_its_cells_middle_may_be_the_next_rows(
    figure_at: int, *, expected: bool
) -> None:
    part, _ = unlined(figures_at=66)
    image = np.full((140, 300, 3), 255, np.uint8)
    cv2.putText(image, "7", (140, figure_at + 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    tall = replace(part, picture=View(image, np.eye(3)))
    assert swallowed(tall, ((100, 10), (200, 10), (200, 122), (100, 122))) is expected


def test_only_lines_next_to_one_that_is_lost_may_hold_its_figures() -> None:
    form = next(t for one in builtin() for t in one.tables if t.id == "t3")
    all_of = [a for a in (c.address for c in form.figures) if a]
    found = {a for a in all_of if a[0] != "o3"}
    assert {a[0] for a in beside_gap(form, found)} == {"o2", "o3", "total"}
    assert beside_gap(form, set(all_of)) == frozenset()


@pytest.mark.parametrize(
    ("texts", "two"),
    [([("2", 25), ("1", 150)], True), ([("2", 25), ("134", 40)], False), ([("12", 60)], False)],
)
def test_two_figures_in_a_cell_whose_sides_are_supposed_put_their_line_in_doubt(
    texts: list[tuple[str, int]], *, two: bool
) -> None:
    """Figures at the left of their cells, headers in the middle: 2 of the third column stood in
    the second, which its header proved, and the first held two figures."""
    part, _ = unlined(figures_at=66)
    image = np.full((200, 300, 3), 250, np.uint8)
    for text, at in texts:
        cv2.putText(image, text, (at, 66), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 2)
    seen = replace(part, picture=View(image, np.eye(3)))
    lattice = part.fragment.lattice
    first, beyond, below = (
        lattice.polygon(r, r + 1, c, c + 1) for r, c in ((0, 0), (0, 2), (1, 0))
    )
    wide = (first[0], lattice.polygon(0, 1, 1, 2)[1], lattice.polygon(0, 1, 1, 2)[2], first[3])
    found = doubled(seen, [wide])
    assert bool(found) is two
    assert beside(beyond, found) is two
    assert not beside(below, found)


def test_where_the_sides_of_a_cell_are_drawn_a_tick_beside_its_figure_is_no_second_one() -> None:
    part, _ = unlined(figures_at=66)
    image = np.full((200, 300, 3), 250, np.uint8)
    for at in (25, 150):
        cv2.putText(image, "2", (at, 66), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 2)
    lattice = replace(part.fragment.lattice, supposed=False)
    drawn = replace(
        part, fragment=replace(part.fragment, lattice=lattice), picture=View(image, np.eye(3))
    )
    assert doubled(drawn, [lattice.polygon(0, 1, 0, 2)]) == ()
