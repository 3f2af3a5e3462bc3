"""What is wrong in a run as a page for people: each finding with the figures it speaks of."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from document.errors import InputError
from document.message import Message
from pipeline.crops import crop, png
from pipeline.journal_queries import filed, report_of
from pipeline.run_findings import KINDS
from pipeline.sources import page_of
from pipeline.writing import prepare_folder, write, write_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from document.message import Language
    from document.page import Page
    from document.report import Cell, Report
    from pipeline.journal_queries import Filed
    from pipeline.run_findings import RunFinding

CROPS = "crops"
FILE = "findings.html"

_STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto;
  max-width: 70rem; padding: 0 1rem; color: #1c1c1c; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
article { border-top: 1px solid #ccc; padding: .8rem 0; }
article h3 { font-size: 1rem; margin: 0; } article p { margin: .3rem 0; }
figure { margin: .5rem 0; } img { max-width: 100%; max-height: 45rem; border: 1px solid #ccc; }
.said { color: #555; } code { font-size: .85em; color: #555; }
table { border-collapse: collapse; } td { padding: 0 1.2rem 0 0; }
"""


def write_findings(
    engine: Engine, run: Path, findings: Sequence[RunFinding], folder: Path, language: Language
) -> tuple[Path, tuple[tuple[str, ...], ...]]:
    """Write ``findings.html`` and the pictures of the figures in question into ``folder``.

    Returns the page, and for each finding its pictures by their paths in ``folder``. Where a
    file is there no more, its findings have no picture. Raises OutputError.
    """
    prepare_folder(folder)
    prepare_folder(folder / CROPS)
    documents = {one.sha256: one for one in filed(engine)}
    pictures: dict[int, tuple[str, ...]] = {}
    numbered = [(n, f) for n, f in enumerate(findings) if f.sha256 in documents and f.cells]
    for sha256, group in groupby(sorted(numbered, key=lambda p: p[1].sha256 or ""), _document):
        album = _Album(engine, run, documents[sha256])
        for number, finding in group:
            names = []
            for page, content in album.pictures(finding):
                name = f"{CROPS}/{number + 1:05d}-{page}.png"
                write(folder / name, content)
                names.append(name)
            pictures[number] = tuple(names)
    every = tuple(pictures.get(number, ()) for number in range(len(findings)))
    path = folder / FILE
    write_parts(path, _html(findings, every, language))
    return path, every


def _document(numbered: tuple[int, RunFinding]) -> str:
    return numbered[1].sha256 or ""


class _Album:
    """The pages of one document, each decoded once."""

    def __init__(self, engine: Engine, run: Path, document: Filed) -> None:
        self._engine, self._run, self._document = engine, run, document
        self._report: Report | None = report_of(engine, document)
        self._pages: dict[int, Page | None] = {}

    def pictures(self, finding: RunFinding) -> Iterator[tuple[int, bytes]]:
        """Yield the pages on which accused figures stand, with the pictures of them."""
        cells = self._cells(finding.table)
        accused = [cells[a] for a in finding.accused or finding.cells if a in cells]
        for number in sorted({cell.page for cell in accused}):
            page = self._page(number)
            if page is None:
                continue
            there = [cells[a] for a in finding.cells if a in cells and cells[a].page == number]
            shown = [cell.polygon for cell in there if cell.polygon]
            marked = [c.polygon for c in accused if c.polygon and c.page == number]
            yield number, png(crop(page.image, shown, marked))

    def _cells(self, table: str | None) -> Mapping[tuple[str, str], Cell]:
        return {
            cell.address: cell
            for one in (self._report.tables if self._report else ())
            for cell in one.cells
            if one.table == table and cell.page and cell.polygon
        }

    def _page(self, number: int) -> Page | None:
        if number not in self._pages:
            self._pages.clear()  # one page at a time is memory enough
            try:
                self._pages[number] = page_of(self._engine, self._run, self._document, number)
            except InputError:
                self._pages[number] = None
        return self._pages[number]


def _html(
    findings: Sequence[RunFinding], pictures: Sequence[tuple[str, ...]], language: Language
) -> Iterator[bytes]:
    title = Message("批处理中的问题", "Findings of a batch").say(language)
    code = "zh-Hans" if language == "zh" else "en"
    yield (
        f'<!doctype html>\n<html lang="{code}">\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n<h1>{title}</h1>\n"
    ).encode()
    for kind, group in groupby(zip(findings, pictures, strict=True), lambda pair: pair[0].kind):
        together = list(group)
        heading = f"<h2>{escape(KINDS[kind].say(language))} ({len(together)})</h2>\n"
        yield heading.encode()
        for finding, names in together:
            yield _article(finding, names, language).encode("utf-8", "replace")
    if not findings:
        yield f"<p>{Message('没有发现问题', 'nothing found').say(language)}</p>\n".encode()
    yield b"</html>\n"


def _article(finding: RunFinding, names: Sequence[str], language: Language) -> str:
    who = [str(part) for part in (finding.agency, finding.year, finding.table) if part is not None]
    lines = [
        f"<h3>{escape(' '.join(who) or finding.file)}</h3>",
        f"<p>{escape(finding.message.say(language))}</p>",
    ]
    if finding.difference is not None:
        facts = (
            (Message("应为", "expected"), finding.expected),
            (Message("页面写", "found"), finding.found),
            (Message("差额", "difference"), finding.difference),
        )
        cells = "".join(f"<td>{n.say(language)} <b>{escape(v or '')}</b>" for n, v in facts)
        lines.append(f"<table><tr>{cells}</table>")
    where = escape(finding.file)
    if finding.page is not None:
        where += Message(f"，第 {finding.page} 页", f", page {finding.page}").say(language)
    lines.append(f'<p class="said">{where} <code>{escape(finding.code)}</code></p>')
    said = escape(", ".join(".".join(address) for address in finding.accused), quote=True)
    lines += [f'<figure><img src="{name}" alt="{said}" loading="lazy"></figure>' for name in names]
    return "<article>\n" + "\n".join(lines) + "\n</article>\n"
