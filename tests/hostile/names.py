"""Hostile names, and what is no file although it is called one."""

from __future__ import annotations

import os
import socket
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TEXT = b"no PDF at all"


def _plain(path: Path) -> None:
    path.write_bytes(_TEXT + path.name.encode("utf-8", "surrogateescape"))


def _raw(path: Path) -> None:
    """Write a file whose name is no UTF-8."""
    (path.parent / os.fsdecode(b"gbk-\xc4\xea\xb1\xa8.pdf")).write_bytes(_TEXT + b"gbk")


def _socket(path: Path) -> None:
    """Leave a socket; its address is short, whatever the folder's."""
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def _device(path: Path) -> None:
    """Leave a device that never ends; only root may make one, a pipe stands in."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        os.mkfifo(path)


def _link(to: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.symlink_to(to)

    return make


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 40)


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "line\nbreak.pdf": (_plain, "not-supported"),
    "bell\a\x1b[31mred.pdf": (_plain, "not-supported"),
    "right\u202efdp.exe.pdf": (_plain, "not-supported"),
    "-o.pdf": (_plain, "not-supported"),
    "--help.pdf": (_plain, "not-supported"),
    "$(touch pwned);`id`.pdf": (_plain, "not-supported"),
    "a" * 251 + ".pdf": (_plain, "not-supported"),
    "%s%n{0}.pdf": (_plain, "not-supported"),
    "<script>alert(1)<\u2044script>.pdf": (_plain, "not-supported"),
    "raw-name": (_raw, ""),
    "pipe.pdf": (lambda path: os.mkfifo(path), "not-a-file"),  # noqa: PLW0108 - a Path is passed
    "socket.pdf": (_socket, "not-a-file"),
    "device.pdf": (_device, "not-a-file"),
    "device.zip": (_device, "not-a-file"),
    "folder.pdf": (lambda path: path.mkdir(), ""),
    "link-to-itself.pdf": (_link("link-to-itself.pdf"), "unreadable-file"),
    "link-one.pdf": (_link("link-two.pdf"), "unreadable-file"),
    "link-two.pdf": (_link("link-one.pdf"), "unreadable-file"),
    "link-to-nothing.pdf": (_link("nothing.pdf"), "missing-file"),
    "link-outside.pdf": (_link("/etc/passwd"), "link-outside"),
    "link-to-a-device.pdf": (_link("/dev/zero"), "link-outside"),
    "folder-in-a-circle": (_link("."), "linked-folder"),
    "folder-outside": (_link("/etc"), "linked-folder"),
    "sparse.pdf": (_sparse, "file-too-large"),
    "empty.pdf": (lambda path: path.touch(), "empty-file"),
}
