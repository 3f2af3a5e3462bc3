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


def _bytes(field: Field | Image) -> Image:
    return np.clip(field, 0, 255).astype(np.uint8)


def _float(image: Image) -> Field:
    return image.astype(np.float32)


def _scaled(image: Image, factor: float) -> Image:
    shrunk = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, dtype=np.uint8)


def _blurred(image: Image | Field, sigma: float) -> Field:
    return np.asarray(cv2.GaussianBlur(image.astype(np.float32), (0, 0), sigma), np.float32)


def _noise(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> Field:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(sigma)


def _clouds(shape: tuple[int, ...], cell: int, rng: np.random.Generator) -> Field:
    """Return smooth noise of (height, width, 1), one hump every ``cell`` pixels."""
    height, width = shape[:2]
    coarse = rng.standard_normal((height // cell + 2, width // cell + 2), dtype=np.float32)
    return np.asarray(
        cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32
    )[..., None]


def _askew(image: Image, degrees: float, ground: int = 250) -> Image:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = cv2.warpAffine(
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(ground,) * 3
    )
    return np.asarray(turned, np.uint8)


def _jpeg(image: Image | Field, quality: int) -> Image:
    _, data = cv2.imencode(".jpg", _bytes(image), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _grey(image: Image | Field) -> Field:
    return np.asarray(cv2.cvtColor(_bytes(image), cv2.COLOR_BGR2GRAY), np.float32)


def _bgr(grey: Field | Image) -> Image:
    return np.asarray(cv2.cvtColor(_bytes(grey), cv2.COLOR_GRAY2BGR), np.uint8)


def _clean(image: Image, rng: np.random.Generator) -> Image:
    return _scaled(image, float(rng.choice([150, 200])) / DPI)


def _scan_200(image: Image, rng: np.random.Generator) -> Image:
    page = _blurred(_askew(_scaled(image, 200 / DPI), rng.normal(0, 0.6)), 0.6)
    page = page * (0.92 + 0.012 * _clouds(page.shape, 40, rng)) + _noise(page.shape, 5, rng)
    return _jpeg(page, 70)


def _scan_120(image: Image, rng: np.random.Generator) -> Image:
    page = _blurred(_askew(_scaled(image, 120 / DPI), rng.normal(0, 1)), 0.5)
    page = page * (0.9 + 0.03 * _clouds(page.shape, 40, rng)) + _noise(page.shape, 7, rng)
    return _jpeg(page, 45)


def _app(image: Image, rng: np.random.Generator) -> Image:
    """A scanning app's "enhanced" picture: light evened out, contrast up, edges sharpened."""
    page = _blurred(_askew(_scaled(image, 160 / DPI), rng.normal(0, 0.8)), 0.8)
    page = page * (0.8 + 0.1 * _clouds(page.shape, 300, rng)) + _noise(page.shape, 4, rng)
    even = page / np.maximum(_blurred(cv2.dilate(page, np.ones((15, 15))), 20), 1) * 255
    sharp = even + 1.2 * (even - _blurred(even, 1.4))
    return _jpeg((sharp - 40) * 1.25, 60)


def _thin(image: Image, rng: np.random.Generator) -> Image:
    """A printer out of toner: strokes pale and broken."""
    page = _float(_scaled(image, 200 / DPI))
    worn = 0.6 + 0.15 * np.clip(_clouds(page.shape, 60, rng), -1, 1)
    worn = worn * (1 + _clouds(page.shape, 2, rng) * 0.15)
    page = _blurred(255 - (255 - page) * np.clip(worn, 0.15, 1), 0.6)
    return _jpeg(page + _noise(page.shape, 4, rng), 75)


def _marker(image: Image, rng: np.random.Generator) -> Image:
    """Rows gone over with a highlighter, and then copied in colour."""
    page = _float(_scaled(image, 180 / DPI))
    height, width = page.shape[:2]
    for _ in range(int(rng.integers(2, 5))):
        y, tall = int(rng.uniform(0.1, 0.9) * height), int(rng.uniform(14, 30))
        x, end = sorted(int(v * width) for v in rng.uniform(0.05, 0.95, 2))
        colour = np.array(
            [[90, 255, 255], [140, 255, 150], [220, 160, 255]][rng.integers(3)], np.float32
        )
        page[y : y + tall, x:end] *= colour / 255
    return _jpeg(_blurred(page, 0.6) + _noise(page.shape, 4, rng), 70)


def _yellow(image: Image, rng: np.random.Generator) -> Image:
    """Old paper: pale print on yellow, and the back of the sheet shining through."""
    page = 255 - (255 - _float(_scaled(image, 140 / DPI))) * 0.55
    back = 255 - _blurred(np.roll(_scaled(image, 140 / DPI)[:, ::-1], 37, axis=0), 2)
    page = (
        page
        * np.array([0.72, 0.88, 0.95], np.float32)
        * (0.92 + 0.03 * _clouds(page.shape, 40, rng))
    )
    return _jpeg(page - back * 0.12 + _noise(page.shape, 6, rng), 50)


def _gutter(image: Image, rng: np.random.Generator) -> Image:
    """A bound report on the glass: dark and pulled together towards the spine."""
    page = _scaled(image, 170 / DPI)
    height, width = page.shape[:2]
    x = np.arange(width, dtype=np.float32)
    near = np.exp(-x / (0.06 * width))
    pulled = x - 0.015 * width * near
    lift = 6 * np.exp(-x / (0.12 * width)) * rng.choice([-1, 1])
    across = np.tile(pulled, (height, 1)).astype(np.float32)
    down = (np.arange(height)[:, None] + lift[None, :]).astype(np.float32)
    seen = cv2.remap(page, across, down, cv2.INTER_CUBIC, borderValue=(90, 90, 90))
    bent = _float(np.asarray(seen, np.uint8))
    bent = bent * (1 - 0.5 * near[None, :, None]) * 0.96
    if rng.random() < 0.5:
        bent = _blurred(bent, 0.5)
    return _jpeg(bent + _noise(bent.shape, 4, rng), 65)


def _phone(image: Image, rng: np.random.Generator) -> Image:
    page = _scaled(image, 150 / DPI)
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
    desk += _noise((size[1], size[0], 1), 8, rng)
    scene = seen * sheet + desk * (1 - sheet)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    x, y = x / size[0], y / size[1]
    light = 1 - 0.45 * (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) ** 2
    light -= 0.12 * np.exp(-(((x - rng.random()) / 0.25) ** 2))
    scene = _blurred(scene * light[..., None] * np.array([0.9, 0.97, 1.02], np.float32), 0.9)
    return _jpeg(scene + _noise(scene.shape, 5, rng), 60)


def _fax(image: Image, rng: np.random.Generator) -> Image:
    page = cv2.resize(image, None, fx=204 / DPI, fy=196 / DPI, interpolation=cv2.INTER_AREA)
    grey = _blurred(_grey(_askew(np.asarray(page, np.uint8), rng.normal(0, 0.8))), 0.7)
    return _bgr(np.where(grey + _noise(grey.shape, 14, rng) < 150, 0, 255).astype(np.uint8))


def _copies(image: Image, rng: np.random.Generator) -> Image:
    """A copy of a copy of a copy."""
    page = _grey(_scaled(image, 150 / DPI))
    for _ in range(3):
        page = _grey(_askew(_bgr(_blurred(page, 0.8)), rng.normal(0, 0.4)))
        page = 255 / (1 + np.exp(-(page - 175 + rng.normal(0, 10)) / 20))
        page = np.clip(page + _noise(page.shape, 9, rng), 0, 255).astype(np.float32)
    specks = (rng.random(page.shape) < 0.0008).astype(np.uint8)
    page[cv2.dilate(specks, np.ones((2, 2), np.uint8)) > 0] = 20
    return _bgr(page)


def _halftone(image: Image, rng: np.random.Generator) -> Image:
    """A magazine's screen of dots, four pixels apart, a little out of focus."""
    grey = np.clip(_grey(_scaled(image, 170 / DPI)) * 0.8 + 40, 0, 255)
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    angle = np.pi / 4 + rng.normal(0, 0.02)
    u = (x * np.cos(angle) + y * np.sin(angle)) * np.pi / 2
    v = (y * np.cos(angle) - x * np.sin(angle)) * np.pi / 2
    dots = np.where(grey / 255 > 0.5 + 0.1125 * (np.sin(u) + np.sin(v)), 255, 0)
    return _bgr(_blurred(dots.astype(np.float32), 0.7))


def _screenshot(image: Image, _rng: np.random.Generator) -> Image:
    return image


def _shrunk(image: Image, rng: np.random.Generator) -> Image:
    """A screenshot made smaller by a chat or an editor, as those do: without any care."""
    factor = float(rng.uniform(0.75, 0.9))
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.uint8)


def _wechat(image: Image, _rng: np.random.Generator) -> Image:
    return _jpeg(_scaled(image, 1080 / image.shape[1]), 55)


def _palette(image: Image, _rng: np.random.Generator) -> Image:
    """Saved with few colours."""
    step = 64
    return _bytes(np.round(_float(image) / step) * step)


def _watermark(image: Image, rng: np.random.Generator) -> Image:
    """The name of a viewer all over the page, askew and pale."""
    page = _float(image)
    layer = np.zeros(page.shape[:2], np.float32)
    size = page.shape[1] / 1100
    for y in range(0, page.shape[0] + 300, int(170 * size)):
        for x in range(-100, page.shape[1], int(330 * size)):
            place = (x + y % 97, y)
            cv2.putText(layer, "zwgk 2023", place, cv2.FONT_HERSHEY_SIMPLEX, size, 1.0, 2)
    ink = _float(_askew(_bytes(layer * 255), 20, ground=0)) / 255
    return _jpeg(page - ink[..., None] * float(rng.uniform(25, 50)), 80)


def _monitor(image: Image, rng: np.random.Generator) -> Image:
    """A phone's picture of a monitor: moiré."""
    page = _float(_scaled(image, 130 / DPI))
    y, x = np.mgrid[0 : page.shape[0], 0 : page.shape[1]].astype(np.float32)
    bands = 1 + 0.06 * np.sin(x * 0.9 + y * 0.13) + 0.05 * np.sin(y * 1.1 - x * 0.07)
    return _jpeg(_askew(_bytes(page * bands[..., None]), rng.normal(0, 1.2)), 50)


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
    Spoiling("phone", "paper", "moderate", _phone),
    Spoiling("monitor", "screen", "moderate", _monitor),
    Spoiling("shrunk", "screen", "heavy", _shrunk, (1.0, 1.25)),
    Spoiling("fax", "paper", "heavy", _fax),
    Spoiling("copies", "paper", "heavy", _copies),
    Spoiling("halftone", "paper", "heavy", _halftone),
)
