"""What the machine makes of the page: blur, noise, compression, two levels, moiré."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from samples.ink import with_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.sheet import Sheet


def blur(sheet: Sheet, sigma: float) -> Sheet:
    """Defocus by a Gaussian of ``sigma`` pixels."""
    if sigma <= 0:
        return sheet
    return with_image(sheet, cv2.GaussianBlur(sheet.image, (0, 0), sigma))


def motion(sheet: Sheet, length: int, angle: float) -> Sheet:
    """Move the camera by ``length`` pixels while it looks."""
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2, :] = 1
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), angle, 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    kernel /= kernel.sum()
    return with_image(sheet, cv2.filter2D(sheet.image, -1, kernel))


def noise(sheet: Sheet, rng: np.random.Generator, sigma: float, *, coloured: bool) -> Sheet:
    """Add sensor noise of ``sigma`` grey levels, alike in all channels unless ``coloured``."""
    height, width = sheet.image.shape[:2]
    shape = (height, width, 3 if coloured else 1)
    grain = rng.standard_normal(shape, dtype=np.float32) * sigma
    return with_image(sheet, sheet.image + grain)


def jpeg(sheet: Sheet, quality: int) -> Sheet:
    """Compress and decompress at ``quality`` (1…100)."""
    _, data = cv2.imencode(".jpg", sheet.image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return with_image(sheet, np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8))


def contrast(sheet: Sheet, low: float, high: float) -> Sheet:
    """Stretch so that ``low`` becomes black and ``high`` white, clipping the rest."""
    return with_image(sheet, (sheet.image.astype(np.float32) - low) * (255 / (high - low)))


def _levels(plain: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the grey of the paper and of the ink, at least 40 apart.

    Both are measured in the middle of the page, so that black scanner edges are not taken for
    ink.
    """
    height, width = plain.shape
    middle = plain[height // 8 : -height // 8 or None, width // 8 : -width // 8 or None]
    paper, ink = np.percentile(middle[::2, ::2], (70, 0.7))
    return float(paper), float(min(ink, paper - 40))


def bilevel(sheet: Sheet, weight: float) -> Sheet:
    """Reduce to black and white, as a fax or an office copier does.

    The threshold lies ``weight`` (0…1) of the way from the paper's grey to the ink's.
    """
    plain = np.asarray(cv2.cvtColor(sheet.image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    paper, ink = _levels(plain)
    black = np.where(plain < paper - weight * (paper - ink), 0, 255).astype(np.uint8)
    return with_image(sheet, np.repeat(black[..., None], 3, axis=2))


def halftone(sheet: Sheet, cell: int) -> Sheet:
    """Reduce to black and white through a screen whose dots are ``cell`` pixels apart."""
    plain = np.asarray(cv2.cvtColor(sheet.image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    height, width = plain.shape
    paper, ink = _levels(plain)
    y, x = np.ogrid[:height, :width]
    wave = np.sin(2 * np.pi * x / cell) * np.sin(2 * np.pi * y / cell)
    screen = paper - (paper - ink) * (0.45 + 0.3 * wave)
    black = np.where(plain < screen, 0, 255).astype(np.uint8)
    return with_image(sheet, np.repeat(black[..., None], 3, axis=2))


def flip_pixels(sheet: Sheet, rng: np.random.Generator, share: float) -> Sheet:
    """Invert ``share`` of the pixels of a black-and-white page, as a bad line does."""
    height, width = sheet.image.shape[:2]
    flips = rng.random((height, width), dtype=np.float32) < share
    image = sheet.image.copy()
    image[flips] = 255 - image[flips]
    return with_image(sheet, image)


def moire(sheet: Sheet, rng: np.random.Generator, depth: float) -> Sheet:
    """Lay the interference of a screen's pixels with the camera's over the page."""
    height, width = sheet.image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    field = np.zeros((height, width), np.float32)
    for _ in range(2):
        angle, period = rng.uniform(0, np.pi), rng.uniform(5, 24)
        wave = 2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period
        field += np.sin(wave + 2 * np.sin(wave / 37))
    return with_image(sheet, sheet.image * (1 - depth * (0.5 + 0.25 * field))[..., None])
