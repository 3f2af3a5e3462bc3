"""Hostile PDFs, written object by object."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from tests.hostile.pictures import jpeg_of, repeated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>"
_IMAGE = b"q 595 0 0 842 0 0 cm /I Do Q"


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<</Size %d%s>>\nstartxref\n%d\n" % (len(objects) + 1, trailer, start))
    return out.getvalue() + b"%%EOF\n"


def stream(content: bytes, keys: bytes = b"", length: int | None = None) -> bytes:
    """Return a stream object; it may lie about its length."""
    said = len(content) if length is None else length
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (said, keys, content)


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """Return a PDF of one page, its content stream object 4 and ``more`` from 5."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE % resources,
        content,
        *more,
    )


def packed(size: int, piece: bytes = b"\0", *, twice: bool = False) -> bytes:
    """Return some ``size`` bytes of a repeated piece, deflated; never whole in memory."""
    whole = repeated(size >> 20, piece * ((1 << 20) // len(piece)))
    return zlib.compress(whole, 9) if twice else whole


def _image(width: int, height: int, content: bytes, coded: bytes) -> bytes:
    size = b"/Width %d/Height %d" % (width, height)
    keys = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceGray"
    return stream(content, keys + size + b"/Filter" + coded)


def _scan(width: int, height: int, content: bytes, coded: bytes = b"/FlateDecode") -> bytes:
    return one_page(
        stream(_IMAGE), _image(width, height, content, coded), resources=b"/XObject<</I 5 0 R>>"
    )


def _form(drawn: bytes, forms: bytes) -> bytes:
    keys = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<<%s>>>>" % forms
    return stream(drawn, keys)


def _cyclic_pages() -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def _many_pages() -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 10000>>" % kids,
        *[page] * 10_000,
    )


def _forms_without_end() -> bytes:
    drawn = b"/A Do " * 10
    forms = [_form(drawn, b"/A %d 0 R" % number) for number in range(6, 14)]
    last = stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page(stream(drawn), *forms, last, resources=b"/XObject<</A 5 0 R>>")


def _form_in_itself() -> bytes:
    return one_page(
        stream(b"/A Do"), _form(b"/A Do /A Do", b"/A 5 0 R"), resources=b"/XObject<</A 5 0 R>>"
    )


def _truncated() -> bytes:
    whole = _scan(1000, 1400, packed(1_400_000))
    return whole[: len(whole) // 2]


def _endless_index() -> bytes:
    whole = one_page(stream(b""))
    at = whole.rindex(b"startxref")
    start = whole[at:].split()[1]
    return whole.replace(b"trailer\n<<", b"trailer\n<</Prev %s" % start)


def _jpeg_that_lies() -> bytes:
    return _scan(100, 140, jpeg_of(40_000, 40_000), b"/DCTDecode")


def _predictor() -> bytes:
    image = _image(1000, 1400, packed(1 << 20), b"/FlateDecode")
    lie = b"/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32/BitsPerComponent 16>>"
    image = image.replace(b"/FlateDecode", b"/FlateDecode" + lie, 1)
    return one_page(stream(_IMAGE), image, resources=b"/XObject<</I 5 0 R>>")


def _fax() -> bytes:
    coded = b"/CCITTFaxDecode/DecodeParms<</K -1/Columns 60000/Rows 60000>>"
    return _scan(60_000, 60_000, b"\0" * 4000, coded).replace(
        b"/BitsPerComponent 8", b"/BitsPerComponent 1"
    )


def _written(content: Callable[[], bytes]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content())

    return make


_DEEP = b"[" * 200_000 + b"]" * 200_000
_NO_END = "endless-page"

FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "pages-in-a-circle.pdf": (_written(_cyclic_pages), "damaged-pdf mended-pdf"),
    "ten-thousand-pages.pdf": (_written(_many_pages), "too-many-pages"),
    "length-beyond-the-end.pdf": (
        _written(lambda: one_page(stream(b"q Q", length=99_999_999))),
        "",
    ),
    "length-below-zero.pdf": (
        _written(lambda: one_page(stream(b"q Q", length=-5))),
        "",
    ),
    "content-bomb.pdf": (
        _written(lambda: one_page(stream(packed(1 << 30, b"q Q "), b"/Filter/FlateDecode"))),
        _NO_END,
    ),
    "content-bomb-twice.pdf": (
        _written(
            lambda: one_page(
                stream(packed(1 << 32, twice=True), b"/Filter[/FlateDecode/FlateDecode]")
            )
        ),
        _NO_END,
    ),
    "picture-bomb.pdf": (
        _written(
            lambda: _scan(1000, 1400, packed(1 << 32, twice=True), b"[/FlateDecode/FlateDecode]")
        ),
        _NO_END,
    ),
    "huge-picture.pdf": (_written(lambda: _scan(60_000, 60_000, packed(1 << 20))), "too-large"),
    "huge-fax.pdf": (_written(_fax), "too-large"),
    "jpeg-that-lies.pdf": (_written(_jpeg_that_lies), "damaged-page"),
    "predictor.pdf": (_written(_predictor), ""),
    "huge-page.pdf": (
        _written(lambda: one_page(stream(b"0 0 9 9 re f")).replace(b"595 842", b"9e9 9e9")),
        "",
    ),
    "page-without-area.pdf": (
        _written(lambda: one_page(stream(b"0 0 9 9 re f")).replace(b"595 842", b"0 0")),
        "empty-image unrendered-page mended-pdf",
    ),
    "forms-without-end.pdf": (_written(_forms_without_end), _NO_END),
    "form-in-itself.pdf": (_written(_form_in_itself), _NO_END),
    "index-in-a-circle.pdf": (_written(_endless_index), "damaged-pdf mended-pdf"),
    "deep-array.pdf": (
        _written(lambda: one_page(_DEEP)),
        "",
    ),
    "half-a-file.pdf": (_written(_truncated), "damaged-pdf mended-pdf"),
    "only-a-head.pdf": (_written(lambda: b"%PDF-1.7\n"), "damaged-pdf"),
    "binary.pdf": (
        _written(lambda: b"%PDF-1.7\n" + struct.pack("<500I", *range(1 << 30, (1 << 30) + 500))),
        "damaged-pdf",
    ),
}
