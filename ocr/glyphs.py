"""A line of print taken apart into pictures of its digits, all to one scale."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box, hull

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = "0123456789"

SIZE, SLACK = (30, 22), 3
"""Rows and columns of a digit's picture, in which it is 20 pixels high; rim to shift it in."""

SCALED = 20.0

INK = 0.4
"""Darkness, relative to the darkest of a line, from which a pixel belongs to a glyph."""

FULL = 0.75
"""Height of the lowest digit, relative to the tallest of its line."""

POINT = (0.32, 1.5)
"""Height of the largest decimal point, relative to digits, and how much higher than wide it is."""


def cut_evenly(
    dark: NDArray[np.float32], box: Box, count: int, height: float
) -> list[NDArray[np.float32]]:
    """Take a line of ``count`` digits apart: they are as wide as one another, or nearly.

    ``dark`` (H, W) is the darkness of a crop, ``box`` that of the line in it; ``height``
    pixels of it become 20 in the pictures.
    """
    across = dark[int(box.top) : int(np.ceil(box.bottom))].sum(axis=0)
    width = box.width / count
    cuts = [box.left]
    for number in range(1, count):
        middle = box.left + width * number
        first, last = int(middle - 0.18 * width), int(np.ceil(middle + 0.18 * width)) + 1
        cuts.append(first + int(across[first:last].argmin()) + 0.5)
    cuts.append(box.right)
    found = []
    for left, right in pairwise(cuts):
        alone = np.zeros_like(dark)
        inner = slice(max(0, int(left - 0.5)), int(np.ceil(right + 0.5)))
        alone[:, inner] = dark[:, inner]
        found.append(_scaled(alone, ((left + right) / 2, box.center[1]), height))
    return found


def cut_apart(
    dark: NDArray[np.float32], box: Box, text: str
) -> tuple[list[NDArray[np.float32]], float] | None:
    """Take a decimal apart: pictures of its digits, and their height in pixels.

    None unless every character of it stands alone: each digit a piece of full height, each
    point a small one on the line, in the order of ``text``. A unit after it may be anything.
    """
    figure = text.rstrip("万元")
    top, left = max(0, int(box.top) - 1), max(0, int(box.left) - 1)
    inner = dark[top : int(np.ceil(box.bottom)) + 1, left : int(np.ceil(box.right)) + 1]
    mask = (inner > INK * np.percentile(inner, 99)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    order = sorted(range(1, count), key=lambda n: stats[n][0] + stats[n][2] / 2)
    boxes = {n: Box(x, y, x + w, y + h) for n, (x, y, w, h, _) in enumerate(stats.tolist())}
    # Some fonts print a dot inside their zeros.
    pieces = [n for n in order if not any(_within(boxes[n], boxes[m]) for m in order if m != n)]
    if len(pieces) < len(figure) or (figure == text and len(pieces) > len(figure)):
        return None
    pairs = list(zip(figure, pieces, strict=False))
    digits = [(n, boxes[n]) for character, n in pairs if character in DIGITS]
    tallest = max(one.height for _, one in digits)
    line = hull(one for _, one in digits)
    if line.height > tallest / FULL or any(one.height < FULL * tallest for _, one in digits):
        return None
    if not all(_is_point(boxes[n], line) for character, n in pairs if character not in DIGITS):
        return None
    height = float(np.median([one.height for _, one in digits]))
    grown = np.ones((3, 3), np.uint8)
    found = []
    for number, one in digits:
        alone = inner * cv2.dilate((labels == number).astype(np.uint8), grown)
        found.append(_scaled(alone, (one.center[0], line.center[1]), height))
    return found, height


def _within(box: Box, other: Box) -> bool:
    """Tell whether a box lies inside another."""
    across = other.left < box.left and box.right < other.right
    return across and other.top < box.top and box.bottom < other.bottom


def _is_point(box: Box, line: Box) -> bool:
    """Tell whether a piece is a decimal point at the foot of a ``line`` of digits."""
    highest, upright = POINT
    small = box.height <= highest * line.height and box.width <= highest * line.height
    low = box.center[1] > line.bottom - 0.4 * line.height and box.bottom <= line.bottom + 2
    return small and low and box.height <= upright * max(box.width, 2)


def _scaled(
    dark: NDArray[np.float32], centre: tuple[float, float], height: float
) -> NDArray[np.float32]:
    """Return a picture of SIZE around ``centre``."""
    scale = SCALED / height
    rows, columns = SIZE
    matrix = np.array(
        [
            [scale, 0, columns / 2 - scale * centre[0]],
            [0, scale, rows / 2 - scale * centre[1]],
        ]
    )
    picture = cv2.warpAffine(dark, matrix, (columns, rows), flags=cv2.INTER_LINEAR)
    return np.asarray(picture, np.float32)
