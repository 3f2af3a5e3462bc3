"""What befalls the print itself: ruling lines that break, ink that thins or spreads, seals."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from samples.sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEAL_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)


def with_image(sheet: Sheet, image: NDArray[np.generic]) -> Sheet:
    """Return ``sheet`` with new pixels in the same place; values are clipped to 0…255."""
    pixels = image if image.dtype == np.uint8 else np.clip(np.rint(image), 0, 255)
    return Sheet(np.ascontiguousarray(pixels, dtype=np.uint8), sheet.points, sheet.marks, sheet.dpi)


def fade_rules(
    sheet: Sheet, rng: np.random.Generator, share: float, depth: tuple[float, float]
) -> Sheet:
    """Lighten pieces of ruling lines.

    ``share`` of all cell edges are touched; a piece keeps between ``depth[0]`` and ``depth[1]``
    of its ink (0 … gone). The sheet must still be undistorted: edges are taken axis-parallel.
    """
    image = sheet.image.copy()
    reach = max(2, round(sheet.dpi / 90))
    for mark in sheet.marks:
        (left, top), _, (right, bottom), _ = sheet.cell_corners(mark)
        for ax, ay, bx, by in (
            (left, top, right, top),
            (left, top, left, bottom),
            (left, bottom, right, bottom),
            (right, top, right, bottom),
        ):
            if rng.random() >= share:
                continue
            begin, end = np.sort(rng.random(2)) if rng.random() < 0.7 else (0.0, 1.0)
            x0, x1 = ax + (bx - ax) * begin, ax + (bx - ax) * end
            y0, y1 = ay + (by - ay) * begin, ay + (by - ay) * end
            rows = slice(max(int(y0) - reach, 0), int(y1) + reach + 1)
            columns = slice(max(int(x0) - reach, 0), int(x1) + reach + 1)
            piece = image[rows, columns].astype(np.float32)
            if piece.size:
                keep = rng.uniform(*depth)
                image[rows, columns] = (255 - (255 - piece) * keep).astype(np.uint8)
    return with_image(sheet, image)


def spread_ink(sheet: Sheet, amount: float) -> Sheet:
    """Thicken (positive) or thin (negative) all strokes by about ``amount`` pixels each way."""
    radius = int(np.ceil(abs(amount)))
    if radius == 0:
        return sheet
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    step = cv2.erode if amount > 0 else cv2.dilate
    changed = step(sheet.image, kernel)
    part = abs(amount) / radius
    return with_image(sheet, cv2.addWeighted(changed, part, sheet.image, 1 - part, 0))


def fade_ink(sheet: Sheet, keep: float, patchy: float, rng: np.random.Generator) -> Sheet:
    """Let the toner run low: ``keep`` (0…1) of the ink stays, less so in patches."""
    height, width = sheet.image.shape[:2]
    coarse = rng.normal(0, 1, (height // 160 + 2, width // 160 + 2)).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    kept = np.clip(keep - patchy * np.abs(field), 0.25, 1)
    return with_image(sheet, 255 - (255 - sheet.image.astype(np.float32)) * kept[..., None])


def peel_ink(sheet: Sheet, rng: np.random.Generator, share: float) -> Sheet:
    """Leave specks of bare paper in the print, as a worn drum does."""
    height, width = sheet.image.shape[:2]
    grain = rng.random((height, width), dtype=np.float32)
    holes = cv2.GaussianBlur(grain, (0, 0), max(sheet.dpi / 300, 0.5))
    level = np.quantile(holes[::7, ::7], share)
    image = sheet.image.copy()
    image[holes < level] = 255
    return with_image(sheet, image)


@functools.cache
def seal_font(size: int) -> ImageFont.FreeTypeFont:
    """Return a bold Chinese font. Raises RuntimeError where none is installed."""
    for path in SEAL_FONTS:
        try:
            return ImageFont.truetype(path, size)
        except OSError:
            continue
    msg = f"no font for the seal: {', '.join(SEAL_FONTS)}; see samples/README.md"
    raise RuntimeError(msg)


def draw_seal(size: int, name: str) -> NDArray[np.float32]:
    """Return the ink (0…1) of a round seal, (size, size): ring, star, ``name`` on an arc."""
    picture = Pillow.new("L", (size, size), 0)
    pen = ImageDraw.Draw(picture)
    ring = max(size // 32, 2)
    pen.ellipse((ring, ring, size - ring, size - ring), outline=255, width=ring)
    middle, radius = size / 2, size * 0.15
    angles = [np.pi / 2 + k * 4 * np.pi / 5 for k in range(5)]
    pen.polygon(
        [(middle + radius * np.cos(a), middle - radius * np.sin(a)) for a in angles], fill=255
    )
    font = seal_font(max(size // 8, 8))
    letter = size // 6
    for k, char in enumerate(name):
        angle = 210 - 240 * (k + 0.5) / len(name)
        glyph = Pillow.new("L", (letter, letter), 0)
        ImageDraw.Draw(glyph).text((letter / 2, letter / 2), char, fill=255, font=font, anchor="mm")
        turned = glyph.rotate(angle - 90, resample=Pillow.Resampling.BICUBIC)
        x = middle + size * 0.37 * np.cos(np.radians(angle)) - letter / 2
        y = middle - size * 0.37 * np.sin(np.radians(angle)) - letter / 2
        picture.paste(255, (round(x), round(y)), turned)
    return np.asarray(np.asarray(picture, dtype=np.float32) / np.float32(255), dtype=np.float32)


def stamp(
    sheet: Sheet,
    rng: np.random.Generator,
    middle: tuple[float, float],
    name: str,
    *,
    red: bool = True,
) -> Sheet:
    """Press a seal of 42 mm on the page at ``middle`` (x, y) in pixels, unevenly inked."""
    size = round(42 / 25.4 * sheet.dpi)
    ink = draw_seal(size, name)
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), rng.uniform(-25, 25), 1)
    ink = cv2.warpAffine(ink, turn, (size, size))
    wear = rng.uniform(0.2, 1, (9, 9)).astype(np.float32)
    strength = float(rng.uniform(0.45, 0.9)) * cv2.resize(wear, (size, size))
    ink = (ink * strength)[..., None]
    colour = np.array([50, 40, 215] if red else [40, 40, 40], dtype=np.float32)
    image = sheet.image.astype(np.float32)
    left, top = round(middle[0] - size / 2), round(middle[1] - size / 2)
    height, width = image.shape[:2]
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + size, width), min(top + size, height)
    if x0 >= x1 or y0 >= y1:
        return sheet
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left]
    under = image[y0:y1, x0:x1]
    image[y0:y1, x0:x1] = under * (1 - part) + part * np.minimum(colour, under)
    return with_image(sheet, image)
