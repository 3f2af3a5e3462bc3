"""Batch and review server killed at once, again and again: no answer that was acknowledged is lost.

In ``make test`` a few kills, in ``make test-hard`` two hundred: every one a real SIGKILL.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from pipeline.journal import old_journal
from pipeline.journal_queries import filed
from pipeline.journal_schema import ATTEMPTS, DECISIONS, RESULTS
from pipeline.keeping import is_sound
from pipeline.run import run_batch
from tests.pipeline.orders import order_for

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
DOCUMENTS = 24
SECONDS_TO_START = 60.0


@dataclass
class Reviewer:
    """Somebody who answers about one figure over and over, and remembers what was acknowledged."""

    port: int
    card: str
    turn: int = 0
    said: int = 0
    acknowledged: list[tuple[int, str]] = field(default_factory=list)

    def answer_until(self, end: float) -> None:
        """Answer until then, or until the server is no more."""
        try:
            _, headers, _ = self._ask("POST", "/sign-in", {"name": "李"}, "")
            cookie = headers["set-cookie"].partition(";")[0]
            _, _, page = self._ask("GET", "/", None, cookie)
            (csrf,) = re.findall(r'name="csrf" value="([^"]+)"', page)[:1]
            while time.monotonic() < end:
                self.said += 1
                form = {"csrf": csrf, "turn": str(self.turn), "value": str(self.said)}
                status, _, _ = self._ask("POST", self.card, form, cookie)
                assert status in {200, 303, 409}, status
                self.turn += 1
                if status != 409:  # else it was written down before, and the answer got lost
                    self.acknowledged.append((self.turn, str(self.said)))
        except (OSError, http.client.HTTPException):
            return

    def _ask(
        self, method: str, path: str, form: dict[str, str] | None, cookie: str
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read().decode()
        finally:
            connection.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def start(*words: str | Path | int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def scans(tmp_path: Path) -> Callable[[int], Path]:
    def make(number: int) -> Path:
        folder = tmp_path / f"scans{number}"
        folder.mkdir()
        for n in range(DOCUMENTS):
            text = f"agency 甲\nyear 2022\nfigure {n}\ntotal {n + 1}\nrun {number}"
            (folder / f"d{n:02}.pdf").write_text(text, "utf-8")
        return folder

    return make


def test_killed_together_they_lose_nothing_that_was_acknowledged(
    tmp_path: Path,
    scans: Callable[[int], Path],
    capsys: pytest.CaptureFixture[str],
    *,
    all_faults: bool,
) -> None:
    wanted = 200 if all_faults else 4
    dice, kills, kept, batches = random.Random(11), 0, 0, 0  # noqa: S311 - the same every time
    while kills < wanted:
        batches += 1
        folder, run = scans(batches), tmp_path / f"run{batches}"
        first = tmp_path / f"first{batches}"
        first.mkdir()
        (folder / "d00.pdf").rename(first / "d00.pdf")
        run_batch(order_for(run, first), lambda _: None)
        engine = old_journal(run)
        sha256 = filed(engine)[0].sha256
        engine.dispose()
        reviewer = Reviewer(0, f"/card/{sha256}?table=t4&row=review&column=total")
        for _ in range(10):
            if kills >= wanted:
                break
            reviewer.port = free_port()
            server = start("cli.main", "review", run, "--port", reviewer.port)
            began = time.monotonic()
            while not answers(reviewer.port) and time.monotonic() - began < SECONDS_TO_START:
                assert server.poll() is None
                time.sleep(0.05)
            batch = start("tests.pipeline.driver", run, folder, "--die-at", dice.randrange(20, 400))
            reviewer.answer_until(time.monotonic() + dice.uniform(0.3, 2.0))
            both = [server, batch] if dice.random() < 0.5 else [batch, server]
            for one in both:
                kills += one.poll() is None or one.returncode == -signal.SIGKILL
                one.kill()
                one.wait()
        run_batch(order_for(run, first, folder), lambda _: None)
        kept += whole(run, reviewer)
    said = f"kills survived with nothing lost {kills}, in {batches} runs, answers kept {kept}"
    if all_faults:
        with capsys.disabled():
            print(f"\n{said}")  # noqa: T201 - this is what make test-hard is for
    assert kept > 0


def whole(run: Path, reviewer: Reviewer) -> int:
    """Make sure that a run is sound and lacks nothing; returns how many answers were kept."""
    assert is_sound(run)
    engine = old_journal(run)
    assert all(one.result is not None for one in filed(engine))
    assert len(filed(engine)) == DOCUMENTS
    with engine.connect() as connection:
        there = {
            (turn, value)
            for turn, value in connection.execute(select(DECISIONS.c.turn, DECISIONS.c.value))
        }
        results = connection.scalars(select(RESULTS.c.sha256)).all()
        twice = connection.scalars(
            select(ATTEMPTS.c.sha256)
            .where(ATTEMPTS.c.outcome == "read")
            .group_by(ATTEMPTS.c.sha256)
            .having(func.count() > 1)
        ).all()
    engine.dispose()
    assert set(reviewer.acknowledged) <= there
    assert len(results) == len(set(results)) == DOCUMENTS
    assert not twice
    return len(reviewer.acknowledged)
