"""What a journal of 200,000 reports weighs, how fast it is written and asked, and what gives first.

``python -m benchmarks.journal --documents 20000`` reads one committed report as ``gouji batch``
does, varies its figures, files the variations under made agencies and years, and measures the
journal at a sixteenth, a quarter and all of that size. What it would be at 200,000 reports is
reckoned from these and called so; ``--documents 250000`` fills in 50 million rows of figures in
truth. ``--postgresql`` measures a server that is started for it. SQLite is measured in CPU
seconds, which other programs trouble less; PostgreSQL, whose seconds are not ours, by the clock.
Every made report has open figures, as the sample has, so that other years are asked about all.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from benchmarks.documents import SAMPLES
from benchmarks.journal_filling import fill, vary
from pipeline.export_json import pack
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings, new_journal
from pipeline.journal_queries import filed, seconds_by_settings, suspects
from pipeline.journal_schema import CELLS, RESULTS
from pipeline.panel import panel, wide_keys
from pipeline.reading import Manner, load_reader
from pipeline.run_reports import standings
from pipeline.settings import settings_of
from reconstruct.templates import builtin
from tests.postgres import Server, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Engine, Select

    from document.report import Report

PAPER = 200_000
"""Reports of all agencies of a province over its years: what the user may come with."""
_PROBE = 200
"""Documents that are filed one by one, as a batch does, at each size."""
_WEIGHT = 55_000
"""Bytes that a document takes at most, in whichever database."""


@dataclass(frozen=True, slots=True)
class Size:
    """A journal at one size: its weight in bytes, and the seconds that each thing takes."""

    documents: int
    rows: int
    weight: int
    filing: dict[str, float]
    answers: dict[str, float]


def main() -> None:
    """Read the command line, fill the journal step by step, print what it weighs and takes."""
    asked = _parser().parse_args()
    _check_room(asked.at or Path(tempfile.gettempdir()), asked.documents)
    settings = settings_of((), None, "auto")
    report = load_reader(Manner())(SAMPLES / "demo.pdf")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.at)))
        server = stack.enter_context(serve({})) if asked.postgresql else None
        url = server.new_database() if server else None
        engine = new_journal(folder, url)
        add_settings(engine, settings)
        sizes: list[Size] = []
        for documents in (asked.documents // 16, asked.documents // 4, asked.documents):
            print(f"filling to {documents} documents", file=sys.stderr, flush=True)
            held = sizes[-1].documents if sizes else 0
            fill(engine, report, settings.key, range(held, documents - _PROBE))
            weight = _weigher(folder, server, url)
            sizes.append(measure(engine, report, settings.key, documents, weight))
            print(sizes[-1], file=sys.stderr, flush=True)  # a broken-off run has told these
            if sizes[-1].weight > asked.most_gb * 1e9:
                print("the disk is as full as was allowed", file=sys.stderr)
                break
        engine.dispose()
    _print(sizes, "PostgreSQL" if asked.postgresql else "SQLite")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.journal",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--documents", type=int, default=20_000, help="reports in the journal (default: 20000)")
    add("--postgresql", action="store_true", help="in PostgreSQL instead of SQLite")
    add("--at", type=Path, help="where the journal lies meanwhile (default: TMPDIR)")
    add("--most-gb", type=float, default=15, help="stop growing beyond this weight")
    return parser


def _check_room(place: Path, documents: int) -> None:
    """Exit where the disk has not room enough for twice what the journal may weigh."""
    wanted, free = 2 * documents * _WEIGHT, shutil.disk_usage(place).free
    if free < wanted:
        sys.exit(f"{place} has {free / 1e9:.1f} GB free, and {wanted / 1e9:.1f} GB are wanted")


def _weigher(folder: Path, server: Server | None, url: str | None) -> Callable[[], int]:
    def weigh() -> int:
        if server is not None and url is not None:
            return server.size(url)
        return sum(path.stat().st_size for path in folder.glob("journal.sqlite*"))

    return weigh


def measure(
    engine: Engine, report: Report, key: str, documents: int, weigh: Callable[[], int]
) -> Size:
    """File the last documents one by one, ask every question, and say what it took."""
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    reports = [vary(report, number) for number in range(documents - _PROBE, documents)]
    filing = {}
    start = clock()
    for one in reports:
        pack(one)
    filing["ms to make a report's JSON"] = (clock() - start) / _PROBE * 1e3
    seen: list[Sighting] = [
        Sighting(one.source.sha256, 1, f"/scans/{one.source.file}") for one in reports
    ]
    start, wall = clock(), time.perf_counter()
    add_inputs(engine, [*seen])
    for one in reports:
        attempt = Attempt(one.source.sha256, key, 8.0, alone=False, outcome="read")
        add_attempt(engine, attempt, one)
    filing["ms to file a document, with that"] = (clock() - start) / _PROBE * 1e3
    filing["  by the clock on the wall"] = (time.perf_counter() - wall) / _PROBE * 1e3
    with engine.connect() as connection:
        rows = int(connection.scalar(select(func.count()).select_from(CELLS)) or 0)
    answers = {}
    for name, ask in questions(engine, seen, key):
        start = clock()
        ask()
        answers[name] = clock() - start
    return Size(documents, rows, weigh(), filing, answers)


def questions(
    engine: Engine, known: Sequence[Sighting], key: str
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the commands ask of a journal, piece by piece, ready to be asked."""
    templates = builtin()

    def told(wanted: Select[Any]) -> object:
        with engine.connect() as connection:
            return connection.execute(wanted).all()

    yield f"{len(known)} known files, listed again", lambda: add_inputs(engine, [*known])
    yield "how all documents stand", lambda: filed(engine)
    yield "who killed a worker", lambda: suspects(engine, key)
    yield "seconds by settings", lambda: list(seconds_by_settings(engine))
    yield "columns of the wide table", lambda: wide_keys(engine, templates)
    rows = panel(engine, templates)
    next(rows)
    yield "10,000 rows of the panel", lambda: [*islice(rows, 10_000)]
    reports = standings(engine, templates)
    next(reports)
    yield "100 whole reports, years compared", lambda: [*islice(reports, 100)]
    columns = CELLS.c
    one = (columns.table == "t3", columns.row == "new", columns.column == "total")
    figures = select(RESULTS.c.agency, RESULTS.c.year, columns.value)
    joined = figures.join(RESULTS, RESULTS.c.id == columns.result).where(*one)
    yield "SQL: one figure of all reports", lambda: told(joined)
    agency = select(RESULTS.c.id).where(RESULTS.c.agency == "机关 00003")
    yield "SQL: one agency's results", lambda: told(agency)


