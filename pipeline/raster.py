"""Image files: one picture or many in a file, each as blue-green-red pixels over white."""

from __future__ import annotations

import struct
import warnings
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Literal, TypeAlias

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from document.page import Page
from pipeline.allowance import USUAL
from pipeline.faults import cause, fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.allowance import Allowance

ImageFormat: TypeAlias = Literal["PNG", "JPEG", "BMP", "WEBP", "TIFF"]

_REDUCED = 254
"""TIFF tag NewSubfileType; its lowest bit marks a thumbnail of another picture."""

_PLAUSIBLE_DPI = (30.0, 2400.0)

DECODING_ERRORS = (
    OSError,
    SyntaxError,  # Pillow raises it for broken PNG and TIFF structures
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    ZeroDivisionError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
)
"""What Pillow's decoders are known to raise on damaged files."""


def count_pictures(
    path: Path, image_format: ImageFormat, allowance: Allowance = USUAL
) -> tuple[int, ...]:
    """Return the frame indices of the pictures in an image file, thumbnails left out.

    Raises InputError where the file is damaged, or holds a picture without area, or too many.
    """
    with _opened(path, image_format) as image:
        if image_format != "TIFF":
            check_size(image.size, allowance)
            return (0,)
        frames = []
        for index in count():
            if index > 2 * allowance.pages:  # a thumbnail with each
                raise fault("too-many-pages", pages=f"> {allowance.pages}", limit=allowance.pages)
            try:
                image.seek(index)
            except EOFError:
                break
            if not int(getattr(image, "tag_v2", {}).get(_REDUCED, 0)) & 1:
                frames.append(index)
        return tuple(frames) or (0,)


def read_picture(
    path: Path, image_format: ImageFormat, frame: int, number: int, allowance: Allowance = USUAL
) -> Page:
    """Decode frame ``frame`` of an image file as page ``number``.

    The picture is turned as its orientation tag says, laid over white where it is transparent,
    reduced to 8 bits a channel, and stretched to square pixels where the file says that they
    are not (fax). Raises InputError where the picture is damaged, empty or too large.
    """
    with _opened(path, image_format) as image:
        image.seek(frame)
        check_size(image.size, allowance)
        across, down = claimed_dpi(image)
        stored = image.size
        ImageOps.exif_transpose(image, in_place=True)  # a copy only where it is turned
        if image.size != stored and image.size == stored[::-1]:
            across, down = down, across
        pixels = bgr(image)
    squared, dpi = square_pixels(pixels, across, down)
    return Page(number=number, image=squared, dpi=dpi, origin="raster")


def check_size(size: tuple[int, int], allowance: Allowance = USUAL) -> None:
    """Raise InputError where a picture of (width, height) pixels has no area or too much."""
    width, height = size
    if width < 1 or height < 1:
        raise fault("empty-image", width=width, height=height)
    if width * height > allowance.megapixels * 1e6:
        raise fault("too-large", width=width, height=height, limit=f"{allowance.megapixels:g}")


def claimed_dpi(image: Image.Image) -> tuple[float | None, float | None]:
    """Return the resolution an image claims across and down; None where it is no real claim."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return None, None
    low, high = _PLAUSIBLE_DPI
    if low <= across <= high and low <= down <= high:
        return across, down
    return None, None


def bgr(image: Image.Image) -> NDArray[np.uint8]:
    """Return an image of any mode as (height, width, 3), uint8, blue-green-red, over white."""
    if image.mode.startswith(("I", "F")):
        gray = _eight_bits(np.asarray(image))
        return np.ascontiguousarray(np.repeat(gray[:, :, None], 3, axis=2))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    if image.mode in {"1", "L"}:
        gray = np.asarray(image.convert("L"), dtype=np.uint8)
        return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), np.uint8)
    rgb = np.asarray(image if image.mode == "RGB" else image.convert("RGB"), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def square_pixels(
    pixels: NDArray[np.uint8], across: float | None, down: float | None
) -> tuple[NDArray[np.uint8], float | None]:
    """Stretch an image whose pixels are not square (fax: 204 × 98 dpi) up to the finer side.

    Returns the image and its dpi, None where unknown.
    """
    if across is None or down is None:
        return pixels, None
    dpi = max(across, down)
    if min(across, down) * 1.1 > dpi:
        return pixels, (across + down) / 2
    height, width = pixels.shape[:2]
    size = (round(width * dpi / across), round(height * dpi / down))
    check_size(size)
    stretched = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)
    return np.array(stretched, dtype=np.uint8), dpi


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale 16-bit, 32-bit or floating gray values to 0…255; 16 bits by their full range."""
    wide = values.astype(np.float32)
    low, high = float(wide.min()), float(wide.max())
    if np.issubdtype(values.dtype, np.floating) or low < 0 or high > 65535:
        wide = (wide - low) * (255.0 / (high - low) if high > low else 0.0)
    else:
        wide /= 257.0
    return np.clip(np.rint(wide), 0, 255).astype(np.uint8)


@contextmanager
def _opened(path: Path, image_format: ImageFormat) -> Iterator[Image.Image]:
    """Open an image file with the one decoder its first bytes ask for."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of many things it then reads well, and of sizes that are checked here.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=(image_format,)) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise fault("bomb", cause=cause(error)) from error
    except UnidentifiedImageError as error:
        _check_claimed_size(path, image_format)
        raise fault("damaged-image", format=image_format, cause="header") from error
    except DECODING_ERRORS as error:
        raise fault("damaged-image", format=image_format, cause=cause(error)) from error
    except MemoryError as error:
        raise fault("out-of-memory") from error


def _check_claimed_size(path: Path, image_format: ImageFormat) -> None:
    """Raise InputError where the header of a file that Pillow refuses claims no area."""
    with path.open("rb") as stream:
        head = stream.read(26)
    if image_format == "PNG" and len(head) >= 24:
        check_size(struct.unpack(">II", head[16:24]))
    if image_format == "BMP" and len(head) >= 26:
        width, height = struct.unpack("<ii", head[18:26])
        check_size((abs(width), abs(height)))


Image.MAX_IMAGE_PIXELS = 300_000_000
# Pillow refuses twice this many by itself before decoding; the exact limit is check_size's.
