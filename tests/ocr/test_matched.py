"""A document's own digits, laid over cells in which something else lies over the figure."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.imprint import Imprint, learn, lesson
from ocr.matched import Match, matches
from ocr.overlaid import weighed
from ocr.standing import Standing, standings

ROWS, COLUMNS = 46, 100
FONT = cv2.FONT_HERSHEY_DUPLEX
ADVANCE = 17
FIGURES = ("0", "7", "12", "0", "345", "8", "0", "61", "9", "20", "68", "3", "40", "5", "17", "2",
           "4", "6", "1", "8", "7", "9", "5", "3", "2", "4", "6", "1")  # fmt: skip


def cell(text: str, strokes: tuple[tuple[int, int, int, int], ...] = ()) -> np.ndarray:
    """Draw a figure in the middle of a cell, all digits equally wide, and strokes over it."""
    image = np.full((ROWS, COLUMNS, 3), 238, np.uint8)
    left = (COLUMNS - ADVANCE * len(text)) // 2
    for number, digit in enumerate(text):
        (width, height), _ = cv2.getTextSize(digit, FONT, 0.8, 2)
        at = (left + ADVANCE * number + (ADVANCE - width) // 2, (ROWS + height) // 2)
        cv2.putText(image, digit, at, FONT, 0.8, (40, 40, 40), 2, cv2.LINE_AA)
    for x0, y0, x1, y1 in strokes:
        cv2.line(image, (x0, y0), (x1, y1), (60, 60, 60), 3, cv2.LINE_AA)
    return image


def read(*said: tuple[str, float], legible: bool = True) -> Reading:
    return Reading(tuple(Candidate(t, -float(np.log(p))) for t, p in said), legible=legible)


@pytest.fixture(scope="module")
def taught() -> tuple[Imprint, Standing]:
    crops = [cell(text) for text in FIGURES]
    lines = lesson(crops, [read((text, 0.999)) for text in FIGURES], [0] * len(crops))
    imprint = learn(lines)
    assert imprint is not None
    return imprint, standings(lines, [(ROWS, COLUMNS)] * len(crops), [0] * len(crops))[0]


def seen(taught: tuple[Imprint, Standing], crop: np.ndarray) -> tuple[Match, ...]:
    return matches(*taught, crop)


BESIDE = ((8, 4, 26, 40), (80, 42, 92, 6), (10, 43, 92, 43))
THROUGH = ((30, 6, 70, 40),)
STRUCK = ((38, 23, 62, 23),)


def test_every_digit_that_was_certain_is_known(taught: tuple[Imprint, Standing]) -> None:
    assert set(taught[0].digits) == set("0123456789")
    assert taught[1].side == 0


@pytest.mark.parametrize("text", ["0", "7", "35", "108", "2460"])
def test_a_figure_is_found_among_strokes(taught: tuple[Imprint, Standing], text: str) -> None:
    for strokes in ((), BESIDE[:2], BESIDE):
        best, second, *_ = seen(taught, cell(text, strokes))
        assert best.text == text
        assert best.gain - second.gain > 4
        assert best.over < 0.05


@pytest.mark.parametrize("strokes", [(), BESIDE, ((46, 4, 48, 40),), ((30, 23, 70, 23),)])
def test_no_figure_is_found_where_none_stands(
    taught: tuple[Imprint, Standing], strokes: tuple[tuple[int, int, int, int], ...]
) -> None:
    doubt = read(("", 0.6), ("1", 0.2), ("0", 0.1))
    found = weighed(doubt, seen(taught, cell("", strokes)), covered=True)
    assert found.best.text == "" or found.best.probability < 0.95


def test_digits_too_pale_to_have_strokes_stand_for_nothing(
    taught: tuple[Imprint, Standing],
) -> None:
    imprint, place = taught
    pale = {
        name: replace(kernel, picture=(0.2 * kernel.picture).astype(np.float32))
        for name, kernel in imprint.digits.items()
    }
    found = matches(replace(imprint, digits=pale), place, cell("35"))
    assert all(one.over == 1.0 for one in found if one.text)


def test_ink_beside_a_figure_does_not_make_it_longer_or_shorter(
    taught: tuple[Imprint, Standing],
) -> None:
    doubt = read(("1201", 0.3), ("0", 0.2))
    assert weighed(doubt, seen(taught, cell("20")), covered=False).best.text in {"20", "1201"}
    assert seen(taught, cell("20"))[0].text == "20"


def test_what_a_reader_doubted_is_surer_where_the_digits_agree(
    taught: tuple[Imprint, Standing],
) -> None:
    doubt = read(("35", 0.8), ("85", 0.1))
    sure = weighed(doubt, seen(taught, cell("35", BESIDE)), covered=False)
    assert sure.best.text == "35"
    assert 0.98 < sure.best.probability <= 0.998
    assert sum(one.probability for one in sure.candidates) <= 1 + 1e-9


def test_a_figure_no_reader_thought_of_is_likely_but_never_sure(
    taught: tuple[Imprint, Standing],
) -> None:
    crop = cell("7", ((8, 4, 26, 40),))
    listed = weighed(read(("/", 0.5), ("7", 0.05)), seen(taught, crop), covered=False)
    new = weighed(read(("/", 0.3), ("", 0.2)), seen(taught, crop), covered=False)
    assert (listed.best.text, new.best.text) == ("7", "7")
    assert listed.best.probability == pytest.approx(0.9)
    assert new.best.probability < 0.9


def test_a_figure_that_is_struck_out_stays_for_a_person(taught: tuple[Imprint, Standing]) -> None:
    crop = cell("0", STRUCK)
    doubt = read(("0", 0.6), ("8", 0.3))
    assert weighed(doubt, seen(taught, crop), covered=False) == doubt
    gone = read(("0", 0.2), legible=False)
    assert weighed(gone, seen(taught, crop), covered=False) == gone


def test_a_figure_under_what_covers_its_neighbours_too_is_likely_but_not_sure(
    taught: tuple[Imprint, Standing],
) -> None:
    doubt = read(("6", 0.6), ("5", 0.1))
    found = weighed(doubt, seen(taught, cell("6", THROUGH)), covered=True)
    assert found.best.text == "6"
    assert found.best.probability <= 0.9


def test_a_reading_that_was_hardly_in_doubt_is_not_turned(
    taught: tuple[Imprint, Standing],
) -> None:
    reading = read(("-1", 0.93), ("1", 0.02))
    assert weighed(reading, seen(taught, cell("1")), covered=False) == reading


def test_few_certain_figures_teach_nothing() -> None:
    few = FIGURES[:6]
    crops = [cell(text) for text in few]
    assert learn(lesson(crops, [read((t, 0.999)) for t in few], [0] * 6)) is None
