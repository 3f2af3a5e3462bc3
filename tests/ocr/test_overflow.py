"""A figure wider than its column is read whole, and not into its neighbour."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.overflow import View, joined, may_be_cut, views_of
from ocr.seams import hides_a_glyph

ROWS, LEFT, RIGHT = 60, 40, 140
"""A cell between two ruling lines, 40 pixels of paper and a neighbour on either side."""


def page(*texts: tuple[str, int], ruled: bool = True) -> np.ndarray:
    """Draw a row of a table, each text from its column on; a digit is some 20 pixels wide."""
    image = np.full((ROWS, 220, 3), 240, np.uint8)
    for text, x in texts:
        cv2.putText(image, text, (x, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (30, 30, 30), 2)
    for x in (LEFT - 4, RIGHT + 3) if ruled else ():
        cv2.line(image, (x, 0), (x, ROWS - 1), (60, 60, 60), 2)
    return image


def cell(image: np.ndarray) -> np.ndarray:
    return image[:, LEFT:RIGHT]


def ends(views: tuple[View, ...]) -> list[int]:
    return [view.image.shape[1] for view in views]


def ink_rows(image: np.ndarray) -> np.ndarray:
    """Return which columns hold ink."""
    return np.asarray((image[:, :, 1] < 120).any(axis=0))


@pytest.mark.parametrize("text", ["0", "1288", "-"])
def test_a_figure_within_its_cell_is_left_alone(text: str) -> None:
    image = page((text, LEFT + 12))
    assert not may_be_cut(cell(image))
    (view,) = views_of(image, LEFT, RIGHT)
    assert view.weight == 1
    assert np.array_equal(view.image, cell(image))


def test_a_ruling_line_at_the_rim_is_no_cut_figure() -> None:
    image = page(("38", LEFT + 30))
    cv2.line(image, (RIGHT - 1, 0), (RIGHT - 1, ROWS - 1), (60, 60, 60), 2)
    assert not may_be_cut(cell(image))


def test_a_digit_that_a_ruling_line_runs_through_is_this_cells_where_it_stands_near() -> None:
    image = page(("28586", LEFT + 12))
    assert may_be_cut(cell(image))
    likeliest = max(views_of(image, LEFT, RIGHT), key=lambda view: view.weight)
    assert likeliest.weight > 0.9
    # All five digits, and the line taken out: the last column of the picture is paper.
    alone = page(("28586", LEFT + 12), ruled=False)
    last = int(np.flatnonzero(ink_rows(alone)).max())
    assert likeliest.image.shape[1] >= last - LEFT
    assert not ink_rows(likeliest.image)[-1]


def test_the_neighbours_digit_is_cut_away() -> None:
    image = page(("46", LEFT - 32), ("71", LEFT + 50))
    assert may_be_cut(cell(image))
    views = views_of(image, LEFT, RIGHT)
    likeliest = max(views, key=lambda view: view.weight)
    assert not ink_rows(likeliest.image)[:20].any()


def test_where_nothing_tells_whose_a_digit_is_nothing_is_sure() -> None:
    image = page(("88888888", LEFT + 3))
    weights = [view.weight for view in views_of(image, LEFT, RIGHT)]
    assert max(weights) < 0.95


def test_the_views_of_a_cell_share_one_certainty() -> None:
    image = page(("28586", LEFT + 12))
    assert sum(view.weight for view in views_of(image, LEFT, RIGHT)) <= 1 + 1e-9


def test_joined_readings_weigh_what_their_views_do() -> None:
    def reading(*texts: tuple[str, float]) -> Reading:
        return Reading(tuple(Candidate(text, -math.log(chance)) for text, chance in texts))

    both = joined(
        [reading(("152", 0.9), ("15", 0.1)), reading(("15", 0.8), ("75", 0.2))], [0.7, 0.3]
    )
    assert [candidate.text for candidate in both.candidates] == ["152", "15", "75"]
    assert both.best.probability == pytest.approx(0.63)
    assert both.candidates[1].probability == pytest.approx(0.31)
    alone = reading(("0", 0.99))
    assert joined([alone], [1.0]) is alone


def test_digits_on_both_sides_of_a_line_as_near_as_those_of_one_figure_are_doubtful() -> None:
    """Text that does not fit may lie under its neighbour's, and nothing shows whose it is."""
    image = page(("107", RIGHT - 58), ("952", RIGHT + 7))
    assert may_be_cut(cell(image))
    assert sum(view.weight for view in views_of(image, LEFT, RIGHT)) <= 0.5


