"""Reports as result files, and back: the shape is ``pipeline.wire``, the bytes are stable."""

from __future__ import annotations

import json
import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from document.message import Language, Message
from document.numeral import spell
from document.reading import Candidate, Opinion, Reading
from document.report import Cell, Check, Figure, Finding, Report, Source, Status, Table
from pipeline.faults import cause, fault
from pipeline.wire import (
    SCHEMA,
    Corner,
    WireCandidate,
    WireCell,
    WireCheck,
    WireFinding,
    WireOpinion,
    WireReport,
    WireSource,
    WireTable,
)

if TYPE_CHECKING:
    from pathlib import Path

    from document.geometry import Polygon

_EXPANDED_DEPTH = 4
"""Containers deeper than this stand on one line: a cell is a line of the file."""

_INSIDE: Any = {"tables": {"__all__": {"cells": {"__all__": {"legible": True, "reliable": True}}}}}
"""What is kept inside a run only, and is no part of a result file."""


def to_json(report: Report, language: Language) -> bytes:
    """Return the result file of a report; reasons and messages in ``language``, and in both."""
    wire = _wire(report, language)
    text = _lines(wire.model_dump(mode="json", by_alias=True, exclude=_INSIDE), 0)
    # Names of files may hold bytes that are no UTF-8; Python keeps them as lone surrogates.
    return (text + "\n").encode("utf-8", errors="replace")


def pack(report: Report) -> bytes:
    """Return all of a report, to be parsed again: with what settling its tables anew needs.

    A result file rounds probabilities, and does not say which readings nobody should rely on.
    """
    whole = _wire(report, "en", exact=True).model_dump(mode="json", by_alias=True)
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", errors="replace")


def _wire(report: Report, language: Language, *, exact: bool = False) -> WireReport:
    return WireReport(
        schema=SCHEMA,
        source=WireSource(
            file=report.source.file, sha256=report.source.sha256, pages=report.source.pages
        ),
        agency=report.agency,
        year=report.year,
        status=report.status,
        tables=tuple(_table(table, language, exact=exact) for table in report.tables),
        findings=tuple(_finding(finding, language) for finding in report.findings),
    )


