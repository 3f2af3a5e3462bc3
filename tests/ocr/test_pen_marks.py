"""A tick beside a figure, put there by whoever checked the page, costs nobody the figure."""

from __future__ import annotations

import math

import pytest

from document.reading import Candidate, Reading
from ocr.pen_marks import without_marks


def reading(*said: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(share)) for text, share in said))


@pytest.mark.parametrize("text", ["30696√", "√30696", "326.1√", "√0"])
def test_a_figure_with_a_tick_is_that_figure_and_not_sure(text: str) -> None:
    bare = text.strip("√")
    (found,) = without_marks([reading((text, 0.85), (bare, 0.12), ("7", 0.01))])
    assert found.best.text == bare
    assert found.best.probability == pytest.approx(0.9)


def test_what_both_tick_and_figure_say_counts_together() -> None:
    (found,) = without_marks([reading(("6247", 0.4), ("624√", 0.3), ("624", 0.25))])
    assert [one.text for one in found.candidates] == ["624", "6247"]
    assert found.best.probability == pytest.approx(0.55)


def test_sure_figures_and_texts_without_a_figure_stay_as_they_are() -> None:
    for one in (
        reading(("0", 0.99), ("0√", 0.005)),
        reading(("√", 0.8), ("", 0.1)),
        reading(("已办√", 0.7)),
        reading(("35", 0.6), ("36", 0.3)),
    ):
        assert without_marks([one]) == (one,)


def test_a_digit_in_a_ring_is_that_digit_and_no_zero() -> None:
    (found,) = without_marks([reading(("①", 0.92), ("0", 0.06), ("1", 0.01))])
    assert [one.text for one in found.candidates] == ["1", "①"]
    assert 0.5 < found.best.probability < 0.95  # a person looks where no sum proves it


@pytest.mark.parametrize("text", ["12①", "①②", "⑫"])
def test_a_ring_behind_a_figure_is_a_note(text: str) -> None:
    one = reading((text, 0.9), ("121", 0.05))
    assert without_marks([one]) == (one,)
