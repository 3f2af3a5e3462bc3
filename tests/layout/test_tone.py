"""Ink is freed from paper and shadow, and the size of a character is known at any resolution."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout.characters import em_of
from layout.ink import ink_of, treated
from layout.tone import tone, tone_at
from tests.layout.drawing import paper, prose, write


def written(em: int) -> np.ndarray:
    image = paper(40 * em + 160, 24 * em)
    prose(image, 2 * em, 12, em=em)
    return image


@pytest.mark.parametrize("em", [12, 16, 20, 28, 40, 60])
def test_the_size_of_a_character_follows_the_resolution(em: int) -> None:
    made = tone(written(em))
    assert made.em / made.scale == pytest.approx(em, rel=0.15)
    assert 12 <= made.em <= 27


def test_the_same_page_at_twice_the_resolution_has_characters_twice_as_high() -> None:
    page = written(20)
    double = np.asarray(cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    one, two = tone(page), tone(double)
    assert (two.em / two.scale) / (one.em / one.scale) == pytest.approx(2, rel=0.1)


def test_a_shadow_is_no_ink_and_text_in_it_is() -> None:
    page = written(20)
    shade = np.linspace(1.0, 0.4, page.shape[1])[None, :, None]
    ink = ink_of((page * shade).astype(np.uint8), 33)
    plain = ink_of(page, 33)
    assert int(np.percentile(ink[plain == 0], 99)) < 30
    assert int(np.percentile(ink[plain > 200], 5)) > 120


def test_where_nothing_is_written_no_size_is_claimed() -> None:
    for value in (0, 128, 255):
        assert em_of(ink_of(np.full((300, 400, 3), value, np.uint8), 25)) is None


@pytest.mark.parametrize(("em", "dot"), [(40, 6), (28, 6)])
def test_dots_of_dotted_lines_do_not_make_characters_small(em: int, dot: int) -> None:
    page = written(em)
    for y in range(em // 2, page.shape[0] - em, round(1.6 * em)):
        for x in range(20, page.shape[1] - 20, 2 * dot):
            cv2.circle(page, (x, y), dot // 2, (0, 0, 0), -1)
    made = tone(page)
    assert made.em / made.scale == pytest.approx(em, rel=0.15)


def test_blots_that_outweigh_a_few_characters_do_not_make_them_large() -> None:
    page = paper(900, 700)
    prose(page, 40, 4, em=14, length=10)
    for number in range(8):
        x, y = 80 + 95 * number, 420
        cv2.rectangle(page, (x, y), (x + 70, y + 66), (0, 0, 0), 12)
    made = tone(page)
    assert made.em / made.scale == pytest.approx(14, rel=0.3)


def test_pale_characters_between_black_lines_keep_their_size() -> None:
    page = 255 - (255 - written(22).astype(np.int16)) // 3
    grain = np.random.default_rng(5).normal(0, 14, page.shape)
    page = cv2.GaussianBlur(np.clip(page + grain, 0, 255).astype(np.uint8), (0, 0), 0.9)
    for y in range(20, page.shape[0] - 10, 36):
        cv2.line(page, (20, y), (page.shape[1] - 20, y), (0, 0, 0), 7)
    made = tone(np.asarray(page, np.uint8))
    assert made.em / made.scale == pytest.approx(22, rel=0.2)


def test_a_page_of_two_levels_is_measured_as_its_gray_original_is() -> None:
    page = written(24)
    black = np.where(page > 140, 255, 0).astype(np.uint8)
    assert tone(black).em == pytest.approx(tone(page).em, rel=0.1)


@pytest.mark.parametrize("two_levels", [False, True])
def test_grain_all_over_the_page_is_no_print(*, two_levels: bool) -> None:
    page = written(22)
    chance = np.random.default_rng(5)
    noise = chance.normal(0, 60, page.shape[:2])
    grainy = np.clip(page.astype(float) * 0.85 + noise[:, :, None], 0, 255).astype(np.uint8)
    if two_levels:
        grainy = np.where(grainy > 110, 255, 0).astype(np.uint8)
    made = tone(grainy)
    assert made.em / made.scale == pytest.approx(22, rel=0.15)
    blank = made.ink[: round(30 * made.scale)]
    assert float((blank > 128).mean()) < 0.001


def blurred(page: np.ndarray, sigma: float) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), np.uint8)


@pytest.mark.parametrize("em", [20, 28])
def test_characters_that_run_together_keep_their_size(em: int) -> None:
    page = paper(1000, 1300)
    prose(page, 80, 3, em=em, length=22)
    for column in range(10):
        for line in range(2):
            write(page, "田目", 60 + 4 * em * column, 400 + round(1.1 * em) * line, em)
    fat = np.asarray(cv2.erode(page, np.ones((2, 2), np.uint8)), np.uint8)
    made = tone(blurred(fat, em / 20))
    assert made.em / made.scale == pytest.approx(em, rel=0.2)


def test_pale_print_in_grain_is_print_and_grain_is_not() -> None:
    page = paper(1000, 1400)
    prose(page, 80, 6, em=20, length=30)
    pale = 235 - (255 - page.astype(np.float64)) / 4
    grain = np.random.default_rng(3).normal(0, 9, page.shape[:2])[:, :, None]
    made = tone(blurred(np.clip(pale + grain, 0, 255).astype(np.uint8), 0.6))
    assert made.em / made.scale == pytest.approx(20, rel=0.2)
    ink = cv2.resize(made.ink, (1000, 1400))
    assert float(np.median(ink[page.max(axis=2) < 60])) > 60
    assert float(np.percentile(ink[600:], 99)) < 40


def test_grain_is_known_on_a_page_laid_on_white() -> None:
    grain = np.random.default_rng(3).normal(0, 12, (700, 500))
    page = np.clip(225 + grain, 0, 255).astype(np.uint8)
    framed = cv2.copyMakeBorder(page, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)
    bare, laid = treated(page)[1], treated(np.asarray(framed, np.uint8))[1]
    assert bare.smooth
    assert laid.smooth
    assert laid.spread == pytest.approx(bare.spread, rel=0.25)
    assert not treated(np.full((700, 500), 225, np.uint8))[1].smooth


@pytest.mark.parametrize("side", [1590, 1604, 1620, 1632, 1640, 1700])
@pytest.mark.parametrize("em", [13, 20, 26])
def test_what_stands_on_the_tone_stands_there_on_the_page(side: int, em: int) -> None:
    page = paper(side + 200, side)
    prose(page, 2 * em, 12, em=em)
    made = tone(page)
    again = tone(page, made)
    for one in (made, again):
        wanted = np.multiply(page.shape[:2], one.scale)
        assert np.abs(np.subtract(one.ink.shape, wanted)).max() <= 1


def test_a_page_can_be_seen_at_another_size_than_most_of_its_characters_have() -> None:
    image = paper()
    prose(image, 60, 12, em=28)
    prose(image, 700, 4, em=14)
    own = tone(image)
    assert own.em / own.scale > 24
    made = tone_at(image, 14.0, own)
    assert made.em / made.scale == pytest.approx(14.0)
    assert made.ink.shape[0] == pytest.approx(900 * made.scale, abs=1)
    assert made.em >= 13.9
