"""The measure of all benchmarks: CPU seconds, which other programs trouble less than walls."""

from __future__ import annotations

import os


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of the programs it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
