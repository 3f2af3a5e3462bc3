"""Writes page images into the files that scanners, phones and offices make."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pikepdf
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from samples.sheet import Sheet


def is_bilevel(image: NDArray[np.uint8]) -> bool:
    """Tell whether every pixel is pure black or pure white."""
    return bool(np.isin(image[::3, ::3], (0, 255)).all() and np.isin(image, (0, 255)).all())


def is_grey(image: NDArray[np.uint8]) -> bool:
    """Tell whether the three channels are alike."""
    return bool((image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all())


def pillow_image(image: NDArray[np.uint8]) -> Image.Image:
    """Return ``image`` (BGR) as the leanest Pillow image that holds it: 1, L or RGB."""
    if is_grey(image):
        plain = Image.fromarray(np.ascontiguousarray(image[..., 0]))
        return plain.point(lambda v: v and 255, "1") if is_bilevel(image) else plain
    return Image.fromarray(np.ascontiguousarray(image[..., ::-1]))


def jpeg_bytes(image: NDArray[np.uint8], quality: int) -> bytes:
    """Return ``image`` as JPEG; grey images as one channel."""
    pixels = image[..., 0] if is_grey(image) else image
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data.tobytes())


def write_pdf(path: Path, sheets: Sequence[Sheet], quality: int = 0) -> None:
    """Write an image-only PDF; each page is as large as its pixels at the sheet's dpi.

    Two-level pages are stored as CCITT G4, the others as JPEG of ``quality``, or losslessly
    where ``quality`` is 0. Equal input gives equal bytes.
    """
    pdf = pikepdf.new()
    for sheet in sheets:
        height, width = sheet.image.shape[:2]
        size = (width / sheet.dpi * 72, height / sheet.dpi * 72)
        page = pdf.add_blank_page(page_size=size)
        picture = _pdf_image(pdf, sheet.image, quality)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
        page.Contents = pdf.make_stream(
            f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Im Do Q".encode()
        )
    pdf.save(path, deterministic_id=True)


def _pdf_image(pdf: pikepdf.Pdf, image: NDArray[np.uint8], quality: int) -> pikepdf.Stream:
    height, width = image.shape[:2]
    grey = is_grey(image)
    keys = {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "Width": width,
        "Height": height,
        "ColorSpace": pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB,
        "BitsPerComponent": 8,
    }
    if grey and is_bilevel(image):
        keys["BitsPerComponent"] = 1
        keys["Filter"] = pikepdf.Name.CCITTFaxDecode
        keys["DecodeParms"] = pikepdf.Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=False)
        return pikepdf.Stream(pdf, g4_bytes(image), **keys)
    if quality:
        keys["Filter"] = pikepdf.Name.DCTDecode
        return pikepdf.Stream(pdf, jpeg_bytes(image, quality), **keys)
    return pikepdf.Stream(pdf, pillow_image(image).tobytes(), **keys)


def g4_bytes(image: NDArray[np.uint8]) -> bytes:
    """Return the bare CCITT G4 stream of a two-level image, 0 being black."""
    buffer = io.BytesIO()
    pillow_image(image).save(
        buffer, "TIFF", compression="group4", strip_size=1 << 30, tiffinfo={262: 0, 266: 1}
    )
    buffer.seek(0)
    with Image.open(buffer) as tiff:
        offsets, counts = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    data = buffer.getvalue()
    return b"".join(data[o : o + c] for o, c in zip(offsets, counts, strict=True))


def write_tiff(path: Path, sheets: Sequence[Sheet], quality: int = 0) -> None:
    """Write a TIFF of all pages: G4 where all are two-level, else JPEG or deflate."""
    pages = [pillow_image(sheet.image) for sheet in sheets]
    two_levels = all(page.mode == "1" for page in pages)
    if not two_levels:
        pages = [page.convert("L") if page.mode == "1" else page for page in pages]
    compression = "group4" if two_levels else "jpeg" if quality else "tiff_deflate"
    options = {"quality": quality} if compression == "jpeg" else {}
    pages[0].save(
        path, "TIFF", save_all=True, append_images=pages[1:], compression=compression,
        dpi=(sheets[0].dpi, sheets[0].dpi), **options,
    )  # fmt: skip


def write_picture(path: Path, sheet: Sheet, quality: int = 0) -> None:
    """Write one page as PNG or JPEG, as the name says; the claimed dpi goes along."""
    picture = pillow_image(sheet.image)
    dpi = (round(sheet.dpi), round(sheet.dpi))
    if path.suffix == ".png":
        picture.save(path, dpi=dpi, compress_level=6)
    else:
        if picture.mode == "1":
            picture = picture.convert("L")
        picture.save(path, dpi=dpi, quality=quality or 90)


def write_document(path: Path, sheets: Sequence[Sheet], quality: int = 0) -> None:
    """Write ``sheets`` in the format the name of ``path`` asks for.

    Raises ValueError for several pages in a format that holds one.
    """
    if path.suffix == ".pdf":
        write_pdf(path, sheets, quality)
    elif path.suffix == ".tiff":
        write_tiff(path, sheets, quality)
    elif len(sheets) == 1:
        write_picture(path, sheets[0], quality)
    else:
        msg = f"{path.name}: {len(sheets)} pages do not fit into one picture"
        raise ValueError(msg)
