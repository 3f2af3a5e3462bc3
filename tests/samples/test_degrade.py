"""Scanning a made page moves its truth along, and the same seed gives the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np
import pytest

from samples import geometry
from samples.degrade import degrade
from samples.recipe import Recipe, Severity, draw_recipe
from samples.sheet import Mark, Sheet, corners, crop

if TYPE_CHECKING:
    from collections.abc import Callable

    from samples.style import Split

Grey: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
ROWS, COLUMNS = 8, 6
POOR: tuple[Severity, ...] = ("L2", "L3")


def page(dpi: float = 110) -> Sheet:
    """An A4 page with a ruled table; every cell holds a black bar as its text."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    image = np.full((height, width, 3), 255, np.uint8)
    marks: list[Mark] = []
    points: list[tuple[float, float]] = []
    cell = np.array([width * 0.11, height * 0.07])
    for i in range(ROWS):
        for j in range(COLUMNS):
            left, top = np.array([width * 0.15, height * 0.18]) + cell * [j, i]
            right, bottom = left + cell[0], top + cell[1]
            low, high = (round(left), round(top)), (round(right), round(bottom))
            cv2.rectangle(image, low, high, (0, 0, 0), 1)
            box = [round(left + cell[0] * 0.4), round(top + cell[1] * 0.35)]
            box += [round(left + cell[0] * 0.6), round(top + cell[1] * 0.65)]
            image[box[1] : box[3], box[0] : box[2]] = 0
            marks.append(Mark("t3", (f"r{i}", f"c{j}"), len(points)))
            points += corners(*box) + corners(left, top, right, bottom)
    return Sheet(image, np.array(points, dtype=np.float64), tuple(marks), dpi)


def bars(sheet: Sheet, scale: float) -> tuple[Grey, Grey]:
    """Mean grey inside each text polygon, and of its cell around it (``scale`` × as large)."""
    inside, around = [], []
    for mark in sheet.marks:
        text = sheet.text_corners(mark)
        middle = text.mean(axis=0)
        wide = np.round(middle + (text - middle) * scale).astype(np.int32)
        low = wide.min(axis=0).clip(0)
        high = wide.max(axis=0) + 1
        part = sheet.image[low[1] : high[1], low[0] : high[0]].mean(axis=2)

        def mask(factor: float, part: Grey = part, spread: Grey = text - middle,
                 origin: Grey = middle - low) -> Any:  # fmt: skip
            drawn = np.zeros(part.shape, np.uint8)
            corners = np.round(origin + spread * factor).astype(np.int32)
            return cv2.fillPoly(drawn, [corners], 1) > 0

        inside.append(part[mask(0.8)].mean())
        around.append(part[mask(scale) & ~mask(1.35)].mean())
    return np.array(inside), np.array(around)


MOVES: dict[str, Callable[[Sheet], Sheet]] = {
    "skew": lambda s: geometry.skew(s, 3.7),
    "skew and grow": lambda s: geometry.skew(s, -6, grow=True),
    "quarter": lambda s: geometry.orient(s, 1),
    "half": lambda s: geometry.orient(s, 2),
    "three quarters": lambda s: geometry.orient(s, 3),
    "coarser": lambda s: geometry.resize(s, 77),
    "finer": lambda s: geometry.resize(s, 137),
    "curl": lambda s: geometry.curl(s, 12, 0.4),
    "curl down": lambda s: geometry.curl(s, 9, 2.1, across=False),
    "photograph": lambda s: geometry.photograph(s, np.random.default_rng(3), 0.03),
    "crop": lambda s: crop(s, "t3", 5),
}


@pytest.mark.parametrize("move", MOVES)
def test_corners_follow_the_pixels_to_less_than_a_pixel(move: str) -> None:
    moved = MOVES[move](page())
    dark = (255 - moved.image.mean(axis=2)) / 255
    for mark in moved.marks:
        middle = moved.text_corners(mark).mean(axis=0)
        inner = middle + (moved.cell_corners(mark) - middle) * 0.8  # without the ruling lines
        low, high = np.round(inner.min(axis=0)).astype(int), np.round(inner.max(axis=0)).astype(int)
        weight = dark[low[1] : high[1], low[0] : high[0]].copy()
        corners = np.round(inner - low).astype(np.int32)
        weight *= cv2.fillPoly(np.zeros(weight.shape, np.uint8), [corners], 1)
        weight[weight < 0.3] = 0
        y, x = np.mgrid[low[1] : high[1], low[0] : high[0]] + 0.5
        found = np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum()
        assert np.abs(found - middle).max() < 0.8


@pytest.mark.parametrize("split", ["develop", "bench"])
@pytest.mark.parametrize("severity", ["L0", "L1", "L2", "L3"])
def test_after_any_scan_the_ink_is_where_the_truth_says(severity: Severity, split: Split) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        drawn = draw_recipe(rng, severity, split)
        # Stains, seals and shadows may cover a figure; here only its place is asked for.
        recipe = replace(drawn, stain=0.0, seals=0, dpi=100, drawn_dpi=110, specks=0.0)
        scanned = degrade(page(110), recipe, rng)
        height, width = scanned.image.shape[:2]
        assert scanned.image.dtype == np.uint8
        assert (scanned.points > -1).all()
        assert (scanned.points < [width + 1, height + 1]).all()
        inside, around = bars(scanned, 1.9)
        assert (inside < around - 12).all(), recipe


@pytest.mark.parametrize("severity", ["L1", "L2", "L3"])
def test_the_same_seed_gives_the_same_bytes(severity: Severity) -> None:
    def scanned() -> Sheet:
        rng = np.random.default_rng([5, len(severity)])
        recipe = replace(draw_recipe(rng, severity, "develop"), dpi=85, drawn_dpi=110, seals=1)
        return degrade(page(), recipe, rng)

    first, second = scanned(), scanned()
    assert first.image.tobytes() == second.image.tobytes()
    assert (first.points == second.points).all()


def test_a_digital_page_is_left_alone() -> None:
    recipe = Recipe("L0", "digital", dpi=110, drawn_dpi=110)
    sheet = page()
    scanned = degrade(sheet, recipe, np.random.default_rng(1))
    assert (scanned.image == sheet.image).all()
    assert (scanned.points == sheet.points).all()


def test_only_the_bench_knows_moire_motion_and_halftone_and_only_development_folds() -> None:
    def drawn(split: Split) -> list[Recipe]:
        return [
            draw_recipe(np.random.default_rng(seed), severity, split)
            for seed in range(150)
            for severity in POOR
        ]

    develop, bench = drawn("develop"), drawn("bench")
    assert not any(r.moire or r.motion or r.halftone for r in develop)
    assert all(any(getattr(r, k) for r in bench) for k in ("moire", "motion", "halftone"))
    assert any(r.folds for r in develop)
    assert not any(r.folds for r in bench)
