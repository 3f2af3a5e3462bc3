"""Outlines that a dark panel of a page may have, of which one or another fits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RULE = 0.3
"""Thickness, in em, of a light rule between the cells of a panel."""

BESIDE = 0.25
"""Height, in em, of dark rows that are ground: a line beside a panel, behind a chink, has less."""

FRAME = 0.8
"""How far, in em, a panel may begin behind the frame of its table, lines and chinks together."""

BENT, PIECE = 0.6, 4.0
"""How far the edges of a panel on a bent page are from level, and the length of a piece, in em."""

STROKES = 1.0
"""Width, in em, of print in the lines of a panel that leaves less than half of a column dark."""

CORE = 0.6
"""Side, as a share of its shorter side, of squares that cover a panel."""

RECTANGLE = 0.9
"""Share of the least rectangle around it that a panel fills which is one."""

CORNER = 0.5
"""Distance, in em, up to which the outline of any other panel is made straight."""


def level(dark: NDArray[np.uint8], box: Sequence[int], em: float) -> NDArray[np.int32]:
    """Return the level rectangle (4, 1, 2) around a box whose rows and columns are mostly dark.

    Over its whole height or width more of a panel is ground than around its words alone.
    """
    left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    for _ in range(2):
        top, bottom = _mostly(dark[:, left:right].mean(axis=1), (top, bottom), RULE * em)
        left, right = _mostly(dark[top:bottom].mean(axis=0), (left, right), STROKES * em)
    corners = [(left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1)]
    return np.array(corners, np.int32).reshape(-1, 1, 2)


def within_frame(dark: NDArray[np.uint8], level: NDArray[np.int32], em: float) -> NDArray[np.int32]:
    """Return a level rectangle (4, 1, 2) without the lines that a chink parts from its panel.

    Tables whose cells stand apart have a frame of their own around them, of one line or two.
    """
    x, y, width, height = cv2.boundingRect(level)
    reach = round(FRAME * em)

    def behind(shares: NDArray[np.floating]) -> int:
        return int(np.flatnonzero(np.append(True, shares[:reach] < 0.5))[-1])

    rows = dark[y : y + height, x : x + width].mean(axis=1)
    top, bottom = y + behind(rows), y + height - behind(rows[::-1])
    columns = dark[top : max(top + 1, bottom), x : x + width].mean(axis=0)
    left, right = x + behind(columns), x + width - behind(columns[::-1])
    corners = [(left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1)]
    return np.array(corners, np.int32).reshape(-1, 1, 2)


def followed(dark: NDArray[np.uint8], level: NDArray[np.int32], em: float) -> NDArray[np.int32]:
    """Return an outline (n, 1, 2) within a level rectangle whose edges are bent or aslant.

    Each begins where the ground does, behind a line that runs beside the panel.
    """
    x, y, width, height = cv2.boundingRect(level)
    reach, solid = round(BENT * em), max(2, round(BESIDE * em))
    count, first = max(1, round(width / (PIECE * em))), max(0, y - reach)
    tops, bottoms = [], []
    for n in range(count):
        left, right = (x + width * k // count for k in (n, n + 1))
        over = dark[first : y + height + reach, left:right].mean(axis=1) > 0.5
        starts = np.convolve(over, np.ones(solid), "valid") >= solid - 0.5
        # Print may leave less than half of a row dark: no edge is as far from where it is sought.
        above, below = starts[: 2 * reach], starts[: -2 * reach - 1 : -1]
        top = int(above.argmax()) if above.any() else y - first
        low = int(below.argmax()) if below.any() else len(over) - (y - first + height)
        middle = (left + right) // 2
        tops.append((middle, first + top))
        bottoms.append((middle, first + len(over) - 1 - low))
    upper = [(x, tops[0][1]), *tops, (x + width - 1, tops[-1][1])]
    lower = [(x, bottoms[0][1]), *bottoms, (x + width - 1, bottoms[-1][1])]
    return np.array([*upper, *reversed(lower)], np.int32).reshape(-1, 1, 2)


def straight(outline: NDArray[np.int32], em: float, box: Sequence[int]) -> NDArray[np.int32]:
    """Return an outline (n, 1, 2) with straight edges, freed from words that touch them."""
    x, y, width, height = box
    part = np.zeros((height + 2, width + 2), np.uint8)
    cv2.drawContours(part, [outline - np.array([x - 1, y - 1])], -1, 1, cv2.FILLED)
    core = cv2.morphologyEx(part, cv2.MORPH_OPEN, square(CORE * min(width, height)))
    found, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return outline
    kept = max(found, key=cv2.contourArea)
    corners = cv2.boxPoints(cv2.minAreaRect(kept))
    if cv2.contourArea(kept) < RECTANGLE * cv2.contourArea(corners):
        corners = cv2.approxPolyDP(kept, CORNER * em, closed=True)
    moved = corners.reshape(-1, 1, 2) + np.array([x - 1, y - 1])
    return np.asarray(np.rint(moved), np.int32)


def _mostly(shares: NDArray[np.floating], among: tuple[int, int], gap: float) -> tuple[int, int]:
    """Return the run of shares over one half around the middle of some, but for short gaps."""
    over = (shares > 0.5).astype(np.uint8)[None]
    whole = cv2.morphologyEx(over, cv2.MORPH_CLOSE, np.ones((1, round(gap) | 1), np.uint8))
    middle = sum(among) // 2
    outside = np.flatnonzero(whole[0] == 0)
    at = int(np.searchsorted(outside, middle))
    if at < len(outside) and outside[at] == middle:
        return among
    first = int(outside[at - 1]) + 1 if at else 0
    return first, int(outside[at]) if at < len(outside) else len(shares)


def square(side: float) -> NDArray[np.uint8]:
    """Return a square kernel with an odd number of pixels a side, three at least."""
    pixels = max(3, round(side)) | 1
    return np.ones((pixels, pixels), np.uint8)
