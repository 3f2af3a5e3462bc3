"""The decoder agrees with adding up every alignment by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from ocr.ctc import likeliest, probability


def by_hand(lattice: np.ndarray) -> dict[tuple[int, ...], float]:
    steps, classes = lattice.shape
    found: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(classes), repeat=steps):
        chance = math.prod(lattice[t, c] for t, c in enumerate(path))
        text = tuple(c for i, c in enumerate(path) if c and (i == 0 or c != path[i - 1]))
        found[text] = found.get(text, 0.0) + chance
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_likeliest_texts_and_their_probabilities_are_those_of_all_alignments(seed: int) -> None:
    lattice = np.random.default_rng(seed).dirichlet(np.full(4, 0.4), size=5)
    truth = by_hand(lattice)
    best = sorted(truth, key=lambda text: -truth[text])[:3]
    found = likeliest(lattice, beams=40, floor=0.0)
    assert [text for text, _ in found[:3]] == best
    for text in [*best, ()]:
        assert probability(lattice, text) == pytest.approx(truth[text])


def test_a_text_longer_than_the_lattice_is_impossible() -> None:
    lattice = np.full((2, 3), 1 / 3)
    assert probability(lattice, (1, 1)) == 0
