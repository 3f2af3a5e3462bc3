"""A run as files: CSV, a workbook, JSON or Parquet. The same results give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.numeral import spell
from pipeline.export_csv import safe
from pipeline.export_json import to_json
from pipeline.export_run_parquet import arrow, to_panel, to_reports
from pipeline.export_run_xlsx import to_workbook
from pipeline.panel import PANEL, WIDE, panel, wide, wide_keys
from pipeline.run_reports import standings
from pipeline.writing import prepare_folder, write, write_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from document.message import Language
    from document.template import Template
    from pipeline.panel import Field

Form: TypeAlias = Literal["xlsx", "csv", "json", "parquet"]

SCHEMA = "gouji-run/1"
_ROWS_AT_ONCE = 1000


def export(
    engine: Engine, folder: Path, form: Form, templates: Sequence[Template], language: Language
) -> tuple[Path, ...]:
    """Write a run into ``folder``; returns the files. Raises OutputError."""
    prepare_folder(folder)
    if form == "xlsx":
        path = folder / "run.xlsx"
        write(path, to_workbook(engine, templates))
        return (path,)
    if form == "json":
        path = folder / "reports.json"
        write_parts(path, _json(engine, templates, language))
        return (path,)
    if form == "parquet":
        arrow()  # before anything is written
        tidy, reports = folder / "panel.parquet", folder / "reports.parquet"
        write_parts(tidy, to_panel(engine, templates))
        write_parts(reports, to_reports(engine, templates))
        return tidy, reports
    tidy, reports = folder / "panel.csv", folder / "reports.csv"
    write_parts(tidy, _csv(PANEL, panel(engine, templates)))
    keys = wide_keys(engine, templates)
    head = (*WIDE, *(".".join(key) for key in keys))
    rows = (
        (*row.facts, *(row.cells[key].value if key in row.cells else None for key in keys))
        for row in wide(engine, templates)
    )
    write_parts(reports, _csv(head, rows))
    return tidy, reports


def _csv(head: Sequence[str], rows: Iterable[Sequence[Field]]) -> Iterator[bytes]:
    """Yield lines as UTF-8, with a mark so that Excel shows Chinese rightly."""
    yield b"\xef\xbb\xbf"
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([safe(name) for name in head])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(_text(field)) for field in row])
        if number % _ROWS_AT_ONCE == 0:
            yield stream.getvalue().encode("utf-8", "replace")
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode("utf-8", "replace")


def _text(field: Field) -> str:
    if field is None:
        return ""
    if isinstance(field, bool):
        return "true" if field else "false"
    if isinstance(field, float):
        return f"{field:.6f}"
    if isinstance(field, int | Decimal):
        return spell(field)
    return field


def _json(engine: Engine, templates: Sequence[Template], language: Language) -> Iterator[bytes]:
    """Yield one JSON object; every report of it, in the shape "gouji/1", stands on one line."""
    yield f'{{"schema": "{SCHEMA}", "reports": [\n'.encode()
    first = True
    for one in standings(engine, templates):
        if one.report is None:
            continue
        whole = json.loads(to_json(one.report, language))
        whole["paths"] = [place.path for place in one.document.places]
        line = json.dumps(whole, ensure_ascii=False, allow_nan=False)
        yield ("" if first else ",\n").encode() + line.encode("utf-8", "replace")
        first = False
    yield b"\n]}\n"
