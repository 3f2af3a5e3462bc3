"""Doubtful cells of grainy pages are read again with their grain smoothed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Opinion, Reading
from ocr.digits import read_figures
from ocr.grain import SUREST, agreed, smoothed, without_grain

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = ("0", "0", "0", "12", "0", "7", "0", "0", "35", "0", "4", "0", "0", "28", "0", "0")


def cell(text: str, seed: int) -> np.ndarray:
    """Draw pale small print under strong coloured grain, as a poor telephone's camera adds it."""
    rng = np.random.default_rng(seed)
    large = np.full((72, 144, 3), 190, np.uint8)
    font = cv2.FONT_HERSHEY_DUPLEX
    (width, height), _ = cv2.getTextSize(text, font, 1.5, 3)
    place = ((144 - width) // 2, (72 + height) // 2)
    cv2.putText(large, text, place, font, 1.5, (95, 95, 95), 3, cv2.LINE_AA)
    small = cv2.resize(large, (48, 24), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.7)
    noise = rng.normal(0, 17, small.shape)
    return np.asarray(np.clip(small + noise, 0, 255), np.uint8)


def seen(*candidates: tuple[str, float], legible: bool = True) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(p)) for text, p in candidates), legible)


def test_figures_under_coloured_grain_are_read() -> None:
    crops = [cell(text, seed) for seed, text in enumerate(TEXTS)]
    at_first = read_figures(crops)
    joint = without_grain(crops, at_first, read_figures)
    before = sum(one.best.text == text for one, text in zip(at_first, TEXTS, strict=True))
    right = sum(one.best.text == text for one, text in zip(joint, TEXTS, strict=True))
    assert before <= len(TEXTS) - 4
    assert right >= len(TEXTS) - 1
    wrong = [one for one, text in zip(joint, TEXTS, strict=True) if one.best.text != text]
    assert all(one.best.probability < 0.9 for one in wrong)


def nobody(crops: Sequence[np.ndarray]) -> tuple[Reading, ...]:
    pytest.fail(f"{len(crops)} pictures were read")


def test_clean_pages_are_not_read_again() -> None:
    crops = [cell("0", seed) for seed in range(60)]
    both = (Opinion("paddle", "0", 0.9), Opinion("own", "0", 0.9))
    few = [Reading((Candidate("0", 0.3),), opinions=both)] * 8
    clear = [Reading((Candidate("0", 0.001),), opinions=both)] * 52
    assert without_grain(crops, [*few, *clear], nobody) == [*few, *clear]


def test_what_one_reader_alone_saw_becomes_no_surer() -> None:
    crops = [cell("0", seed) for seed in range(20)]
    alone = [Reading((Candidate("0", 0.1),), opinions=(Opinion("own", "0", 0.9),))] * 20
    assert without_grain(crops, alone, nobody) == alone


def test_grain_is_no_red_ink_but_a_seal_is() -> None:
    crop = cell("12", 5)
    assert len(smoothed(crop)) == 2
    cv2.circle(crop, (10, 12), 14, (60, 50, 210), 4)
    assert smoothed(crop) == ()


def test_slices_of_cells_are_left_alone() -> None:
    assert smoothed(np.full((2, 40, 3), 200, np.uint8)) == ()


def test_a_kind_of_picture_that_never_agrees_counts_for_little() -> None:
    grainy = [seen((other, 0.6), ("0", 0.1)) for other in ("9", "6", "8", "-0", "5", "3")]
    calm = seen(("0", 0.95), ("8", 0.02))
    for reading in agreed([(one, calm, calm) for one in grainy]):
        assert reading.best.text == "0"
        assert reading.best.probability > 0.93


def test_pictures_that_differ_leave_both_figures_in_doubt() -> None:
    alike = [(seen(("0", 0.9)), seen(("0", 0.9)), seen(("0", 0.9)))] * 8
    apart = (seen(("3", 0.9), ("8", 0.05)), seen(("8", 0.9), ("3", 0.05)), seen(("3", 0.8)))
    found = agreed([*alike, apart])[-1]
    assert {one.text for one in found.candidates} == {"3", "8"}
    assert found.best.probability < 0.9


def test_what_all_pictures_doubt_is_no_surer_for_it() -> None:
    dirty = (seen(("122", 0.4), ("22", 0.1)),) * 3
    assert agreed([dirty] * 8)[0].best.probability == pytest.approx(0.4)


def test_agreement_makes_nothing_certain() -> None:
    sure = (seen(("0", 0.9995)),) * 3
    for reading in agreed([sure] * 8):
        assert reading.best.probability <= SUREST
        assert sum(one.probability for one in reading.candidates) <= 1 + 1e-9


@pytest.mark.parametrize(("legible", "found"), [(True, True), (False, False)])
def test_ink_that_was_no_figure_stays_so_unless_all_smoothed_pictures_are(
    *, legible: bool, found: bool
) -> None:
    struck = seen(("8", 0.3), legible=False)
    calm = (seen(("0", 0.9)), seen(("0", 0.9), legible=legible))
    assert agreed([(struck, *calm)] * 8)[0].legible is found
