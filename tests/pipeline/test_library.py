"""What other programs call, and the examples of how."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from document.errors import InputError
from pipeline import load_report, recover, save

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
TEXT = Path(__file__).parent / "texts" / "escaped-row.md"
SCAN = ROOT / "samples" / "documents" / "wendeng-2022-t4.png"
FORM = ROOT / "samples" / "forms" / "school-enrolment.toml"


def run(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLES / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
    )


def test_the_function_is_what_the_package_gives_whatever_was_imported_before() -> None:
    ask = "import pipeline.recover, pipeline.recover as m; from pipeline import recover; "
    ask += "import pipeline; print(callable(recover), pipeline.recover is recover)"
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["True", "True"]
    with pytest.raises(AttributeError):
        pipeline.nothing_of_the_kind  # noqa: B018


def test_asking_for_the_package_alone_loads_nothing() -> None:
    ask = "import sys, pipeline; print([m for m in ('cv2', 'pikepdf') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_a_report_is_read_saved_and_loaded(tmp_path: Path) -> None:
    report = recover(TEXT)
    assert report.status == "clean"
    for ending in ("json", "xlsx", "csv", "html", "md"):
        save(report, tmp_path / f"r.{ending}", scan=TEXT)
        assert (tmp_path / f"r.{ending}").stat().st_size > 1000
    again = load_report(tmp_path / "r.json")
    assert [(c.address, c.value) for c in again.cells] == [
        (c.address, c.value) for c in report.cells
    ]
    assert [c.value for c in recover(tmp_path / "r.md").cells] == [c.value for c in report.cells]
    with pytest.raises(ValueError, match="xyz"):
        save(report, tmp_path / "r.xyz")


def test_what_cannot_be_read_is_raised(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        recover(tmp_path / "none.pdf")
    assert caught.value.code == "missing-file"
    with pytest.raises(InputError):
        recover(TEXT, pages="x")


def test_example_reads_reports(tmp_path: Path) -> None:
    lost = tmp_path / "lost.pdf"
    done = run("read_reports.py", TEXT, lost)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert "2022 clean" in lines[0] or " clean, " in lines[0]
    assert lines[-1].startswith(f"{lost}: ")


def test_example_checks_sums_of_a_scan_and_saves_it(tmp_path: Path) -> None:
    done = run("check_sums.py", SCAN, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "3 sums hold, 0 do not"
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["report.html", "report.json", "report.xlsx"]
    text = TEXT.read_text("utf-8").replace(
        "| 6 | 0 | 1 | 0 | 0 | 0 | 7 |", "| 6 | 0 | 1 | 0 | 0 | 0 | 9 |", 1
    )
    (tmp_path / "wrong.md").write_text(text, "utf-8")
    done = run("check_sums.py", tmp_path / "wrong.md", tmp_path / "out")
    assert done.returncode == 3, done.stderr
    assert "the page says 9, its parts add up to 7" in done.stdout


def test_example_reads_a_form_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "form.toml").write_text(FORM.read_text("utf-8"), "utf-8")
    done = run("own_form.py", tmp_path / "form.toml", TEXT)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
