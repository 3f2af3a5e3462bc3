"""Where a table's outermost lines are drawn, beside which what is left of level ones runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WHOLE = 0.85
"""Share of a table's height from which what is left of an upright line is its side.

A page of 14 rows whose level lines ran on by 0.9 em had 0.98 at both sides, its figures 0.3."""

RUN_ON = 1.5
"""How far, in em, what is left of level lines may run on beyond a table's side."""

THICK = 0.3
"""Half the thickness of a line, in em, with what it blurs into, at most."""


def outermost(
    sides: tuple[float, float],
    words: tuple[float, float],
    seen: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    em: float,
) -> tuple[float, float]:
    """Return where a table begins and ends: at lines drawn just inside its ``sides``, if any.

    ``words`` are where those known of it begin and end. ``seen`` are upright lines and letters
    (height, width) of its rows. A line beyond which letters stand is no side of a table.
    """
    plumb, letters = seen
    width = plumb.shape[1]
    left = _line(sides[0], words[0], plumb, letters, em)
    flipped = _line(width - sides[1], width - words[1], plumb[:, ::-1], letters[:, ::-1], em)
    return left, width - flipped


def _line(
    side: float, words: float, plumb: NDArray[np.bool_], letters: NDArray[np.bool_], em: float
) -> float:
    """Return where the first line right of ``side`` is drawn, or ``side`` itself."""
    start, end = max(0, int(side)), int(min(words, side + RUN_ON * em)) + 1
    whole = np.flatnonzero(plumb[:, start:end].mean(axis=0) >= WHOLE)
    if not len(whole):
        return side
    near = [int(one) for one in whole if one - whole[0] <= 2 * THICK * em]
    line = start + (near[0] + near[-1]) / 2
    return side if letters[:, start : int(max(start, line - THICK * em))].any() else line


def run_on(
    level: NDArray[np.uint8], ys: Sequence[int], em: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of the level lines that run right and left of each place.

    ``level`` (height, width) is what is left of such lines, ``ys`` the separators of rows.
    """
    reach, wide = max(1, round(0.3 * em)), max(2, round(em))
    rows = [level[max(0, y - reach) : y + reach + 1].any(axis=0) for y in ys]
    drawn = np.mean(rows, axis=0)
    kernel = np.ones(wide) / wide
    return (
        np.concatenate((np.convolve(drawn, kernel, "valid"), np.zeros(wide - 1))),
        np.concatenate((np.zeros(wide - 1), np.convolve(drawn, kernel, "valid"))),
    )
