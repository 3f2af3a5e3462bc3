"""Every hostile file gets a finding that says what to do, within limits; its neighbours are read.

``make test-hard`` shows all of it to the true readers as well.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.allowance import Bounds
from pipeline.gather import Given, PassedOver, gather
from pipeline.journal import Refusal, old_journal
from pipeline.journal_queries import DEATHS, filed, report_of
from pipeline.pool import Limits
from pipeline.run import Ended, Order, Refused, run_batch
from pipeline.settings import Settings
from tests.hostile import reader
from tests.hostile.archives import NAMES
from tests.hostile.corpus import ARCHIVES, FILES, PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.message import Message
    from document.report import Report
    from pipeline.run import Event, Tally
    from tests.conftest import Tell

ROOT = Path(__file__).parents[2]
NEIGHBOUR = ROOT / "samples" / "documents" / "demo.pdf"
LIMITS = Limits(workers=2, seconds=60, mib=1536, documents=50)
GOUJI = (sys.executable, "-m", "cli.main")
SECONDS_TO_OPEN = 120.0


@dataclass(frozen=True)
class Outcome:
    """What a batch of hostile files came to."""

    ended: dict[str, Ended]
    reports: dict[str, Report]
    refused: dict[str, Refusal]
    tally: Tally
    seconds: float


def batch(folder: Path, run: Path) -> Outcome:
    ended: dict[str, Ended] = {}
    refused: dict[str, Refusal] = {}

    def tell(event: Event) -> None:
        if isinstance(event, Ended):
            ended[Path(event.place).name] = event
        elif isinstance(event, Refused):
            refused[event.refusal.place] = event.refusal

    start = time.monotonic()
    order = Order((folder,), run, reader.load, Settings("1" * 64, "{}"), LIMITS)
    tally = run_batch(order, tell)
    seconds = time.monotonic() - start
    engine = old_journal(run)
    reports = {Path(one.path).name: report_of(engine, one) for one in filed(engine)}
    engine.dispose()
    return Outcome(
        ended, {name: one for name, one in reports.items() if one}, refused, tally, seconds
    )


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("hostile")
    scans = folder / "scans"
    scans.mkdir()
    shutil.copy(NEIGHBOUR, scans / "a-neighbour.pdf")
    for name, hostile in FILES.items():
        hostile.make(scans / name)
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy(NEIGHBOUR, alone / "a-neighbour.pdf")
    calm = batch(alone, folder / "calm").reports["a-neighbour.pdf"]
    outcome = batch(scans, folder / "run")
    there = outcome.reports["a-neighbour.pdf"]
    assert [f for f in there.findings if f.code != "memory"] == [
        f for f in calm.findings if f.code != "memory"
    ], "the neighbour of hostile files is read as if they were not there"
    yield outcome
    shutil.rmtree(folder)


def helpful(message: Message) -> None:
    """A message has a cause and, after a colon, what to do."""
    assert re.search(r"[\u4e00-\u9fff]", message.zh)
    assert "：" in message.zh
    assert ": " in message.en
    assert "Traceback" not in message.en


def codes_of(outcome: Outcome, name: str) -> set[str]:
    codes = {finding.code for finding in outcome.reports[name].findings}
    return codes | {outcome.ended[name].outcome}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_its_finding(tried: Outcome, name: str) -> None:
    wanted = FILES[name].codes
    found = codes_of(tried, name)
    assert found.isdisjoint({"internal-error", "reader-error", "worker-died", "nonsense"}), found
    assert not wanted or wanted & found, found
    for finding in tried.reports[name].findings:
        if finding.code not in {"pixels", "memory"}:
            helpful(finding.message)


def test_time_and_memory_are_held(tried: Outcome, tell: Tell) -> None:
    slowest = max(tried.ended.values(), key=lambda one: one.seconds)
    assert slowest.seconds < LIMITS.seconds + 5
    peaks = {
        name: int(finding.message.en) >> 10
        for name, report in tried.reports.items()
        for finding in report.findings
        if finding.code == "memory"
    }
    greatest = max(peaks, key=lambda name: peaks[name])
    assert peaks[greatest] <= LIMITS.mib
    stopped = [name for name, one in tried.ended.items() if one.outcome in DEATHS]
    assert len(tried.ended) == len(FILES) + 1
    tell(
        f"hostile files tried {len(FILES)}, handled {len(tried.ended) - 1} in {tried.seconds:.0f} s"
        f"; time and memory held for all of them: slowest {slowest.seconds:.1f} s of "
        f"{LIMITS.seconds:g} ({Path(slowest.place).name}), most memory {peaks[greatest]} MiB of "
        f"{LIMITS.mib} ({greatest}), stopped at a limit {len(stopped)}"
    )
    tell(f"hostile archives and places tried {len(ARCHIVES)} + {len(PLACES)}, each a test")


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_gets_its_refusal(tmp_path: Path, name: str) -> None:
    ARCHIVES[name].make(tmp_path / name)
    run = tmp_path / "run"
    run.mkdir()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    found = list(gather([tmp_path / name], run))
    assert time.monotonic() - start < SECONDS_TO_OPEN
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 << 10, "KiB"
    refusals = [one for one in found if isinstance(one, Refusal)]
    if ARCHIVES[name].codes:
        assert {one.code for one in refusals} & ARCHIVES[name].codes, found
    for one in refusals:
        helpful(one.message)
    inside = {path.parent for path in tmp_path.rglob("*")}
    assert inside <= {tmp_path, run, run / "unpacked"}
    assert not list((run / "unpacked").glob(".gouji-*"))
    if name == "names.zip":
        given = [one for one in found if isinstance(one, Given)]
        assert len(given) == len(NAMES) - 1, "a name ends at its zero byte, and is of no kind then"


def test_archives_in_archives_share_what_is_let_out(tmp_path: Path) -> None:
    ARCHIVES["wide-nest.zip"].make(tmp_path / "nest.zip")
    (tmp_path / "run").mkdir()
    found = list(gather([tmp_path / "nest.zip"], tmp_path / "run", Bounds(gib=0.1)))
    given = [one for one in found if isinstance(one, Given)]
    assert 0 < sum(one.sighting.size for one in given) < 0.1 * (1 << 30)
    refused = [one for one in found if isinstance(one, Refusal)]
    assert {one.code for one in refused} == {"archive-bomb"}
    nowhere = list(gather([tmp_path / "nest.zip"], tmp_path / "run", Bounds(nesting=0)))
    assert {one.code for one in nowhere if isinstance(one, Refusal)} == {"nested-archive"}


def test_a_folder_of_hostile_names_and_kinds(tmp_path: Path) -> None:
    scans, run = tmp_path / "scans", tmp_path / "run"
    scans.mkdir()
    run.mkdir()
    for name, hostile in PLACES.items():
        hostile.make(scans / name)
    start = time.monotonic()
    found = list(gather([scans], run))
    assert time.monotonic() - start < 10, "nothing is waited for"
    refused = {Path(one.place).name: one for one in found if isinstance(one, Refusal)}
    given = [one for one in found if isinstance(one, Given)]
    assert not [one for one in found if isinstance(one, PassedOver)]
    for name, hostile in PLACES.items():
        if hostile.codes and "not-supported" not in hostile.codes:
            assert refused[name].code in hostile.codes
            helpful(refused[name].message)
    plain = {name for name, one in PLACES.items() if one.codes == {"not-supported"}}
    assert {one.path.name for one in given} == plain | {os.fsdecode(b"gbk-\xc4\xea\xb1\xa8.pdf")}


def test_the_command_survives_hostile_names(tmp_path: Path) -> None:
    """A line for each, no terminal steered, nothing run, everything written where it was asked."""
    scans = tmp_path / "scans"
    scans.mkdir()
    for name, hostile in PLACES.items():
        if name != "folder-in-a-circle":
            hostile.make(scans / name)
    names = sorted(name for name in os.listdir(scans))  # noqa: PTH208 - names, not paths
    done = subprocess.run(
        [*GOUJI, "read", "-o", str(tmp_path / "out"), "--lang", "en", "--", *names],
        cwd=scans,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    said = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode == 1
    assert "Traceback" not in said
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", said)
    assert len(done.stdout.splitlines()) == len(names)
    assert not (scans / "pwned").exists()
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert len(written) == len(names)
    for path in (tmp_path / "out").iterdir():
        assert json.loads(path.read_text("utf-8"))["status"] == "failed"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files that it may not read")
def test_unreadable_folders_and_files_are_named(tmp_path: Path) -> None:
    del tmp_path  # nobody may enter it
    with tempfile.TemporaryDirectory() as name:
        scans = Path(name) / "scans"
        closed = scans / "closed"
        closed.mkdir(parents=True)
        Path(name).chmod(0o755)
        (scans / "secret.pdf").write_text("x")
        (scans / "open.pdf").write_text("y")
        closed.chmod(0)
        (scans / "secret.pdf").chmod(0)
        os.seteuid(65534)
        try:
            found = list(gather([scans], Path(name) / "run"))
        finally:
            os.seteuid(0)
        refused = {Path(one.place).name: one.code for one in found if isinstance(one, Refusal)}
        assert refused == {"closed": "no-permission", "secret.pdf": "no-permission"}
        assert [one.path.name for one in found if isinstance(one, Given)] == ["open.pdf"]
