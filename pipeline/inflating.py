"""How much a stream of a PDF would unpack to, found out without unpacking it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STEP = 1 << 20
_FLATE = frozenset({"/FlateDecode", "/Fl"})


def inflates_beyond(stream: pikepdf.Stream, limit: int) -> bool:
    """Tell whether a stream deflates, once or more than once, to more than ``limit`` bytes.

    Other ways to pack (LZW, run lengths) expand a few hundredfold at most and are not looked into;
    neither is what is damaged.
    """
    filters = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(one) for one in filters]
    if not names or names[0] not in _FLATE:
        return False
    parts: Iterable[bytes] = [stream.read_raw_bytes()]
    for name in names:
        if name not in _FLATE:
            break
        parts = _inflated(parts)
    size = 0
    try:
        for part in parts:
            size += len(part)
            if size > limit:
                return True
    except zlib.error:
        return False
    return False


def _inflated(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack a step at a time."""
    unpacker = zlib.decompressobj()
    for part in parts:
        yield unpacker.decompress(part, _STEP)
        while unpacker.unconsumed_tail and not unpacker.eof:
            yield unpacker.decompress(unpacker.unconsumed_tail, _STEP)
