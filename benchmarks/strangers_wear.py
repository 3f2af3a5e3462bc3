"""More that happens to a stranger's page; drawn under the seeds from ``WIDER`` on.

As in ``strangers_spoiling``: BGR, eight bits, ``DENSITY`` times as dense as CSS pixels on paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.strangers_spoiling import (
    DPI,
    SPOILINGS,
    Spoiling,
    add_noise,
    as_bytes,
    as_float,
    askew,
    blurred,
    clouds,
    jpeg,
    phone,
    scaled,
    to_bgr,
    to_grey,
)

if TYPE_CHECKING:
    from benchmarks.strangers_spoiling import Field, Image

PENS = ((170, 60, 20), (40, 40, 200), (60, 60, 60))
"""Blue, red and black ink, BGR."""


def _dense(image: Image, rng: np.random.Generator) -> Image:
    """An office scanner left at 400 or 600 dpi."""
    page = blurred(to_grey(askew(image, rng.normal(0, 0.4))), 1.2)
    return jpeg(to_bgr(page * 0.95 + 4 * add_noise(page.shape, 1, rng)), 60)


def _crushed(image: Image, rng: np.random.Generator) -> Image:
    """Saved at JPEG quality 20, to keep below an upload limit."""
    page = blurred(askew(scaled(image, 150 / DPI), rng.normal(0, 0.6)), 0.5)
    return jpeg(page * 0.97 + add_noise(page.shape, 3, rng), 20)


def _thumb(image: Image, _rng: np.random.Generator) -> Image:
    """A whole page as a chat sends it: some 830 pixels across."""
    return jpeg(scaled(image, 100 / DPI), 60)


def _tiny(image: Image, rng: np.random.Generator) -> Image:
    """A screen's picture, about 700 pixels across, as a chat shows it."""
    return jpeg(scaled(image, min(1.0, float(rng.uniform(680, 760)) / image.shape[1])), 60)


def _faint(image: Image, rng: np.random.Generator) -> Image:
    """Print so light that only the eye finds it."""
    page = as_float(scaled(image, 180 / DPI))
    page = 250 - (255 - page) * float(rng.uniform(0.28, 0.42))
    return jpeg(blurred(page, 0.5) + add_noise(page.shape, 3, rng), 70)


def _bilevel(image: Image, rng: np.random.Generator) -> Image:
    """Black and white at 200 dpi, by a threshold too low or too high."""
    page = to_grey(askew(scaled(image, 200 / DPI), rng.normal(0, 0.5)))
    grey = blurred(page, 0.8) + add_noise(page.shape, 6, rng)
    return to_bgr(np.where(grey < rng.choice([125, 215]), 0, 255).astype(np.uint8))


def _bleed(image: Image, rng: np.random.Generator) -> Image:
    """Thin paper: the other side of the sheet, mirrored, is seen through it."""
    page = as_float(scaled(image, 170 / DPI))
    shift = int(rng.integers(20, 90))
    back = blurred(np.roll(page[:, ::-1], shift, axis=0), 1.6)
    page = page - (255 - back) * float(rng.uniform(0.15, 0.3))
    return jpeg(blurred(page, 0.6) * 0.97 + add_noise(page.shape, 4, rng), 65)


def _bent(image: Image, across: Field, down: Field, ground: int = 235) -> Image:
    """Return an image drawn from places displaced by ``across`` and ``down``, in pixels."""
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bent = cv2.remap(
        image,
        (x + across).astype(np.float32),
        (y + down).astype(np.float32),
        cv2.INTER_CUBIC,
        borderValue=(ground,) * 3,
    )
    return np.asarray(bent, np.uint8)


def _wavy(image: Image, rng: np.random.Generator) -> Image:
    """Paper that was wet once: waves, and the light on them."""
    page = scaled(image, 160 / DPI)
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    phase, tilt = rng.uniform(0, 2 * np.pi), rng.uniform(-0.4, 0.4)
    wave = 2 * np.pi * (x + tilt * y) / (width * float(rng.uniform(0.35, 0.7))) + phase
    tall = float(rng.uniform(2, 5))
    bent = _bent(page, tall * 0.5 * np.sin(wave), tall * np.cos(wave))
    light = 0.93 + 0.06 * np.sin(wave)
    return jpeg(blurred(bent, 0.6) * light[..., None] + add_noise(bent.shape, 4, rng), 65)


def _folded(image: Image, rng: np.random.Generator) -> Image:
    """Folded in four to go into an envelope, and laid on the glass."""
    page = as_float(askew(scaled(image, 170 / DPI), rng.normal(0, 0.5)))
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for place, size in ((x - width * rng.uniform(0.45, 0.55), width), (y - height * 0.5, height)):
        side = np.where(place > 0, np.exp(-place / (0.1 * size)), 0)
        crease = np.exp(-((place / 1.3) ** 2))
        page = page * (1 - 0.12 * side - 0.3 * crease)[..., None]
    return jpeg(blurred(page, 0.5) + add_noise(page.shape, 4, rng), 65)