def _print(sizes: Sequence[Size], engine: str) -> None:
    measure = "CPU seconds" if engine == "SQLite" else "seconds on the wall"
    last = sizes[-1].documents
    paper = "" if last >= PAPER else f"{PAPER:>12,}*"
    print(f"{engine + ', ' + measure:40}", *(f"{size.documents:>12,}" for size in sizes), paper)

    def line(name: str, values: Sequence[float], form: str, *, grows: bool = True) -> None:
        more = [_at(PAPER, sizes, values)] if paper and grows else []
        print(f"{name:40}", *(f"{value:>12{form}}" for value in (*values, *more)))

    line("rows of figures, million", [size.rows / 1e6 for size in sizes], ".2f")
    line("weight, GB", [size.weight / 1e9 for size in sizes], ".2f")
    for name in sizes[-1].filing:
        line(name, [size.filing[name] for size in sizes], ".1f", grows=False)
    for name in sizes[-1].answers:
        line(name, [size.answers[name] for size in sizes], ".3f")
    if paper:
        print("\n* reckoned: a straight line through the first size and the last")


def _at(documents: int, sizes: Sequence[Size], values: Sequence[float]) -> float:
    """Reckon a value at another size; what does not grow stays as it is."""
    if len(sizes) == 1:
        return values[0] / sizes[0].documents * documents
    run = sizes[-1].documents - sizes[0].documents
    return values[-1] + max(0.0, values[-1] - values[0]) / run * (documents - sizes[-1].documents)


if __name__ == "__main__":
    main()
