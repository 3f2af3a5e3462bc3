"""Full-width digits are read again set close; what stands between them is not cut away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.digits import read_figures
from ocr.wide_set import SUREST, set_close

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FONT = cv2.FONT_HERSHEY_SIMPLEX
TEXTS = ("124", "7763", "108", "352")


def crop(text: str, pitch: int = 25, *, point: bool = False) -> NDArray[np.uint8]:
    """Print digits of 18 pixels, ``pitch`` apart; a point in the first white between them."""
    image = np.full((44, 160, 3), 238, np.uint8)
    for number, digit in enumerate(text):
        cv2.putText(image, digit, (14 + pitch * number, 31), FONT, 0.82, (50,) * 3, 2, cv2.LINE_AA)
    if point:
        cv2.circle(image, (14 + pitch - 5, 30), 1, (60,) * 3, -1)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 0.6), np.uint8)


def reading(text: str, chance: float) -> Reading:
    other = Candidate(text + "1", -math.log((1 - chance) / 2))
    return Reading((Candidate(text, -math.log(chance)), other))


def told(crops: Sequence[NDArray[np.uint8]], chance: float = 0.98) -> Sequence[Reading]:
    return set_close(crops, [reading(text, chance) for text in TEXTS[: len(crops)]], read_figures)


def test_full_width_figures_are_as_sure_as_others() -> None:
    for one, text in zip(told([crop(text) for text in TEXTS]), TEXTS, strict=True):
        assert one.best.text == text
        assert 0.995 < one.best.probability <= SUREST + 1e-12
        assert sum(candidate.probability for candidate in one.candidates) <= 1


def nobody(crops: Sequence[NDArray[np.uint8]]) -> tuple[Reading, ...]:
    pytest.fail(f"{len(crops)} figures were read again")


def test_figures_set_as_usual_too_few_of_them_or_much_in_doubt_stay() -> None:
    wide = [crop(text) for text in TEXTS]
    unsure = [reading(text, 0.98) for text in TEXTS]
    for crops, readings in (
        ([crop(text, 16) for text in TEXTS], unsure),
        (wide[:2], unsure[:2]),
        (wide, [reading(text, 0.6) for text in TEXTS]),
        (wide, [reading(text, 0.999) for text in TEXTS]),
    ):
        assert set_close(crops, readings, nobody) == readings


def test_what_the_closer_look_does_not_bear_out_stays() -> None:
    crops = [crop(text) for text in ("724", *TEXTS[1:])]
    unsure = [reading(text, 0.98) for text in TEXTS]
    assert set_close(crops, unsure, read_figures)[0] == unsure[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_point_in_the_white_is_not_cut_away(seed: int) -> None:
    crops = [crop(text) for text in TEXTS]
    crops[seed] = crop(TEXTS[seed], point=True)
    after = told(crops)
    assert after[seed] == reading(TEXTS[seed], 0.98)
    assert all(one.best.probability > 0.98 + 1e-6 for n, one in enumerate(after) if n != seed)
