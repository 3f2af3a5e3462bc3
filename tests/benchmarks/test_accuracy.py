"""The program as it is called: it reads, counts, lists, and says by its exit code how it went."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.documents import SAMPLES
from benchmarks.truth import truths_of

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.accuracy", *(str(a) for a in arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_committed_sample_has_a_truth_that_can_be_read() -> None:
    truths = truths_of(SAMPLES)
    assert len(truths) >= 16
    assert all(truth.path.exists() for truth in truths)
    assert any(truth.mistakes for truth in truths)
    assert any(not truth.tables for truth in truths)


def test_a_folder_is_measured_and_a_file_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    for name in ("narrow.png", "narrow.truth.json", "letter.truth.json"):
        shutil.copy(SAMPLES / name, tmp_path)
    (tmp_path / "letter.jpg").write_text("no picture at all")
    done = run("--folder", tmp_path, "--jobs", 1, "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = {line[:32].strip(): line[32:].split() for line in done.stdout.splitlines()}
    assert lines["documents"] == ["1", "1"]
    assert lines["WRONG AND NOT FLAGGED"] == ["0", "0"]
    said = json.loads((tmp_path / "out.json").read_text("utf-8"))
    by_name = {one["document"]: one for ones in said.values() for one in ones}
    assert by_name["narrow.png"]["counts"]["cells"] == 175
    assert by_name["letter.jpg"]["status"] == "failed"


def test_a_folder_without_truth_files_is_said_to_be_empty(tmp_path: Path) -> None:
    done = run("--folder", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no documents" in done.stderr
