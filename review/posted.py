"""Files that other systems post are read here: each in a process of its own, few at a time.

Reading takes seconds, much memory and all the time of an interpreter; in a process it holds
nobody up, and if it dies nothing else does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.message import Language

Prose: TypeAlias = Literal["auto", "always", "never"]

LARGEST_FILE = 64 << 20
MOST_WAITING = 4
"""Files that wait for their turn; what comes then is sent away, to come again."""

SECONDS_TO_WAIT = 30
_AT_ONCE = 1
_LONGEST_SECONDS = 600
_LONGEST_NAME = 100


class CrowdedError(Exception):
    """So many files wait that no further one is taken."""


class UnreadError(Exception):
    """The reading of a file died or took too long; its message says which."""


class Posted:
    """Reads files that are posted, one at a time; some may wait."""

    def __init__(self, template_files: tuple[Path, ...] = ()) -> None:
        """Nothing is being read yet."""
        self._templates = template_files
        self._turn = threading.Semaphore(_AT_ONCE)
        self._places = threading.Semaphore(_AT_ONCE + MOST_WAITING)

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Hold a place in the queue, and a folder for the file. Raises CrowdedError."""
        if not self._places.acquire(blocking=False):
            raise CrowdedError
        try:
            with tempfile.TemporaryDirectory(prefix="gouji-posted-") as name:
                yield Path(name)
        finally:
            self._places.release()

    def read(self, path: Path, pages: str | None, prose: Prose, language: Language) -> bytes:
        """Return the result file of a file, when its turn has come. Raises UnreadError."""
        with self._turn, tempfile.TemporaryDirectory(prefix="gouji-posted-") as name:
            command = [sys.executable, "-P", "-m", "cli.main", "read", "-o", name]
            command += ["--lang", language, "--prose", prose]
            command += ["--pages", pages] if pages else []
            for file in self._templates:
                command += ["--template", str(file)]
            try:
                subprocess.run(  # noqa: S603 - our own program; its words are no shell's
                    [*command, "--", str(path)],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=_LONGEST_SECONDS,
                    # what this process imports, and nothing that lies where it was started
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                    check=False,
                )
                (result,) = Path(name).glob("*.json")
                return result.read_bytes()
            except subprocess.TimeoutExpired as error:
                told = f"> {_LONGEST_SECONDS} s"
                raise UnreadError(told) from error
            except (OSError, ValueError) as error:
                told = "the reading ended without a result"
                raise UnreadError(told) from error


def plain_name(name: str) -> str:
    """Return what a file may be called here: the last part of its name, without odd characters."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')
    while len(kept.encode("utf-8", "replace")) > _LONGEST_NAME:
        kept = kept[1:]
    return kept if kept.strip(". ") else "document"
