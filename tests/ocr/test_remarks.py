"""A figure with a remark behind it is as sure as the figure itself, read alone."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.digits import read_figures
from ocr.remarks import head_of, with_head

CROPS = Path(__file__).parent / "crops"


def crop(name: str) -> np.ndarray:
    image = cv2.imread(str(CROPS / f"{name}.png"))
    assert image is not None
    return np.asarray(image)


def seen(text: str, chance: float) -> Reading:
    rest = Candidate("7", -math.log((1 - chance) / 2))
    return Reading((Candidate(text, -math.log(chance)), rest))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("remark", "22（其中修订16件）"),
        ("wrapped", "22（其中修订16件）"),
        ("wrapped-words", "136（含自然失效15件）"),
    ],
)
def test_a_figure_before_its_remark_is_read_by_itself(name: str, text: str) -> None:
    reading = seen(text, 0.9)
    head = head_of(crop(name), reading)
    assert head is not None
    (alone,) = read_figures([head])
    assert alone.best.text == text.partition("（")[0]
    sure = with_head(reading, alone)
    assert 0.99 < sure.best.probability <= 0.998
    assert sure.best.text == text
    assert sum(candidate.probability for candidate in sure.candidates) <= 1.0


def test_digits_that_go_on_are_not_cut() -> None:
    assert head_of(crop("wrapped-words"), seen("13（含自然失效15件）", 0.9)) is None
    assert head_of(crop("wrapped-words"), seen("1362（含自然失效15件）", 0.9)) is None


def test_what_is_read_otherwise_alone_stays_in_doubt() -> None:
    reading = seen("136（含自然失效15件）", 0.9)
    assert with_head(reading, seen("135", 0.999)) == reading


def test_figures_without_a_remark_are_left_alone() -> None:
    assert head_of(crop("number-song"), seen("35846", 0.9)) is None
