"""What a PDF page itself says: its characters, besides the lines and pictures that it draws."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from document.glyph import Glyph
from pipeline.affine import IDENTITY, box_between, multiply
from pipeline.drawings import drawings

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Box
    from pipeline.affine import Matrix

_UNSEEN_MODES = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
_QUIET = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
_APART = 0.05
"""Share of a line's height by which characters written in one go stand apart or overlap at most."""
_ASKEW = 0.1
"""Tangent of the angle to the nearest side of the page from which characters lie askew."""
_INTERLACED = 2
"""PDFium sorts characters of a line from left to right: those of figures that overlap alternate."""
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
        glyphs, unread, turned = _glyphs(words, shown)
    finally:
        words.close()
    if not glyphs:
        return None
    drawn = drawings(page, shown)
    if drawn is None:
        return None
    lines, pictures = drawn
    width, height = page.get_size()
    # a page's angle is taken off where /Rotate turns it
    level = turned < 0.1 * len(glyphs) and not _annotated(page)
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


def _glyphs(words: pypdfium2.PdfTextPage, shown: Matrix) -> tuple[list[Glyph], list[Box], int]:
    """Return the characters of a page, those without a meaning, and how many stand on their side.

    What lies askew is no text of the page but a watermark on it; its ink is not forgotten.
    """
    glyphs: list[Glyph] = []
    unread: list[Box] = []
    turned = 0
    sides = [ctypes.c_double() for _ in range(4)]
    loose = pdfium.FS_RECTF()
    runs: dict[int, int | None] = {}
    ends: list[Glyph] = []
    written = 0
    for i in range(words.count_chars()):
        code = pdfium.FPDFText_GetUnicode(words, i)
        text = chr(code) if 0 < code < 0x110000 else "\ufffd"
        lost = pdfium.FPDFText_HasUnicodeMapError(words, i) == 1 or _meaningless(text)
        if (text.isspace() and not lost) or pdfium.FPDFText_IsGenerated(words, i) == 1:
            ends = []
            continue
        owner = pdfium.FPDFText_GetTextObject(words, i)
        if not owner:
            continue
        run = ctypes.addressof(owner.contents)
        if run not in runs:
            seen = pdfium.FPDFTextObj_GetTextRenderMode(owner) not in _UNSEEN_MODES
            runs[run] = _way(words, i, shown) if seen else None
        way = runs[run]
        if way is None or not pdfium.FPDFText_GetCharBox(words, i, *sides):
            continue
        left, right, low, high = (side.value for side in sides)
        box = _box_of(left, low, right, high, shown)
        if lost:
            unread.append(box)
            continue
        pdfium.FPDFText_GetLooseCharBox(words, i, loose)
        line = _box_of(loose.left, loose.bottom, loose.right, loose.top, shown)
        before = next((one for one in reversed(ends) if _follows(one, line)), None)
        if before is not None:
            ends.remove(before)
        written += before is None
        glyphs.append(Glyph(text, box, line, written if before is None else before.run))
        ends = [*ends[-_INTERLACED:], glyphs[-1]]
        turned += way != 0
    return glyphs, unread, turned


def _follows(last: Glyph, line: Box) -> bool:
    """Tell whether a character begins where the last one ended."""
    gap = abs(line.left - last.line.right) + abs(line.bottom - last.line.bottom)
    return gap < _APART * line.height


def _way(words: pypdfium2.PdfTextPage, index: int, shown: Matrix) -> int | None:
    """Return how a character's run lies: 0 to the right, 1 another way, None askew."""
    found = pdfium.FS_MATRIX()
    matrix = IDENTITY
    if pdfium.FPDFText_GetMatrix(words, index, found):
        matrix = (found.a, found.b, found.c, found.d, found.e, found.f)
    x, y = multiply(matrix, (*shown[:4], 0, 0))[:2]
    if min(abs(x), abs(y)) > _ASKEW * max(abs(x), abs(y)):
        return None
    return int(x < abs(y))


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
