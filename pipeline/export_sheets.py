"""A run as a page each: every report as people decided, as a web page or as Markdown."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.errors import InputError
from pipeline.formats import written
from pipeline.run_reports import standings
from pipeline.sources import opened
from pipeline.writing import stems, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from document.message import Language
    from document.template import Template
    from pipeline.intake import Document
    from pipeline.journal_queries import Filed

SheetForm: TypeAlias = Literal["html", "md"]


def write_sheets(
    engine: Engine,
    run: Path,
    folder: Path,
    form: SheetForm,
    templates: Sequence[Template],
    language: Language,
) -> tuple[Path, ...]:
    """Write a file for every document that was read; returns them. Raises OutputError.

    Where a document's file is there no more, its page has no pictures.
    """
    found = [one for one in standings(engine, templates) if one.report is not None]
    names = stems([Path(PurePath(one.document.path).name) for one in found], folder, (f".{form}",))
    paths = []
    for one, name in zip(found, names, strict=True):
        document = _opened(engine, run, one.document) if form == "html" else None
        content = None
        if one.report is not None:
            content = written(one.report, form, templates, language, document)
        if content is not None:
            paths.append(folder / f"{name}.{form}")
            write(paths[-1], content)
    return tuple(paths)


def _opened(engine: Engine, run: Path, document: Filed) -> Document | None:
    try:
        return opened(engine, run, document)
    except InputError:
        return None
