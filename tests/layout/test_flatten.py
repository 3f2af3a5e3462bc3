"""Skew and keystone are found and undone, and every view knows the way back to the page."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.page import View
from layout.flatten import flatten, flattened, framed, quarter_turn, skew_of
from layout.lattice import lattices
from layout.sheet import survey
from layout.tone import tone
from tests.layout.drawing import Grid, assert_at, draw, paper, prose, turned_by, warped, write

if TYPE_CHECKING:
    from collections.abc import Callable

GRID = Grid((180, 330, 450, 570, 690, 820), (260, 300, 340, 380, 420, 460, 500))


def page() -> np.ndarray:
    image = paper()
    prose(image[:, 60:], 90, 4, length=36)
    draw(image, GRID)
    prose(image[:, 60:], 540, 6, length=36)
    return image


@pytest.mark.parametrize("degrees", [-5.0, -2.3, -0.6, 0.0, 0.6, 2.3, 5.0])
def test_skew_is_measured_within_a_fifth_of_a_degree(degrees: float) -> None:
    image, _ = turned_by(page(), degrees)
    assert skew_of(tone(image).ink) == pytest.approx(degrees, abs=0.2)


@pytest.mark.parametrize("degrees", [-5.0, -1.2, 0.4, 3.7, 5.0])
def test_a_skewed_page_is_level_again(degrees: float) -> None:
    image, matrix = turned_by(page(), degrees)
    _assert_straightened(image, matrix, GRID)


def test_the_sides_of_a_picture_of_blotted_paper_are_no_lines() -> None:
    """They are straight; the rows of a table without lines are not."""
    image = paper(1000, 600)
    for top in range(60, 560, 45):
        write(image, "王田中木日", 60, top)
        for left in (400, 620, 840):
            write(image, "日", left, top)
    askew, _ = turned_by(image, 1.8)
    stains = np.random.default_rng(5).uniform(0.2, 1.2, (12, 20))
    light = cv2.resize(stains, (1000, 600), interpolation=cv2.INTER_CUBIC).clip(0.7, 1)
    found = flatten(framed(View((askew * light[..., None]).astype(np.uint8), np.eye(3))))
    assert abs(skew_of(tone(found.image).ink)) < 0.3


@pytest.mark.parametrize("degrees", [-2.6, 2.6, 4.0])
def test_the_edge_of_a_scanners_glass_shears_no_page(degrees: float) -> None:
    """Its columns, which no line parts, stand upright once its rows are level."""
    image = paper(1000, 900)
    for top in range(160, 760, 45):
        write(image, "王田中木日", 160, top)
        for left in (500, 640, 780):
            write(image, "日", left, top)
    askew, matrix = turned_by(image, degrees)
    askew[:, 24:28] = 120
    askew[:, 960:964] = 120
    found = flatten(framed(View(askew, np.eye(3))))
    ends = np.array([[[640.0, 160.0]], [[640.0, 745.0]], [[160.0, 160.0]]])
    moved = cv2.perspectiveTransform(ends, matrix)[:, 0]
    above, below, corner = found.view_points([(float(x), float(y)) for x, y in moved])
    assert abs(above[0] - below[0]) < 4
    assert abs(above[1] - corner[1]) < 4


@pytest.mark.parametrize(
    ("top", "side"),
    [
        (0, 50),
        (0, 30),
        (0, -50),
        (0, -30),
        (60, 0),
        (-60, 0),
        (40, 30),
    ],
)
def test_a_page_photographed_at_an_angle_is_square_again(top: int, side: int) -> None:
    width, height = 1000, 900
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array([[top, side], [-top, 0], [0, 0], [0, -side]], np.float32) / 2
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    tall = Grid(GRID.xs, tuple(range(80, 801, 40)))
    image = paper()
    draw(image, tall)
    _assert_straightened(warped(image, matrix), matrix, tall)


def _assert_straightened(image: np.ndarray, matrix: np.ndarray, grid: Grid) -> None:
    """Its lattice is straight, and leads back to where the lines are on the page."""
    view = flatten(quarter_turn(image, 0))
    (found,) = lattices(view.image, 1)
    assert (found.rows, found.columns) == (len(grid.ys) - 1, len(grid.xs) - 1)
    drawn = np.array([[[x, y] for x in grid.xs] for y in grid.ys], np.float64)
    seen = cv2.perspectiveTransform(drawn, matrix).reshape(-1, 2)
    back = view.page_points(node for row in found.nodes for node in row)
    assert np.abs(seen - np.array(back)).max() < 3
    for row in found.nodes:
        assert max(y for _, y in row) - min(y for _, y in row) < 4
    for column in zip(*found.nodes, strict=True):
        assert max(x for x, _ in column) - min(x for x, _ in column) < 4


@pytest.mark.parametrize(("lift", "sway"), [(14, 0), (-22, 0), (18, 10), (24, -6)])
def test_a_curled_page_is_flat_again(lift: float, sway: float) -> None:
    """Its lines rise and fall like the pages of a bound report, and sway from side to side."""
    width, height = 1000, 900
    tall = Grid(GRID.xs, tuple(range(80, 801, 40)))
    image = paper()
    draw(image, tall)

    def onto(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (
            x + sway * np.sin(np.pi * y / height),
            y + lift * np.sin(1.4 * np.pi * x / width) * (0.7 + 0.3 * y / height),
        )

    _assert_flat_again(image, onto, tall)


@pytest.mark.parametrize(("waves", "askew", "phase"), [(2.0, 0.0, 0.5), (2.6, 0.3, 3.0)])
def test_wavy_paper_is_flat_again(waves: float, askew: float, phase: float) -> None:
    """Most of its lines climb alike on one side of the waves, and fall as much on the other."""
    width, high = 1000, 5
    narrow = Grid((100, 400, 500, 600, 700, 800, 900), tuple(range(80, 821, 30)))
    image = paper()
    draw(image, narrow)

    def onto(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return x, y + high * np.sin(2 * np.pi * waves * (x + askew * y) / width + phase)

    _assert_flat_again(image, onto, narrow)


def _assert_flat_again(
    image: np.ndarray,
    onto: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    grid: Grid,
) -> None:
    """Its lattice is level on the page that ``onto`` bends, and leads back to its lines there."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    at_x, at_y = x, y
    for _ in range(10):
        to_x, to_y = onto(at_x, at_y)
        at_x, at_y = at_x + x - to_x, at_y + y - to_y
    curled = cv2.remap(
        image, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255),
    )  # fmt: skip
    view = flatten(quarter_turn(np.asarray(curled, np.uint8), 0))
    (found,) = lattices(view.image, 1)
    assert (found.rows, found.columns) == (len(grid.ys) - 1, len(grid.xs) - 1)
    drawn_x, drawn_y = np.meshgrid(np.array(grid.xs, float), np.array(grid.ys, float))
    seen = np.stack(onto(drawn_x, drawn_y), axis=2).reshape(-1, 2)
    nodes = [node for row in found.nodes for node in row]
    assert np.abs(seen - np.array(view.page_points(nodes))).max() < 3
    assert np.abs(np.array(view.view_points(view.page_points(nodes))) - nodes).max() < 0.05
    for row in found.nodes:
        assert max(y for _, y in row) - min(y for _, y in row) < 5


