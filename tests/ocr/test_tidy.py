"""Cells with dirt beside their figure are read again with what stands where figures stand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.digits import read_figures
from ocr.tidy import Setting, setting_of, tidied, weighed

ROWS, COLUMNS = 44, 110


def cell(
    text: str, at: int | None = None, dirt: tuple[tuple[int, int, int, int], ...] = ()
) -> np.ndarray:
    """Draw a figure in the middle of a cell, or from ``at``, with strokes of dirt."""
    image = np.full((ROWS, COLUMNS, 3), 240, np.uint8)
    font = cv2.FONT_HERSHEY_DUPLEX
    (width, height), _ = cv2.getTextSize(text, font, 0.8, 1)
    left = (COLUMNS - width) // 2 if at is None else at
    bottom = (ROWS + height) // 2
    cv2.putText(image, text, (left, bottom), font, 0.8, (20, 20, 20), 1, cv2.LINE_AA)
    for x0, y0, x1, y1 in dirt:
        cv2.line(image, (x0, y0), (x1, y1), (10, 10, 10), 4)
    return image


def sure(text: str) -> Reading:
    return Reading((Candidate(text, 0.001),))


GUESS = Reading((Candidate("1029", 1.5), Candidate("", 1.6), Candidate("72", 2.5)))
FIGURES = ("0", "7", "12", "0", "345", "8", "0", "61", "9", "0")


@pytest.fixture(scope="module")
def setting() -> Setting:
    found = setting_of([cell(text) for text in FIGURES], [sure(text) for text in FIGURES])
    assert found is not None
    return found


def test_certain_figures_tell_where_figures_stand(setting: Setting) -> None:
    assert setting.side == 0
    assert setting.height == pytest.approx(17, abs=2)
    assert abs(setting.along) < 3
    assert abs(setting.above) < 2


def test_figures_at_the_right_are_seen_to_stand_there() -> None:
    texts = ("0", "7", "12", "0", "345", "8", "1024", "61", "9", "20")
    font = cv2.FONT_HERSHEY_DUPLEX
    crops = [
        cell(text, at=COLUMNS - 6 - cv2.getTextSize(text, font, 0.8, 1)[0][0]) for text in texts
    ]
    found = setting_of(crops, [sure(text) for text in texts])
    assert found is not None
    assert found.side == 1


def test_few_or_scattered_figures_tell_nothing() -> None:
    few = FIGURES[:5]
    assert setting_of([cell(text) for text in few], [sure(text) for text in few]) is None
    scattered = [cell(text, at=4 + 9 * n) for n, text in enumerate(FIGURES)]
    assert setting_of(scattered, [sure(text) for text in FIGURES]) is None


@pytest.mark.parametrize("text", ["0", "45"])
def test_dirt_beside_a_figure_is_left_out(text: str, setting: Setting) -> None:
    dirty = cell(text, dirt=((6, 4, 22, 40), (92, 38, 106, 30), (96, 4, 100, 8)))
    (clean, *_) = tidied(dirty, setting)
    assert read_figures([clean])[0].best.text == text
    assert (clean[:, :20] == clean[0, 0]).all()
    assert (clean[:, -14:] == clean[0, 0]).all()


def test_dirt_alone_and_a_clean_figure_give_nothing_new(setting: Setting) -> None:
    assert tidied(cell("", dirt=((4, 4, 14, 40), (96, 6, 104, 40))), setting) == ()
    assert tidied(cell("45"), setting) == ()


def test_no_tidied_reading_is_sure_by_itself() -> None:
    joined = weighed(GUESS, [sure("72")])
    assert joined.best.text == "72"
    assert 0.75 < joined.best.probability < 0.85
    assert {one.text for one in joined.candidates} == {"1029", "", "72"}
    split = weighed(GUESS, [sure("72"), sure("2")])
    assert max(one.probability for one in split.candidates) < 0.5
    assert weighed(GUESS, [Reading((Candidate("", 0.1),))]) is GUESS
    assert weighed(GUESS, []) is GUESS


def test_a_figure_in_two_lines_is_left_whole(setting: Setting) -> None:
    """Where a narrow column breaks a figure, its last digits stand below the first ones."""
    tall = np.full((3 * ROWS, COLUMNS, 3), 240, np.uint8)
    tall[ROWS : 2 * ROWS] = cell("73")
    tall[2 * ROWS - 16 : 3 * ROWS - 16] = np.minimum(tall[2 * ROWS - 16 : 3 * ROWS - 16], cell("3"))
    assert tidied(tall, setting) == ()
