"""Figures that stand in other cells than their own are nowhere sure."""

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
from pipeline.set_apart import set_apart
from pipeline.sight import Part
from pipeline.unlike_cells import in_other_cells, one_column_off, one_row_off, unlike_cells
from tests.reconstruct.printed_forms import fragment_of, table

if TYPE_CHECKING:
    from document.fragment import Fragment
    from document.geometry import Polygon

EM = 20.0


def read(text: str) -> Reading:
    return Reading((Candidate(text, -math.log(0.999)),))


def polygons(fragment: Fragment, row: int, first: int = 1) -> list[Polygon]:
    return [
        one.span.box.polygon
        for one in fragment.spans
        if one.span.top == row and one.span.left >= first
    ]


def with_a_cell_merged(fragment: Fragment, left: int, right: int) -> Fragment:
    """Take the lines out between cells of the only row."""
    first = next(one for one in fragment.spans if one.span.left == left)
    last = next(one for one in fragment.spans if one.span.right == right)
    box = replace(first.span.box, right=last.span.box.right)
    wide = replace(first, span=replace(first.span, right=right, box=box), inked=True)
    others = [one for one in fragment.spans if not left <= one.span.left < right]
    return replace(fragment, spans=(*others, wide))


def part_of(fragment: Fragment, image: np.ndarray | None = None) -> Part:
    box = fragment.lattice.box
    if image is None:
        image = np.full((round(box.bottom + 3 * EM), round(box.right + EM), 3), 250, np.uint8)
    return Part(1, fragment, View(image, np.eye(3)), (0.0, 0.0), EM)


@pytest.mark.parametrize(("at", "doubted"), [(1.0, True), (0.2, True), (0.5, False)])
def test_a_figure_in_the_middle_of_two_merged_cells_is_neither_ones(
    at: float, *, doubted: bool
) -> None:
    """It was read in the left one of two columns of table four; the right one was a sure blank.

    A line that is torn beside a figure in the middle of its own place merges nothing.
    """
    row = fragment_of([["维持", "3", "7", "", "5"]])
    keyed = {("review", name): p for name, p in zip("abcd", polygons(row, 0), strict=True)}
    merged = part_of(with_a_cell_merged(row, 2, 4))
    (left, top), (right, _), (_, bottom), _ = keyed["review", "b"]
    x, y = round(left + at * (right - left)), round((top + bottom) / 2)
    for middle in (x - 5, x + 5):
        cv2.circle(merged.picture.image, (middle, y), 5, (20, 20, 20), 2)
    texts = {("review", n): read(t) for n, t in zip("abcd", ["3", "00", "", "5"], strict=True)}
    expected = {("review", "b"), ("review", "c")} if doubted else set()
    assert unlike_cells(merged, keyed, texts) == expected
    assert unlike_cells(part_of(row), keyed, texts) == frozenset()


def test_two_drawn_cells_in_one_place_hold_two_figures() -> None:
    """Beside a column of row numbers 3 and 13 were read as 313, and sure."""
    row = fragment_of([["行政规范性文件", "3", "13", "16"]])
    (left, _, _, below), (_, right, under, _) = polygons(row, 0)[:2]
    places = {("a", "made"): (left, right, under, below), ("a", "repealed"): polygons(row, 0)[2]}
    texts = {address: read("313") for address in places}
    assert unlike_cells(part_of(row), places, texts) == {("a", "made")}


def banner(fragment: Fragment, row: int, figures: str) -> Fragment:
    """Let figures stand among the words of a row that has but one cell."""
    lattice = fragment.lattice
    words = next(one for one in fragment.spans if one.span.top == row)
    span = replace(
        words.span, right=lattice.columns, box=lattice.band(row, row + 1, 0, lattice.columns)
    )
    lines = (*words.lines, *((words.lines[0][0], text) for text in figures.split()))
    others = [one for one in fragment.spans if one.span.top != row]
    return replace(fragment, spans=(*others, replace(words, span=span, lines=lines)))


@pytest.mark.parametrize(
    ("figures", "blank", "expected"),
    [("7 12", True, True), ("", True, False), ("7 12", False, False)],
)
def test_figures_among_the_words_below_a_blank_row_are_that_rows(
    figures: str, *, blank: bool, expected: bool
) -> None:
    """All figures of a clean table two stood a row too low: 规章's were 规范性文件's, sure."""
    plain = fragment_of(
        [["规章", "3", "4"], ["规范性文件", "", ""], ["第二十条第（五）项", "", ""]]
    )
    fragment = banner(plain, 2, figures)
    places = polygons(plain, 0) + polygons(plain, 1)
    assert set_apart(part_of(fragment), places, [False, False, blank, blank]) is expected


@pytest.mark.parametrize(
    ("text", "blank", "expected"),
    [
        (["12", "3", "45", "6"], True, True),
        (["12", "3", "45", "6"], False, False),
        (["12", "", "", ""], True, False),
    ],
)
def test_figures_below_a_table_whose_last_row_is_blank_are_that_rows(
    text: list[str], *, blank: bool, expected: bool
) -> None:
    fragment = fragment_of([["结果维持", "结果纠正", "其他结果", "总计"], ["", "", "", ""]])
    places = polygons(fragment, 1, 0)
    part = part_of(fragment)
    foot = round(fragment.lattice.box.bottom)
    for (left, _), figure in zip((p[0] for p in places), text, strict=True):
        at = (round(left) + 5, foot + 17)
        cv2.putText(part.picture.image, figure, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1)
    assert set_apart(part, places, [blank] * 4) is expected


