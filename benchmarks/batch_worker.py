"""What a measured worker notes of itself: here by name, as workers on any machine import it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.worker import Load


@dataclass(frozen=True, slots=True)
class Spell:
    """One document in one worker: seconds on the machine's clock, CPU seconds, MiB."""

    worker: int
    document: str
    begin: float
    end: float
    cpu: float
    peak: float
    held: float


def watched(load: Load, notes: Path) -> Callable[[Path], Any]:
    """Return a reader that notes what every document costs it."""
    read = load()
    log = notes / f"{os.getpid()}.jsonl"

    def reads(path: Path) -> Any:
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
        begin, cpu = time.monotonic(), time.process_time()
        try:
            return read(path)
        finally:
            end, cpu = time.monotonic(), time.process_time() - cpu
            peak, held = _memory()
            spell = Spell(os.getpid(), path.name, begin, end, cpu, peak, held)
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(spell)) + "\n")

    return reads


def _memory() -> tuple[float, float]:
    """Return the peak of this process's resident memory and what is resident now, in MiB."""
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    sizes = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return int(sizes["VmHWM"].split()[0]) / 1024, int(sizes["VmRSS"].split()[0]) / 1024
