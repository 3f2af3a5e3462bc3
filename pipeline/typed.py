"""Tables that somebody typed or exported: texts, CSV, workbooks, and our own result files."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from document.reading import Candidate, Reading
from document.report import Finding, ReadCell, ReadTable, Source, Table
from pipeline.export_json import parse
from pipeline.faults import cause, fault, sentence
from pipeline.ordinary_file import read_through
from pipeline.read_text import recover_passage
from pipeline.spreadsheet import ABOUT, MAKER
from pipeline.text_file import decode, looks_like_text
from pipeline.text_pieces import passage_of, passage_of_cells
from reconstruct.repair import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from document.passage import Passage
    from document.template import Template

TIDY = frozenset({"table", "row", "column", "value"})
"""Columns by which a CSV with one line a figure is known."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The tables of a file, and what was found out about them while they were read."""

    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()


def typed_tables(path: Path, templates: Sequence[Template]) -> Typed:
    """Return the tables in a text, a CSV or XLSX file, or a result file ("gouji/1").

    Raises InputError where the file is missing or is none of these, or has no table.
    """
    head = read_through(path).head
    if head.startswith(b"PK\x03\x04"):
        passages = _workbook(path)
    elif not looks_like_text(head):
        raise fault("not-typed")
    else:
        text = decode(path.read_bytes()).lstrip("\ufeff")
        if text.lstrip().startswith("{"):
            return Typed(parse(text).tables)
        named = path.suffix.lower() == ".csv"
        if named or not path.suffix:  # what comes through a pipe has no name
            rows = _rows(text)
            if rows and {name.strip().lower() for name in rows[0]} >= TIDY:
                return _tidy(rows, templates)
        passages = [passage_of_cells(_rows(text)) if named else passage_of(text)]
    return _recognised(passages, templates)


def _recognised(passages: Iterable[Passage], templates: Sequence[Template]) -> Typed:
    """Find the tables of known forms; of several of a kind the one with most figures."""
    best: dict[str, tuple[Table, tuple[Finding, ...]]] = {}
    for passage in passages:
        report = recover_passage(passage, Source("", "", 1), templates, "never")
        for table in report.tables:
            mine = tuple(f for f in report.findings if f.table == table.table)
            if table.table not in best or _filled(table) > _filled(best[table.table][0]):
                best[table.table] = (table, mine)
    if not best:
        raise fault("no-tables")
    tables = [best[name] for name in sorted(best)]
    said = [
        finding
        for _, findings in tables
        for finding in findings
        if finding.code in {"rows-left-over", "second-table"}
    ]
    return Typed(tuple(table for table, _ in tables), tuple(said))


def _filled(table: Table) -> int:
    return sum(cell.reading is not None for cell in table.cells)


def _rows(text: str) -> list[list[str]]:
    """Return the rows of a CSV text, whichever of comma, semicolon and tab parts its cells."""
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count) if any(c in first for c in ",;\t") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise fault("not-csv", cause=cause(error)) from error


def _workbook(path: Path) -> list[Passage]:
    """Return the sheets of a workbook, with the values it was saved with.

    Of one that Gouji wrote, those with the tables only, and not what it says about them.
    """
    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), data_only=True)  # whatever its name
    except (InvalidFileException, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise fault("not-xlsx", cause=cause(error)) from error
    about = ABOUT if book.properties.creator == MAKER else frozenset[str]()
    return [
        passage_of_cells([_shown(value) for value in row] for row in sheet.values)
        for sheet in book.worksheets
        if sheet.title not in about
    ]


def _shown(value: object) -> str:
    """Return what a cell shows, all digits of it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value).strip()


def _tidy(rows: Sequence[Sequence[str]], templates: Sequence[Template]) -> Typed:
    """Return the tables of a CSV with one line a figure, as ``gouji read --format csv`` writes.

    Raises InputError for a line of another width than the first, and for a figure given twice:
    which cells belong where cannot be known then.
    """
    groups: dict[tuple[str, str, str], dict[tuple[str, str], str]] = {}
    for number, line in _lines(rows):
        key = (line.get("file", ""), line.get("template", ""), line["table"])
        address, value = (line["row"], line["column"]), line["value"]
        if groups.setdefault(key, {}).setdefault(address, value) != value:
            what = "/".join((line["table"], *address))
            raise fault("figure-twice", line=number, what=what)
    tables, findings = [], []
    for (_, form, table), said in groups.items():
        template = next((t for t in templates if t.id == form), templates[0])
        its = next((one for one in template.tables if one.id == table), None)
        if its is None:
            continue
        cells = tuple(
            ReadCell(c.address, c.type, Reading((Candidate(said[c.address], 0.0),)), 1, None)
            for c in its.figures
            if c.address in said and c.address is not None and c.type is not None
        )
        tables.append(settle(ReadTable(table, template.id, (1,), cells), its)[0])
        strange = ["/".join(one) for one in said if one not in {c.address for c in its.figures}]
        if strange:
            words = sentence("unknown-figures", count=len(strange), first=strange[0])
            findings.append(Finding("rows-left-over", words, table, wants_person=True))
    if not tables:
        raise fault("no-tables")
    return Typed(tuple(tables), tuple(findings))


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the lines of figures with their numbers, the cells by their columns' names."""
    names = [name.strip().lower() for name in rows[0]]
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        line = dict(zip(names, row, strict=False))
        if not line.keys() >= TIDY or len(row) > len(names):
            raise fault("ragged-line", line=number, count=len(row), wanted=len(names))
        yield number, line
