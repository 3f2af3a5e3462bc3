"""Hostile Word documents, web pages and texts."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from tests.hostile.pictures import png, zeros

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_BODY = f"<w:document {_SPACES}><w:body>%s</w:body></w:document>"
_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 20)
)
_PARAGRAPH = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
_OUTSIDE = "http://169.254.169.254/latest/meta-data"


def _docx(
    body: str, pictures: int = 0, targets: Iterable[tuple[str, str]] = (), head: str = ""
) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        links = [(f"p{n}", "media/p.png", "") for n in range(pictures)]
        links += [(name, target, "") for name, target in targets]
        links.append(("out", _OUTSIDE, ' TargetMode="External"'))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", head + _BODY % body)
            archive.writestr(
                "word/_rels/document.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                'relationships">'
                + "".join(
                    f'<Relationship Id="{name}" Target="{target}" Type="image"{mode}/>'
                    for name, target, mode in links
                )
                + "</Relationships>",
            )
            archive.writestr("word/media/p.png", png(300, 300, zeros(300 * 39)))

    return make


def _blip(name: str) -> str:
    return f'<w:p><w:r><w:drawing><a:blip r:embed="{name}"/></w:drawing></w:r></w:p>'


def _bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as stream,
    ):
        stream.write(f"<w:document {_SPACES}><w:body>".encode())
        for _ in range(1 << 7):
            stream.write(b" " * (1 << 20))


def _members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", _BODY % (_PARAGRAPH % "x"))
        for number in range(60_000):
            archive.writestr(f"word/{number}", b"")


def _text(content: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_text(content, "utf-8")

    return make


def _sparse(head: bytes, size: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as stream:
            stream.write(head)
            stream.truncate(size)

    return make


def _page(body: str) -> Callable[[Path], None]:
    return _text(f"<!doctype html><html><body>{body}</body></html>")


_ROW = "<w:tr>" + "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>" * 60 + "</w:tr>"
_PLACES = (
    "/etc/passwd",
    "../../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
)
_IMAGES = "".join(f'<img src="{place}">' for place in (*_PLACES, _OUTSIDE, "//localhost/x.png"))

FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "entities.docx": (_docx(_PARAGRAPH % "&a19;", head=_LAUGHS + "]>"), "docx-bomb damaged-docx"),
    "outer-entity.docx": (
        _docx(_PARAGRAPH % "&x;", head='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "docx-bomb",
    ),
    "thousands-of-pictures.docx": (
        _docx("".join(_blip(f"p{n}") for n in range(5000)), 5000),
        "too-many-pictures",
    ),
    "one-picture-thousands-of-times.docx": (_docx(_blip("p0") * 5000, 1), "too-many-pictures"),
    "bomb.docx": (_bomb, "docx-bomb"),
    "many-members.docx": (_members, "not-supported docx-bomb"),
    "many-elements.docx": (_docx("<w:p/>" * 2_000_000), "too-many-elements"),
    "deep.docx": (_docx("<w:sdt>" * 240 + "</w:sdt>" * 240), "too-deep"),
    "very-deep.docx": (_docx("<w:sdt>" * 100_000), "damaged-docx"),
    "wide-table.docx": (_docx(f"<w:tbl>{_ROW * 1500}</w:tbl>" + _PARAGRAPH % "年报"), ""),
    "leads-outside.docx": (
        _docx(
            _PARAGRAPH % "年报" + "".join(_blip(name) for name in ("a", "b", "out")),
            targets=[("a", "../../../../etc/passwd"), ("b", "/etc/passwd")],
        ),
        "picture-absent",
    ),
    "deep.html": (_page("<div>" * 5000 + "x"), "too-deep"),
    "deep-cell.html": (
        _page("<table><tr><td>" + "<span>" * 5000 + "x</table>"),
        "",
    ),
    "struck-again-and-again.html": (
        _page("<table><tr><td>" + "<s>" * 150 + "12345" + "</s>" * 150 + "</table>年报"),
        "",
    ),
    "nested-tables.html": (_page("<table><tr><td>" * 3000 + "x"), "too-deep"),
    "many-elements.html": (_page("<p>" * 2_000_000), "too-many-elements"),
    "many-pictures.html": (_page('<img src="x.png">' * 5000), "too-many-pictures"),
    "wide-spans.html": (
        _page("<table>" + "<tr><td rowspan=99999 colspan=99999>1" * 3000 + "</table>年报"),
        "",
    ),
    "leads-outside.html": (_page(f"年报{_IMAGES}"), "picture-absent"),
    "entities.html": (_text(_LAUGHS + "]><html><body>&a19;</body></html>"), "not-supported"),
    "huge.html": (_sparse(b"<html><meta charset=gbk><body>", 100 << 20), "text-too-large"),
    "data-bomb.html": (
        _page('<img src="data:image/png;base64,' + "A" * (20 << 20) + '">'),
        "damaged-image picture-format empty-text",
    ),
    "script.html": (_page("<script>alert(1)</script>年报<img src=x onerror=alert(1)>"), ""),
}
