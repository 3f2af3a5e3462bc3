"""A page read again from the screen, just as the command line does it, in a process of its own.

Reading takes seconds, much memory and all the time of an interpreter; in a process it holds
nobody up, and if it dies nothing else does. One page is read at a time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from pipeline.sources import file_of

if TYPE_CHECKING:
    from pathlib import Path

    from document.message import Language
    from pipeline.journal_queries import Filed

Turn: TypeAlias = Literal["", "0", "90", "180", "270"]
Reader: TypeAlias = Literal["both", "paddle", "own"]
_LONGEST_SECONDS = 900
_LONGEST_ANSWER = 4000


@dataclass(frozen=True, slots=True)
class Manner:
    """How a page is to be read: turned clockwise by degrees, at a resolution, by which reader.

    "" and None leave it to Gouji.
    """

    turn: Turn = ""
    dpi: int | None = None
    reader: Reader = "both"


@dataclass(frozen=True, slots=True)
class Job:
    """A page that is being read, or was; ``said`` is what the command told, None meanwhile."""

    sha256: str
    page: int
    said: str | None = None
    good: bool = True


class Rereading:
    """Reads pages again, one at a time."""

    def __init__(self, run: Path, template_files: tuple[Path, ...]) -> None:
        """Nothing is being read yet."""
        self._run = run
        self._templates = template_files
        self._lock = threading.Lock()
        self._job: Job | None = None

    @property
    def job(self) -> Job | None:
        """The page that is being read, or the last one that was."""
        with self._lock:
            return self._job

    def start(self, document: Filed, page: int, manner: Manner, language: Language) -> bool:
        """Begin to read a page again; False where one is being read.

        Raises InputError ``lost-file`` where the scan is not at hand.
        """
        path = file_of(self._run, document)
        with self._lock:
            if self._job is not None and self._job.said is None:
                return False
            self._job = Job(document.sha256, page)
        command = [sys.executable, "-P", "-m", "cli.main", "read", "--into", str(self._run)]
        command += ["--pages", str(page), "--engine", manner.reader, "--lang", language]
        command += ["--rotate", manner.turn] if manner.turn else []
        command += ["--dpi", str(manner.dpi)] if manner.dpi else []
        for file in self._templates:
            command += ["--template", str(file)]
        command += ["--", str(path)]
        job = Job(document.sha256, page)
        threading.Thread(target=self._read, args=(job, command), daemon=True).start()
        return True

    def _read(self, job: Job, command: list[str]) -> None:
        try:
            done = subprocess.run(  # noqa: S603 - our own program; its words are no shell's
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=_LONGEST_SECONDS,
                # what this process imports, and nothing that lies where it was started
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                check=False,
            )
            said, good = done.stdout[-_LONGEST_ANSWER:].strip(), done.returncode == 0
        except subprocess.TimeoutExpired:
            said, good = f"> {_LONGEST_SECONDS} s", False
        except OSError as error:
            said, good = str(error.strerror), False
        with self._lock:
            self._job = Job(job.sha256, job.page, said, good)
