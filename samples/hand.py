"""What people leave on a page: ticks beside figures, circles around them, a watermark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from samples.ink import seal_font, with_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.sheet import Sheet

PENS = ((40, 40, 200), (150, 60, 30), (50, 50, 50))
"""Ball pens, blue-green-red: red, blue, black."""


def annotate(sheet: Sheet, rng: np.random.Generator, count: int) -> Sheet:
    """Tick or circle ``count`` figures by hand, with one pen, as somebody who checks them."""
    figures = [mark for mark in sheet.marks if mark.address]
    if not figures:
        return sheet
    pen = PENS[int(rng.integers(len(PENS)))]
    image = sheet.image.copy()
    width = max(1, round(sheet.dpi / 120))
    for pick in rng.choice(len(figures), min(count, len(figures)), replace=False):
        corners = sheet.text_corners(figures[int(pick)])
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        stroke = _tick if rng.random() < 0.6 else _circle
        points = stroke(rng, (left, top, right, bottom))
        cv2.polylines(image, [points], isClosed=False, color=pen, thickness=width, lineType=16)
    return with_image(sheet, image)


def _tick(rng: np.random.Generator, box: tuple[float, float, float, float]) -> NDArray[np.int32]:
    """Draw a tick to the right of a figure, as large as it; it may touch the figure."""
    _, top, right, bottom = box
    size = max(8.0, (bottom - top) * rng.uniform(0.8, 1.5))
    x, y = right + rng.uniform(-0.1, 0.8) * size, (top + bottom) / 2
    bend = np.array([(0, 0), (0.3, 0.45), (1.0, -0.7)]) + rng.normal(0, 0.06, (3, 2))
    return np.asarray(np.rint(bend * size + (x, y)), np.int32)


def _circle(rng: np.random.Generator, box: tuple[float, float, float, float]) -> NDArray[np.int32]:
    """Draw a ring around a figure that does not quite close."""
    left, top, right, bottom = box
    wide, tall = max(right - left, bottom - top) * 0.9, (bottom - top) * rng.uniform(0.8, 1.1)
    angles = np.linspace(0, 2 * np.pi * rng.uniform(0.92, 1.06), 28) + rng.uniform(0, 6)
    wobble = 1 + 0.06 * np.sin(angles * 2 + rng.uniform(0, 6))
    middle = ((left + right) / 2, (top + bottom) / 2)
    ring = np.stack([np.cos(angles) * wide * wobble, np.sin(angles) * tall * wobble], axis=1)
    return np.asarray(np.rint(ring + middle), np.int32)


def watermark(sheet: Sheet, rng: np.random.Generator, depth: float) -> Sheet:
    """Print pale words aslant under everything; ``depth`` is their darkness, 0…1."""
    height, width = sheet.image.shape[:2]
    size = max(12, round(width * rng.uniform(0.05, 0.09)))
    words = ("政务公开", "内部资料", "仅供查阅")[int(rng.integers(3))]
    picture = Pillow.new("L", (width * 2, height * 2), 0)
    pen = ImageDraw.Draw(picture)
    for row, y in enumerate(range(0, height * 2, size * 5)):
        for x in range((row % 2) * size * 4, width * 2, size * 8):
            pen.text((x, y), words, fill=255, font=seal_font(size))
    turned = picture.rotate(rng.uniform(20, 40), resample=Pillow.Resampling.BILINEAR)
    left, top = width // 2, height // 2
    ink = np.asarray(turned.crop((left, top, left + width, top + height)), np.float32) / 255
    pale = sheet.image * (1 - depth * ink[..., None])
    return with_image(sheet, np.minimum(pale, sheet.image))
