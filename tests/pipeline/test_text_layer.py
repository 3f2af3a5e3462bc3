"""PDFs that hold their own words: taken exactly, and only where the page shows the same."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pypdfium2
import pytest

from document.page import Page
from pipeline.intake import Handling, open_document
from pipeline.recover import Readers, load_readers, recover
from pipeline.sheets import sheets_of
from reconstruct.templates import builtin
from samples.figures import draw_t2, draw_t3, draw_t4
from samples.printing import mislead
from samples.report import compose_report
from samples.scene import plain_style
from samples.write_docx import print_all
from samples.write_html import Browser

if TYPE_CHECKING:
    from document.report import Report
    from samples.figures import TableFigures
    from samples.sheet import Draft

FONT = "Noto Serif CJK SC"
WATERMARK = """body::after { content: "仅供参考12"; position: fixed; top: 60px; left: 40px;
    transform: rotate(-45deg); font-size: 50px; color: rgba(0, 0, 0, .12) }"""
CHROMIUM = Path("/usr/bin/chromium")
no_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="UNTESTED: no chromium")
no_office = pytest.mark.skipif(not shutil.which("soffice"), reason="UNTESTED: no soffice")


@cache
def readers() -> Readers:
    return load_readers(threads=1)


@cache
def drawn(*, wrong: bool = False, small: bool = False) -> tuple[Draft, tuple[TableFigures, ...]]:
    """A report of an agency that does not exist.

    ``wrong`` lets a sum fail; a ``small`` one has 表四 alone, for what is read from pixels.
    """
    rng = np.random.default_rng(7)
    tables = [draw(rng, "city", "2021") for draw in (draw_t2, draw_t3, draw_t4)]
    tables = tables[2:] if small else tables
    if wrong:
        tables[1], _ = mislead(tables[1], rng)
    style = replace(plain_style("layer", FONT, ""), heading_font=FONT)
    return compose_report(rng, style, ("云溪市人民政府", 2023), tuple(tables))[0], tuple(tables)


@cache
def printed(*, wrong: bool = False, small: bool = False) -> bytes:
    with Browser() as browser:
        return browser.pdf(drawn(wrong=wrong, small=small)[0])


def read(path: Path, content: bytes, handling: Handling | None = None) -> Report:
    path.write_bytes(content)
    document = open_document(path, handling=handling or Handling())
    return recover(document, templates=builtin(), readers=readers())


def assert_exact(report: Report, tables: tuple[TableFigures, ...]) -> None:
    made = {(t.table, cell.address): cell for t in report.tables for cell in t.cells}
    for table in tables:
        for entry in table.entries:
            cell = made.pop((table.table, entry.address))
            assert cell.printed == entry.printed
            assert cell.confidence == 1
    assert not made


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def changed(content: bytes, page: int, old: bytes, new: bytes) -> bytes:
    """Replace what the fonts of a page say their characters are."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for font in pdf.pages[page].resources["/Font"].values():
            if "/ToUnicode" in font:
                told = font["/ToUnicode"].read_bytes()
                font["/ToUnicode"] = pdf.make_stream(re.sub(old, new, told))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@no_chromium
def test_a_page_that_chromium_printed_is_exact(tmp_path: Path) -> None:
    report = read(tmp_path / "a.pdf", printed())
    assert report.status == "clean"
    assert (report.agency, report.year) == ("云溪市人民政府", 2023)
    assert_exact(report, drawn()[1])


@no_chromium
def test_polygons_lie_where_a_reader_of_pixels_finds_them(tmp_path: Path) -> None:
    typed = read(tmp_path / "a.pdf", printed(small=True))
    seen = read(tmp_path / "b.pdf", printed(small=True), Handling(dpi=300))
    for mine, other in zip(typed.cells, seen.cells, strict=True):
        assert mine.page == other.page
        assert mine.polygon is not None
        assert other.polygon is not None
        assert np.abs(np.subtract(mine.polygon, other.polygon)).max() < 6


