"""A worker process: loads the readers once, then reads one document after another.

It hears paths and answers with bytes: a letter that says what became of the document, and the
result file or the fault. Nothing that it says is trusted to be well formed, and it is confined:
see pipeline.confine.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import threading
import traceback
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from document.errors import GoujiError
from document.report import Report
from pipeline.confine import allow_seconds, confine
from pipeline.export_json import pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from pipeline.confine import Confines

Read: TypeAlias = "Callable[[Path], Report]"
Load: TypeAlias = "Callable[[], Read]"
"""Makes what reads documents; called once in every worker, so it must be importable by name."""

READY, REPORT, FAULT, BUG, NONSENSE, MEMORY, UNABLE = b"+", b"R", b"F", b"B", b"N", b"M", b"U"


def work(connection: Connection[bytes, bytes], load: Load, confines: Confines) -> None:
    """Read the documents whose paths come through ``connection``, until it is closed.

    The first of the folders that ``confines`` names is this worker's own.
    """
    own = confines.folders[0]
    tempfile.tempdir = os.environ["TMPDIR"] = str(own)
    confine(confines)
    _detach(own)
    try:
        read = load()
    except GoujiError as error:
        connection.send_bytes(UNABLE + _said(error.code, error.message.zh, error.message.en))
        return
    connection.send_bytes(READY)
    while True:
        try:
            path = os.fsdecode(connection.recv_bytes())
        except (EOFError, OSError):
            return
        allow_seconds(confines.seconds)
        try:
            answer = _answer(read, Path(path))
        except MemoryError:
            answer = MEMORY
        connection.send_bytes(answer)


def _answer(read: Read, path: Path) -> bytes:
    """Read one document; a bug is kept to it, and its traceback handed on."""
    try:
        report = read(path)
    except GoujiError as error:
        return FAULT + _said(error.code, error.message.zh, error.message.en)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the one place where a bug is kept to its document
        return BUG + _said(_summary(error), "".join(traceback.format_exception(error)))
    if not isinstance(report, Report):
        return NONSENSE + _said(f"a {type(report).__name__}")
    try:
        return REPORT + pack(report)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return NONSENSE + _said(_summary(error))


def _said(*parts: str) -> bytes:
    return json.dumps(parts).encode()


def _summary(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _detach(own: Path) -> None:
    """Leave Ctrl-C to the driver, stand at the head of a group of processes, end with the driver.

    What this process starts (poppler) belongs to the group and is ended with it.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_driver, args=(own,), daemon=True).start()


def _end_with_driver(own: Path) -> None:
    driver = parent_process()
    if driver is not None:
        driver.join()
        shutil.rmtree(own, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)
