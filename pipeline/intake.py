"""Opens a document, whatever it is, and hands out its pages one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import pikepdf

from document.errors import InputError
from document.page import Page, PageFailure
from document.report import Finding, Source
from pipeline.allowance import USUAL, Allowance
from pipeline.faults import cause, fault, sentence
from pipeline.flow_file import absent_pictures, flow_page, is_flow, is_ofd, read_flow
from pipeline.ordinary_file import read_through
from pipeline.pdf import STRUCTURE_ERRORS, read_pdf_page
from pipeline.raster import ImageFormat, count_pictures, read_picture
from pipeline.selection import Selection, beyond, selected
from pipeline.text_file import count_pages, looks_like_text, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from document.flow import Flow

FileKind: TypeAlias = ImageFormat | Literal["PDF", "TEXT", "FLOW"]
"""A flow is a web page or a Word document: text, tables and pictures."""

_SMALLEST_SIDE = 40
"""Pixels of the shorter side below which no form's table can be legible."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How a page is to be taken: rendered at ``dpi``, turned clockwise by ``turns`` × 90°.

    None leaves it to Gouji. Only the view is turned: polygons stay in pixels of the page image.
    ``allowance`` is what the document may ask for; it changes no result.
    """

    dpi: int | None = None
    turns: int | None = None
    allowance: Allowance = USUAL


AS_FITS = Handling()


@dataclass(frozen=True, slots=True)
class Document:
    """An opened document: what it is, and which of its pages are wanted.

    ``wanted`` are page numbers from 1, ascending. ``findings`` is what opening it showed
    (a damaged file that could be mended). ``frames`` are the pictures of an image file.
    ``apart`` are the pages that are not taken as ``handling`` says.
    """

    path: Path
    kind: FileKind
    source: Source
    wanted: tuple[int, ...]
    absent: tuple[int, ...]
    findings: tuple[Finding, ...]
    frames: tuple[int, ...]
    handling: Handling = AS_FITS
    apart: Mapping[int, Handling] = field(default_factory=dict)
    flow: Flow | None = None

    def handled(self, number: int) -> Handling:
        """Return how page ``number`` is to be taken."""
        return self.apart.get(number, self.handling)

    def pages(self) -> Iterator[Page | PageFailure]:
        """Decode the wanted pages one by one, in order; a page that fails is said to fail.

        No page is kept here: memory holds one page if the caller keeps none either.
        Raises InputError only where the file itself has become unreadable since it was opened.
        """
        if self.kind == "PDF":
            with open_pdf(self.path) as pdf:
                for number in self.wanted:
                    yield self.pdf_page(pdf, number)
        elif self.flow is not None:
            for number in self.wanted:
                page = flow_page(self.flow, number, self.handling.allowance)
                if page is not None:
                    yield page if isinstance(page, PageFailure) else _readable(page)
        elif self.kind not in {
            "TEXT",
            "FLOW",
        }:  # a text has no pages to look at; pipeline.read_text reads it
            for number in self.wanted:
                yield self._picture(self.kind, number)  # type: ignore[arg-type]
        yield from self.missing_pages()

    def missing_pages(self) -> Iterator[PageFailure]:
        """Name the pages that are wanted and not there."""
        for number in self.absent:
            message = sentence("no-such-page", page=number, pages=self.source.pages)
            yield PageFailure(number, "no-such-page", message)

    def pdf_page(self, pdf: pikepdf.Pdf, number: int) -> Page | PageFailure:
        """Decode page ``number`` of this document, opened as ``pdf``."""
        try:
            dpi, allowance = self.handled(number).dpi, self.handling.allowance
            return _readable(read_pdf_page(self.path, pdf, number, dpi, allowance))
        except InputError as error:
            return PageFailure(number, error.code, error.message)
        except STRUCTURE_ERRORS as error:
            return PageFailure(number, "damaged-page", sentence("damaged-page", cause=cause(error)))

    def _picture(self, image_format: ImageFormat, number: int) -> Page | PageFailure:
        try:
            frame = self.frames[number - 1]
            allowance = self.handling.allowance
            return _readable(read_picture(self.path, image_format, frame, number, allowance))
        except InputError as error:
            return PageFailure(number, error.code, error.message)


def open_document(
    path: Path,
    *,
    handling: Handling = AS_FITS,
    pages: Selection | None = None,
    apart: Mapping[int, Handling] | None = None,
) -> Document:
    """Open a PDF, an image, a web page, a Word document or a text; its content says which.

    Args:
        path: The file.
        handling: How pages are to be taken.
        pages: The wanted pages; None for all.
        apart: Pages that are to be taken in another way.

    Raises:
        InputError: The file is missing, unreadable, empty, locked, damaged, or none of these, or
            asks for more than it is allowed.
    """
    allowance = handling.allowance
    content = read_through(path, allowance.file_mib)
    head = content.head
    kind = _kind(head, path)
    flow: Flow | None = None
    frames: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    if kind == "PDF":
        count, findings = _inspect_pdf(path)
    elif kind == "FLOW":
        flow = read_flow(head, path, allowance)
        count, findings = len(flow.sections), absent_pictures(flow)
    elif kind == "TEXT":
        count = count_pages(read_text(path))
    else:
        frames = count_pictures(path, kind, allowance)
        count = len(frames)
    wanted = selected(pages, count)
    if len(wanted) > allowance.pages:
        raise fault("too-many-pages", pages=len(wanted), limit=allowance.pages)
    return Document(
        path=path,
        kind=kind,
        source=Source(file=path.name, sha256=content.sha256, pages=count),
        wanted=wanted,
        absent=beyond(pages, count),
        findings=findings,
        frames=frames,
        handling=handling,
        apart=apart or {},
        flow=flow,
    )


def _readable(page: Page) -> Page | PageFailure:
    """Return the page, or a failure where it is too small to hold a single row of figures."""
    height, width = page.image.shape[:2]
    if min(height, width) >= _SMALLEST_SIDE:
        return page
    message = sentence("too-small", width=width, height=height)
    return PageFailure(page.number, "too-small", message)


_MAGIC: tuple[tuple[bytes, ImageFormat], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)

_FOREIGN: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"PK\x03\x04", "压缩包（Excel 等）", "a zip archive (Excel …)"),
    (0, b"\xd0\xcf\x11\xe0", "旧版 Office 文件", "an old Office file"),
    (0, b"GIF8", "GIF 图像", "a GIF image"),
    (4, b"ftyphei", "HEIC 照片", "a HEIC photo"),
    (4, b"ftypavif", "AVIF 图像", "an AVIF image"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000 图像", "a JPEG 2000 image"),
    (0, b"%!PS", "PostScript 文件", "a PostScript file"),
    (0, b"{\\rtf", "RTF 文件", "an RTF file"),
    (0, b"<", "网页或 XML 文本", "HTML or XML text"),
)


_NEVER_TEXT = frozenset(
    {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".docx", ".doc", ".xlsx"}
)
"""Names that promise something else: a text under such a name is a failed copy or download."""


def _kind(head: bytes, path: Path) -> FileKind:
    """Tell what a file is from its first bytes. Raises InputError where it is none of ours."""
    for magic, image_format in _MAGIC:
        if head.startswith(magic):
            return image_format
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if b"%PDF-" in head:
        return "PDF"
    return "FLOW" if is_flow(head, path) else _other_kind(head, path)


def _other_kind(head: bytes, path: Path) -> FileKind:
    """Tell a text from what is none of ours. Raises InputError for the latter."""
    zh, en = "其他类型的文件", "something else"
    if is_ofd(head, path):
        raise fault("ofd")
    for offset, magic, name_zh, name_en in _FOREIGN:
        if head[offset:].startswith(magic):
            zh, en = name_zh, name_en
            break
    else:
        if not head.strip(b"\0"):
            zh, en = "全为零字节的文件", "nothing but zero bytes"
        elif looks_like_text(head):
            if path.suffix.lower() not in _NEVER_TEXT:
                return "TEXT"
            zh, en = "文本文件", "text"
    raise fault("not-supported", looks_zh=zh, looks_en=en)


def _inspect_pdf(path: Path) -> tuple[int, tuple[Finding, ...]]:
    """Return the page count of a PDF, and what is wrong with it."""
    with open_pdf(path) as pdf:
        try:
            count = len(pdf.pages)
        except STRUCTURE_ERRORS as error:
            raise fault("damaged-pdf", cause=cause(error)) from error
        warnings = [str(warning) for warning in pdf.get_warnings()]
    if count == 0:
        raise fault("no-pages")
    if not any("reconstruct" in warning or "damaged" in warning for warning in warnings):
        return count, ()
    message = sentence("mended-pdf", pages=count)
    return count, (Finding(code="mended-pdf", message=message, wants_person=True),)


def open_pdf(path: Path) -> pikepdf.Pdf:
    """Open a PDF. Raises InputError where it is locked or damaged."""
    try:
        return pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise fault("encrypted") from error
    except (pikepdf.PdfError, RuntimeError) as error:
        raise fault("damaged-pdf", cause=cause(error)) from error
    except OSError as error:
        raise fault("unreadable-file", cause=cause(error)) from error
