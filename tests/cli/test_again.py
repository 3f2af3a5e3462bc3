"""``gouji read --into``: a page of a run read again, at the door."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import cli.again
from cli.main import app
from document.report import Report
from pipeline.intake import Handling
from pipeline.journal import Sighting, add_inputs, old_journal
from pipeline.journal_queries import filed
from pipeline.ordinary_file import source_of
from tests.pipeline.runs import T4, begin, file_again, report_of
from tests.reconstruct.readings import t4_printed

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from pipeline.intake import Document

RIGHT = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")
WORSE = t4_printed("8 1 0 2 6 0 0 0 0 0 0 0 0 0 0")


def gouji(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scan in a run; read again its page prints other figures, unless it lies upside down."""
    path = tmp_path / "scan.png"
    Image.fromarray(np.full((60, 60), 255, np.uint8)).save(path)
    report = replace(report_of(1, [(T4, RIGHT)]), source=source_of(path))
    engine = begin(tmp_path / "run")
    add_inputs(engine, [Sighting(report.source.sha256, 1, str(path))])
    file_again(engine, report)

    def recover(document: Document, readers: str, **_: Any) -> Report:
        handling = document.handled(1)
        if handling.turns == 2:
            return Report(document.source, None, None, (), (), failed=True)
        assert (handling, readers) == (Handling(300, 1), "paddle")
        return replace(report_of(1, [(T4, WORSE)]), source=document.source)

    monkeypatch.setattr(cli.again, "recover", recover)
    monkeypatch.setattr(cli.again, "load_readers", lambda engine: engine)
    return path


def test_what_changed_is_shown(tmp_path: Path, scan: Path) -> None:
    words = (scan, "--pages", "1", "--into", tmp_path / "run", "--dpi", "300", "--rotate", "90")
    done = gouji("read", *words, "--engine", "paddle")
    assert done.exit_code == 0, done.output
    first, *others = done.stdout.splitlines()
    assert "page 1 read again: clean → review, to review 0 → 2, 2 cells changed" in first
    assert others[0] == "  t4.review.upheld: 3 (read) → 8 (disputed?)"
    assert "[source-arithmetic]" in others[-1]
    assert [one.status for one in filed(old_journal(tmp_path / "run"))] == ["review"]
    assert gouji("read", *words, "--engine", "paddle", "--strict").exit_code == 3


def test_what_cannot_be_is_said(tmp_path: Path, scan: Path) -> None:
    run = tmp_path / "run"
    done = gouji("read", scan, "--into", run, "--rotate", "180")
    assert done.exit_code == 1
    assert "nothing was found on page 1" in done.stderr
    assert gouji("read", scan, "--into", tmp_path).exit_code == 1
    assert gouji("read", scan, "--into", run, "-o", tmp_path).exit_code == 2
    assert gouji("read", scan).exit_code == 2
    assert gouji("read", scan, "--into", run, "--pages", "x").exit_code == 2
    assert gouji("read", scan, "--into", run, "--rotate", "45").exit_code == 2