def test_figures_that_fill_their_columns_are_not() -> None:
    image = page(("107", RIGHT - 58), ("952", RIGHT + 22))
    assert sum(view.weight for view in views_of(image, LEFT, RIGHT)) == 1


@pytest.mark.parametrize("x", [LEFT - 10, RIGHT - 10])
def test_a_digit_that_lies_on_a_side_nobody_drew_is_noticed(x: int) -> None:
    image = page(("1", x), ruled=False)
    image[:, LEFT + 8 : RIGHT - 8] = 240
    assert hides_a_glyph(image, LEFT + 8, RIGHT - 8)


def test_paper_and_the_neighbours_figures_hide_nothing() -> None:
    assert not hides_a_glyph(page(ruled=False), LEFT, RIGHT)
    assert not hides_a_glyph(page(("8", RIGHT + 20), ruled=False), LEFT, RIGHT)
    assert not hides_a_glyph(page(), LEFT, RIGHT)


def test_a_blank_cell_with_dirt_does_not_hide_a_digit_on_its_side_either() -> None:
    image = page(("1", RIGHT - 10), ruled=False)
    image[-3:, LEFT + 20 : LEFT + 40 : 2] = 20
    image[20:24, LEFT - 1 : LEFT + 3] = 20
    (view,) = views_of(image, LEFT, RIGHT - 1, sided=False)
    assert view.weight < 0.95


def test_a_digit_between_its_cells_side_and_the_line_drawn_beyond_is_read_whole() -> None:
    """A torn line is found a few pixels inside of where it is, and figures stand close to it."""
    image = page(ruled=False)
    cv2.putText(image, "0", (RIGHT - 14, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (30, 30, 30), 2)
    cv2.line(image, (RIGHT + 8, 0), (RIGHT + 8, ROWS - 1), (60, 60, 60), 2)
    assert may_be_cut(cell(image))
    (view,) = views_of(image, LEFT, RIGHT, sided=False)
    assert view.weight == 1
    last = int(np.flatnonzero(ink_rows(image[:, : RIGHT + 6])).max())
    assert view.image.shape[1] > last - LEFT


def test_a_figure_in_a_row_that_a_label_makes_tall_is_no_speck() -> None:
    low = page(("128", LEFT + 8))
    cv2.line(low, (RIGHT - 1, 20), (RIGHT - 1, ROWS - 1), (60, 60, 60), 2)
    tall = np.vstack([np.full((50, *low.shape[1:]), 240, np.uint8), low, np.full_like(low, 240)])
    assert may_be_cut(cell(tall))
    (view,) = views_of(tall, LEFT, RIGHT, sided=False, em=30)
    assert view.weight == 1


@pytest.mark.parametrize("digit", "02345789")
def test_a_thin_digit_that_a_line_cuts_in_pieces_is_read_whole(digit: str) -> None:
    """Its strokes lie in the line for the most part: what is left are pieces above one another."""
    image = np.full((ROWS, 220, 3), 240, np.uint8)
    cv2.putText(image, f"485{digit}", (LEFT + 36, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (30, 30, 30))
    last = int(np.flatnonzero(ink_rows(image)).max())
    for x in (LEFT - 4, RIGHT + 3):
        cv2.line(image, (x, 0), (x, ROWS - 1), (60, 60, 60), 2)
    likeliest = max(views_of(image, LEFT, RIGHT), key=lambda view: view.weight)
    assert likeliest.weight > 0.9
    assert likeliest.image.shape[1] >= last - LEFT
