"""Batch and review server killed at once, again and again: no answer that was acknowledged is lost.

In ``make test`` a few kills, in ``make test-hard`` two hundred: every one a real SIGKILL, at a
moment that nobody chose: while they start, amid a request, amid a statement. GOUJI_SEED repeats
the dice of a run, though not the machine's.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import secrets
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from pipeline.journal import old_journal
from pipeline.journal_queries import filed, report_of
from pipeline.journal_schema import ATTEMPTS, DECISIONS, RESULTS
from pipeline.keeping import is_sound
from pipeline.run import run_batch
from tests.pipeline.orders import order_for
from tests.review.lives import batch, server

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from document.report import Report
    from tests.conftest import Tell

SECONDS_TO_START = 60.0
LIVES = 25
"""Lives of a batch and a server on one run, before it is let to its end and looked through."""
MOST_RUNS = 40


@dataclass
class Reviewer:
    """Somebody who answers about one figure over and over, and remembers what was acknowledged."""

    port: int
    card: str
    turn: int = 0
    said: int = 0
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    heard: Event = field(default_factory=Event)

    def answer(self) -> None:
        """Answer until the server is no more."""
        try:
            _, headers, _ = self._ask("POST", "/sign-in", {"name": "李"}, "")
            cookie = headers["set-cookie"].partition(";")[0]
            _, _, page = self._ask("GET", "/", None, cookie)
            (csrf,) = re.findall(r'name="csrf" value="([^"]+)"', page)[:1]
            while True:
                self.said += 1
                form = {"csrf": csrf, "turn": str(self.turn), "value": str(self.said)}
                status, _, _ = self._ask("POST", self.card, form, cookie)
                assert status in {200, 303, 409}, status
                self.turn += 1
                self.heard.set()
                if status != 409:  # else it was written down before, and the answer got lost
                    self.acknowledged.append((self.turn, str(self.said)))
        except TimeoutError:
            raise  # it lives, and keeps somebody waiting
        except (OSError, http.client.HTTPException):
            return
        finally:
            self.heard.set()

    def _ask(
        self, method: str, path: str, form: dict[str, str] | None, cookie: str
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_START)
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


@pytest.fixture
def scans(tmp_path: Path, *, all_faults: bool) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for n in range(80 if all_faults else 24):
        text = f"agency 甲{n % 7}\nyear 2022\nfigure {n}\ntotal {n + 1}"
        (folder / f"d{n:02}.pdf").write_text(text, "utf-8")
    return folder


def test_killed_together_they_lose_nothing_that_was_acknowledged(
    tmp_path: Path, scans: Path, tell: Tell, *, all_faults: bool
) -> None:
    wanted = 200 if all_faults else 4
    seed = int(os.environ.get("GOUJI_SEED") or secrets.randbits(32))
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    calm = tmp_path / "calm"
    run_batch(order_for(calm, scans), lambda _: None)
    undisturbed = reports_of(calm)
    kills, together, kept, runs = 0, 0, 0, 0
    began = time.monotonic()
    while kills < wanted or not kept:
        runs += 1
        assert runs < MOST_RUNS
        run = tmp_path / f"run{runs}"
        run_batch(order_for(run, scans / "d00.pdf"), lambda _: None)
        (sha256,) = reports_of(run)
        reviewer = Reviewer(0, f"/card/{sha256}?table=t4&row=review&column=total")
        for _ in range(LIVES):
            died = killed_together(run, scans, reviewer, dice)
            kills, together = kills + sum(died), together + all(died)
            if (kills >= wanted and reviewer.acknowledged) or not died[0]:
                break
        run_batch(order_for(run, scans), lambda _: None)
        assert reports_of(run) == undisturbed
        kept += whole(run, reviewer, len(undisturbed))
    tell(
        f"kills survived with nothing lost {kills} ({together} times batch and server at once, in "
        f"{runs} runs, {time.monotonic() - began:.0f} s, seed {seed}); answers acknowledged {kept},"
        " lost 0"
    )


def killed_together(
    run: Path, scans: Path, reviewer: Reviewer, dice: random.Random
) -> tuple[bool, bool]:
    """Let batch and server live a little; tell of each whether it was killed or had ended."""
    reviewer.port = free_port()
    words = ("--die-at", str(dice.randrange(5, 300))) if dice.random() < 0.3 else ()
    lives = [batch(run, scans, *words), server(run, reviewer.port)]
    if dice.random() < 0.2:  # while they start
        time.sleep(dice.uniform(0, 0.5))
        return died(lives, dice)
    end = time.monotonic() + SECONDS_TO_START
    while not answers(reviewer.port):
        assert lives[1].is_alive()
        assert time.monotonic() < end
        time.sleep(0.01)
    with ThreadPoolExecutor(1) as person:
        reviewer.heard.clear()
        answering = person.submit(reviewer.answer)
        if dice.random() < 0.7:  # else while somebody comes in, or gets a first answer
            assert reviewer.heard.wait(5 * SECONDS_TO_START)
        time.sleep(dice.uniform(0, 1.5))
        both = died(lives, dice)
        answering.result()
    return both


def died(lives: list[BaseProcess], dice: random.Random) -> tuple[bool, bool]:
    """Kill both at one moment, or one a little later."""
    gap = dice.choice((0.0, 0.0, dice.uniform(0, 0.1)))
    for one in dice.sample(lives, 2):
        one.kill()
        time.sleep(gap)
    for one in lives:
        one.join()
        assert one.exitcode in {0, -signal.SIGKILL}
    return lives[0].exitcode != 0, lives[1].exitcode != 0


def reports_of(run: Path) -> dict[str, Report | None]:
    engine = old_journal(run)
    reports = {one.sha256: report_of(engine, one) for one in filed(engine)}
    engine.dispose()
    return reports


def whole(run: Path, reviewer: Reviewer, documents: int) -> int:
    """Make sure that a run is sound and lacks nothing; returns how many answers were kept."""
    assert is_sound(run)
    engine = old_journal(run)
    with engine.connect() as connection:
        there = [
            (turn, value)
            for turn, value in connection.execute(
                select(DECISIONS.c.turn, DECISIONS.c.value).order_by(DECISIONS.c.turn)
            )
        ]
        results = connection.scalars(select(RESULTS.c.sha256)).all()
        twice = connection.scalars(
            select(ATTEMPTS.c.sha256)
            .where(ATTEMPTS.c.outcome == "read")
            .group_by(ATTEMPTS.c.sha256)
            .having(func.count() > 1)
        ).all()
    engine.dispose()
    assert set(reviewer.acknowledged) <= set(there)
    assert [turn for turn, _ in there] == list(range(1, len(there) + 1))
    assert len(there) <= reviewer.said
    assert len(results) == len(set(results)) == documents
    assert not twice
    return len(reviewer.acknowledged)
