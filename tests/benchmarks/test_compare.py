"""What the accuracy benchmark counts as right, as flagged, and as what must never be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from benchmarks.compare import MORTAL, Counts, compare
from benchmarks.truth import Mistake, TrueCell, TrueTable, Truth
from document.message import NOTHING
from document.reading import Candidate, Reading
from document.report import Cell, Finding, Report, Source, Status, Table
from reconstruct.templates import builtin

FORM = "cn-foi/2021"
MADE, REPEALED, IN_FORCE = (("regulation", c) for c in ("made", "repealed", "in_force"))


def true(address: tuple[str, str], printed: str, page: int | None = 1) -> TrueCell:
    value = Decimal(printed) if printed.isdigit() else None
    return TrueCell(address, printed, value, page)


def truth(*cells: TrueCell, mistakes: tuple[Mistake, ...] = ()) -> Truth:
    tables = (TrueTable("t2", (1,), cells),) if cells else ()
    return Truth(Path("one.pdf"), "L1", "flatbed", tables, mistakes)


def cell(address: tuple[str, str], read: str, value: int | None, status: str = "read") -> Cell:
    reading = Reading((Candidate(read, 0.01), Candidate("7", 5.0)))
    return Cell(
        address=address,
        printed=read,
        value=value,
        status=Status(status),
        needs_review=False,
        confidence=0.99,
        reason=NOTHING,
        reading=reading,
        page=1,
        polygon=None,
    )


def marked(one: Cell) -> Cell:
    return replace(one, needs_review=True)


def report(*cells: Cell, findings: tuple[Finding, ...] = (), table: str = "t2") -> Report:
    tables = (Table(table, FORM, (1,), cells, ()),) if cells else ()
    return Report(Source("one.pdf", "", 1), None, None, tables, findings, not tables)


def counts_of(got: Report, known: Truth) -> Counts:
    counts, cases = compare(got, known, builtin())
    mortal = counts.silent + counts.changed + counts.mistakes_mended
    assert bool(mortal) == any(case.fault in MORTAL for case in cases)
    return counts


def test_a_right_table_is_right_before_and_after_and_finished() -> None:
    got = report(cell(MADE, "12", 12), cell(REPEALED, "", None), cell(IN_FORCE, "－", None))
    known = truth(true(MADE, "12"), true(REPEALED, ""), true(IN_FORCE, "—"))
    assert counts_of(got, known) == Counts(
        documents=1,
        documents_right=1,
        documents_finished=1,
        pages=1,
        tables=1,
        tables_right_before=1,
        tables_right=1,
        tables_finished=1,
        cells=3,
        right_before=3,
        right=3,
    )


def test_figures_are_compared_as_numbers_not_as_texts() -> None:
    got = report(cell(MADE, "０１２", 12), cell(REPEALED, "1,024", 1024))
    counts = counts_of(got, truth(true(MADE, "12"), true(REPEALED, "1024")))
    assert (counts.right_before, counts.right) == (2, 2)


def test_a_blank_is_not_a_zero() -> None:
    got = report(cell(MADE, "0", 0), cell(REPEALED, "", None))
    counts = counts_of(got, truth(true(MADE, ""), true(REPEALED, "0")))
    assert (counts.right_before, counts.right, counts.silent) == (0, 0, 2)


def test_a_mended_misreading_counts_after_repair_only() -> None:
    got = report(cell(MADE, "8", 3, "repaired"))
    counts = counts_of(got, truth(true(MADE, "3")))
    assert (counts.right_before, counts.right, counts.repaired) == (0, 1, 1)
    assert (counts.tables_right_before, counts.tables_right) == (0, 1)


def test_wrong_is_silent_unless_the_figure_is_marked() -> None:
    known = truth(true(MADE, "3"))
    assert counts_of(report(cell(MADE, "8", 8)), known).silent == 1
    flagged = counts_of(report(marked(cell(MADE, "8", 8))), known)
    assert (flagged.silent, flagged.review, flagged.tables_finished) == (0, 1, 0)


def test_what_was_read_right_and_became_another_figure_is_changed_also_where_it_is_marked() -> None:
    known = truth(true(MADE, "3"))
    assert counts_of(report(marked(cell(MADE, "3", 8, "repaired"))), known).changed == 1
    given_up = counts_of(report(marked(cell(MADE, "3", None, "unreadable"))), known)
    assert (given_up.changed, given_up.right, given_up.review) == (0, 0, 1)


def test_an_unreadable_figure_is_not_taken_for_a_blank() -> None:
    lost = replace(cell(MADE, "", None, "unreadable"), reading=None)
    assert counts_of(report(marked(lost)), truth(true(MADE, ""))).right == 0


def test_of_a_figure_that_stands_on_no_page_it_is_right_to_give_no_value() -> None:
    known = truth(true(MADE, "3", page=None))
    lost = marked(replace(cell(MADE, "", None, "derived"), reading=None, suggestion=3))
    counts = counts_of(report(lost), known)
    assert (counts.right_before, counts.right, counts.review, counts.changed) == (1, 1, 1, 0)
    assert counts_of(report(cell(REPEALED, "", None)), known).right == 1
    guessed = counts_of(report(replace(lost, value=3, needs_review=False)), known)
    assert (guessed.right, guessed.silent) == (0, 1)


def test_a_table_that_is_not_there_is_silent_unless_a_finding_sends_a_person_to_it() -> None:
    known = truth(true(MADE, "3"), true(REPEALED, "4"))
    other = replace(known.tables[0], table="t4")
    known = replace(known, tables=(*known.tables, other))
    present = (cell(MADE, "3", 3), cell(REPEALED, "4", 4))
    assert counts_of(report(*present), known).silent == 2
    says = Finding("table-missing", table="t4", wants_person=True)
    assert counts_of(report(*present, findings=(says,)), known).silent == 0
    elsewhere = Finding("unknown-table", page=2, wants_person=True)
    assert counts_of(report(*present, findings=(elsewhere,)), known).silent == 2
    here = Finding("unknown-table", page=1, wants_person=True)
    assert counts_of(report(*present, findings=(here,)), known).review == 2


def test_a_figure_or_a_table_that_the_page_has_not_is_silent() -> None:
    known = truth(true(MADE, "3"))
    assert counts_of(report(cell(MADE, "3", 3), cell(REPEALED, "4", 4)), known).silent == 1
    invented = counts_of(report(cell(MADE, "3", 3)), truth())
    assert (invented.silent, invented.documents_right, invented.strangers_rejected) == (1, 0, 0)


def test_a_document_without_tables_is_right_when_it_is_rejected() -> None:
    counts = counts_of(report(), truth())
    assert (counts.documents_right, counts.strangers, counts.strangers_rejected) == (1, 1, 1)


def test_a_mistake_of_the_page_is_to_be_named_and_never_mended() -> None:
    known = truth(true(MADE, "3"), mistakes=(Mistake("t2", MADE, Decimal(5)),))
    named = Finding("source-arithmetic", table="t2", cells=(MADE,), wants_person=True)
    counts = counts_of(report(cell(MADE, "3", 3, "disputed"), findings=(named,)), known)
    assert (counts.mistakes, counts.mistakes_flagged, counts.mistakes_mended) == (1, 1, 0)
    assert counts.tables_finished == 0
    mended = counts_of(report(cell(MADE, "3", 5, "repaired")), known)
    assert (mended.mistakes_flagged, mended.mistakes_mended, mended.changed) == (0, 1, 1)