@pytest.mark.parametrize(
    ("above", "down", "expected"),
    [(["", "", "", ""], 45, True), (["3", "", "", ""], 45, False), (["", "", "", ""], 75, False)],
)
def test_figures_further_below_a_table_that_is_blank_altogether_are_its(
    above: list[str], down: int, *, expected: bool
) -> None:
    """All fifteen figures of a drawn table four stood two lines too low; it was clean and blank."""
    words = ["结果维持", "结果纠正", "其他结果", "总计"]
    fragment = fragment_of([words, above, ["", "", "", ""]])
    places = [*polygons(fragment, 1, 0), *polygons(fragment, 2, 0)]
    part = part_of(fragment)
    foot = round(fragment.lattice.box.bottom)
    for place in polygons(fragment, 2, 0):
        at = (round(place[0][0]) + 5, foot + down)
        cv2.putText(part.picture.image, "12", at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1)
    blank = [not text for text in above] + [True] * 4
    assert set_apart(part, places, blank) is expected


def test_figures_over_the_words_of_a_header_are_counted_line_by_line() -> None:
    """19, 11 and 96 above the headers of a blank table four ran together to one of them."""
    plain = fragment_of([["未经复议直接起诉", "", ""], ["维持", "纠正", "总计"], ["", "", ""]])
    places = polygons(plain, 2, 0)
    over = banner(plain, 0, "19 11 96")
    assert set_apart(part_of(over), places, [True] * 3)
    assert not set_apart(part_of(plain), places, [True] * 3)


def lines_of_t3(new: str, carry: str, total: str, left: str, columns: int = 4) -> list[ReadCell]:
    """Fill some columns of table three with the same figures, and the last with their totals."""
    rows = {"new": new, "carry": carry, "granted": "5", "total": total, "next": left}
    full = ("person", "business", "legal", "other")[:columns]
    cells = []
    for figure in table("2021", "t3").figures:
        if (a := figure.address) is not None:
            times = columns if a[1] == "total" else int(a[1] in full)
            text = str(times * int(rows.get(a[0], "0")))
            cells.append(ReadCell(a, "count", read(text), 1, None))
    return cells


@pytest.mark.parametrize(
    ("figures", "columns", "off"),
    [
        (("1", "5", "2", "0"), 4, True),
        (("4", "3", "5", "2"), 4, False),
        # a page may say less of the year before than it should, and in each column
        (("4", "0", "5", "2"), 4, False),
        # or be wrong in one column, and so in its total
        (("1", "5", "2", "0"), 1, False),
    ],
)
def test_lines_that_add_up_in_columns_none_of_which_does_are_a_row_off(
    figures: tuple[str, str, str, str], columns: int, *, off: bool
) -> None:
    """A drawn table three stood a row too high: only its totals and first line were flagged."""
    assert one_row_off(lines_of_t3(*figures, columns), table("2021", "t3")) is off


def test_columns_with_a_figure_that_is_read_badly_tell_of_no_row() -> None:
    """Of a poor drawn table no column added up, and 85 right figures went to a person for it."""
    badly = Reading((Candidate("0", -math.log(0.8)),))
    cells = [
        replace(c, reading=badly) if c.address[0] in {"d3", "carry"} else c
        for c in lines_of_t3("1", "5", "2", "0")
    ]
    assert not one_row_off(cells, table("2021", "t3"))


@pytest.mark.parametrize(("first", "off"), [("", True), ("0", False)])
def test_a_blank_first_column_of_lines_that_do_not_add_up_is_a_column_off(
    first: str, *, off: bool
) -> None:
    """Figures of a table three stood one column to the right; only its totals were flagged."""
    form = table("2021", "t3")
    columns = list(dict.fromkeys(a[1] for c in form.figures if (a := c.address)))
    said = dict(zip(columns, [first, "1", "2", "3", "4", "5", "6"], strict=True))
    cells = [
        ReadCell(a, "count", read(said[a[1]]), 1, None) for c in form.figures if (a := c.address)
    ]
    assert one_column_off(cells, form) is off
    adding_up = {**said, columns[-1]: "15"}
    cells = [replace(c, reading=read(adding_up[c.address[1]])) for c in cells]
    assert not one_column_off(cells, form)


@pytest.mark.parametrize(
    ("step", "until", "doubted"),
    [(1.0, 6, True), (-0.8, 6, True), (0.4, 6, True), (0.1, 6, False), (0.4, 4, False)],
)
def test_figures_behind_lines_that_step_by_a_row_are_not_sure(
    step: float, until: int, *, doubted: bool
) -> None:
    """Wet paper waved: from the third column on each line was joined with the next row's.

    At one crossing alone words of a label pull it aside, behind which it is where it was.
    """
    plain = fragment_of([[str(number)] * 6 for number in range(6)])
    lattice = plain.lattice
    high, skew = lattice.ys[1] - lattice.ys[0], 0.2 * (lattice.ys[1] - lattice.ys[0])
    nodes = tuple(
        tuple((x, y + skew * j + step * high * (3 < j <= until)) for j, (x, y) in enumerate(row))
        for row in lattice.nodes
    )
    bent = replace(plain, lattice=replace(lattice, nodes=nodes))
    places = {(str(n), "a"): p for n, p in enumerate(polygons(plain, 2))}
    texts = {address: read("2") for address in places}
    assert in_other_cells(part_of(bent), places, texts) == set(places if doubted else ())
