"""Grain is no print where a document prints far darker; a dash is like the others."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.context import told_by_context


def paper(seed: int) -> np.ndarray:
    """Return the inside of a cell on grainy paper."""
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.normal(0, 12, (40, 90, 1)), (0, 0), 1.0)[:, :, None]
    return np.clip(238 + np.repeat(grain, 3, axis=2), 0, 255).astype(np.uint8)


def printed(text: str, seed: int, shade: int = 40) -> np.ndarray:
    image = paper(seed)
    cv2.putText(image, text, (30, 29), cv2.FONT_HERSHEY_COMPLEX, 0.7, (shade,) * 3, 1)
    return image


def dash(seed: int, length: int = 9) -> np.ndarray:
    image = paper(seed)
    image[19:22, 40 : 40 + length] = 40
    return image


def seen(text: str, chance: float, other: str = "1") -> Reading:
    left = -math.log(1 - chance)
    return Reading((Candidate(text, -math.log(chance)), Candidate(other, left)))


FIGURES = [printed(str(n), n) for n in range(30)]
CERTAIN = [seen(str(n), 0.999, "") for n in range(30)]


@pytest.mark.parametrize("chance", [0.55, 0.95])
def test_a_blank_of_pale_grain_is_blank_where_print_is_dark(chance: float) -> None:
    crops = [*FIGURES, paper(77), printed("4", 78, shade=195)]
    blank, pale = told_by_context(crops, [*CERTAIN, seen("", chance), seen("", chance)])[-2:]
    assert blank.best.probability > 0.995
    assert pale.best.probability == seen("", chance).best.probability


def test_where_few_figures_are_known_a_blank_stays_in_doubt() -> None:
    crops = [*FIGURES[:5], paper(77)]
    *_, blank = told_by_context(crops, [*CERTAIN[:5], seen("", 0.95)])
    assert blank == seen("", 0.95)


def test_a_dash_like_the_others_is_surer_and_one_unlike_them_is_not() -> None:
    crops = [*(dash(n) for n in range(6)), dash(90), dash(91, length=25)]
    readings = [*(seen("-", 0.99) for _ in range(6)), seen("-", 0.98), seen("-", 0.98)]
    *_, like, unlike = told_by_context(crops, readings)
    assert 0.995 < like.best.probability <= 0.998
    assert like.candidates[1].probability < 0.01
    assert unlike == seen("-", 0.98)
