"""Files as they are given: ordinary ones only, read through once, and known by their content."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.errors import InputError
from document.report import Source
from pipeline.allowance import USUAL
from pipeline.faults import cause, fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_HEAD = 1024
_BLOCK = 1 << 20
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: its first bytes, the sha256 of all of them, and how many they are."""

    head: bytes
    sha256: str
    size: int


def read_through(path: Path, file_mib: int = USUAL.file_mib) -> Content:
    """Return what a file holds.

    Raises InputError where it is no ordinary file, is larger than ``file_mib``, or empty.
    """
    digest, size = hashlib.sha256(), 0
    with _opened(path) as stream:
        claimed = os.fstat(stream.fileno()).st_size
        if claimed > file_mib << 20:
            raise fault("file-too-large", size=claimed >> 20, limit=file_mib)
        head = stream.read(_HEAD)
        digest.update(head)
        size = len(head)
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
            if size > file_mib << 20:  # it grows while it is read, or is of no size, as in /proc
                raise fault("file-too-large", size=f"> {file_mib}", limit=file_mib)
    if not head:
        raise fault("empty-file")
    return Content(head, digest.hexdigest(), size)


def check_ordinary(path: Path) -> None:
    """Raise InputError where a path leads to no ordinary file that can be read."""
    with _opened(path):
        pass


def check_unchanged(path: Path, source: Source, file_mib: int = USUAL.file_mib) -> None:
    """Raise InputError where a file does not hold any more what it was opened with."""
    if read_through(path, file_mib).sha256 != source.sha256:
        raise fault("changed-file")


def source_of(path: Path, file_mib: int = USUAL.file_mib) -> Source:
    """Describe a file that cannot be opened: its sha256 where it can be read at all, no pages."""
    try:
        sha256 = read_through(path, file_mib).sha256
    except InputError:
        sha256 = ""
    return Source(file=path.name, sha256=sha256, pages=0)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open an ordinary file; a pipe or a device is not waited for, and a terminal not taken."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise fault("is-a-folder")
        if not stat.S_ISREG(path.stat().st_mode):
            raise fault("not-a-file")  # opening a device alone may do something
        with os.fdopen(os.open(path, _FLAGS), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise fault("not-a-file")  # it was exchanged just now
            yield stream
    except FileNotFoundError as error:
        raise fault("missing-file") from error
    except PermissionError as error:
        raise fault("no-permission") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise fault("unreadable-file", cause=cause(error)) from error
