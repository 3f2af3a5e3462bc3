"""Figures too long for their column, that go on in the line below."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.geometry import Box

LEAST_HEIGHT = 0.55
"""Height of a line beside the highest: a stroke that blurs into the one below takes of it."""

SPARE = 1.4
"""Room beside a full line, in heights of a digit: for less than a digit, and for its margins."""

NEXT = 1.2
"""Paper between lines of one figure, in heights of a digit: text is set so, rows stand wider."""

OUT = 0.4
"""How much wider than a full line the one below may be, in heights of a digit."""


def wraps(lines: Sequence[Box], width: float) -> bool:
    """Tell whether lines of ink in a crop ``width`` pixels wide may be one figure, wrapped.

    All but the last fill the column, and they follow on one another as closely as lines of text
    do. Where a ruling line between two rows went unseen, their figures seldom fill their cells.
    """
    if len(lines) < 2:
        return False
    height = max(box.height for box in lines)
    return all(
        min(above.height, below.height) >= LEAST_HEIGHT * height
        and width - above.width <= SPARE * height
        and below.width <= above.width + OUT * height
        and below.top - above.bottom <= NEXT * height
        for above, below in pairwise(lines)
    )
