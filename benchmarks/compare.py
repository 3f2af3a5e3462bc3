"""Compares a report with the truth, figure by figure.

Every figure of every table that the truth names counts, also where the report lacks it.

- **right**: the value equals the true one as a number; a blank and a dash are no number, and
  alike. A figure called unreadable is not right. Of a figure that stands on no page (a picture
  of the upper half of a table) it is right to give no value, whatever its status.
- **right before repair**: the same, of the reading's best candidate alone, understood by
  ``document.numeral``. A reading that is not legible is not right.
- **review**: the figure is marked ``needs_review``; or its table is not there, and a finding
  that wants a person says so.
- **silent**: not right, and not for review: wrong and not flagged. A figure that the document
  or its table does not have is silent unless it is marked; one that the edition of the form that
  was taken does not have, unless that edition is called doubtful.
- **changed**: right before repair, and another value, or none, after it. A figure that is given
  up as unreadable is not changed but sent to review.
- A table is **right** where all its figures are, **finished** where a person need not look: it
  is there, no figure of it is marked, and no finding that wants a person names it.
- A document is **right** where all its tables are and it has no others; one without tables,
  where no table is made of it and its report says that it failed. It is **finished** where the
  report's status is "clean" or "repaired".
- A **mistake** of the page is **flagged** where its figure is marked, or named by a finding that
  wants a person; it is **mended**, which must never be, where its value is the one that would
  add up.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.numeral import Kind, parse, spell
from document.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.truth import TrueCell, TrueTable, Truth
    from document.report import Cell, Finding, Report, Table
    from document.template import Address, CellType, Template

Fault: TypeAlias = Literal[
    "silent", "changed", "mended", "unflagged mistake", "invented", "lost", "failed", "wrong"
]

MORTAL: frozenset[Fault] = frozenset({"silent", "changed", "mended", "invented"})
"""Faults with which the benchmark fails."""


@dataclass(frozen=True, slots=True)
class Case:
    """Something that went wrong, so that it can be looked at.

    ``candidates`` are (text, probability) as the readers gave them. ``place`` is empty where a
    whole table, or the document, is meant.
    """

    fault: Fault
    document: str
    table: str = ""
    place: str = ""
    printed: str = ""
    truth: str = ""
    read: str = ""
    value: str = ""
    status: str = ""
    confidence: float = 0.0
    candidates: tuple[tuple[str, float], ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what; see above. They can be added up."""

    documents: int = 0
    documents_right: int = 0
    documents_finished: int = 0
    strangers: int = 0
    strangers_rejected: int = 0
    pages: int = 0
    tables: int = 0
    tables_right_before: int = 0
    tables_right: int = 0
    tables_finished: int = 0
    cells: int = 0
    right_before: int = 0
    right: int = 0
    review: int = 0
    repaired: int = 0
    silent: int = 0
    changed: int = 0
    mistakes: int = 0
    mistakes_flagged: int = 0
    mistakes_mended: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the sums."""
        names = [field.name for field in fields(self)]
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


def compare(
    report: Report, truth: Truth, templates: Sequence[Template]
) -> tuple[Counts, tuple[Case, ...]]:
    """Count what is right in a report, and list what is not. ``templates`` are those it used."""
    found = {table.table: table for table in report.tables}
    counts, cases = Counts(), []
    for true in truth.tables:
        table = found.pop(true.table, None)
        some, said = (
            _lost(report, truth, true)
            if table is None
            else _table(report, truth, true, table, _types(templates, table))
        )
        counts += some
        cases += said
    for table in found.values():
        silent = sum(not cell.needs_review for cell in table.cells)
        counts += Counts(silent=silent)
        remark = f"{silent} of {len(table.cells)} figures are not marked"
        cases.append(Case("invented", truth.path.name, table.table, remark=remark))
    some, said = _mistakes(report, truth)
    counts, cases = counts + some, [*cases, *said]
    rejected = report.failed and not report.tables
    if report.failed and truth.tables:
        codes = " ".join(finding.code for finding in report.findings)
        cases.append(Case("failed", truth.path.name, remark=codes))
    right = counts.tables_right == len(truth.tables) and not found
    return (
        counts
        + Counts(
            documents=1,
            documents_right=int(right if truth.tables else rejected),
            documents_finished=int(report.status in {"clean", "repaired"}),
            strangers=int(not truth.tables),
            strangers_rejected=int(not truth.tables and rejected),
            pages=report.source.pages,
        ),
        tuple(cases),
    )


def _table(
    report: Report,
    truth: Truth,
    true: TrueTable,
    table: Table,
    types: Mapping[Address, CellType],
) -> tuple[Counts, list[Case]]:
    cells = {cell.address: cell for cell in table.cells}
    right = before = review = silent = changed = repaired = 0
    cases = []
    told = {f.code for f in report.findings if f.wants_person and f.table == true.table}
    unsure = "doubtful-edition" in told
    for one in true.cells:
        cell = cells.get(one.address)
        if cell is None and one.page is None:
            right, before = right + 1, before + 1
            continue
        if cell is None:  # it was read by a form that has no such figure: is anybody told?
            review, silent = review + unsure, silent + (not unsure)
            cases.append(_case("wrong" if unsure else "silent", truth, true, one, None))
            continue
        is_right = _right(cell, one)
        was_right = _right_before(cell, one, types[one.address])
        is_changed = was_right and not is_right and cell.status is not Status.UNREADABLE
        right += is_right
        before += was_right
        review += cell.needs_review
        repaired += cell.status is Status.REPAIRED
        changed += is_changed
        silent += not is_right and not cell.needs_review
        if is_changed:
            cases.append(_case("changed", truth, true, one, cell))
        if not is_right:
            fault: Fault = "wrong" if cell.needs_review else "silent"
            cases.append(_case(fault, truth, true, one, cell))
    known = {one.address for one in true.cells}
    for address, cell in cells.items():
        if address not in known and cell.value is not None and not cell.needs_review:
            silent += 1
            remark = f"{spell(cell.value)} where the page has no figure"
            place = ".".join(address)
            cases.append(Case("invented", truth.path.name, true.table, place, remark=remark))
    whole = len(true.cells)
    counts = Counts(
        tables=1,
        tables_right_before=int(before == whole),
        tables_right=int(right == whole),
        tables_finished=int(not told and not any(cell.needs_review for cell in table.cells)),
        cells=whole,
        right_before=before,
        right=right,
        review=review,
        repaired=repaired,
        silent=silent,
        changed=changed,
    )
    return counts, cases


def _lost(report: Report, truth: Truth, true: TrueTable) -> tuple[Counts, list[Case]]:
    """Count a table that the report lacks: nothing of it is right, but it may be said to be."""
    told = report.failed or any(_tells(finding, true) for finding in report.findings)
    whole = len(true.cells)
    remark = "said so" if told else "and nothing says so"
    counts = Counts(tables=1, cells=whole, review=whole if told else 0, silent=0 if told else whole)
    case = Case("lost" if told else "silent", truth.path.name, true.table, remark=remark)
    return counts, [case]


def _tells(finding: Finding, true: TrueTable) -> bool:
    """Tell whether a finding sends a person to where this table is printed."""
    if not finding.wants_person:
        return False
    if finding.table is not None:
        return finding.table == true.table
    return finding.page is None or finding.page in true.pages


def _mistakes(report: Report, truth: Truth) -> tuple[Counts, list[Case]]:
    """Count what became of the mistakes that the page itself makes."""
    cells = {(table.table, cell.address): cell for table in report.tables for cell in table.cells}
    flagged = mended = 0
    cases = []
    for mistake in truth.mistakes:
        cell = cells.get((mistake.table, mistake.address))
        place = ".".join(mistake.address)
        named = any(
            finding.wants_person
            and finding.table == mistake.table
            and (mistake.address in finding.cells or cell is None)
            for finding in report.findings
        )
        if named or (cell is not None and cell.needs_review) or report.failed:
            flagged += 1
        else:
            cases.append(Case("unflagged mistake", truth.path.name, mistake.table, place))
        if cell is not None and _number(cell) == mistake.would_add_up:
            mended += 1
            cases.append(Case("mended", truth.path.name, mistake.table, place))
    counts = Counts(mistakes=len(truth.mistakes), mistakes_flagged=flagged, mistakes_mended=mended)
    return counts, cases


def _right(cell: Cell, true: TrueCell) -> bool:
    if true.page is None:
        return cell.value is None
    return cell.status is not Status.UNREADABLE and _number(cell) == true.value


def _right_before(cell: Cell, true: TrueCell, kind: CellType) -> bool:
    if cell.reading is None or not cell.reading.legible:
        return true.page is None
    numeral = parse(cell.reading.best.text, kind)
    if true.page is None or numeral.kind is Kind.OTHER:
        return true.page is None and numeral.value is None
    return (None if numeral.value is None else Decimal(numeral.value)) == true.value


def _number(cell: Cell) -> Decimal | None:
    return None if cell.value is None else Decimal(cell.value)


def _types(templates: Iterable[Template], table: Table) -> dict[Address, CellType]:
    return {
        figure.address: figure.type
        for template in templates
        if template.id == table.template
        for form in template.tables
        if form.id == table.table
        for figure in form.figures
        if figure.address is not None and figure.type is not None
    }


def _case(fault: Fault, truth: Truth, true: TrueTable, one: TrueCell, cell: Cell | None) -> Case:
    case = Case(
        fault=fault,
        document=truth.path.name,
        table=true.table,
        place=".".join(one.address),
        printed=one.printed,
        truth="none" if one.value is None else format(one.value, "f"),
    )
    if cell is None:
        return replace(case, remark="the form it was read by has no such figure")
    reading = cell.reading
    candidates = reading.candidates[:5] if reading else ()
    return replace(
        case,
        read=cell.printed,
        value="none" if cell.value is None else spell(cell.value),
        status=str(cell.status),
        confidence=cell.confidence,
        candidates=tuple((c.text, round(c.probability, 6)) for c in candidates),
        remark="" if reading is None or reading.legible else "called illegible",
    )
