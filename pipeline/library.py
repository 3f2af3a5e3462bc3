"""What other programs call: a file in, a report out, and the report as a file.

``from pipeline import recover`` and the other names of ``pipeline.__all__`` are a promise, as the
result file is: they change only by adding. See docs/library.md.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pipeline.export_json import load
from pipeline.formats import written
from pipeline.intake import open_document
from pipeline.ordinary_file import check_unchanged
from pipeline.read_text import recover_text
from pipeline.recover import load_readers
from pipeline.recover import recover as recover_pages
from pipeline.relations import related
from pipeline.selection import parse_pages
from pipeline.writing import write
from reconstruct.templates import builtin
from reconstruct.templates import load as load_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.message import Language
    from document.report import Report
    from document.template import Template
    from pipeline.prose import Prose
    from pipeline.recover import Readers

SavedForm: TypeAlias = Literal["json", "xlsx", "csv", "html", "md"]

__all__ = ["load_readers", "load_report", "load_template", "recover", "save"]


def recover(
    path: str | Path,
    *,
    pages: str | None = None,
    prose: Prose = "auto",
    templates: Sequence[Template] = (),
    readers: Readers | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Read a PDF, a picture, a text, a web page or a Word document.

    Args:
        path: The file; its content says what it is.
        pages: The wanted pages, such as "1-3,5"; all if None.
        prose: Whether to hold the tables against the prose: where a figure is in doubt, always,
            or never.
        templates: Forms besides the two that Gouji knows; they are looked for first.
        readers: What reads pixels. If None, one set is loaded at the first need and kept.
        progress: Told (pages done, pages in all) after each page.

    Returns:
        The report. Nothing that the document does raises an error once it is open: what is
        wrong with it is among the report's findings.

    Raises:
        InputError: The file is missing, unreadable, empty, locked, damaged, or of no kind that
            can be read; ``pages`` is no such list.
        WeightsError: The weights of the readers are missing or altered.
    """
    forms = (*templates, *builtin())
    document = open_document(Path(path), pages=None if pages is None else parse_pages(pages))
    if document.kind == "TEXT":
        report = recover_text(document, templates=forms, prose=prose)
    else:
        report = recover_pages(
            document,
            templates=forms,
            readers=readers or _usual_readers(),
            prose=prose,
            progress=progress,
        )
    check_unchanged(document.path, document.source)
    return related(report, forms, ())


def load_template(path: str | Path) -> Template:
    """Load a form of your own. Raises TemplateError, which names all of its faults."""
    return load_form(Path(path))


def load_report(path: str | Path) -> Report:
    """Load a result file ("gouji/1"). Raises InputError where it is none."""
    return load(Path(path))


def save(
    report: Report,
    path: str | Path,
    *,
    language: Language = "en",
    templates: Sequence[Template] = (),
    scan: str | Path | None = None,
) -> None:
    """Write a report; the ending of ``path`` says how: .json, .xlsx, .csv, .html or .md.

    Args:
        report: The report.
        path: The file to be written, whole or not at all; one of that name is replaced.
        language: That of messages and reasons. A result file (.json) has both.
        templates: Forms besides the two that Gouji knows, by which tables are laid out.
        scan: The file that the report was read from, for the pictures in a web page.

    Raises:
        ValueError: The ending names no such format.
        OutputError: The file cannot be written.
        InputError: ``scan`` cannot be read.
    """
    form = _form(Path(path))
    document = None if scan is None else open_document(Path(scan))
    content = written(report, form, (*templates, *builtin()), language, document)
    write(Path(path), content or b"")


def _form(path: Path) -> SavedForm:
    endings: tuple[SavedForm, ...] = ("json", "xlsx", "csv", "html", "md")
    for form in endings:
        if path.suffix.lower() == f".{form}":
            return form
    msg = f"{path.name}: no format; choose from {', '.join(f'.{one}' for one in endings)}"
    raise ValueError(msg)


@lru_cache(maxsize=1)
def _usual_readers() -> Readers:
    return load_readers()
