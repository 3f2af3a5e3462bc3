"""Light print on a dark ground, as in coloured headers, is read; what only looks like it stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.page import View
from layout.panels import lightened
from layout.sheet import survey
from tests.layout.drawing import Grid, Merged, assert_at, draw, paper, prose, write

EM = 16
GRID = Grid((60, 300, 420, 540, 660, 780, 900), tuple(range(80, 80 + 36 * 12 + 1, 36)))
TWO_LINES = Grid(GRID.xs, GRID.ys, (Merged(0, 2, 0, 1),))
RED, BLUE, GREEN, BLACK = (0, 0, 192), (196, 114, 68), (71, 173, 112), (30, 30, 30)


def headed(colour: tuple[int, int, int], grid: Grid = GRID, lines: int = 2) -> np.ndarray:
    """Draw a table whose first lines are white print, and rules, on ``colour``."""
    image = paper(960, 620)
    draw(image, grid, EM, thick=1)
    top, bottom = grid.ys[0], grid.ys[lines]
    head = image[top + 1 : bottom, grid.xs[0] + 1 : grid.xs[-1]]
    light = 1 - head.min(axis=2, keepdims=True) / 255
    head[:] = np.rint(np.array(colour) * (1 - light) + 255.0 * light)
    return image


@pytest.mark.parametrize("colour", [RED, BLUE, GREEN, BLACK])
@pytest.mark.parametrize("grid", [GRID, TWO_LINES])
def test_a_header_of_light_print_has_all_its_cells(
    colour: tuple[int, int, int], grid: Grid
) -> None:
    found = survey(View(headed(colour, grid), np.eye(3)), 1).lattices
    assert_at(max(found, key=lambda one: one.rows), grid, within=3)


def test_its_print_is_dark_on_paper() -> None:
    light = lightened(headed(BLUE), EM)
    assert light is not None
    drawn = paper(960, 620)
    draw(drawn, GRID, EM, thick=1)
    print_ = drawn.min(axis=2) < 100
    inside = np.zeros(print_.shape, bool)
    inside[GRID.ys[0] + 6 : GRID.ys[2] - 6, GRID.xs[0] + 6 : GRID.xs[-1] - 6] = True
    assert light[print_ & inside].max(axis=1).mean() < 60
    assert light[~print_ & inside].min(axis=1).mean() > 225


def test_on_a_clean_page_of_a_high_resolution_it_is_found_as_well() -> None:
    image = headed(BLUE)
    large = np.asarray(cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    found = [lightened(large, 3 * EM, clean=clean) for clean in (False, True)]
    assert found[0] is not None
    assert found[1] is not None
    assert (cv2.absdiff(*found).max(axis=2) > 60).mean() < 0.005


def test_words_that_touch_a_header_stay_as_they_are() -> None:
    image = headed(RED)
    write(image, "三十日田王中木目", 400, GRID.ys[0] - EM - 1, EM)
    light = lightened(image, EM)
    assert light is not None
    above = np.s_[: GRID.ys[0] - 3]
    assert np.array_equal(light[above], image[above])


def seal(image: np.ndarray) -> None:
    cv2.circle(image, (500, 300), 90, (40, 40, 210), 9)
    cv2.putText(image, "SEAL", (440, 320), cv2.FONT_HERSHEY_DUPLEX, 1.6, (40, 40, 210), 5)


def lid(image: np.ndarray) -> None:
    image[:24] = 25
    image[10:12, ::7] = 200


def title(image: np.ndarray) -> None:
    for shift in range(4):
        write(image, "田目田日田目田目", 300 + shift, 60, 40)


def shaded(image: np.ndarray) -> None:
    head = image[180:260, 80:860]
    head[:] = np.rint(head * 0.8)


@pytest.mark.parametrize("thing", [seal, lid, title, shaded])
def test_what_is_no_panel_is_left_alone(thing: object) -> None:
    image = paper(960, 620)
    prose(image, 150, 12, EM)
    thing(image)  # type: ignore[operator]
    assert lightened(image, EM) is None


def shadowed(image: np.ndarray, left: int) -> np.ndarray:
    """Return a page on whose right side from ``left`` on a shadow lies."""
    light = np.ones(image.shape[1])
    light[left:] = 0.6
    return np.rint(image * light[:, None]).astype(np.uint8)


def test_a_shadow_that_begins_beside_a_header_does_not_make_it_larger() -> None:
    image = shadowed(headed(RED), GRID.xs[-1] - 2)
    found = survey(View(image, np.eye(3)), 1).lattices
    assert_at(max(found, key=lambda one: one.rows), GRID, within=4)


def test_a_header_on_a_bent_page_with_a_line_beside_it_is_light_all_over() -> None:
    image = headed(RED)
    image[GRID.ys[0] - 4 : GRID.ys[0] - 2, GRID.xs[0] : GRID.xs[-1]] = 40
    image = shadowed(image, GRID.xs[-1] - 2)
    y, x = np.indices(image.shape[:2], dtype=np.float32)
    bent = cv2.remap(image, x, y - 4 * np.sin(x / 300).astype(np.float32), cv2.INTER_LINEAR)
    light = lightened(np.asarray(bent, np.uint8), EM)
    assert light is not None
    head = light[GRID.ys[0] + 10 : GRID.ys[2] - 6, GRID.xs[0] + 8 : GRID.xs[-1] - 8]
    cells = np.array_split(head.min(axis=2) > 200, 6, axis=1)
    assert min(cell.mean() for cell in cells) > 0.6


@pytest.mark.parametrize("frame", [(4,), (3, 7), (4, 8)])
def test_a_header_of_cells_that_stand_apart_is_light_within_its_tables_frame(
    frame: tuple[int, ...],
) -> None:
    """The frame around the whole table, of one line or two, is no part of the header."""
    image = headed(BLUE)
    image[:, [x + d for x in GRID.xs for d in (-1, 0, 1)]] = 255
    image[[y + d for y in GRID.ys for d in (-1, 0, 1)]] = 255
    image[: GRID.ys[0] - 1] = image[:, : GRID.xs[0] - 1] = 255
    image[GRID.ys[-1] + 2 :] = image[:, GRID.xs[-1] + 2 :] = 255
    for off in frame:
        low = GRID.xs[0] - off, GRID.ys[0] - off
        high = GRID.xs[-1] + off, GRID.ys[-1] + off
        cv2.rectangle(image, low, high, (20, 20, 20), 2)
    light = lightened(image, EM)
    assert light is not None
    head = light[GRID.ys[0] + 10 : GRID.ys[2] - 6, GRID.xs[0] + 8 : GRID.xs[-1] - 8]
    assert (head.min(axis=2) > 200).mean() > 0.6
