"""Short strokes that a document has many of are its dashes; a lone one, and a 1, are not."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.adapt import CLEAR
from ocr.dashes import with_dashes

FONT = cv2.FONT_HERSHEY_COMPLEX


def crop(text: str, seed: int, *, wide: int = 8, at: int = 22, dark: int = 40) -> np.ndarray:
    """Print a figure about 20 pixels high, or a stroke of ``wide`` pixels for "-"."""
    rng = np.random.default_rng(seed)
    image = np.full((44, 60, 3), 235, np.uint8)
    if text == "-":
        cv2.line(image, (26, at), (25 + wide, at), (dark,) * 3, 3)
    else:
        cv2.putText(image, text, (20, 32), FONT, 0.9, (dark,) * 3, 2)
    noisy = cv2.GaussianBlur(image, (0, 0), 0.7) + rng.normal(0, 5, image.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def reading(*texts: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(chance)) for text, chance in texts))


UNSURE = reading(("0", 0.4), ("-", 0.3), ("9", 0.1))


def told(*doubtful: np.ndarray, unsure: Reading = UNSURE) -> tuple[Reading, ...]:
    """Return what becomes of doubtful crops in a document of ten certain figures."""
    crops = [crop(str(n % 10), n) for n in range(10)]
    certain = [reading((str(n % 10), 0.999)) for n in range(10)]
    after = with_dashes([*crops, *doubtful], [*certain, *(unsure for _ in doubtful)])
    return after[10:]


def test_hyphens_that_are_alike_are_read_as_hyphens() -> None:
    for one in told(*(crop("-", 90 + n) for n in range(6))):
        assert one.best.text == "-"
        assert one.best.probability >= CLEAR
        assert {c.text for c in one.candidates} == {"0", "-", "9"}
        assert sum(c.probability for c in one.candidates) <= 1 + 1e-9


def test_a_few_strokes_prove_nothing() -> None:
    assert set(told(*(crop("-", n) for n in range(3)))) == {UNSURE}


def test_dashes_that_are_sure_show_what_a_few_doubtful_ones_are() -> None:
    crops = [crop(str(n % 10), n) for n in range(10)] + [crop("-", 90 + n) for n in range(8)]
    digits = [reading((str(n % 10), 0.999)) for n in range(10)]
    after = with_dashes(crops, [*digits, *[reading(("-", 0.999))] * 6, UNSURE, UNSURE])
    assert all(one.best.text == "-" and one.best.probability >= CLEAR for one in after[16:])


def test_dashes_of_two_lengths_are_each_like_their_own_kind() -> None:
    long = [crop("-", 50 + n, wide=24) for n in range(9)]
    after = told(*long, *(crop("-", 90 + n) for n in range(6)))
    assert all(one.best.text == "-" and one.best.probability >= CLEAR for one in after)


def test_a_stroke_unlike_those_that_are_sure_stays_in_doubt() -> None:
    crops = [crop(str(n % 10), n) for n in range(10)] + [crop("-", 90 + n) for n in range(6)]
    digits = [reading((str(n % 10), 0.999)) for n in range(10)]
    readings = [*digits, *[reading(("-", 0.999))] * 6, UNSURE]
    assert with_dashes([*crops, crop("-", 3, wide=20)], readings)[-1] == UNSURE


def test_hyphens_of_few_pixels_need_not_be_longer_than_high() -> None:
    for one in told(*(crop("-", 90 + n, wide=2) for n in range(6))):
        assert one.best.text == "-"
        assert one.best.probability >= CLEAR


def test_what_is_no_short_dark_stroke_in_the_middle_stays_in_doubt() -> None:
    dashes = [crop("-", 90 + n) for n in range(6)]
    others = [
        crop("1", 1),
        crop("7", 2),
        crop("-", 3, wide=30),
        crop("-", 4, at=5),
        crop("-", 5, dark=200),
        crop("-", 6, wide=3),
    ]
    assert set(told(*dashes, *others)[6:]) == {UNSURE}


@pytest.mark.parametrize("dark", [40, 150, 185])
def test_a_digit_beside_the_stroke_is_not_lost_however_pale(dark: int) -> None:
    both = np.minimum(crop("-", 7), np.roll(crop("3", 8, dark=dark), -14, axis=1))
    assert told(*(crop("-", 90 + n) for n in range(6)), both)[-1] == UNSURE
