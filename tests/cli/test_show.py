"""``gouji show``: readable at 100 columns, in both languages, and safe to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from cli.main import app
from document.message import Message
from document.report import Cell, Check, Finding, Report, Source, Status, Table
from pipeline.export_json import to_json
from reconstruct.repair import settle
from reconstruct.templates import builtin
from tests.reconstruct.readings import SUQIAN_2023, T3, read_table

if TYPE_CHECKING:
    from pathlib import Path

FORM = {table.id: table for table in builtin()[0].tables}


def cell(address: tuple[str, str], **changes: Any) -> Cell:
    plain: dict[str, Any] = {
        "address": address,
        "printed": "12",
        "value": 12,
        "status": Status.READ,
        "needs_review": False,
        "confidence": 0.999,
        "reason": Message("", ""),
        "reading": None,
        "page": 2,
        "polygon": None,
    }
    return Cell(**(plain | changes))


CHANGED: dict[tuple[str, str], dict[str, Any]] = {
    ("new", "person"): {
        "printed": "3O01",
        "value": 3001,
        "status": Status.REPAIRED,
        "reason": Message("只有 3001 使等式成立", "holds only with 3001"),
    },
    ("d1", "legal"): {"status": Status.DERIVED, "printed": "", "value": 77},
    ("carry", "total"): {"status": Status.DISPUTED, "needs_review": True},
    ("o2", "other"): {
        "printed": "",
        "value": None,
        "status": Status.UNREADABLE,
        "needs_review": True,
        "suggestion": 5,
    },
}


def table(name: str = "t3") -> Table:
    addresses = [one.address for one in FORM[name].figures if one.address]
    cells = tuple(cell(one, **CHANGED.get(one, {})) for one in addresses)
    equations = FORM[name].equations
    checks = [Check(one.name, True, 3119, 3119) for one in equations]  # noqa: FBT003
    if checks:
        checks[0] = Check(equations[0].name, False, 3119, 3120)  # noqa: FBT003
        checks[1] = Check(equations[1].name, None, None, None)
    return Table(name, "cn-foi/2021", (4, 5), cells, tuple(checks))


def written(folder: Path, **changes: Any) -> str:
    whole: dict[str, Any] = {
        "source": Source("文登.pdf", "ab" * 32, 6),
        "agency": "威海市文登区司法局",
        "year": 2022,
        "tables": (table("t2"), table("t3"), table("t4")),
        "findings": (
            Finding(
                code="source-arithmetic",
                message=Message("页面自身不平", "the page does not add up"),
                table="t3",
                cells=(("carry", "total"),),
                page=4,
                wants_person=True,
            ),
        ),
    }
    path = folder / "a.json"
    path.write_bytes(to_json(Report(**(whole | changes)), "zh"))
    return str(path)


def shown(path: str, *options: str, columns: int = 100) -> str:
    result = CliRunner().invoke(app, ["show", path, *options], env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("columns", [100, 120])
def test_every_figure_fits_the_width(tmp_path: Path, columns: int) -> None:
    text = shown(written(tmp_path), "--lang", "zh", columns=columns)
    assert max(cell_len(line) for line in text.splitlines()) <= columns
    lines = [line.split() for line in text.splitlines()]
    assert ["本年新收", "3O01→3001", *["12"] * 6] in lines
    assert ["行政复议", *["12"] * 5] in lines
    assert ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] in lines


def test_what_is_remarkable_is_explained(tmp_path: Path) -> None:
    text = shown(written(tmp_path), "--lang", "zh")
    for words in (
        "文登.pdf",
        "待核对",
        "威海市文登区司法局",
        "2022",
        "3O01 → 3001",
        "只有 3001 使等式成立",
        "(77)",
        "12?",
        "等式所示：5",
        "应为 3119，页面写 3120",
        "无法判断",
        "页面自身不平",
        "[source-arithmetic]",
    ):
        assert words in text, words


def test_the_same_in_english(tmp_path: Path) -> None:
    text = shown(written(tmp_path), "--lang", "en")
    for words in (
        "review",
        "holds only with 3001",
        "please check",
        "the equations imply 5",
        "expected 3119, the page says 3120",
        "cannot tell",
        "the page does not add up",
    ):
        assert words in text, words


def test_a_clean_report_is_short(tmp_path: Path) -> None:
    one = Table("t4", "cn-foi/2021", (1,), tuple(map(cell, addresses())), ())
    text = shown(written(tmp_path, tables=(one,), findings=()), "--lang", "en")
    assert "clean" in text
    assert "Findings" not in text
    assert "please check" not in text


def addresses() -> list[tuple[str, str]]:
    return [one.address for one in FORM["t4"].figures if one.address]


def test_a_failed_report_says_why(tmp_path: Path) -> None:
    finding = Finding("empty-file", Message("文件是空的", "the file is empty"), wants_person=True)
    path = written(tmp_path, tables=(), findings=(finding,), failed=True)
    assert "the file is empty" in shown(path, "--lang", "en")


def test_escape_sequences_do_not_reach_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x9b31m[bold]x[/bold]"
    hostile = Table(
        evil,
        evil,
        (1,),
        (cell((evil, evil), printed=evil, value=None, reason=Message(evil, evil)),),
        (),
    )
    finding = Finding(evil, Message(evil, evil), evil, ((evil, evil),), 1)
    path = written(tmp_path, agency=evil, tables=(hostile,), findings=(finding,))
    text = shown(path)
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold]" in text


def test_no_result_file_is_one_clear_line(tmp_path: Path) -> None:
    for name, content in (("text.json", "hello"), ("other.json", '{"a": 1}'), ("missing", None)):
        if content is not None:
            (tmp_path / name).write_text(content)
        result = CliRunner().invoke(app, ["show", str(tmp_path / name), "--lang", "en"])
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert "Traceback" not in result.output


def test_figures_in_question_come_with_their_equations(tmp_path: Path) -> None:
    printed = SUQIAN_2023 | {("total", "person"): "3370"}
    settled, findings = settle(read_table(T3, printed, {("d2", "total"): None}), T3)
    path = written(tmp_path, tables=(settled,), findings=findings)
    lines = [line.rstrip() for line in shown(path, "--lang", "en").splitlines()]
    failing = next(line for line in lines if "1175 +" in line)
    assert failing.split()[:-3] == ["≠", "1175", "+", "319", "+", "27", "+", "1854", "≠", "3370"]
    assert failing.endswith("off by -5")
    labels = lines[lines.index(failing) - 1]
    assert labels.split() == ["granted", "partial", "d2", "18", "others", "total", "（person）"]
    for number, label in [("1175", "granted"), ("3370", "total")]:
        assert failing.index(number) + len(number) == labels.index(label) + len(label)
    derived = next(line for line in lines if "?→27" in line)
    assert derived.split() == ["?", "27", "+", "0", "=", "?→27"]
    chinese = shown(path, "--lang", "zh")
    assert "差 -5" in chinese
    assert "其余18项" in chinese
