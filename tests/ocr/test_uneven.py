"""Digits struck out, raised, taller or apart from the rest are not sure as part of a figure."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from document.reading import Candidate, Reading
from ocr.uneven import UNSURE, without_uneven

FONTS = (cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX)
BASELINE = 46


class Cell:
    """A cell in which glyphs are set from left to right."""

    def __init__(self, font: int, seed: int = 0) -> None:
        noise = np.random.default_rng(seed).normal(0, 3, (64, 300, 3))
        self.image = np.clip(235 + noise, 0, 255).astype(np.uint8)
        self.font, self.x = font, 40

    def put(self, text: str, *, size: float = 1.0, raised: int = 0) -> tuple[int, int]:
        """Set a text; return where it begins and ends."""
        at = self.x
        place = (at, BASELINE - raised)
        cv2.putText(self.image, text, place, self.font, size, (40,) * 3, 2, cv2.LINE_AA)
        self.x += cv2.getTextSize(text, self.font, size, 2)[0][0]
        return at, self.x

    def strike(self, between: tuple[int, int]) -> None:
        left, right = between
        # a stroke reaches from the one side bearing to the other
        cv2.line(self.image, (left - 1, BASELINE - 11), (right - 1, BASELINE - 11), (40,) * 3, 2)


def told(cell: Cell, text: str, sure: float = 0.9995) -> Reading:
    """Return what becomes of a cell that both readers read alike."""
    other = Candidate(text[1:], -math.log(1e-4))
    reading = Reading((Candidate(text, -math.log(sure)), other))
    return without_uneven([cell.image], [reading])[0]


def doubted(reading: Reading) -> bool:
    return reading.best.probability <= UNSURE + 1e-9 and len(reading.candidates) > 1


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("old", ["35", "8", "19"])
def test_digits_struck_out_beside_what_was_written_instead_are_no_part_of_it(
    font: int, old: str
) -> None:
    cell = Cell(font)
    cell.strike(cell.put(old))
    cell.x += 3
    cell.put("92")
    assert doubted(told(cell, old + "92"))


@pytest.mark.parametrize("font", FONTS)
def test_a_struck_figure_is_no_figure(font: int) -> None:
    for figure in ("6", "27", "1304", "95"):
        cell = Cell(font)
        cell.strike(cell.put(figure))
        assert doubted(told(cell, figure)), figure


@pytest.mark.parametrize("font", FONTS)
def test_a_raised_mark_a_low_one_and_a_sign_taller_than_digits_are_none_of_them(font: int) -> None:
    for mark, size, raised in (("3", 0.7, 9), ("2", 0.7, -6), ("1", 0.6, 0), ("5", 1.35, -3)):
        before, behind = Cell(font), Cell(font)
        before.put(mark, size=size, raised=raised)
        before.put("132")
        behind.put("132")
        behind.put(mark, size=size, raised=raised)
        assert doubted(told(before, mark + "132")), mark
        assert doubted(told(behind, "132" + mark)), mark


@pytest.mark.parametrize("font", FONTS)
def test_two_figures_in_a_cell_are_not_one(font: int) -> None:
    for first, second in (("9307", "78"), ("42", "61"), ("3", "5")):
        cell = Cell(font)
        cell.put(first)
        cell.x += 32
        cell.put(second)
        assert doubted(told(cell, first + second)), (first, second)


@pytest.mark.parametrize("font", FONTS)
def test_figures_as_they_are_printed_stay_sure(font: int) -> None:
    for seed, figure in enumerate(("0", "4", "44", "1047", "25389", "71", "111", "60606", "444")):
        cell = Cell(font, seed)
        cell.put(figure)
        assert told(cell, figure).best.probability == pytest.approx(0.9995)
    thousands = Cell(font)
    thousands.put("12")
    thousands.x += 12
    thousands.put("345")
    assert told(thousands, "12345").best.probability == pytest.approx(0.9995)


def test_a_document_whose_digits_are_all_uneven_is_printed_so() -> None:
    cells = []
    for number in range(8):
        cell = Cell(FONTS[0], number)
        cell.put("1", size=0.7)  # as old-style digits are
        cell.put("86")
        cells.append(cell.image)
    sure = Reading((Candidate("186", -math.log(0.9995)),))
    assert without_uneven(cells, [sure] * 8) == (sure,) * 8


def test_oddly_standing_digits_make_no_other_figure_likely() -> None:
    """Sums prove a figure that wants proof by odds: 400 to 1 over four that make up for it."""
    cell = Cell(FONTS[0])
    cell.put("3", size=0.7, raised=9)
    cell.put("132")
    found = told(cell, "3132")
    assert doubted(found)
    assert all(one.probability <= found.best.probability / 9 for one in found.candidates[1:])
