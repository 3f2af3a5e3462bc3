"""Quantiles are numpy's own, to the last bit: the calibration was fitted with these."""

from __future__ import annotations

import numpy as np
import pytest

from models.quantiles import (
    median_of,
    quantile,
    quantile_of_columns,
    quantile_of_levels,
    quantile_pair,
)


@pytest.mark.parametrize("percent", [90, 99.5, 99.8])
def test_a_quantile_is_what_numpy_says(percent: float) -> None:
    rng = np.random.default_rng(5)
    for size in (1, 2, 3, *rng.integers(4, 4000, 200).tolist()):
        values = rng.random(size).astype(np.float32)
        values = np.round(values * 20) / 20 if size % 2 else values
        assert quantile(values, percent) == float(np.percentile(values, percent))
        found = quantile_pair(values, 10, 40)
        assert found == tuple(np.percentile(values, (10, 40)).tolist())
        assert median_of(values) == float(np.median(values))
        levels = rng.integers(0, 256, size).astype(np.uint8)
        assert quantile_of_levels(levels, percent) == float(np.percentile(levels, percent))


def test_pictures_and_cuts_of_them_will_do() -> None:
    picture = np.random.default_rng(6).random((40, 90, 2)).astype(np.float32)
    inner = picture[1:-1, 3:, 1]
    assert quantile(inner, 99.5) == float(np.percentile(inner, 99.5))
    columns = quantile_of_columns(inner, 10)
    assert np.array_equal(columns, np.percentile(inner, 10, axis=0))
    assert columns.dtype == np.float32
