"""A clean figure in a little doubt is sure once it reads the same softer and bolder."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Opinion, Reading
from ocr.digits import read_figures
from ocr.steady import CLEAR, SUREST, WORTH, steadied

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BOTH = (Opinion("paddle", "17", 0.99), Opinion("own", "17", 0.99))


def cell(text: str = "17", *, noise: float = 0.0, dirt: bool = False) -> np.ndarray:
    image = np.full((40, max(120, 70 + 15 * len(text)), 3), 245, np.uint8)
    cv2.putText(image, text, (40, 29), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (30, 30, 30), 2)
    if dirt:
        cv2.circle(image, (84, 22), 3, (60, 60, 60), -1)
    grain = np.random.default_rng(7).normal(0, noise, image.shape[:2])[..., None]
    return np.clip(image + grain, 0, 255).astype(np.uint8)


def reading(*texts: tuple[str, float], legible: bool = True) -> Reading:
    found = tuple(Candidate(text, -math.log(chance)) for text, chance in texts)
    return Reading(found, legible, BOTH)


def says(
    soft: tuple[str, float], bold: tuple[str, float]
) -> Callable[[Sequence[np.ndarray]], tuple[Reading, ...]]:
    """Return a reader that says one thing of all softer pictures, another of bolder ones."""
    turns = iter((soft, bold))

    def read(crops: Sequence[np.ndarray]) -> tuple[Reading, ...]:
        one = next(turns)
        return tuple(reading(one) for _ in crops)

    return read


def told(first: Reading, crop: np.ndarray, *pair: tuple[str, float]) -> Reading:
    (found,) = steadied([crop], [first], says(*pair))
    return found


DOUBTFUL = reading(("17", 0.985), ("11", 0.004), ("", 0.001))


def test_a_clean_figure_that_reads_the_same_softer_and_bolder_is_sure() -> None:
    found = told(DOUBTFUL, cell(), ("17", 0.98), ("17", 0.99))
    assert found.best.text == "17"
    assert CLEAR <= found.best.probability <= SUREST
    assert {one.text for one in found.candidates} == {"17", "11", ""}
    assert sum(one.probability for one in found.candidates) <= 1


@pytest.mark.parametrize("text", ["16.36", "-4", "2.0164", "1671.28万元", "98646.03元"])
def test_so_are_amounts_and_signed_figures(text: str) -> None:
    first = reading((text, 0.985), ("7", 0.004))
    found = told(first, cell(text.rstrip("万元")), (text, 0.98), (text, 0.99))
    assert (found.best.text, found.best.probability >= CLEAR) == (text, True)
    assert told(first, cell(text.rstrip("万元")), (text, 0.98), ("7", 0.99)) == first


@pytest.mark.parametrize(
    ("soft", "bold"),
    [(("17", 0.99), ("11", 0.99)), (("17", 0.9), ("17", 0.999)), (("11", 0.999), ("11", 0.999))],
)
def test_a_figure_that_does_not_stays_in_doubt(
    soft: tuple[str, float], bold: tuple[str, float]
) -> None:
    assert told(DOUBTFUL, cell(), soft, bold) == DOUBTFUL


@pytest.mark.parametrize(
    ("first", "crop"),
    [
        (DOUBTFUL, cell(dirt=True)),
        (DOUBTFUL, cell(noise=20)),
        (DOUBTFUL, cell("")),
        (reading(("17", 0.9), ("11", 0.05)), cell()),  # the readers saw something else in it
        (reading(("1.700", 0.985), ("1,700", 0.01)), cell("1.700")),  # may part thousands
        (reading(("1-7", 0.985), ("17", 0.01)), cell("1-7")),  # no figure
        (reading(("17", 0.999)), cell()),
    ],
)
def test_other_cells_are_not_even_read_again(first: Reading, crop: np.ndarray) -> None:
    asked: list[np.ndarray] = []

    def read(crops: Sequence[np.ndarray]) -> tuple[Reading, ...]:
        asked.extend(crops)
        return tuple(reading(("17", 0.999)) for _ in crops)

    assert steadied([crop], [first], read) == (first,)
    assert asked == []


def test_where_one_reader_alone_was_asked_nothing_becomes_surer() -> None:
    alone = Reading(DOUBTFUL.candidates, legible=True, opinions=BOTH[:1])
    assert told(alone, cell(), ("17", 0.999), ("17", 0.999)) == alone


def test_a_figure_that_only_bolder_print_shows_is_for_the_sums() -> None:
    lost = reading(("0", 0.1), ("-", 0.08), legible=False)
    found = told(lost, cell(), ("17", 0.999), ("17", 0.999))
    assert found.legible
    assert (found.best.text, round(found.best.probability, 2)) == ("17", WORTH)
    assert told(lost, cell(), ("17", 0.999), ("17", 0.98)) == lost


def test_a_thin_figure_torn_by_its_scan_is_read() -> None:
    """Of a thin 5 the stem between its bar and its bowl had gone, so that two lines were read."""
    image = np.full((26, 58, 3), 255, np.uint8)
    rows = (
        "fe4323338ef", "fe7deededff", "fe8ffffffff", "fd9ffffffff", "fbbecefffff",
        "fb57954bfff", "fffffea3bff", "fffffff55ef", "fffffff82ff", "fefffff83ff",
        "b3effff57ef", "e3afff94cff", "fd68967dfff", "feffdffffff",
    )  # fmt: skip
    shades = [[17 * int(shade, 16) for shade in row] for row in rows]
    image[8 : 8 + len(rows), 24 : 24 + len(rows[0])] = np.array(shades, np.uint8)[..., None]
    (first,) = read_figures([image])
    (found,) = steadied([image], [first], read_figures)
    assert first.best.text != "5"
    assert (found.legible, found.best.text) == (True, "5")
