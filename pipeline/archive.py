"""Zip archives, unpacked so that nothing in them can harm: names are never used as paths."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from document.errors import InputError, OutputError
from pipeline.faults import cause, fault, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is let out of one archive: files, bytes a file, bytes in all, and bytes out per byte in.

    The last counts only above a mebibyte: a short text may well shrink a hundredfold.
    """

    files: int = 100_000
    file_bytes: int = 1 << 30
    bytes: int = 1 << 36
    expansion: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name as given there, and where its bytes now lie."""

    name: str
    path: Path
    sha256: str
    size: int


def unpack(
    archive: Path, folder: Path, wanted: Callable[[str], bool], bounds: Bounds
) -> Iterator[Member | tuple[str, InputError]]:
    """Yield the wanted files of a zip archive, or each one's name with why it cannot be had.

    Every file comes to lie in ``folder`` under its sha256. Raises InputError where the archive
    as a whole cannot be read or asks for too much, and OutputError where there is no room.
    """
    left = bounds.bytes
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [one for one in opened.infolist() if not one.is_dir()]
            if len(members) > bounds.files:
                raise fault("archive-bomb", cause=f"{len(members)} files")
            for member in members:
                name = _name(member)
                if not wanted(name):
                    continue
                try:
                    unpacked = _unpack(opened, member, folder, min(left, bounds.file_bytes), bounds)
                except InputError as error:
                    yield name, error
                    continue
                left -= unpacked.size
                yield unpacked
    except FileNotFoundError as error:
        raise fault("missing-file") from error
    except PermissionError as error:
        raise fault("no-permission") from error
    except _DAMAGES as error:
        raise fault("damaged-archive", cause=cause(error)) from error


def _unpack(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, most: int, bounds: Bounds
) -> Member:
    """Write one member under its sha256; what its header says of its size is not believed."""
    if member.flag_bits & _ENCRYPTED:
        raise fault("locked-archive")
    name, size, digest = _name(member), 0, hashlib.sha256()
    largest = min(most, max(_BLOCK, member.compress_size * bounds.expansion))
    suffix = Path(name).suffix.lower()
    try:
        source = opened.open(member)
    except _DAMAGES as error:
        raise fault("damaged-archive", cause=cause(error)) from error
    try:
        stream = tempfile.NamedTemporaryFile(dir=folder, prefix=".gouji-", delete=False)  # noqa: SIM115
    except OSError as error:
        raise _no_room(folder, error) from error
    temporary = Path(stream.name)
    try:
        with source, stream:
            while block := _block(source):
                size += len(block)
                if size > largest:
                    raise fault("archive-bomb", cause=f"> {largest >> 20} MiB")
                digest.update(block)
                try:
                    stream.write(block)
                except OSError as error:
                    raise _no_room(folder, error) from error
        if size == 0:
            raise fault("empty-file")
        target = folder / f"{digest.hexdigest()}{suffix if suffix.isascii() else ''}"
        try:
            temporary.replace(target)
        except OSError as error:
            raise _no_room(folder, error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return Member(name, target, digest.hexdigest(), size)


def _block(source: IO[bytes]) -> bytes:
    try:
        return source.read(_BLOCK)
    except _DAMAGES as error:
        raise fault("damaged-archive", cause=cause(error)) from error


def _no_room(folder: Path, error: OSError) -> OutputError:
    return OutputError("journal", sentence("journal", cause=f"{folder}: {cause(error)}"))


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Windows in Chinese writes it as GBK without saying so."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
