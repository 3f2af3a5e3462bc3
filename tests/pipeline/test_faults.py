"""Batches that are killed, starved and lied to end with the very files of an undisturbed one.

Here in a short form; ``make test-faults`` does all of it: every kill below is a real SIGKILL, every
full disk a real one, and PostgreSQL is a server that is really running.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import warnings
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from sqlalchemy import func, select

from document.errors import GoujiError
from pipeline.journal import old_journal
from pipeline.journal_queries import filed, report_of
from pipeline.journal_schema import ATTEMPTS, RESULTS
from pipeline.run import run_batch
from tests.pipeline.orders import exported, order_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import NewRun

    Start: TypeAlias = Callable[[Path, random.Random], subprocess.Popen[bytes]]

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
DOCUMENTS = 30
_OF_A_BATCH = 6
"""Kills after which a batch is let to its end, and its files are compared."""
BAD = {
    "refused": ("do refuse", "damaged-pdf"),
    "bug": ("do raise", "reader-error"),
    "lie": ("do lie", "nonsense"),
    "babble": ("do babble", "changed-file"),
    "segfault": ("do segfault", "worker-died"),
}
SLOW = {"hang": ("do hang", "time-limit"), "eat": ("do eat", "memory-limit")}
"""Bad documents that take a while; the short form leaves them to test_run.py."""


@dataclass
class Storm:
    """A batch that is disturbed until it is done; ``kills`` says how often, and of what."""

    start: Start
    dice: random.Random
    wanted: int
    kills: Counter[str] = field(default_factory=Counter)

    def rage(self, run: Path) -> None:
        """Start the batch again and again until it comes to its end."""
        most = min(self.wanted, self.kills.total() + _OF_A_BATCH)
        while True:
            driver = self.start(run, self.dice)
            if self.kills.total() < most:
                self._disturb(driver, run)
            else:
                driver.wait(timeout=120)
            if driver.returncode == 0:
                return
            assert driver.returncode == -signal.SIGKILL
            self.kills["driver"] += 1

    def _disturb(self, driver: subprocess.Popen[bytes], run: Path) -> None:
        if self.dice.random() < 0.8 and driver.stdout is not None:
            driver.stdout.readline()  # its inputs are listed now, and work begins
        end = time.monotonic() + self.dice.uniform(0, 3)
        # One worker at most in a driver's life, and only while none is reading alone what killed
        # another: a document that kills twice is set aside, as it should be.
        if self.dice.random() < 0.5:
            time.sleep(self.dice.uniform(0, 0.5))
            victims = workers_of(driver.pid) if unread(run) > 8 else []
            if victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.dice.choice(victims), signal.SIGKILL)
                    self.kills["worker"] += 1
        with contextlib.suppress(subprocess.TimeoutExpired):
            driver.wait(max(0.0, end - time.monotonic()))
        driver.kill()
        driver.wait()


@pytest.fixture
def scans(tmp_path: Path, *, all_faults: bool) -> Path:
    """Thirty documents, some twice and in an archive, and bad ones among them."""
    folder = tmp_path / "scans"
    folder.mkdir()
    texts = {
        f"d{n:02}": f"agency 甲{n % 7}\nyear {2019 + n % 5}\nfigure {n}\ntotal {n - n % 3 // 2}"
        for n in range(DOCUMENTS)
    }
    texts |= {name: act for name, (act, _) in bad(all_faults=all_faults).items()}
    for name, text in texts.items():
        (folder / f"{name}.pdf").write_text(f"{text}\nname {name}", "utf-8")
    (folder / "copy.pdf").write_bytes((folder / "d03.pdf").read_bytes())
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        for n in range(4):
            archive.writestr(f"z{n}.pdf", f"agency 乙\nyear {2019 + n}\nfigure {n}\ntotal {n}")
    (folder / "torn.zip").write_bytes((folder / "more.zip").read_bytes()[:300])
    return folder


def bad(*, all_faults: bool) -> dict[str, tuple[str, str]]:
    return BAD | SLOW if all_faults else BAD


def test_killed_at_any_moment_the_export_is_that_of_an_undisturbed_batch(
    tmp_path: Path,
    scans: Path,
    new_run: NewRun,
    request: pytest.FixtureRequest,
    *,
    all_faults: bool,
) -> None:
    """By the clock, or at a statement; the driver, or a worker."""
    calm = new_run("calm")
    run_batch(order_for(calm, scans), lambda _: None)
    wanted = exported(calm, tmp_path / "calm-export")
    assert named(calm) == {
        f"{name}.pdf": code for name, (_, code) in bad(all_faults=all_faults).items()
    }
    postgresql = "postgresql" in request.node.name
    many = (15 if postgresql else 50) if all_faults else (2 if postgresql else 4)
    storm = Storm(lambda run, dice: start(run, scans, dice), dice_of(5), many)
    storms = 0
    while storm.kills.total() < many:
        storms += 1
        stormy = new_run(f"stormy{storms}")
        storm.rage(stormy)
        assert exported(stormy, tmp_path / f"export{storms}") == wanted
        assert named(stormy) == named(calm)
        nothing_is_there_twice(stormy)
        assert len(list((stormy / "unpacked").iterdir())) == 4  # and no remains
    request.node.add_report_section("call", "kills", f"{dict(storm.kills)} in {storms} batches")
    assert storm.kills["driver"]


def test_an_export_that_is_killed_leaves_no_half_of_a_file(
    tmp_path: Path, scans: Path, new_run: NewRun, *, all_faults: bool
) -> None:
    run, dice, kills = new_run("run"), dice_of(7), 0
    run_batch(order_for(run, scans), lambda _: None)
    wanted = exported(run, tmp_path / "export")
    torn = tmp_path / "torn"
    for _ in range(12 if all_faults else 1):
        program = [sys.executable, "-m", "tests.pipeline.driver", str(run), "--export", str(torn)]
        program += ["--die-at", str(dice.randrange(1, 200))]
        done = subprocess.run(program, cwd=ROOT, env=ENVIRONMENT, check=False)
        kills += done.returncode == -signal.SIGKILL
        for path in torn.glob("*") if torn.exists() else ():
            if not path.name.startswith(".gouji-"):  # what a killed program was writing
                assert path.read_bytes() == wanted[path.name]
        assert done.returncode in {0, -signal.SIGKILL}
    assert kills or not all_faults


def test_the_true_reader_is_killed_and_goes_on(tmp_path: Path, *, all_faults: bool) -> None:
    if not all_faults:
        pytest.skip("make test-faults kills the true reader too")
    scans = tmp_path / "scans"
    scans.mkdir()
    for name in ("dashes.jpg", "letter.jpg", "luolong-2024.tiff"):
        (scans / name).write_bytes((ROOT / "samples" / "documents" / name).read_bytes())
    (scans / "torn.pdf").write_bytes(
        (ROOT / "samples" / "documents" / "demo.pdf").read_bytes()[:999]
    )

    def gouji(*words: str | Path) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "cli.main", *map(str, words)]
        return subprocess.Popen(program, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE)

    calm, stormy, dice = tmp_path / "calm", tmp_path / "stormy", dice_of(3)
    assert gouji("batch", scans, "--run", calm, "--workers", "1").wait(timeout=600) == 1
    kills = 0
    while True:
        driver = gouji("batch", scans, "--run", stormy, "--workers", "1")
        try:
            code = driver.wait(timeout=dice.uniform(3, 25) if kills < 4 else 600)
        except subprocess.TimeoutExpired:
            driver.kill()
            driver.wait()
            kills += 1
        else:
            break
    assert code == 1
    assert kills
    assert named(stormy).keys() == named(calm).keys() >= {"torn.pdf"}
    assert exported(stormy, tmp_path / "1") == exported(calm, tmp_path / "2")


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_a_full_disk_ends_a_batch_and_with_room_it_goes_on(tmp_path: Path, where: str) -> None:
    texts = {}
    for n in range(24):
        digits = "".join(dice_of(n).choices("0123456789abcdef", k=20000))
        texts[f"d{n}"] = f"agency 甲{n}\nprinted {digits}\nname {n}"
    scans = tmp_path / "scans"
    scans.mkdir()
    for name, text in texts.items():
        (scans / f"{name}.pdf").write_text(text, "utf-8")
    calm = tmp_path / "calm"
    run_batch(order_for(calm, scans), lambda _: None)
    disk, out = tmp_path / "disk", tmp_path / "export"
    program = [sys.executable, "-m", "tests.pipeline.full_disk", str(disk), str(scans), str(out)]
    program = [*unshared(), *program] if unshared() else [*program, "--limit"]
    if "--limit" in program:
        warnings.warn("no disk may be mounted here: a limit on files stands in", stacklevel=1)
    if where == "postgresql":
        if os.getuid() or "--limit" in program:
            pytest.skip("a disk for PostgreSQL can be mounted by root only")
        program.append("--server")
    done = subprocess.run(
        program, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert "disk's space" in said["cause"]
    assert 0 < said["read"] < len(texts)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == exported(
        calm, tmp_path / "c"
    )


def start(run: Path, scans: Path, dice: random.Random | None = None) -> subprocess.Popen[bytes]:
    """Start a batch that, every other time, kills itself at some statement."""
    program = [sys.executable, "-m", "tests.pipeline.driver", str(run), str(scans)]
    if dice is not None and dice.random() < 0.5:
        program += ["--die-at", str(dice.randrange(1, 400))]
    return subprocess.Popen(program, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE)


def named(run: Path) -> dict[str, str]:
    """The documents that failed, and the code of the reason given."""
    engine = old_journal(run)
    reports = [(one, report_of(engine, one)) for one in filed(engine) if one.status == "failed"]
    engine.dispose()
    return {Path(one.path).name: report.findings[0].code for one, report in reports if report}


def nothing_is_there_twice(run: Path) -> None:
    engine = old_journal(run)
    with engine.connect() as connection:
        results = connection.scalars(select(RESULTS.c.sha256)).all()
        whole = func.count() > 1
        ended = select(ATTEMPTS.c.sha256).where(ATTEMPTS.c.outcome == "read")
        twice = connection.scalars(ended.group_by(ATTEMPTS.c.sha256).having(whole)).all()
    engine.dispose()
    assert len(results) == len(set(results))
    assert not twice


def unread(run: Path) -> int:
    """The documents without a result, as seen from beside the batch; 0 before there are any."""
    try:
        engine = old_journal(run)
        found = sum(one.result is None for one in filed(engine))
    except GoujiError:
        return 0
    engine.dispose()
    return found


def workers_of(driver: int) -> list[int]:
    """The processes of a batch that read documents; none where the system does not tell."""
    try:
        children = Path(f"/proc/{driver}/task/{driver}/children").read_text("ascii").split()
        return [
            int(pid)
            for pid in children
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
    except FileNotFoundError:
        return []


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - not for secrets


def unshared() -> list[str]:
    """The command under which a disk can be mounted for itself alone; none if there is none."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        trial = [*command, "mount", "-t", "tmpfs", "none", "/mnt"]
        try:
            done = subprocess.run(trial, capture_output=True, check=False)
        except FileNotFoundError:
            return []
        if done.returncode == 0:
            return command
    return []
