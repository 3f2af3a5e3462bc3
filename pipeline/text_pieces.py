"""Cuts a text into rows, cells, words and figures, whatever has become of its grid.

Rows keep their cells where tabs, bars or wide gaps part them. Where a cell stands on each line, a
row is what lies between empty lines. Figures that run into a label or into one another are left
as they are: what they can be is for the form to say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from document.passage import Passage, Piece
from pipeline.text_file import count_pages
from pipeline.text_lines import BARS, Line, is_figure, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from document.passage import PieceKind

OWN = "[gouji/1]: #"
"""The first line of Markdown that Gouji wrote: the target of a link, which nobody sees."""

_RULE = re.compile(r"[\s|｜│┃¦+:=\-—─━┄┅┌┬┐├┼┤└┴┘]*")
_GAP = re.compile(r" {2,}|[\u2002-\u200a\u3000]+(?=\S)|\u00a0{2,}")
_FOOTER = re.compile(
    r"[\s\u3000]*(?:[-—–－]{1,2}\s*\d{1,3}\s*[-—–－]{1,2}|第\s*\d{1,3}\s*页(?:\s*[/,，]?\s*共\s*\d{1,3}\s*页)?"
    r"|\d{1,3}\s*/\s*\d{1,3}|[Pp]age\s+\d+(?:\s+of\s+\d+)?)[\s\u3000]*"
)
_MARKUP = re.compile(r"\*\*|__|`|&nbsp;|<br\s*/?>|^\s*#{1,6}\s+")
_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
"""A reference to a footnote of Markdown; where its text stands, a colon follows."""
_DOUBTED = re.compile(r"(?P<figure>[^\u4e00-\u9fff]{0,24}?)\s*[?？]")
_LONE = re.compile(r"\d{1,3}")
_HEADING = re.compile(r"[一二三四五六七八九十]+、")
_SENTENCE = re.compile(r"[。；！？]")
_PICTURE = re.compile(r"\[(?:image|图片)\s*[:：]?[^\]]*\]|!\[[^\]]*\]\([^)]*\)", re.IGNORECASE)

_MARK = r"\d[.．、](?=\s*[^\d\s.,])"
_REMARK = r"(?:[（(](?![一二三四五六七八九十]{1,2}[）)])[^（()）]{1,30}[）)])?"
_UNIT = r"(?:\s*(?:万元|亿元|元|%|％|件|个|项|次|条)(?![\u4e00-\u9fff]))?"
_FIGURE = (
    r"(?:[+\-−－])?\d++(?:[,，]\d{3})*+(?:[.．]\d++)?+"
    rf"(?!\s*(?:年|月|日|号|位|[.．、]\s*[^\d\s.,])){_UNIT}{_REMARK}"
)
_TOKEN = re.compile(
    rf"(?P<mark>(?<!\d){_MARK})|(?P<run>\d+(?={_MARK}))|(?P<figure>{_FIGURE})"
    r"|(?P<dash>(?<!\S)(?:[-—–－―]{1,2}|/|无)(?!\S))|(?P<bracket>[（(][^（()）]*[）)])|(?P<other>\S)"
    r"|(?P<space>\s+)"
)


def passage_of(text: str) -> Passage:
    """Cut a text into pieces. Page feeds count pages; numbers of pages are left out."""
    lines = list(_lines(text))
    kept = text.lstrip("\ufeff").startswith(OWN)
    return replace(_passage(lines if kept else rows_of(lines), count_pages(text)), kept=kept)


def passage_of_cells(rows: Iterable[Sequence[str]], page: int = 1) -> Passage:
    """Cut a grid of cells (a spreadsheet's) into pieces."""
    block, lines = 0, []
    for cells in rows:
        filled = [cell for cell in cells if cell.strip()]
        block += not filled
        text = "\t".join(cells) if len(filled) > 1 else "".join(filled)
        lines.append(Line(page, block, tuple(cells), len(filled) > 1, text, beside_break=False))
    return _passage([line for line in lines if line.text], page)


def _passage(rows: Sequence[Line], pages: int) -> Passage:
    """Cut rows into pieces; a row that is a picture has none."""
    pieces: list[Piece] = []
    pictures: list[int] = []
    for number, row in enumerate(rows):
        if _PICTURE.search(row.text):
            pictures.append(number)
        pieces += _row(row, number)
    told = tuple((row.page, _PICTURE.sub("", row.text).strip()) for row in rows)
    return Passage(tuple(pieces), told, tuple(pictures), pages)


def _lines(text: str) -> Iterator[Line]:
    block = 0
    for page, sheet in enumerate(re.split("[\f\v]", re.sub("\r\n?", "\n", text)), start=1):
        raw = sheet.split("\n")
        filled = [number for number, line in enumerate(raw) if re.search(r"\w", line)]
        first, last = (filled[0], filled[-1]) if filled else (-1, -1)
        for number, line in enumerate(raw):
            if line in {"", "\ufeff"}:
                block += 1
                continue
            if line == OWN:
                continue
            note = _NOTE.match(line)
            if note and line[note.end() :].startswith(":"):
                continue
            if _FOOTER.fullmatch(line) or (
                _RULE.fullmatch(line) and line.strip() and len(line) > 3
            ):
                continue
            clean = _NOTE.sub("", _MARKUP.sub("", line)).strip("\ufeff\u200b")
            parts, parted = _cells(_PICTURE.sub("", clean))
            cells = tuple(unescape(part) for part in parts)
            beside = (number == first and page > 1) or (number == last and "\f" in text)
            yield Line(page, block, cells, parted, clean, beside)


def _cells(line: str) -> tuple[tuple[str, ...], bool]:
    """Return the cells of a line, and whether anything parts them."""
    if BARS.search(line):
        body = line.strip()
        parts = BARS.split(body)
        if BARS.match(body):
            parts = parts[1:]
        if len(parts) > 1 and not parts[-1].strip():
            parts = parts[:-1]
        return tuple(part.strip() for part in parts), True
    if "\t" in line:
        return tuple(part.strip() for part in line.split("\t")), True
    parts = _GAP.split(line.strip())
    return tuple(part.strip() for part in parts), len(parts) > 1


def _row(line: Line, number: int) -> Iterator[Piece]:
    if not line.parted and _is_prose(line.text):
        yield Piece("prose", line.text.strip(), line.page, line.block, number, 0)
        return
    lone = line.beside_break and bool(_LONE.fullmatch("".join(line.cells).strip()))
    for cell, text in enumerate(line.cells):
        asked = _DOUBTED.fullmatch(text) if line.parted else None
        if asked:
            left = asked["figure"]
            what: PieceKind = "figure" if left else "blank"
            yield Piece(what, left, line.page, line.block, number, cell, doubted=True)
            continue
        for kind, part in _pieces(text, parted=line.parted):
            stray = lone and kind == "figure"
            yield Piece(kind, part, line.page, line.block, number, cell, stray)


def _is_prose(text: str) -> bool:
    return len(text) > 40 and bool(_SENTENCE.search(text)) and not re.search(r"\d(\s+\d+){3}", text)


def _pieces(text: str, *, parted: bool) -> Iterator[tuple[PieceKind, str]]:
    """Yield (kind, text) of the words and figures of a cell."""
    if not text:
        yield "blank", ""
        return
    if parted and is_figure(text) and not re.search(r"\d\s+\d", text):
        yield "figure", text
        return
    words = ""
    for token in _TOKEN.finditer(text):
        figure = token["figure"] or token["run"] or token["dash"]
        # where nothing but spaces parts the cells, each word may be a label of its own
        if figure or (token["space"] and not parted):
            if words.strip():
                yield "words", words.strip()
            words = ""
            if figure:
                yield "figure", figure.strip()
        else:
            words += token[0]
    if words.strip():
        yield "words", words.strip()
