"""Reports as searchable PDFs: the pages as they were scanned, with what was read laid over them."""

from __future__ import annotations

import io
import math
import struct
from dataclasses import replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pikepdf

from document.numeral import spell
from document.page import Page
from document.report import Status
from document.word import Word
from pipeline.glyphless import glyphless_font
from pipeline.layer_text import lay_text, without_unseen_text
from pipeline.pdf import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from document.geometry import Box, Point, Polygon
    from document.report import Cell, Report
    from document.word import Transcript
    from pipeline.intake import Document

_A4_LONG = 11.69
"""Inches: a page that claims no resolution is taken for A4."""
_HIGH, _WIDE = 0.55, 0.6
"""Size of a figure as a share of its cell's height, and of a digit as one of the figure's."""


def to_pdf(document: Document, report: Report, transcript: Transcript) -> bytes | None:
    """Return a PDF with a text layer of what was read; None where there are no pages to lay it on.

    A PDF stays what it is: only pages that were read from their pixels get the layer, and lose
    that of somebody else. Pictures become pages. A figure in doubt is laid as it was read, unless
    a person decided it, any other with its value. Raises InputError where the file has become
    unreadable since.
    """
    if document.kind in {"TEXT", "FLOW"}:
        return None
    words = list(_besides(transcript.words, report))
    words += _figures(report, _heights(words))
    if document.kind == "PDF":
        with pikepdf.open(document.path, suppress_warnings=True) as pdf:
            return _layered(pdf, document, words, transcript.pages)
    with pikepdf.new() as pdf:
        font = glyphless_font(pdf)
        for page in replace(document, absent=()).pages():
            if isinstance(page, Page):
                _add(pdf, page, [word for word in words if word.page == page.number], font)
        return _saved(pdf)


def _layered(
    pdf: pikepdf.Pdf, document: Document, words: list[Word], pages: frozenset[int]
) -> bytes:
    font = glyphless_font(pdf)
    for number in sorted(pages):
        image = document.pdf_page(pdf, number)
        mine = [word for word in words if word.page == number]
        if not isinstance(image, Page):
            continue
        page = pdf.pages[number - 1]
        box, turns = frame_of(pdf, number, image.origin)
        height, width = image.image.shape[:2]
        without_unseen_text(pdf, page)
        lay_text(page, mine, partial(_on_page, box, turns, (width, height)), font, pdf)
    return _saved(pdf)


def _besides(words: Iterable[Word], report: Report) -> Iterator[Word]:
    """Yield the words that do not lie in cells of figures, where they are somebody's guess."""
    cells: dict[int, list[NDArray[np.float32]]] = {}
    for cell in report.cells:
        if cell.page and cell.polygon is not None:
            cells.setdefault(cell.page, []).append(np.array(cell.polygon, np.float32))
    for word in words:
        x, y = (sum(corner[i] for corner in word.polygon) / 4 for i in (0, 1))
        mine = cells.get(word.page, ())
        if not any(cv2.pointPolygonTest(one, (x, y), measureDist=False) > 0 for one in mine):
            yield word


def _heights(words: Sequence[Word]) -> dict[int, float]:
    """Return how high lines are on each page, in pixels: figures are to stand on them."""
    found: dict[int, list[float]] = {}
    for word in words:
        found.setdefault(word.page, []).append(math.dist(word.polygon[0], word.polygon[3]))
    return {page: median(heights) for page, heights in found.items()}


def _figures(report: Report, heights: Mapping[int, float]) -> list[Word]:
    found = []
    for cell in report.cells:
        text = "".join(_said(cell).split())
        if cell.page and cell.polygon is not None and text:
            found.append(
                Word(cell.page, text, _around(cell.polygon, len(text), heights.get(cell.page)))
            )
    return found


