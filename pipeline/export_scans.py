"""A run as searchable PDFs: the scans as they are, and over them what stands of them now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pikepdf

from document.errors import InputError
from pipeline.export_pdf import to_pdf
from pipeline.faults import cause, sentence
from pipeline.ordinary_file import check_unchanged
from pipeline.run_reports import standings
from pipeline.sources import opened
from pipeline.writing import stems, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Engine

    from document.message import Message
    from document.report import Report
    from document.template import Template
    from document.word import Transcript
    from pipeline.intake import Document
    from pipeline.journal_queries import Filed


@dataclass(frozen=True, slots=True)
class Searchable:
    """What became of a document: the file that was written, or why there is none.

    ``failed`` is False for what has no pages by its kind: texts, web pages, Word documents.
    """

    name: str
    file: Path | None
    why: Message | None = None
    failed: bool = False


def write_searchable(
    engine: Engine,
    run: Path,
    folder: Path,
    templates: Sequence[Template],
    transcribed: Callable[[Document], Transcript],
) -> Iterator[Searchable]:
    """Write a searchable PDF for every document that was read, and yield them one by one.

    Figures are laid as the report stands, people's decisions included. What else is written on
    the pages is in no journal: ``transcribed`` reads it from the file. Nothing is written for a
    document whose file is there no more or has another content. Raises OutputError.
    """
    found = [one for one in standings(engine, templates) if one.report is not None]
    names = stems([Path(PurePath(one.document.path).name) for one in found], folder, (".pdf",))
    for one, name in zip(found, names, strict=True):
        if one.report is None or one.report.failed:
            continue
        path = folder / f"{name}.pdf"
        try:
            content = _searchable(engine, run, one.document, one.report, transcribed)
        except InputError as error:
            yield Searchable(one.document.path, None, error.message, failed=True)
            continue
        except pikepdf.PdfError as error:
            why = sentence("damaged-pdf", cause=cause(error))
            yield Searchable(one.document.path, None, why, failed=True)
            continue
        if content is None:
            yield Searchable(one.document.path, None, sentence("no-pages-to-search"))
            continue
        write(path, content)
        yield Searchable(one.document.path, path)


def _searchable(
    engine: Engine,
    run: Path,
    filed: Filed,
    report: Report,
    transcribed: Callable[[Document], Transcript],
) -> bytes | None:
    document = opened(engine, run, filed)
    if document.kind in {"TEXT", "FLOW"}:
        return None
    content = to_pdf(document, report, transcribed(document))
    check_unchanged(document.path, document.source, document.handling.allowance.file_mib)
    return content
