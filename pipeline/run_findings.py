"""What a person should know about a run as a whole: sums, years, missing tables, copies, faults."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.message import NOTHING, Message
from document.numeral import spell
from document.report import Status
from pipeline.journal_queries import read_title, refusals
from pipeline.run_reports import standings
from pipeline.sheet import find_template, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from document.report import Check, Finding, Report, Table
    from document.template import Address, Template
    from pipeline.journal_queries import Filed
    from pipeline.run_reports import Standing

Kind: TypeAlias = Literal["arithmetic", "relation", "years", "missing", "duplicate", "failed"]

KINDS: dict[Kind, Message] = {
    "arithmetic": Message("勾稽不平", "Figures that do not add up"),
    "relation": Message("表内、表间关系不符", "Relations within a report that do not hold"),
    "years": Message("跨年关系不符", "Relations across years that do not hold"),
    "missing": Message("缺少表格", "Reports that miss a table"),
    "duplicate": Message("重复", "Duplicates"),
    "failed": Message("未能读取", "Not read"),
}

_ARITHMETIC = ("doubtful-arithmetic", "left-blank", "source-arithmetic")
"""The most doubtful first."""


@dataclass(frozen=True, slots=True)
class RunFinding:
    """Something about a document of the run, or several.

    ``equation``, ``expected``, ``found`` and ``difference`` (found minus expected) speak of sums.
    ``cells`` are the figures of ``table`` that it speaks of, ``accused`` those that may be wrong.
    ``confirmed`` where people decided all of these, and the sum fails all the same.
    """

    kind: Kind
    code: str
    agency: str | None
    year: int | None
    file: str
    message: Message
    table: str | None = None
    page: int | None = None
    equation: str | None = None
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    sha256: str | None = None
    cells: tuple[Address, ...] = ()
    accused: tuple[Address, ...] = ()
    confirmed: bool = False


def run_findings(engine: Engine, templates: Sequence[Template]) -> tuple[RunFinding, ...]:
    """Return what is to be known about a run, by kind, then by agency and year."""
    found: list[RunFinding] = []
    same: dict[tuple[str, int], list[Filed]] = defaultdict(list)
    for one in standings(engine, templates):
        document, report = one.document, one.report
        if len(document.places) > 1:
            found.append(_copies(document))
        if report is None:
            continue
        if document.agency is not None and document.year is not None and not report.failed:
            same[document.agency, document.year].append(document)
        found += _of_sums(document, report, templates)
        found += _of_others(one, report)
        found += _of_list(engine, document)
    found += [_twice(documents) for documents in same.values() if len(documents) > 1]
    found += [
        RunFinding("failed", one.code, None, None, one.place, one.message)
        for one in refusals(engine)
    ]
    order = list(KINDS)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def _of_sums(
    document: Filed, report: Report, templates: Sequence[Template]
) -> Iterator[RunFinding]:
    for table in report.tables:
        form = find_template(table, templates)
        equations = {one.name: one.cells for one in form.equations} if form else {}
        for check in table.checks:
            if check.holds is not False or check.expected is None or check.found is None:
                continue
            cells = equations.get(check.equation, ())
            code, accused = _blamed(report, table, frozenset(cells))
            words = spoken(check.equation, form)
            found = {cell.address: cell for cell in table.cells}
            blamed = [found[a] for a in accused if a in found]
            confirmed = bool(blamed) and all(cell.status is Status.HUMAN for cell in blamed)
            pages = [cell.page for cell in blamed if cell.page] or table.pages
            yield RunFinding(
                "arithmetic",
                code,
                document.agency,
                document.year,
                document.path,
                _unequal(code, words, check, confirmed=confirmed),
                table.table,
                pages[0] if pages else None,
                check.equation,
                spell(check.expected),
                spell(check.found),
                spell(check.found - check.expected),
                document.sha256,
                cells,
                accused,
                confirmed,
            )


def _blamed(
    report: Report, table: Table, places: frozenset[Address]
) -> tuple[str, tuple[Address, ...]]:
    """Tell whose mistake it is, and at which figures.

    It is the page's only where the report says so of these very figures.
    """
    within = [cell for cell in table.cells if cell.address in places]
    disputed = {cell.address for cell in within if cell.status is Status.DISPUTED}
    human = {cell.address for cell in within if cell.status is Status.HUMAN}
    codes = {
        finding.code: finding.cells
        for finding in report.findings
        if finding.table == table.table
        and finding.cells
        and (set(finding.cells) == disputed or (not disputed and human.issuperset(finding.cells)))
    }
    code = next((code for code in _ARITHMETIC if code in codes), "doubtful-arithmetic")
    order = (cell.address for cell in within)
    return code, codes.get(code) or tuple(a for a in order if a in disputed)


def _unequal(code: str, words: str, check: Check, *, confirmed: bool) -> Message:
    whose = {
        "source-arithmetic": Message("原件本身不符", "the page itself does not add up"),
        "left-blank": Message("原件未填数", "the page leaves a figure out"),
    }.get(code, Message("读数存疑", "readings are in doubt"))
    by = Message("（已由人确认）", " (confirmed by a person)") if confirmed else NOTHING
    return Message(
        f"{whose.zh}{by.zh}：{words}；应为 {check.expected}，页面写 {check.found}",
        f"{whose.en}{by.en}: {words}; expected {check.expected}, found {check.found}",
    )


def _of_others(one: Standing, report: Report) -> Iterator[RunFinding]:
    for finding in report.findings:
        kind = _kind(finding, one)
        if kind is not None:
            yield RunFinding(
                kind,
                finding.code,
                one.document.agency,
                one.document.year,
                one.document.path,
                finding.message,
                finding.table,
                finding.page or _page(report, finding),
                sha256=one.document.sha256,
                cells=finding.cells,
                accused=finding.cells,
            )


def _page(report: Report, finding: Finding) -> int | None:
    """Return the page on which the figures of a finding stand."""
    pages = (
        cell.page
        for table in report.tables
        for cell in table.cells
        if table.table == finding.table and cell.address in finding.cells and cell.page
    )
    return next(pages, None)


def _kind(finding: Finding, one: Standing) -> Kind | None:
    if finding in one.across:
        return "years"
    if finding.code in {"relation-broken", "relation-noted"}:
        return "relation"
    if finding.code == "table-missing":
        return "missing"
    return "failed" if one.report and one.report.failed else None


def _of_list(engine: Engine, document: Filed) -> Iterator[RunFinding]:
    """Yield where a list of files says otherwise than the title."""
    agency, year = read_title(engine, document)
    others = [
        (what, said, read)
        for what, said, read in (
            (Message("机关", "agency"), document.agency, agency),
            (Message("年度", "year"), document.year, year),
        )
        if read is not None and said != read
    ]
    for what, said, read in others:
        message = Message(
            f"清单与标题不同：{what.zh} {said}，标题为 {read}；以清单为准",
            f"the list and the title differ: {what.en} {said}, the title says {read}; "
            "the list is followed",
        )
        yield RunFinding(
            "relation", "list-differs", document.agency, document.year, document.path, message
        )


def _copies(document: Filed) -> RunFinding:
    others = [place.path for place in document.places[1:]]
    message = Message(
        f"同一文件还见于：{'、'.join(others)}；只读一次",
        f"the same file is also at: {', '.join(others)}; it is read once",
    )
    return RunFinding(
        "duplicate", "same-file", document.agency, document.year, document.path, message
    )


def _twice(documents: Sequence[Filed]) -> RunFinding:
    names = [PurePath(one.path).name for one in documents]
    first = documents[0]
    message = Message(
        f"同一机关同一年度有 {len(names)} 份不同的文件：{'、'.join(names)}；请核对用哪一份",
        f"{len(names)} different files for one agency and year: {', '.join(names)}; "
        "check which one is to be used",
    )
    return RunFinding("duplicate", "same-report", first.agency, first.year, first.path, message)
