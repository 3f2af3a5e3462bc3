"""Where the lines of a table separate its rows and columns, and which of them are lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

UPRIGHT = 0.35
"""Share of a table's height that its longest separators of columns must cover to be lines."""

LIKE_OTHERS = 0.4
"""The same for each separator, beside the longest, unless it is drawn in whole rows."""

WHOLE = 0.85
"""Share of an edge that must be covered for all of it to be drawn."""

HALF, HARDLY = 0.5, 0.1
"""The same where at least half of it is, and where next to nothing is."""

FEW_ROWS = 6
"""Bands below which a table is too low for its separators to be compared."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A separator: one line, or two that run together; ``half`` is half their distance."""

    middle: float
    half: float


def walls_of(found: list[tuple[float, float]], em: float) -> list[Wall]:
    """Join the two lines of a double rule: nearer than a row of text is high.

    The rest of the table must be far coarser, so that small text does not pass for one. Both
    lines of a double rule are as long; beside a longer one, a short one is a stroke of text.
    """
    found = _without_strokes(found, em)
    separators = [at for at, _ in found]
    gaps = [b - a for a, b in pairwise(separators)]
    limit = min(0.95 * em, 0.5 * float(np.percentile(gaps, 75))) if gaps else 0.0
    walls: list[Wall] = []
    taken = False
    for number, place in enumerate(separators):
        if taken:
            taken = False
        elif number < len(gaps) and gaps[number] < limit:
            walls.append(Wall(place + gaps[number] / 2, gaps[number] / 2))
            taken = True
        else:
            walls.append(Wall(place, 0.0))
    return walls


def upright_walls(found: list[tuple[float, float]], em: float) -> list[Wall]:
    """Join double rules of columns, where half of those between columns or more are double.

    Cells with frames of their own have them everywhere. Where most columns are parted by one line,
    a second one close to it are the strokes of figures that begin there: what lies between the two
    is in neither cell, and 104 loses its 1. Then the longer one is the separator.
    """
    walls = walls_of(found, em)
    inner = walls[1:-1]
    if 2 * sum(wall.half > 0 for wall in inner) >= len(inner):
        return walls
    single = [
        Wall(max(found, key=lambda one: (abs(one[0] - wall.middle) <= wall.half + 1, one[1]))[0], 0)
        if wall.half
        else wall
        for wall in inner
    ]
    return [walls[0], *single, walls[-1]]


def _without_strokes(found: list[tuple[float, float]], em: float) -> list[tuple[float, float]]:
    """Drop separators that run beside one at least twice as long, nearer than a row is high."""
    gaps = [b - a for (a, _), (b, _) in pairwise(found)]
    limit = min(0.95 * em, 0.5 * float(np.percentile(gaps, 75))) if gaps else 0.0
    kept = []
    for number, (at, cover) in enumerate(found):
        beside = [found[n] for n in (number - 1, number + 1) if 0 <= n < len(found)]
        if not any(abs(at - other) < limit and cover < 0.5 * long for other, long in beside):
            kept.append((at, cover))
    return kept


def separators(
    mask: NDArray[np.bool_], em: float, least: float, share: float
) -> list[tuple[float, float]]:
    """Find where lines run along x: (height, length), peaks of coverage at least 0.55 em apart.

    A line counts when its pieces add up to ``least`` em, to a twelfth of the width, and to
    ``share`` of it, or where all lines are broken to nearly half of what the others have.
    """
    reach = max(1, round(em * 0.15))
    thick = cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8))
    cover = thick.sum(axis=1).astype(np.float64)
    mass = mask.sum(axis=1).astype(np.float64)
    need = max(least * em, mask.shape[1] / 12)
    gap = max(3, round(em * 0.55))
    found: list[tuple[float, float]] = []
    left = np.where(cover >= need, cover, 0.0)
    while left.max(initial=0.0) > 0:
        peak = int(left.argmax())
        low, high = max(0, peak - reach), min(len(mass), peak + reach + 1)
        weight = mass[low:high]
        center = float((weight * np.arange(low, high)).sum() / max(weight.sum(), 1e-9))
        found.append((center if weight.sum() > 0 else float(peak), float(cover[peak])))
        left[max(0, peak - gap) : peak + gap + 1] = 0
    if not found:
        return []
    usual = float(np.percentile([c for _, c in found], 75))
    enough = min(share * mask.shape[1], 0.45 * usual) if share else 0.0
    return sorted((y, c) for y, c in found if c >= enough)


def upright(down: Sequence[Sequence[float]], heights: Sequence[float]) -> list[int]:
    """Choose the separators of columns that are lines; none where the table has no upright ones.

    ``down[i][j]`` is how much of separator j is drawn in row i, ``heights`` how high rows are.
    A line, however torn, is drawn over as much of the table as the others are, or in the few
    rows to which it belongs: wholly, or in neighbouring rows for the most part and nowhere else.
    Strokes of characters above one another cover a bit of many.
    """
    drawn = np.array(down)
    weights = np.array(heights)[:, None]
    share = (drawn * weights).sum(axis=0) / weights.sum()
    usual = float(np.sort(share)[-3:].mean())
    if len(down) >= FEW_ROWS and usual < UPRIGHT:
        return []
    whole = drawn >= WHOLE
    solid = (drawn * weights * whole).sum(axis=0) / np.maximum((drawn * weights).sum(axis=0), 1e-9)
    pairs = (whole[1:] & whole[:-1]).any(axis=0) | (len(down) < FEW_ROWS)
    partly = (solid > 0.9) | ((solid > 0.65) & pairs) | _in_few_rows(drawn)
    wanted = np.where(solid > 0.5, 0.5 * LIKE_OTHERS, LIKE_OTHERS) * usual
    return [int(j) for j in np.flatnonzero((share >= wanted) | partly)]


def _in_few_rows(drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which separators are drawn in neighbouring rows alone, half of them and one wholly."""
    half = drawn >= HALF
    begins = (half[1:] & ~half[:-1]).sum(axis=0) + half[0]
    several = half.sum(axis=0) > 1
    clear = (half | (drawn < HARDLY)).all(axis=0)
    return np.asarray(several & clear & (begins == 1) & (drawn >= WHOLE).any(axis=0))
