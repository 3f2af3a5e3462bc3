"""PDF pages as pictures: the embedded scan as it stands, or the page rendered."""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
from pdf2image import convert_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image

from document.geometry import Box
from document.page import Page
from pipeline.affine import Matrix, common
from pipeline.allowance import USUAL
from pipeline.faults import cause, fault
from pipeline.inflating import inflates_beyond
from pipeline.painting import Painting, Placement, walk
from pipeline.raster import DECODING_ERRORS, bgr, check_size, square_pixels

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from document.page import Origin
    from pipeline.allowance import Allowance

_NEARLY_WHOLE = 0.9
_COARSEST, _FINEST = 150, 400
_VECTOR_DPI = 300
_SMALLEST_EM = 30.0
"""Pixels that the smallest text's em should get where the page is drawn, not scanned."""
_RENDER_SECONDS = 120
_A4 = Box(0, 0, 595, 842)
STRUCTURE_ERRORS = (pikepdf.PdfError, AttributeError, RuntimeError, *DECODING_ERRORS)
"""What pikepdf, and code that trusts a PDF's structure, are known to raise on broken files."""
_PLAIN_COLORS = frozenset({"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB"})


def read_pdf_page(
    path: Path, pdf: pikepdf.Pdf, number: int, dpi: int | None, allowance: Allowance = USUAL
) -> Page:
    """Take page ``number`` (from 1) out of a PDF.

    A page that is one picture is that picture, pixel by pixel, turned as a viewer would show
    it. Any other page, and every page where ``dpi`` is given, is rendered by poppler.
    Raises InputError where the page cannot be had.
    """
    page = pdf.pages[number - 1]
    try:
        visible = _visible_box(page)
        painting = walk(page)
        scan = None if dpi else _embedded(painting, visible, _rotation(page), allowance)
    except STRUCTURE_ERRORS:
        # The page's own description is broken; poppler may still make something of it.
        visible, painting, scan = _A4, Painting(others=True), None
    if painting.endless:
        raise fault("endless-page")
    if scan is not None:
        return Page(number=number, image=scan[0], dpi=scan[1], origin="embedded")
    return _rendered(path, number, visible, dpi or fitting_dpi(painting), allowance)


def rendered_dpi(pdf: pikepdf.Pdf, number: int) -> float | None:
    """Return the dpi at which ``read_pdf_page`` renders a page that is no scan; None if it never.

    A page whose forms draw themselves, or whose content is a bomb, is not rendered at all.
    """
    page = pdf.pages[number - 1]
    try:
        visible, painting = _visible_box(page), walk(page)
    except STRUCTURE_ERRORS:
        visible, painting = _A4, Painting(others=True)
    if painting.endless:
        return None
    return _within_limit(visible, fitting_dpi(painting), USUAL)


def frame_of(pdf: pikepdf.Pdf, number: int, origin: Origin) -> tuple[Box, int]:
    """Return the part of a page, in its points, that its image shows, and how that is turned.

    ``origin`` is where the image that ``read_pdf_page`` made came from; the second figure counts
    clockwise quarter turns.
    """
    page = pdf.pages[number - 1]
    try:
        visible, turns = _visible_box(page), _rotation(page)
        if origin != "embedded":
            return visible, turns
        painting = walk(page)
        placement = painting.placements[0]
        return common(common(placement.box, visible), painting.clip or visible), turns
    except (*STRUCTURE_ERRORS, IndexError):
        return _A4, 0


def fitting_dpi(painting: Painting) -> int:
    """Choose the resolution (dpi) at which the smallest text of a page can be read.

    Pictures ask for their own resolution, drawn text for so many pixels an em.
    """
    wanted = [
        max(placement.dpi)
        for placement in painting.placements
        if placement.width * placement.height > 10_000  # not a seal's corner or a bullet
    ]
    if painting.smallest_text is not None:
        wanted.append(max(_VECTOR_DPI, _SMALLEST_EM * 72 / painting.smallest_text))
    if not wanted:
        return _VECTOR_DPI
    finest = max(wanted)
    return int(min(_FINEST, max(_COARSEST, math.ceil(finest - 0.01))))