def web_page(rules: str, widths: tuple[int, ...], blank: str = "") -> str:
    """The drawn 表四 as a web page prints it, with style rules of its own."""
    figures = "".join(f"<td>{entry.printed}</td>" for entry in drawn(small=True)[1][0].entries)
    heads = "<td>结果<br>维持</td><td>结果<br>纠正</td><td>其他<br>结果</td><td>尚未<br>审结</td>"
    return f"""<meta charset=utf-8><style>
        table {{ border-collapse: collapse; table-layout: fixed; font: 12px "{FONT}" }}
        td {{ border: 1px solid; padding: 1px; text-align: center }} {rules}</style>
        <h3>四、政府信息公开行政复议、行政诉讼情况</h3><table>
        <colgroup>{"".join(f"<col style='width:{w}px'>" for w in widths)}</colgroup>
        <tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>
        <tr>{heads.replace("<td>", "<td rowspan=2>")}<td rowspan=2>总计</td>
        <td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>
        <tr>{(heads + "<td>总计</td>") * 2}</tr>
        <tr>{figures}</tr>{blank}</table>"""


@no_chromium
@pytest.mark.parametrize(
    ("rules", "blank"),
    [
        ("table { border: 7px solid }", ""),
        ("td { border-style: dashed }", ""),
        (WATERMARK, ""),
        ("tr:last-child { break-before: page }", "<tr>" + "<td>&nbsp;</td>" * 15 + "</tr>"),
    ],
    ids=["thick frame", "dashed lines", "watermark", "a row of blanks on a page of its own"],
)
def test_frames_of_web_pages_do_not_send_them_to_the_readers_of_pixels(
    tmp_path: Path, rules: str, blank: str
) -> None:
    with Browser() as browser:
        (tmp_path / "a.pdf").write_bytes(browser.print(web_page(rules, (44,) * 15, blank)))
    document = open_document(tmp_path / "a.pdf")
    report = recover(document, templates=builtin(), readers=readers())
    assert "text-layer-wrong" not in codes(report)
    assert_exact(report, drawn(small=True)[1])


@no_office
def test_a_document_that_libreoffice_printed_is_exact(tmp_path: Path) -> None:
    (both,) = print_all([drawn()[0]])
    report = read(tmp_path / "a.pdf", both.plain)
    assert report.status == "clean"
    assert_exact(report, drawn()[1])


@no_chromium
def test_the_pages_own_mistake_stays_and_is_told(tmp_path: Path) -> None:
    report = read(tmp_path / "a.pdf", printed(wrong=True))
    assert_exact(report, drawn(wrong=True)[1])
    assert "source-arithmetic" in codes(report)


@no_chromium
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_shows_the_same(tmp_path: Path, turn: int) -> None:
    with pikepdf.open(io.BytesIO(printed(small=True))) as pdf:
        for page in pdf.pages:  # drawn lying down, and set upright again by /Rotate
            page.rotate(turn, relative=False)
            width, height = (float(v) for v in page.mediabox[2:])
            matrix = {
                90: b"0 1 -1 0 %f 0 cm " % height,
                180: b"-1 0 0 -1 %f %f cm " % (width, height),
                270: b"0 -1 1 0 0 %f cm " % width,
            }[turn]
            if turn != 180:
                page.mediabox = [0, 0, height, width]
            page.contents_add(b"q " + matrix, prepend=True)
            page.contents_add(b" Q")
        out = io.BytesIO()
        pdf.save(out)
    report = read(tmp_path / "a.pdf", out.getvalue())
    assert_exact(report, drawn(small=True)[1])


@no_chromium
def test_words_that_the_page_does_not_show_are_left_aside(tmp_path: Path) -> None:
    lying = printed(small=True)
    with pikepdf.open(io.BytesIO(lying)) as pdf:
        count = len(pdf.pages)
    for page in range(count):  # every 2 says that it is a 7
        lying = changed(lying, page, rb"<0032>", b"<0037>")
    report = read(tmp_path / "a.pdf", lying)
    assert "text-layer-wrong" in codes(report)
    truth = {(t.table, e.address): e.value for t in drawn(small=True)[1] for e in t.entries}
    for table in report.tables:
        for cell in table.cells:
            value = None if cell.value is None else str(cell.value)
            assert cell.needs_review or value == truth[table.table, cell.address]


