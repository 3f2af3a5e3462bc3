"""Web pages as browsers save them: with frames, and packed into one file with what they show."""

from __future__ import annotations

import html
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from document.errors import InputError
from document.flow import FlowPicture, FlowTable, FlowText
from pipeline.gather import Given, gather
from pipeline.html_flow import read_html
from pipeline.intake import open_document

PICTURE = Path(__file__).parents[2] / "samples" / "documents" / "wendeng-2022-t4.png"
TABLE = "<html><p>甲<table><tr><td>规章<td>1<td>2</tr></table></html>"


def seen(path: Path) -> list[str]:
    """Return what a page shows, picture by picture, table by table, line by line."""
    found = []
    for section in read_html(path).sections:
        for block in section:
            if isinstance(block, FlowText):
                found.append(block.text)
            elif isinstance(block, FlowPicture):
                found.append(f"picture of {len(block.content)}")
            else:
                assert isinstance(block, FlowTable)
                found.append(" ".join(cell.text for cell in block.cells))
    return found


def packed(path: Path, *parts: tuple[str, str | bytes], charset: str = "gb2312") -> None:
    """Save (address, text or picture) as one file, as browsers do."""
    whole = MIMEMultipart("related")
    whole["Snapshot-Content-Location"] = parts[0][0]
    for place, content in parts:
        if isinstance(content, str):
            one: MIMEText | MIMEImage = MIMEText(content, "html", charset)
        else:
            one = MIMEImage(content)
        key = "Content-ID" if place.startswith("<") else "Content-Location"
        one[key] = place
        whole.attach(one)
    path.write_bytes(b"From: <Saved by Blink>\r\n" + whole.as_bytes())


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe src="page_files/saved_resource.html"></iframe>',
        f'<iframe srcdoc="{html.escape(TABLE)}"></iframe>',
        '<frameset cols="1,*"><frame src="page_files/saved_resource.html"></frameset>',
    ],
    ids=["beside", "within", "frameset"],
)
def test_what_a_frame_shows_is_part_of_the_page(tmp_path: Path, frame: str) -> None:
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "saved_resource.html").write_bytes(TABLE.encode("gb18030"))
    (tmp_path / "page.html").write_text(f"<html>{frame}</html>")
    assert seen(tmp_path / "page.html") == ["甲", "规章 1 2"]


def test_a_frame_finds_its_own_pictures_and_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "files").mkdir(parents=True)
    (tmp_path / "outside.html").write_text(TABLE)
    (folder / "files" / "t.png").write_bytes(PICTURE.read_bytes())
    (folder / "files" / "frame.html").write_text(
        '<html><img src="t.png"><iframe src="../../outside.html"></iframe></html>'
    )
    (folder / "page.html").write_text('<html>甲<iframe src="files/frame.html"></iframe></html>')
    assert seen(folder / "page.html") == ["甲", f"picture of {PICTURE.stat().st_size}"]
    assert read_html(folder / "page.html").absent == ("../../outside.html",)


def test_pages_that_frame_themselves_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<html>甲<iframe src="a.html"></iframe></html>')
    assert 1 < len(seen(tmp_path / "a.html")) < 9


def test_a_frame_that_was_not_saved_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<html>甲<iframe src="https://x.gov.cn/t.html"></html>')
    (finding,) = open_document(tmp_path / "a.html").findings
    assert finding.code == "picture-absent"
    assert "https://x.gov.cn/t.html" in finding.message.en


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
@pytest.mark.parametrize("source", ["/t/1.png", "1.png", "http://x.gov.cn/t/1.png"])
def test_a_page_packed_with_its_files(tmp_path: Path, charset: str, source: str) -> None:
    page = f'<html><p>甲乙<img src="{source}"><iframe src="cid:f@mhtml"></iframe></html>'
    packed(
        tmp_path / "a.mhtml",
        ("http://x.gov.cn/t/a.html", page),
        ("http://x.gov.cn/t/1.png", PICTURE.read_bytes()),
        ("<f@mhtml>", TABLE),
        charset=charset,
    )
    said = seen(tmp_path / "a.mhtml")
    assert said == ["甲乙", f"picture of {PICTURE.stat().st_size}", "甲", "规章 1 2"]
    assert open_document(tmp_path / "a.mhtml").kind == "FLOW"


def test_folders_give_packed_pages(tmp_path: Path) -> None:
    packed(tmp_path / "a.mht", ("http://x/a.html", TABLE))
    given = [one for one in gather([tmp_path], tmp_path / "run") if isinstance(one, Given)]
    assert [one.path.name for one in given] == ["a.mht"]


def test_a_packed_file_without_a_page_is_refused(tmp_path: Path) -> None:
    packed(tmp_path / "a.mht", ("http://x/1.png", PICTURE.read_bytes()))
    with pytest.raises(InputError) as told:
        open_document(tmp_path / "a.mht")
    assert told.value.code == "damaged-html"
