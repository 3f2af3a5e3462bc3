"""``gouji diff``: two runs that say the same are the same, and what differs is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from cli.main import app
from document.decision import Answer
from pipeline.decisions import Choice, decide
from pipeline.journal import Sighting, add_inputs
from tests.pipeline.runs import T3, T4, begin, report_of
from tests.reconstruct.readings import SUQIAN_2023, seen, t4_printed

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

RIGHT = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")
DOUBT = {("review", "upheld"): seen(("3", 0.5), ("8", 0.3), ("9", 0.1))}


def diff(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["diff", *map(str, words), "--lang", "en"])


def test_the_same_results_do_not_differ_wherever_they_lie(tmp_path: Path) -> None:
    report = report_of(1, [(T4, RIGHT)])
    begin(tmp_path / "a", report)
    begin(tmp_path / "b", replace(report, source=replace(report.source, file="renamed.pdf")))
    done = diff(tmp_path / "a", tmp_path / "b")
    assert (done.exit_code, done.stdout) == (0, "no difference\n")
    done = diff(tmp_path / "a", tmp_path / "b", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"schema": "gouji-diff/1", "documents": []}


def test_figures_tables_and_documents_that_differ_are_shown(tmp_path: Path) -> None:
    wrong = t4_printed("8 1 0 2 11 0 0 0 0 0 0 0 0 0 0")
    begin(
        tmp_path / "a",
        report_of(1, [(T4, RIGHT)], agency="甲局"),
        report_of(2, [(T4, RIGHT)], agency="乙局"),
        report_of(3, [(T4, RIGHT)], agency="丙局"),
    )
    begin(
        tmp_path / "b",
        report_of(1, [(T4, wrong)], agency="甲局"),
        report_of(2, [(T3, SUQIAN_2023), (T4, RIGHT)], agency="乙局"),
        report_of(4, [(T4, RIGHT)], agency="丁局"),
    )
    done = diff(tmp_path / "a", tmp_path / "b")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "4 documents differ, 177 cells"
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "丁局 2024  /scans/4.pdf: only in the second run",
        "丙局 2023  /scans/3.pdf: only in the first run",
    ]
    assert "乙局 2022  /scans/2.pdf; t4 → t3 t4" in lines
    assert "  t3.new.person: no such table → 3402 (read)" in lines
    assert lines[lines.index("甲局 2021  /scans/1.pdf") + 1 : -1] == [
        "  t4.review.upheld: 3 (read) → 8 (read)",
        "  t4.review.total: 6 (read) → 11 (read)",
    ]
    done = diff(tmp_path / "a", tmp_path / "b", "--json")
    assert done.exit_code == 1
    written = json.loads(done.stdout)["documents"]
    assert [one["sha256"][-1] for one in written] == ["4", "3", "2", "1"]
    assert written[0]["before"] is None
    assert written[2]["after"]["tables"] == ["t3", "t4"]
    assert written[3]["cells"][0] == {
        "table": "t4",
        "row": "review",
        "column": "upheld",
        "before": {"printed": "3", "value": "3", "status": "read", "needs_review": False},
        "after": {"printed": "8", "value": "8", "status": "read", "needs_review": False},
    }


def test_what_people_decided_differs_from_what_was_read(tmp_path: Path) -> None:
    report = report_of(1, [(T4, RIGHT)], DOUBT | {("review", "total"): None})
    begin(tmp_path / "a", report)
    engine = begin(tmp_path / "b", report)
    said = Choice(report.source.sha256, "t4", ("review", "upheld"), Answer.VALUE, 8, "李")
    decide(engine, [said])
    done = diff(tmp_path / "a", tmp_path / "b")
    assert done.exit_code == 1
    assert "t4.review.upheld: 3 (read?) “3” → 8 (human)" not in done.stdout
    assert "t4.review.upheld: 3 (read?) → 8 (human) “3”" in done.stdout


def test_an_unread_document_differs_from_a_read_one_and_no_run_is_trouble(tmp_path: Path) -> None:
    report = report_of(1, [(T4, RIGHT)])
    begin(tmp_path / "a", report)
    engine = begin(tmp_path / "b")
    add_inputs(engine, [Sighting(report.source.sha256, 1, "/scans/1.pdf", "甲局", 2021)])
    done = diff(tmp_path / "a", tmp_path / "b")
    assert done.exit_code == 1
    assert "clean → unread" in done.stdout
    done = diff(tmp_path / "a", tmp_path)
    assert done.exit_code == 2
    assert "no journal of a batch here" in done.stderr
