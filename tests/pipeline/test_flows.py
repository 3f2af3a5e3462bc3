"""Web pages and Word documents: native tables exactly, pictures as if they came alone."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from document.errors import InputError
from document.flow import FlowCell, FlowPicture, FlowTable, FlowText
from document.page import Page, PageFailure
from pipeline.docx_flow import read_docx
from pipeline.flow_table import laid_out
from pipeline.gather import Given, gather
from pipeline.html_flow import read_html
from pipeline.intake import open_document
from pipeline.recover import Readers, load_readers, recover
from reconstruct.templates import builtin
from samples.figures import draw_t2, draw_t3, draw_t4
from samples.printing import mislead
from samples.report import compose_report
from samples.scene import plain_style
from samples.write_docx import write_docx
from samples.write_html import page_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Report
    from samples.figures import TableFigures
    from samples.sheet import Draft

PICTURE = Path(__file__).parents[2] / "samples" / "documents" / "wendeng-2022-t4.png"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@cache
def readers() -> Readers:
    return load_readers(threads=1)


def drawn(*, wrong: bool = False) -> tuple[Draft, tuple[TableFigures, ...]]:
    rng = np.random.default_rng(11)
    tables = [draw(rng, "city", "2021") for draw in (draw_t2, draw_t3, draw_t4)]
    if wrong:
        tables[1], _ = mislead(tables[1], rng)
    style = replace(plain_style("flow", "Noto Serif CJK SC", ""), heading_font="FandolHei")
    draft, _ = compose_report(rng, style, ("云溪市人民政府", 2023), tuple(tables))
    return draft, tuple(tables)


def read(path: Path) -> Report:
    return recover(open_document(path), templates=builtin(), readers=readers())


def assert_exact(report: Report, tables: tuple[TableFigures, ...]) -> None:
    made = {(t.table, cell.address): cell for t in report.tables for cell in t.cells}
    for table in tables:
        for entry in table.entries:
            assert made.pop((table.table, entry.address)).printed == entry.printed
    assert not made


def word(path: Path, body: str, pictures: dict[str, bytes] | None = None) -> Path:
    held = pictures or {}
    relations = "".join(
        f'<Relationship Id="{name}" Type="image" Target="media/{name}.png"/>' for name in held
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W} {A} {R}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
        )
        for name, content in held.items():
            archive.writestr(f"word/media/{name}.png", content)
    return path


def para(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def shown(name: str) -> str:
    return f'<w:p><w:r><w:drawing><a:blip r:embed="{name}"/></w:drawing></w:r></w:p>'


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_saved_page_is_exact(tmp_path: Path, encoding: str) -> None:
    draft, tables = drawn()
    name = "gb2312" if encoding == "gb18030" else encoding  # as government sites claim
    page = page_html(draft).replace('charset="utf-8"', f'charset="{name}"')
    (tmp_path / "page.html").write_bytes(page.encode(encoding))
    report = read(tmp_path / "page.html")
    assert (report.status, report.agency, report.year) == ("clean", "云溪市人民政府", 2023)
    assert_exact(report, tables)
    assert all(cell.polygon is None for cell in report.cells)


def test_a_word_document_is_exact(tmp_path: Path) -> None:
    draft, tables = drawn()
    write_docx(tmp_path / "report.docx", draft)
    report = read(tmp_path / "report.docx")
    assert (report.status, report.agency, report.year) == ("clean", "云溪市人民政府", 2023)
    assert_exact(report, tables)


def test_its_own_mistake_stays_and_is_told(tmp_path: Path) -> None:
    draft, tables = drawn(wrong=True)
    write_docx(tmp_path / "report.docx", draft)
    report = read(tmp_path / "report.docx")
    assert_exact(report, tables)
    assert "source-arithmetic" in {finding.code for finding in report.findings}


@pytest.mark.skipif(not shutil.which("soffice"), reason="UNTESTED: no soffice")
def test_an_old_word_document_goes_through_libreoffice(tmp_path: Path) -> None:
    draft, tables = drawn()
    write_docx(tmp_path / "report.docx", draft)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "doc", "--outdir", str(tmp_path), str(tmp_path / "report.docx")],
        check=True, capture_output=True,
    )  # fmt: skip
    assert_exact(read(tmp_path / "report.doc"), tables)


def test_without_libreoffice_the_remedy_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    path = tmp_path / "old.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "WordDocument".encode("utf-16-le"))
    with pytest.raises(InputError) as caught:
        open_document(path)
    assert caught.value.code == "doc-wants-libreoffice"


def test_a_picture_gives_the_same_in_word_and_on_a_page_as_alone(tmp_path: Path) -> None:
    content = PICTURE.read_bytes()
    data = base64.b64encode(content).decode()
    page = (
        "<html><body><p>四、政府信息公开行政复议、行政诉讼情况</p>{}"
        '<p>五、存在的主要问题</p><img src="http://example.invalid/logo.png"></body></html>'
    )
    (tmp_path / "a.html").write_text(page.format(f'<img src="data:image/png;base64,{data}">'))
    (tmp_path / "b_files").mkdir()
    (tmp_path / "b_files" / "图 1.png").write_bytes(content)
    (tmp_path / "b.html").write_text(page.format('<img src="b_files/%E5%9B%BE%201.png">'))
    head = para("四、政府信息公开行政复议、行政诉讼情况")
    word(tmp_path / "c.docx", head + shown("x1") + para("五、存在的主要问题"), {"x1": content})
    alone = read(PICTURE)
    for name in ("a.html", "b.html", "c.docx"):
        report = read(tmp_path / name)
        assert [t.table for t in report.tables] == ["t4"]
        assert [replace(cell, page=1) for cell in report.cells] == list(alone.cells)
        assert report.tables[0].pages == (2,)


def test_nothing_is_taken_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PICTURE.read_bytes())
    folder = tmp_path / "page"
    folder.mkdir()
    sources = [
        "../secret.png",
        "/etc/hostname",
        "file:///etc/hostname",
        "//host/x.png",
        "page%00.png",
    ]
    images = "".join(f'<img src="{source}">' for source in sources)
    (folder / "p.html").write_text(f"<html><body>表{images}</body></html>")
    flow = read_html(folder / "p.html")
    assert flow.sections == ((FlowText("表"),),)
    assert len(flow.absent) == len(sources)


def test_tables_that_arrange_others_are_looked_into(tmp_path: Path) -> None:
    inner = "<table><tr><td>甲<td>1</tr><tr><td>乙<td>2<sup>①3</sup></tr></table>"
    (tmp_path / "p.html").write_text(
        f"<html><table><tr><td>菜单</td><td><p>前文</p>{inner}后文</td></tr></table></html>"
    )
    (section,) = read_html(tmp_path / "p.html").sections
    assert [block.text for block in section if isinstance(block, FlowText)] == [
        "菜单",
        "前文",
        "后文",
    ]
    (table,) = [block for block in section if isinstance(block, FlowTable)]
    assert [cell.text for cell in table.cells] == ["甲", "1", "乙", "2①³"]


def test_cells_are_laid_out_as_browsers_do() -> None:
    table = laid_out([[(2, 1, "a"), (1, 2, "b")], [(1, 1, "c"), (0, 1, "d")], [(1, 2, "e")]])
    assert table is not None
    assert (table.rows, table.columns) == (3, 3)
    assert table.cells == (
        FlowCell(0, 0, 2, 1, "a"),
        FlowCell(0, 1, 1, 2, "b"),
        FlowCell(1, 1, 1, 1, "c"),
        FlowCell(1, 2, 2, 1, "d"),
        FlowCell(2, 0, 1, 2, "e"),
    )
    assert laid_out([[(30_000, 5_000, "x")] * 200] * 200) is None


def test_marks_deletions_and_hidden_words_are_no_figures(tmp_path: Path) -> None:
    def cell(runs: str, looks: str = "") -> str:
        return f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p>{runs}</w:p></w:tc>"

    def run(text: str, looks: str = "") -> str:
        return f"<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r>"

    rows = [
        cell(run("12") + run("3", '<w:vertAlign w:val="superscript"/>'), '<w:gridSpan w:val="2"/>'),
        cell(run("4") + "<w:del>" + run("5") + "</w:del>")
        + cell(run("6", "<w:vanish/>") + run("7")),
        cell(run("8", "<w:strike/>")) + cell("<w:ins>" + run("9") + "</w:ins>"),
    ]
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    (section,) = read_docx(word(tmp_path / "a.docx", body)).sections
    (table,) = section
    assert isinstance(table, FlowTable)
    assert [c.text for c in table.cells] == ["12³", "4", "7", "8\u0336", "9"]
    assert table.cells[0].column_span == 2


def test_text_and_pictures_keep_their_order(tmp_path: Path) -> None:
    body = para("一") + shown("x1") + shown("x2") + para("二") + shown("gone")
    flow = read_docx(word(tmp_path / "a.docx", body, {"x1": b"1", "x2": b"2"}))
    kinds = [block for section in flow.sections for block in section]
    assert kinds == [
        FlowText("一"),
        FlowPicture("word/media/x1.png", b"1"),
        FlowPicture("word/media/x2.png", b"2"),
        FlowText("二"),
    ]
    assert flow.absent == ("gone",)


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><d>&b;</d>',
        b"<w:document>",
        b"<a>" + b" " * (65 << 20) + b"</a>",
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
    ids=["entities", "cut", "bomb", "deep"],
)
def test_documents_made_to_harm_are_refused(tmp_path: Path, xml: bytes) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    with pytest.raises(InputError) as caught:
        open_document(path)
    assert caught.value.code in {"docx-bomb", "damaged-docx"}


def test_batches_take_them_from_folders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.html", "b.htm", "c.docx", "d.doc", "e.css"):
        (tmp_path / "in" / name).write_bytes(b"x")
    found = [one for one in gather([tmp_path / "in"], tmp_path / "run") if isinstance(one, Given)]
    assert [one.path.name for one in found] == ["a.html", "b.htm", "c.docx", "d.doc"]


def text_door(path: Path) -> Report:
    """Read a document in which nothing is left to readers of pixels."""

    class Nobody:
        def read(self, crops: Sequence[object]) -> list[object]:
            assert not crops
            return []

    def figures(crops: Sequence[object]) -> tuple[object, ...]:
        assert not crops
        return ()

    nobody = Readers(Nobody(), figures)  # type: ignore[arg-type]
    return recover(open_document(path), templates=builtin(), readers=nobody)


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_tables_that_lost_their_grid_in_paragraphs_are_read_as_texts(
    tmp_path: Path, kind: str
) -> None:
    text = (Path(__file__).parent / "texts" / "escaped-row.md").read_text("utf-8")
    lines = [escape(line.replace("|", "\t").strip("\t")) for line in text.splitlines()]
    if kind == "docx":
        runs = ("<w:tab/>".join(f"<w:t>{t}</w:t>" for t in line.split("\t")) for line in lines)
        body = "".join(f"<w:p><w:r>{run}</w:r></w:p>" for run in runs)
        path = word(tmp_path / "a.docx", body)
    else:
        path = tmp_path / "a.html"
        said = "".join(f"<p>{line.replace(chr(9), ' | ')}</p>" for line in lines)
        path.write_text(f"<html><body>{said}</body></html>", "utf-8")
    report = text_door(path)
    assert [table.table for table in report.tables] == ["t2", "t3", "t4"]
    found = {(t.table, c.address): c for t in report.tables for c in t.cells}
    assert found["t3", ("new", "total")].value == 7
    assert found["t3", ("new", "person")].value == 6
    assert {f.code for f in report.findings} & {"unknown-form", "table-missing"} == set()


def test_native_tables_are_not_read_twice_as_text(tmp_path: Path) -> None:
    draft, tables = drawn()
    path = tmp_path / "a.html"
    path.write_text(page_html(draft), "utf-8")
    report = text_door(path)
    assert_exact(report, tables)


def test_a_picture_cropped_in_word_is_what_word_shows(tmp_path: Path) -> None:
    image = np.full((400, 600, 3), 255, np.uint8)
    image[100:300, 150:540] = 90
    out = io.BytesIO()
    Image.fromarray(image).save(out, "PNG")
    blip = '<a:blip r:embed="p1"/><a:srcRect l="25000" t="25000" r="10000" b="25000"/>'
    cropped = f"<w:p><w:r><w:drawing><a:blipFill>{blip}</a:blipFill></w:drawing></w:r></w:p>"
    old = 'id="p1" croptop="16384f" cropbottom=".25" cropleft="16384f" cropright="0.1"'
    vml = f"<w:p><w:r><w:pict><v:imagedata r:{old}/></w:pict></w:r></w:p>"
    vml = vml.replace("<w:pict>", '<w:pict xmlns:v="urn:schemas-microsoft-com:vml">')
    wild = cropped.replace('l="25000"', 'l="-5000"').replace('r="10000"', 'r="x"')
    path = word(tmp_path / "a.docx", cropped + vml + wild, {"p1": out.getvalue()})
    pages = list(open_document(path).pages())
    assert all(isinstance(page, Page) for page in pages)
    shapes = [page.image.shape[:2] for page in pages if isinstance(page, Page)]
    assert shapes == [(200, 390), (200, 390), (200, 600)]
    assert isinstance(pages[0], Page)
    assert (pages[0].image == 90).all()


@pytest.mark.parametrize(
    "content",
    [b"\x01\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 60, b"\xd7\xcd\xc6\x9a" + b"\0" * 60],
    ids=["EMF", "WMF"],
)
def test_a_metafile_in_word_is_told_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = word(
        tmp_path / "a.docx",
        '<w:p><w:r><w:drawing><a:blip r:embed="p1"/></w:drawing></w:r></w:p>',
        {"p1": content},
    )
    (page,) = open_document(path).pages()
    assert isinstance(page, PageFailure)
    assert page.code == "picture-format"
    assert "PNG" in page.message.zh


def test_ofd_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.bin", "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
    with pytest.raises(InputError) as caught:
        open_document(tmp_path / "a.bin")
    assert caught.value.code == "ofd"
    assert "PDF" in caught.value.message.zh


def test_folders_give_texts_and_what_says_what_to_do(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md", "c.ofd", "d.exe"):
        (tmp_path / name).write_text(name, "utf-8")
    given = [one for one in gather([tmp_path], tmp_path / "run") if isinstance(one, Given)]
    assert sorted(one.path.name for one in given) == ["a.txt", "b.md", "c.ofd"]