def _visible_box(page: pikepdf.Page) -> Box:
    """Return the part of a page that viewers show, in points."""
    crop = [float(value) for value in page.cropbox]
    media = [float(value) for value in page.mediabox]
    left, right = sorted((crop[0], crop[2]))
    top, bottom = sorted((crop[1], crop[3]))
    media_x, media_y = sorted((media[0], media[2])), sorted((media[1], media[3]))
    box = Box(
        max(left, media_x[0]), max(top, media_y[0]), min(right, media_x[1]), min(bottom, media_y[1])
    )
    if box.width <= 0 or box.height <= 0:
        check_size((0, 0))
    return box


def _rotation(page: pikepdf.Page) -> int:
    """Return the clockwise quarter turns by which a viewer shows the page."""
    return round(float(page.rotation) / 90) % 4


def _embedded(
    painting: Painting, visible: Box, turns: int, allowance: Allowance
) -> tuple[NDArray[np.uint8], float | None] | None:
    """Return the page's own scan and its dpi, or None where the page is more than one picture."""
    if painting.others or len(painting.placements) != 1:
        return None
    placement = painting.placements[0]
    seen = common(common(placement.box, visible), painting.clip or visible)
    quarter = _quarter_turn(placement.matrix)
    if (
        placement.image is None
        or quarter is None
        or seen.width * seen.height < _NEARLY_WHOLE * visible.width * visible.height
        or not _plain(placement.image)
    ):
        return None
    check_size((placement.width, placement.height), allowance)
    # 16 bits of 4 colours at most, and a predictor's byte a row
    if inflates_beyond(placement.image, placement.width * placement.height * 9 + (1 << 20)):
        raise fault("endless-page")
    pixels = _decoded(placement.image)
    if pixels is None or pixels.shape[:2] != (placement.height, placement.width):
        return None
    upright = _oriented(pixels, quarter)
    across, down = _dpi_on_page(placement, quarter)
    cut = _cut(upright, placement.box, seen)
    squared, dpi = square_pixels(cut, across, down)
    return np.ascontiguousarray(np.rot90(squared, -turns)), dpi


def _plain(image: pikepdf.Object) -> bool:
    """Tell whether a picture's samples can be taken as they are, without a PDF colour engine."""
    if any(key in image for key in ("/SMask", "/Mask", "/Matte")) or image.get("/ImageMask", False):
        return False
    filters = image.get("/Filter", [])
    names = {str(filters)} if isinstance(filters, pikepdf.Name) else {str(f) for f in filters}
    if "/JPXDecode" in names:
        return "/Decode" not in image
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array):
        kind = str(space[0]) if len(space) else ""
        if kind == "/ICCBased":
            components = int(space[1].get("/N", 0))
            plain = components in {1, 3}
        elif kind == "/Indexed":
            plain = "/Decode" not in image
        else:
            plain = kind in _PLAIN_COLORS
    else:
        plain = str(space) in _PLAIN_COLORS
    return plain and not ("/DCTDecode" in names and "/Decode" in image)


def _decoded(image: pikepdf.Object) -> NDArray[np.uint8] | None:
    """Decode a picture; None where pikepdf cannot, so that poppler should try.

    Raises InputError where the picture is damaged: poppler would paint the lost part gray.
    """
    try:
        with pikepdf.PdfImage(image).as_pil_image() as picture:
            return bgr(picture)
    except (
        pikepdf.UnsupportedImageTypeError,
        pikepdf.models.image.NotExtractableError,
        pikepdf.models.image.InvalidPdfImageError,
        pikepdf.DependencyError,
        NotImplementedError,
    ):
        return None
    except (pikepdf.PdfError, zlib.error, *DECODING_ERRORS) as error:
        raise fault("damaged-page", cause=cause(error)) from error
    except MemoryError as error:
        raise fault("out-of-memory") from error


