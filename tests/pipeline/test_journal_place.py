"""Where journals lie: a folder remembers its database, and no run strays into another's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from document.errors import GoujiError, InputError, OutputError
from pipeline import journal
from pipeline.export_run import export
from pipeline.hold import held_database
from pipeline.journal import (
    Attempt,
    Sighting,
    add_attempt,
    add_inputs,
    add_settings,
    new_journal,
    old_journal,
)
from pipeline.journal_place import FILE, place_of
from pipeline.journal_queries import filed, refusals
from pipeline.pool import Limits
from pipeline.run import Ended, Event, Order, run_batch
from pipeline.settings import Settings
from reconstruct.templates import builtin
from tests.pipeline import faulty_reader
from tests.postgres import Server, serve

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings("1" * 64, "{}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir()
    return made


def test_a_folder_remembers_its_database_but_no_password(server: Server, folder: Path) -> None:
    url = server.new_database()
    secret = url.replace("gouji@", "gouji:secret@").replace("+psycopg", "") + "&password=other"
    add_inputs(new_journal(folder, secret), [Sighting("a" * 64, 1, "/scans/甲.pdf")])
    said = (folder / "journal.json").read_text("utf-8")
    assert "secret" not in said
    assert "other" not in said
    assert [one.path for one in filed(old_journal(folder))] == ["/scans/甲.pdf"]
    for again in (None, url, secret):
        assert len(filed(new_journal(folder, again))) == 1
    assert not (folder / FILE).exists()


def test_a_journal_is_not_looked_for_in_two_places(server: Server, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    new_journal(here).dispose()
    new_journal(there, server.new_database()).dispose()
    for run in (here, there):
        with pytest.raises(InputError, match="the journal of this folder is"):
            new_journal(run, server.new_database())
    new_journal(here, f"sqlite:///{here / FILE}").dispose()


def test_two_runs_do_not_share_a_database_unless_in_schemas(server: Server, tmp_path: Path) -> None:
    url = server.new_database()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    new_journal(tmp_path / "one", url).dispose()
    with pytest.raises(OutputError, match="another run"):
        new_journal(tmp_path / "other", url)
    assert not list((tmp_path / "other").iterdir())  # nothing wrong is remembered
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA other")
    engine = new_journal(tmp_path / "other", f"{url}&options=-csearch_path%3Dother")
    add_inputs(engine, [Sighting("a" * 64, 1, "/scans/a.pdf")])
    assert len(filed(old_journal(tmp_path / "other"))) == 1
    assert filed(old_journal(tmp_path / "one")) == ()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/name", "cannot be mysql"),
        ("postgresql+asyncpg://host/name", "cannot be postgresql"),
        ("nonsense", "cannot be nonsense"),
        ("sqlite://", "cannot be sqlite"),
        ("postgresql://nobody@/name?host=/nowhere", "check the server"),
    ],
)
def test_what_cannot_be_used_or_reached_is_told_and_forgotten(
    folder: Path, url: str, said: str
) -> None:
    with pytest.raises(GoujiError, match=said):
        new_journal(folder, url)
    assert not list(folder.iterdir())
    new_journal(folder).dispose()


def test_a_missing_driver_says_what_to_install(folder: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "sys.modules['psycopg'] = None\n"
        "from document.errors import GoujiError\n"
        "from pipeline.journal import new_journal\n"
        "try:\n"
        "    new_journal(pathlib.Path(sys.argv[1]), 'postgresql://host/name')\n"
        "except GoujiError as error:\n"
        "    print(error.message.en)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "the driver of PostgreSQL is missing: pip install 'gouji[postgresql]'\n"


def test_a_damaged_note_of_the_place_is_told(folder: Path) -> None:
    for content in ("{", "[]", json.dumps({"journal": "?", "run": "1"})):
        (folder / "journal.json").write_text(content)
        with pytest.raises(InputError, match="restore that file"):
            old_journal(folder)


def test_a_copy_of_the_folder_does_not_write_beside_it(server: Server, folder: Path) -> None:
    """As two machines would that were given the same folder."""
    engine = new_journal(folder, server.new_database())
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    with held_database(engine, place_of(folder)):
        with pytest.raises(GoujiError, match="another gouji batch"):
            batch(copy)
        assert len(filed(old_journal(copy))) == 0  # reading is free
    batch(copy)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.pdf").write_text(f"agency 甲{number}\nfigure {number}", "utf-8")
    return folder


def test_a_server_that_is_restarted_is_waited_for(tmp_path: Path, scans: Path) -> None:
    with serve() as server:
        comes_back = threading.Timer(1.5, server.start)
        seen: list[Event] = []

        def tell(event: Event) -> None:
            seen.append(event)
            if isinstance(event, Ended) and len(seen) == 5:
                server.stop()
                comes_back.start()

        batch(tmp_path / "run", scans, tell=tell, journal=server.new_database())
        comes_back.join()
        assert sum(isinstance(one, Ended) for one in seen) == 12
        assert [one.status for one in filed(old_journal(tmp_path / "run"))].count(None) == 0


def test_the_server_may_be_killed_in_mid_batch(
    tmp_path: Path, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_PATIENCE", 1.0)
    batch(tmp_path / "calm", scans)
    stormy = tmp_path / "stormy"
    with serve() as server:
        url = server.new_database()
        seen: list[Event] = []

        def tell(event: Event) -> None:
            seen.append(event)
            if isinstance(event, Ended) and len(seen) == 5:
                server.stop()

        with pytest.raises(OutputError, match="check the server"):
            batch(stormy, scans, tell=tell, journal=url)
        server.start()
        batch(stormy, scans, tell=seen.append)
        assert len({one.sha256 for one in seen if isinstance(one, Ended)}) == 12
        assert sum(isinstance(one, Ended) for one in seen) == 12
        for one, other in zip(exported(tmp_path / "calm"), exported(stormy), strict=True):
            assert one == other


def test_names_of_any_length_and_any_bytes_are_kept(run: Path) -> None:
    """Templates name their tables and rows freely; file names are bytes."""
    run.mkdir(exist_ok=True)
    engine = new_journal(run)
    add_settings(engine, SETTINGS)
    add_inputs(engine, [Sighting("a" * 64, 1 << 40, "/scans/\udcff\0.pdf", "甲" * 3000, 2022)])
    report = faulty_reader.report_of("a.pdf", "a" * 64, {"printed": "1\0" * 900})
    table = report.tables[0]
    long = tuple(
        replace(cell, address=("r" * 300 + str(n), "c" * 300)) for n, cell in enumerate(table.cells)
    )
    table = replace(table, table="t" * 300, template="f" * 300, cells=long)
    report = replace(report, tables=(table,))
    attempt = Attempt("a" * 64, SETTINGS.key, 0.1, alone=False, outcome="read", trace="\udcff\0")
    add_attempt(engine, attempt, report)
    assert [one.agency for one in filed(engine)] == ["甲" * 3000]
    assert refusals(engine) == ()
    (tidy, _) = export(engine, run / "export", "csv", (), "en")
    assert "r" * 300 in tidy.read_text("utf-8")


def batch(run: Path, *inputs: Path, **more: Any) -> None:
    tell = more.pop("tell", lambda _: None)
    limits = Limits(workers=2, seconds=20)
    run_batch(Order(inputs, run, faulty_reader.load, SETTINGS, limits, **more), tell)


def exported(run: Path) -> list[bytes]:
    return [
        path.read_bytes()
        for form in ("csv", "json", "xlsx")
        for path in export(old_journal(run), run / "export", form, builtin(), "en")
    ]
