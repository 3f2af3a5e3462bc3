"""A page is cut to its print, and what is seen on it stands where it stood."""

from __future__ import annotations

import cv2
import numpy as np

from document.page import View
from layout.tone import tone
from layout.trim import trimmed
from tests.layout.drawing import paper, prose


def page(noise: float = 0.0) -> View:
    image = paper(1500, 1100)
    prose(image[300:1100, 250:850], 20, 14)
    cv2.rectangle(image, (300, 950), (800, 1050), (0, 0, 0), 2)
    rough = np.random.default_rng(5).normal(0, noise, image.shape)
    return View(np.clip(image + rough, 0, 255).astype(np.uint8), np.eye(3))


def test_bare_paper_is_cut_away_and_all_print_stays() -> None:
    whole = page()
    made = tone(whole.image)
    view, cut = trimmed(whole, made)
    assert view.image.size < 0.7 * whole.image.size
    dark = int((whole.image < 128).sum())
    assert int((view.image < 128).sum()) == dark
    rim = np.concatenate([view.image[:40].ravel(), view.image[:, :40].ravel()])
    assert rim.min() > 128  # a line at the side of a picture would not be told from the side
    assert cut.em == made.em


def test_what_is_cut_knows_its_place_and_its_ink() -> None:
    whole = page()
    view, cut = trimmed(whole, tone(whole.image))
    (x, y), *_ = view.page_points([(0, 0)])
    height, width = view.image.shape[:2]
    assert (whole.image[int(y) :, int(x) :][:height, :width] == view.image).all()
    again = cv2.resize(255 - view.image[..., 0], cut.ink.shape[::-1], interpolation=cv2.INTER_AREA)
    apart = {
        (y, x): float(np.abs(np.roll(again, (y, x), (0, 1)).astype(int) - cut.ink).mean())
        for y in (-1, 0, 1)
        for x in (-1, 0, 1)
    }
    assert min(apart, key=lambda way: apart[way]) == (0, 0)
    assert apart[0, 0] < 0.5 * sorted(apart.values())[1]


def test_a_page_that_is_not_clean_stays_whole() -> None:
    whole = page(noise=12.0)
    made = tone(whole.image)
    assert not made.treatment.clean
    assert trimmed(whole, made)[0] is whole


def test_a_page_that_is_full_stays_whole() -> None:
    image = paper(900, 700)
    prose(image, 20, 26)
    cv2.rectangle(image, (15, 10), (685, 890), (0, 0, 0), 2)
    whole = View(image, np.eye(3))
    assert trimmed(whole, tone(image))[0] is whole
