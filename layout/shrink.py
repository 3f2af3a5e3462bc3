"""Pictures brought to a fraction of their size, for what needs no detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shrunk(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a picture (H, W) or (H, W, 3) at ``size`` (width, height), its pixels averaged.

    It is halved as long as it stays larger: means of two by two pixels cost a tenth of those of
    other shares. An odd last row or column is left out then.
    """
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1]:
        rows, columns = image.shape[0] // 2, image.shape[1] // 2
        even = image[: 2 * rows, : 2 * columns]
        image = np.asarray(cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA))
    if image.shape[1::-1] == size:
        return image
    return resized(image, size)


def resized(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a picture (H, W) or (H, W, 3) at ``size`` (width, height), averaged in one step."""
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
