"""Cheap looks at a page's ink that spare a dear one, where nothing is to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANDS, ROWS = 3, 64
"""Of so many bands, of so many rows of pixels each, one is looked at."""

FEWEST, ENOUGH = 1000, 0.12
"""Pixels of a sample that are dark, and their share, where a tenth of all is for certain."""

BLOCK = 4
"""Pixels across of the blocks whose palest pixel tells for all of them."""


def bands_of(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a third of the rows of a page (H, W), in bands from top to bottom.

    A small picture is returned as it is.
    """
    if len(ink) < 2 * BANDS * ROWS:
        return ink
    return np.concatenate([ink[at : at + ROWS] for at in range(0, len(ink), BANDS * ROWS)])


def may_hold(ink: NDArray[np.uint8], shape: tuple[int, int]) -> bool:
    """Tell whether anything but white may fill a rectangle of ``shape`` (rows, columns) somewhere.

    False is certain: an opening of ``ink`` by that rectangle, its sides made odd, is white
    everywhere. Every place of the rectangle holds some whole blocks, as many as are looked at.
    """
    return bool(_held(ink, shape).any())


def surely_dark(ink: NDArray[np.uint8], floor: float, level: float, bar: tuple[int, int]) -> bool:
    """Tell whether a tenth of what is above ``floor`` is darker than ``level``, without bars.

    Bars fill rectangles of the sides given, one way or the other. One pixel of each block is
    looked at; False says nothing.
    """
    some = ink[::BLOCK, ::BLOCK]
    sure = (some >= level) & ~_where_held(ink, bar) & ~_where_held(ink, bar[::-1])
    return int(sure.sum()) > max(FEWEST, ENOUGH * int((some > floor).sum()))


def _where_held(ink: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return, block by block, where a rectangle may be that is not white."""
    around = [side // 2 // BLOCK + 1 for side in shape]
    blocks = np.ones([2 * one + 1 for one in around], np.uint8)
    return np.asarray(cv2.dilate(_held(ink, shape), blocks) > 0)


def _held(ink: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return more than white, block by block, where the middle of such a rectangle may be."""
    palest = cv2.erode(ink, np.ones((BLOCK, BLOCK), np.uint8), anchor=(0, 0))[::BLOCK, ::BLOCK]
    reach = [max(0, (side // 2 - BLOCK + 1) // BLOCK) for side in shape]
    blocks = np.ones([2 * one + 1 for one in reach], np.uint8)
    return np.asarray(cv2.erode(np.ascontiguousarray(palest), blocks), np.uint8)
