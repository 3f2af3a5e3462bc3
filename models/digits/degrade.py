"""What scanners, fax machines, telephones and copies do to a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.dirt import dust, specks, streaks, worn

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

KINDS = ("clean", "scan", "poor", "fax", "photo")
"""Ways in which a cell reaches us, from a flatbed scan to a telephone's picture."""

HELD_OUT_KINDS = ("halftone", "motion", "copied", "webp")
"""Ways never trained on, to see how the readers do on damage they have not met."""


def degrade(rng: np.random.Generator, image: NDArray[np.uint8], kind: str) -> NDArray[np.uint8]:
    """Return ``image`` (H, W, 3) as it comes out of a device of ``kind``; its size is kept."""
    return _DEVICES[kind](rng, image)


def _clean(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if rng.random() < 0.12:
        image = _fringed(image)
    image = _noise(rng, image, rng.uniform(0, 3))
    return _jpeg(rng, image, 75, 96) if rng.random() < 0.5 else image


def _scan(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if rng.random() < 0.25:
        image = worn(rng, image)
    image = _blur(rng, image, 0.3, 0.9)
    image = _noise(rng, image, rng.uniform(0, 8))
    if rng.random() < 0.3:
        image = specks(rng, image)
    if rng.random() < 0.03:
        image = streaks(rng, image)
    image = _gamma(rng, image)
    return _jpeg(rng, image, 35, 92) if rng.random() < 0.7 else image


def _poor(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if rng.random() < 0.25:
        return _grainy(rng, image)
    if rng.random() < 0.4:
        image = worn(rng, image)
    image = _resampled(rng, image, 0.45, 0.9)
    image = _blur(rng, image, 0.4, 1.3)
    image = _noise(rng, image, rng.uniform(2, 18))
    if rng.random() < 0.5:
        image = specks(rng, image)
    if rng.random() < 0.15:
        image = dust(rng, image)
    if rng.random() < 0.08:
        image = streaks(rng, image)
    if rng.random() < 0.12:
        image = _two_levels(rng, image)
    image = _gamma(rng, image)
    if rng.random() < 0.3:
        image = _sharpen(rng, image)
    if rng.random() < 0.3:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return _jpeg(rng, image, 12, 60)


def _grainy(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scan coarsely on a cheap machine: blur, independent noise in every pixel, small files."""
    blurred = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 1.1))
    shape = (*image.shape[:2], 1) if rng.random() < 0.7 else image.shape
    noise = rng.standard_normal(shape, np.float32) * rng.uniform(6, 24)
    return _jpeg(rng, np.clip(blurred + noise, 0, 255).astype(np.uint8), 15, 75)


def _fax(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Send through a 1-bit machine, some 100 or 200 lines an inch, then perhaps scan again."""
    if rng.random() < 0.35:
        image = worn(rng, image)
    rows, columns = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.3, 0.9))
    grey = np.clip(grey + rng.normal(0, rng.uniform(2, 22), grey.shape), 0, 255).astype(np.uint8)
    finer = rng.uniform(0.7, 1.6)
    coarse = 0.5 if rng.random() < 0.2 else 1.0  # "standard" faxes halve the lines
    size = (max(4, round(columns * finer)), max(4, round(rows * finer * coarse)))
    grey = cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR)
    paper, ink = np.percentile(grey, (90, 1))
    bits = np.where(grey > ink + (paper - ink) * rng.uniform(0.3, 0.72), 255, 0).astype(np.uint8)
    if rng.random() < 0.3:
        kernel = np.ones((2, 2), np.uint8)
        bits = cv2.erode(bits, kernel) if rng.random() < 0.6 else cv2.dilate(bits, kernel)
    if rng.random() < 0.15:
        bits[int(rng.integers(bits.shape[0]))] = 255  # a lost line
    flips = rng.random(bits.shape) < rng.uniform(0, 0.01)
    bits = np.where(flips, 255 - bits, bits)
    nearest = rng.random() < 0.4
    back = cv2.resize(
        bits, (columns, rows), interpolation=cv2.INTER_NEAREST if nearest else cv2.INTER_AREA
    )
    result = cv2.cvtColor(back, cv2.COLOR_GRAY2BGR)
    return result if rng.random() < 0.6 else _scan(rng, result)


def _photo(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = image.shape[:2]
    light = rng.uniform(0.45, 1.0)
    ramp = 1 + np.linspace(-1, 1, columns)[None] * rng.uniform(-0.25, 0.25)
    ramp = ramp + np.linspace(-1, 1, rows)[:, None] * rng.uniform(-0.25, 0.25)
    if rng.random() < 0.2:
        edge = rng.uniform(0, columns)
        soft = rng.uniform(2, columns)
        shade = 1 / (1 + np.exp(-(np.arange(columns) - edge) / soft))
        ramp = ramp * (1 - rng.uniform(0.1, 0.45) * shade[None])
    warm = 1 + rng.normal(0, 0.06, 3)
    lit = np.clip(image * (light * ramp)[:, :, None] * warm, 0, 255).astype(np.uint8)
    jitter = rng.normal(0, 0.04 * min(rows, columns), (4, 2)).clip(-3, 3).astype(np.float32)
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, corners + jitter)
    bent = cv2.warpPerspective(lit, warp, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.25:
        bent = _moire(rng, bent)
    bent = _resampled(rng, bent, 0.6, 1.0)
    bent = _blur(rng, bent, 0.4, 1.4)
    bent = _noise(rng, bent, rng.uniform(1, 10))
    if rng.random() < 0.5:
        bent = _sharpen(rng, bent)
    return _jpeg(rng, bent, 25, 90)


def _halftone(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Reduce to one bit by an ordered screen, and scan that."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    screen = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16
    rows, columns = grey.shape
    tiled = np.tile(screen, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    bits = np.where(grey / 255 > 0.15 + tiled * rng.uniform(0.4, 0.75), 255, 0).astype(np.uint8)
    return _blur(rng, cv2.cvtColor(bits, cv2.COLOR_GRAY2BGR), 0.4, 0.9)


def _motion(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    length = int(rng.integers(3, 6))
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (0, int(rng.integers(length))), (length - 1, int(rng.integers(length))), 1.0)
    return _noise(rng, cv2.filter2D(image, -1, kernel / kernel.sum()), 5)


def _copied(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Copy twice on a machine that smooths, hardens and loses thin strokes."""
    for _ in range(2):
        image = cv2.medianBlur(_noise(rng, image, 12), 3)
        hard = (image.astype(np.float32) - 128) * rng.uniform(1.2, 2.0) + 128 + rng.uniform(0, 30)
        image = _blur(rng, np.clip(hard, 0, 255).astype(np.uint8), 0.3, 0.7)
    return image


def _webp(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    quality = int(rng.integers(5, 40))
    data = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _blur(
    rng: np.random.Generator, image: NDArray[np.uint8], low: float, high: float
) -> NDArray[np.uint8]:
    # Blur grows with the text: small print that is blurred as much is past reading.
    limit = high * min(1.6, max(0.7, image.shape[0] / 40))
    return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(low, max(low, limit))), np.uint8)


def _noise(rng: np.random.Generator, image: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    if sigma < 0.5:
        return image
    shape = image.shape if rng.random() < 0.5 else (*image.shape[:2], 1)
    noise = rng.standard_normal(shape, np.float32) * sigma
    if rng.random() < 0.3:
        noise = cv2.blur(noise, (2, 2)).reshape(shape) * 2
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _two_levels(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep black and white only, at the picture's own resolution."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    paper, ink = np.percentile(grey, (90, 1))
    bits = np.where(grey > ink + (paper - ink) * rng.uniform(0.3, 0.7), 255, 0).astype(np.uint8)
    return np.asarray(cv2.cvtColor(bits, cv2.COLOR_GRAY2BGR), np.uint8)


def _fringed(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Fringe the strokes with colour, as screens with subpixel rendering do."""
    rows, columns = image.shape[:2]
    shifted = image.copy()
    for channel, shift in ((0, 1 / 3), (2, -1 / 3)):
        matrix = np.array([[1.0, 0.0, shift], [0.0, 1.0, 0.0]])
        shifted[:, :, channel] = cv2.warpAffine(
            image[:, :, channel], matrix, (columns, rows), borderMode=cv2.BORDER_REPLICATE
        )
    return shifted


def _gamma(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    power = np.exp(rng.normal(0, 0.3))
    gain = rng.uniform(0.85, 1.2)
    table = np.clip(255 * (np.arange(256) / 255) ** power * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), np.uint8)


def _sharpen(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    amount = rng.uniform(0.5, 2.0)
    smooth = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 2.0))
    return np.asarray(cv2.addWeighted(image, 1 + amount, smooth, -amount, 0), np.uint8)


def _resampled(
    rng: np.random.Generator, image: NDArray[np.uint8], low: float, high: float
) -> NDArray[np.uint8]:
    """Shrink and enlarge again, but never below what leaves digits a few pixels."""
    rows, columns = image.shape[:2]
    factor = max(rng.uniform(low, high), min(1.0, 16 / rows))
    size = (max(4, round(columns * factor)), max(4, round(rows * factor)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    way = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST], p=[0.5, 0.4, 0.1]))
    return np.asarray(cv2.resize(small, (columns, rows), interpolation=way), np.uint8)


def _moire(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = image.shape[:2]
    angle = rng.uniform(0, np.pi)
    period = rng.uniform(2.2, 9)
    y, x = np.mgrid[:rows, :columns]
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period)
    dimmed = image * (1 - rng.uniform(0.02, 0.12) * (1 + wave))[:, :, None]
    return np.asarray(np.clip(dimmed, 0, 255), np.uint8)


def _jpeg(
    rng: np.random.Generator, image: NDArray[np.uint8], low: int, high: int
) -> NDArray[np.uint8]:
    quality = int(rng.integers(low, high + 1))
    # A cell begins anywhere in its page's blocks of eight pixels.
    top, left = rng.integers(0, 8, 2).tolist()
    placed = cv2.copyMakeBorder(image, top, 0, left, 0, cv2.BORDER_REPLICATE)
    data = cv2.imencode(".jpg", placed, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[top:, left:], np.uint8)


_DEVICES: dict[str, Callable[[np.random.Generator, NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "clean": _clean,
    "scan": _scan,
    "poor": _poor,
    "fax": _fax,
    "photo": _photo,
    "halftone": _halftone,
    "motion": _motion,
    "copied": _copied,
    "webp": _webp,
}
