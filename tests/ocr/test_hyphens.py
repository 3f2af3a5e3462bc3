"""The hyphens of a grainy table are told by one another; what only resembles them is not."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.adapt import CLEAR
from ocr.hyphens import MANY, with_hyphens

FONT = cv2.FONT_HERSHEY_DUPLEX
DIGITS = 10
SCALE = 4


def crop(
    text: str, seed: int, at: tuple[int, int] = (28, 14), dark: int = 120, *, line: int = 10
) -> np.ndarray:
    """Print a figure of ten pixels under grain, or for "-" a hyphen of four by two pixels.

    ``at`` (x, y) is its middle in a cell of 56 by ``line`` + 18 pixels; ``dark`` its levels.
    """
    rng = np.random.default_rng(seed)
    large = np.full(((line + 18) * SCALE, 56 * SCALE, 3), 200, np.uint8)
    x, y = at[0] * SCALE, at[1] * SCALE
    if text == "-":
        cv2.rectangle(large, (x - 9, y - 3), (x + 9, y + 3), (200 - dark,) * 3, -1)
    else:
        (width, height), _ = cv2.getTextSize(text, FONT, 1.8, 5)
        place = (x - width // 2, y + height // 2)
        cv2.putText(large, text, place, FONT, 1.8, (200 - dark,) * 3, 5, cv2.LINE_AA)
    small = cv2.resize(large, None, fx=1 / SCALE, fy=1 / SCALE, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.8).astype(np.float64)
    small += rng.normal(0, 7, small.shape[:2])[:, :, None]
    return np.asarray(np.clip(small, 0, 255), np.uint8)


def reading(*texts: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(chance)) for text, chance in texts))


UNSURE = reading(("4", 0.3), ("-", 0.2), ("0", 0.2))
HYPHENS = [crop("-", 100 + n) for n in range(MANY)]


def told(*doubtful: np.ndarray, unsure: Reading = UNSURE) -> tuple[Reading, ...]:
    """Return what becomes of doubtful cells in a table with ten certain figures."""
    crops = [crop(str(n), n) for n in range(DIGITS)]
    certain = [reading((str(n), 0.999)) for n in range(DIGITS)]
    read = [*certain, *(unsure for _ in doubtful)]
    together = [0] * len(read)
    after = with_hyphens([*crops, *doubtful], read, together, together)
    assert list(after[:DIGITS]) == certain
    return after[DIGITS:]


def test_hyphens_that_readers_take_for_digits_are_told() -> None:
    for one in told(*HYPHENS):
        assert one.best.text == "-"
        assert one.best.probability >= CLEAR
        assert {candidate.text for candidate in one.candidates} == {"4", "-", "0"}


def test_eleven_prove_nothing() -> None:
    assert set(told(*HYPHENS[:-1])) == {UNSURE}


def test_blots_anywhere_are_dirt() -> None:
    rng = np.random.default_rng(0)
    places = [(int(rng.integers(6, 50)), int(rng.integers(7, 21))) for _ in range(2 * MANY)]
    dirt = [crop("-", 300 + n, place) for n, place in enumerate(places)]
    assert set(told(*dirt)) == {UNSURE}


def test_points_below_the_middle_of_the_digits_are_no_hyphens() -> None:
    assert set(told(*(crop("-", 200 + n, (28, 19)) for n in range(MANY)))) == {UNSURE}


@pytest.mark.parametrize("dark", [120, 80, 50])
def test_a_digit_beside_or_under_the_stroke_is_not_lost(dark: int) -> None:
    """A minus before a pale digit, and digits of which one stroke is darker than the others."""
    beside = np.minimum(crop("-", 1), crop("7", 2, (36, 14), dark))
    under = [np.minimum(crop("-", 3), crop(digit, 4, dark=dark)) for digit in "023456789"]
    after = told(*HYPHENS, beside, *under)
    assert all(one.best.text == "-" for one in after[:MANY])
    assert set(after[MANY:]) == {UNSURE}


def test_what_stands_elsewhere_or_is_larger_or_read_as_something_else_stays() -> None:
    others = [crop("-", 5, (40, 14)), crop("-", 6, (28, 9)), crop("1", 7), crop("8", 8)]
    two = np.minimum(crop("-", 9), crop("-", 10, (14, 14)))
    assert set(told(*HYPHENS, *others, two)[MANY:]) == {UNSURE}
    sure = reading(("1", 0.93), ("-", 0.03))
    assert set(told(*HYPHENS, unsure=sure)) == {sure}


def test_hyphens_stand_where_their_column_and_their_row_do() -> None:
    """Where lines were found some pixels off: three columns and eight rows, all shifted."""
    rows = [0, 5, -4, 3, 0, -3, 4, -5]
    columns = [20, 29, 38]
    crops = [crop(str(n), n, (28, 14 + down)) for n, down in enumerate(rows)]
    read = [reading((str(n), 0.999)) for n in range(len(rows))]
    where = [(3, row) for row in range(len(rows))]
    for column, x in enumerate(columns):
        for row, down in enumerate(rows):
            crops.append(crop("-", 400 + 10 * column + row, (x, 14 + down)))
            read.append(UNSURE)
            where.append((column, row))
    # one that stands with neither of them
    crops[-1] = crop("-", 500, (20, 14))
    after = with_hyphens(crops, read, [c for c, _ in where], [r for _, r in where])
    assert all(one.best.text == "-" and one.best.probability >= CLEAR for one in after[8:-1])
    assert after[-1] == UNSURE


def test_a_supposed_row_hardly_higher_than_its_digits_has_its_hyphens_as_well() -> None:
    """Its digits are 13 pixels high; 15 rows of the cell are left, or 14."""
    low = [crop("-", 600 + n)[7:22] for n in range(3)]
    assert all(one.best.text == "-" for one in told(*HYPHENS, *low))
    lower = crop("-", 700)[7:21]  # might be the foot of a digit
    assert told(*HYPHENS, lower)[-1] == UNSURE
