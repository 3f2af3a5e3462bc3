"""The forms of a run: those a person names now, those its results were read with, and our own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pipeline.journal import guarded
from pipeline.journal_schema import RESULTS, SETTINGS
from reconstruct.templates import builtin, load, of_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from document.template import Template


def templates_of(files: Sequence[Path], *engines: Engine) -> tuple[Template, ...]:
    """Return the forms by which reports of runs are settled and laid out, those that count first.

    Those that ``files`` give go before those that were recorded, and of these the latest count.
    Raises TemplateError for a file that is no template, and OutputError.
    """
    recorded = (form for engine in engines for form in _recorded(engine))
    forms: list[Template] = []
    for form in (*map(load, files), *recorded, *builtin()):
        if form not in forms:
            forms.append(form)
    return tuple(forms)


def _recorded(engine: Engine) -> Iterator[Template]:
    """Yield the forms that were given when results were read, the latest first.

    One that this version cannot make sense of is left out: its tables say that it is not at hand.
    """
    wanted = (
        select(SETTINGS.c.json)
        .join(RESULTS, RESULTS.c.settings == SETTINGS.c.key)
        .group_by(SETTINGS.c.key, SETTINGS.c.json)
        .order_by(func.max(RESULTS.c.id).desc())
    )
    with guarded(), engine.connect() as connection:
        texts = connection.scalars(wanted).all()
    for content in map(json.loads, texts):
        for text in content.get("forms", ()):
            form, _ = of_text(text, "")
            if form is not None:
                yield form
