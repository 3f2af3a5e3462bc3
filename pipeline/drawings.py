"""What a PDF page draws besides its characters: straight lines, and where pictures lie."""

from __future__ import annotations

import ctypes
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import pypdfium2.raw as pdfium

from document.geometry import Box
from pipeline.affine import box_between, image_of, multiply

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pypdfium2

    from pipeline.affine import Matrix

MOST_OBJECTS = 60_000
_DEEPEST = 6
_THICKEST_LINE = 6.0
"""Points; what is thicker is an area."""
_LONGEST_PATH = 400
_RECTANGLE = 5
"""Segments of a closed four-sided path."""


def drawings(page: pypdfium2.PdfPage, shown: Matrix) -> tuple[list[Box], list[Box]] | None:
    """Return the straight lines that a page draws along its axes, and the boxes of its pictures.

    ``shown`` takes PDF's points to points of the page as it is shown. None where a page draws
    far too much.
    """
    lines: list[Box] = []
    pictures: list[Box] = []
    for number, (one, kind, around) in enumerate(_objects(page.raw, shown)):
        if number > MOST_OBJECTS:
            return None
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            lines += _lines(one, around)
        elif kind in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING}:
            pictures.append(image_of(Box(0, 0, 1, 1), _placed(one, around)))
    return lines, pictures


def _objects(page: Any, shown: Matrix) -> Iterator[tuple[Any, int, Matrix]]:
    """Yield what a page draws, its kind, and the matrix from what holds it to the page as shown.

    PDFium's own functions and no objects around them: a dashed frame is drawn stroke by stroke.
    """
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _unfolded(pdfium.FPDFPage_GetObject(page, i), shown, 1)


def _unfolded(one: Any, around: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    kind = pdfium.FPDFPageObj_GetType(one)
    yield one, kind, around
    if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inner = _placed(one, around)
        for i in range(pdfium.FPDFFormObj_CountObjects(one)):
            yield from _unfolded(pdfium.FPDFFormObj_GetObject(one, i), inner, depth + 1)


def _placed(one: Any, around: Matrix) -> Matrix:
    """Return the matrix of an object on the page, through the forms that hold it."""
    own = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(one, own):
        return around
    return multiply((own.a, own.b, own.c, own.d, own.e, own.f), around)


def _lines(one: Any, around: Matrix) -> Iterator[Box]:
    """Yield the straight lines along the axes that a path draws, as thin boxes in points."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(one, fill, stroke)
    if not (fill.value or stroke.value):
        return
    segments = pdfium.FPDFPath_CountSegments(one)
    if segments > _LONGEST_PATH:
        return
    if not stroke.value and segments == _RECTANGLE and _angular(one):
        box = _bounds(one, around)
        if box is not None and min(box.width, box.height) <= _THICKEST_LINE and _dark(one, "fill"):
            yield box
        return
    filled = fill.value and _dark(one, "fill")
    half = _half_width(one, around) if stroke.value and _dark(one, "stroke") else None
    for points in _subpaths(one, _placed(one, around), segments, closed=half is not None):
        if len(points) < 2:
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        if filled and min(box.width, box.height) <= _THICKEST_LINE:
            yield box
        if half is not None:
            yield from _strokes(points, half)


def _strokes(points: list[tuple[float, float]], half: float) -> Iterator[Box]:
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ax - bx) < 0.2 or abs(ay - by) < 0.2:
            yield box_between(ax, ay, bx, by).inset(-half)


def _half_width(one: Any, around: Matrix) -> float:
    """Return half the width of a path's strokes, in points."""
    a, b, c, d, _, _ = _placed(one, around)
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(one, width)
    return min(width.value * math.sqrt(abs(a * d - b * c)), _THICKEST_LINE) / 2


def _angular(one: Any) -> bool:
    """Tell whether a path is one stroke of the pen, without curves."""
    return all(
        pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(one, i))
        == pdfium.FPDF_SEGMENT_LINETO
        for i in range(1, _RECTANGLE)
    )


def _bounds(one: Any, around: Matrix) -> Box | None:
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(one, left, low, right, high):
        return None
    a, b, c, d, e, f = around
    x, y = left.value, low.value
    to_x, to_y = right.value, high.value
    return box_between(
        a * x + c * y + e, b * x + d * y + f, a * to_x + c * to_y + e, b * to_x + d * to_y + f
    )


def _subpaths(
    one: Any, matrix: Matrix, segments: int, *, closed: bool
) -> list[list[tuple[float, float]]]:
    """Return the corners of a path's parts; ``closed`` ones with the first at the end, too."""
    a, b, c, d, e, f = matrix
    paths: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    # Few calls: dashes of a frame may be drawn as one path of hundreds of parts.
    segment_of, type_of = pdfium.FPDFPath_GetPathSegment, pdfium.FPDFPathSegment_GetType
    point_of = pdfium.FPDFPathSegment_GetPoint
    for i in range(segments):
        segment = segment_of(one, i)
        point_of(segment, x, y)
        across, up = x.value, y.value
        point = (a * across + c * up + e, b * across + d * up + f)
        kind = type_of(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            paths[-1] = []  # a curve is no ruling line
        else:
            paths[-1].append(point)
        if closed and paths[-1] and pdfium.FPDFPathSegment_GetClose(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _dark(one: Any, part: Literal["fill", "stroke"]) -> bool:
    """Tell whether a path's colour can be seen on white paper."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    fill = part == "fill"
    get = pdfium.FPDFPageObj_GetFillColor if fill else pdfium.FPDFPageObj_GetStrokeColor
    if not get(one, red, green, blue, alpha):
        return True  # a pattern
    return alpha.value > 16 and min(red.value, green.value, blue.value) < 245
