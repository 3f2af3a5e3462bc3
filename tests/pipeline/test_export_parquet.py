"""A run as Parquet says what the CSV files say, figure by figure, and rounds nothing."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from document.decision import Answer
from document.errors import OutputError
from document.report import Finding, Report
from pipeline import export_run_parquet
from pipeline.decisions import Choice, decide
from pipeline.export_run import export
from reconstruct.templates import builtin
from tests.pipeline.runs import T3, T4, begin, report_of
from tests.reconstruct.readings import SUQIAN_2023, seen, t4_printed

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

RIGHT = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")


def with_value(report: Report, value: Decimal | int) -> Report:
    table = report.tables[0]
    cells = (replace(table.cells[0], value=value), *table.cells[1:])
    return replace(report, tables=(replace(table, cells=cells), *report.tables[1:]))


def engine_of(folder: Path, *values: Decimal | int) -> Engine:
    doubts = {("carry", "total"): seen(("96", 0.9), legible=False)}
    first = report_of(1, [(T3, SUQIAN_2023), (T4, RIGHT)], doubts)
    others = [with_value(report_of(n, [(T4, RIGHT)]), v) for n, v in enumerate(values, start=2)]
    source = replace(first.source, sha256="f" * 64, file="\udcff=1.pdf")
    failed = Report(source, None, None, (), (Finding("unknown-form"),), failed=True)
    engine = begin(folder, first, *others, failed)
    sha256 = first.source.sha256
    decide(engine, [Choice(sha256, "t3", ("carry", "total"), Answer.VALUE, 96, "李")])
    return engine


def written(engine: Engine, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    tidy, wide = export(engine, folder, "parquet", builtin(), "en")
    return pq.read_table(tidy).to_pylist(), pq.read_table(wide).to_pylist()


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def same(value: object, text: str) -> bool:
    if value is None:
        return not text
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, float):
        return text == f"{value:.6f}"
    if isinstance(value, Decimal):
        return bool(text) and Decimal(text) == value
    return text.removeprefix("'") == str(value)


def test_it_says_what_the_csv_files_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_run_parquet, "_ROWS_AT_ONCE", 7)
    monkeypatch.setattr(export_run_parquet, "_REPORTS_AT_ONCE", 1)
    engine = engine_of(tmp_path / "run", Decimal("96171.6"), -3)
    tables = written(engine, tmp_path)
    for found, path in zip(tables, export(engine, tmp_path, "csv", builtin(), "en"), strict=True):
        expected = listed(path)
        assert len(found) == len(expected) > 3
        for row, line in zip(found, expected, strict=True):
            assert list(row) == list(line)
            assert [n for n in row if not same(row[n], line[n])] == []
    values = {(row["source_file"][-5:], row["row"], row["column"]): row for row in tables[0]}
    assert values["2.pdf", "review", "upheld"]["value"] == Decimal("96171.6")
    assert values["1.pdf", "carry", "total"]["status"] == "human"
    assert tables[1][0]["t3.carry.total"] == 96
    assert tables[1][-1]["status"] == "failed"


def test_types_are_those_that_people_count_with(tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "run")
    tidy, wide = export(engine, tmp_path, "parquet", builtin(), "en")
    kinds = {field.name: str(field.type) for field in pq.read_schema(tidy)}
    assert kinds["value"] == "decimal128(38, 6)"
    assert (kinds["year"], kinds["page"]) == ("int32", "int32")
    assert (kinds["needs_review"], kinds["confidence"]) == ("bool", "double")
    assert (kinds["agency"], kinds["printed"]) == ("string", "string")
    assert str(pq.read_schema(wide).field("t3.new.person").type) == "decimal128(38, 6)"


def test_nothing_is_rounded_and_what_does_not_fit_is_told(tmp_path: Path) -> None:
    fine = Decimal("1.123456789")
    rows, _ = written(engine_of(tmp_path / "fine", fine, 10**20), tmp_path)
    values = {row["value"] for row in rows}
    assert {fine, Decimal(10**20)} <= values
    with pytest.raises(OutputError, match="--to csv"):
        written(engine_of(tmp_path / "huge", 10**40), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_the_same_results_are_the_same_bytes(tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "run")
    first = [path.read_bytes() for path in export(engine, tmp_path, "parquet", builtin(), "en")]
    second = [path.read_bytes() for path in export(engine, tmp_path, "parquet", builtin(), "zh")]
    assert first == second


def test_where_the_library_is_missing_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(tmp_path / "run")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"gouji\[parquet\]"):
        export(engine, tmp_path / "out", "parquet", builtin(), "en")
    assert not list((tmp_path / "out").iterdir())


def test_an_empty_run_is_an_empty_table(tmp_path: Path) -> None:
    rows, reports = written(begin(tmp_path / "run"), tmp_path)
    assert (rows, reports) == ([], [])
