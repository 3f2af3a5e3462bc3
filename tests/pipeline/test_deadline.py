"""A document that takes too long costs its own place, in one process as in many."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from document.report import Report
from pipeline.batch import Wish, read_one
from pipeline.deadline import OutOfTime, within
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from pipeline.intake import Document

ROOT = Path(__file__).parents[2]


def test_a_document_that_takes_too_long_is_named_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("政府信息公开", "utf-8")

    def recover(document: Document) -> Report:
        end = time.monotonic() + 20
        while time.monotonic() < end and turns.pop():
            try:
                time.sleep(20)
            except Exception:  # noqa: BLE001 - a decoder that swallows whatever it gets
                pytest.fail("time is no fault that anybody may handle")
        return Report(document.source, None, None, (), ())

    turns = [False, True]
    wish = Wish(tmp_path, frozenset({"json"}), "en", builtin(), seconds=0.5)
    outcome = read_one(path, "long", recover, wish)
    assert outcome.failed
    (finding,) = outcome.report.findings
    assert finding.code == "out-of-time"
    assert "--time-limit" in finding.message.en
    assert not read_one(path, "short", recover, wish).failed
    time.sleep(0.7)  # no alarm is left behind


def test_it_is_said_again_where_it_was_lost() -> None:
    def loses() -> None:
        with within(0.2):
            with suppress(OutOfTime):
                time.sleep(30)
            time.sleep(30)

    with pytest.raises(OutOfTime):
        loses()


def test_what_never_comes_back_to_python_is_ended_from_outside(tmp_path: Path) -> None:
    program = (
        "import signal, time; from pipeline import deadline; deadline._GRACE = 0.5\n"
        "deadline.be_watched('it was ended')\n"
        "with deadline.within(10): pass\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])  # as good as deaf\n"
        "with deadline.within(0.5): time.sleep(60)"
    )
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == -9
    assert done.stderr == "it was ended\n"
    assert time.monotonic() - start < 45
