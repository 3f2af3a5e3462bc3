"""The result file: exactly the promised shape, stable, and back again."""

from __future__ import annotations

import errno
import json
import math
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document.errors import InputError, OutputError
from document.message import Message
from document.reading import Candidate, Opinion, Reading
from document.report import Cell, Check, Finding, Report, Source, Status, Table
from pipeline.export_json import load, to_json
from pipeline.writing import prepare_folder, stems, write

MENDED = Cell(
    address=("new", "person"),
    printed="3O01",
    value=3001,
    status=Status.REPAIRED,
    needs_review=False,
    confidence=0.999_999_99,
    reason=Message("只有 3001 使等式成立", "holds only with 3001"),
    reading=Reading(
        (Candidate("3001", -math.log(0.61)), Candidate("3O01", -math.log(0.33))),
        opinions=(Opinion("paddle", "3001", 0.93), Opinion("own", "3O01", 0.52)),
    ),
    page=4,
    polygon=((812.2, 410.4), (871.0, 410.0), (871.0, 436.0), (811.6, 436.0)),
)
BLANK = Cell(
    address=("new", "business"),
    printed="",
    value=None,
    status=Status.READ,
    needs_review=False,
    confidence=1.0,
    reason=Message("", ""),
    reading=Reading((Candidate("", 0.0),)),
    page=4,
    polygon=((0, 0), (1, 0), (1, 1), (0, 1)),
)
MISSING = Cell(
    address=("fee", "amount"),
    printed="",
    value=None,
    status=Status.UNREADABLE,
    needs_review=True,
    confidence=0.0,
    reason=Message("未找到", "not found"),
    reading=None,
    page=0,
    polygon=None,
    suggestion=Decimal("96171.60"),
)


def report(**changes: Any) -> Report:
    whole: dict[str, Any] = {
        "source": Source("文登.pdf", "ab" * 32, 6),
        "agency": "威海市文登区司法局",
        "year": 2022,
        "tables": (
            Table(
                "t3",
                "cn-foi/2021",
                (4, 5),
                (MENDED, BLANK, MISSING),
                (
                    Check("new: total = person + business", True, 3119, 3119),  # noqa: FBT003
                    Check("carry: total = person", None, None, Decimal("1.50")),
                ),
            ),
        ),
        "findings": (
            Finding(
                code="source-arithmetic",
                message=Message("不符", "off"),
                table="t3",
                cells=(("new", "total"),),
                page=5,
                wants_person=True,
            ),
        ),
    }
    return Report(**(whole | changes))


def test_the_promised_shape_in_the_promised_order() -> None:
    written = json.loads(to_json(report(), "zh"))
    assert list(written)[:7] == [
        "schema",
        "source",
        "agency",
        "year",
        "status",
        "tables",
        "findings",
    ]
    assert written["schema"] == "gouji/1"
    assert written["source"] == {"file": "文登.pdf", "sha256": "ab" * 32, "pages": 6}
    assert (written["agency"], written["year"]) == ("威海市文登区司法局", 2022)
    assert written["status"] == "review"
    (table,) = written["tables"]
    assert list(table) == ["table", "template", "pages", "cells", "checks"]
    cell = table["cells"][0]
    assert list(cell)[:11] == [
        "row",
        "column",
        "printed",
        "value",
        "status",
        "needs_review",
        "confidence",
        "reason",
        "candidates",
        "page",
        "polygon",
    ]
    assert cell["candidates"] == [
        {"text": "3001", "probability": 0.61},
        {"text": "3O01", "probability": 0.33},
    ]
    assert cell["readers"] == [
        {"reader": "paddle", "text": "3001", "probability": 0.93},
        {"reader": "own", "text": "3O01", "probability": 0.52},
    ]
    assert cell["polygon"] == [[812, 410], [871, 410], [871, 436], [812, 436]]
    assert table["checks"][0] == {
        "equation": "new: total = person + business",
        "holds": True,
        "expected": "3119",
        "found": "3119",
    }
    assert table["checks"][1]["holds"] is None
    finding = written["findings"][0]
    assert list(finding)[:5] == ["code", "message", "table", "cells", "page"]
    assert finding["cells"] == [["new", "total"]]


def test_figures_are_strings_and_nothing_is_null() -> None:
    mended, blank, missing = json.loads(to_json(report(), "zh"))["tables"][0]["cells"]
    assert (mended["printed"], mended["value"]) == ("3O01", "3001")
    assert (blank["printed"], blank["value"]) == ("", None)
    assert missing["suggestion"] == "96171.60"
    assert (missing["page"], missing["polygon"], missing["candidates"]) == (None, None, [])


def test_what_is_not_certain_never_looks_certain() -> None:
    cells = json.loads(to_json(report(), "zh"))["tables"][0]["cells"]
    assert [cell["confidence"] for cell in cells] == [0.999999, 1.0, 0.0]


