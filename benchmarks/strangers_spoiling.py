"""What happens to a stranger's page between its printing and its reading.

Nothing here is shared with ``samples``: neither the programs nor the ranges. Images are BGR, eight
bits, and come ``DENSITY`` times as dense as CSS pixels (288 dpi), but for what a screen draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Image: TypeAlias = NDArray[np.uint8]
    Field: TypeAlias = NDArray[np.floating[Any]]

DENSITY = 3.0
DPI = 96 * DENSITY

Medium: TypeAlias = Literal["screen", "paper"]
Grade: TypeAlias = Literal["light", "moderate", "heavy"]


@dataclass(frozen=True, slots=True)
class Spoiling:
    """A kind of spoiling; ``densities`` are device pixels a CSS pixel, one of which is drawn."""

    name: str
    medium: Medium
    grade: Grade
    spoil: Callable[[Image, np.random.Generator], Image]
    densities: tuple[float, ...] = (DENSITY,)


def as_bytes(field: Field | Image) -> Image:
    """Return bytes, what is beyond them clipped."""
    return np.clip(field, 0, 255).astype(np.uint8)


def as_float(image: Image) -> Field:
    """Return an image whose bytes can be reckoned with."""
    return image.astype(np.float32)


def scaled(image: Image, factor: float) -> Image:
    """Return an image made larger or smaller, its pixels averaged."""
    shrunk = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, dtype=np.uint8)


def blurred(image: Image | Field, sigma: float) -> Field:
    """Return an image out of focus by ``sigma`` pixels."""
    return np.asarray(cv2.GaussianBlur(image.astype(np.float32), (0, 0), sigma), np.float32)


def add_noise(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> Field:
    """Return noise of ``sigma`` grey levels that can be added."""
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(sigma)


def clouds(shape: tuple[int, ...], cell: int, rng: np.random.Generator) -> Field:
    """Return smooth noise of (height, width, 1), one hump every ``cell`` pixels."""
    height, width = shape[:2]
    coarse = rng.standard_normal((height // cell + 2, width // cell + 2), dtype=np.float32)
    return np.asarray(
        cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32
    )[..., None]


def askew(image: Image, degrees: float, ground: int = 250) -> Image:
    """Return an image turned about its middle, with a grey ``ground`` around it."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = cv2.warpAffine(
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(ground,) * 3
    )
    return np.asarray(turned, np.uint8)


