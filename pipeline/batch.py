"""Many inputs, one after another: whatever happens to one, the others are read."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from document.errors import GoujiError, InputError, OutputError
from document.report import Finding, Report, Source
from document.word import NOTHING_READ, Transcript
from pipeline.deadline import OutOfTime, within
from pipeline.faults import PAGE_FAULTS, cause, sentence
from pipeline.formats import FORMATS, written
from pipeline.intake import AS_FITS, Document, open_document
from pipeline.ordinary_file import check_unchanged, source_of
from pipeline.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from document.message import Language
    from document.template import Template
    from pipeline.formats import Format
    from pipeline.intake import Handling
    from pipeline.prose import Prose
    from pipeline.selection import Selection

LOG_SUFFIX = ".error.log"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of every input. ``formats`` are those besides JSON, which is always made."""

    folder: Path
    formats: frozenset[Format]
    language: Language
    templates: tuple[Template, ...]
    pages: Selection | None = None
    handling: Handling = AS_FITS
    prose: Prose = "auto"
    seconds: float | None = None
    """Those that a document may take; None for as many as it needs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an input: its report, the files written, and what could not be written."""

    path: Path
    report: Report
    seconds: float
    files: tuple[Path, ...]
    unwritten: OutputError | None
    unmade: tuple[Format, ...] = ()
    """Formats in which such a document cannot be had: a text has no pages to be searched."""

    @property
    def failed(self) -> bool:
        """Whether the input or a page of it failed, or a result could not be written."""
        return (
            self.report.failed
            or self.unwritten is not None
            or any(is_page_failure(finding) for finding in self.report.findings)
        )


def read_one(
    path: Path,
    stem: str,
    recover: Callable[[Document], Report],
    wish: Wish,
    transcript: Callable[[], Transcript] = Transcript,
) -> Outcome:
    """Read one input and write its results as ``stem``; never raises for what the input does.

    ``transcript`` is asked, after ``recover``, for what a searchable PDF holds besides figures.

    An unexpected exception becomes the finding ``internal-error``; its traceback goes to a log
    beside the results.
    """
    start = time.perf_counter()
    unwritten: OutputError | None = None
    source: Source | None = None
    document: Document | None = None
    try:
        with within(wish.seconds):
            document = open_document(path, handling=wish.handling, pages=wish.pages)
            source = document.source
            report = recover(document)
            check_unchanged(path, source, wish.handling.allowance.file_mib)
    except GoujiError as error:
        finding = Finding(error.code, error.message, wants_person=True)
        report = _failed(source or source_of(path), finding)
    except (MemoryError, OutOfTime) as error:
        report = _failed(source or source_of(path), _spent(error, wish))
    except Exception as error:  # noqa: BLE001 - the one place where a bug is kept to its document
        log = wish.folder / f"{stem}{LOG_SUFFIX}"
        message = sentence("internal-error", cause=_summary(error), log=log)
        finding = Finding("internal-error", message, wants_person=True)
        report = _failed(source or source_of(path), finding)
        try:
            write(log, "".join(traceback.format_exception(error)).encode("utf-8", "replace"))
        except OutputError as fault:
            unwritten = fault
    seconds = time.perf_counter() - start
    files: list[Path] = []
    unmade: list[Format] = []
    try:
        for one in FORMATS:
            if one == "json" or (one in wish.formats and not report.failed):
                target = wish.folder / f"{stem}.{one}"
                said = transcript() if one == "pdf" else NOTHING_READ
                content = written(report, one, wish.templates, wish.language, document, said)
                if content is None:
                    unmade.append(one)
                    continue
                write(target, content)
                files.append(target)
    except OutputError as fault:
        unwritten = fault
    except (InputError, pikepdf.PdfError) as error:
        unwritten = _unwritable(error)
    return Outcome(path, report, seconds, tuple(files), unwritten, tuple(unmade))


def is_page_failure(finding: Finding) -> bool:
    """Tell whether a finding says that a page could not be taken from the file."""
    return finding.page is not None and finding.code in PAGE_FAULTS


def _spent(error: MemoryError | OutOfTime, wish: Wish) -> Finding:
    """Say that a document took more than it may."""
    code = "out-of-memory" if isinstance(error, MemoryError) else "out-of-time"
    return Finding(code, sentence(code, seconds=f"{wish.seconds or 0:g}"), wants_person=True)


def _unwritable(error: InputError | pikepdf.PdfError) -> OutputError:
    """Say that a document could be read, and not be taken over into a result."""
    if isinstance(error, InputError):
        return OutputError(error.code, error.message)
    return OutputError("damaged-pdf", sentence("damaged-pdf", cause=cause(error)))


def _failed(source: Source, finding: Finding) -> Report:
    return Report(
        source=source,
        agency=None,
        year=None,
        tables=(),
        findings=(finding,),
        failed=True,
    )


def _summary(error: Exception) -> str:
    """Return the kind and first line of an exception."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
