"""``gouji review`` and ``gouji reviewer`` on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from cli.main import app
from review.access import Access, Sessions, read_accounts
from tests.pipeline import runs
from tests.pipeline.runs import T4
from tests.review.test_desk import RIGHT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

RUNNER = CliRunner()
WORDS = "correct horse battery"


def test_it_does_not_open_to_others_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.begin(tmp_path / "run", runs.report_of(1, [(T4, RIGHT)])).dispose()
    command = ["review", str(tmp_path / "run"), "--lang", "en"]
    for option in (["--host", "0.0.0.0"], ["--behind", "review.example"]):  # noqa: S104
        done = RUNNER.invoke(app, [*command, *option])
        assert done.exit_code == 1
        assert "wants accounts" in done.output
    monkeypatch.setenv("GOUJI_REVIEW_TOKEN", "short")
    done = RUNNER.invoke(app, [*command, "--host", "0.0.0.0"])  # noqa: S104
    assert done.exit_code == 1
    assert "at least 10 characters" in done.output
    assert "short" not in done.output


def test_there_must_be_a_run_and_accounts(tmp_path: Path) -> None:
    assert RUNNER.invoke(app, ["review", str(tmp_path), "--lang", "en"]).exit_code == 1
    done = RUNNER.invoke(app, ["review", str(tmp_path), "--accounts", str(tmp_path / "none")])
    assert done.exit_code == 1


def test_an_account_is_added_and_its_password_changed(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    for words in (WORDS, WORDS[::-1]):
        done = RUNNER.invoke(app, ["reviewer", "李梅", "--accounts", str(path)], input=f"{words}\n")
        assert done.exit_code == 0
        assert words not in done.output
    sessions = Sessions(Access(read_accounts(path)))
    assert sessions.sign_in("李梅", WORDS) is None
    assert sessions.sign_in("李梅", WORDS[::-1]) is not None
    short = RUNNER.invoke(app, ["reviewer", "王", "--accounts", str(path)], input="x\n")
    assert short.exit_code == 1
    assert list(read_accounts(path)) == ["李梅"]
