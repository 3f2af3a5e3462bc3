"""Text files: which bytes are a text, and what it says."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from pipeline.faults import fault

if TYPE_CHECKING:
    from pathlib import Path

_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
LARGEST = 4 << 20
"""Bytes; a report of this kind has some ten thousand, and a minute is enough for this much."""


def looks_like_text(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` may be a text: a mark, or no zero bytes."""
    return any(head.startswith(mark) for mark, _ in _MARKED) or b"\0" not in head


def decode(content: bytes, most: int = LARGEST) -> str:
    """Return the text that ``content`` holds: UTF-8, GB 18030, or UTF-16/32 with a mark.

    Raises InputError where it is none of these, with the place where it breaks off.
    """
    if len(content) > most:
        raise fault("text-too-large", size=len(content) >> 20, limit=most >> 20)
    for mark, name in _MARKED:
        if content.startswith(mark):
            return _checked(_strict(content, name), content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        # bytes of a double-byte text are hardly ever UTF-8 for long; where most of it is, it is
        # a damaged UTF-8 text, and reading it as GB 18030 would make other figures of nothing
        if _mostly_utf8(content):
            raise fault("text-encoding", name="UTF-8", cause=_where(content, error)) from error
        text = _strict(content, "gb18030")
    return _checked(text, content)


def read_text(path: Path) -> str:
    """Return the text of a file. Raises InputError."""
    return decode(bytes_of(path, LARGEST))


def bytes_of(path: Path, most: int) -> bytes:
    """Return the bytes of a file that is to be a text. Raises InputError where it is too large."""
    try:
        size = path.stat().st_size
        if size > most:
            raise fault("text-too-large", size=size >> 20, limit=most >> 20)
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise fault("unreadable-file", cause=str(error.strerror or error)) from error


def count_pages(text: str) -> int:
    """Return how many pages the page feeds of a text make."""
    return len(re.findall("[\f\v]", text.rstrip())) + 1


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        shown = name.upper().removesuffix("-SIG")
        raise fault("text-encoding", name=shown, cause=_where(content, error)) from error


def _checked(text: str, content: bytes) -> str:
    found = _CONTROLS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise fault("not-a-text", line=line, byte=f"{ord(found[0]):02X}")
    if not text.strip():
        raise fault("empty-text", size=len(content))
    return text


def _mostly_utf8(content: bytes) -> bool:
    """Tell whether Chinese characters of UTF-8 are found in a text that is not all UTF-8."""
    text = content.decode("utf-8", "replace")
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in text)
    return chinese > 4 * text.count("\ufffd")


def _where(content: bytes, error: UnicodeDecodeError) -> str:
    line = content.count(b"\n", 0, error.start) + 1
    return f"line {line}, byte {error.start}"
