"""Rows without a dark run are left out of the search, and nothing is found otherwise for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout import runs as module
from layout.ink import Treatment
from layout.rulings import rulings
from layout.tone import Tone


def page(lines: tuple[int, ...], height: int = 420) -> Tone:
    """Draw words, a few lines right across (double at one place), and grain."""
    ink = np.zeros((height, 520), np.uint8)
    for y in range(30, height - 20, 37):
        cv2.putText(ink, "HEMT 8802 WINTER", (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (200,), 2)
    for y in lines:
        cv2.line(ink, (10, y), (505, y), (210,), 2)
    for x in (12, 260, 503):
        cv2.line(ink, (x, 5), (x, height - 6), (190,), 2)
    grain = np.random.default_rng(4).integers(0, 9, ink.shape, np.uint8)
    return Tone(cv2.add(ink, grain), 22.0, 1.0, Treatment(0.5, smooth=False, gain=1.0))


@pytest.mark.parametrize("lines", [(), (0, 4), (200,), (3, 210, 216, 418)])
@pytest.mark.parametrize("how", [{"dashed": False}, {"dashed": True}])
def test_rulings_are_the_same_when_all_rows_are_searched(
    lines: tuple[int, ...], how: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = rulings(page(lines), **how)
    monkeypatch.setattr(module, "MOST", 0.0)
    whole = rulings(page(lines), **how)
    assert np.array_equal(cut.level, whole.level)
    assert np.array_equal(cut.plumb, whole.plumb)
    assert whole.plumb.any()
    assert whole.level.any() or not lines


def test_few_rows_are_searched_where_few_hold_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    found = module._found  # noqa: SLF001

    def counted(strokes: module.Strokes, *rest: object, **how: object) -> list[np.ndarray]:
        searched.append(len(strokes.dark))
        return found(strokes, *rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_found", counted)
    rulings(page((700,), 1400))
    assert searched[0] < 100


@pytest.mark.parametrize("darkness", [210, 90, 50, 26])
def test_a_pale_line_close_behind_figures_is_a_line(darkness: int) -> None:
    ink = np.zeros((600, 520), np.uint8)
    places = range(60, 480, 100)
    for x in (20, *places):
        cv2.line(ink, (x, 20), (x, 580), (darkness,), 1)
    for y in range(20, 600, 40):
        cv2.line(ink, (20, y), (460, y), (darkness,), 1)
        for x in places:
            cv2.putText(ink, "0", (x - 17, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (230,), 2)
    found = rulings(Tone(ink, 22.0, 1.0, Treatment(0.5, smooth=False, gain=1.0)))
    assert [found.plumb[:, x].mean() > 0.8 for x in places] == [True] * len(places)