@no_chromium
def test_characters_without_meaning_are_read_from_the_pixels(tmp_path: Path) -> None:
    lost = printed(small=True)
    with pikepdf.open(io.BytesIO(lost)) as pdf:
        count = len(pdf.pages)
    for page in range(count):
        lost = changed(lost, page, rb"<003([0-9])>", rb"<E03\1>")
    report = read(tmp_path / "a.pdf", lost)
    assert all(cell.confidence < 1 for cell in report.cells)
    assert sum(not cell.needs_review for cell in report.cells) > 10


@no_chromium
def test_what_is_pasted_over_a_figure_is_seen(tmp_path: Path) -> None:
    clean = read(tmp_path / "a.pdf", printed(small=True))
    cell = next(c for t in clean.tables if t.table == "t4" for c in t.cells if c.value)
    assert cell.polygon is not None
    left, top = (v * 72 / 300 for v in cell.polygon[0])
    right, bottom = (v * 72 / 300 for v in cell.polygon[2])
    with pikepdf.open(io.BytesIO(printed(small=True))) as pdf:
        page = pdf.pages[cell.page - 1]
        height = float(page.mediabox[3])
        page.contents_add(b"q ", prepend=True)
        box = (left + 2, height - bottom + 2, right - left - 4, bottom - top - 4)
        page.contents_add(b" Q 1 1 1 rg %f %f %f %f re f" % box)
        out = io.BytesIO()
        pdf.save(out)
    report = read(tmp_path / "b.pdf", out.getvalue())
    assert ("text-layer-wrong", cell.page) in {(f.code, f.page) for f in report.findings}
    again = next(c for c in report.cells if c.page == cell.page and c.address == cell.address)
    assert again.needs_review or again.value is None


@no_chromium
def test_scanned_pages_beside_digital_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    whole = read(path, printed())
    last = next(table for table in whole.tables if table.table == "t4").pages[0]
    with pikepdf.open(path) as pdf:
        picture = pypdfium2.PdfDocument(path)[last - 1].render(scale=200 / 72, grayscale=True)
        grey = picture.to_numpy().reshape(picture.height, picture.width)
        scan = pikepdf.Stream(pdf, np.ascontiguousarray(np.rot90(grey)).tobytes())
        scan["/Type"], scan["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
        scan["/Width"], scan["/Height"] = grey.shape[0], grey.shape[1]
        scan["/BitsPerComponent"] = 8
        scan["/ColorSpace"] = pikepdf.Name.DeviceGray
        high, wide = (float(v) for v in pdf.pages[last - 1].mediabox[2:])
        page = pdf.add_blank_page(page_size=(wide, high))
        page.add_resource(scan, pikepdf.Name.XObject, pikepdf.Name("/I"))
        page.contents_add(f"q {wide} 0 0 {high} 0 0 cm /I Do Q".encode())
        page.obj["/Rotate"] = 90  # it was scanned lying on its side
        pdf.pages[last - 1] = page
        del pdf.pages[-1]
        out = io.BytesIO()
        pdf.save(out)
    report = read(path, out.getvalue())
    truth = {(t.table, e.address): e.printed for t in drawn()[1] for e in t.entries}
    tables = {table.table: table for table in report.tables}
    assert set(tables) == {"t2", "t3", "t4"}
    for table in report.tables:
        for cell in table.cells:
            right = cell.printed == truth[table.table, cell.address]
            if cell.page == last:
                assert right or cell.needs_review
                assert cell.confidence < 1
            else:
                assert right
                assert cell.confidence == 1
    assert {cell.page for cell in tables["t4"].cells} == {last}
    assert {cell.page for cell in tables["t2"].cells} != {last}


def test_figures_without_lines_around_them_are_left_to_the_pixels(tmp_path: Path) -> None:
    rows = "".join(
        f"1 0 0 1 {60 + 70 * column} {700 - 20 * row} Tm ({row}{column}) Tj\n"
        for row in range(6)
        for column in range(7)
    )
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.add_resource(pdf.make_indirect(font), pikepdf.Name.Font, pikepdf.Name("/H"))
        page.contents_add(f"BT /H 10 Tf\n{rows}ET".encode())
        pdf.save(tmp_path / "a.pdf")
    (sheet,) = sheets_of(open_document(tmp_path / "a.pdf"))
    assert isinstance(sheet, Page)
    assert sheet.origin == "rendered"
