"""A figure one digit of which has faded nearly away is not sure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.faded import has_faded, without_faded
from ocr.faint import UNSURE

EM = 20.0


def cell(text: str, faded: int | None, shade: int = 225, grain: float = 0.0) -> np.ndarray:
    """Draw a figure, one of its digits pale."""
    crop = np.full((34, 110, 3), 250, np.uint8)
    for place, digit in enumerate(text):
        grey = shade if place == faded else 30
        at = (26 + 14 * place, 24)
        cv2.putText(crop, digit, at, cv2.FONT_HERSHEY_SIMPLEX, 0.65, (grey,) * 3, 2, cv2.LINE_AA)
    noise = np.random.default_rng(1).normal(0, grain, crop.shape[:2])[..., None]
    return np.clip(crop + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("grain", [0.0, 2.0])
@pytest.mark.parametrize("faded", [0, 1, 3])
def test_a_figure_beside_a_faded_digit_is_not_sure(faded: int, grain: float) -> None:
    """8502 with an 8 hardly printed was 502 for sure."""
    sure = Reading((Candidate("502", 0.001), Candidate("", 9.0)))
    (read,) = without_faded([cell("8502", faded, grain=grain)], [EM], [sure])
    assert read.best.text == "502"
    assert read.best.probability == pytest.approx(UNSURE)


@pytest.mark.parametrize("grain", [0.0, 2.0, 6.0])
@pytest.mark.parametrize("text", ["0", "17", "8502"])
def test_a_figure_on_bare_paper_stays_sure(text: str, grain: float) -> None:
    assert not has_faded(cell(text, None, grain=grain), EM)


def test_a_stain_beside_a_figure_is_no_digit() -> None:
    crop = cell("17", None)
    cv2.circle(crop, (95, 17), 40, (235, 235, 235), -1)
    cv2.putText(crop, "17", (26, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (30,) * 3, 2, cv2.LINE_AA)
    assert not has_faded(crop, EM)
