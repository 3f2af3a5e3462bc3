"""Figures that a shadow's edge runs through are read; blots and blanks stay what they are."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.digits import read_figures
from ocr.shade import evenly_lit, in_even_light

IN_DOUBT = Reading((Candidate("", -math.log(0.4)), Candidate("3", -math.log(0.2))))


def cell(digits: str, shade: float, edge: float = 30.0) -> np.ndarray:
    """Draw a cell whose right side lies in a shadow that lets ``shade`` of the light through."""
    image = np.full((44, 90, 3), 228, np.uint8)
    cv2.putText(image, digits, (22, 31), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (40, 40, 40), 2)
    y, x = np.indices(image.shape[:2])
    lit = 1 / (1 + np.exp(np.clip((x - edge - 0.4 * y) / 1.5, -40, 40)))
    return np.asarray(np.rint(image * (shade + (1 - shade) * lit)[..., None]), np.uint8)


@pytest.mark.parametrize("digits", ["0", "7", "12", "358"])
@pytest.mark.parametrize("shade", [0.6, 0.4])
def test_a_figure_on_the_edge_of_a_shadow_is_read(digits: str, shade: float) -> None:
    (found,) = in_even_light([cell(digits, shade)], [IN_DOUBT], read_figures)
    assert found.best.text == digits
    assert found.best.probability > 0.9


def test_an_empty_cell_on_the_edge_of_a_shadow_is_not_made_sure() -> None:
    assert in_even_light([cell("", 0.5)], [IN_DOUBT], read_figures) == [IN_DOUBT]


def test_blots_and_even_light_are_left_alone() -> None:
    assert evenly_lit(cell("12", 0.1)) is None
    assert evenly_lit(cell("12", 1.0)) is None
    clear = Reading((Candidate("12", -math.log(0.999)),))
    assert in_even_light([cell("12", 0.5)], [clear], read_figures) == [clear]
