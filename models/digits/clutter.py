"""What lies over a cell and does not belong to it: seals, pens, watermarks, the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from models.digits.typeset import chinese, set_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.digits.typeset import Face


def clutter(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    """Lay over a cell what does not belong to it: watermarks, print of the back, seals, pens."""
    if rng.random() < 0.04:
        image = _watermark(rng, image, height, faces)
    if rng.random() < 0.16:
        image = _seal(rng, image, height, faces)
    if rng.random() < 0.06:
        image = _pen(rng, image, height)
    if rng.random() < 0.08:
        image = _show_through(rng, image, height, faces)
    return image


def specks(
    rng: np.random.Generator, image: NDArray[np.float32], height: float
) -> tuple[NDArray[np.float32], Box]:
    """Drop dirt on a blank cell: specks smaller than digits, often one alone; and their box."""
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    middle = (rng.uniform(0.1, 0.9) * columns, rng.uniform(0.1, 0.9) * rows)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3, 6]))):
        size = height * np.exp(rng.uniform(np.log(0.05), np.log(0.3), 2))
        x, y = middle + rng.normal(0, 0.5 * height, 2)
        axes = tuple(max(8, round(float(side) * 8)) for side in size)
        centre = (round(float(x) * 16), round(float(y) * 16))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(layer, centre, axes, turn, 0, 360, 255, -1, cv2.LINE_AA, 4)
    found = np.argwhere(layer > 80)
    low, high = (found.min(axis=0), found.max(axis=0) + 1) if len(found) else ((0, 0), (1, 1))
    cover = layer.astype(np.float32)[:, :, None] / 255 * rng.uniform(0.3, 1.0)
    shade = rng.uniform(0, 130)
    dirty = np.asarray(image * (1 - cover) + shade * cover, np.float32)
    return dirty, Box(float(low[1]), float(low[0]), float(high[1]), float(high[0]))


def _seal(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    """Stamp a part of a round red seal over the cell: rings, and strokes of its characters."""
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    for _ in range(int(rng.integers(1, 3))):
        radius = int(rng.uniform(2, 9) * height)
        angle = rng.uniform(0, 2 * np.pi)
        near = np.array([rng.uniform(0, columns), rng.uniform(0, rows)])
        centre = near + radius * np.array([np.cos(angle), np.sin(angle)])
        x, y = (int(value) for value in centre)
        cv2.circle(
            layer, (x, y), radius, 255, max(1, round(rng.uniform(0.06, 0.35) * height)), cv2.LINE_AA
        )
    if rng.random() < 0.6:
        face = chinese(rng, faces)
        mask = set_line(str(rng.choice(list("人民政府办公室信息局专用章市县区★"))), face, face, 0.0)
        scale = rng.uniform(1.2, 3.0) * height / 40
        matrix = cv2.getRotationMatrix2D((mask.shape[1] / 2, 48), rng.uniform(-180, 180), scale)
        matrix[:, 2] += (rng.uniform(0, columns) - mask.shape[1] / 2, rng.uniform(0, rows) - 48)
        layer = np.maximum(layer, cv2.warpAffine(mask, matrix, (columns, rows)))
    grain = rng.random((rows, columns)) if rng.random() < 0.5 else np.ones((rows, columns))
    cover = layer.astype(np.float32) / 255 * np.where(grain > 0.25, 1, 0.3) * rng.uniform(0.4, 1.0)
    if rng.random() < 0.75:
        red = np.array([rng.uniform(20, 120), rng.uniform(20, 100), rng.uniform(170, 255)])
    else:  # black, or copied in grey
        red = np.full(3, rng.uniform(40, 200))
    # Ink over ink multiplies: black stays black under a seal.
    return np.asarray(image * (1 - cover[:, :, None] * (1 - red / 255)), np.float32)


def _pen(
    rng: np.random.Generator, image: NDArray[np.float32], height: float
) -> NDArray[np.float32]:
    """Draw a pen's circle round the text, a line under it, or a tick beside it."""
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    thick = max(1, round(rng.uniform(0.06, 0.14) * height))
    kind = rng.integers(3)
    if kind == 0:
        axes = (int(columns * rng.uniform(0.4, 0.52)), int(rows * rng.uniform(0.4, 0.52)))
        centre = (columns // 2, rows // 2)
        cv2.ellipse(layer, centre, axes, rng.uniform(-10, 10), 0, 360, 255, thick, cv2.LINE_AA)
    elif kind == 1:
        y = int(rows * rng.uniform(0.88, 0.98))
        rise = int(rng.normal(0, 0.03) * rows)
        cv2.line(
            layer, (int(columns * 0.1), y), (int(columns * 0.9), y + rise), 255, thick, cv2.LINE_AA
        )
    else:
        x = int(columns - rng.uniform(0.1, 0.5) * height)
        y = rows // 2
        size = int(rng.uniform(0.2, 0.5) * height)
        points = np.array([[x, y], [x + size // 2, y + size], [x + 2 * size, y - size]])
        cv2.polylines(
            layer, [points], isClosed=False, color=255, thickness=thick, lineType=cv2.LINE_AA
        )
    choices = np.array([[30, 30, 220], [190, 60, 30], [40, 40, 40]], np.float32)
    colour = choices[rng.integers(2 if kind == 2 else 3)]
    cover = (layer.astype(np.float32) / 255 * rng.uniform(0.5, 1.0))[:, :, None]
    return np.asarray(image * (1 - cover * (1 - colour / 255)), np.float32)


def _show_through(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    """Let text of the other side shine through, mirrored and faint."""
    rows, columns = image.shape[:2]
    face = faces[int(rng.integers(len(faces)))]
    text = "".join(rng.choice(list("政府信息公开0123456789"), 4))
    mask = set_line(text, face, chinese(rng, faces), 0.0)[:, ::-1]
    scale = height / 34
    shift = (rng.uniform(-0.5, 0.5) * columns, rng.uniform(-1.0, 0.6) * rows)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    drawn = cv2.warpAffine(np.ascontiguousarray(mask), matrix, (columns, rows)).astype(np.float32)
    cover = cv2.GaussianBlur(drawn, (0, 0), 0.06 * height + 0.3) / 255 * rng.uniform(0.04, 0.2)
    return np.asarray(image * (1 - cover[:, :, None]), np.float32)


def _watermark(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    """Print a stroke or two of large pale letters under the text, at any angle."""
    rows, columns = image.shape[:2]
    face = chinese(rng, faces)
    mask = set_line("".join(rng.choice(list("政府信息公开内部资料样本ABC"), 2)), face, face, 0.1)
    scale = rng.uniform(2.0, 6.0) * height / 40
    middle = (mask.shape[1] / 2, mask.shape[0] / 2)
    matrix = cv2.getRotationMatrix2D(middle, rng.uniform(-60, 60), scale)
    matrix[:, 2] += (rng.uniform(0, columns) - middle[0], rng.uniform(0, rows) - middle[1])
    drawn = cv2.warpAffine(mask, matrix, (columns, rows)).astype(np.float32)
    shade = np.array([1.0, 1.0, 1.0]) if rng.random() < 0.6 else rng.uniform(0.1, 1.0, 3)
    cover = drawn[:, :, None] / 255 * rng.uniform(0.08, 0.3) * shade
    return np.asarray(image * (1 - cover), np.float32)
