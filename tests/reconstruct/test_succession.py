"""Bands and lines are told apart as a search of all paths would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconstruct.succession import AMISS, succession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CERTAINLY = 3.0

Gains = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]


def paths(gains: Gains, band: int, above: int, *, begun: bool) -> Iterator[tuple[float, list[str]]]:
    """Yield (gain, what each band is) of all ways to go on after line ``above``.

    What a band is: "3" for line 3 alone, "2+3" for two lines, "3…" for more of the line before.
    """
    single, double, over = gains
    bands, lines = single.shape
    if band == bands:
        yield 0.0, []
        return
    steps = []
    for line in range(lines):
        if not begun or line == above + 1:
            gain = over[band, line] if begun else 0.0
            steps.append((gain + single[band, line], line, f"{line}"))
            if line + 1 < lines:
                two = gain + double[band, line + 1] - AMISS
                steps.append((two, line + 1, f"{line}+{line + 1}"))
        if begun and line == above:
            steps.append((single[band, line] - AMISS, line, f"{line}…"))
    for gain, last, name in steps:
        for rest, names in paths(gains, band + 1, last, begun=True):
            yield gain + rest, [name, *names]


@st.composite
def tables(draw: st.DrawFn) -> Gains:
    bands, lines = draw(st.integers(1, 4)), draw(st.integers(2, 5))
    value = st.integers(-12, 12).map(float)
    size = bands * lines
    single, double, above = (
        np.array(draw(st.lists(value, min_size=size, max_size=size))).reshape(bands, lines)
        for _ in range(3)
    )
    return single, double, above


@settings(max_examples=300, deadline=None)
@given(tables())
def test_a_band_is_told_where_every_other_path_is_worse(gains: Gains) -> None:
    found, most = succession(*gains, CERTAINLY)
    every = list(paths(gains, 0, -1, begun=False))
    if not every:
        return
    assert most == pytest.approx(max(gain for gain, _ in every))
    for band, line in enumerate(found):
        alone: dict[int, float] = {}
        other = -1e9
        for gain, names in every:
            split = band + 1 < len(names) and names[band + 1].endswith("…")
            if names[band].isdigit() and not split:
                at = int(names[band])
                alone[at] = max(alone.get(at, -1e9), gain)
            else:
                other = max(other, gain)
        ranked = sorted(alone, key=lambda at: -alone[at])
        best = ranked[0] if ranked else None
        rival = max([other, *(alone[at] for at in ranked[1:])])
        sure = best is not None and alone[best] - rival >= CERTAINLY
        assert line == (best if sure else None)
