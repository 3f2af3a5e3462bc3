"""Stated probabilities are no surer than the cells they were fitted to allow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.calibrate import curve
from ocr.pool import SUREST, TRUSTS, Trust, fitted


def test_no_more_certainty_is_claimed_than_the_number_of_cells_supports() -> None:
    scores = np.linspace(0, 10, 2000)
    _, logits = curve(scores, np.ones(2000, dtype=bool), np.ones(2000))
    assert max(logits) <= math.log(2 * 2000 + 1)


def test_where_high_scores_were_wrong_as_often_as_low_ones_they_say_as_little() -> None:
    right = np.arange(3000) % 10 > 0
    _, logits = curve(np.linspace(-3, 3, 3000), right, np.ones(3000))
    assert all(1 / (1 + math.exp(-x)) == pytest.approx(0.9, abs=0.04) for x in logits)


@pytest.mark.parametrize("name", TRUSTS)
def test_a_higher_score_never_means_less(name: str) -> None:
    trust: Trust = getattr(fitted(), name)
    assert list(trust.scores) == sorted(trust.scores)
    assert list(trust.logits) == sorted(trust.logits)
    assert 1 / (1 + math.exp(-trust.logits[-1])) <= SUREST
