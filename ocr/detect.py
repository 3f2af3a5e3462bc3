"""Where text stands on a page: PP-OCRv6 detection, for pages whose ruling lines are broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.sessions import DEFAULT_THREADS, infer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from document.geometry import Polygon

WEIGHTS = "ppocr-v6-small-det"

# Post-processing values that come with the v6 weights (differentiable binarization).
THRESHOLD = 0.2
BOX_THRESHOLD = 0.45
UNCLIP_RATIO = 1.4
MOST_BOXES = 3000
SMALLEST_SIDE = 3

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
STRIDE = 32


def detect(
    image: NDArray[np.uint8], longest_side: int = 1600, threads: int = DEFAULT_THREADS
) -> tuple[Polygon, ...]:
    """Find lines of text on ``image`` (H, W, 3) uint8 blue-green-red.

    The page is shrunk so that its longer side is at most ``longest_side`` pixels; a whole A4
    page then costs about 7 CPU-seconds. Returns quadrilaterals in pixels of ``image``, ordered
    from top to bottom. Raises WeightsError where the weights are missing or altered.
    """
    height, width = image.shape[:2]
    if height == 0 or width == 0:
        return ()
    scale = min(1.0, longest_side / max(height, width))
    shape = (_strides(height * scale), _strides(width * scale))
    probability = _probability(cv2.resize(image, (shape[1], shape[0])), threads)
    stretch = np.array([width / shape[1], height / shape[0]])
    limit = np.array([width, height], dtype=np.float64)
    found = [_polygon(np.clip(corners * stretch, 0, limit)) for corners in _text_boxes(probability)]
    return tuple(sorted(found, key=lambda polygon: (polygon[0][1], polygon[0][0])))


def _strides(length: float) -> int:
    return max(STRIDE, round(length / STRIDE) * STRIDE)


def _probability(image: NDArray[np.uint8], threads: int) -> NDArray[np.float32]:
    """Return the map (H, W) of the probability that a pixel lies inside a line of text."""
    scaled = (image.astype(np.float32) / 255 - MEAN) / DEVIATION
    batch = np.ascontiguousarray(scaled.transpose(2, 0, 1)[None], dtype=np.float32)
    result: NDArray[np.float32] = infer(WEIGHTS, batch, threads)[0, 0]
    return result


def _text_boxes(probability: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """Turn the probability map into rotated boxes, each (4, 2) in pixels of the map."""
    mask = (probability > THRESHOLD).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for contour in contours[:MOST_BOXES]:
        box = cv2.minAreaRect(contour)
        if min(box[1]) < SMALLEST_SIDE or _score(probability, box) < BOX_THRESHOLD:
            continue
        grown = _unclip(box)
        if min(grown[1]) >= SMALLEST_SIDE + 2:
            boxes.append(cv2.boxPoints(grown).astype(np.float64))
    return boxes


def _score(probability: NDArray[np.float32], box: cv2.typing.RotatedRect) -> float:
    """Return the mean probability inside a rotated box."""
    corners = cv2.boxPoints(box)
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    window = probability[top:bottom, left:right]
    mask = np.zeros(window.shape, dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(window, mask)[0])


def _unclip(box: cv2.typing.RotatedRect) -> cv2.typing.RotatedRect:
    """Grow a box by area × ratio / perimeter on every side: training shrank it by as much."""
    center, (width, height), angle = box
    distance = width * height * UNCLIP_RATIO / (2 * (width + height))
    return (center, (width + 2 * distance, height + 2 * distance), angle)


def _polygon(corners: NDArray[np.float64]) -> Polygon:
    """Order four corners clockwise from the upper left one."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    upper_left, lower_left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    upper_right, lower_right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    ordered = (upper_left, upper_right, lower_right, lower_left)
    first, second, third, fourth = ((float(x), float(y)) for x, y in ordered)
    return (first, second, third, fourth)
