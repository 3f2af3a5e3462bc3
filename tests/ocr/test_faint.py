"""Figures in colours that no reader sees leave no sure blanks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.faint import UNSURE, holds_faint_ink, without_faint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Crop = NDArray[np.uint8]

EM = 20.0
WHITE = (255, 255, 255)
YELLOW, PINK, CYAN, GREY = (150, 255, 255), (204, 204, 255), (238, 255, 204), (238, 238, 238)


def scanned(crop: Crop, seed: int, grain: float = 2.0, quality: int = 80) -> Crop:
    """Return a crop as a scanner gives it: grey grain, and the tints of JPEG."""
    noise = np.random.default_rng(seed).normal(0, grain, crop.shape[:2])[..., None]
    shade = np.linspace(0, 8, crop.shape[1])[None, :, None]
    seen = np.clip(crop * 0.94 + noise - shade, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def cell(text: str = "", colour: tuple[int, int, int] = WHITE) -> Crop:
    crop = np.full((32, 80, 3), 255, np.uint8)
    cv2.putText(crop, text, (20, 23), cv2.FONT_HERSHEY_SIMPLEX, 0.65, colour, 2, cv2.LINE_AA)
    return crop


def blank(sure: float = 0.9997) -> Reading:
    return Reading((Candidate("", -math.log(sure)), Candidate("1", 9.0)))


@pytest.mark.parametrize("colour", [YELLOW, PINK, CYAN])
@pytest.mark.parametrize("text", ["8", "24", "117"])
def test_a_figure_in_a_pale_colour_is_no_sure_blank(
    text: str, colour: tuple[int, int, int]
) -> None:
    """The last column of a drawn page in pale yellow, pink or green was blank for sure."""
    for crop in (cell(text, colour), scanned(cell(text, colour), 3)):
        assert without_faint([crop], [EM], [blank()])[0].best.probability == pytest.approx(UNSURE)


def test_a_figure_in_pale_grey_stands_out_from_calm_paper() -> None:
    assert holds_faint_ink(cell("2", GREY), EM)


@pytest.mark.parametrize("grain", [0.0, 1.0, 4.0, 9.0])
def test_bare_paper_stays_blank(grain: float) -> None:
    crops = [scanned(cell(), seed, grain, 40 + 5 * seed) for seed in range(12)]
    readings = tuple(blank() for _ in crops)
    assert without_faint(crops, [EM] * len(crops), readings) == readings


def test_specks_lines_and_slivers_are_no_faint_figures() -> None:
    speck, ruled, sliver = cell(), cell(), cell()[:6]
    cv2.circle(speck, (40, 16), 2, (60, 60, 60), -1)
    cv2.line(ruled, (0, 2), (79, 2), (180, 180, 180), 1)
    for crop in (speck, ruled, sliver):
        assert not holds_faint_ink(scanned(crop, 1), EM)


def test_what_is_paler_still_counts_where_others_are_as_faint() -> None:
    """Of a pale column some figures are a shade paler: grain alone would hide them."""
    paler = [scanned(cell("7", (251, 251, 251)), seed, 1.0, 90) for seed in range(3)]
    faint = [scanned(cell("7", (238, 238, 238)), seed, 1.0, 90) for seed in range(3)]
    bare = [scanned(cell(), seed, 1.0, 90) for seed in range(6)]

    def unsure(crops: list[Crop]) -> list[bool]:
        read = without_faint(crops, [EM] * len(crops), [blank() for _ in crops])
        return [one.best.probability < UNSURE + 0.01 for one in read]

    assert not any(unsure(paler + bare))
    assert unsure(paler + faint + bare) == [True] * 6 + [False] * 6


def test_only_sure_blanks_are_looked_at() -> None:
    crops = [cell("8", PINK)] * 3
    figure = Reading((Candidate("8", 0.01), Candidate("", 6.0)))
    readings = (figure, blank(0.6), Reading((Candidate("", 0.001),), legible=False))
    assert without_faint(crops, [EM] * 3, readings) == readings
