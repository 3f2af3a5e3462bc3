"""Figures with a unit behind them are as sure as the figures themselves, read alone."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Opinion, Reading
from ocr.digits import read_figures
from ocr.evidence import NO_FIGURE
from ocr.units import without_units
from tests.layout.drawing import write

FIGURES = ("0", "0", "6", "0", "12", "0", "0", "1", "0", "358", "0", "0")


def cell(digits: str, *, wrapped: bool = False, touching: bool = False) -> np.ndarray:
    """Draw a cell with a figure, and a character of its height behind or below it."""
    image = np.full((100, 140, 3), 255, np.uint8)
    (width, _), _ = cv2.getTextSize(digits, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 2)
    cv2.putText(image, digits, (12, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2)
    left, top = (12, 60) if wrapped else (16 + width - 6 * touching, 16)
    write(image, "田", left, top, 26)
    return cv2.GaussianBlur(image, (0, 0), 1.5) if touching else image


def seen(digits: str, unit: str = "件") -> Reading:
    """Return what two readers make of it that do not agree how much there is."""
    chances = {digits + unit: 0.35, digits: 0.3, "": 0.02}
    return Reading(
        tuple(Candidate(text, -math.log(chance)) for text, chance in chances.items()),
        legible=False,
    )


def read(readings: list[Reading], crops: list[np.ndarray]) -> list[Reading]:
    return list(without_units(crops, readings, read_figures))


def test_figures_before_their_unit_are_read_by_themselves() -> None:
    found = read([seen(one) for one in FIGURES], [cell(one) for one in FIGURES])
    assert [one.best.text for one in found] == [f"{one}件" for one in FIGURES]
    assert all(one.legible and 0.9 < one.best.probability <= 0.998 for one in found)


def test_a_unit_on_a_line_of_its_own_is_left_out_too() -> None:
    crops = [cell(one) for one in FIGURES]
    crops[4] = cell("12", wrapped=True)
    found = read([seen(one) for one in FIGURES], crops)
    assert found[4].best.text == "12件"
    assert found[4].best.probability > 0.9


def test_a_unit_below_its_figure_may_be_higher_than_digits_are() -> None:
    crops = [cell(one) for one in FIGURES]
    crops[4] = np.full((100, 140, 3), 255, np.uint8)
    cv2.putText(crops[4], "12", (12, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.75, (0, 0, 0), 2)
    write(crops[4], "田", 12, 60, 26)
    found = read([seen(one) for one in FIGURES], crops)
    assert found[4].best.probability > 0.9


def test_a_unit_that_both_readers_take_for_no_figure_is_left_out() -> None:
    readings = [seen(one) for one in FIGURES]
    opinions = tuple(Opinion(reader, f"12{NO_FIGURE}", 1.0) for reader in ("paddle", "own"))
    readings[4] = Reading(
        (Candidate("120", 7.5), Candidate("12", 7.6)), legible=False, opinions=opinions
    )
    crops = [cell(one) for one in FIGURES]
    crops[4] = cell("12", wrapped=True)
    found = read(readings, crops)
    assert found[4].best.text == "12件"
    assert found[4].legible


def test_remnants_of_ruling_lines_at_the_rim_are_no_unit() -> None:
    crops = [cell(one) for one in FIGURES]
    for crop in crops:
        crop[:, :1] = crop[:, -1:] = 0
    found = read([seen(one) for one in FIGURES], crops)
    assert all(0.9 < one.best.probability <= 0.998 for one in found)


def test_a_unit_that_touches_its_figure_is_parted_from_it() -> None:
    crops = [cell(one, touching=one == "0") for one in FIGURES]
    found = read([seen(one) for one in FIGURES], crops)
    assert [one.best.text for one in found] == [f"{one}件" for one in FIGURES]
    assert all(one.legible and 0.9 < one.best.probability <= 0.998 for one in found)


def test_a_small_table_tells_its_unit_as_well() -> None:
    few = ("0", "0", "6", "0", "12", "0", "1", "0", "358")
    crops = [cell(one, touching=one == "0") for one in few]
    found = read([seen(one) for one in few], crops)
    assert all(0.9 < one.best.probability <= 0.998 for one in found)


def test_a_shadow_on_the_cells_hides_no_unit() -> None:
    crops = [cell(one) for one in FIGURES]
    for crop in crops:
        crop[:, 100:] //= 2
    found = read([seen(one) for one in FIGURES], crops)
    assert all(0.9 < one.best.probability <= 0.998 for one in found)


def test_what_is_read_otherwise_alone_stays_in_doubt() -> None:
    readings = [seen(one) for one in FIGURES]
    readings[2] = seen("8")
    found = read(readings, [cell(one) for one in FIGURES])
    assert found[2] == readings[2]
    assert found[0].best.probability > 0.9


@pytest.mark.parametrize("unit", ["", "）"])
def test_where_a_table_prints_no_unit_nothing_is_cut(unit: str) -> None:
    readings = [seen(one, unit) for one in FIGURES[1:]] + [seen("0")]
    crops = [cell(one) for one in FIGURES[1:]] + [cell("0")]
    assert read(readings, crops) == readings


def test_a_blank_among_them_stays_blank() -> None:
    readings = [seen(one) for one in FIGURES]
    readings[3] = Reading((Candidate("", -math.log(0.6)), Candidate("0", -math.log(0.2))))
    crops = [cell(one) for one in FIGURES]
    crops[3] = np.full((100, 140, 3), 255, np.uint8)
    assert read(readings, crops)[3] == readings[3]
