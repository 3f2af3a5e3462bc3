"""``gouji batch`` and what follows it, at the door; a stand-in reads the documents."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import cli.batch
from cli.main import app
from pipeline.pool import labour
from tests.pipeline import faulty_reader

if TYPE_CHECKING:
    from typer.testing import Result

    from tests.postgres import Server

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.batch, "load_reader", faulty_reader.load_as_told)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # a test's process keeps its own


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name, text in {
        "a": "agency 甲局\nyear 2022\nfigure 7\ntotal 7",
        "b": "agency 乙局\nyear 2022\nfigure 7\ntotal 9",
        "bad": "do refuse",
    }.items():
        (folder / f"{name}.pdf").write_text(text, "utf-8")
    (folder / "copy.pdf").write_bytes((folder / "a.pdf").read_bytes())
    (folder / "notes.ini").write_text("no scan")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest) -> list[str]:
    """What the command line says of the journal."""
    if request.param == "sqlite":
        return []
    server: Server = request.getfixturevalue("server")
    return ["--journal", server.new_database()]


def gouji(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_batch_tells_every_document_in_json_where_no_terminal_is(
    tmp_path: Path, scans: Path, kept: list[str]
) -> None:
    done = gouji("batch", scans, "--run", tmp_path / "run", "--workers", "1", *kept)
    assert done.exit_code == 1, done.output
    listed, *documents, finished = lines(done)
    assert listed["event"] == "listed"
    assert (listed["documents"], listed["copies"], listed["passed_over"]) == (3, 1, 1)
    assert [Path(str(one["file"])).name for one in documents] == ["a.pdf", "b.pdf", "bad.pdf"]
    assert [one["status"] for one in documents] == ["clean", "review", "failed"]
    assert documents[2]["message"] == "it is damaged"
    assert finished["event"] == "finished"
    assert (finished["clean"], finished["review"], finished["failed"]) == (1, 1, 1)
    again = gouji("batch", scans, "--run", tmp_path / "run")
    assert again.exit_code == 1
    assert [one["event"] for one in lines(again)] == ["listed", "finished"]
    (scans / "bad.pdf").unlink()
    assert gouji("batch", scans, "--run", tmp_path / "run").exit_code == 0


def test_bars_are_drawn_if_asked_for_and_the_answer_is_a_sentence(
    tmp_path: Path, scans: Path
) -> None:
    done = gouji("batch", scans, "--run", tmp_path / "run", "--log", "bar")
    assert "3 documents: 1 clean, 0 repaired, 1 to review, 1 failed" in done.stdout
    assert "bad.pdf: it is damaged" in " ".join(done.stderr.split())


def test_status_findings_and_export_of_a_batch(
    tmp_path: Path, scans: Path, kept: list[str]
) -> None:
    run = tmp_path / "run"
    gouji("batch", scans, "--run", run, *kept)
    said = gouji("status", run)
    assert (
        "3 documents (1 copies), 0 unread; clean 1, repaired 0, review 1, failed 1" in said.stdout
    )
    assert "it is damaged" in said.stdout
    facts = json.loads(gouji("status", run, "--json").stdout)
    assert facts["failures"][0]["code"] == "damaged-pdf"
    assert facts["settings"][0]["results"] == 3
    assert set(facts["settings"][0]["settings"]) >= {"gouji", "weights", "templates"}
    said = gouji("findings", run)
    assert "Figures that do not add up: 1" in said.stdout
    assert "expected 9, found 7 (difference -2), page 1" in said.stdout
    assert "the same file is also at" in said.stdout
    found = json.loads(gouji("findings", run, "--json").stdout)["findings"]
    assert [one["kind"] for one in found] == ["arithmetic", "duplicate", "failed"]
    done = gouji("findings", run, "-o", run / "found")
    assert done.stdout.splitlines()[-1] == str(run / "found" / "findings.html")
    assert (run / "found" / "findings.html").exists()
    found = json.loads(gouji("findings", run, "--json", "-o", run / "found").stdout)["findings"]
    assert found[0]["crops"] == []  # a stand-in's figures have no place on any page
    for form, files in {
        "csv": ["panel.csv", "reports.csv"],
        "xlsx": ["run.xlsx"],
        "json": ["reports.json"],
    }.items():
        done = gouji("export", run, "--to", form)
        assert done.stdout.split() == [str(run / "export" / name) for name in files]
        assert all((run / "export" / name).stat().st_size for name in files)
    reports = json.loads((run / "export" / "reports.json").read_bytes())["reports"]
    assert [one["agency"] for one in reports] == ["乙局", "甲局", None]
    assert [Path(path).name for path in reports[1]["paths"]] == ["a.pdf", "copy.pdf"]


def test_a_list_names_agency_and_year(tmp_path: Path, scans: Path, kept: list[str]) -> None:
    (tmp_path / "list.csv").write_text("path,agency,year\nscans/a.pdf,丁局,2020\n", "utf-8")
    run = tmp_path / "run"
    assert gouji("batch", scans / "a.pdf", "--run", run, *kept).exit_code == 0
    assert gouji("batch", tmp_path / "list.csv", "--run", run).exit_code == 0
    gouji("export", run, "--to", "csv")
    assert "丁局,2020,t4" in (run / "export" / "panel.csv").read_text("utf-8-sig")
    assert "the list and the title differ" in gouji("findings", run).stdout


@pytest.mark.parametrize("command", ["status", "export", "findings"])
def test_a_folder_that_is_no_run_is_told(tmp_path: Path, command: str) -> None:
    done = gouji(command, tmp_path)
    assert done.exit_code == 1
    assert "no journal of a batch here" in done.stderr
    assert not list(tmp_path.iterdir())


def test_wrong_calls(tmp_path: Path, scans: Path) -> None:
    run = tmp_path / "run"
    (tmp_path / "list.csv").write_text("name\nx\n")
    (tmp_path / "form.toml").write_text("id = 3")
    calls: list[list[str | Path]] = [
        ["batch", tmp_path / "list.csv", "--run", run],
        ["batch", scans, "--run", run, "--template", tmp_path / "form.toml"],
        ["batch", scans, "--run", run, "--template", tmp_path / "none.toml"],
        ["batch", scans, "--run", run, "--retry", "everything"],
        ["batch", scans, "--run", run, "--journal", "mysql://host/name"],
        ["batch", scans, "--run", run, "--journal", "nonsense"],
        ["batch", scans, "--run", run, "--journal", "sqlite://"],
        ["batch", scans],
        ["batch", scans, "--run", run, "--workers", "0"],
        ["batch", scans, "--run", run, "--workers", "many"],
        ["batch", scans, "--run", run, "--workers", "2", "--ray-address", "auto"],
        ["export", run, "--to", "docx"],
    ]
    for words in calls:
        assert gouji(*words).exit_code == 2, words
    (tmp_path / "file").touch()
    assert gouji("batch", scans, "--run", tmp_path / "file").exit_code == 1
    assert gouji("batch", tmp_path / "none.pdf", "--run", run).exit_code == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_ends_at_once_and_can_go_on(
    tmp_path: Path, scans: Path, number: signal.Signals
) -> None:
    (scans / "hang.pdf").write_text("do hang")
    run = tmp_path / "run"
    program = (
        "import sys\n"
        "if __name__ == '__main__':\n"
        "    import cli.batch\n"
        "    from cli.main import app\n"
        "    from tests.pipeline import faulty_reader\n"
        "    cli.batch.load_reader = faulty_reader.load_as_told\n"
        "    app(sys.argv[1:])\n"
    )
    words = ["batch", str(scans), "--run", str(run), "--workers", "1", "--lang", "en"]
    going = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert going.stdout is not None
    told = [json.loads(going.stdout.readline()) for _ in range(4)]
    assert told[-1]["event"] == "document"
    time.sleep(0.2)
    going.send_signal(number)
    _, complaint = going.communicate(timeout=20)
    assert going.returncode == 130
    assert complaint == "interrupted; what was read is kept: run the same command to go on\n"
    (scans / "hang.pdf").write_text("agency 丙局")
    assert gouji("batch", scans, "--run", run).exit_code == 1
    assert json.loads(gouji("status", run, "--json").stdout)["unread"] == 1  # as it was before


@pytest.mark.parametrize(("more", "address"), [([], None), (["--ray-address", "auto"], "auto")])
def test_a_cluster_is_asked_where_it_is_wanted(
    tmp_path: Path,
    scans: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    address: str | None,
) -> None:
    asked: list[str | None] = []

    def labour_on_cluster(*order: Any, address: str | None) -> Any:
        asked.append(address)
        return labour(*order)

    monkeypatch.setattr(cli.batch, "labour_on_cluster", labour_on_cluster)
    done = gouji("batch", scans / "a.pdf", "--run", tmp_path / "run", "--workers", "ray", *more)
    assert done.exit_code == 0, done.output
    assert asked == [address]
