"""Rows parted by their shades alone have edges where lines would be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from layout.pieces import pieces_of
from layout.rulings import rulings
from layout.stripes import striped
from layout.tone import tone
from tests.layout.drawing import paper, write

LEFT, RIGHT = 80, 920
EDGES = (100, 160, 200, 280, 320, 440)
"""Heights of rows of one line, of two, and of more, every other one shaded."""


def page(shade: int, grain: float = 0.0) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = paper()
    for number, (top, bottom) in enumerate(pairwise(EDGES)):
        if number % 2 == 0:
            image[top:bottom, LEFT:RIGHT] = shade
    for top in EDGES[:-1]:
        write(image, "王田中木日田三目", LEFT + 20, top + 12)
        for left in range(400, RIGHT - 40, 90):
            write(image, "日", left, top + 12)
    if grain:
        noise = np.random.default_rng(7).normal(0, grain, image.shape)
        return np.asarray(np.clip(image + noise, 0, 255), np.uint8)
    return image


def heights(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[float]:
    """Return at which heights of the image edges run over more than half of the table."""
    made = tone(image)
    found = striped(image, made, pieces_of(made, rulings(made)))
    level = np.convolve(found.level.sum(axis=1), np.ones(5), "same")
    rows = np.flatnonzero(level > 0.5 * (RIGHT - LEFT) * made.scale)
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
    return [float(run.mean()) / made.scale for run in runs]


@pytest.mark.parametrize(("shade", "grain"), [(242, 0.0), (249, 0.0), (225, 6.0)])
def test_shaded_rows_have_their_edges(shade: int, grain: float) -> None:
    assert heights(page(shade, grain)) == pytest.approx(EDGES, abs=4)


def test_rows_on_plain_paper_have_none() -> None:
    assert heights(page(255)) == []


def test_a_shadow_that_fades_is_no_edge() -> None:
    image = page(255).astype(np.float32)
    fade = np.interp(np.arange(image.shape[0]), (150, 350), (1.0, 0.6))
    assert heights(np.asarray(image * fade[:, None, None], np.uint8)) == []
