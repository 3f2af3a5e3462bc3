"""The sides of a cell, as ruling lines show them in its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models.digits.inputs import inks
from models.quantiles import quantile_of_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

Edges: TypeAlias = tuple[int, int]
"""The columns from which on, and before which, a ruling line stands."""

RIM = 2
"""Columns at a crop's side that are looked at for ink."""

RULED = 0.08
"""Darkness in nearly all rows from which a column belongs to a ruling line."""

FRAYED = 0.25
"""Darkness of a line's edges at least, relative to its middle."""


def _along(wide: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how dark columns are nearly all the way down: no glyph is, with paper around it."""
    return quantile_of_columns(inks(wide)[:, :, 1], 10)


def unruled(
    wide: NDArray[np.uint8], left: int, right: int
) -> tuple[NDArray[np.uint8], Edges, Edges]:
    """Take the cell's own ruling lines out, and say from where to where they stood.

    A figure that a line runs through goes on at both its sides: what lies under the line is
    interpolated between them, row by row.
    """
    along = _along(wide)
    clear = wide
    reach = wide.shape[0] // 2
    places = []
    for side, near in (
        (left, (left - reach, left + RIM)),
        (right, (right - RIM, right + reach)),
    ):
        line = _line(along, *near)
        places.append((side, side) if line is None else line)
        if line is not None:
            clear = _bridged(clear, *line)
    return clear, places[0], places[1]


def _line(along: NDArray[np.float32], near: int, far: int) -> tuple[int, int] | None:
    """Return the columns of the ruling line between ``near`` and ``far``, its edges with it."""
    first, last = max(1, near), min(len(along) - 1, far)
    if last <= first or along[first:last].max() <= RULED:
        return None
    begin = first + int(along[first:last].argmax())
    end, least = begin + 1, FRAYED * along[begin]
    while begin > 1 and along[begin - 1] > least:
        begin -= 1
    while end < len(along) - 1 and along[end] > least:
        end += 1
    return max(1, begin - 1), min(len(along) - 1, end + 1)


def _bridged(image: NDArray[np.uint8], begin: int, end: int) -> NDArray[np.uint8]:
    """Interpolate columns ``begin`` to ``end`` between those beside them."""
    share = (np.arange(begin, end) - begin + 1)[None, :, None] / (end - begin + 1)
    bridged = image.copy()
    bridged[:, begin:end] = np.round(image[:, [begin - 1]] * (1 - share) + image[:, [end]] * share)
    return bridged
