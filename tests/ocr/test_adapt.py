"""A document's certain digits speak for or against its doubtful ones, where they can."""

from __future__ import annotations

import math

import cv2
import numpy as np

from document.reading import Candidate, Reading
from ocr.adapt import CLEAR, SUREST, learn, second_opinions

FONT = cv2.FONT_HERSHEY_COMPLEX


def crop(text: str, seed: int, noise: float = 18.0) -> np.ndarray:
    """Print figures about 20 pixels high, on noisy paper."""
    rng = np.random.default_rng(seed)
    image = np.full((44, 24 + 20 * len(text), 3), 235, np.uint8)
    cv2.putText(image, text, (10, 32), FONT, 0.9, (40, 40, 40), 2)
    noisy = cv2.GaussianBlur(image, (0, 0), 0.9) + rng.normal(0, noise, image.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def reading(*texts: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(chance)) for text, chance in texts))


def page() -> tuple[list[np.ndarray], list[Reading]]:
    """Return a document's certain figures: six of every digit."""
    texts = [digit for digit in "0123456789" for _ in range(6)]
    return [crop(t, n) for n, t in enumerate(texts)], [reading((t, 0.999)) for t in texts]


def opinion(printed: str, read: Reading) -> Reading:
    """Return what becomes of a reading of ``printed`` in that document."""
    crops, readings = page()
    return second_opinions([*crops, crop(printed, 777)], [*readings, read])[-1]


def test_a_doubtful_digit_that_looks_like_the_pages_others_becomes_surer() -> None:
    before = reading(("7", 0.9), ("1", 0.08), ("/", 0.01))
    after = opinion("7", before)
    assert after.best.text == "7"
    assert 0.97 < after.best.probability <= SUREST
    assert [c.text for c in after.candidates] == ["7", "1", "/"]


def test_a_misread_digit_becomes_doubtful_and_the_right_one_a_candidate() -> None:
    after = opinion("7", reading(("1", 0.93), ("/", 0.05)))
    assert after.best.probability < 0.8
    assert "7" in [candidate.text for candidate in after.candidates]


def test_one_wrong_digit_of_several_is_noticed() -> None:
    after = opinion("2658", reading(("2653", 0.95), ("2658", 0.03)))
    assert after.best.probability < 0.85
    right = next(c for c in after.candidates if c.text == "2658")
    assert right.probability > 0.03


def test_sure_readings_and_those_of_no_figure_stay_as_they_are() -> None:
    for text in (reading(("3", CLEAR + 0.001)), reading(("-", 0.8)), reading(("", 0.7))):
        assert opinion("3", text) is text


def test_chances_never_add_up_to_more_than_one() -> None:
    for printed, read in (
        ("4", reading(("4", 0.6), ("9", 0.4))),
        (
            "8",
            reading(
                ("3", 0.99),
            ),
        ),
    ):
        after = opinion(printed, read)
        assert sum(candidate.probability for candidate in after.candidates) <= 1 + 1e-9
        costs = [candidate.cost for candidate in after.candidates]
        assert costs == sorted(costs)


def test_a_document_of_zeros_alone_teaches_nothing() -> None:
    crops = [crop("0", seed) for seed in range(30)]
    readings = [reading(("0", 0.999))] * 30
    assert learn(crops, readings) is None
    doubtful = reading(("8", 0.7), ("0", 0.3))
    assert second_opinions([*crops, crop("0", 99)], [*readings, doubtful])[-1] is doubtful


def test_digits_that_do_not_tell_one_another_are_not_asked() -> None:
    """Noise read as digits is no typeface, however sure somebody was."""
    rng = np.random.default_rng(3)
    crops = [rng.integers(0, 255, (44, 44, 3)).astype(np.uint8) for _ in range(60)]
    readings = [reading((str(n % 10), 0.999)) for n in range(60)]
    doubtful = reading(("4", 0.7), ("9", 0.3))
    assert second_opinions([*crops, crop("4", 5)], [*readings, doubtful])[-1] is doubtful