def load(path: Path) -> Report:
    """Read a result file back into a report.

    Costs of candidates come back as the file's rounded probabilities. Raises InputError where
    the file is missing or is no result file.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise fault("missing-file") from error
    except PermissionError as error:
        raise fault("no-permission") from error
    except OSError as error:
        raise fault("unreadable-file", cause=cause(error)) from error
    return parse(content)


def parse(content: bytes | str) -> Report:
    """Return the report that the content of a result file holds. Raises InputError."""
    try:
        wire = WireReport.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "JSON"
        raise fault("not-a-result", cause=f"{place}: {first['msg']}") from error
    try:
        return _report(wire)
    except (InvalidOperation, ValueError) as error:
        raise fault("not-a-result", cause=cause(error)) from error


def _table(table: Table, language: Language, *, exact: bool) -> WireTable:
    return WireTable(
        table=table.table,
        template=table.template,
        pages=table.pages,
        cells=tuple(_cell(cell, language, exact=exact) for cell in table.cells),
        checks=tuple(
            WireCheck(
                equation=check.equation,
                holds=check.holds,
                expected=_spelled(check.expected),
                found=_spelled(check.found),
            )
            for check in table.checks
        ),
    )


def _cell(cell: Cell, language: Language, *, exact: bool) -> WireCell:
    candidates = cell.reading.candidates if cell.reading else ()
    return WireCell(
        row=cell.address[0],
        column=cell.address[1],
        printed=cell.printed,
        value=_spelled(cell.value),
        status=cell.status.value,
        needs_review=cell.needs_review,
        confidence=cautious(cell.confidence),
        reason=cell.reason.say(language),
        candidates=tuple(
            WireCandidate(
                text=candidate.text,
                probability=min(1.0, candidate.probability)
                if exact
                else _short(candidate.probability),
            )
            for candidate in candidates
        ),
        page=cell.page or None,
        polygon=None if cell.polygon is None else _corners(cell.polygon),
        suggestion=_spelled(cell.suggestion),
        reason_zh=cell.reason.zh,
        reason_en=cell.reason.en,
        readers=tuple(
            WireOpinion(reader=one.reader, text=one.text, probability=_short(one.probability))
            for one in (cell.reading.opinions if cell.reading else ())
        ),
        legible=cell.reading is None or cell.reading.legible,
        reliable=cell.reliable,
    )


def _corners(polygon: Polygon) -> tuple[Corner, Corner, Corner, Corner]:
    first, second, third, fourth = ((round(x), round(y)) for x, y in polygon)
    return first, second, third, fourth


def _finding(finding: Finding, language: Language) -> WireFinding:
    return WireFinding(
        code=finding.code,
        message=finding.message.say(language),
        table=finding.table,
        cells=finding.cells,
        page=finding.page,
        wants_person=finding.wants_person,
        message_zh=finding.message.zh,
        message_en=finding.message.en,
    )


def _spelled(figure: Figure | None) -> str | None:
    return None if figure is None else spell(figure)


def cautious(confidence: float) -> float:
    """Round down, so that what is not certain never looks certain."""
    scale = 1_000_000
    return min(1.0, max(0.0, math.floor(confidence * scale + 1e-9) / scale))


def _short(probability: float) -> float:
    """Keep six significant digits: small probabilities differ by orders of magnitude."""
    return min(1.0, float(f"{probability:.6g}"))


def _lines(value: Any, depth: int) -> str:
    """Write JSON: one line for a cell, a check, a list of plain values; broken up above that."""
    pad = " " * (2 * depth + 2)
    if isinstance(value, dict) and value and depth < _EXPANDED_DEPTH:
        parts = [
            f"{pad}{json.dumps(key)}: {_lines(part, depth + 1)}" for key, part in value.items()
        ]
        return "{\n" + ",\n".join(parts) + "\n" + pad[2:] + "}"
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        parts = [pad + _lines(part, depth + 1) for part in value]
        if depth < _EXPANDED_DEPTH:
            return "[\n" + ",\n".join(parts) + "\n" + pad[2:] + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _report(wire: WireReport) -> Report:
    return Report(
        source=Source(file=wire.source.file, sha256=wire.source.sha256, pages=wire.source.pages),
        agency=wire.agency,
        year=wire.year,
        tables=tuple(_table_back(table) for table in wire.tables),
        findings=tuple(_finding_back(finding) for finding in wire.findings),
        failed=wire.status == "failed",
    )


def _table_back(wire: WireTable) -> Table:
    return Table(
        table=wire.table,
        template=wire.template,
        pages=wire.pages,
        cells=tuple(_cell_back(cell) for cell in wire.cells),
        checks=tuple(
            Check(
                equation=check.equation,
                holds=check.holds,
                expected=_figure(check.expected),
                found=_figure(check.found),
            )
            for check in wire.checks
        ),
    )


def _cell_back(wire: WireCell) -> Cell:
    candidates = tuple(
        Candidate(text=one.text, cost=-math.log(max(one.probability, 1e-300)))
        for one in wire.candidates
    )
    opinions = tuple(Opinion(one.reader, one.text, one.probability) for one in wire.readers)
    return Cell(
        address=(wire.row, wire.column),
        printed=wire.printed,
        value=_figure(wire.value),
        status=Status(wire.status),
        needs_review=wire.needs_review,
        confidence=wire.confidence,
        reason=Message(wire.reason_zh or wire.reason, wire.reason_en or wire.reason),
        reading=Reading(candidates, wire.legible, opinions) if candidates else None,
        page=wire.page or 0,
        polygon=wire.polygon,
        suggestion=_figure(wire.suggestion),
        reliable=wire.reliable,
    )


def _finding_back(wire: WireFinding) -> Finding:
    return Finding(
        code=wire.code,
        message=Message(wire.message_zh or wire.message, wire.message_en or wire.message),
        table=wire.table,
        cells=wire.cells,
        page=wire.page,
        wants_person=wire.wants_person,
    )


def _figure(text: str | None) -> Figure | None:
    """Return a figure as written: int where it has no point. Raises on anything else."""
    if text is None:
        return None
    return Decimal(text) if "." in text else int(text)
