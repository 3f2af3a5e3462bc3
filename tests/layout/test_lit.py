"""Dark screens are turned to dark print on light ground; nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.lit import lit

if TYPE_CHECKING:
    from numpy.typing import NDArray


def page(ground: int, print_: int) -> NDArray[np.uint8]:
    """Draw a table with figures in every cell."""
    image = np.full((900, 700, 3), ground, np.uint8)
    for y in range(60, 860, 50):
        cv2.line(image, (40, y), (660, y), (print_,) * 3, 2)
        for x in range(60, 640, 80):
            cv2.putText(image, "128", (x, y + 35), 0, 0.9, (print_,) * 3, 2)
    return image


def test_light_print_on_a_dark_screen_becomes_dark_print_on_a_light_one() -> None:
    dark = page(28, 220)
    assert (lit(dark) == 255 - dark).all()


def test_dark_print_stays_as_it_is_however_dim_the_light() -> None:
    for ground, print_ in ((255, 0), (120, 20), (80, 10)):
        image = page(ground, print_)
        assert lit(image) is image


def test_a_sheet_on_a_dark_desk_is_no_dark_screen() -> None:
    desk = np.full((1400, 1300, 3), 40, np.uint8)
    desk[150:1280, 150:1150] = cv2.resize(page(235, 20), (1000, 1130))
    assert lit(desk) is desk


def test_rows_shaded_in_several_tones_make_a_screen_no_lighter() -> None:
    dark = page(20, 220)
    bands = [230, 20, 38, 230, 20, 56, 230, 20, 38, 230, 20, 56, 38, 230, 56, 20]
    for y, level in zip(range(60, 860, 50), bands, strict=True):
        row = dark[y : y + 50]
        if level > 200:
            row[:] = 250 - row
        else:
            row[row < 200] = level
    assert (lit(dark) == 255 - dark).all()
