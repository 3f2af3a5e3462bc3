"""Batches: one document cannot harm another, nothing is lost, nothing is read twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from document.errors import GoujiError
from pipeline import journal
from pipeline.export_run import Form, export
from pipeline.journal import old_journal
from pipeline.journal_queries import filed, refusals, report_of, troubles
from pipeline.journal_schema import ATTEMPTS
from pipeline.pool import Limits
from pipeline.run import Ended, Event, Listed, Order, run_batch
from pipeline.settings import Settings
from pipeline.turns import Task, ended
from reconstruct.templates import builtin
from tests.pipeline import faulty_reader

if TYPE_CHECKING:
    from collections.abc import Callable


ROOT = Path(__file__).parents[2]
SETTINGS = Settings("1" * 64, "{}")
CHANGED = Settings("2" * 64, '{"prose": "never"}')


def batch(
    run: Path, *inputs: Path, load: Callable[[], Any] = faulty_reader.load, **more: Any
) -> list[Event]:
    events: list[Event] = []
    limits = more.pop("limits", Limits(workers=2, seconds=20, mib=2000))
    settings = more.pop("settings", SETTINGS)
    run_batch(Order(inputs, run, load, settings, limits, **more), events.append)
    return events


def listed(events: list[Event]) -> Listed:
    (found,) = [event for event in events if isinstance(event, Listed)]
    return found


def standing(run: Path) -> dict[str, tuple[str | None, str | None]]:
    """The status of every document by its name, and the code of its first finding."""
    engine = old_journal(run)
    found: dict[str, tuple[str | None, str | None]] = {}
    for one in filed(engine):
        report = report_of(engine, one)
        code = report.findings[0].code if report and report.findings else None
        found[Path(one.path).name] = (one.status, code)
    return found


def exported(run: Path, form: Form) -> tuple[Path, ...]:
    return export(old_journal(run), run / "export", form, builtin(), "en")


def attempts(run: Path) -> int:
    with old_journal(run).connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(ATTEMPTS)) or 0)


def write(folder: Path, **documents: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in documents.items():
        (folder / f"{name}.pdf").write_text(f"{text}\nname {name}", "utf-8")
    return folder


def test_whatever_a_document_does_the_others_are_read(tmp_path: Path, run: Path) -> None:
    scans = write(
        tmp_path / "scans",
        good="agency 甲",
        crash="do crash",
        segfault="do segfault",
        hang="do hang",
        eat="do eat",
        bug="do raise",
        refused="do refuse",
        memory="do no-memory",
        lie="do lie",
        babble="do babble",
        once="do once",
        good2="agency 乙",
    )
    events = batch(run, scans, limits=Limits(workers=2, seconds=3, mib=400, documents=3))
    assert standing(run) == {
        "good.pdf": ("clean", None),
        "good2.pdf": ("clean", None),
        "once.pdf": ("clean", None),
        "crash.pdf": ("failed", "worker-died"),
        "segfault.pdf": ("failed", "worker-died"),
        "hang.pdf": ("failed", "time-limit"),
        "eat.pdf": ("failed", "memory-limit"),
        "memory.pdf": ("failed", "memory-limit"),
        "bug.pdf": ("failed", "reader-error"),
        "refused.pdf": ("failed", "damaged-pdf"),
        "lie.pdf": ("failed", "nonsense"),
        "babble.pdf": ("failed", "changed-file"),
    }
    said = {
        Path(event.place).name: event.finding.message.en
        for event in events
        if isinstance(event, Ended) and event.finding
    }
    assert "exit 7" in said["crash.pdf"]
    assert "SIGSEGV" in said["segfault.pdf"]
    assert "3 seconds" in said["hang.pdf"]
    assert "400 MiB" in said["eat.pdf"]
    assert "ZeroDivisionError: a bug" in said["bug.pdf"]
    found = troubles(old_journal(run))
    assert any(one.trace and "faulty_reader" in one.trace for one in found)
    by_document = [one.sha256 for one in found if one.outcome == "worker-died"]
    assert len(by_document) == 5  # crash and segfault twice, "once" once
    assert all(one.alone for one in found[-5:])


@pytest.mark.parametrize(
    "answer",
    [b"", b"F", b"F{", b'F["code"]', b"F3", b"B[1, 2]", b"N", b"Rubbish", b"\xff\xfe", b"?" * 9],
)
def test_an_answer_that_makes_no_sense_is_called_so(tmp_path: Path, answer: bytes) -> None:
    assert ended(Task("a" * 64, tmp_path), 1.0, answer).outcome == "nonsense"


def test_the_same_command_again_reads_nothing_and_other_options_what_they_say(
    tmp_path: Path, run: Path
) -> None:
    scans = write(tmp_path / "scans", good="agency 甲", bad="do refuse")
    batch(run, scans)
    assert listed(batch(run, scans)).to_read == 0
    assert attempts(run) == 2
    events = batch(run, scans, retry_failed=True)
    assert [Path(e.place).name for e in events if isinstance(e, Ended)] == ["bad.pdf"]
    kept = listed(batch(run, scans, settings=CHANGED))
    assert (kept.to_read, kept.other_settings) == (0, 2)
    redone = listed(batch(run, scans, settings=CHANGED, redo_changed=True))
    assert (redone.to_read, redone.other_settings) == (2, 0)
    assert listed(batch(run, scans, settings=CHANGED, redo_changed=True)).to_read == 0
    assert len(filed(old_journal(run))) == 2


def test_a_copy_is_read_once_and_both_places_are_kept(tmp_path: Path, run: Path) -> None:
    scans = write(tmp_path / "scans", one="agency 甲")
    (scans / "deep").mkdir()
    (scans / "deep" / "renamed.pdf").write_bytes((scans / "one.pdf").read_bytes())
    said = listed(batch(run, scans))
    assert (said.documents, said.copies, said.to_read) == (1, 1, 1)
    (document,) = filed(old_journal(run))
    assert {Path(place.path).name for place in document.places} == {"one.pdf", "renamed.pdf"}
    batch(run, scans)
    (document,) = filed(old_journal(run))
    assert len(document.places) == 2


def test_what_cannot_be_opened_is_named_until_it_can(tmp_path: Path, run: Path) -> None:
    missing = tmp_path / "late.pdf"
    batch(run, missing)
    batch(run, missing)
    assert [(one.place, one.code) for one in refusals(old_journal(run))] == [
        (str(missing), "missing-file")
    ]
    missing.write_text("agency 甲")
    batch(run, missing)
    assert refusals(old_journal(run)) == ()
    assert [one.status for one in filed(old_journal(run))] == ["clean"]


def test_a_full_disk_ends_the_batch_and_what_was_written_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes = {f"d{n}": f"agency 甲{n}\nprinted {'x' * 6000}" for n in range(30)}
    scans, run = write(tmp_path / "scans", **wishes), tmp_path / "run"
    sturdy = journal._sturdy  # noqa: SLF001 - where the journal's file is opened

    def cramped(connection: Any, record: Any) -> None:
        sturdy(connection, record)
        connection.execute("PRAGMA max_page_count = 100")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_sturdy", cramped)
        with pytest.raises(GoujiError, match=r"full.*check the disk's space"):
            batch(run, scans)
    kept = attempts(run)
    assert 0 < kept < 30
    assert listed(batch(run, scans)).to_read == 30 - kept
    assert [one.status for one in filed(old_journal(run))] == ["clean"] * 30
    assert attempts(run) == 30


def test_workers_that_cannot_start_end_the_batch_and_blame_no_document(
    tmp_path: Path, run: Path
) -> None:
    scans = write(tmp_path / "scans", good="agency 甲")
    with pytest.raises(GoujiError, match="weights are missing"):
        batch(run, scans, load=faulty_reader.no_weights)
    with pytest.raises(GoujiError, match="exit 3"):
        batch(run, scans, load=faulty_reader.dies_at_start)
    assert attempts(run) == 0
    batch(run, scans)
    assert standing(run) == {"good.pdf": ("clean", None)}


def test_two_batches_do_not_work_on_one_run(tmp_path: Path, run: Path) -> None:
    scans = write(tmp_path / "scans", hang="do hang")
    first = start(run, scans)
    try:
        wait_until(lambda: begun(run))
        with pytest.raises(GoujiError, match="another gouji batch"):
            batch(run, scans)
    finally:
        first.kill()
        first.wait()


def test_workers_end_with_a_driver_that_is_killed(tmp_path: Path) -> None:
    scans = write(tmp_path / "scans", hang="do hang")
    driver = start(tmp_path / "run", scans)
    children = Path(f"/proc/{driver.pid}/task/{driver.pid}/children")
    if not children.exists():
        driver.kill()
        pytest.skip("the system does not tell a process's children")

    def workers() -> list[str]:
        pids = children.read_text().split()
        return [p for p in pids if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes()]

    wait_until(lambda: bool(workers()))
    time.sleep(0.5)
    (worker,) = workers()
    driver.kill()
    driver.wait()
    wait_until(lambda: gone(worker))


def begun(run: Path) -> bool:
    try:
        return bool(filed(old_journal(run)))
    except GoujiError:
        return False


def gone(pid: str) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def start(run: Path, scans: Path) -> subprocess.Popen[bytes]:
    program = (
        "import sys, pathlib\n"
        "if __name__ == '__main__':\n"
        "    from tests.pipeline import faulty_reader\n"
        "    from pipeline.pool import Limits\n"
        "    from pipeline.run import Order, run_batch\n"
        "    from pipeline.settings import Settings\n"
        "    run, scans = map(pathlib.Path, sys.argv[1:])\n"
        "    order = Order((scans,), run, faulty_reader.load_slowly,\n"
        "                  Settings('1' * 64, '{}'), Limits(workers=2, seconds=60))\n"
        "    run_batch(order, lambda event: None)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(run), str(scans)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
