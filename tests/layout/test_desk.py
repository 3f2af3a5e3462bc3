"""A sheet on a desk is found by its four sides; a page that fills its picture is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout.desk import lift, sheet_corners
from tests.layout.drawing import Grid, draw, paper, prose

WIDTH, HEIGHT = 800, 1000
TABLE = Grid((100, 300, 420, 540, 700), tuple(range(300, 700, 40)))


def sheet() -> np.ndarray:
    image = paper(WIDTH, HEIGHT)
    prose(image, 80, 6, length=30)
    draw(image, TABLE)
    return image


def headed() -> np.ndarray:
    """The sheet with a dark blue bar nearly as wide as the paper."""
    image = sheet()
    image[220:300, 8 : WIDTH - 8] = (90, 50, 30)
    return image


def photographed(
    corners: list[tuple[int, int]], shade: float = 0.0, page: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The sheet, its corners at these pixels of a desk of 1000 by 1200 of dark, grained wood."""
    grain = np.random.default_rng(3).normal(80, 12, (1200, 1)).repeat(1000, axis=1)
    desk = np.stack([grain * share for share in (0.6, 0.8, 1.0)], axis=2)
    frame = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(frame, np.array(corners, np.float32))
    page = sheet() if page is None else page
    moved = cv2.warpPerspective(page, matrix, (1000, 1200), flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.ones((HEIGHT, WIDTH)), matrix, (1000, 1200)) > 0.5
    light = 1 - shade * np.linspace(0, 1, 1000)[None, :, None]
    return (np.where(covered[..., None], moved, desk) * light).astype(np.uint8), matrix


@pytest.mark.parametrize("shade", [0.0, 0.35])
@pytest.mark.parametrize(
    "corners",
    [
        [(80, 90), (920, 70), (940, 1120), (60, 1130)],
        [(150, 60), (860, 120), (930, 1150), (40, 1060)],
        [(40, 160), (900, 60), (960, 1060), (110, 1140)],
    ],
)
def test_a_sheet_on_a_desk_is_lifted_off_it(corners: list[tuple[int, int]], shade: float) -> None:
    image, matrix = photographed(corners, shade)
    found = sheet_corners(image)
    assert found is not None
    assert np.abs(found - corners).max() < 6
    view = lift(image)
    share = np.array([view.image.shape[1] / WIDTH, view.image.shape[0] / HEIGHT])
    drawn = np.array([[x, y] for x in TABLE.xs for y in TABLE.ys], np.float64)
    seen = cv2.perspectiveTransform(drawn[:, None], matrix)[:, 0]
    assert np.abs(np.array(view.page_points(map(tuple, drawn * share))) - seen).max() < 6


@pytest.mark.parametrize("shade", [0.0, 0.3])
def test_a_dark_header_as_wide_as_the_paper_is_no_desk(shade: float) -> None:
    corners = [(150, 60), (860, 120), (930, 1150), (40, 1060)]
    found = sheet_corners(photographed(corners, shade, headed())[0])
    assert found is not None
    assert np.abs(found - corners).max() < 8


def test_a_scan_is_left_as_it_is() -> None:
    image = sheet()
    assert lift(image).image is image
    shadow = (image * np.linspace(1, 0.3, WIDTH)[None, :, None]).astype(np.uint8)
    assert sheet_corners(shadow) is None
    edged = image.copy()
    edged[:, :25] = 30
    assert sheet_corners(edged) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (60, 60)])
def test_pictures_of_one_tone_show_no_sheet(size: tuple[int, int]) -> None:
    for value in (0, 128, 255):
        assert sheet_corners(np.full((*size, 3), value, np.uint8)) is None


@pytest.mark.parametrize("dark", [0.55, 0.35])
@pytest.mark.parametrize("band", [(420, 1000), (400, 820), (0, 500)])
def test_a_sheet_half_in_a_hard_shadow_is_lifted_whole(band: tuple[int, int], dark: float) -> None:
    corners = [(80, 90), (920, 70), (940, 1120), (60, 1130)]
    image, _ = photographed(corners)
    image[:, slice(*band)] = (dark * image[:, slice(*band)]).astype(np.uint8)
    found = sheet_corners(image)
    assert found is not None
    assert np.abs(found - corners).max() < 12


@pytest.mark.parametrize("dark", [0.2, 0.1])
def test_the_lit_part_alone_is_no_sheet(dark: float) -> None:
    corners = [(80, 90), (920, 70), (940, 1120), (60, 1130)]
    image, _ = photographed(corners)
    image[:, 420:] = (dark * image[:, 420:]).astype(np.uint8)
    found = sheet_corners(image)
    assert found is None or np.abs(found - corners).max() < 12


def test_a_sheet_on_a_pale_table_is_lifted_without_the_table() -> None:
    corners = [(280, 290), (720, 270), (740, 820), (260, 830)]
    image, _ = photographed(corners)
    rim = np.zeros((1200, 1000), bool)
    rim[60:1140, 60:940] = True
    wood = (image.max(axis=2) < 140) & rim
    image[wood] = (150, 160, 170)
    found = sheet_corners(image)
    assert found is not None
    assert np.abs(found - corners).max() < 12
