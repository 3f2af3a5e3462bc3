"""The files that belong to a saved page: in its folder, or packed with it (MHTML)."""

from __future__ import annotations

import email
import email.policy
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipeline.faults import fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message
    from pathlib import Path

LARGEST_FILE = 64 << 20
_MOST_PARTS = 4000
_DEEPEST = 20
"""Parts within parts; those who save pages write one or two."""


class Files(Protocol):
    """Where what a page names is looked for. Nothing is ever fetched."""

    def get(self, source: str) -> bytes | None:
        """Return the file that an address names, None where it is not there."""

    def around(self, source: str) -> Files:
        """Return where the page of that address looks for its own files."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Files in the folder of a page, or in folders there: of ``root`` nothing outside is taken."""

    root: Path
    folder: Path

    def get(self, source: str) -> bytes | None:
        """Return a file in the folder; nothing from elsewhere."""
        path = self._path(source)
        try:
            if path is None or not path.is_file() or path.stat().st_size > LARGEST_FILE:
                return None
            return path.read_bytes()
        except (OSError, ValueError):
            return None

    def around(self, source: str) -> Files:
        """Return the folder in which such a file lies."""
        path = self._path(source)
        return self if path is None else Beside(self.root, path.parent)

    def _path(self, source: str) -> Path | None:
        if re.match(r"[a-z][a-z0-9+.-]+:|//", source, re.IGNORECASE):
            return None
        place = unquoted(re.split("[?#]", source, maxsplit=1)[0]).decode("utf-8", "replace")
        try:
            path = (self.folder / place).resolve()
            return path if path.is_relative_to(self.root.resolve()) else None
        except (OSError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Packed:
    """Files packed with a page, by the addresses they came from."""

    parts: Mapping[str, bytes]
    base: str

    def get(self, source: str) -> bytes | None:
        """Return the part of that address, whole or as the page shortens it."""
        found = self.parts.get(source)
        return self.parts.get(_joined(self.base, source)) if found is None else found

    def around(self, source: str) -> Files:
        """Return the same parts, seen from the page of that address."""
        return Packed(self.parts, _joined(self.base, source))


def is_packed(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` is a page saved with its files (MHTML)."""
    begin = head[:4096].lower()
    said = re.search(rb"^mime-version\s*:", begin, re.MULTILINE)
    return said is not None and b"multipart/related" in begin


def unpacked(content: bytes) -> tuple[bytes, Packed]:
    """Return the page of an MHTML file, and the files packed with it.

    Raises InputError where it is none, or nested without end.
    """
    if len(re.findall(rb"multipart/|message/", content, re.IGNORECASE)) > _DEEPEST:
        raise fault("damaged-html", cause="MHTML")
    parts: dict[str, bytes] = {}
    first: tuple[bytes, str] | None = None
    whole = email.message_from_bytes(content, policy=email.policy.compat32)
    for number, part in enumerate(whole.walk()):
        if number > _MOST_PARTS:
            raise fault("damaged-html", cause="MHTML")
        held = None if part.is_multipart() else part.get_payload(decode=True)
        if not isinstance(held, bytes):
            continue
        place = str(part.get("Content-Location", "")).strip()
        identity = str(part.get("Content-ID", "")).strip().strip("<>")
        if first is None and part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            first = _named(held, part), place
        for key in (place, f"cid:{identity}" if identity else ""):
            if key:
                parts.setdefault(key, held)
    if first is None:
        raise fault("damaged-html", cause="MHTML")
    return first[0], Packed(parts, first[1])


def _named(page: bytes, part: Message) -> bytes:
    """Return a page in UTF-8 where only its envelope says how it is written."""
    charset = part.get_content_charset()
    if charset is None:
        return page
    try:
        return page.decode(charset).encode("utf-8")
    except (LookupError, UnicodeError):
        return page


def _joined(base: str, source: str) -> str:
    """Return an address in full that the page of address ``base`` shortens."""
    whole = re.match(r"([a-z][a-z0-9+.-]*:)//([^/?#]*)([^?#]*)", base, re.IGNORECASE)
    source = source.partition("#")[0]
    if whole is None or re.match(r"[a-z][a-z0-9+.-]+:", source, re.IGNORECASE):
        return source
    if source.startswith("//"):
        return whole[1] + source
    place, mark, asked = source.partition("?")
    folder = "" if place.startswith("/") else whole[3].rpartition("/")[0] + "/"
    return f"{whole[1]}//{whole[2]}{posixpath.normpath(folder + place)}{mark}{asked}"


def unquoted(text: str) -> bytes:
    """Undo the percent signs of an address."""
    coded = text.encode("utf-8", "replace")
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda found: bytes.fromhex(found[1].decode()), coded)
