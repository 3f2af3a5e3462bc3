"""Print of 100 dpi under heavy damage: where general recognisers are weakest.

Lone digits, each from another font, and whole documents set in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.figure_cells import FigureCell
from models.digits.typeset import digit_height, faces, set_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.digits.typeset import Face, Split

HEIGHTS = (9.5, 11.5)
"""Pixels that a digit of 10.5 to 12 pt measures at 100 dpi."""

EACH = 300
CELLS = 160
"""Cells of a document: those of one 表三."""

# So much that PP-OCRv6-small, shown the ink box, reads about 86 in a hundred of the digits.
BLUR = (0.7, 1.0)
NOISE = 18.0
QUALITY = (30, 50)


def lone_digits(seed: int, each: int = EACH, split: Split = "bench") -> list[FigureCell]:
    """Draw ``each`` cells of every digit, black on white, in fonts of offices."""
    rng = np.random.default_rng(seed)
    fonts = [face for face in faces(split) if face.usual]
    found: list[FigureCell] = []
    for digit in "0123456789":
        for _ in range(each):
            face = fonts[int(rng.integers(len(fonts)))]
            height = rng.uniform(*HEIGHTS)
            image = _heavy(rng, _printed(rng, digit, face, height), rng.uniform(*BLUR))
            found.append(FigureCell(image, digit, "heavy", height))
    return found


def heavy_documents(
    seed: int,
    count: int,
    split: Split = "bench",
    blurs: tuple[float, float] = BLUR,
    noise: float = NOISE,
) -> list[list[FigureCell]]:
    """Draw documents of CELLS cells, each in one font, at one size, under one blur.

    ``blurs`` is the range of that blur in pixels, ``noise`` the spread of brightness (of 255).
    """
    rng = np.random.default_rng(seed)
    fonts = [face for face in faces(split) if face.usual]
    documents = []
    for _ in range(count):
        face = fonts[int(rng.integers(len(fonts)))]
        height, blur = rng.uniform(*HEIGHTS), rng.uniform(*blurs)
        texts = [_figure(rng) for _ in range(CELLS)]
        images = [_heavy(rng, _printed(rng, text, face, height), blur, noise) for text in texts]
        documents.append(
            [FigureCell(i, t, "heavy", height) for i, t in zip(images, texts, strict=True)]
        )
    return documents


def _figure(rng: np.random.Generator) -> str:
    """Draw a figure as reports hold them: nearly half are zeros, most others short."""
    length = int(rng.choice(4, p=(0.45, 0.25, 0.18, 0.12)))
    return "0" if not length else str(rng.integers(10 ** (length - 1), 10**length))


def _printed(rng: np.random.Generator, text: str, face: Face, height: float) -> NDArray[np.float64]:
    """Print a figure in the middle of a cell: brightness (H, W), 0 to 255."""
    scale = height / digit_height(face)
    mask = set_line(text, face, face, 0.0)
    wide = mask.shape[1] * scale - height
    rows, columns = round(2.6 * height), round(rng.uniform(3, 6) * height + max(0.0, wide))
    shift = ((columns - mask.shape[1] * scale) / 2, (rows - mask.shape[0] * scale) / 2)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.4 / scale)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    cover = cv2.warpAffine(soft, matrix, (columns, rows)) / 255
    return np.asarray(245 - (245 - rng.uniform(20, 70)) * cover, np.float64)


def _heavy(
    rng: np.random.Generator, image: NDArray[np.float64], blur: float, noise: float = NOISE
) -> NDArray[np.uint8]:
    """Blur, add noise, compress."""
    grain = rng.standard_normal(image.shape) * noise
    noisy = cv2.GaussianBlur(image, (0, 0), blur) + grain
    grey = np.clip(noisy, 0, 255).astype(np.uint8)
    quality = int(rng.integers(*QUALITY))
    data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
