"""``gouji read``: what was asked for, a line for each document, and the exit code."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.piped import files_of, shown
from cli.speech import plain
from document.errors import GoujiError
from document.message import Language, Message
from document.report import Status
from document.word import NOTHING_READ
from pipeline.batch import LOG_SUFFIX, Outcome, Wish, is_page_failure, read_one
from pipeline.confine import Confines, confine
from pipeline.deadline import be_watched
from pipeline.formats import FORMATS
from pipeline.read_text import recover_text
from pipeline.recover import load_readers, recover
from pipeline.relations import related
from pipeline.selection import parse_pages
from pipeline.words import REPORT_STATUS
from pipeline.writing import prepare_folder, stems
from pipeline.years import suggested_by_years
from reconstruct.templates import builtin, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.report import Finding, Report
    from document.word import Transcript
    from ocr.pool import Engine
    from pipeline.formats import Format
    from pipeline.intake import Document, Handling
    from pipeline.prose import Prose
    from pipeline.recover import Readers
    from pipeline.sight import Sight

Tick: TypeAlias = "Callable[[int, int], None]"

ALL_READ, SOME_FAILED, WRONG_CALL, IN_DOUBT, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of ``gouji read``."""

    inputs: tuple[Path, ...]
    output: Path
    pages: str | None
    formats: str
    debug: Path | None
    strict: bool
    handling: Handling
    templates: tuple[Path, ...]
    language: Language
    prose: Prose = "auto"
    engine: Engine = "both"
    memory_limit: int | None = None
    """MiB that this process may take; it is confined then, for good. None for one that is not."""
    time_limit: float | None = None
    """Seconds that a document may take; None where others use this process too."""


class WrongFormatError(Exception):
    """A format that Gouji does not write."""


def run(options: Options) -> int:
    """Read all inputs; returns the exit code."""
    language = options.language
    try:
        wish = Wish(
            folder=options.output,
            formats=_formats(options.formats),
            language=language,
            templates=(*(load(path) for path in options.templates), *builtin()),
            pages=None if options.pages is None else parse_pages(options.pages),
            handling=options.handling,
            prose=options.prose,
            seconds=options.time_limit,
        )
    except WrongFormatError as error:
        _complain(
            Message(
                f"--format：没有“{error}”这种格式；可用 {','.join(FORMATS)}",
                f"--format: there is no format “{error}”; choose from {','.join(FORMATS)}",
            ).say(language)
        )
        return WRONG_CALL
    except GoujiError as error:
        _complain(error.message.say(language))
        return WRONG_CALL
    try:
        prepare_folder(options.output)
        if options.debug is not None:
            prepare_folder(options.debug)
    except GoujiError as error:
        _complain(error.message.say(language))
        return SOME_FAILED
    try:
        with files_of(options.inputs) as inputs:
            _confine(options)
            return _read_all(replace(options, inputs=inputs), wish)
    except GoujiError as error:
        _complain(error.message.say(language))
        return SOME_FAILED
    except KeyboardInterrupt:
        _complain(
            Message("已中断；写出的结果都是完整的", "interrupted; what was written is whole").say(
                language
            )
        )
        return INTERRUPTED


def _confine(options: Options) -> None:
    """Take from this process what reading does not need: it has no network, and writes here only.

    Another one watches its time, and ends it where a decoder would never come back.
    """
    if options.time_limit is not None:
        said = Message(
            "读取超时且无法中断：已终止；其余文件未读",
            "reading took too long and could not be broken off: ended; the other files are unread",
        )
        be_watched(said.say(options.language))
    if options.memory_limit is not None:
        asked = (options.output, options.debug, Path(tempfile.gettempdir()))
        folders = tuple(one for one in asked if one is not None)
        confine(Confines(folders, options.memory_limit, seconds=float(1 << 30)))


