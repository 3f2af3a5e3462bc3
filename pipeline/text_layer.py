"""What a PDF page itself says: its characters, the lines it draws, and where pictures lie."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from document.geometry import Box
from document.glyph import Glyph
from pipeline.affine import IDENTITY, box_between, image_of, matrix_of, multiply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from pipeline.affine import Matrix

MOST_OBJECTS = 60_000
_DEEPEST = 6
_THICKEST_LINE = 6.0
"""Points; what is thicker is an area."""
_UNSEEN_MODES = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
_QUIET = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
_HIDDEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


@dataclass(frozen=True, slots=True)
class Layer:
    """A page's own words and lines, in points, x to the right, y downward from its corner.

    ``unread`` are boxes of characters of which the file does not say what they are. ``level``
    tells that its text runs from left to right as it is shown, and that no notes lie on it.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    unread: tuple[Box, ...]
    lines: tuple[Box, ...]
    pictures: tuple[Box, ...]
    level: bool


class TextLayers:
    """The text layers of an open PDF. A context manager; pages count from 1."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises pypdfium2.PdfiumError where PDFium cannot."""
        self._document = pypdfium2.PdfDocument(path)
        self._held: tuple[int, pypdfium2.PdfPage] | None = None

    def close(self) -> None:
        """Let go of the file."""
        self._let_go()
        self._document.close()

    def layer(self, number: int) -> Layer | None:
        """Return what page ``number`` says, None where it says nothing or far too much."""
        return _layer(self._page(number))

    def picture(self, number: int, dpi: float) -> NDArray[np.uint8]:
        """Render a page: (height, width) uint8, grey."""
        page = self._page(number)
        picture = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=False)
        image: NDArray[np.uint8] = picture.to_numpy().copy()
        return image.reshape(image.shape[0], image.shape[1])

    def _page(self, number: int) -> pypdfium2.PdfPage:
        """Parse a page; the one before is let go of, since pages are asked for in turn."""
        if self._held is None or self._held[0] != number:
            self._let_go()
            self._held = number, self._document[number - 1]
        return self._held[1]

    def _let_go(self) -> None:
        if self._held is not None:
            self._held[1].close()
        self._held = None


def _layer(page: pypdfium2.PdfPage) -> Layer | None:
    shown = _shown(page)
    words = page.get_textpage()
    try:
        if not words.count_chars():
            return None
        glyphs, unread, angles = _glyphs(words, shown)
    finally:
        words.close()
    if not glyphs:
        return None
    lines: list[Box] = []
    pictures: list[Box] = []
    for number, one in enumerate(page.get_objects(max_depth=_DEEPEST)):
        if number > MOST_OBJECTS:
            return None
        if one.type == pdfium.FPDF_PAGEOBJ_PATH:
            lines += _lines(one, shown)
        elif one.type in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING}:
            pictures.append(image_of(Box(0, 0, 1, 1), multiply(_placed(one), shown)))
    turned = sum(abs(angle) > 0.1 for angle in angles)
    width, height = page.get_size()
    # a page's angle is taken off where /Rotate turns it
    level = turned < 0.1 * len(angles) and not _annotated(page)
    return Layer(width, height, tuple(glyphs), tuple(unread), tuple(lines), tuple(pictures), level)


