"""What is asked of workers, and how a worker's turn at a document ended."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.errors import InputError
from document.message import Message
from pipeline.export_json import parse
from pipeline.faults import sentence
from pipeline.worker import BUG, FAULT, NONSENSE, REPORT

if TYPE_CHECKING:
    from pathlib import Path

    from document.report import Report


@dataclass(frozen=True, slots=True)
class Limits:
    """What the pool may use: workers, seconds and MiB a document, documents a worker's life.

    ``writable`` are folders that workers may write into besides their own, and ``mark`` stands in
    the names of these.
    """

    workers: int = 1
    seconds: float = 600.0
    mib: int = 6144
    documents: int = 200
    writable: tuple[Path, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to read. ``alone``: it killed a worker before, so no other is read beside it."""

    sha256: str
    path: Path
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """How a worker's turn at a document ended.

    ``outcome`` is "read" or the code of a fault, of which ``message`` and ``trace`` speak. Unless
    ``final`` is True, the document has another turn.
    """

    task: Task
    seconds: float
    outcome: str
    report: Report | None = None
    message: Message | None = None
    trace: str | None = None
    final: bool = True


def ended(task: Task, seconds: float, answer: bytes) -> Turn:
    """Return the turn that an answer tells of; what makes no sense is said to make none."""
    kind, content = answer[:1], answer[1:]
    if kind == REPORT:
        try:
            report = parse(content)
        except InputError as error:
            message = sentence("nonsense", cause=error.message.en)
            return Turn(task, seconds, "nonsense", message=message)
        if report.source.sha256 != task.sha256:
            return Turn(task, seconds, "changed-file", message=sentence("changed-file"))
        return Turn(task, seconds, "read", report)
    said = _texts(content)
    if kind == FAULT and len(said) == 3:
        return Turn(task, seconds, said[0], message=Message(said[1], said[2]))
    if kind == BUG and len(said) == 2:
        message = sentence("reader-error", cause=said[0])
        return Turn(task, seconds, "reader-error", message=message, trace=said[1])
    cause = said[0] if kind == NONSENSE and said else "?"
    return Turn(task, seconds, "nonsense", message=sentence("nonsense", cause=cause))


def _texts(content: bytes) -> list[str]:
    """Return the texts that a worker packed; none where they are no such thing."""
    try:
        said = json.loads(content)
    except ValueError:
        return []
    return said if isinstance(said, list) and all(isinstance(one, str) for one in said) else []


def killed(task: Task, seconds: float, code: str, limits: Limits, cause: str = "") -> Turn:
    """Return the turn of a document whose worker is no more; it has another one, alone."""
    facts = {"cause": cause, "seconds": f"{limits.seconds:g}", "mib": limits.mib}
    return Turn(task, seconds, code, message=sentence(code, **facts), final=task.alone)


def ending(code: int | None) -> str:
    """Say how a process ended."""
    if code is None:
        return "?"
    if code >= 0:
        return f"exit {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