def _said(cell: Cell) -> str:
    """Return what a page says in a cell: what a person or we are sure of, else what was read."""
    if cell.status is Status.HUMAN:
        return "" if cell.value is None else spell(cell.value)
    if cell.needs_review or cell.status is Status.READ or cell.value is None:
        return cell.printed
    return spell(cell.value)


def _around(polygon: Polygon, digits: int, line: float | None) -> Polygon:
    """Return where a figure stands in its cell: in the middle."""
    a, b, c, d = (np.array(corner, dtype=float) for corner in polygon)
    middle, along, down = (a + b + c + d) / 4, (b - a + c - d) / 2, (d - a + c - b) / 2
    width, height = float(np.linalg.norm(along)), float(np.linalg.norm(down))
    tall = min(_HIGH * height if line is None else line, width / max(1.0, _WIDE * digits))
    wide = min(1.0, _WIDE * digits * tall / max(width, 1e-9))
    along, down = along * wide / 2, down * (tall / max(height, 1e-9)) / 2
    corners = (middle - along - down, middle + along - down, middle + along + down)
    first, second, third = ((float(x), float(y)) for x, y in corners)
    last = middle - along + down
    return (first, second, third, (float(last[0]), float(last[1])))


def _on_page(box: Box, turns: int, size: tuple[int, int], point: Point) -> Point:
    """Take a pixel of a page's image, which shows ``box`` turned clockwise, to points."""
    u, v = point[0] / size[0], point[1] / size[1]
    if turns == 0:
        return box.left + u * box.width, box.bottom - v * box.height
    if turns == 1:
        return box.left + v * box.width, box.top + u * box.height
    if turns == 2:
        return box.right - u * box.width, box.top + v * box.height
    return box.right - v * box.width, box.bottom - u * box.height


def _add(pdf: pikepdf.Pdf, page: Page, words: list[Word], font: pikepdf.Object) -> None:
    """Add a page that shows a picture."""
    height, width = page.image.shape[:2]
    dpi = page.dpi or max(height, width) / _A4_LONG
    across, down = width / dpi * 72, height / dpi * 72
    made = pdf.add_blank_page(page_size=(across, down))
    picture = _picture(pdf, page.image)
    made.add_resource(picture, pikepdf.Name.XObject, pikepdf.Name("/Scan"))
    drawn = f"q {across:.3f} 0 0 {down:.3f} 0 0 cm /Scan Do Q\n"
    made.contents_add(pdf.make_stream(drawn.encode("ascii")))

    def to_page(point: Point) -> Point:
        return point[0] / dpi * 72, (height - point[1]) / dpi * 72

    lay_text(made, words, to_page, font, pdf)


def _picture(pdf: pikepdf.Pdf, image: NDArray[np.uint8]) -> pikepdf.Object:
    """Return a picture without loss: what a PNG holds is what a PDF takes."""
    blue, green, red = image[:, :, 0], image[:, :, 1], image[:, :, 2]
    grey = bool(np.array_equal(blue, green) and np.array_equal(green, red))
    depth = 8
    options: list[int] = []
    if grey and not np.any((blue != 0) & (blue != 255)):
        depth, options = 1, [cv2.IMWRITE_PNG_BILEVEL, 1]
    _, content = cv2.imencode(".png", blue if grey else image, options)
    height, width = image.shape[:2]
    stream = pikepdf.Stream(pdf, _chunks(content.tobytes()))
    stream["/Type"], stream["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    stream["/Width"], stream["/Height"], stream["/BitsPerComponent"] = width, height, depth
    stream["/ColorSpace"] = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
    stream["/Filter"] = pikepdf.Name.FlateDecode
    stream["/DecodeParms"] = pikepdf.Dictionary(
        Predictor=15, Colors=1 if grey else 3, BitsPerComponent=depth, Columns=width
    )
    return pdf.make_indirect(stream)


def _chunks(png: bytes) -> bytes:
    """Return the packed pixels of a PNG file."""
    at, found = 8, []
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            found.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(found)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()
