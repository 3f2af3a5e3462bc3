"""Bad input: one clear sentence in both languages, whatever the file."""

from __future__ import annotations

import io
import os
import re
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from document.errors import InputError
from document.page import Page, PageFailure
from pipeline.intake import open_document
from pipeline.selection import beyond, parse_pages, selected

if TYPE_CHECKING:
    from pathlib import Path


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 80).save(stream, "PNG")
    return stream.getvalue()


def pdf(pages: int = 1, **options: object) -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(100, 100))
        document.save(stream, **options)
    return stream.getvalue()


def zero_size_png() -> bytes:
    import zlib  # noqa: PLC0415

    data = bytearray(png())
    data[16:20] = bytes(4)
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    return bytes(data)


LOCKED = pikepdf.Encryption(owner="o", user="u")

CASES = {
    "not-a-pdf.pdf": (b"This is not a PDF.\n" * 50, "not-supported"),
    "text.png": ("第一行\n第二行\n".encode(), "not-supported"),
    "word.pdf": (b"PK\x03\x04" + bytes(100), "not-supported"),
    "photo.jpg": (b"\0\0\0\x18ftypheic" + bytes(100), "not-supported"),
    "zeros.tif": (bytes(5000), "not-supported"),
    "empty.pdf": (b"", "empty-file"),
    "truncated-head.pdf": (pdf()[:30], "damaged-pdf"),
    "garbage-after-head.pdf": (b"%PDF-1.7\n" + os.urandom(3000), "damaged-pdf"),
    "encrypted.pdf": (pdf(encryption=LOCKED), "encrypted"),
    "no-pages.pdf": (pdf(0), "no-pages"),
    "zero-size.png": (zero_size_png(), "empty-image"),
    "head-only.png": (png()[:12], "damaged-image"),
    "head-only.jpg": (b"\xff\xd8\xff\xe0" + bytes(20), "damaged-image"),
    "head-only.tif": (b"II*\0\x08\0\0\0", "damaged-image"),
    "head-only.bmp": (b"BM" + bytes(10), "damaged-image"),
    "head-only.webp": (b"RIFF\0\0\0\0WEBPVP8 ", "damaged-image"),
}


def assert_is_helpful(error: InputError) -> None:
    assert re.search(r"[\u4e00-\u9fff]", error.message.zh)
    assert "：" in error.message.zh, "no remedy"
    assert ": " in error.message.en, "no remedy"
    for text in (error.message.zh, error.message.en):
        assert "\n" not in text
        assert "Traceback" not in text
        assert "{" not in text


@pytest.mark.parametrize("name", CASES)
def test_refused_with_cause_and_remedy(tmp_path: Path, name: str) -> None:
    content, code = CASES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_document(tmp_path / name)
    assert caught.value.code == code
    assert_is_helpful(caught.value)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.pdf", "missing-file"),
        ("file/below", "unreadable-file"),
        ("folder", "is-a-folder"),
        ("pipe", "not-a-file"),
        ("zero\0byte", "unreadable-file"),
        ("long" * 1000, "unreadable-file"),
    ],
)
def test_paths_that_are_no_readable_file(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as caught:
        open_document(tmp_path / name)
    assert caught.value.code == code
    assert_is_helpful(caught.value)


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    if os.geteuid() == 0:  # root may read everything, so the system's answer is played

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    else:
        path.chmod(0)
    with pytest.raises(InputError) as caught:
        open_document(path)
    assert caught.value.code == "no-permission"
    assert_is_helpful(caught.value)


def test_every_kind_of_damage_is_said_not_thrown(tmp_path: Path) -> None:
    """Cut files of every format short at many places: a page, a failure, or an InputError."""
    path = tmp_path / "cut"
    for image_format in ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "PDF"):
        stream = io.BytesIO()
        Image.effect_noise((40, 30), 80).convert("RGB").save(stream, image_format)
        data = stream.getvalue()
        for keep in range(0, len(data), max(1, len(data) // 40)):
            path.write_bytes(data[:keep])
            try:
                found = list(open_document(path).pages())
            except InputError as error:
                assert_is_helpful(error)
            else:
                assert len(found) <= 1


def test_flipped_bytes_are_said_not_thrown(tmp_path: Path) -> None:
    path = tmp_path / "flipped"
    for image_format in ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "PDF"):
        stream = io.BytesIO()
        Image.effect_noise((20, 15), 80).convert("RGB").save(stream, image_format)
        data = stream.getvalue()
        for place in range(0, min(len(data), 700), 9):
            broken = bytearray(data)
            broken[place] ^= 0xFF
            path.write_bytes(bytes(broken))
            try:
                list(open_document(path).pages())
            except InputError as error:
                assert_is_helpful(error)


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (39, 500)])
def test_a_page_too_small_for_a_table_is_said_to_be(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.png").write_bytes(png(size))
    (failure,) = open_document(tmp_path / "a.png").pages()
    assert isinstance(failure, PageFailure)
    assert failure.code == "too-small"


def test_a_pdf_locked_for_changes_only_is_read(tmp_path: Path) -> None:
    owner_only = pikepdf.Encryption(owner="secret", user="")
    (tmp_path / "a.pdf").write_bytes(pdf(encryption=owner_only))
    (page,) = open_document(tmp_path / "a.pdf").pages()
    assert isinstance(page, Page)


def test_a_truncated_pdf_that_can_be_mended_says_so(tmp_path: Path) -> None:
    whole = pdf(3)
    (tmp_path / "a.pdf").write_bytes(whole[: whole.rindex(b"xref")])
    document = open_document(tmp_path / "a.pdf")
    (finding,) = document.findings
    assert finding.code == "mended-pdf"
    assert finding.wants_person


def test_page_lists() -> None:
    assert selected(parse_pages("1-3,5"), 9) == (1, 2, 3, 5)
    assert selected(parse_pages("8-, 1，3"), 9) == (1, 3, 8, 9)
    assert selected(None, 2) == (1, 2)
    assert beyond(parse_pages("1-3,5,9-"), 2) == (3, 5, 9)
    assert beyond(parse_pages("2-"), 2) == ()


@pytest.mark.parametrize("text", ["", "0", "3-1", "a", "1,,2", "-3", "1-2-3", "1.5"])
def test_page_lists_that_are_none(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_pages(text)
    assert caught.value.code == "pages-option"
    assert_is_helpful(caught.value)
