"""Tables that somebody typed, checked; and texts that come through a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cli.main import app

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "tests" / "pipeline" / "texts"
GOOD = TEXTS / "escaped-row.md"


def start(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*map(str, words)])
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    code, _ = start("read", GOOD, "-o", folder, "--format", "json,csv,xlsx")
    assert code == 0
    return folder


@pytest.mark.parametrize("name", ["escaped-row.json", "escaped-row.csv", "escaped-row.xlsx"])
def test_what_gouji_writes_adds_up_again(results: Path, name: str) -> None:
    code, said = start("check", results / name, "--lang", "en")
    assert code == 0, said
    assert "39 equations, 39 hold, 0 do not, 0 cannot be told" in said
    assert "3 equations, 3 hold" in said


def test_a_mistyped_text_is_told_with_the_likeliest_mistake(tmp_path: Path) -> None:
    typed = tmp_path / "typed.md"
    text = GOOD.read_text("utf-8")
    typed.write_text(text.replace("| (七) 总计 | | 6 |", "| (七) 总计 | | 9 |"), "utf-8")
    code, said = start("check", typed, "--lang", "zh")
    assert code == 3
    assert "不成立 3" in said
    assert "最可能：（七）总计/自然人 9 应为 6（一位数字有误，可使 3 个等式成立）" in said
    code, said = start("check", typed, "--lang", "en")
    assert (
        "most likely: total.person 9 should be 6 (one digit wrong; 3 equation(s) would hold)"
        in said
    )


def test_a_workbook_with_two_figures_exchanged(results: Path, tmp_path: Path) -> None:
    book = load_workbook(results / "escaped-row.xlsx")
    sheet = next(one for one in book.worksheets if one.title.startswith("t3"))
    row = next(
        row for row in sheet.iter_rows() if any(c.value == "8.属于行政查询事项" for c in row)
    )
    figures = [cell for cell in row if isinstance(cell.value, int)]
    figures[0].value, figures[1].value = figures[1].value, figures[0].value
    book.save(tmp_path / "typed.xlsx")
    code, said = start("check", tmp_path / "typed.xlsx", "--lang", "en")
    assert code == 3
    assert "two neighbouring cells exchanged" in said
    assert "d8.person 0 should be 1" in said


def test_a_plain_csv_of_a_table_as_printed(tmp_path: Path) -> None:
    lines = [line for line in GOOD.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rows = [",".join(row) for row in cells if not set("".join(row)) <= set("-")]
    (tmp_path / "typed.csv").write_bytes("\n".join(rows).encode("gb18030"))
    code, said = start("check", tmp_path / "typed.csv", "--lang", "en")
    assert code == 0, said
    assert "39 hold" in said


def test_missing_figures_are_no_sums_that_hold() -> None:
    code, said = start("check", TEXTS / "padded-bars.txt", "--lang", "en")
    assert code == 3
    assert "2 cannot be told" in said
    assert "in doubt: next.person" in said


def tidy(results: Path, folder: Path, change: Callable[[list[str]], object]) -> tuple[int, str]:
    lines = (results / "escaped-row.csv").read_text("utf-8-sig").splitlines()
    change(lines)
    (folder / "typed.csv").write_text("\n".join(lines), "utf-8")
    return start("check", folder / "typed.csv", "--lang", "en")


def test_a_thousands_comma_does_not_part_a_figure_of_a_csv(results: Path, tmp_path: Path) -> None:
    def change(lines: list[str]) -> None:
        cells = lines[5].split(",")
        at = lines[0].split(",").index("value")
        cells[at] = "1,234"
        lines[5] = ",".join(cells)

    code, said = tidy(results, tmp_path, change)
    assert code == 1
    assert "line 6 of the CSV" in said
    assert "must be quoted" in said


def test_a_csv_line_that_ends_early_is_named(results: Path, tmp_path: Path) -> None:
    code, said = tidy(results, tmp_path, lambda lines: lines.insert(2, ",".join("ab")))
    assert code == 1
    assert "line 3 of the CSV has 2 cells" in said


def test_two_reports_in_one_csv_are_not_mixed(results: Path, tmp_path: Path) -> None:
    def change(lines: list[str]) -> None:
        at = lines[0].split(",").index("value")
        cells = lines[1].split(",")
        cells[at] = "987"
        lines.append(",".join(cells))

    code, said = tidy(results, tmp_path, change)
    assert code == 1
    assert "again, with another value" in said


def test_figures_of_a_csv_without_a_place_are_named(results: Path, tmp_path: Path) -> None:
    def change(lines: list[str]) -> None:
        at = lines[0].split(",").index("row")
        cells = lines[1].split(",")
        cells[at] = "nowhere"
        lines.append(",".join(cells))

    code, said = tidy(results, tmp_path, change)
    assert code == 3
    assert "1 figure(s) have no place in the form" in said


@pytest.mark.parametrize(
    "content", [b"hello\n", b"PK\x03\x04rubbish", b"\x89PNG\r\n\x1a\n\0\0", b"{}"]
)
def test_files_that_cannot_be_checked(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    assert start("check", tmp_path / "file")[0] == 1


def piped(content: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        input=content,
        capture_output=True,
        check=False,
    )


def test_a_text_comes_through_a_pipe(tmp_path: Path) -> None:
    done = piped(GOOD.read_bytes(), "read", "-", "-o", str(tmp_path), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"-: clean, tables 3")
    report = json.loads((tmp_path / "stdin.json").read_text("utf-8"))
    assert (report["agency"], report["year"], report["status"]) == ("石桥区司法局", 2024, "clean")
    assert report["source"]["file"] == "stdin"


@pytest.mark.parametrize("name", ["escaped-row.csv", "escaped-row.xlsx", "escaped-row.json"])
def test_what_comes_through_a_pipe_is_checked(results: Path, name: str) -> None:
    done = piped((results / name).read_bytes(), "check", "-", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"-:\n")
    assert b"39 equations, 39 hold" in done.stdout


def test_a_text_through_a_pipe_is_checked_and_nothing_is_refused() -> None:
    done = piped(GOOD.read_bytes(), "check", "-", "--lang", "en")
    assert (done.returncode, b"39 hold" in done.stdout) == (0, True), done.stderr
    done = piped(b"", "check", "-", "--lang", "en")
    assert done.returncode == 1
    assert done.stderr.startswith(b"-: ")


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    done = piped(b"", "read", "-", "-", "-o", str(tmp_path), "--lang", "en")
    assert done.returncode == 1
    assert b"write it once" in done.stderr
