"""A run as searchable PDFs: what stands of it now, laid over the files it was read from."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from PIL import Image

from document.decision import Answer
from document.report import Report
from document.word import Transcript, Word
from pipeline.decisions import Choice, decide
from pipeline.export_scans import write_searchable
from pipeline.intake import open_document
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings, new_journal
from pipeline.run_reports import standings
from pipeline.settings import settings_of
from reconstruct.templates import builtin
from tests.pipeline.runs import T4, report_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from document.geometry import Polygon
    from document.message import Message
    from pipeline.intake import Document

LABEL = "行政复议"


def scan(path: Path, shade: int) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.full((300, 400, 3), shade, np.uint8)).save(path, dpi=(100, 100))


def run_of(folder: Path, *names: str) -> Engine:
    """File a report of 表四, 0 to 14, for every scan, as if read from it."""
    folder.mkdir()
    engine = new_journal(folder)
    settings = settings_of((), None, "auto")
    add_settings(engine, settings)
    figures = {address: str(i) for i, address in enumerate(sorted(addresses()))}
    for number, name in enumerate(names):
        path = folder.parent / "scans" / name
        if path.suffix == ".txt":
            path.write_text("四、行政复议", "utf-8")
        else:
            scan(path, 200 + number)
        source = open_document(path).source
        add_inputs(engine, [Sighting(source.sha256, 1, str(path))])
        made = report_of(number, [(T4, figures)])
        (table,) = made.tables
        cells = tuple(replace(cell, polygon=place(i)) for i, cell in enumerate(table.cells))
        tables = (replace(table, cells=cells),)
        report = Report(source, made.agency, made.year, tables, made.findings)
        attempt = Attempt(source.sha256, settings.key, 1.0, alone=False, outcome="read")
        add_attempt(engine, attempt, report)
    return engine


def addresses() -> set[tuple[str, str]]:
    return {cell.address for cell in T4.figures if cell.address}


def place(number: int) -> Polygon:
    x, y = 20 + 70 * (number % 5), 150 + 40 * (number // 5)
    return ((x, y), (x + 60, y), (x + 60, y + 30), (x, y + 30))


def said(_: Document) -> Transcript:
    word = Word(1, LABEL, ((50, 100), (200, 100), (200, 130), (50, 130)))
    return Transcript(frozenset({1}), (word,))


def written(engine: Engine, run: Path, out: Path) -> dict[str, tuple[str, Message | None, bool]]:
    """Return the words of what was written, or why it was not, by file name."""
    out.mkdir(exist_ok=True)
    found = {}
    for one in write_searchable(engine, run, out, builtin(), said):
        text = ""
        if one.file is not None:
            page = pypdfium2.PdfDocument(io.BytesIO(one.file.read_bytes()))[0]
            text = page.get_textpage().get_text_range()
        found[one.name.rpartition("/")[2]] = (text, one.why, one.failed)
    return found


def test_every_scan_of_a_run_gets_its_words_and_figures(tmp_path: Path) -> None:
    engine = run_of(tmp_path / "run", "甲.png", "乙.tiff")
    found = written(engine, tmp_path / "run", tmp_path / "out")
    assert set(found) == {"甲.png", "乙.tiff"}
    for text, why, _ in found.values():
        assert why is None
        assert LABEL in text
        assert set(text.split()) >= {str(number) for number in range(15)}


def test_what_people_decided_is_what_is_laid(tmp_path: Path) -> None:
    engine = run_of(tmp_path / "run", "a.png")
    (standing,) = standings(engine, builtin())
    assert standing.report is not None
    first = standing.report.tables[0].cells[0]
    sha256 = standing.document.sha256
    choice = Choice(sha256, "t4", first.address, Answer.VALUE, 4711, "李")
    decide(engine, [choice])
    ((text, _, _),) = written(engine, tmp_path / "run", tmp_path / "out").values()
    assert "4711" in text.split()


def test_files_that_are_gone_or_changed_are_named_and_the_others_written(tmp_path: Path) -> None:
    engine = run_of(tmp_path / "run", "there.png", "gone.png", "changed.png")
    (tmp_path / "scans" / "gone.png").unlink()
    scan(tmp_path / "scans" / "changed.png", 77)
    found = written(engine, tmp_path / "run", tmp_path / "out")
    assert found["there.png"][0]
    for name in ("gone.png", "changed.png"):
        text, why, failed = found[name]
        assert (text, failed) == ("", True)
        assert why is not None
        assert name in why.en
        assert name in why.zh
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["there.pdf"]


def test_texts_have_no_pages_and_that_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    engine = run_of(tmp_path / "run", "report.txt")
    (_, why, failed) = written(engine, tmp_path / "run", tmp_path / "out")["report.txt"]
    assert why is not None
    assert not failed