def _annotated(page: pypdfium2.PdfPage) -> bool:
    """Tell whether stamps, notes or form fields lie on a page; their words are not in its text."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        one = pdfium.FPDFPage_GetAnnot(page, number)
        kind = pdfium.FPDFAnnot_GetSubtype(one)
        hidden = pdfium.FPDFAnnot_GetFlags(one) & _HIDDEN
        pdfium.FPDFPage_CloseAnnot(one)
        if kind not in _QUIET and not hidden:
            return True
    return False


def _shown(page: pypdfium2.PdfPage) -> Matrix:
    """Return the matrix from PDF's points to points of the page as it is shown, y downward."""
    left, bottom, right, top = page.get_bbox()
    turns = (page.get_rotation() // 90) % 4
    if turns == 0:
        return (1, 0, 0, -1, -left, top)
    if turns == 1:
        return (0, 1, 1, 0, -bottom, -left)
    if turns == 2:
        return (-1, 0, 0, 1, right, -bottom)
    return (0, -1, -1, 0, top, right)


def _glyphs(
    words: pypdfium2.PdfTextPage, shown: Matrix
) -> tuple[list[Glyph], list[Box], list[float]]:
    glyphs: list[Glyph] = []
    unread: list[Box] = []
    angles: list[float] = []
    sides = [ctypes.c_double() for _ in range(4)]
    loose = pdfium.FS_RECTF()
    runs: dict[int, float | None] = {}
    for i in range(words.count_chars()):
        code = pdfium.FPDFText_GetUnicode(words, i)
        text = chr(code) if 0 < code < 0x110000 else "\ufffd"
        lost = pdfium.FPDFText_HasUnicodeMapError(words, i) == 1 or _meaningless(text)
        if (text.isspace() and not lost) or pdfium.FPDFText_IsGenerated(words, i) == 1:
            continue
        owner = pdfium.FPDFText_GetTextObject(words, i)
        if not owner:
            continue
        run = ctypes.addressof(owner.contents)
        if run not in runs:
            seen = pdfium.FPDFTextObj_GetTextRenderMode(owner) not in _UNSEEN_MODES
            runs[run] = _slant(words, i, shown) if seen else None
        angle = runs[run]
        if angle is None or not pdfium.FPDFText_GetCharBox(words, i, *sides):
            continue
        left, right, low, high = (side.value for side in sides)
        box = _box_of(left, low, right, high, shown)
        if lost:
            unread.append(box)
            continue
        pdfium.FPDFText_GetLooseCharBox(words, i, loose)
        line = _box_of(loose.left, loose.bottom, loose.right, loose.top, shown)
        glyphs.append(Glyph(text, box, line))
        angles.append(angle)
    return glyphs, unread, angles


def _slant(words: pypdfium2.PdfTextPage, index: int, shown: Matrix) -> float:
    """Return how far a character's run is from going to the right: its sine, and 1 if leftward."""
    found = pdfium.FS_MATRIX()
    matrix = IDENTITY
    if pdfium.FPDFText_GetMatrix(words, index, found):
        matrix = (found.a, found.b, found.c, found.d, found.e, found.f)
    x = multiply(matrix, (*shown[:4], 0, 0))
    return abs(x[1]) / max(abs(x[0]), abs(x[1]), 1e-9) + (x[0] < 0)


def _box_of(left: float, low: float, right: float, high: float, shown: Matrix) -> Box:
    """Return a box of PDF's points on the page as it is shown; quarter turns only."""
    a, b, c, d, e, f = shown
    ax, ay = a * left + c * low + e, b * left + d * low + f
    bx, by = a * right + c * high + e, b * right + d * high + f
    return box_between(ax, ay, bx, by)


def _meaningless(text: str) -> bool:
    """Tell whether a character says nothing: private use, a replacement, a control."""
    code = ord(text)
    private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
    return private or code in {0xFFFD, 0xFFFE, 0xFFFF} or (code < 32 and not text.isspace())


def _placed(one: pypdfium2.PdfObject) -> Matrix:
    """Return the matrix of an object on the page, through the forms that hold it."""
    matrix = matrix_of(one.get_matrix().get())
    holder = one.container
    while holder is not None:
        matrix = multiply(matrix, matrix_of(holder.get_matrix().get()))
        holder = holder.container
    return matrix


def _lines(one: pypdfium2.PdfObject, shown: Matrix) -> Iterator[Box]:
    """Yield the straight lines along the axes that a path draws, as thin boxes in points."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(one, fill, stroke)
    if not (fill.value or stroke.value) or pdfium.FPDFPath_CountSegments(one) > 400:
        return
    matrix = multiply(_placed(one), shown)
    scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
    for points in _subpaths(one, matrix):
        if len(points) < 2:
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        if fill.value and min(box.width, box.height) <= _THICKEST_LINE and _dark(one, fill=True):
            yield box
        if stroke.value and _dark(one, fill=False):
            width = ctypes.c_float()
            pdfium.FPDFPageObj_GetStrokeWidth(one, width)
            half = min(width.value * scale, _THICKEST_LINE) / 2
            for (ax, ay), (bx, by) in pairwise(points):
                if abs(ax - bx) < 0.2 or abs(ay - by) < 0.2:
                    yield box_between(ax, ay, bx, by).inset(-half)


def _subpaths(one: pypdfium2.PdfObject, matrix: Matrix) -> list[list[tuple[float, float]]]:
    a, b, c, d, e, f = matrix
    paths: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(pdfium.FPDFPath_CountSegments(one)):
        segment = pdfium.FPDFPath_GetPathSegment(one, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            paths[-1] = []  # a curve is no ruling line
        else:
            paths[-1].append(point)
        if paths[-1] and pdfium.FPDFPathSegment_GetClose(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _dark(one: pypdfium2.PdfObject, *, fill: bool) -> bool:
    """Tell whether a path's colour can be seen on white paper."""
    colour = [ctypes.c_uint() for _ in range(4)]
    get = pdfium.FPDFPageObj_GetFillColor if fill else pdfium.FPDFPageObj_GetStrokeColor
    if not get(one, *colour):
        return True  # a pattern
    red, green, blue, alpha = (part.value for part in colour)
    return alpha > 16 and min(red, green, blue) < 245