@pytest.mark.parametrize("degrees", [0.2, -0.5, 1.1])
def test_the_ink_of_a_clean_page_is_straightened_with_it(degrees: float) -> None:
    """Measured anew, the straight page's lines are where its straightened ink has them."""
    view = quarter_turn(turned_by(page(), degrees)[0], 0)
    flat, kept = flattened(view)
    assert flat is not view
    (found,), (anew,) = survey(flat, 1, kept).lattices, survey(flat, 1, tone(flat.image)).lattices
    assert (found.rows, found.columns) == (anew.rows, anew.columns)
    nodes = np.array([found.nodes, anew.nodes])
    assert np.abs(nodes[0] - nodes[1]).max() < 1.0


def test_a_level_page_is_left_as_it_is() -> None:
    view = quarter_turn(page(), 0)
    assert flatten(view) is view


def test_nothing_of_a_skewed_page_is_cut_off() -> None:
    image = page()
    cv2.rectangle(image, (0, 0), (999, 899), (255, 255, 255), 8)
    turned, _ = turned_by(image, 4.0)
    view = flatten(quarter_turn(turned, 0))
    height, width = turned.shape[:2]
    back = np.asarray(np.linalg.inv(view.to_page), np.float64)
    corners = View(turned, back).page_points([(0, 0), (width, 0), (width, height), (0, height)])
    for x, y in corners:
        assert -1.5 <= x <= view.image.shape[1] + 1.5
        assert -1.5 <= y <= view.image.shape[0] + 1.5


@pytest.mark.parametrize("turns", range(-3, 5))
def test_a_quarter_turn_leads_every_pixel_back_to_itself(turns: int) -> None:
    image = np.random.default_rng(turns + 9).integers(0, 256, (7, 11, 3)).astype(np.uint8)
    view = quarter_turn(image, turns)
    assert view.image.shape[:2] == ((7, 11) if turns % 2 == 0 else (11, 7))
    points = [(x, y) for y in range(view.image.shape[0]) for x in range(view.image.shape[1])]
    for (x, y), (to_x, to_y) in zip(points, view.page_points(points), strict=True):
        assert (to_x, to_y) == (int(to_x), int(to_y))
        assert (image[int(to_y), int(to_x)] == view.image[y, x]).all()


def test_four_quarter_turns_are_none() -> None:
    image = page()
    for _ in range(4):
        image = quarter_turn(image, 1).image
    assert (image == page()).all()
    views = [quarter_turn(image, turns).image for turns in range(4)]
    assert all((quarter_turn(a, 1).image == b).all() for a, b in pairwise(views))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_table_on_a_turned_page_leads_back_to_its_lines(turns: int) -> None:
    upright = page()
    stored = quarter_turn(upright, -turns)
    view = flatten(quarter_turn(stored.image, turns))
    (found,) = lattices(view.image, 1)
    assert_at(found, GRID)
    first = stored.page_points(view.page_points([found.nodes[0][0], found.nodes[-1][-1]]))
    assert first[0] == pytest.approx((GRID.xs[0], GRID.ys[0]), abs=2)
    assert first[1] == pytest.approx((GRID.xs[-1], GRID.ys[-1]), abs=2)


@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (3, 2), (500, 400)])
def test_a_page_of_one_tone_is_level(value: int, size: tuple[int, int]) -> None:
    view = quarter_turn(np.full((*size, 3), value, np.uint8), 0)
    assert flatten(view).image.shape == view.image.shape