def jpeg(image: Image | Field, quality: int) -> Image:
    """Return an image as JPEG leaves it."""
    _, data = cv2.imencode(".jpg", as_bytes(image), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def to_grey(image: Image | Field) -> Field:
    """Return an image without its colours, of (height, width)."""
    return np.asarray(cv2.cvtColor(as_bytes(image), cv2.COLOR_BGR2GRAY), np.float32)


def to_bgr(grey: Field | Image) -> Image:
    """Return a grey image as one of three channels."""
    return np.asarray(cv2.cvtColor(as_bytes(grey), cv2.COLOR_GRAY2BGR), np.uint8)


def _clean(image: Image, rng: np.random.Generator) -> Image:
    return scaled(image, float(rng.choice([150, 200])) / DPI)


def _scan_200(image: Image, rng: np.random.Generator) -> Image:
    page = blurred(askew(scaled(image, 200 / DPI), rng.normal(0, 0.6)), 0.6)
    page = page * (0.92 + 0.012 * clouds(page.shape, 40, rng)) + add_noise(page.shape, 5, rng)
    return jpeg(page, 70)


def _scan_120(image: Image, rng: np.random.Generator) -> Image:
    page = blurred(askew(scaled(image, 120 / DPI), rng.normal(0, 1)), 0.5)
    page = page * (0.9 + 0.03 * clouds(page.shape, 40, rng)) + add_noise(page.shape, 7, rng)
    return jpeg(page, 45)


def _app(image: Image, rng: np.random.Generator) -> Image:
    """A scanning app's "enhanced" picture: light evened out, contrast up, edges sharpened."""
    page = blurred(askew(scaled(image, 160 / DPI), rng.normal(0, 0.8)), 0.8)
    page = page * (0.8 + 0.1 * clouds(page.shape, 300, rng)) + add_noise(page.shape, 4, rng)
    even = page / np.maximum(blurred(cv2.dilate(page, np.ones((15, 15))), 20), 1) * 255
    sharp = even + 1.2 * (even - blurred(even, 1.4))
    return jpeg((sharp - 40) * 1.25, 60)


def _thin(image: Image, rng: np.random.Generator) -> Image:
    """A printer out of toner: strokes pale and broken."""
    page = as_float(scaled(image, 200 / DPI))
    worn = 0.6 + 0.15 * np.clip(clouds(page.shape, 60, rng), -1, 1)
    worn = worn * (1 + clouds(page.shape, 2, rng) * 0.15)
    page = blurred(255 - (255 - page) * np.clip(worn, 0.15, 1), 0.6)
    return jpeg(page + add_noise(page.shape, 4, rng), 75)


def _marker(image: Image, rng: np.random.Generator) -> Image:
    """Rows gone over with a highlighter, and then copied in colour."""
    page = as_float(scaled(image, 180 / DPI))
    height, width = page.shape[:2]
    for _ in range(int(rng.integers(2, 5))):
        y, tall = int(rng.uniform(0.1, 0.9) * height), int(rng.uniform(14, 30))
        x, end = sorted(int(v * width) for v in rng.uniform(0.05, 0.95, 2))
        colour = np.array(
            [[90, 255, 255], [140, 255, 150], [220, 160, 255]][rng.integers(3)], np.float32
        )
        page[y : y + tall, x:end] *= colour / 255
    return jpeg(blurred(page, 0.6) + add_noise(page.shape, 4, rng), 70)


def _yellow(image: Image, rng: np.random.Generator) -> Image:
    """Old paper: pale print on yellow, and the back of the sheet shining through."""
    page = 255 - (255 - as_float(scaled(image, 140 / DPI))) * 0.55
    back = 255 - blurred(np.roll(scaled(image, 140 / DPI)[:, ::-1], 37, axis=0), 2)
    page = (
        page
        * np.array([0.72, 0.88, 0.95], np.float32)
        * (0.92 + 0.03 * clouds(page.shape, 40, rng))
    )
    return jpeg(page - back * 0.12 + add_noise(page.shape, 6, rng), 50)


def _gutter(image: Image, rng: np.random.Generator) -> Image:
    """A bound report on the glass: dark and pulled together towards the spine."""
    page = scaled(image, 170 / DPI)
    height, width = page.shape[:2]
    x = np.arange(width, dtype=np.float32)
    near = np.exp(-x / (0.06 * width))
    pulled = x - 0.015 * width * near
    lift = 6 * np.exp(-x / (0.12 * width)) * rng.choice([-1, 1])
    across = np.tile(pulled, (height, 1)).astype(np.float32)
    down = (np.arange(height)[:, None] + lift[None, :]).astype(np.float32)
    seen = cv2.remap(page, across, down, cv2.INTER_CUBIC, borderValue=(90, 90, 90))
    bent = as_float(np.asarray(seen, np.uint8))
    bent = bent * (1 - 0.5 * near[None, :, None]) * 0.96
    if rng.random() < 0.5:
        bent = blurred(bent, 0.5)
    return jpeg(bent + add_noise(bent.shape, 4, rng), 65)


def phone(image: Image, rng: np.random.Generator) -> Image:
    """Return a phone's picture of a sheet that lies on a desk."""
    page = scaled(image, 150 / DPI)
    height, width = page.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32) * rng.uniform(
        0, 0.06, (4, 2)
    )
    size = (int(width * 1.12), int(height * 1.1))
    corners = flat + inward * (width, height) + (width * 0.06, height * 0.05)
    view = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    seen = cv2.warpPerspective(page, view, size, flags=cv2.INTER_CUBIC)
    sheet = cv2.warpPerspective(np.full((height, width), 1, np.float32), view, size)[..., None]
    desk = np.full((size[1], size[0], 3), (70, 95, 120), np.float32)
    desk += add_noise((size[1], size[0], 1), 8, rng)
    scene = seen * sheet + desk * (1 - sheet)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    x, y = x / size[0], y / size[1]
    light = 1 - 0.45 * (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) ** 2
    light -= 0.12 * np.exp(-(((x - rng.random()) / 0.25) ** 2))
    scene = blurred(scene * light[..., None] * np.array([0.9, 0.97, 1.02], np.float32), 0.9)
    return jpeg(scene + add_noise(scene.shape, 5, rng), 60)


def _fax(image: Image, rng: np.random.Generator) -> Image:
    page = cv2.resize(image, None, fx=204 / DPI, fy=196 / DPI, interpolation=cv2.INTER_AREA)
    grey = blurred(to_grey(askew(np.asarray(page, np.uint8), rng.normal(0, 0.8))), 0.7)
    return to_bgr(np.where(grey + add_noise(grey.shape, 14, rng) < 150, 0, 255).astype(np.uint8))


