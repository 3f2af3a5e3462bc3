"""A page is put upright by what can be read on it, whichever way it was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from document.page import View
from ocr.labels import LabelReader, TextLine
from pipeline.orient import SAMPLED, upright
from tests.layout.drawing import paper, prose, turned_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class MarkReader:
    """Reads as well as the page is upright: the mark of each line is at its left end."""

    def __init__(self) -> None:
        self.asked = 0

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        self.asked += len(crops)
        return tuple(
            TextLine("十田中木王日", 0.99) if _marked(crop) else TextLine("丨卜一", 0.5)
            for crop in crops
        )

    def skim(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return (TextLine("", 0.0),) * len(crops)


def _marked(crop: NDArray[np.uint8]) -> bool:
    blue = (crop[..., 0].astype(int) - crop[..., 2]) > 80
    ys, xs = np.nonzero(blue)
    return bool(len(xs)) and xs.mean() < crop.shape[1] / 3 and ys.mean() < crop.shape[0] / 2


def page(turns: int, lines: int = 12) -> View:
    image = paper(900, 620)
    prose(image, 60, lines)
    for line in range(lines):
        top = 60 + 32 * line
        image[top + 2 : top + 8, 60:76] = (255, 0, 0)
        image[top + 8 : top + 18, 60:64] = (90, 90, 90)
    return View(np.ascontiguousarray(np.rot90(image, turns)), np.eye(3))


@pytest.mark.parametrize("turns", range(4))
def test_any_quarter_turn_is_undone(turns: int) -> None:
    reader = MarkReader()
    view, found, confidence = upright(page(turns), cast("LabelReader", reader))
    assert found == turns
    assert (view.image == page(0).image).all()
    assert confidence > 0.9


@pytest.mark.parametrize("lines", [12, 3])
def test_a_page_whose_text_seems_to_run_across_is_tried_the_other_way_too(
    monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    monkeypatch.setattr("pipeline.orient.level_share", lambda _made: 0.05)
    _, found, confidence = upright(page(0, lines), cast("LabelReader", MarkReader()))
    assert found == 0
    assert confidence > 0.9


def test_a_page_stored_like_the_one_before_is_read_only_once() -> None:
    reader = MarkReader()
    _, found, _ = upright(page(3), cast("LabelReader", reader), hint=3)
    assert found == 3
    assert reader.asked <= SAMPLED


@pytest.mark.parametrize(("lines", "turns"), [(1, 0), (4, 3)])
def test_a_page_of_a_word_or_two_is_held_like_the_one_before(lines: int, turns: int) -> None:
    _, found, _ = upright(page(3, lines), cast("LabelReader", MarkReader()), hint=0)
    assert found == turns


def test_a_page_without_text_keeps_the_orientation_of_the_one_before() -> None:
    empty = View(paper(300, 200), np.eye(3))
    for hint in range(4):
        _, found, confidence = upright(empty, cast("LabelReader", MarkReader()), hint)
        assert (found, confidence) == (hint, 0.0)


class LevelReader(MarkReader):
    """Reads plainly what is one level line, and of a slanting one next to nothing."""

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return tuple(
            line if crop.shape[0] < 45 else TextLine("丨卜一", 0.4)
            for line, crop in zip(super().read(crops), crops, strict=True)
        )


@pytest.mark.parametrize("turns", [0, 2])
def test_a_page_askew_is_made_level_before_it_is_judged(turns: int) -> None:
    skewed, _ = turned_by(np.asarray(page(0).image, np.uint8), 3.5)
    stored = View(np.ascontiguousarray(np.rot90(skewed, turns)), np.eye(3))
    view, found, confidence = upright(stored, cast("LabelReader", LevelReader()))
    assert found == turns
    assert np.array_equal(view.image, skewed)
    assert confidence > 0.9


@pytest.mark.parametrize("hint", range(4))
def test_a_page_of_specks_that_seem_to_run_across_lies_like_the_one_before(
    monkeypatch: pytest.MonkeyPatch, hint: int
) -> None:
    class Blind(MarkReader):
        def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
            return (TextLine("0", 0.5),) * len(crops)

    monkeypatch.setattr("pipeline.orient.level_share", lambda _made: 0.07)
    view = page(0, 2)
    assert upright(view, cast("LabelReader", Blind()), hint)[1:] == (hint, 0.0)
    assert upright(view, cast("LabelReader", Blind()))[1:] == (1, 0.0)
