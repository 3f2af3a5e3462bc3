"""Nobody's decision is lost: journals are copied while they grow, and damaged ones are rescued."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from cli.main import app
from document.decision import Answer
from document.errors import OutputError
from pipeline.decisions import Choice, decide
from pipeline.journal import old_journal
from pipeline.journal_queries import filed, report_of
from pipeline.keeping import backup, is_sound, rescue
from tests.pipeline import runs
from tests.pipeline.test_decisions import WRONG
from tests.reconstruct.readings import SUQIAN_2023, T3, T4

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.postgres import Server

PAGE = 4096


def one_more(engine: Engine, sha256: str, turn: int) -> None:
    address = ("carry", f"c{turn}")
    decide(engine, [Choice(sha256, "t3", address, Answer.VALUE, turn, "李")])


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    reports = [runs.report_of(n, [(T3, SUQIAN_2023), (T4, WRONG)]) for n in range(1, 6)]
    engine = runs.begin(folder, *reports)
    for turn in range(40):
        one_more(engine, reports[turn % 5].source.sha256, turn)
    engine.dispose()
    with closing(sqlite3.connect(folder / "journal.sqlite")) as held:
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def decisions(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as held:
        return held.execute('SELECT sha256, "column", value, person FROM decisions').fetchall()


def restored(copy: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(copy, folder / "journal.sqlite")
    return folder


def test_a_backup_made_while_people_decide_is_a_journal_of_one_moment(
    tmp_path: Path, run: Path
) -> None:
    engine, stop = old_journal(run), threading.Event()
    sha256 = filed(engine)[0].sha256
    answered = 40

    def go_on() -> None:
        nonlocal answered
        while not stop.is_set():
            one_more(engine, sha256, answered)
            answered += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    counts = []
    for number in range(8):
        before = answered
        backup(run, tmp_path / f"{number}.sqlite")
        had = len(decisions(tmp_path / f"{number}.sqlite"))
        assert before <= had <= answered + 1
        counts.append(had)
    stop.set()
    thread.join()
    engine.dispose()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "people went on meanwhile"
    again = old_journal(restored(tmp_path / "7.sqlite", tmp_path / "again"))
    assert [report_of(again, one) is not None for one in filed(again)] == [True] * 5
    again.dispose()


def test_a_damaged_journal_is_said_to_be_and_never_backed_up_over_a_good_copy(
    tmp_path: Path, run: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    backup(run, copy)
    good = copy.read_bytes()
    content = bytearray((run / "journal.sqlite").read_bytes())
    for at in range(3 * PAGE, len(content), PAGE):
        content[at : at + 64] = bytes(64)
    (run / "journal.sqlite").write_bytes(bytes(content))
    assert not is_sound(run)
    with pytest.raises(OutputError) as caught:
        backup(run, copy)
    assert caught.value.code == "damaged-journal"
    assert "gouji rescue" in caught.value.message.en
    assert copy.read_bytes() == good
    assert not list(tmp_path.glob(".gouji-*"))


def test_with_its_first_page_gone_nothing_is_lost(tmp_path: Path, run: Path) -> None:
    wanted = decisions(run / "journal.sqlite")
    content = (run / "journal.sqlite").read_bytes()
    (run / "journal.sqlite").write_bytes(bytes(PAGE) + content[PAGE:])
    with pytest.raises(OutputError) as caught:
        old_journal(run)
    assert caught.value.code == "damaged-journal"
    found = rescue(run, tmp_path / "new")
    assert decisions(tmp_path / "new" / "journal.sqlite") == wanted
    assert not any(found.lost.values())
    engine = old_journal(tmp_path / "new")
    assert len(filed(engine)) == 5
    engine.dispose()


@pytest.mark.parametrize("seed", range(6))
def test_with_any_page_gone_the_rest_is_had_and_the_loss_is_told(
    tmp_path: Path, run: Path, seed: int
) -> None:
    wanted = decisions(run / "journal.sqlite")
    content = bytearray((run / "journal.sqlite").read_bytes())
    page = random.Random(seed).randrange(1, len(content) // PAGE)  # noqa: S311
    content[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    (run / "journal.sqlite").write_bytes(bytes(content))
    assert not is_sound(run)
    done = CliRunner().invoke(
        app, ["rescue", str(run), "-o", str(tmp_path / "new"), "--lang", "en"]
    )
    assert "Traceback" not in done.output
    had = decisions(tmp_path / "new" / "journal.sqlite")
    assert set(had) <= set(wanted), "nothing is made up"
    told = dict(line.split(None, 1) for line in done.stdout.splitlines()[:-1])
    lost = int(told["decisions"].split()[2])
    assert len(had) == len(wanted) or lost > 0 or not had
    engine = old_journal(tmp_path / "new")
    assert all(report_of(engine, one) is not None for one in filed(engine) if one.result)
    engine.dispose()


def test_a_sound_journal_is_left_alone_and_no_folder_is_written_over(
    tmp_path: Path, run: Path
) -> None:
    words = ["rescue", str(run), "-o", str(tmp_path / "new"), "--lang", "en"]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, "sound" in done.stdout) == (0, True)
    assert not (tmp_path / "new").exists()
    shutil.copytree(run, tmp_path / "new")
    (run / "journal.sqlite").write_bytes(b"no database at all")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert "exists already" in done.stderr


def test_the_command_says_how_to_restore(tmp_path: Path, run: Path) -> None:
    words = ["backup", str(run), "-o", str(tmp_path / "copy.sqlite"), "--lang", "en"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "journal.sqlite" in done.stdout
    missing = CliRunner().invoke(app, ["backup", str(tmp_path), "-o", str(tmp_path / "x")])
    assert missing.exit_code == 2


def test_a_journal_in_postgresql_is_backed_up_with_its_own_tools(
    tmp_path: Path, server: Server
) -> None:
    from pipeline.journal import new_journal  # noqa: PLC0415

    (tmp_path / "run").mkdir()
    new_journal(tmp_path / "run", server.new_database()).dispose()
    words = ["backup", str(tmp_path / "run"), "-o", str(tmp_path / "x"), "--lang", "en"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "pg_dump" in done.stderr


def test_what_is_told_to_be_written_has_reached_the_disk(run: Path) -> None:
    """Every connection asks SQLite to wait for the disk at every commit, and keeps a log."""
    engine = old_journal(run)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
