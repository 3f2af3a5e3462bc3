"""Processes that settle reports: the same answer as here, and nobody notices when one dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from document.decision import Answer
from pipeline.journal import old_journal
from pipeline.journal_queries import filed, report_of
from reconstruct.templates import builtin
from review.desk import Desk
from review.leases import Spot
from review.settlers import Settlers, at_once
from tests.pipeline import runs
from tests.pipeline.runs import T3, T4
from tests.reconstruct.readings import SUQIAN_2023
from tests.review.test_desk import DOUBTS, RIGHT

SPOT = ("t3", ("carry", "total"))


def begin(run: Path) -> None:
    reports = [runs.report_of(n, [(T3, SUQIAN_2023), (T4, RIGHT)], DOUBTS) for n in (1, 2, 3)]
    runs.begin(run, *reports).dispose()


def children() -> set[int]:
    listed = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "spawn_main"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {int(number) for number in listed.stdout.split()}


def lives(number: int) -> bool:
    """Whether a process runs; one that ended and that nobody asks about does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return False
    return state[0] != "Z"


def test_a_process_settles_as_this_one_does_and_its_death_is_not_noticed(run: Path) -> None:
    begin(run)
    desk = Desk(old_journal(run), builtin(), run)
    before = children()
    settle = Settlers(run, builtin(), count=1)
    served = Desk(old_journal(run), builtin(), run, settle=settle)
    try:
        (first, second, third) = served.documents()
        effect = served.decide((Spot(first.sha256, *SPOT),), Answer.VALUE, 96, "李", (0,))
        assert effect is not None
        assert effect.certain
        told = desk.dossier(first.sha256)
        assert told is not None
        assert effect.dossier.report == told.report  # readings, reasons and all

        (worker,) = children() - before
        os.kill(worker, signal.SIGKILL)
        effect = served.decide((Spot(second.sha256, *SPOT),), Answer.VALUE, 96, "李", (0,))
        assert effect is not None
        assert effect.certain
        effect = served.decide((Spot(third.sha256, *SPOT),), Answer.VALUE, 96, "李", (0,))
        assert effect is not None
        assert effect.certain
    finally:
        settle.end()
    assert children() == before


def test_settlers_end_with_the_one_that_started_them(run: Path) -> None:
    begin(run)
    program = (
        "import sys, time\nfrom multiprocessing import active_children\nfrom pathlib import Path\n"
        "from reconstruct.templates import builtin\nfrom review.settlers import Settlers\n"
        "from pipeline.journal import old_journal\n"
        "from pipeline.journal_queries import filed, report_of\n"
        "from document.decision import Answer, Decision\n"
        "if __name__ == '__main__':\n"
        "    run = Path(sys.argv[1])\n"
        "    settle = Settlers(run, builtin(), count=1)\n"
        "    engine = old_journal(run)\n"
        "    document = filed(engine)[0]\n"
        "    said = Decision('t3', ('carry', 'total'), Answer.VALUE, 96, '李', '2026-01-01')\n"
        "    settle(document, report_of(engine, document), (said,))\n"
        "    print(active_children()[0].pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    file = run.parent / "server.py"
    file.write_text(program)
    server = subprocess.Popen(
        [sys.executable, str(file), str(run)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    assert lives(worker)
    server.kill()
    server.wait()
    until = time.monotonic() + 20
    while lives(worker) and time.monotonic() < until:
        time.sleep(0.1)
    assert not lives(worker)


def test_without_decisions_a_report_stays_as_it_was_read(run: Path) -> None:
    begin(run)
    engine = old_journal(run)
    (document, *_) = filed(engine)
    read = report_of(engine, document)
    assert read is not None
    assert at_once(builtin())(document, read, ())() is read
