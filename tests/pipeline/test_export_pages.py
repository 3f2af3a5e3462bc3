"""Every exporter and its own reader: figures come back, doubt stays doubt, text stays text."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2
import lxml.html
import numpy as np
import openpyxl
import pytest
from PIL import Image

from document.report import Report, Source
from pipeline.album import crops_of
from pipeline.export_csv import to_csv
from pipeline.export_html import to_html
from pipeline.export_markdown import to_markdown
from pipeline.export_sheets import write_sheets
from pipeline.export_xlsx import to_xlsx
from pipeline.intake import open_document
from pipeline.read_text import recover_passage
from pipeline.recover import Readers, recover
from pipeline.text_pieces import passage_of
from pipeline.typed import typed_tables
from pipeline.words import is_remarkable
from reconstruct.templates import builtin
from tests.pipeline.exported import exported, with_text
from tests.pipeline.runs import begin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from document.report import Table

FORMS = builtin()
SEEDS = range(24)
MORE = 12
"""Figures that may be in doubt besides: those of sums with figures that are."""
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="x()">',
    "\"'><b>|｜| a | b |\n\n# x\n[^1]: y\n```\n~~~ *a* _b_ [x](javascript:y) ![z](http://q/)",
    "</style></title></section>&#60;b&#62;\x00\x0b\ud800\u2028=1+1 http://www.x.y/ $x$ {{7}}",
)


class NobodyIsAsked:
    """Readers that no page of native tables needs."""

    def read(self, crops: Sequence[Any]) -> list[Any]:
        assert not crops
        return []


def read_back(path: Path) -> Report:
    def figures(crops: Sequence[Any]) -> tuple[Any, ...]:
        assert not crops
        return ()

    readers = Readers(NobodyIsAsked(), figures)  # type: ignore[arg-type]
    return recover(open_document(path), templates=FORMS, readers=readers, prose="never")


def compare(tables: tuple[Table, ...], back: tuple[Table, ...]) -> None:
    assert [(t.table, t.template) for t in back] == [(t.table, t.template) for t in tables]
    for table, again in zip(tables, back, strict=True):
        found = {cell.address: cell for cell in again.cells}
        assert list(found) == [cell.address for cell in table.cells]
        for cell in table.cells:
            mine = found[cell.address]
            assert mine.needs_review or mine.value == cell.value, (table.table, cell, mine)
            assert mine.needs_review or not cell.needs_review, (table.table, cell, mine)


@pytest.mark.parametrize("seed", SEEDS)
def test_markdown_comes_back_with_every_figure_or_its_doubt(seed: int) -> None:
    report = exported(seed)
    text = to_markdown(report, FORMS, "zh" if seed % 2 else "en").decode()
    back = recover_passage(passage_of(text), Source("", "", 1), FORMS, "never")
    assert (back.agency, back.year) == (report.agency, report.year)
    compare(report.tables, back.tables)
    for table, again in zip(report.tables, back.tables, strict=True):
        found = {cell.address: cell for cell in again.cells}
        assert all(c.value is None or found[c.address].value == c.value for c in table.cells)
    doubts = sum(cell.needs_review for cell in report.cells)
    assert sum(cell.needs_review for cell in back.cells) <= doubts + MORE


def test_a_grid_is_taken_as_kept_from_our_own_markdown_only() -> None:
    report = exported(0)
    text = to_markdown(report, FORMS, "en").decode()
    _, _, others = text.partition("\n")
    back = recover_passage(passage_of(others), Source("", "", 1), FORMS, "never")
    mine = recover_passage(passage_of(text), Source("", "", 1), FORMS, "never")
    # zeros are left blank there, and with a grid of which nothing is known that proves nothing
    assert sum(c.needs_review for c in back.cells) > sum(c.needs_review for c in mine.cells)
    compare(report.tables, back.tables)


def test_markdown_of_a_clean_report_comes_back_clean() -> None:
    report = exported(3)
    cells = [tuple(replace(c, needs_review=False) for c in t.cells) for t in report.tables]
    tables = [replace(t, cells=c) for t, c in zip(report.tables, cells, strict=True)]
    clean = replace(report, tables=tuple(tables), findings=())
    assert "?" not in re.sub(r"\[\^.*", "", to_markdown(clean, FORMS, "en").decode())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_web_page_comes_back_with_every_figure_or_its_doubt(seed: int, tmp_path: Path) -> None:
    report = exported(seed)
    path = tmp_path / "report.html"
    picture = {(0, report.tables[0].cells[0].address): b"\xff\xd8\xff\xe0"}
    path.write_bytes(to_html(report, FORMS, "zh" if seed % 2 else "en", picture))
    back = read_back(path)
    assert (back.agency, back.year) == (report.agency, report.year)
    assert back.source.pages == 1
    compare(report.tables, back.tables)
    wanted = {(t.table, c.address) for t in report.tables for c in t.cells if c.needs_review}
    asked = {(t.table, c.address) for t in back.tables for c in t.cells if c.needs_review}
    assert wanted <= asked


@pytest.mark.parametrize("seed", range(4))
def test_workbooks_and_csv_come_back_by_their_reader(seed: int, tmp_path: Path) -> None:
    report = exported(seed)
    for name, content in (
        ("report.xlsx", to_xlsx(report, FORMS, "zh")),
        ("report.csv", to_csv(report, FORMS, "zh")),
    ):
        (tmp_path / name).write_bytes(content)
        back = typed_tables(tmp_path / name, FORMS).tables
        assert [t.table for t in back] == [t.table for t in report.tables]
        for table, again in zip(report.tables, back, strict=True):
            values = {cell.address: cell.value for cell in again.cells if not cell.needs_review}
            for cell in table.cells:
                if cell.address in values and cell.value is not None:
                    assert values[cell.address] == cell.value, (name, cell.address)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_of_documents_never_becomes_markup(text: str, language: Any) -> None:
    report = with_text(exported(5), text)
    page = to_html(report, FORMS, language)
    root = lxml.html.document_fromstring(page.decode())
    assert {e.tag for e in root.iter()} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "section", "dl"),
        *("dt", "dd", "p", "span", "small", "div", "table", "tr", "th", "td", "a", "article"),
        *("code", "details", "summary", "tbody"),
    }
    assert all(link.get("href").startswith("#") for link in root.iter("a"))
    assert not any(name.startswith("on") for e in root.iter() for name in e.attrib)
    assert "default-src 'none'" in page.decode()
    markdown = to_markdown(report, FORMS, language).decode()
    assert markdown.startswith("[gouji/1]: #\n\n# ")
    markdown = markdown.removeprefix("[gouji/1]: #\n")
    assert not re.search(r"[<>`*_$~]|\]\(|://|!\[|^\s*\[\^\d+\]:(?! )", markdown)
    kinds = {
        re.match(r"#{1,2} |\| |\|( --- \|)+$|\[\^\d+\]: |$", line) for line in markdown.split("\n")
    }
    assert None not in kinds
    widths = {line.count("|") for line in markdown.split("## ")[1].split("\n") if line[:1] == "|"}
    assert len(widths) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_doubtful_stands_beside_its_picture_and_its_equations(
    tmp_path: Path, language: Any
) -> None:
    path = tmp_path / "scan.png"
    image = np.full((120, 200, 3), 255, np.uint8)
    image[20:40, 60:100] = (0, 0, 200)
    Image.fromarray(image[:, :, ::-1]).save(path)
    report = exported(2)
    tables = tuple(
        replace(
            table,
            cells=tuple(
                replace(cell, page=1, polygon=((60, 20), (100, 20), (100, 40), (60, 40)))
                for cell in table.cells
            ),
        )
        for table in report.tables
    )
    report = replace(report, tables=tables)
    crops = crops_of(open_document(path), report)
    remarkable = [(n, c) for n, t in enumerate(tables) for c in t.cells if is_remarkable(c)]
    assert remarkable
    assert set(crops) == {(number, cell.address) for number, cell in remarkable}
    root = lxml.html.document_fromstring(to_html(report, FORMS, language, crops).decode())
    pictures = [e.get("src") for e in root.iter("img")]
    assert len(pictures) == len(remarkable)
    head, _, body = pictures[0].partition(",")
    assert head == "data:image/jpeg;base64"
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(body), np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (60, 80, 3)
    assert shown[30, 40, 2] > 150 > shown[30, 40, 0]
    links = {a.get("href")[1:] for a in root.iter("a")}
    assert links == {e.get("id") for e in root.iter("article") if e.get("id")}
    sums = [e.text_content() for e in root.iter("table") if e.get("class") == "sum"]
    disputed = [c for _, c in remarkable if c.status == "disputed"]
    assert not disputed or any("≠" in text for text in sums)
    assert sums


def test_a_page_that_is_gone_leaves_its_pictures_out(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.new("RGB", (100, 100)).save(path)
    document = open_document(path)
    path.unlink()
    assert crops_of(document, exported(2)) == {}


def test_a_run_leaves_as_a_page_for_each_report(tmp_path: Path) -> None:
    first, second = exported(2), exported(4)
    first = replace(first, source=Source("a.pdf", "a" * 64, 3))
    second = replace(second, source=Source("a.pdf", "b" * 64, 3))
    engine = begin(tmp_path / "run", first, second)
    for form in ("html", "md"):
        folder = tmp_path / form
        folder.mkdir()
        paths = write_sheets(engine, tmp_path / "run", folder, form, FORMS, "zh")
        assert sorted(path.name for path in paths) == [f"a-2.{form}", f"a.{form}"]
        told = " ".join(path.read_text("utf-8") for path in paths)
        assert "a" * 64 in told
        assert "b" * 64 in told


def test_what_a_workbook_says_about_tables_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(to_xlsx(exported(3), FORMS, "zh"))
    book = openpyxl.load_workbook(path)
    book.remove(next(sheet for sheet in book.worksheets if sheet.title.startswith("t4")))
    book.save(path)
    assert [table.table for table in typed_tables(path, FORMS).tables] == ["t2", "t3"]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1+1", "\t=1", "＝1", "#REF!", "\0"])
def test_no_sheet_of_a_workbook_runs_what_a_document_says(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(with_text(exported(3), text), FORMS, "en")))
    assert "Explanations" in book.sheetnames
    said = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for place in row:
                assert place.data_type != "f"
                assert place.hyperlink is None
                if isinstance(place.value, str):
                    said += 1
                    assert place.data_type == "s"
                    assert place.quotePrefix
    assert said > 100
