"""Web pages and Word documents: what they are, what they hold, and their pictures as pages."""

from __future__ import annotations

import io
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from document.errors import InputError
from document.flow import Flow, FlowPicture
from document.page import PageFailure
from document.report import Finding
from pipeline.allowance import USUAL
from pipeline.docx_flow import is_doc, read_doc, read_docx
from pipeline.docx_package import holds, is_docx
from pipeline.faults import cause, fault, sentence
from pipeline.html_flow import looks_like_html, read_html
from pipeline.raster import DECODING_ERRORS, bgr, check_size, read_picture

if TYPE_CHECKING:
    from document.flow import Margins
    from document.page import Page
    from pipeline.allowance import Allowance
    from pipeline.raster import ImageFormat

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SMALLEST, _SHORTEST = 60, 200
"""Pixels of the shorter and the longer side below which a picture is an ornament."""

_MAGIC: tuple[tuple[bytes, ImageFormat], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)


def is_flow(head: bytes, path: Path) -> bool:
    """Tell whether a file is a web page or a Word document; its content says so."""
    if head.startswith(_ZIP):
        return is_docx(path)
    if head.startswith(_OLE):
        return is_doc(path)
    return looks_like_html(head)


def is_ofd(head: bytes, path: Path) -> bool:
    """Tell whether a file is an OFD document: an archive that begins in ``OFD.xml``."""
    if not head.startswith(_ZIP):
        return False
    return path.suffix.lower() == ".ofd" or holds(path, "OFD.xml")


def read_flow(head: bytes, path: Path, allowance: Allowance = USUAL) -> Flow:
    """Return what such a file holds, without its ornaments. Raises InputError."""
    if head.startswith(_ZIP):
        flow = read_docx(path, allowance)
    elif head.startswith(_OLE):
        flow = read_doc(path, allowance)
    else:
        flow = read_html(path, allowance)
    kept = tuple(s for s in flow.sections if not isinstance(s[0], FlowPicture) or _matters(s[0]))
    if not kept:
        raise fault("empty-text", size=path.stat().st_size)
    return Flow(kept, flow.absent)


def absent_pictures(flow: Flow) -> tuple[Finding, ...]:
    """Say that a page shows pictures or frames which are not there."""
    if not flow.absent:
        return ()
    message = sentence("picture-absent", count=len(flow.absent), name=flow.absent[0])
    return (Finding("picture-absent", message),)


def flow_page(flow: Flow, number: int, allowance: Allowance = USUAL) -> Page | PageFailure | None:
    """Decode the picture that is section ``number`` (from 1); None where it is no picture."""
    picture = flow.sections[number - 1][0]
    if not isinstance(picture, FlowPicture):
        return None
    kind = _format(picture.content)
    try:
        if kind is None:
            raise fault("picture-format", name=picture.name)
        with tempfile.TemporaryDirectory(prefix="gouji-picture-") as folder:
            path = Path(folder) / "picture"
            path.write_bytes(_still(picture.content, allowance))
            return _shown(read_picture(path, kind, 0, number, allowance), picture.hidden)
    except InputError as error:
        return PageFailure(number, error.code, error.message)


def _shown(page: Page, hidden: Margins) -> Page:
    """Return what a document shows of a picture; polygons are then in pixels of that part."""
    if not any(hidden):
        return page
    height, width = page.image.shape[:2]
    left, top = round(hidden[0] * width), round(hidden[1] * height)
    right, bottom = width - round(hidden[2] * width), height - round(hidden[3] * height)
    return replace(page, image=np.ascontiguousarray(page.image[top:bottom, left:right]))


def _format(content: bytes) -> ImageFormat | None:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content.startswith(b"GIF8"):
        return "PNG"
    return next((name for magic, name in _MAGIC if content.startswith(magic)), None)


def _still(content: bytes, allowance: Allowance) -> bytes:
    """Return a GIF's first picture as PNG, and anything else as it is."""
    if not content.startswith(b"GIF8"):
        return content
    try:
        with Image.open(io.BytesIO(content), formats=("GIF",)) as image:
            check_size(image.size, allowance)
            out = io.BytesIO()
            Image.fromarray(bgr(image)[:, :, ::-1]).save(out, "PNG")
            return out.getvalue()
    except DECODING_ERRORS as error:
        raise fault("damaged-image", format="GIF", cause=cause(error)) from error


def _matters(picture: FlowPicture) -> bool:
    """Tell whether a picture may hold a table; what cannot be opened may."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(picture.content)) as image:
                return min(image.size) >= _SMALLEST and max(image.size) >= _SHORTEST
    except DECODING_ERRORS:
        return True
