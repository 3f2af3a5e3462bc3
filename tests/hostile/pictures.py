"""Hostile images: headers that promise more than the file holds, and chains without end."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int, rows: bytes, *more: bytes, bits: int = 1) -> bytes:
    """Return a grey PNG whose picture is ``rows``, deflated already."""
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"".join(
        (_SIGNATURE, chunk(b"IHDR", head), *more, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


def repeated(times: int, piece: bytes) -> bytes:
    """Return a piece, so many times over, as zlib would deflate it; quickly, and never whole."""
    packer = zlib.compressobj(9, wbits=-15)
    once = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    checked = 1
    for _ in range(times):
        checked = zlib.adler32(piece, checked)
    return b"\x78\xda" + once * times + b"\3\0" + struct.pack(">I", checked)


def zeros(size: int) -> bytes:
    """Return so many zero bytes or up to a mebibyte more, deflated."""
    return repeated(-(-size >> 20), bytes(1 << 20))


def jpeg_of(width: int, height: int) -> bytes:
    """Return a small JPEG whose header claims another size."""
    out = io.BytesIO()
    Image.new("L", (64, 64), 255).save(out, "JPEG")
    content = bytearray(out.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", min(height, 65_500), min(width, 65_500))
    return bytes(content)


def tiff(frames: int, *, circle: bool = False, width: int = 100, strips: int = 1) -> bytes:
    """Return a TIFF of so many pictures that share their pixels; its chain may be a circle."""
    out = io.BytesIO()
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, 100),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, strips, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 100),
        (279, 4, strips, 10_000),
    ]
    size = 2 + 12 * len(tags) + 4
    first = 8 + 10_000
    out.write(b"II*\0" + struct.pack("<I", first) + b"\xff" * 10_000)
    for number in range(frames):
        out.write(struct.pack("<H", len(tags)))
        for tag in tags:
            out.write(struct.pack("<HHII", *tag))
        last = number == frames - 1
        following = (first if circle else 0) if last else first + size * (number + 1)
        out.write(struct.pack("<I", following))
    return out.getvalue()


def _bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + head + bytes(100)


def _gif_in_disguise() -> bytes:
    return b"GIF89a" + struct.pack("<HH", 65_000, 65_000) + b"\x80\0\0\0\0\0\xff\xff\xff;"


def _written(content: Callable[[], bytes]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content())

    return make


_TEXT = chunk(b"zTXt", b"Comment\0\0" + zeros(1 << 30))
_PROFILE = chunk(b"iCCP", b"x\0\0" + zeros(1 << 30))
_ROWS = zeros(60 * 8)

FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "huge.png": (_written(lambda: png(60_000, 60_000, zeros(1 << 20))), "bomb too-large"),
    "endless.png": (
        _written(lambda: png(2_147_483_647, 2_147_483_647, zeros(100))),
        "bomb too-large damaged-image",
    ),
    "under-the-limit.png": (
        _written(lambda: png(17_000, 17_000, zeros(17_000 * 2126))),
        "memory-limit time-limit out-of-memory too-large",
    ),
    "rows-missing.png": (_written(lambda: png(5000, 5000, zeros(1000))), "damaged-image"),
    "too-many-rows.png": (_written(lambda: png(64, 60, zeros(1 << 30))), ""),
    "text-bomb.png": (_written(lambda: png(64, 60, _ROWS, _TEXT)), "damaged-image bomb"),
    "profile-bomb.png": (_written(lambda: png(64, 60, _ROWS, _PROFILE)), "damaged-image"),
    "circle.tif": (_written(lambda: tiff(1, circle=True)), ""),
    "circle-of-three.tif": (_written(lambda: tiff(3, circle=True)), ""),
    "hundred-thousand-pictures.tif": (_written(lambda: tiff(100_000)), "too-many-pages"),
    "huge.tif": (_written(lambda: tiff(1, width=4_000_000_000)), "bomb too-large damaged-image"),
    "strips-beyond-the-end.tif": (
        _written(lambda: tiff(1, strips=400_000_000)),
        "damaged-image out-of-memory",
    ),
    "huge.jpg": (_written(lambda: jpeg_of(65_500, 65_500)), "bomb too-large"),
    "lies-of-its-size.jpg": (_written(lambda: jpeg_of(9000, 9000)), ""),
    "huge.bmp": (_written(lambda: _bmp(2_000_000_000, 2_000_000_000)), "bomb too-large"),
    "negative.bmp": (_written(lambda: _bmp(-100, -100)), "bomb damaged-image empty-image"),
    "gif.png": (_written(_gif_in_disguise), "not-supported"),
}
