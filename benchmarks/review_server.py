"""How fast the review screen answers, and whether it loses anything.

``python -m benchmarks.review_server``

A run of made reports is served as the command does. Reviewers at once, each a thread of another
process, take a card, think, and accept it; measured is the time from sending an answer to having
the next card. With ``--kills`` the server is killed at random and started again; in the end every
answer that was acknowledged must be in the journal, once.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks.repair_drawing import Setting, draw
from document.report import Report, Source
from pipeline.journal import (
    Attempt,
    Sighting,
    add_attempt,
    add_inputs,
    add_settings,
    new_journal,
    old_journal,
)
from pipeline.journal_schema import DECISIONS
from pipeline.settings import Settings
from reconstruct.repair import settle

PORT = 8799
KINDS = (
    Setting("", 0.01, "mixed", lost=(0, 0, 3)),
    Setting("", 0.03, "mixed"),
    Setting("", 0.02, "mixed", page_wrong=1.0),
)


@dataclass
class Log:
    """What the reviewers saw: seconds for each next card, answers acknowledged, failures."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    failures: int = 0
    finished: int = 0


@dataclass(frozen=True)
class Load:
    """How the reviewers work: each sends ``answers``, after ``think`` seconds more or less."""

    reviewers: int
    answers: int
    think: float
    until: float


SMALL = (Setting("", 0.03, "mixed", table="t4", lost=(0, 0, 7)),)
"""Tables settled in no time, where the number of answers is what matters."""


def make(folder: Path, reports: int, seed: int, kinds: tuple[Setting, ...] = KINDS) -> None:
    """Make a run of ``reports``, of which many are alike but for their names."""
    rng = random.Random(seed)
    models: list[Report] = []
    while len(models) < min(reports, 60):
        drawn = draw(rng, kinds[len(models) % len(kinds)])
        table, findings = settle(drawn.read, drawn.template)
        if 0 < sum(cell.needs_review for cell in table.cells) <= 40:
            source = Source("a.pdf", "0" * 64, 1)
            models.append(Report(source, None, 2023, (table,), findings))
    settings = Settings("1" * 64, "{}")
    engine = new_journal(folder)
    add_settings(engine, settings)
    for number in range(reports):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        name = f"{number:05d}.pdf"
        report = replace(
            models[number % len(models)], source=Source(name, sha256, 1), agency=f"{number:05d}局"
        )
        add_inputs(engine, [Sighting(sha256, 1, f"/nowhere/{name}")])
        add_attempt(engine, Attempt(sha256, settings.key, 1.0, alone=False, outcome="read"), report)
    engine.dispose()


