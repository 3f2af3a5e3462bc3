"""Lines of text as the recogniser wants them: 48 pixels high, in a few fixed widths."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

HEIGHT = 48
WIDTHS = (
    *(96, 128, 160, 192, 224, 256, 288, 320, 384, 448, 512, 576, 640, 704, 768, 896, 1024, 1152),
    *(1280, 1600, 1920, 2560, 3200),
)
SHORT = (48, 64, 80)
"""Widths besides for lines of one or two characters, as many labels have."""

NARROWED = 0.45
"""Width of a narrowed line, relative to its own: characters are still plain where print is."""

LEAST = 80
"""Columns down to which a line is narrowed at most."""

STEP = 16

PADDING = 127
"""The grey that the recogniser's normalisation turns into (almost) zero."""


def strip(crop: NDArray[np.uint8], widths: Sequence[int] = WIDTHS) -> NDArray[np.uint8]:
    """Scale a crop (H, W, 3) to 48 pixels height and pad it on the right to a fixed width.

    A fixed set of widths keeps a reading independent of the crops read beside it: padding
    changes what the network sees. Text too long for the widest strip is squeezed into it.
    """
    height, width = crop.shape[:2]
    scaled = max(1, min(math.ceil(width * HEIGHT / height), widths[-1]))
    target = next(w for w in widths if scaled <= w)
    shrinking = height > HEIGHT
    resized = cv2.resize(
        crop, (scaled, HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    )
    canvas = np.full((HEIGHT, target, 3), PADDING, dtype=np.uint8)
    canvas[:, :scaled] = resized
    return canvas


def narrowed(crop: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return a crop (H, W, 3) as a strip of less than half its width; None for a short line.

    The recogniser's price is its columns, and clean print stays legible so.
    """
    height, width = crop.shape[:2]
    scaled = math.ceil(width * HEIGHT / height)
    narrow = min(max(LEAST, math.ceil(NARROWED * scaled)), WIDTHS[-1])
    if narrow * 1.5 > scaled:
        return None
    if height < HEIGHT:
        crop = np.asarray(cv2.resize(crop, (narrow, height), interpolation=cv2.INTER_AREA))
    shrinking = height >= HEIGHT
    resized = cv2.resize(
        crop, (narrow, HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    )
    canvas = np.full((HEIGHT, math.ceil(narrow / STEP) * STEP, 3), PADDING, dtype=np.uint8)
    canvas[:, :narrow] = resized
    return canvas


def batches(strips: Sequence[NDArray[np.uint8]], pixels: int = 4 * 320) -> Iterator[list[int]]:
    """Yield the indices of strips of equal width, so many that a batch holds ``pixels`` columns.

    Larger batches are read no faster, but take memory: 200 MiB more with four times as many.
    """
    by_width: dict[int, list[int]] = {}
    for index, image in enumerate(strips):
        by_width.setdefault(image.shape[1], []).append(index)
    for width, indices in sorted(by_width.items()):
        size = max(1, pixels // width)
        for start in range(0, len(indices), size):
            yield indices[start : start + size]