def test_reasons_in_the_language_of_the_call_and_in_both() -> None:
    for language, reason in (("zh", "只有 3001 使等式成立"), ("en", "holds only with 3001")):
        written = json.loads(to_json(report(), language))  # type: ignore[arg-type]
        cell = written["tables"][0]["cells"][0]
        assert cell["reason"] == reason
        assert cell["reason_zh"] == "只有 3001 使等式成立"
        assert cell["reason_en"] == "holds only with 3001"
        assert {"message_zh", "message_en"} <= set(written["findings"][0])


def test_the_bytes_are_stable_and_readable() -> None:
    first = to_json(report(), "zh")
    assert first == to_json(report(), "zh")
    assert first.endswith(b"}\n")
    assert "威海市文登区司法局".encode() in first
    lines = first.decode().splitlines()
    assert sum('"row": "new", "column": "person"' in line for line in lines) == 1


def test_there_and_back(tmp_path: Path) -> None:
    write(tmp_path / "a.json", to_json(report(), "en"))
    back = load(tmp_path / "a.json")
    assert to_json(back, "en") == to_json(report(), "en")
    assert back.tables[0].cells[2] == MISSING
    assert back.tables[0].checks == report().tables[0].checks
    assert back.findings == report().findings


def test_a_failed_report_comes_back_failed(tmp_path: Path) -> None:
    failed = report(tables=(), failed=True, agency=None, year=None)
    write(tmp_path / "a.json", to_json(failed, "zh"))
    assert load(tmp_path / "a.json") == failed


def test_unknown_keys_are_passed_over(tmp_path: Path) -> None:
    written = json.loads(to_json(report(), "zh"))
    written["later"] = {"a": 1}
    written["tables"][0]["cells"][0]["later"] = 5
    (tmp_path / "a.json").write_text(json.dumps(written), "utf-8")
    assert load(tmp_path / "a.json").tables == load_back(tmp_path).tables


def load_back(tmp_path: Path) -> Report:
    write(tmp_path / "b.json", to_json(report(), "zh"))
    return load(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-result"),
        (b"[1, 2]", "not-a-result"),
        (b'{"schema": "gouji/9"}', "not-a-result"),
        (b"\xff\xfe\x00", "not-a-result"),
        (to_json(report(), "zh").replace(b'"3001", "status"', b'"=1+1", "status"'), "not-a-result"),
        (to_json(report(), "zh")[:900], "not-a-result"),
        (None, "missing-file"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load(tmp_path / "a.json")
    assert caught.value.code == code
    assert "\n" not in caught.value.message.en


@given(st.text(), st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False)))
def test_any_text_and_any_figure_survive(text: str, figure: int | Decimal) -> None:
    changed = report(agency=text, tables=(), findings=(Finding(text, Message(text, text)),))
    written = json.loads(to_json(changed, "zh"))
    assert written["findings"][0]["message"] == text
    cells = (Cell(("a", "b"), text, figure, Status.READ, False, 0.5, MENDED.reason, None, 1, None),)  # noqa: FBT003
    table = Table("t2", "x", (1,), cells, ())
    cell = json.loads(to_json(report(tables=(table,)), "zh"))["tables"][0]["cells"][0]
    assert cell["printed"] == text
    assert Decimal(cell["value"]) == figure
    assert "e" not in cell["value"].lower()


def test_a_file_name_that_is_no_utf8_is_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xb1\xa8.pdf")
    content = to_json(report(source=Source(name, "00", 1)), "zh")
    assert json.loads(content)["source"]["file"].endswith(".pdf")
    write(tmp_path / "a.json", content)
    assert load(tmp_path / "a.json").source.pages == 1


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.json", b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "a.json", b"new")
    assert "disk is full" in caught.value.message.en
    assert "磁盘已满" in caught.value.message.zh
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"old"


def test_results_are_readable_as_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write(tmp_path / "a.json", b"x")
    finally:
        os.umask(old)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_made(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        prepare_folder(tmp_path / place)
    assert "-o" in caught.value.message.zh
    assert "-o" in caught.value.message.en


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_inputs_with_one_stem_get_names_of_their_own(tmp_path: Path) -> None:
    inputs = [Path("x/a.pdf"), Path("y/a.pdf"), Path("a-2.png"), Path("y/A.tif"), Path("b.pdf")]
    assert stems(inputs, tmp_path, (".json",)) == ("a", "a-2", "a-2-2", "A-3", "b")


def test_no_result_replaces_an_input(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.json", tmp_path / "b.xlsx"]
    assert stems(inputs, tmp_path, (".json", ".xlsx")) == ("a-2", "b-2")


def test_a_very_long_name_is_cut(tmp_path: Path) -> None:
    (name,) = stems([Path("报" * 80 + ".pdf")], tmp_path, (".json",))
    assert name == "报" * 66
