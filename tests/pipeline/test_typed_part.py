"""Figures from characters that a file names: what stands in one drawn cell, or a doubt."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from document.geometry import Box
from document.glyph import Glyph
from layout.drawn import lattices_drawn
from pipeline.glyph_looks import odd_ones
from pipeline.typed_part import TypedPart, typed_part


def lines(xs: list[float], ys: list[float]) -> list[Box]:
    level = [Box(xs[0], y - 0.5, xs[-1], y + 0.5) for y in ys]
    return [*level, *(Box(x - 0.5, ys[0], x + 0.5, ys[-1]) for x in xs)]


def digit(text: str, x: float, y: float = 30.0, size: float = 8.0) -> Glyph:
    box = Box(x, y - size, x + 0.6 * size, y)
    return Glyph(text, box, box.inset(-1))


def part_of(*glyphs: Glyph) -> TypedPart:
    (lattice,) = lattices_drawn(lines([0, 60, 120], [0, 20, 40]), 10.0, 1)
    return typed_part(lattice, glyphs, ())


def said(part: TypedPart) -> tuple[str, bool]:
    box = next(cell for cell, _ in part.glyphs if (cell.top, cell.left) == (1, 0)).box
    reading, sure = part.says(box.polygon)
    return reading.best.text, sure


def test_a_figure_is_what_stands_in_its_cell() -> None:
    assert said(part_of(digit("1", 10), digit("2", 16), digit("9", 70))) == ("12", True)
    assert said(part_of(digit("9", 70))) == ("", True)


@pytest.mark.parametrize(
    "glyphs",
    [
        (digit("1", 10), digit("2", 16), digit("3", 22, 26, 5)),
        (digit("1", 10), digit("2", 40)),
        (digit("1", 10, 29), digit("2", 10, 39)),
    ],
    ids=["footnote", "two figures", "two lines"],
)
def test_what_may_be_more_than_one_figure_is_doubtful(glyphs: tuple[Glyph, ...]) -> None:
    assert not said(part_of(*glyphs))[1]


def long(text: str, x: float, run: int) -> tuple[Glyph, ...]:
    """A figure written in one go from ``x`` on; the cells end at 60 and 120."""
    return tuple(replace(digit(one, x + 6 * i), run=run) for i, one in enumerate(text))


def test_a_figure_too_long_for_its_cell_stays_whole_and_in_it() -> None:
    part = part_of(*long("11093", 42, 1), *long("1820", 64, 2))
    assert said(part) == ("11093", True)
    beside = next(cell for cell, _ in part.glyphs if (cell.top, cell.left) == (1, 1)).box
    reading, sure = part.says(beside.polygon)
    assert (reading.best.text, sure) == ("1820", True)


def test_what_may_be_two_figures_that_touch_is_doubtful() -> None:
    part = part_of(*long("1234", 49, 1))
    assert not said(part)[1]


def test_a_figure_that_runs_out_of_the_table_is_doubtful() -> None:
    part = part_of(*long("1234", 105, 1))
    beside = next(cell for cell, _ in part.glyphs if (cell.top, cell.left) == (1, 1)).box
    assert not part.says(beside.polygon)[1]


def test_a_lone_digit_on_a_line_is_doubtful() -> None:
    assert not said(part_of(digit("1", 10), digit("2", 57.0)))[1]


def test_lattices_have_merged_cells_double_rules_and_open_sides() -> None:
    drawn = [
        Box(0, -0.5, 120, 0.5),
        Box(0, 1.5, 120, 2.5),  # a double rule above
        Box(60, 19.5, 120, 20.5),  # the first column's cells are merged
        Box(0, 39.5, 120, 40.5),
        Box(59.5, 0, 60.5, 40),
        Box(200, 0, 201, 50),  # a line elsewhere
    ]
    (lattice,) = lattices_drawn(drawn, 10.0, 3)
    assert (lattice.page, lattice.rows, lattice.columns) == (3, 2, 2)
    assert lattice.row_walls == (1, 0, 0)
    assert lattice.across == ((1, 1), (0, 1), (1, 1))
    assert lattice.xs == (0, 60, 120)


def test_a_line_beside_a_table_cut_at_both_ends_is_its_side() -> None:
    """The outer cell is as high as the page: nothing but its sides is drawn of it."""
    side, elsewhere = Box(-15.5, 0, -14.5, 40), Box(300, 10, 301, 30)
    (lattice,) = lattices_drawn([*lines([0, 60, 120], [0, 20, 40]), side, elsewhere], 10.0, 1)
    assert lattice.xs == (-15, 0, 60, 120)
    assert lattice.across[0] == (0, 1, 1)


def test_a_digit_that_looks_like_another_is_noticed() -> None:
    def drawn(text: str, shift: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        image = np.full((24, 18), 255, np.uint8)
        cv2.putText(image, text, (1 + shift, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
        return image

    patches = [(text, drawn(text, i % 2)) for i, text in enumerate("0123456789" * 3)]
    assert odd_ones(patches) == set()
    patches[17] = ("7", drawn("2", 0))
    assert odd_ones(patches) == {17}
