"""Puts result files into a folder: whole or not at all, and none over another."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from document.errors import OutputError
from document.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_STEM = 200
"""Bytes of a file name that leave room for a suffix below the usual limit of 255."""


def prepare_folder(folder: Path) -> None:
    """Make ``folder``, and prove that files can be written there. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from error


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: readers never see half of it. Raises OutputError."""
    write_parts(path, (content,))


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that need not fit into memory, whole or not at all. Raises OutputError."""
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=".gouji-", suffix=".part", delete=False
        ) as stream:
            temporary = Path(stream.name)
            for part in parts:
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def stems(inputs: Sequence[Path], folder: Path, suffixes: Iterable[str]) -> tuple[str, ...]:
    """Name the results of each input: its own stem, numbered where that is taken.

    Two inputs never share a name, and no result replaces one of the inputs.
    """
    endings = tuple(suffixes)
    held = {_plain(path) for path in inputs}
    given: set[str] = set()
    names = []
    for path in inputs:
        first = path.stem or path.name or "input"
        while len(first.encode("utf-8", "surrogatepass")) > _LONGEST_STEM:
            first = first[:-1]
        name, number = first, 1
        while name.casefold() in given or any(
            _plain(folder / f"{name}{ending}") in held for ending in endings
        ):
            number += 1
            name = f"{first}-{number}"
        given.add(name.casefold())
        names.append(name)
    return tuple(names)


def _plain(path: Path) -> str:
    return os.path.realpath(path) if "\0" not in str(path) else str(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_CAUSES = {
    errno.ENOSPC: ("磁盘已满", "the disk is full", "请腾出空间", "make room on it"),
    errno.EACCES: (
        "没有写权限",
        "no permission to write there",
        "请用 -o 指定其他文件夹",
        "name another folder with -o",
    ),
    errno.EROFS: (
        "文件系统为只读",
        "the file system is read-only",
        "请用 -o 指定其他文件夹",
        "name another folder with -o",
    ),
    errno.ENOTDIR: (
        "路径中有一段是文件而不是文件夹",
        "part of the path is a file, not a folder",
        "请用 -o 指定其他文件夹",
        "name another folder with -o",
    ),
    errno.EEXIST: (
        "同名的文件已存在，它不是文件夹",
        "a file of that name exists and is no folder",
        "请用 -o 指定其他文件夹",
        "name another folder with -o",
    ),
}


def _unwritable(path: Path, error: OSError) -> OutputError:
    causes = (str(error.strerror or error),) * 2 + (
        "请用 -o 指定其他文件夹",
        "name another folder with -o",
    )
    cause_zh, cause_en, remedy_zh, remedy_en = _CAUSES.get(error.errno or 0, causes)
    return OutputError(
        "unwritable-output",
        Message(
            zh=f"无法写入 {path}（{cause_zh}）：{remedy_zh}",
            en=f"cannot write {path} ({cause_en}): {remedy_en}",
        ),
    )
