"""Findings with pictures: the very figures, upright, those that may be wrong outlined."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image

from document.errors import InputError
from document.message import Message
from document.report import Finding
from pipeline.crops import crop
from pipeline.findings_pages import write_findings
from pipeline.gather import Given, gather
from pipeline.intake import Handling, open_document
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings
from pipeline.journal_queries import filed
from pipeline.ordinary_file import source_of
from pipeline.run_findings import run_findings
from pipeline.settings import PageManner, settings_of
from pipeline.sources import file_of, page_of
from reconstruct.templates import builtin
from tests.pipeline.runs import SETTINGS, T4, begin, file_again, report_of
from tests.reconstruct.readings import t4_printed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Engine

    from document.geometry import Polygon
    from document.report import Report

RED = (40, 40, 220)
WRONG = t4_printed("3 1 0 2 9 0 0 0 0 0 0 0 0 0 0")
DEMO = Path(__file__).parents[2] / "samples" / "documents" / "demo.pdf"


def page(path: Path) -> Path:
    """A page on which every cell of the table has a grey of its own."""
    image = np.full((200, 700, 3), 255, np.uint8)
    for number in range(15):
        row, column = divmod(number, 5)
        image[20 + 40 * row : 60 + 40 * row, 20 + 130 * column : 150 + 130 * column] = grey(number)
    Image.fromarray(image).save(path)
    return path


def grey(number: int) -> int:
    return 100 + 8 * number


def placed(report: Report) -> Report:
    cells = []
    for number, cell in enumerate(report.tables[0].cells):
        row, column = divmod(number, 5)
        left, top = 20 + 130 * column, 20 + 40 * row
        corners = ((left, top), (left + 130, top), (left + 130, top + 40), (left, top + 40))
        cells.append(replace(cell, polygon=corners))
    return replace(report, tables=(replace(report.tables[0], cells=tuple(cells)),))


def run_of(folder: Path, scan: Path, report: Report) -> Engine:
    engine = begin(folder)
    report = replace(placed(report), source=source_of(scan))
    add_inputs(engine, [Sighting(report.source.sha256, 1, str(scan))])
    file_again(engine, report)
    return engine


def greys(image: NDArray[np.uint8]) -> set[int]:
    """The cells that are seen in a picture."""
    seen = {int(value) for value in np.unique(image[:, :, 0])}
    return {number for number in range(15) if grey(number) in seen}


def test_the_sum_that_fails_is_shown_and_those_who_may_be_wrong_are_outlined(
    tmp_path: Path,
) -> None:
    run = tmp_path / "run"
    engine = run_of(run, page(tmp_path / "scan.png"), report_of(1, [(T4, WRONG)]))
    found = run_findings(engine, builtin())
    (one,) = found
    assert one.sha256 == filed(engine)[0].sha256
    assert set(one.accused) <= set(one.cells)
    assert len(one.cells) == 5
    assert not one.confirmed
    path, ((name,),) = write_findings(engine, run, found, tmp_path / "out", "en")
    picture = cv2.imread(str(tmp_path / "out" / name))
    assert picture is not None
    assert greys(np.asarray(picture)) >= {0, 1, 2, 3, 4}
    assert greys(np.asarray(picture)).isdisjoint(range(10, 15))
    assert (np.asarray(picture) == RED).all(axis=2).any()
    text = path.read_text("utf-8")
    assert f'<img src="{name}"' in text
    assert "expected <b>6</b>" in text
    assert "found <b>9</b>" in text
    assert "<script" not in text


def test_what_files_and_pages_say_is_no_markup(tmp_path: Path) -> None:
    run, bad = tmp_path / "run", "<script>alert(1)</script>"
    report = replace(
        report_of(1, [(T4, WRONG)], agency=bad),
        findings=(Finding("table-missing", Message(bad, bad), "t3", page=2, wants_person=True),),
    )
    engine = run_of(run, page(tmp_path / "<script>.png"), report)
    path, _ = write_findings(engine, run, run_findings(engine, builtin()), tmp_path / "o", "zh")
    text = path.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_page_that_lies_on_its_side_comes_upright() -> None:
    image = np.full((300, 200, 3), 255, np.uint8)
    # the text runs downward: its upper left corner is at the right, above
    cell: Polygon = ((120, 50), (120, 150), (90, 150), (90, 50))
    image[50:100, 90:120] = 0  # the first half of the cell
    picture = crop(image, [cell], [])
    rows, columns = picture.shape[:2]
    assert columns > rows
    dark = picture[:, :, 0] < 128
    assert dark[:, : columns // 2].sum() > 5 * dark[:, columns // 2 + 2 :].sum()


def test_without_its_file_a_finding_has_no_picture(tmp_path: Path) -> None:
    run, scan = tmp_path / "run", page(tmp_path / "scan.png")
    engine = run_of(run, scan, report_of(1, [(T4, WRONG)]))
    Image.new("RGB", (700, 200)).save(scan)
    found = run_findings(engine, builtin())
    path, (names,) = write_findings(engine, run, found, tmp_path / "out", "en")
    assert names == ()
    assert "<img" not in path.read_text("utf-8")
    with pytest.raises(InputError, match="there no more, or was changed"):
        file_of(run, filed(engine)[0])


def test_files_of_archives_are_found_again(tmp_path: Path) -> None:
    scan = page(tmp_path / "scan.png")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(scan, "deep/scan.png")
    run = tmp_path / "run"
    engine = begin(run)
    (given,) = gather([tmp_path / "all.zip"], run)
    assert isinstance(given, Given)
    add_inputs(engine, [given.sighting])
    file_again(engine, replace(placed(report_of(1, [(T4, WRONG)])), source=source_of(scan)))
    scan.unlink()
    (document,) = filed(engine)
    assert page_of(engine, run, document, 1).image.shape == (200, 700, 3)


def test_pages_are_taken_as_they_were_read(tmp_path: Path) -> None:
    report = replace(report_of(1, [(T4, WRONG)]), source=source_of(DEMO))
    engine = begin(tmp_path)
    add_inputs(engine, [Sighting(report.source.sha256, 1, str(DEMO))])
    apart = {2: PageManner(Handling(100, None))}
    settings = settings_of((), 72, "auto", apart)
    add_settings(engine, settings)
    attempt = Attempt(
        report.source.sha256, settings.key, 1.0, alone=False, outcome="read", base=SETTINGS.key
    )
    add_attempt(engine, attempt, report)
    (document,) = filed(engine)
    for number, dpi in ((1, 72), (2, 100)):
        taken = page_of(engine, tmp_path, document, number)
        pages = list(open_document(DEMO, handling=Handling(dpi)).pages())
        assert np.array_equal(taken.image, pages[number - 1].image)  # type: ignore[union-attr]
    with pytest.raises(InputError, match="asked for and the file has"):
        page_of(engine, tmp_path, document, 99)
