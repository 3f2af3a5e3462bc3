"""A batch as a program of its own, so that it can be killed; a stand-in reads the documents.

``python -m tests.pipeline.driver RUN SCANS``. With ``--die-at N`` it kills itself when its N-th
statement is about to reach the database; with ``--export FOLDER`` it writes the run as files and
reads nothing.
"""

from __future__ import annotations

import argparse
import os
import signal
from itertools import count
from pathlib import Path
from typing import Any


def main() -> None:
    # Imported here, as every worker imports this file.
    from pipeline.run import Event, Listed, run_batch  # noqa: PLC0415
    from tests.pipeline.orders import exported, order_for  # noqa: PLC0415

    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("scans", type=Path, nargs="*")
    parser.add_argument("--die-at", type=int)
    parser.add_argument("--export", type=Path)
    asked = parser.parse_args()
    if asked.die_at is not None:
        die_at(asked.die_at)
    if asked.export:
        exported(asked.run, asked.export)
        return

    def tell(one: Event) -> None:
        if isinstance(one, Listed):
            print("listed", flush=True)  # noqa: T201 - whoever wants to kill it waits for that

    run_batch(order_for(asked.run, *asked.scans, slowly=True), tell)


def die_at(number: int) -> None:
    """Kill this process at a statement, or between the last one of a transaction and its end."""
    from sqlalchemy import Engine, event  # noqa: PLC0415

    steps = count(1)

    def step(*_: Any) -> None:
        if next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)


if __name__ == "__main__":
    main()
