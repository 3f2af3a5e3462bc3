"""Figures that look the same are shown to the first reader once, and an odd one by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.alphabet import CLASSES, encode
from models.sessions import infer
from ocr.alike import borne_out, stand_ins
from ocr.digits import read_figures
from ocr.general import Sight, read_freely

if TYPE_CHECKING:
    import pytest


def cell(text: str, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    paper = np.full((60, 120, 3), 244, np.uint8)
    at = (30 + seed % 5, 44 - seed % 3)
    cv2.putText(paper, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.1, (35, 35, 35), 2, cv2.LINE_AA)
    noise = rng.normal(0, 2, paper.shape[:2])[:, :, None]
    return np.clip(paper + noise, 0, 255).astype(np.uint8)


def lattice(text: str, chance: float = 0.995) -> np.ndarray:
    """Say ``text``, a symbol a step with blanks between, each step with ``chance``."""
    steps = [0]
    for symbol in encode(text):
        steps += [symbol, 0]
    found = np.full((len(steps), CLASSES), (1 - chance) / (CLASSES - 1))
    found[np.arange(len(steps)), steps] = chance
    return found


def picture(text: str, seed: int = 0) -> np.ndarray:
    dark = 1 - cell(text, seed)[:, :, 0].astype(np.float32) / 255
    return np.stack([cv2.resize(dark, (64, 32))] * 2)


def test_the_first_reader_sees_one_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []

    def counted(crops: list[np.ndarray], threads: int) -> tuple[Sight, ...]:
        shown.extend(crops)
        return read_freely(crops, threads)

    monkeypatch.setattr("ocr.digits.read_freely", counted)
    texts = ["0"] * 12 + ["8"] + ["0"] * 12 + ["25", "6"]
    readings = read_figures([cell(text, seed) for seed, text in enumerate(texts)], 1)
    assert [reading.best.text for reading in readings] == texts
    assert all(len(reading.opinions) == 2 for reading in readings)
    assert len(shown) < len(texts) / 2


def test_what_looks_different_is_read_by_itself_though_our_own_reader_sees_the_same() -> None:
    pictures = [(picture("0"),) * 2, (picture("8"),) * 2, (picture("0"),) * 2]
    assert stand_ins(pictures, [(lattice("0"),) * 2] * 3) == [0, 1, 0]


def test_what_is_read_differently_is_read_by_itself_though_it_looks_the_same() -> None:
    pictures = [(picture("0"),) * 2] * 3
    said = [(lattice("0"),) * 2, (lattice("0"), lattice("6")), (lattice("0", 0.9),) * 2]
    assert stand_ins(pictures, said) == [0, 1, 2]


def test_one_that_the_first_reader_sees_otherwise_speaks_for_itself_only() -> None:
    said = (lattice("0"),) * 2
    assert borne_out(Sight(lattice("0"), "0", 1.0), said)
    assert not borne_out(Sight(lattice("6"), "6", 1.0), said)
    assert not borne_out(Sight(lattice("0", 0.8), "0", 1.0), said)


def dashes(short: float, long: float) -> np.ndarray:
    """Say a dash of either kind over two steps, as the network does: neither path is likely."""
    found = np.full((4, CLASSES), 1e-5)
    found[:, 0] = [0.99, 0.5, 0.5, 0.99]
    found[1:3, encode("-")[0]] = short / 2
    found[1:3, encode("—")[0]] = long / 2
    found[[1, 2], 0] = [0.01, 0.01]
    found[1:3, encode("—")[0]] += 0.49 * long
    found[1:3, encode("-")[0]] += 0.49 * short
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def test_dashes_are_alike_whichever_and_however_long_they_seem() -> None:
    pictures = [(picture("-"),) * 2] * 3
    said = [(dashes(0.4, 0.6),) * 2, (dashes(0.6, 0.4),) * 2, (lattice("0"),) * 2]
    assert stand_ins(pictures, said) == [0, 0, 2]
    # a long figure, blurred, may look like one
    assert stand_ins(pictures, said, [True, False, False]) == [0, 1, 2]


def test_what_is_a_dash_in_one_frame_only_is_read_by_itself() -> None:
    pictures = [(picture("-"),) * 2] * 2
    said = [(dashes(0.4, 0.6),) * 2, (dashes(0.4, 0.6), lattice("1"))]
    assert stand_ins(pictures, said) == [0, 1]


def test_pictures_that_are_the_same_to_the_last_pixel_are_shown_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = []

    def counted(name: str, batch: np.ndarray, threads: int) -> np.ndarray:
        shown.append(len(batch))
        found: np.ndarray = np.asarray(infer(name, batch, threads))
        return found

    monkeypatch.setattr("ocr.general.infer", counted)
    cells = [cell("0", 1), cell("8", 2), cell("0", 1), cell("0", 1), cell("25", 3)]
    sights = read_freely(cells, 1)
    assert [sight.text for sight in sights] == ["0", "8", "0", "0", "25"]
    assert sum(shown) == 3


def test_two_looks_of_one_digit_are_told_apart_wherever_they_stand_among_many() -> None:
    one, other = picture("0"), picture("8")
    for count in (5, 6, 7, 25):  # they are held against one another a few at a time
        looks = [(one, other)[n % 3 == 0] for n in range(count)]
        found = stand_ins([(look,) * 2 for look in looks], [(lattice("0"),) * 2] * count)
        assert found == [0 if n % 3 == 0 else 1 for n in range(count)]