def start(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Start the server and wait until it answers; returns also the seconds that took."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "cli.main", "review", str(folder), "--port", str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ))
    for _ in range(1200):
        try:
            _ask("GET", "/sign-in", {}, None)
        except OSError:
            time.sleep(0.05)
        else:
            return process, time.monotonic() - begun
    message = "the server did not start"
    raise RuntimeError(message)


def _cpu(process: subprocess.Popen[bytes]) -> float:
    """Return the CPU seconds of a running server, 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(
    method: str, path: str, headers: dict[str, str], body: str | None
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def work(name: str, load: Load, log: Log, lock: threading.Lock, seed: int) -> None:
    """Be a reviewer: accept what stands, again and again; sign in anew where that is asked."""
    rng = random.Random(seed)
    cookie, page, done, before = "", "", 0, ""
    form = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    while done < load.answers and time.monotonic() < load.until:
        try:
            if not page:
                body = urlencode({"name": name})
                _, _, headers = _ask("POST", "/sign-in", form, body)
                cookie = headers["set-cookie"].partition(";")[0]
                _, page, _ = _ask("GET", "/next", {"Cookie": cookie, "HX-Request": "true"}, None)
            time.sleep(rng.uniform(0.5, 1.5) * load.think)
            action = re.search(r'id="answer" method="post" action="([^"]+)"', page)
            if action is None:
                if 'id="done"' in page:
                    break
                page = ""
                continue
            values = dict(
                re.findall(r'name="(csrf|turn|standing|value)"[^>]*? value="([^"]*)"', page)
            )
            values["value"] = values.get("value") or "0"
            path = action[1].replace("&amp;", "&")
            if path == before:  # asked once more: the page says so
                values["answer"] = "page"
            begun = time.perf_counter()
            status, after, _ = _ask("POST", path, {**form, "Cookie": cookie}, urlencode(values))
            spent = time.perf_counter() - begun
        except (OSError, KeyError):
            with lock:
                log.failures += 1
            page = ""
            time.sleep(0.3)
            continue
        with lock:
            if status == 200 and "data-announce" in after:
                log.seconds.append(spent)
                log.acknowledged.append((name, path))
                done, before = done + 1, path
        page = after if status in {200, 409} else ""
    with lock:
        log.finished += 1


def drive(load: Load, seed: int, out: Path) -> None:
    """Let all reviewers work, in this process, and write down what they saw."""
    log, lock = Log(), threading.Lock()
    threads = [
        threading.Thread(target=work, args=(f"reviewer {n}", load, log, lock, seed + n))
        for n in range(load.reviewers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    content = {"seconds": log.seconds, "ok": log.acknowledged, "failures": log.failures}
    out.write_text(json.dumps(content))


def lost(folder: Path, acknowledged: list[tuple[str, str]]) -> tuple[int, int]:
    """Return how many acknowledged answers the journal lacks, and how many it has twice."""
    engine = old_journal(folder)
    held: dict[tuple[str, str], int] = {}
    with engine.connect() as connection:
        for row in connection.execute(select(DECISIONS).where(DECISIONS.c.undoes.is_(None))):
            query = urlencode({"table": row.table, "row": row.row, "column": row.column})
            key = (row.person, f"/card/{row.sha256}?{query}")
            held[key] = held.get(key, 0) + 1
    engine.dispose()
    said: dict[tuple[str, str], int] = {}
    for person, path in acknowledged:
        said[person, path] = said.get((person, path), 0) + 1
    missing = sum(max(0, count - held.get(key, 0)) for key, count in said.items())
    return missing, sum(held.values())


def main(arguments: list[str] | None = None) -> None:
    """Print how fast the screen answers and what was lost."""
    parser = argparse.ArgumentParser(prog="benchmarks.review_server", description=__doc__)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--answers", type=int, default=10, help="of each reviewer")
    parser.add_argument("--think", type=float, default=4.0, help="seconds a card")
    parser.add_argument("--kills", type=int, default=0, help="how often the server is killed")
    parser.add_argument("--life", type=float, default=5.0, help="seconds between kills, about")
    parser.add_argument("--most", type=float, default=600.0, help="seconds after which all end")
    parser.add_argument("--small", action="store_true", help="reports of one small table each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", type=Path, help="keep the run in this folder, or use it again")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.run or Path(temporary) / "run"
        if not folder.exists():
            folder.mkdir(parents=True)
            begun = time.monotonic()
            make(folder, chosen.reports, chosen.seed, SMALL if chosen.small else KINDS)
            print(f"made {chosen.reports} reports in {time.monotonic() - begun:.0f} s", flush=True)
        os.sync()  # what was just made is no work of the server
        (server, took), out = start(folder), Path(temporary) / "log.json"
        starts = [took]
        idle, spent_cpu = _cpu(server), 0.0
        load = Load(chosen.reviewers, chosen.answers, chosen.think, chosen.most)
        drivers = subprocess.Popen(
            [sys.executable, "-c", _DRIVER, str(out), json.dumps([*_fields(load), chosen.seed])],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        begun = time.monotonic()
        rng, killed = random.Random(chosen.seed), 0
        while drivers.poll() is None:
            if killed < chosen.kills:
                time.sleep(rng.uniform(0.4, 1.6) * chosen.life)
                spent_cpu += _cpu(server) - idle
                server.send_signal(signal.SIGKILL)
                server.wait()
                killed += 1
                server, took = start(folder)
                starts.append(took)
                idle = _cpu(server)
            time.sleep(0.2)
        spent = time.monotonic() - begun
        spent_cpu += _cpu(server) - idle
        server.kill()
        server.wait()
        said = json.loads(out.read_text())
        seconds = sorted(said["seconds"])
        missing, held = lost(folder, [(person, path) for person, path in said["ok"]])
    if not seconds:
        sys.exit("no answer was acknowledged")
    quantile = {
        q: 1000 * seconds[min(len(seconds) - 1, int(q * len(seconds)))] for q in (0.5, 0.99)
    }
    print(
        f"{chosen.reviewers} reviewers, {chosen.think:g} s a card, {chosen.reports} reports: "
        f"{len(seconds)} answers in {spent:.0f} s ({len(seconds) / spent:.1f} a second)\n"
        f"next card: p50 {quantile[0.5]:.0f} ms, p99 {quantile[0.99]:.0f} ms; "
        f"CPU {1000 * spent_cpu / len(seconds):.0f} ms an answer, load {os.getloadavg()[0]:.1f}\n"
        f"server killed {killed} times, up again after {statistics.median(starts):.1f} s, "
        f"{said['failures']} requests failed; "
        f"answers acknowledged {len(said['ok'])}, in the journal {held}, lost {missing}"
    )


def _fields(load: Load) -> list[float]:
    return [load.reviewers, load.answers, load.think, load.until]


_DRIVER = """
import json, sys, time
from pathlib import Path
from benchmarks.review_server import Load, drive
reviewers, answers, think, most, seed = json.loads(sys.argv[2])
drive(Load(reviewers, answers, think, time.monotonic() + most), seed, Path(sys.argv[1]))
"""


if __name__ == "__main__":
    main()