def _read_all(options: Options, wish: Wish) -> int:
    endings = (*(f".{one}" for one in FORMATS), LOG_SUFFIX)
    names = stems(options.inputs, options.output, endings)
    loaded: list[Readers] = []
    outcomes: list[Outcome] = []
    seen: list[Sight] = []
    with _progress() as progress:
        documents = progress.add_task("", total=len(names), visible=len(names) > 1)
        for path, name in zip(options.inputs, names, strict=True):
            task = progress.add_task(plain(path.name), total=None)

            def tick(done: int, total: int, task: int = task) -> None:
                progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

            def recovered(document: Document, name: str = name, tick: Tick = tick) -> Report:
                if document.kind == "TEXT":
                    report = recover_text(document, templates=wish.templates, prose=wish.prose)
                else:
                    if not loaded:
                        loaded.append(load_readers(engine=options.engine))
                    report = _recover(document, options, wish, loaded[0], name, tick, seen)
                earlier = [one.report for one in outcomes]
                report = suggested_by_years(report, wish.templates, earlier)
                return related(report, wish.templates, earlier)

            seen.clear()
            outcome = read_one(path, name, recovered, wish, partial(_transcript, seen, loaded))
            progress.remove_task(task)
            progress.advance(documents)
            _say(outcome, name, wish.language)
            outcomes.append(outcome)
    if any(outcome.failed for outcome in outcomes):
        return SOME_FAILED
    if options.strict and any(outcome.report.status == "review" for outcome in outcomes):
        return IN_DOUBT
    return ALL_READ


def _recover(  # noqa: PLR0913, PLR0917 - all that one document needs
    document: Document,
    options: Options,
    wish: Wish,
    readers: Readers,
    name: str,
    tick: Tick,
    seen: list[Sight],
) -> Report:
    from pipeline.overlay import Overlay  # noqa: PLC0415 - drawing is asked for seldom

    debug = None if options.debug is None else Overlay(options.debug / name)
    return recover(
        document,
        templates=wish.templates,
        readers=readers,
        debug=debug,
        progress=tick,
        prose=wish.prose,
        witness=seen.extend if "pdf" in wish.formats else None,
    )


def _transcript(seen: Sequence[Sight], loaded: Sequence[Readers]) -> Transcript:
    """Return what is written on the pages that were seen."""
    from pipeline.transcript import transcribe  # noqa: PLC0415 - wanted seldom

    return transcribe(seen, loaded[0].labels) if loaded else NOTHING_READ


def _progress() -> Progress:
    """Return bars on the error stream: only where that is a terminal, gone when all is done."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # else lines meant for a file would go to the screen
    )


def _say(outcome: Outcome, name: str, language: Language) -> None:
    """Print the document's line; what failed of it goes to the error stream."""
    report = outcome.report
    repaired = sum(cell.status in {Status.REPAIRED, Status.DERIVED} for cell in report.cells)
    review = sum(cell.needs_review for cell in report.cells)
    status = REPORT_STATUS[report.status].say(language)
    tables, seconds = len(report.tables), f"{outcome.seconds:.1f}"
    line = Message(
        f"{status}，表 {tables}，修复 {repaired}，待核对 {review}，{seconds} 秒",
        f"{status}, tables {tables}, repaired {repaired}, to review {review}, {seconds} s",
    ).say(language)
    if name != outcome.path.stem:
        line += Message(f"（结果名为 {name}）", f" (results are named {name})").say(language)
    print(plain(f"{shown(outcome.path)}: {line}"))  # noqa: T201 - the promised line
    sys.stdout.flush()
    for finding in report.findings:
        if report.failed or is_page_failure(finding):
            said = f"{_page(finding, language)}{finding.message.say(language)}"
            _complain(f"{shown(outcome.path)}: {said}")
    for form in outcome.unmade:
        none = Message(
            f"没有页面图像，未写出 {form}（可用 html、md）",
            f"has no page images, and so no {form} (there are html, md)",
        )
        _complain(f"{shown(outcome.path)}: {none.say(language)}")
    if outcome.unwritten is not None:
        _complain(outcome.unwritten.message.say(language))


def _page(finding: Finding, language: Language) -> str:
    if finding.page is None:
        return ""
    return Message(f"第 {finding.page} 页：", f"page {finding.page}: ").say(language)


def _formats(text: str) -> frozenset[Format]:
    wanted = set()
    for part in text.replace("，", ",").split(","):
        matches = [one for one in FORMATS if one == part.strip().lower()]
        if not matches:
            raise WrongFormatError(part.strip())
        wanted.update(matches)
    return frozenset(wanted)


def _complain(text: str) -> None:
    for line in text.splitlines():
        print(plain(line), file=sys.stderr)  # noqa: T201