def _stamped(image: Image, rng: np.random.Generator) -> Image:
    """A rubber stamp with a date, set askew on the page."""
    page = as_float(scaled(image, 180 / DPI))
    height, width = page.shape[:2]
    layer = np.zeros((height, width), np.float32)
    x, y = (int(v) for v in rng.uniform(0.2, 0.55, 2) * (width, height))
    cv2.rectangle(layer, (x, y), (x + 330, y + 130), 1.0, 4)
    cv2.putText(layer, "RECEIVED", (x + 60, y + 50), cv2.FONT_HERSHEY_DUPLEX, 1.2, 1.0, 3)
    date = f"202{rng.integers(1, 5)} 0{rng.integers(1, 10)} {rng.integers(10, 29)}"
    cv2.putText(layer, date, (x + 55, y + 108), cv2.FONT_HERSHEY_DUPLEX, 1.2, 1.0, 3)
    turn = cv2.getRotationMatrix2D((x + 165, y + 65), float(rng.uniform(-25, 25)), 1)
    layer = np.asarray(cv2.warpAffine(layer, turn, (width, height)), np.float32)
    worn = np.clip(0.55 + 0.3 * clouds(layer.shape, 6, rng)[..., 0], 0.1, 0.9)
    ink = 1 - np.array(PENS[rng.integers(2)], np.float32) / 255
    page = page * (1 - (layer * worn)[..., None] * ink)
    return jpeg(blurred(page, 0.6) + add_noise(page.shape, 4, rng), 70)


def _punched(image: Image, rng: np.random.Generator) -> Image:
    """Punched and stapled, with a corner bent: the marks of a file."""
    page = blurred(askew(scaled(image, 170 / DPI), rng.normal(0, 0.7)), 0.6)
    height, width = page.shape[:2]
    for y in (0.36, 0.64):
        cv2.circle(page, (int(width * 0.035), int(height * y)), 17, (60.0, 60.0, 60.0), -1)
    x = int(width * rng.uniform(0.03, 0.1))
    cv2.line(page, (x, 45), (x + 55, 75), (90.0, 90.0, 90.0), 5, cv2.LINE_AA)
    size = int(rng.integers(40, 110))
    corner = np.array([[width, 0], [width - size, 0], [width, size]], np.int32)
    cv2.fillPoly(page, [corner], (120.0, 120.0, 120.0))
    return jpeg(page * 0.96 + add_noise(page.shape, 5, rng), 60)


