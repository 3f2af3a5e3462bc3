"""A lone dot in a cell is dirt; a pale figure, a dash or a small one is not."""

from __future__ import annotations

import math

import cv2
import numpy as np

from document.reading import Candidate, Reading
from ocr.specks import BARE, BLANK, without_specks

FONT = cv2.FONT_HERSHEY_COMPLEX


def paper(seed: int, text: str = "", shade: int = 40, grain: float = 4) -> np.ndarray:
    """Print a figure about 20 pixels high on a page."""
    rng = np.random.default_rng(seed)
    image = np.full((44, 60, 3), 235, np.uint8)
    cv2.putText(image, text, (20, 32), FONT, 0.9, (shade,) * 3, 2)
    return np.clip(image + rng.normal(0, grain, image.shape), 0, 255).astype(np.uint8)


def dot(image: np.ndarray, size: tuple[int, int] = (2, 2), shade: int = 50) -> np.ndarray:
    cv2.ellipse(image, (14, 18), size, 0, 0, 360, (shade,) * 3, -1)
    return image


def reading(*texts: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(chance)) for text, chance in texts))


UNSURE = reading(("0", 0.5), ("-", 0.3), ("", 0.05))


def told(*doubtful: np.ndarray) -> tuple[Reading, ...]:
    """Return what becomes of doubtful crops in a document of ten certain figures."""
    crops = [paper(n, str(n)) for n in range(10)]
    certain = [reading((str(n), 0.999)) for n in range(10)]
    return without_specks([*crops, *doubtful], [*certain, *(UNSURE for _ in doubtful)])[10:]


def test_a_cell_with_a_dot_alone_is_likely_blank_and_no_more() -> None:
    for one in told(dot(paper(50, grain=14)), dot(paper(51, grain=14), (3, 3))):
        assert one.best == Candidate("", -math.log(BLANK))
        assert {candidate.text for candidate in one.candidates} == {"", "0", "-"}
        assert sum(candidate.probability for candidate in one.candidates) <= 1 + 1e-9


def test_figures_dashes_and_what_may_be_left_of_them_stay_as_they_are() -> None:
    many = paper(60)
    for x in range(8, 56, 9):
        cv2.circle(many, (x, 20), 1, (50, 50, 50), -1)
    others = (
        paper(61, "0"),
        dot(paper(62), (5, 1)),  # a hyphen
        dot(paper(63, "1")),
        dot(paper(64, "8", shade=170)),  # one dark spot of a pale figure
        many,
        paper(65),
        dot(paper(66, grain=14), shade=150),  # a pale spot, and grain in which more may be lost
    )
    assert set(told(*others)) == {UNSURE}


def test_a_dot_read_as_a_dash_stays_one_where_there_are_others() -> None:
    crops = [*(paper(n, str(n)) for n in range(10)), *(paper(n) for n in range(3)), dot(paper(50))]
    certain = [reading((str(n), 0.999)) for n in range(10)]
    torn = reading(("-", 0.5), ("0", 0.2))
    for count, text in ((0, ""), (3, "-")):
        dashes = [reading(("-" if n < count else "", 0.999)) for n in range(3)]
        *_, told_last = without_specks(crops, [*certain, *dashes, torn])
        assert told_last.best.text == text


def test_where_the_size_of_digits_is_not_known_nothing_is_told() -> None:
    assert without_specks([dot(paper(1))], [UNSURE]) == (UNSURE,)


def test_a_dot_taken_for_a_doubtful_blank_is_one_like_any_other() -> None:
    crops = [*(paper(n, str(n)) for n in range(10)), dot(paper(50, grain=14))]
    certain = [reading((str(n), 0.999)) for n in range(10)]
    for chance in (0.05, 0.9):
        *_, last = without_specks(crops, [*certain, reading(("", chance), ("0", 0.04))])
        assert last.best == Candidate("", -math.log(BLANK))
    *_, last = without_specks(crops, [*certain, surer := reading(("", 0.99), ("0", 0.01))])
    assert last == surer


def test_a_cell_with_nothing_but_one_dot_on_calm_paper_is_blank() -> None:
    """However dark or pale that dot is; a second one may belong to a figure that is gone."""
    for one in told(dot(paper(50)), dot(paper(51), (3, 3)), dot(paper(52), shade=150)):
        assert one.best == Candidate("", -math.log(BARE))
    two = dot(paper(53))
    cv2.circle(two, (30, 20), 2, (50, 50, 50), -1)
    (found,) = told(two)
    assert found.best == Candidate("", -math.log(BLANK))