def _copies(image: Image, rng: np.random.Generator) -> Image:
    """A copy of a copy of a copy."""
    page = to_grey(scaled(image, 150 / DPI))
    for _ in range(3):
        page = to_grey(askew(to_bgr(blurred(page, 0.8)), rng.normal(0, 0.4)))
        page = 255 / (1 + np.exp(-(page - 175 + rng.normal(0, 10)) / 20))
        page = np.clip(page + add_noise(page.shape, 9, rng), 0, 255).astype(np.float32)
    specks = (rng.random(page.shape) < 0.0008).astype(np.uint8)
    page[cv2.dilate(specks, np.ones((2, 2), np.uint8)) > 0] = 20
    return to_bgr(page)


def _halftone(image: Image, rng: np.random.Generator) -> Image:
    """A magazine's screen of dots, four pixels apart, a little out of focus."""
    grey = np.clip(to_grey(scaled(image, 170 / DPI)) * 0.8 + 40, 0, 255)
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    angle = np.pi / 4 + rng.normal(0, 0.02)
    u = (x * np.cos(angle) + y * np.sin(angle)) * np.pi / 2
    v = (y * np.cos(angle) - x * np.sin(angle)) * np.pi / 2
    dots = np.where(grey / 255 > 0.5 + 0.1125 * (np.sin(u) + np.sin(v)), 255, 0)
    return to_bgr(blurred(dots.astype(np.float32), 0.7))


def _screenshot(image: Image, _rng: np.random.Generator) -> Image:
    return image


def _shrunk(image: Image, rng: np.random.Generator) -> Image:
    """A screenshot made smaller by a chat or an editor, as those do: without any care."""
    factor = float(rng.uniform(0.75, 0.9))
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.uint8)


def _wechat(image: Image, _rng: np.random.Generator) -> Image:
    return jpeg(scaled(image, 1080 / image.shape[1]), 55)


def _palette(image: Image, _rng: np.random.Generator) -> Image:
    """Saved with few colours."""
    step = 64
    return as_bytes(np.round(as_float(image) / step) * step)


def _watermark(image: Image, rng: np.random.Generator) -> Image:
    """The name of a viewer all over the page, askew and pale."""
    page = as_float(image)
    layer = np.zeros(page.shape[:2], np.float32)
    size = page.shape[1] / 1100
    for y in range(0, page.shape[0] + 300, int(170 * size)):
        for x in range(-100, page.shape[1], int(330 * size)):
            place = (x + y % 97, y)
            cv2.putText(layer, "zwgk 2023", place, cv2.FONT_HERSHEY_SIMPLEX, size, 1.0, 2)
    ink = as_float(askew(as_bytes(layer * 255), 20, ground=0)) / 255
    return jpeg(page - ink[..., None] * float(rng.uniform(25, 50)), 80)


def _monitor(image: Image, rng: np.random.Generator) -> Image:
    """A phone's picture of a monitor: moiré."""
    page = as_float(scaled(image, 130 / DPI))
    y, x = np.mgrid[0 : page.shape[0], 0 : page.shape[1]].astype(np.float32)
    bands = 1 + 0.06 * np.sin(x * 0.9 + y * 0.13) + 0.05 * np.sin(y * 1.1 - x * 0.07)
    return jpeg(askew(as_bytes(page * bands[..., None]), rng.normal(0, 1.2)), 50)


SPOILINGS = (
    Spoiling("clean", "paper", "light", _clean),
    Spoiling("scan-200", "paper", "light", _scan_200),
    Spoiling("app", "paper", "light", _app),
    Spoiling("marker", "paper", "light", _marker),
    Spoiling("screenshot", "screen", "light", _screenshot, (1.0, 1.25, 1.5, 2.0)),
    Spoiling("wechat", "screen", "light", _wechat),
    Spoiling("palette", "screen", "light", _palette, (1.25, 1.5, 2.0)),
    Spoiling("watermark", "screen", "light", _watermark, (1.5, 2.0)),
    Spoiling("scan-120", "paper", "moderate", _scan_120),
    Spoiling("yellow", "paper", "moderate", _yellow),
    Spoiling("thin", "paper", "moderate", _thin),
    Spoiling("gutter", "paper", "moderate", _gutter),
    Spoiling("phone", "paper", "moderate", phone),
    Spoiling("monitor", "screen", "moderate", _monitor),
    Spoiling("shrunk", "screen", "heavy", _shrunk, (1.0, 1.25)),
    Spoiling("fax", "paper", "heavy", _fax),
    Spoiling("copies", "paper", "heavy", _copies),
    Spoiling("halftone", "paper", "heavy", _halftone),
)
