"""Web pages that were saved: their text, tables and pictures. Nothing is ever fetched."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from typing import TYPE_CHECKING

import lxml.etree
import lxml.html

from document.errors import InputError
from document.flow import Block, FlowPicture, FlowText, cut
from pipeline.allowance import USUAL
from pipeline.faults import fault
from pipeline.flow_table import laid_out, raised, struck
from pipeline.html_files import LARGEST_FILE, Beside, is_packed, unpacked, unquoted
from pipeline.text_file import bytes_of, decode

if TYPE_CHECKING:
    from pathlib import Path

    from document.flow import Flow
    from pipeline.allowance import Allowance
    from pipeline.html_files import Files

_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|title)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_UNSEEN_TAGS = frozenset({"script", "style", "template", "noscript", "head", "svg", "title"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "section", "article"}
    | {"header", "footer", "main", "center", "form", "tr", "td", "th", "dl", "dt", "dd"}
    | {"blockquote", "pre", "hr", "caption", "fieldset"}
)
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_DEEPEST_FRAME = 3
_LARGEST = 64 << 20
"""Bytes of a page; pictures may stand in it, as data."""


def looks_like_html(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` is a web page, or one packed with its files."""
    if is_packed(head):
        return True
    plain = (
        head.replace(b"\0", b"") if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else head
    )
    plain = plain.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE)
    return plain.lstrip()[:1] == b"<" and _START.search(plain) is not None


def read_html(path: Path, allowance: Allowance = USUAL) -> Flow:
    """Return what a saved page holds. Raises InputError where it is no text, or too much."""
    content = bytes_of(path, _LARGEST)
    files: Files = Beside(path.parent, path.parent)
    if is_packed(content):
        content, files = unpacked(content)
    found = _Page(files, allowance)
    found.page(content, 0)
    return cut(tuple(found.blocks), tuple(found.absent))


def _parsed(content: bytes) -> lxml.html.HtmlElement:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(content))
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        return lxml.html.document_fromstring(text, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise fault("damaged-html", cause=str(error)) from error


def _decoded(content: bytes) -> str:
    """Decode a page: by what its bytes can be, else by what it claims."""
    try:
        return decode(content, _LARGEST)
    except InputError:
        claim = _CHARSET.search(content[:4096])
        if claim is None:
            raise
        try:
            return content.decode(codecs.lookup(claim[1].decode("ascii")).name)
        except (LookupError, UnicodeDecodeError):
            pass
        raise


class _Page:
    """Gathers the blocks of a page while its elements are walked through."""

    def __init__(self, files: Files, allowance: Allowance) -> None:
        self.blocks: list[Block] = []
        self.absent: list[str] = []
        self._files = files
        self._allowance = allowance
        self._pictures = 0
        self._elements = 0
        self._frames = 0
        self._line: list[str] = []

    def page(self, content: bytes, depth: int) -> None:
        """Take what a page shows, or one in a frame of it. Raises InputError."""
        self._elements += content.count(b"<")
        if self._elements > 2 * self._allowance.elements:  # a tag to begin and one to end
            raise fault("too-many-elements", limit=self._allowance.elements)
        self.walk(_parsed(content), depth)
        self.end_line()

    def end_line(self) -> None:
        """End the paragraph that was begun."""
        text = "".join(self._line).strip()
        self._line = []
        if text:
            self.blocks.append(FlowText(re.sub(r"[ \t\r\n]+", " ", text)))

    def walk(self, element: lxml.html.HtmlElement, depth: int) -> None:
        """Take what an element shows."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN_TAGS or _hidden(element):
            return
        if depth > self._allowance.depth:
            raise fault("too-deep", limit=self._allowance.depth)
        if tag == "img":
            self._picture(element)
            return
        if tag in {"iframe", "frame"}:
            self._frame(element, depth)
            return
        if tag == "br":
            self.end_line()
        if tag == "table" and not _lays_out(element):
            self._table(element)
            return
        block = tag in _BLOCKS or tag == "table"
        if block:
            self.end_line()
        self._line.append(element.text or "")
        for child in element:
            self.walk(child, depth + 1)
            self._line.append(child.tail or "")
        if block:
            self.end_line()

    def _table(self, element: lxml.html.HtmlElement) -> None:
        self.end_line()
        rows = [
            [
                (_number(cell, "rowspan"), _number(cell, "colspan"), _text(cell))
                for cell in row
                if cell.tag in {"td", "th"} and not _hidden(cell)
            ]
            for row in element.iter("tr")
            if not _hidden(row)
        ]
        for caption in element.iter("caption"):
            self.blocks.append(FlowText(_text(caption)))
        table = laid_out(rows)
        if table is not None:
            self.blocks.append(table)
        for image in element.iter("img"):
            self._picture(image)

    def _frame(self, element: lxml.html.HtmlElement, depth: int) -> None:
        """Take what a frame shows, where it was saved with the page or stands in it."""
        self.end_line()
        source = (element.get("src") or "").strip()
        content = (element.get("srcdoc") or "").encode("utf-8", "replace")
        if not content and (not source or source[:6].lower() in {"about:", "javasc"}):
            return
        self._count()
        content = content or self._files.get(source) or b""
        if not looks_like_html(content) or self._frames >= _DEEPEST_FRAME:
            self.absent.append(source[:200])
            return
        outer = self._files
        self._files = outer.around(source) if source else outer
        self._frames += 1
        self.page(content, depth + 1)
        self._frames -= 1
        self._files = outer

    def _count(self) -> None:
        self._pictures += 1
        if self._pictures > self._allowance.pictures:
            raise fault("too-many-pictures", limit=self._allowance.pictures)

    def _picture(self, element: lxml.html.HtmlElement) -> None:
        source = (element.get("src") or "").strip()
        if not source:
            return
        self._count()
        if source[:5].lower() == "data:":
            content = _of_data(source)
            name = "data"
        else:
            name = source
            content = self._files.get(source)
        if content is None:
            self.absent.append(name[:200])
            return
        self.end_line()
        self.blocks.append(FlowPicture(name[:200], content))


def _lays_out(table: lxml.html.HtmlElement) -> bool:
    """Tell whether a table only arranges others, or pictures."""
    return next(iter(table.iterdescendants("table")), None) is not None


def _hidden(element: lxml.html.HtmlElement) -> bool:
    """Tell whether an element is not shown, or is what Gouji itself wrote about a report."""
    if element.get("data-gouji") == "note":
        return True
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def _number(cell: lxml.html.HtmlElement, name: str) -> int:
    match = re.match(r"\s*(\d{1,5})", cell.get(name) or "")
    return int(match[1]) if match else 1


def _text(element: lxml.html.HtmlElement) -> str:
    """Return the text of a cell; marks of footnotes and what is struck out are told apart."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN_TAGS:
        return ""
    if element.tag in {"input", "textarea"}:
        return element.get("value") or element.text or ""
    parts = [element.text or ""]
    for child in element:
        if not _hidden(child):
            parts.append("\n" if child.tag == "br" else _text(child))
        parts.append(child.tail or "")
    text = "".join(parts)
    if element.tag in {"sup", "sub"}:
        return raised(text)
    line = re.search(r"line-through", element.get("style") or "")
    return struck(text) if element.tag in _STRUCK_TAGS or line else text


def _of_data(source: str) -> bytes | None:
    head, comma, body = source.partition(",")
    if not comma or len(body) > 2 * LARGEST_FILE:
        return None
    raw = unquoted(body)
    if not head.lower().rstrip().endswith("base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s", b"", raw))
    except (binascii.Error, ValueError):
        return None
