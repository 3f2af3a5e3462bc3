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

    from pipeline.allowance import Bounds

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


ENTRY = 256
"""Bytes that an entry of an archive's directory takes at most, on the average."""
_END, _END_64, _TAIL = b"PK\5\6", b"PK\6\6", 66_000


@dataclass(slots=True)
class Room:
    """What may still come out of an archive and of those inside it."""

    files: int
    bytes: int
    file_bytes: int
    ratio: int

    @classmethod
    def of(cls, bounds: Bounds, file_mib: int) -> Room:
        """Return the room that bounds leave before anything was unpacked."""
        return cls(bounds.files, int(bounds.gib * (1 << 30)), file_mib << 20, bounds.ratio)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name as given there, and where its bytes now lie."""

    name: str
    path: Path
    sha256: str
    size: int


def directory_size(path: Path) -> int:
    """Return how many bytes of directory a zip archive claims to have; 0 where it has none.

    zipfile reads all of it and makes an object of every 46 bytes, before anybody can count them.
    Raises OSError.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read(_TAIL)
    claims = [0]
    at = tail.rfind(_END)
    if 0 <= at <= len(tail) - 22:
        claims.append(int.from_bytes(tail[at + 12 : at + 16], "little"))
        wide = tail.rfind(_END_64)
        if 0 <= wide <= len(tail) - 56 and claims[-1] == 0xFFFFFFFF:
            claims[-1] = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    return min(claims[-1], size)


def unpack(
    archive: Path, folder: Path, wanted: Callable[[str], bool], room: Room
) -> Iterator[Member | tuple[str, InputError]]:
    """Yield the wanted files of a zip archive, or each one's name with why it cannot be had.

    Every file comes to lie in ``folder`` under its sha256. Raises InputError where the archive
    as a whole cannot be read or asks for too much, and OutputError where there is no room.
    """
    try:
        claimed = directory_size(archive)
        if claimed > room.files * ENTRY + _TAIL:
            raise fault("archive-bomb", cause=f"{claimed >> 20} MiB of names")
        with zipfile.ZipFile(archive) as opened:
            members = [one for one in opened.infolist() if not one.is_dir()]
            if len(members) > room.files:
                raise fault("archive-bomb", cause=f"> {room.files} files")
            room.files -= len(members)
            for member in members:
                name = _name(member)
                if not wanted(name):
                    continue
                try:
                    unpacked = _unpack(opened, member, folder, room)
                except InputError as error:
                    yield name, error
                    continue
                yield unpacked
    except FileNotFoundError as error:
        raise fault("missing-file") from error
    except PermissionError as error:
        raise fault("no-permission") from error
    except _DAMAGES as error:
        raise fault("damaged-archive", cause=cause(error)) from error


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, room: Room) -> Member:
    """Write one member under its sha256; what its header says of its size is not believed."""
    if member.flag_bits & _ENCRYPTED:
        raise fault("locked-archive")
    name, size, digest = _name(member), 0, hashlib.sha256()
    largest = min(room.bytes, room.file_bytes, max(_BLOCK, member.compress_size * room.ratio))
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
                room.bytes -= len(block)  # also of what is refused: unpacking it was work
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
