"""Reads pages of a document of a run again, in another way, and puts them into its result."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.difference import cell_changes
from pipeline.faults import fault
from pipeline.hold import held_database, held_folder
from pipeline.intake import open_document
from pipeline.journal import Attempt, add_attempt, add_settings, old_journal
from pipeline.journal_place import place_of
from pipeline.journal_queries import find, report_of, settings_of_result
from pipeline.merging import around, fruitful, merged
from pipeline.ordinary_file import read_through
from pipeline.run_limits import limits_of, widen_limits, widest
from pipeline.run_reports import settle_run, standing_of
from pipeline.selection import PageRange, selected
from pipeline.settings import PageManner, manners_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from document.report import Finding, Report
    from document.template import Template
    from pipeline.difference import CellChange
    from pipeline.intake import Document
    from pipeline.prose import Prose
    from pipeline.selection import Selection


@dataclass(frozen=True, slots=True)
class Again:
    """Which pages of which document are to be read again, and how; None for all of them."""

    path: Path
    run: Path
    pages: Selection | None
    manner: PageManner
    templates: tuple[Template, ...]
    template_files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of it.

    ``kept`` are pages on which nothing was found this time, so that the result keeps what was
    read there before. ``before`` and ``after`` hold what people decided.
    """

    pages: tuple[int, ...]
    kept: tuple[int, ...]
    before: Report
    after: Report
    changes: tuple[CellChange, ...]
    findings: tuple[Finding, ...]
    seconds: float


def read_again(again: Again, recover: Callable[[Document, Prose], Report]) -> Reread:
    """Read pages of a document again and add the result to the journal of the run.

    The document is known by its content. Pages around the wanted ones are looked at too, since
    tables go over pages; their readings stay as they were, and so does what people decided.

    Raises:
        InputError: There is no such run, or no result of this file in it; the file cannot be
            opened; nothing was found on any of the pages, so that the result stays.
        OutputError: The journal cannot be written.
        GoujiError: A batch is working on the run.
    """
    engine = old_journal(again.run)
    try:
        with held_folder(again.run), held_database(engine, place_of(again.run)):
            return _read_again(engine, again, recover)
    finally:
        engine.dispose()


def _read_again(
    engine: Engine, again: Again, recover: Callable[[Document, Prose], Report]
) -> Reread:
    sha256 = read_through(again.path).sha256
    document = find(engine, sha256)
    held = report_of(engine, document) if document else None
    if document is None or document.result is None or held is None:
        raise fault("not-in-run")
    base, latest = settings_of_result(engine, document.result)
    manner, apart, prose = manners_of(latest)
    allowance = widest(limits_of(engine), again.manner.handling.allowance)
    handling = replace(manner.handling, allowance=allowance)
    count = open_document(again.path, handling=handling).source.pages
    pages = selected(again.pages, count)
    if not pages:
        raise fault("no-such-page", page=again.pages[0].first if again.pages else 1, pages=count)
    apart = {**apart, **dict.fromkeys(pages, again.manner)}
    opened = open_document(
        again.path,
        handling=handling,
        pages=tuple(PageRange(p, p) for p in around(held, pages, count)),
        apart={n: replace(one.handling, allowance=allowance) for n, one in apart.items()},
    )
    settings = settings_of(again.template_files, manner.handling.dpi, prose, apart)
    add_settings(engine, settings)
    widen_limits(engine, allowance)
    start = time.perf_counter()
    found = recover(opened, prose)
    seconds = time.perf_counter() - start
    good = fruitful(held, found, pages)
    outcome = "read" if good else "nothing-read"
    attempt = Attempt(sha256, settings.key, seconds, alone=False, outcome=outcome, base=base)
    if not good:
        add_attempt(engine, attempt, None)
        raise fault("nothing-read", pages=",".join(map(str, pages)))
    before = _decided(engine, sha256, again.templates)
    whole = merged(held, found, good, again.templates)
    whole = replace(whole, source=replace(held.source, pages=count))
    add_attempt(engine, attempt, whole)
    settle_run(engine, again.templates, sha256)
    after = _decided(engine, sha256, again.templates)
    return Reread(
        pages=tuple(sorted(good)),
        kept=tuple(p for p in pages if p not in good),
        before=before,
        after=after,
        changes=cell_changes(before, after),
        findings=tuple(one for one in after.findings if one not in before.findings),
        seconds=seconds,
    )


def _decided(engine: Engine, sha256: str, templates: Sequence[Template]) -> Report:
    standing = standing_of(engine, sha256, templates)
    if standing is None or standing.report is None:
        raise fault("not-in-run")
    return standing.report
