"""The files that a run was read from, found again, and their pages as they were taken then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from document.errors import InputError
from document.page import Page
from pipeline.faults import fault
from pipeline.gather import UNPACKED
from pipeline.intake import open_document
from pipeline.journal_queries import settings_of_result
from pipeline.ordinary_file import read_through
from pipeline.run_limits import limits_of
from pipeline.selection import PageRange
from pipeline.settings import manners_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from pipeline.intake import Document
    from pipeline.journal_queries import Filed
    from pipeline.selection import Selection


def file_of(run: Path, document: Filed) -> Path:
    """Return a file that still holds the bytes of a document. Raises InputError ``lost-file``."""
    for path in _candidates(run, document):
        try:
            sha256 = read_through(path).sha256
        except InputError:
            continue
        if sha256 == document.sha256:
            return path
    raise fault("lost-file", place=document.path)


def page_of(engine: Engine, run: Path, document: Filed, number: int) -> Page:
    """Return a page just as it was taken when the result was read: polygons fit its pixels.

    Raises InputError where the file is there no more, or the page cannot be taken from it.
    """
    (page,) = opened(engine, run, document, (PageRange(number, number),)).pages()
    if isinstance(page, Page):
        return page
    raise InputError(page.code, page.message)


def opened(engine: Engine, run: Path, document: Filed, pages: Selection | None = None) -> Document:
    """Open a document just as it was when the result was read. Raises InputError."""
    path = file_of(run, document)
    if document.result is None:
        raise fault("not-in-run")
    _, settings = settings_of_result(engine, document.result)
    manner, apart, _ = manners_of(settings)
    allowance = limits_of(engine)
    return open_document(
        path,
        handling=replace(manner.handling, allowance=allowance),
        pages=pages,
        apart={page: replace(one.handling, allowance=allowance) for page, one in apart.items()},
    )


def _candidates(run: Path, document: Filed) -> Iterator[Path]:
    for place in document.places:
        yield Path(place.path)
    yield from sorted((run / UNPACKED).glob(f"{document.sha256}*"))
