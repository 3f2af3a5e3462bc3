"""The benchmark of journals asks what the commands ask, and reckons openly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks import journal as benchmark
from benchmarks.journal_filling import fill, vary
from pipeline.journal import add_settings, new_journal
from pipeline.journal_queries import filed, report_of
from pipeline.settings import Settings
from tests.pipeline import faulty_reader

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SETTINGS = Settings("1" * 64, "{}")


def test_made_results_are_filed_like_read_ones(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmark, "_PROBE", 10)
    report = faulty_reader.report_of("a.pdf", "0" * 64, {"figure": "12", "total": "12"})
    run.mkdir(exist_ok=True)
    engine = new_journal(run)
    add_settings(engine, SETTINGS)
    fill(engine, report, SETTINGS.key, range(30))
    small = benchmark.measure(engine, report, SETTINGS.key, 40, lambda: 4000)
    fill(engine, report, SETTINGS.key, range(40, 70))
    large = benchmark.measure(engine, report, SETTINGS.key, 80, lambda: 8000)
    documents = filed(engine)
    assert len(documents) == 80
    assert documents[7].agency == "机关 00001"
    bulk, single = (report_of(engine, document) for document in (documents[7], documents[39]))
    assert bulk is not None
    assert single is not None
    assert bulk.cells[0].printed != single.cells[0].printed
    assert (small.rows, large.rows) == (80, 160)
    benchmark._print([small, large], "SQLite")  # noqa: SLF001 - what the program says
    said = capsys.readouterr().out
    assert "200,000*" in said
    assert "0.02" in next(line for line in said.splitlines() if line.startswith("weight"))


def test_variations_keep_the_form() -> None:
    report = faulty_reader.report_of("a.pdf", "0" * 64, {"figure": "1234", "total": "1234"})
    one, other = vary(report, 7), vary(report, 8)
    assert one == vary(report, 7)
    assert one.source.sha256 != other.source.sha256
    assert (one.agency, one.year) == ("机关 00001", 2021)
    assert [len(cell.printed) for cell in one.cells] == [4, 4]
    assert replace(one, tables=()) != replace(other, tables=())
