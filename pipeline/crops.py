"""Pictures of figures on their page, with those that are in question outlined."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Polygon

_AROUND = 1.0
"""Paper left around the cells, in heights of a cell."""
_WIDEST = 1600
_QUALITY = 85
_OUTLINE = (40, 40, 220)
"""Blue, green, red."""


def crop(
    image: NDArray[np.uint8], shown: Sequence[Polygon], marked: Sequence[Polygon]
) -> NDArray[np.uint8]:
    """Cut the part of a page that holds the cells ``shown``, and outline those ``marked``.

    ``image`` is (H, W, 3) uint8; polygons are in its pixels, their corners clockwise from the
    one that is the upper left when the text is upright, and so the picture comes back upright.
    Raises ValueError where nothing is to be shown.
    """
    if not shown and not marked:
        msg = "a picture of no cells"
        raise ValueError(msg)
    corners = np.array([*shown, *marked], dtype=np.float64).reshape(-1, 2)
    margin = _AROUND * float(np.median([_height(one) for one in [*shown, *marked]]))
    rows, columns = image.shape[:2]
    left, top = np.floor(corners.min(axis=0) - margin).astype(int).clip(0)
    right, bottom = np.ceil(corners.max(axis=0) + margin).astype(int)
    right, bottom = max(min(right, columns), left + 1), max(min(bottom, rows), top + 1)
    part = np.ascontiguousarray(image[top:bottom, left:right])
    scale = min(1.0, _WIDEST / max(1, *part.shape[:2]))
    if scale < 1:
        part = np.asarray(
            cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    for one in marked:
        points = np.rint((np.array(one) - (left, top)) * scale).astype(np.int32)
        cv2.polylines(part, [points], isClosed=True, color=_OUTLINE, thickness=2)
    return np.ascontiguousarray(np.rot90(part, _turns([*marked, *shown][0])))


def png(image: NDArray[np.uint8]) -> bytes:
    """Return a picture (H, W, 3), uint8, blue-green-red, as a PNG file."""
    _, content = cv2.imencode(".png", image)
    return content.tobytes()


def jpeg(image: NDArray[np.uint8]) -> bytes:
    """Return a picture (H, W, 3), uint8, blue-green-red, as a JPEG file: a fraction of a PNG."""
    _, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return content.tobytes()


def _turns(polygon: Polygon) -> int:
    """Return the quarter turns against the clock that put the text of a cell upright."""
    (x0, y0), (x1, y1) = polygon[0], polygon[1]
    return round(math.degrees(math.atan2(y1 - y0, x1 - x0)) / 90) % 4


def _height(polygon: Polygon) -> float:
    return math.dist(polygon[0], polygon[3])