def _quarter_turn(matrix: Matrix) -> Matrix | None:
    """Return the nearest matrix of quarter turns and flips; None where the picture lies askew."""
    a, b, c, d, _, _ = matrix
    size = max(abs(a), abs(b), abs(c), abs(d))
    if size == 0:
        return None
    if max(abs(b), abs(c)) < 0.002 * size and min(abs(a), abs(d)) > 0:
        return (math.copysign(1, a), 0, 0, math.copysign(1, d), 0, 0)
    if max(abs(a), abs(d)) < 0.002 * size and min(abs(b), abs(c)) > 0:
        return (0, math.copysign(1, b), math.copysign(1, c), 0, 0, 0)
    return None


def _oriented(pixels: NDArray[np.uint8], quarter: Matrix) -> NDArray[np.uint8]:
    """Turn and flip a picture as its placement does.

    The picture's first row lies at the top of the unit square, whose y axis points upward.
    """
    a, b, c, d, _, _ = quarter
    if a:
        turned = pixels[:, ::-1] if a < 0 else pixels
        return turned[::-1] if d < 0 else turned
    # The columns run along y: upward on the page where b > 0; rows run along x.
    turned = pixels.transpose(1, 0, 2)
    turned = turned[::-1] if b > 0 else turned
    return turned[:, ::-1] if c > 0 else turned


def _dpi_on_page(placement: Placement, quarter: Matrix) -> tuple[float, float]:
    """Return the picture's dpi along the page's x and y axes."""
    along_width, along_height = placement.dpi
    return (along_width, along_height) if quarter[0] else (along_height, along_width)


def _cut(pixels: NDArray[np.uint8], box: Box, seen: Box) -> NDArray[np.uint8]:
    """Cut a picture that fills ``box`` to the part that is ``seen``; both in points, y upward."""
    height, width = pixels.shape[:2]
    across, down = width / box.width, height / box.height
    left = math.floor((seen.left - box.left) * across + 0.5)
    right = math.floor((seen.right - box.left) * across + 0.5)
    top = math.floor((box.bottom - seen.bottom) * down + 0.5)
    bottom = math.floor((box.bottom - seen.top) * down + 0.5)
    return pixels[top:bottom, left:right]


def _within_limit(visible: Box, dpi: float, allowance: Allowance) -> float:
    area = visible.width * visible.height / 72**2
    return min(dpi, math.floor(math.sqrt(allowance.megapixels * 1e6 / area)))


def _rendered(path: Path, number: int, visible: Box, dpi: float, allowance: Allowance) -> Page:
    """Render a page with poppler, at ``dpi`` or the highest resolution below the pixel limit."""
    used = _within_limit(visible, dpi, allowance)
    if used < min(dpi, 72):
        size = (round(visible.width / 72 * dpi), round(visible.height / 72 * dpi))
        check_size(size, allowance)
    try:
        pictures = convert_from_path(
            path.absolute(),  # a name that begins with - is no option of poppler's
            dpi=used,
            first_page=number,
            last_page=number,
            use_cropbox=True,
            timeout=_RENDER_SECONDS,
        )
    except PDFInfoNotInstalledError as error:
        raise fault("poppler-missing") from error
    except PDFPopplerTimeoutError as error:
        raise fault("unrendered-page", cause=f"> {_RENDER_SECONDS} s") from error
    except (PDFPageCountError, PDFSyntaxError, Image.DecompressionBombError, OSError) as error:
        raise fault("unrendered-page", cause=cause(error)) from error
    if not pictures:
        raise fault("unrendered-page", cause="poppler: 0")
    return Page(number=number, image=bgr(pictures[0]), dpi=float(used), origin="rendered")
