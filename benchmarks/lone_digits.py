"""Lone digits at 100 dpi under heavy damage: where general recognisers are weakest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.figure_cells import FigureCell
from models.digits.typeset import digit_height, faces, set_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.digits.typeset import Face

HEIGHTS = (9.5, 11.5)
"""Pixels that a digit of 10.5 to 12 pt measures at 100 dpi."""

EACH = 300

# So much that PP-OCRv6-small, shown the ink box, reads about 86 in a hundred of the digits.
BLUR = (0.7, 1.0)
NOISE = 18.0
QUALITY = (30, 50)


def lone_digits(seed: int, each: int = EACH) -> list[FigureCell]:
    """Draw ``each`` cells of every digit, black on white, in held-out fonts of offices."""
    rng = np.random.default_rng(seed)
    fonts = [face for face in faces("held-out") if face.usual]
    found: list[FigureCell] = []
    for digit in "0123456789":
        for _ in range(each):
            face = fonts[int(rng.integers(len(fonts)))]
            height = rng.uniform(*HEIGHTS)
            image = _heavy(rng, _printed(rng, digit, face, height))
            found.append(FigureCell(image, digit, "heavy", height))
    return found


def _printed(
    rng: np.random.Generator, digit: str, face: Face, height: float
) -> NDArray[np.float64]:
    """Print a digit in the middle of a cell: brightness (H, W), 0 to 255."""
    scale = height / digit_height(face)
    mask = set_line(digit, face, face, 0.0)
    rows, columns = round(2.6 * height), round(rng.uniform(3, 6) * height)
    shift = ((columns - mask.shape[1] * scale) / 2, (rows - mask.shape[0] * scale) / 2)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.4 / scale)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    cover = cv2.warpAffine(soft, matrix, (columns, rows)) / 255
    return np.asarray(245 - (245 - rng.uniform(20, 70)) * cover, np.float64)


def _heavy(rng: np.random.Generator, image: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Blur, add noise, compress."""
    noise = rng.standard_normal(image.shape) * NOISE
    noisy = cv2.GaussianBlur(image, (0, 0), rng.uniform(*BLUR)) + noise
    grey = np.clip(noisy, 0, 255).astype(np.uint8)
    quality = int(rng.integers(*QUALITY))
    data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
