"""Sides of a table that no line is drawn at: where its rows' lines end together.

Word processors and statisticians leave a table open at its sides, scanners cut an outermost line
off, copies lose it. The ends of the lines between rows say as well where the table ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layout.separators import Wall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BEYOND = 1.5
"""How many em rows' lines must run on beyond the outermost upright line: room for a figure."""

TOGETHER = 0.5
"""Within so many em of one another the lines' ends are one side of a table."""

MOST = 0.6
"""Share of the lines that must end at an open right side: figures stand there in every row."""

SOME = 3
"""So many lines must end at an open side. On the left labels span rows, so that more need not."""

SOLID = 0.8
"""Share of a line's last em that must be drawn, so that no speck passes for its end."""


def with_open_sides(
    level: NDArray[np.bool_], rows: Sequence[Wall], columns: Sequence[Wall], em: float
) -> list[Wall]:
    """Add the sides of a table that only the ends of its rows' lines tell to ``columns``.

    ``level`` is what is drawn of lines along rows, shape (height, width); ``rows`` and ``columns``
    are the separators found in it. The first and the last line must end there, too.
    """
    ends = [_ends(level, wall, em) for wall in rows]
    left = _side([None if end is None else -end[0] for end in ends], -columns[0].middle, em, 0.0)
    right = _side([None if end is None else end[1] for end in ends], columns[-1].middle, em, MOST)
    before = [] if left is None else [Wall(-left, 0.0)]
    behind = [] if right is None else [Wall(right, 0.0)]
    return [*before, *columns, *behind]


def _side(ends: Sequence[float | None], outermost: float, em: float, share: float) -> float | None:
    """Return where lines end together beyond ``outermost``; None where they do not."""
    first, last = ends[0], ends[-1]
    if first is None or last is None or abs(first - last) > TOGETHER * em:
        return None
    side = max(first, last)
    if side < outermost + BEYOND * em:
        return None
    there = [end for end in ends if end is not None and abs(end - side) <= TOGETHER * em]
    further = sum(end is not None and end > side + TOGETHER * em for end in ends)
    if further or len(there) < max(SOME, share * len(ends)):
        return None
    return float(np.median(there))


def _ends(level: NDArray[np.bool_], wall: Wall, em: float) -> tuple[float, float] | None:
    """Return where a line begins and ends, None where hardly anything of it is drawn."""
    reach = max(2, round(wall.half + 0.22 * em))
    top, bottom = max(0, round(wall.middle) - reach), round(wall.middle) + reach + 1
    drawn = np.asarray(level[top:bottom].any(axis=0))
    length = max(2, round(em))
    if len(drawn) < length:
        return None
    share = np.convolve(drawn, np.ones(length), "valid") / length
    solid = np.flatnonzero(share >= SOLID)
    if not len(solid):
        return None
    inked = np.flatnonzero(drawn)
    begin = inked[inked >= solid[0]][0]
    end = inked[inked < solid[-1] + length][-1]
    return float(begin), float(end)