def _penned(image: Image, rng: np.random.Generator) -> Image:
    """Ticks, rings and underlines of a ballpoint pen."""
    page = as_float(scaled(image, 180 / DPI))
    height, width = page.shape[:2]
    pen = tuple(float(c) for c in PENS[rng.integers(3)])
    for _ in range(int(rng.integers(4, 9))):
        x, y = (int(v) for v in rng.uniform(0.12, 0.88, 2) * (width, height))
        kind, size = rng.integers(3), int(rng.integers(14, 30))
        if kind == 0:
            tick = np.array([[x, y], [x + size // 3, y + size // 2], [x + size, y - size]])
        elif kind == 1:
            turn = np.linspace(0, 6.6, 30)
            ring = np.stack([size * 1.4 * np.cos(turn), size * 0.8 * np.sin(turn) + turn], 1)
            tick = ring + np.array([x, y])
        else:
            along = np.linspace(0, size * 5, 20)
            tick = np.stack([x + along, y + 1.5 * np.sin(along / 9) - along * 0.02], 1)
        cv2.polylines(
            page,
            [tick.astype(np.int32)],
            isClosed=False,
            color=pen,
            thickness=3,
            lineType=cv2.LINE_AA,
        )
    return jpeg(blurred(page, 0.7) + add_noise(page.shape, 4, rng), 70)


def _shadow(image: Image, rng: np.random.Generator) -> Image:
    """A phone's picture with the phone's own shadow across the sheet."""
    scene = as_float(phone(image, rng))
    height, width = scene.shape[:2]
    left, right = (rng.uniform(-0.2, 0.5, 2) * width).astype(int)
    wide = int(width * rng.uniform(0.35, 0.6))
    shape = [[left, 0], [left + wide, 0], [right + wide, height], [right, height]]
    mask = np.zeros((height, width), np.float32)
    cv2.fillPoly(mask, [np.array(shape, np.int32)], 1.0)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 5), np.float32)[..., None]
    return jpeg(scene * (1 - float(rng.uniform(0.35, 0.5)) * mask), 70)


def _finger(image: Image, rng: np.random.Generator) -> Image:
    """A phone's picture of a sheet that a thumb holds at its edge."""
    scene = as_float(phone(image, rng))
    height, width = scene.shape[:2]
    side = int(rng.integers(2))
    at = (int(width * (0.03 + 0.94 * side)), int(height * rng.uniform(0.3, 0.8)))
    axes = (int(width * 0.09), int(width * 0.045))
    turn = float(rng.uniform(-25, 25))
    for grown, soft, colour, share in (
        (1.15, 9, (20, 20, 20), 0.4),
        (1.0, 2, (120, 150, 205), 1.0),
    ):
        mask = np.zeros((height, width), np.float32)
        size = (int(axes[0] * grown), int(axes[1] * grown))
        cv2.ellipse(mask, at, size, turn, 0, 360, 1.0, -1)
        mask = share * np.asarray(cv2.GaussianBlur(mask, (0, 0), soft), np.float32)[..., None]
        scene = scene * (1 - mask) + np.array(colour, np.float32) * mask
    return jpeg(scene, 70)


def _lcd(image: Image, rng: np.random.Generator) -> Image:
    """A phone's picture of a monitor, whose own dots of colour it sees: moiré as it arises."""
    dots = np.repeat(np.repeat(image, 3, axis=0), 3, axis=1)
    stripes = np.full(dots.shape, 70, np.uint8)
    for channel in range(3):
        stripes[:, 2 - channel :: 3, channel] = 255
    stripes[2::3] = (stripes[2::3] * 0.45).astype(np.uint8)
    lit = cv2.multiply(dots, stripes, scale=1 / 255)
    factor = float(rng.uniform(0.52, 0.63))
    turn = cv2.getRotationMatrix2D((0, 0), float(rng.normal(0, 1.2)), factor)
    turn[:, 2] += (20, 30)
    size = (int(lit.shape[1] * factor) + 40, int(lit.shape[0] * factor) + 60)
    soft = cv2.GaussianBlur(lit, (0, 0), 1.1)
    seen = cv2.warpAffine(soft, turn, size, flags=cv2.INTER_LINEAR, borderValue=(20, 20, 20))
    scene = blurred(np.asarray(seen, np.uint8), 0.5) * float(rng.uniform(2.1, 2.5))
    return jpeg(scene * np.array([1.06, 1, 0.94], np.float32) + add_noise(scene.shape, 4, rng), 60)


def _dark(image: Image, _rng: np.random.Generator) -> Image:
    """A screen in dark mode: light print on near black."""
    return as_bytes((255 - as_float(image)) * 0.82 + 28)


def _boxed(image: Image, rng: np.random.Generator) -> Image:
    """A screenshot that somebody marked: red boxes and an arrow."""
    page = as_bytes(image).copy()
    height, width = page.shape[:2]
    red, thick = (30, 30, 235), max(2, width // 450)
    for _ in range(int(rng.integers(1, 4))):
        x, y = (int(v) for v in rng.uniform(0.05, 0.7, 2) * (width, height))
        end = (x + int(width * rng.uniform(0.1, 0.25)), y + int(rng.uniform(0.03, 0.05) * width))
        cv2.rectangle(page, (x, y), end, red, thick)
    x, y = (int(v) for v in rng.uniform(0.3, 0.6, 2) * (width, height))
    cv2.arrowedLine(page, (x + width // 8, y + width // 10), (x, y), red, thick, cv2.LINE_AA)
    return jpeg(page, 80)


_KEPT = frozenset({"clean", "scan-200", "scan-120", "phone", "fax", "screenshot", "copies"})

WIDER_SPOILINGS = (
    *(spoiling for spoiling in SPOILINGS if spoiling.name in _KEPT),
    Spoiling("dense", "paper", "light", _dense, (400 / 96, 600 / 96)),
    Spoiling("punched", "paper", "light", _punched),
    Spoiling("stamped", "paper", "light", _stamped),
    Spoiling("boxed", "screen", "light", _boxed, (1.25, 1.5, 2.0)),
    Spoiling("dark", "screen", "light", _dark, (1.25, 1.5, 2.0)),
    Spoiling("penned", "paper", "moderate", _penned),
    Spoiling("folded", "paper", "moderate", _folded),
    Spoiling("wavy", "paper", "moderate", _wavy),
    Spoiling("bleed", "paper", "moderate", _bleed),
    Spoiling("shadow", "paper", "moderate", _shadow),
    Spoiling("finger", "paper", "moderate", _finger),
    Spoiling("crushed", "paper", "moderate", _crushed),
    Spoiling("lcd", "screen", "moderate", _lcd, (1.5,)),
    Spoiling("faint", "paper", "heavy", _faint),
    Spoiling("bilevel", "paper", "heavy", _bilevel),
    Spoiling("thumb", "paper", "heavy", _thumb),
    Spoiling("tiny", "screen", "heavy", _tiny, (2.0,)),
)
