"""Lines that shine through from the other side of the paper can be told from the page's own."""

from __future__ import annotations

import cv2
import numpy as np

from document.page import View
from layout.sheet import survey, survey_solid
from tests.layout.drawing import paper, write


def grid(
    image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    xs: tuple[int, ...],
    ys: tuple[int, ...],
    level: int,
) -> None:
    for y in ys:
        cv2.line(image, (xs[0], y), (xs[-1], y), (level,) * 3, 3)
    for x in xs:
        cv2.line(image, (x, ys[0]), (x, ys[-1]), (level,) * 3, 3)


OWN_XS, OWN_YS = (200, 500, 640, 780, 900), (100, 160, 220, 280, 340, 400)


def page() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = paper()
    grid(image, OWN_XS, OWN_YS, 20)
    for y in OWN_YS[:-1]:
        write(image, "王田中木日田三目", 220, y + 18)
        write(image, "日", 560, y + 18)
    return image


def shapes(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[tuple[int, int]]:
    """Return rows and columns of what the lines make without ghosts, if there are any."""
    sheet = survey(View(image, np.eye(3)), 1)
    return [(one.rows, one.columns) for other in survey_solid(sheet, 1) for one in other.lattices]


def test_the_grid_of_the_other_side_is_taken_off() -> None:
    image = page()
    ghost = paper()
    grid(ghost, (120, 330, 580, 700, 830), (130, 190, 250, 310, 370, 460), 185)
    assert shapes(np.minimum(image, ghost)) == [(len(OWN_YS) - 1, len(OWN_XS) - 1)]


def test_a_line_with_a_pale_piece_is_the_pages_own() -> None:
    image = page()
    image[277:284, 500:640] = np.maximum(image[277:284, 500:640], 190)
    assert shapes(image) == []


def test_the_last_row_of_a_table_is_found_before_the_back_of_a_whole_one() -> None:
    image, ghost = paper(), paper()
    xs = tuple(range(120, 871, 50))
    grid(image, xs, (100, 150), 20)
    for x in xs[:-1]:
        write(image, "8", x + 18, 132)
    for line in range(8):
        write(image, "王田中木日田三目", 140, 200 + 40 * line)
    grid(ghost, (120, 330, 580, 700, 830), tuple(range(130, 560, 30)), 185)
    assert (1, 15) in shapes(np.minimum(image, ghost))
