"""Strokes in empty cells are told from ones by how a document's own strokes lean."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.slants import by_their_slant, lean_of

ROWS, COLUMNS = 40, 70
BOTH = (("/", 0.68), ("1", 0.27))
REVERSED = (("1", 0.55), ("/", 0.4))


def paper() -> np.ndarray:
    return np.full((ROWS, COLUMNS, 3), 236, np.uint8)


def stroke(across: int = 8) -> np.ndarray:
    """Draw a stroke 20 pixels high that runs ``across`` so many to the right as it rises."""
    image = paper()
    at = ((COLUMNS - across) // 2, ROWS // 2 + 10), ((COLUMNS + across) // 2, ROWS // 2 - 10)
    cv2.line(image, *at, (40, 40, 40), 2, cv2.LINE_AA)
    return image


def digit(text: str) -> np.ndarray:
    image = paper()
    cv2.putText(image, text, (28, 30), cv2.FONT_HERSHEY_DUPLEX, 0.9, (40, 40, 40), 2, cv2.LINE_AA)
    return image


def read(*said: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -float(np.log(p))) for text, p in said))


DIGITS = [(digit(text), read((text, 0.999))) for text in "0114010"]
STROKES = [(stroke(), read(*BOTH)) for _ in range(7)]


def told(*more: tuple[np.ndarray, Reading], strokes: int = 7) -> list[Reading]:
    cells = [*more, *DIGITS, *STROKES[:strokes]]
    return list(by_their_slant([crop for crop, _ in cells], [said for _, said in cells]))


def chances(reading: Reading) -> dict[str, float]:
    return {one.text: one.probability for one in reading.candidates}


def test_strokes_that_lean_alike_are_surer() -> None:
    for reading in told()[-7:]:
        assert reading.best.text == "/"
        assert reading.best.probability > 0.97
        assert sum(chances(reading).values()) <= 1.0


def test_a_stroke_held_for_a_one_is_for_its_sums_or_a_person_to_decide() -> None:
    first = told((stroke(), read(*REVERSED)))[0]
    assert first.best.text == "/"
    assert 0.8 < first.best.probability < 0.95


@pytest.mark.parametrize("said", [BOTH, REVERSED])
def test_a_one_among_strokes_stays_as_it_was_read(said: tuple[tuple[str, float], ...]) -> None:
    reading = read(*said)
    assert told((digit("1"), reading))[0] is reading


def test_a_stroke_that_leans_otherwise_stays_as_it_was_read() -> None:
    reading = read(*BOTH)
    assert told((stroke(2), reading), (stroke(-8), reading))[:2] == [reading, reading]


def test_a_seven_is_not_asked_about() -> None:
    reading = read(("7", 0.6), ("/", 0.35))
    assert told((stroke(), reading))[0] is reading


def test_few_strokes_tell_nothing() -> None:
    assert told(strokes=4) == [said for _, said in (*DIGITS, *STROKES[:4])]


def test_nothing_is_told_where_digits_lean_as_much() -> None:
    leaning = [(stroke(8), read(("1", 0.999))) for _ in range(7)]
    cells = [*leaning, *STROKES]
    found = by_their_slant([crop for crop, _ in cells], [said for _, said in cells])
    assert list(found) == [said for _, said in cells]


def test_what_is_left_of_lines_on_the_rim_is_no_glyph() -> None:
    image = stroke()
    image[:3] = 40
    image[:, :2] = 40
    plain, rimmed = lean_of(stroke()), lean_of(image)
    assert plain is not None
    assert rimmed is not None
    assert rimmed.slope == pytest.approx(plain.slope, abs=0.05)
    assert plain.slope == pytest.approx(0.4, abs=0.05)


def test_a_bare_crop_leans_nowhere() -> None:
    assert lean_of(np.full((2, 2, 3), 236, np.uint8)) is None
