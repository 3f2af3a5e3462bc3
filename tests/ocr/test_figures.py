"""Cells are read for what is printed in them, and doubted where nothing sure can be said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from ocr.digits import read_figures

if TYPE_CHECKING:
    from document.reading import Reading
    from ocr.pool import Engine

CROPS = Path(__file__).parent / "crops"
TRUTH: dict[str, str] = json.loads((CROPS / "truth.json").read_text(encoding="utf-8"))
UNREADABLE = ("struck-out.png", "struck-once.png", "blot.png")
DASHES = ("two-hyphens.png", "long-dash.png")
READABLE = [name for name in TRUTH if name not in (*UNREADABLE, *DASHES)]


def crop(name: str) -> np.ndarray:
    image = cv2.imread(str(CROPS / name))
    assert image is not None
    return np.asarray(image)


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return dict(zip(TRUTH, read_figures([crop(name) for name in TRUTH]), strict=True))


@pytest.mark.parametrize("name", READABLE)
def test_a_cell_is_read_as_printed(name: str, readings: dict[str, Reading]) -> None:
    reading = readings[name]
    assert reading.best.text == TRUTH[name]
    assert reading.legible


@pytest.mark.parametrize("name", DASHES)
def test_a_dash_is_a_dash_whichever_is_printed(name: str, readings: dict[str, Reading]) -> None:
    reading = readings[name]
    assert reading.best.text in ("-", "—", "--")
    assert reading.legible
    others = [candidate.text for candidate in reading.candidates[1:]]
    assert not any(text and not text.strip("-—") for text in others)


def test_most_plain_cells_leave_no_doubt(readings: dict[str, Reading]) -> None:
    plain = [name for name in READABLE if name.startswith(("lone-", "number-"))]
    clear = [name for name in plain if readings[name].best.probability > 0.99]
    assert len(clear) >= 0.8 * len(plain)


@pytest.mark.parametrize("name", UNREADABLE)
def test_ink_that_is_no_figure_is_not_relied_on(name: str, readings: dict[str, Reading]) -> None:
    reading = readings[name]
    assert not reading.legible or reading.best.probability < 0.95


def test_candidates_are_ordered_distinct_and_no_more_than_certain(
    readings: dict[str, Reading],
) -> None:
    for name, reading in readings.items():
        costs = [candidate.cost for candidate in reading.candidates]
        texts = [candidate.text for candidate in reading.candidates]
        assert costs == sorted(costs), name
        assert len(set(texts)) == len(texts), name
        assert min(costs) > 0, name
        assert sum(candidate.probability for candidate in reading.candidates) <= 1 + 1e-9, name


def test_a_reading_does_not_depend_on_the_crops_beside_it(readings: dict[str, Reading]) -> None:
    for name in ("lone-0-song.png", "decimal.png", "sealed-38.png"):
        alone = read_figures([crop(name)])[0]
        beside = readings[name]
        assert [c.text for c in alone.candidates] == [c.text for c in beside.candidates]
        for one, other in zip(alone.candidates, beside.candidates, strict=True):
            assert one.cost == pytest.approx(other.cost, rel=1e-3, abs=1e-6)


def test_no_crops_no_readings() -> None:
    assert read_figures([]) == ()


def test_a_crop_that_is_not_there_is_not_legible() -> None:
    empty = np.zeros((0, 12, 3), np.uint8)
    sliver = np.full((2, 40, 3), 255, np.uint8)
    assert [reading.legible for reading in read_figures([empty, sliver])] == [False, False]


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_evenly_coloured_cell_never_becomes_a_sure_figure(shade: int) -> None:
    (reading,) = read_figures([np.full((40, 90, 3), shade, np.uint8)])
    assert reading.best.text == "" or reading.best.probability < 0.9


def test_a_slice_of_paper_too_low_for_a_figure_is_not_surely_blank() -> None:
    blank = crop("blank.png")
    whole, slice_of_it = read_figures([blank, np.ascontiguousarray(blank[10:17])])
    assert whole.best.text == ""
    assert whole.best.probability > 0.995 > slice_of_it.best.probability


def test_figures_of_two_rows_are_not_joined_to_one_sure_figure() -> None:
    stacked = np.vstack([crop("lone-0-song.png"), crop("lone-2-song.png")])
    (reading,) = read_figures([stacked])
    assert reading.best.probability < 0.9


def test_a_figure_with_every_digit_in_a_line_of_its_own_is_read_for_its_sums() -> None:
    """Full-width digits do so in narrow columns; or else the lines between rows went unseen."""
    digits = [crop(f"lone-{digit}-song.png") for digit in "1202"]
    (reading,) = read_figures([np.vstack(digits)])
    assert reading.best.text == "1202"
    assert 0.3 < reading.best.probability < 0.9


@pytest.mark.parametrize("engine", ["paddle", "own"])
def test_one_reader_alone_is_never_sure_and_mostly_right(
    engine: Engine, readings: dict[str, Reading]
) -> None:
    names = [name for name in READABLE if TRUTH[name]][:30]
    alone = read_figures([crop(name) for name in names], engine=engine)
    assert all(reading.best.probability <= 0.94 for reading in alone)
    right = [name for name, one in zip(names, alone, strict=True) if one.best.text == TRUTH[name]]
    assert len(right) >= 0.8 * len(names)
    assert any(one != readings[name] for name, one in zip(names, alone, strict=True))


def test_a_reading_tells_what_each_reader_saw_by_itself() -> None:
    name = next(one for one in READABLE if one.startswith("number-"))
    both = read_figures([crop(name)])[0]
    assert [(one.reader, one.text) for one in both.opinions] == [
        ("paddle", TRUTH[name]),
        ("own", TRUTH[name]),
    ]
    alone = read_figures([crop(name)], engine="own")[0]
    assert [one.reader for one in alone.opinions] == ["own"]
