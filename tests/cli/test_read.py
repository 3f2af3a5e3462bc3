"""``gouji read`` around the recovering itself, whose place a stand-in takes here."""

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
from PIL import Image
from typer.testing import CliRunner

import cli.read
from cli.main import app
from document.errors import WeightsError
from document.message import Message
from document.page import PageFailure
from document.report import Cell, Finding, Report, Status, Table
from pipeline.intake import Handling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typer.testing import Result

    from pipeline.intake import Document

ROOT = Path(__file__).parents[2]


class StandIn:
    """Recovers nothing, notes how it was called, and does what a test tells it to."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.loads = 0
        self.status = Status.READ
        self.review = False
        self.act: Callable[[], None] = lambda: None

    def load_readers(self, engine: str) -> str:
        self.loads += 1
        return "readers" if engine == "both" else f"readers: {engine}"

    def recover(self, document: Document, **options: Any) -> Report:
        self.calls.append({"document": document, **options})
        self.act()
        options["progress"](0, 1)
        findings = list(document.findings)
        findings += [
            Finding(page.code, page.message, page=page.number)
            for page in document.pages()
            if isinstance(page, PageFailure)
        ]
        cell = Cell(
            address=("review", "total"),
            printed="=1+1",
            value=2,
            status=self.status,
            needs_review=self.review,
            confidence=0.9,
            reason=Message("因为", "because"),
            reading=None,
            page=1,
            polygon=None,
        )
        table = Table("t4", "cn-foi/2021", (1,), (cell,), ())
        return Report(document.source, "某局", 2022, (table,), tuple(findings))


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(cli.read, "recover", stand_in.recover)
    monkeypatch.setattr(cli.read, "load_readers", stand_in.load_readers)
    return stand_in


@pytest.fixture
def scans(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "in"
    folder.mkdir()
    image = Image.new("L", (60, 40), 255)
    image.save(folder / "a.png")
    image.save(folder / "b.tif", save_all=True, append_images=[image, image])
    return [folder / "a.png", folder / "b.tif"]


def gouji(*words: str | Path, lang: str = "en") -> Result:
    return CliRunner().invoke(app, [*(str(word) for word in words), "--lang", lang])


def result(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_a_json_and_a_line_for_every_input(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn
) -> None:
    done = gouji("read", *scans, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    for line, path in zip(lines, scans, strict=True):
        assert line.startswith(f"{path}: clean, tables 1, repaired 0, to review 0, ")
        assert line.endswith(" s")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.json", "b.json"]
    assert result(tmp_path / "out/b.json")["source"]["pages"] == 3
    assert stand_in.loads == 1, "readers are loaded once"


def test_lines_in_chinese(tmp_path: Path, scans: Sequence[Path], stand_in: StandIn) -> None:
    stand_in.status, stand_in.review = Status.REPAIRED, True
    done = gouji("read", scans[0], "-o", tmp_path / "out", lang="zh")
    assert "待核对，表 1，修复 1，待核对 1，" in done.stdout
    assert result(tmp_path / "out/a.json")["tables"][0]["cells"][0]["reason"] == "因为"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "因为"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "because"),
        ({"LC_MESSAGES": "zh_TW"}, "因为"),
        ({}, "because"),
    ],
)
def test_the_language_is_that_of_the_locale(
    tmp_path: Path,
    scans: Sequence[Path],
    stand_in: StandIn,
    environment: dict[str, str],
    reason: str,
) -> None:
    del stand_in
    empty: dict[str, str | None] = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"))
    arguments = ["read", str(scans[0]), "-o", str(tmp_path / "out")]
    CliRunner().invoke(app, arguments, env=empty | environment)
    assert result(tmp_path / "out/a.json")["tables"][0]["cells"][0]["reason"] == reason


def test_further_formats(tmp_path: Path, scans: Sequence[Path], stand_in: StandIn) -> None:
    del stand_in
    done = gouji("read", scans[0], "-o", tmp_path / "out", "--format", "xlsx, CSV")
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a.csv", "a.json", "a.xlsx"]


def test_options_reach_the_story(tmp_path: Path, scans: Sequence[Path], stand_in: StandIn) -> None:
    form = ROOT / "reconstruct" / "forms" / "cn-foi-2019.toml"
    debug = tmp_path / "debug"
    done = gouji(
        "read", scans[1], "-o", tmp_path / "out", "--pages", "2-3", "--debug", debug,
        "--template", form, "--dpi", "150", "--rotate", "270", "--engine", "own",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    (call,) = stand_in.calls
    assert call["document"].wanted == (2, 3)
    assert call["document"].handling == Handling(150, 3)
    assert call["templates"][0].id == "cn-foi/2019"
    assert len(call["templates"]) == 3
    assert call["readers"] == "readers: own"
    assert call["debug"] is not None
    assert debug.is_dir()


@pytest.mark.parametrize(
    ("review", "strict", "code"), [(True, True, 3), (True, False, 0), (False, True, 0)]
)
def test_strict(
    tmp_path: Path,
    scans: Sequence[Path],
    stand_in: StandIn,
    review: bool,  # noqa: FBT001
    strict: bool,  # noqa: FBT001
    code: int,
) -> None:
    stand_in.review = review
    options = ["--strict"] if strict else []
    assert gouji("read", scans[0], "-o", tmp_path / "out", *options).exit_code == code


def test_a_failure_is_worse_than_doubt(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn
) -> None:
    stand_in.review = True
    done = gouji("read", scans[0], tmp_path / "none.pdf", "-o", tmp_path / "out", "--strict")
    assert done.exit_code == 1


def test_bad_inputs_leave_a_failed_report_and_the_others_are_read(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn
) -> None:
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "empty.pdf").touch()
    bad = [tmp_path / "text.png", tmp_path / "empty.pdf", tmp_path / "none.pdf", tmp_path / "in"]
    done = gouji("read", bad[0], scans[0], *bad[1:], scans[1], "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert len(done.stdout.splitlines()) == 6
    assert len(done.stderr.splitlines()) == 4
    assert len(stand_in.calls) == 2
    for path, code in zip(
        bad, ("not-supported", "empty-file", "missing-file", "is-a-folder"), strict=True
    ):
        failed = result(tmp_path / "out" / f"{path.stem}.json")
        assert failed["status"] == "failed"
        (finding,) = failed["findings"]
        assert finding["code"] == code
        assert finding["message"] in done.stderr
        assert failed["tables"] == []
    assert result(tmp_path / "out/text.json")["source"]["sha256"] != ""
    assert result(tmp_path / "out/a.json")["status"] == "clean"


def test_a_page_that_fails_counts(tmp_path: Path, scans: Sequence[Path], stand_in: StandIn) -> None:
    del stand_in
    done = gouji("read", scans[1], "-o", tmp_path / "out", "--pages", "3-4")
    assert done.exit_code == 1
    assert "page 4: " in done.stderr
    assert result(tmp_path / "out/b.json")["tables"] != []


def test_a_bug_is_kept_to_its_document(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn
) -> None:
    def crash() -> None:
        if len(stand_in.calls) == 1:
            msg = "no such luck"
            raise ZeroDivisionError(msg)

    stand_in.act = crash
    done = gouji("read", *scans, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    (finding,) = result(tmp_path / "out/a.json")["findings"]
    assert finding["code"] == "internal-error"
    assert "no such luck" in finding["message"]
    log = tmp_path / "out/a.error.log"
    assert str(log) in finding["message"]
    assert "Traceback" in log.read_text("utf-8")
    assert result(tmp_path / "out/a.json")["source"]["pages"] == 1
    assert result(tmp_path / "out/b.json")["status"] == "clean"


def test_missing_weights_are_said_for_every_input(
    tmp_path: Path, scans: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(**_: object) -> None:
        raise WeightsError("weights-missing", Message("缺少：请安装", "missing: install it"))

    monkeypatch.setattr(cli.read, "load_readers", missing)
    done = gouji("read", *scans, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert result(tmp_path / "out/b.json")["findings"][0]["code"] == "weights-missing"


def test_same_names_do_not_replace_each_other(tmp_path: Path, stand_in: StandIn) -> None:
    del stand_in
    paths = []
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "a.png")
        Image.new("L", (60, 40), 255).save(paths[-1])
    done = gouji("read", *paths, "-o", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a-2.json", "a.json"]
    assert "a-2" in done.stdout.splitlines()[1]
    assert "a-2" not in done.stdout.splitlines()[0]


def test_an_input_is_never_replaced(tmp_path: Path, stand_in: StandIn) -> None:
    del stand_in
    (tmp_path / "a.json").write_text("mine")
    gouji("read", tmp_path / "a.json", "-o", tmp_path)
    assert (tmp_path / "a.json").read_text() == "mine"
    assert result(tmp_path / "a-2.json")["status"] == "failed"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--pages", "x"],
        ["--format", "docx"],
        ["--dpi", "5"],
        ["--lang", "fr"],
        ["--template", "missing.toml"],
        ["--nonsense"],
    ],
)
def test_a_wrong_command_line(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn, wrong: list[str]
) -> None:
    arguments = ["read", str(scans[0]), "-o", str(tmp_path / "out"), *wrong]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert not stand_in.calls
    assert not (tmp_path / "out").exists()


def test_no_output_folder_is_a_wrong_command_line(scans: Sequence[Path]) -> None:
    assert CliRunner().invoke(app, ["read", str(scans[0])]).exit_code == 2


def test_an_output_folder_that_cannot_be_written(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn
) -> None:
    (tmp_path / "file").touch()
    done = gouji("read", *scans, "-o", tmp_path / "file" / "out")
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1
    assert "-o" in done.output
    assert not stand_in.calls


def test_a_disk_that_fills_up_is_said_and_the_others_are_tried(
    tmp_path: Path, scans: Sequence[Path], stand_in: StandIn
) -> None:
    def block() -> None:
        (tmp_path / "out").chmod(0o500)
        if len(stand_in.calls) == 1:
            (tmp_path / "out" / "a.json").mkdir()

    stand_in.act = block
    done = gouji("read", *scans, "-o", tmp_path / "out")
    (tmp_path / "out").chmod(0o700)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "cannot write" in done.stderr
    assert len(done.stdout.splitlines()) == 2


INTERRUPTIBLE = """
import sys, time
import cli.read
from cli.main import main
cli.read.load_readers = lambda **_: None
def recover(*_, **__):
    print("started", flush=True)
    time.sleep(60)
cli.read.recover = recover
sys.argv = ["gouji", *sys.argv[1:]]
main()
"""


def test_ctrl_c_is_clean(tmp_path: Path, scans: Sequence[Path]) -> None:
    command = [
        sys.executable,
        "-c",
        INTERRUPTIBLE,
        "read",
        str(scans[0]),
        "-o",
        str(tmp_path / "o"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "interrupted; what was written is whole\n"
    assert list((tmp_path / "o").iterdir()) == []
