"""Cuts the picture of a figure into its digits, for a person to look at like ones side by side.

Readers do not keep where they saw a digit, so the ink itself is asked: where as many pieces stand
side by side as digits were read, each is one of them. Where they touch or are broken nothing is
cut, and the figure is shown whole in a dashed frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LEVELS = (0.35, 0.5, 0.65)
"""How far from paper to the darkest ink a pixel must be: blurred digits touch in paler ones."""
_FAINTEST = 40.0
_LEAST_HEIGHT = 0.55
"""Of the highest piece; what is lower is a comma, a point or a speck."""
_SAME_DIGIT = 0.5
"""Pieces that lie one over the other by so much of the narrower one are parts of one digit."""
_WIDEST, _NARROWEST = 0.95, 0.1
"""Width over height of a digit."""
_ALIKE = 0.8
"""Height of the lowest digit over that of the highest."""
_CLOSEST, _STRIDES = 0.45, 1.7
"""From digit to digit over their height; the longest such stride over the shortest."""
_AROUND = 0.18
_HELD = 0.85
_DASH = 6
_GREY = (110, 110, 110)


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a digit stands in a picture: edges in pixels, right and bottom not included."""

    left: int
    top: int
    right: int
    bottom: int


def pieces(cell: NDArray[np.uint8], count: int) -> tuple[Piece, ...] | None:
    """Return where the ``count`` digits of a cell stand, from left to right; None where unsure.

    ``cell`` is the picture of a cell and nothing around it, shape (height, width, 3).
    """
    grey = cv2.cvtColor(cell, cv2.COLOR_BGR2GRAY)
    high, wide = grey.shape
    inner = grey[high // 6 : high - high // 6, wide // 12 : wide - wide // 12]
    paper, darkest = float(np.median(inner)), float(np.percentile(inner, 0.5))
    if paper - darkest < _FAINTEST:
        return None
    palest = grey < paper - _LEVELS[0] * (paper - darkest)
    palest[: high // 6] = palest[high - high // 6 :] = False  # lines around the cell
    palest[:, : wide // 12] = palest[:, wide - wide // 12 :] = False
    for level in _LEVELS:
        dark = (grey < paper - level * (paper - darkest)).astype(np.uint8)
        found = _digits(_ink(dark))
        if len(found) == count and _like_digits(found) and _hold(found, palest):
            return found
    return None


def _digits(found: list[Piece]) -> tuple[Piece, ...]:
    """Return the pieces that may be digits, those that lie over one another put together."""
    highest = max((one.bottom - one.top for one in found), default=0)
    digits: list[Piece] = []
    for one in sorted(found, key=lambda one: one.left):
        before = digits[-1] if digits else None
        if before is not None and _overlap(before, one) >= _SAME_DIGIT:
            digits[-1] = _together(before, one)
        elif one.bottom - one.top >= _LEAST_HEIGHT * highest:
            digits.append(one)
    return tuple(digits)


def _like_digits(found: Sequence[Piece]) -> bool:
    """Tell whether pieces are shaped and spaced as the digits of one figure are."""
    heights = [one.bottom - one.top for one in found]
    widths = [one.right - one.left for one in found]
    middles = [(one.left + one.right) / 2 for one in found]
    strides = [to - at for at, to in pairwise(middles)] or [max(heights)]
    return (
        min(heights) >= _ALIKE * max(heights)
        and all(_NARROWEST <= w / h <= _WIDEST for w, h in zip(widths, heights, strict=True))
        and min(strides) >= _CLOSEST * max(heights)
        and max(strides) <= _STRIDES * min(strides)
    )


def _hold(found: Sequence[Piece], ink: NDArray[np.bool_]) -> bool:
    """Tell whether pieces hold nearly all the ink there is, and are no fragments."""
    held = np.zeros_like(ink)
    for one in found:
        around = round(_AROUND * (one.bottom - one.top))
        top, left = max(0, one.top - around), max(0, one.left - around)
        held[top : one.bottom + around, left : one.right + around] = True
    return int((ink & held).sum()) >= _HELD * int(ink.sum())


def one_digit(cell: NDArray[np.uint8], count: int, at: int) -> NDArray[np.uint8]:
    """Return the picture of digit ``at`` (from 0) of the ``count`` that were read in a cell.

    Where its digits cannot be told apart the whole cell is returned in a dashed frame.
    """
    found = pieces(cell, count)
    if found is None:
        return framed(cell)
    one = found[at]
    around = round(_AROUND * (one.bottom - one.top))
    wide = max(one.right - one.left, (one.bottom - one.top) // 2)  # a 1 is no wider than its line
    left = (one.left + one.right - wide) // 2 - around
    # what belongs to the neighbours stays out
    low = found[at - 1].right if at else 0
    high = found[at + 1].left if at + 1 < len(found) else cell.shape[1]
    left, right = max(left, low), min(left + wide + 2 * around, high)
    return cell[max(0, one.top - around) : one.bottom + around, left:right]


def framed(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture with a dashed frame around it."""
    whole = cv2.copyMakeBorder(cell, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    high, wide = whole.shape[:2]
    for x in range(0, wide, 2 * _DASH):
        whole[:2, x : x + _DASH] = whole[-2:, x : x + _DASH] = _GREY
    for y in range(0, high, 2 * _DASH):
        whole[y : y + _DASH, :2] = whole[y : y + _DASH, -2:] = _GREY
    return np.asarray(whole, dtype=np.uint8)


def _ink(dark: NDArray[np.uint8]) -> list[Piece]:
    """Return the connected ink of a cell, without specks and without the lines around it."""
    high, wide = dark.shape
    _, _, found, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    kept = []
    for left, top, width, height, area in found[1:].tolist():
        at_edge = left == 0 or top == 0 or left + width == wide or top + height == high
        line = height >= 0.9 * high or width >= 0.5 * wide
        speck = area < 0.0015 * high * high or height < 0.06 * high
        if not (speck or line or (at_edge and (height > 0.6 * high or height < 0.25 * high))):
            kept.append(Piece(left, top, left + width, top + height))
    return kept


def _overlap(one: Piece, other: Piece) -> float:
    """Return how far two pieces lie one over the other, as a share of the narrower."""
    common = min(one.right, other.right) - max(one.left, other.left)
    return common / max(1, min(one.right - one.left, other.right - other.left))


def _together(one: Piece, other: Piece) -> Piece:
    return Piece(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
