"""What befalls the paper and the light on it. Nothing here moves a pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from samples.ink import with_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.sheet import Sheet


def _smooth(shape: tuple[int, int], rng: np.random.Generator, knots: int) -> NDArray[np.float32]:
    """Return a smooth field of about −1…1 with ``knots`` × ``knots`` random knots."""
    coarse = rng.uniform(-1, 1, (knots, knots)).astype(np.float32)
    field = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field, dtype=np.float32)


def light(sheet: Sheet, rng: np.random.Generator, depth: float) -> Sheet:
    """Light the page unevenly: brightness varies smoothly by up to ``depth`` (0…1)."""
    field = 1 - depth * (0.5 + 0.5 * _smooth(sheet.image.shape[:2], rng, 4))
    return with_image(sheet, sheet.image * np.clip(field, 0, 1)[..., None])


def shadow(sheet: Sheet, rng: np.random.Generator, depth: float) -> Sheet:
    """Let a hand or a phone throw a soft-edged shadow over part of the page."""
    height, width = sheet.image.shape[:2]
    small = np.zeros((height // 8 + 1, width // 8 + 1), np.float32)
    h, w = small.shape
    x, y = rng.uniform(0, w), rng.uniform(0, h)
    corners = np.array([[x, y], [x + w, y - h / 3], [x + w, y + h], [x - w / 3, y + h]])
    cv2.fillPoly(small, [corners.astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(small, (0, 0), max(w, h) * rng.uniform(0.02, 0.08))
    full = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return with_image(sheet, sheet.image * (1 - depth * full)[..., None])


def tint(sheet: Sheet, colour: tuple[int, int, int]) -> Sheet:
    """Print on paper of ``colour`` (blue, green, red)."""
    return with_image(sheet, sheet.image * (np.array(colour, dtype=np.float32) / 255))


def grey(sheet: Sheet) -> Sheet:
    """Scan without colour; the image keeps three equal channels."""
    plain = cv2.cvtColor(sheet.image, cv2.COLOR_BGR2GRAY)
    return with_image(sheet, cv2.cvtColor(plain, cv2.COLOR_GRAY2BGR))


def stain(sheet: Sheet, rng: np.random.Generator, depth: float) -> Sheet:
    """Spill something: a blotch with a darker rim."""
    height, width = sheet.image.shape[:2]
    h, w = height // 4 + 1, width // 4 + 1
    radius = rng.uniform(0.05, 0.16) * min(h, w)
    y, x = np.ogrid[:h, :w]
    cx, cy = rng.uniform(0.1, 0.9) * w, rng.uniform(0.1, 0.9) * h
    wobble = 1 + 0.15 * _smooth((h, w), rng, 9)
    distance = np.hypot(x - cx, (y - cy) * rng.uniform(0.7, 1.3)) * wobble / radius
    inside = 0.55 / (1 + np.exp(np.clip((distance - 1) * 30, -50, 50)))
    rim = np.exp(-(((distance - 1) / 0.06) ** 2))
    mask = cv2.resize((inside + rim).astype(np.float32), (width, height))
    colour = np.array([0.75, 0.45, 0.25], np.float32) * depth  # what blue, green, red lose
    return with_image(sheet, sheet.image * (1 - mask[..., None] * colour))


def folds(sheet: Sheet, rng: np.random.Generator, count: int) -> Sheet:
    """Fold and unfold the page: lines with a light and a dark side."""
    image = sheet.image.astype(np.float32)
    height, width = image.shape[:2]
    reach = max(sheet.dpi / 40, 2)
    for _ in range(count):
        across = rng.random() < 0.5
        length = height if across else width
        at = rng.uniform(0.2, 0.8) * length
        distance = (np.arange(length) - at) / reach
        profile = 1 - rng.uniform(0.08, 0.22) * np.exp(-np.abs(distance)) * np.sign(distance + 0.3)
        image *= profile[:, None, None] if across else profile[None, :, None]
    return with_image(sheet, image)


def specks(sheet: Sheet, rng: np.random.Generator, per_square_inch: float) -> Sheet:
    """Scatter dirt: dark specks of up to half a millimetre, some of them light."""
    image = sheet.image.copy()
    height, width = image.shape[:2]
    count = rng.poisson(per_square_inch * height * width / sheet.dpi**2)
    xs, ys = rng.uniform(0, width, count), rng.uniform(0, height, count)
    sizes = rng.exponential(sheet.dpi / 250, count)
    shades = rng.integers(0, 120, count)
    for x, y, size, shade in zip(xs, ys, sizes, shades, strict=True):
        dark = rng.random() < 0.85
        colour = (int(shade),) * 3 if dark else (250, 250, 250)
        cv2.circle(image, (int(x), int(y)), int(min(size, sheet.dpi / 60)), colour, -1, cv2.LINE_AA)
    return with_image(sheet, image)


def scanner_edges(sheet: Sheet, rng: np.random.Generator, width_share: float) -> Sheet:
    """Show the dark inside of the scanner along one or two edges of the glass."""
    image = sheet.image.astype(np.float32)
    height, width = image.shape[:2]
    for side in rng.permutation(4)[: int(rng.integers(1, 3))]:
        length = width if side % 2 else height
        across = height if side % 2 else width
        reach = rng.uniform(0.2, 1) * width_share * length
        edge = reach * (1 + 0.3 * np.linspace(-1, 1, across) * rng.uniform(-1, 1))
        place = np.arange(length)
        if side >= 2:
            place = place[::-1]
        keep = 1 / (1 + np.exp(-(place[:, None] - edge[None, :]) / max(sheet.dpi / 100, 1)))
        keep = np.clip(keep, rng.uniform(0.02, 0.2), 1).astype(np.float32)
        image *= (keep.T if side % 2 else keep)[..., None]
    return with_image(sheet, image)


def show_through(sheet: Sheet, other: NDArray[np.uint8], depth: float) -> Sheet:
    """Let the print of the reverse shine through, mirrored and blurred."""
    height, width = sheet.image.shape[:2]
    back = cv2.resize(cv2.cvtColor(other, cv2.COLOR_BGR2GRAY), (width, height))
    back = cv2.GaussianBlur(back[:, ::-1], (0, 0), max(sheet.dpi / 100, 0.8))
    lost = (255 - back.astype(np.float32))[..., None] * depth
    return with_image(sheet, np.minimum(sheet.image, 255 - lost))


def blot(sheet: Sheet, middle: tuple[float, float], radius: float, shade: int = 35) -> Sheet:
    """Drop a blot of ``radius`` pixels at ``middle`` (x, y)."""
    image = sheet.image.copy()
    x, y = middle
    cv2.circle(image, (round(x), round(y)), round(radius), (shade,) * 3, -1, cv2.LINE_AA)
    return with_image(sheet, image)
