"""``gouji read FILE --pages 4 --into DIR``: pages of a run read again, and what that changed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.difference import cell_lines
from cli.speech import plain
from document.errors import GoujiError, TemplateError
from document.message import Language, Message
from pipeline.recover import load_readers, recover
from pipeline.rereading import Again, read_again
from pipeline.selection import parse_pages
from pipeline.settings import PageManner
from pipeline.words import REPORT_STATUS
from reconstruct.templates import builtin, load

if TYPE_CHECKING:
    from pathlib import Path

    from document.report import Report
    from ocr.pool import Engine
    from pipeline.intake import Document, Handling
    from pipeline.prose import Prose
    from pipeline.recover import Readers
    from pipeline.rereading import Reread

ALL_READ, SOME_FAILED, WRONG_CALL, IN_DOUBT = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of ``gouji read --into``."""

    inputs: tuple[Path, ...]
    run: Path
    pages: str | None
    handling: Handling
    engine: Engine
    template_files: tuple[Path, ...]
    language: Language


def run(options: Options, *, strict: bool) -> int:
    """Read pages again into a run; returns the exit code."""
    language = options.language
    try:
        templates = (*(load(path) for path in options.template_files), *builtin())
        pages = None if options.pages is None else parse_pages(options.pages)
    except GoujiError as error:
        return _complain(error, language, WRONG_CALL)
    loaded: list[Readers] = []

    def recovered(document: Document, prose: Prose) -> Report:
        if not loaded:
            loaded.append(load_readers(engine=options.engine))
        return recover(document, templates=templates, readers=loaded[0], prose=prose)

    manner = PageManner(options.handling, options.engine)
    code = ALL_READ
    for path in options.inputs:
        again = Again(path, options.run, pages, manner, templates, options.template_files)
        try:
            done = read_again(again, recovered)
        except GoujiError as error:
            wrong = WRONG_CALL if isinstance(error, TemplateError) else SOME_FAILED
            code = _complain(error, language, wrong, path)
            continue
        _say(path, done, language)
        if strict and code == ALL_READ and done.after.status == "review":
            code = IN_DOUBT
    return code


def _say(path: Path, done: Reread, language: Language) -> None:
    was, now = (REPORT_STATUS[one.status].say(language) for one in (done.before, done.after))
    asked = tuple(sum(cell.needs_review for cell in one.cells) for one in (done.before, done.after))
    pages = ",".join(map(str, done.pages))
    line = Message(
        f"第 {pages} 页已重读：{was} → {now}，待核对 {asked[0]} → {asked[1]}，"
        f"有变化的格 {len(done.changes)}，{done.seconds:.1f} 秒",
        f"page {pages} read again: {was} → {now}, to review {asked[0]} → {asked[1]}, "
        f"{len(done.changes)} cells changed, {done.seconds:.1f} s",
    )
    _print(f"{path}: {line.say(language)}")
    for change in cell_lines(done.changes, language):
        _print(f"  {change}")
    for finding in done.findings:
        _print(f"  ! {finding.message.say(language)}  [{finding.code}]")
    if done.kept:
        kept = ",".join(map(str, done.kept))
        _print(
            Message(
                f"  第 {kept} 页这次什么也没有读到，保留先前的读数",
                f"  nothing was found on page {kept} this time: what was read before is kept",
            ).say(language)
        )


def _complain(error: GoujiError, language: Language, code: int, path: Path | None = None) -> int:
    for line in error.message.say(language).splitlines():
        text = line if path is None else f"{path}: {line}"
        print(plain(text), file=sys.stderr)  # noqa: T201
    return code


def _print(text: str) -> None:
    print(plain(text))  # noqa: T201 - the command's answer
