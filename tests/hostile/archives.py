"""Hostile archives."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = "长" * 100 + ".pdf"
NAMES = (
    "../../up.pdf",
    "/tmp/root.pdf",  # noqa: S108 - that is what it is about
    "..\\..\\windows.pdf",
    "C:\\drive.pdf",
    "line\nbreak.pdf",
    "zero\0byte.pdf",
    "right\u202efdp.exe.pdf",
    LONG,
    "a/" * 500 + "deep.pdf",
)


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def _bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb.pdf", "w", force_zip64=True) as stream,
    ):
        for _ in range(1 << 7):
            stream.write(bytes(1 << 20))


def _nested(depth: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        content = _zip(("inner.txt", b"x"))
        for level in range(depth):
            content = _zip((f"{level}.zip", content))
        path.write_bytes(content)

    return make


def _wide_nest(path: Path) -> None:
    inner = _zip(*((f"{n}.pdf", bytes(900_000)) for n in range(50)))
    path.write_bytes(_zip(*((f"{n}.zip", inner + bytes(n)) for n in range(5))))


def _names(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(NAMES):
            archive.writestr(zipfile.ZipInfo(name), b"%d" % number)


def _lies(path: Path) -> None:
    """Say that a member of a mebibyte and a half is a byte long."""
    content = bytearray(_zip(("lie.pdf", b"x" * 1_500_000)))
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        where = content.index(mark) + at
        content[where : where + 4] = (1).to_bytes(4, "little")
    path.write_bytes(bytes(content))


def _overlapping(path: Path) -> None:
    """Let a thousand names of the directory share one member."""
    content = _zip(("a.pdf", bytes(1 << 20)))
    at = content.index(b"PK\1\2")
    entry, end = content[at : content.index(b"PK\5\6")], content[content.index(b"PK\5\6") :]
    many = b"".join(entry.replace(b"a.pdf", b"%c.pdf" % (65 + n % 26)) for n in range(1000))
    last = bytearray(end)
    last[8:12] = (1000).to_bytes(2, "little") * 2
    last[12:16] = len(many).to_bytes(4, "little")
    path.write_bytes(content[:at] + many + bytes(last))


def _directory_that_lies(path: Path) -> None:
    """Claim a directory of four gigabytes."""
    content = bytearray(_zip(("a.pdf", b"x")))
    at = content.rindex(b"PK\5\6")
    content[at + 12 : at + 16] = (0xFFFFFFF0).to_bytes(4, "little")
    path.write_bytes(bytes(content))


def _million_names(path: Path) -> None:
    """Claim, and hold, a directory of more names than may be read."""
    entry = _zip(("a.pdf", b"x"))
    entry = entry[entry.index(b"PK\1\2") : entry.index(b"PK\5\6")]
    many = entry * 600_000
    end = b"PK\5\6" + bytes(4) + b"\xff\xff\xff\xff" + len(many).to_bytes(4, "little") + bytes(6)
    path.write_bytes(many + end)


def _written(content: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "bomb.zip": (_bomb, "archive-bomb"),
    "nest-of-five.zip": (_nested(5), "nested-archive"),
    "wide-nest.zip": (_wide_nest, ""),
    "names.zip": (_names, ""),
    "lies.zip": (_lies, "damaged-archive"),
    "overlapping.zip": (_overlapping, "damaged-archive archive-bomb"),
    "directory-that-lies.zip": (_directory_that_lies, "damaged-archive archive-bomb"),
    "million-names.zip": (_million_names, "archive-bomb"),
    "no-archive.zip": (_written(b"PK\3\4"), "damaged-archive"),
    "empty.zip": (_written(b""), "damaged-archive"),
}
