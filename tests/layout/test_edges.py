"""What is black around a page is laid over with paper; what is printed on it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.page import View
from layout.edges import cleared
from tests.layout.drawing import Grid, draw, paper, prose, turned_by

if TYPE_CHECKING:
    from tests.layout.drawing import Image


def page() -> Image:
    image = paper(900, 1200)
    prose(image, 200, 12)
    return image


def seen(image: Image) -> Image:
    return cleared(View(np.asarray(image, np.uint8), np.eye(3))).image


def test_the_lid_of_a_scanner_becomes_paper() -> None:
    scanned, _ = turned_by(page(), 2.0)
    scanned = np.asarray(np.maximum(scanned, 20), np.uint8)
    scanned[:25] = scanned[:, -40:] = 25
    cv2.fillPoly(scanned, [np.array([[0, 1199], [0, 900], [30, 1199]])], (30, 30, 30))
    clean = seen(scanned)
    rim = np.concatenate([clean[:25].ravel(), clean[:, -40:].ravel(), clean[1000:, :5].ravel()])
    assert rim.min() > 200
    assert np.array_equal(clean[60:1100, 60:800], scanned[60:1100, 60:800])


def test_lines_that_end_at_the_side_of_a_picture_stay() -> None:
    image = paper(600, 300)
    draw(image, Grid((0, 150, 300, 450, 599), (0, 60, 120, 180, 240, 299)))
    assert np.array_equal(seen(image), image)


def test_the_frame_of_a_table_close_to_the_side_of_a_picture_stays() -> None:
    image = paper(574, 140)
    image[2:6, 2:-2] = image[-6:-2, 2:-2] = image[2:-2, 2:6] = image[2:-2, -6:-2] = 20
    assert np.array_equal(seen(image), image)


def test_a_shadow_is_not_painted_over() -> None:
    shade = np.linspace(1.0, 0.4, 900)[None, :, None]
    image = np.asarray(page() * shade, np.uint8)
    assert np.array_equal(seen(image), image)
