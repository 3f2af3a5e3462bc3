"""A page read again: the others stay, what people decided stays, and what changed is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from document.decision import Answer
from document.errors import GoujiError, InputError
from document.message import Message
from document.report import Finding, Report, Source, Status, Table
from pipeline.decisions import Choice, decide
from pipeline.hold import held_folder
from pipeline.intake import Handling
from pipeline.journal import Sighting, add_inputs, old_journal
from pipeline.journal_queries import filed, settings_of_result, troubles
from pipeline.journal_schema import ATTEMPTS, RESULTS, SETTINGS
from pipeline.ordinary_file import read_through
from pipeline.rereading import Again, read_again
from pipeline.run_reports import standings
from pipeline.selection import parse_pages
from pipeline.settings import PageManner
from reconstruct.templates import builtin
from tests.pipeline import runs
from tests.pipeline.runs import T3, T4, begin, report_of
from tests.reconstruct.readings import SUQIAN_2023, seen, t4_printed

if TYPE_CHECKING:
    from pathlib import Path

    from document.template import Address
    from pipeline.intake import Document
    from pipeline.prose import Prose
    from pipeline.rereading import Reread

RIGHT = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")
WORSE = t4_printed("8 1 0 2 11 0 0 0 0 0 0 0 0 0 0")
SIDEWAYS = Handling(400, 1)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Six pages; t3 begins on page 3 and goes on on page 4, where t4 stands too."""
    path = tmp_path / "scan.tif"
    pages = [Image.fromarray(np.full((60, 60), 200 + n, np.uint8)) for n in range(6)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


def paged(report: Report, scan: Path, **pages: int) -> Report:
    """Put tables on pages: ``t3=3`` all of it; rows from ``n1`` on stand a page further."""
    late = {"n1", "n2", "n3", "n4", "n5", "o1", "o2", "o3", "total", "next"}
    tables: list[Table] = []
    for table in report.tables:
        first = pages.get(table.table, 1)
        cells = tuple(
            replace(cell, page=(first + (cell.address[0] in late)) if cell.page else 0)
            for cell in table.cells
        )
        numbers = tuple(sorted({cell.page for cell in cells if cell.page}))
        tables.append(replace(table, cells=cells, pages=numbers))
    sha256 = read_through(scan).sha256
    source = Source("scan.tif", sha256, 6)
    return replace(report, source=source, tables=tuple(tables))


def run_of(folder: Path, scan: Path, report: Report) -> Path:
    engine = begin(folder)
    add_inputs(engine, [Sighting(report.source.sha256, 1, str(scan))])
    runs.file_again(engine, report)
    return folder


def again(
    run: Path, scan: Path, found: Report, pages: str = "4", **more: Any
) -> tuple[Reread, list[Document]]:
    opened: list[Document] = []

    def recover(document: Document, prose: Prose) -> Report:
        assert prose == "auto"
        opened.append(document)
        return found

    manner = PageManner(more.get("handling", SIDEWAYS), more.get("engine", "own"))
    wanted = Again(scan, run, parse_pages(pages), manner, builtin())
    return read_again(wanted, recover), opened


def cells_of(run: Path, table: str) -> dict[Address, Any]:
    (one,) = standings(old_journal(run), builtin())
    assert one.report is not None
    (found,) = [t for t in one.report.tables if t.table == table]
    return {cell.address: cell for cell in found.cells}


def test_only_the_page_changes_and_sums_over_both_pages_are_checked(run: Path, scan: Path) -> None:
    doubts = {
        ("total", "person"): seen(("3375", 0.5), ("3376", 0.49)),
        ("next", "person"): seen(("118", 0.5), ("110", 0.49)),
        ("carry", "person"): seen(("91", 0.5), ("11", 0.49)),
        ("carry", "total"): seen(("96", 0.5), ("36", 0.49)),
        ("next", "total"): None,
    }
    first = paged(report_of(1, [(T3, SUQIAN_2023), (T4, RIGHT)], doubts), scan, t3=3, t4=4)
    elsewhere = SUQIAN_2023 | {("new", "business"): "98", ("total", "legal"): "8"}
    second = paged(report_of(1, [(T3, elsewhere), (T4, WORSE)]), scan, t3=3, t4=4)
    done, (opened,) = again(run_of(run, scan, first), scan, second)
    assert opened.wanted == (3, 4, 5)
    assert [opened.handled(n) for n in (3, 4)] == [Handling(), SIDEWAYS]
    assert (done.pages, done.kept) == ((4,), ())
    t3 = cells_of(run, "t3")
    assert t3["new", "business"].value == 99  # page 3: as it was, though seen again
    assert t3["total", "legal"].printed == "8"  # page 4
    assert t3["carry", "person"].value == 91
    assert not t3["carry", "person"].needs_review  # settled by what page 4 says now
    assert cells_of(run, "t4")["review", "upheld"].value == 8
    changed = {(c.table, c.address) for c in done.changes}
    assert ("t4", ("review", "upheld")) in changed
    assert ("t3", ("total", "legal")) in changed
    assert ("t3", ("new", "business")) not in changed
    (one,) = standings(old_journal(run), builtin())
    assert one.report is not None
    codes = [finding.code for finding in one.report.findings]
    assert "source-arithmetic" in codes or "doubtful-arithmetic" in codes


def test_what_was_done_is_written_down_and_the_result_keeps_its_settings(
    run: Path, scan: Path
) -> None:
    report = paged(report_of(1, [(T4, RIGHT)]), scan, t4=4)
    again(run_of(run, scan, report), scan, paged(report_of(1, [(T4, WORSE)]), scan, t4=4))
    again(run, scan, report, "2", handling=Handling(300), engine="both")
    engine = old_journal(run)
    (document,) = filed(engine)
    assert document.result is not None
    assert document.settings == runs.SETTINGS.key
    _, text = settings_of_result(engine, document.result)
    assert json.loads(text)["pages"] == {
        "2": {"dpi": 300, "turns": None, "engine": "both"},
        "4": {"dpi": 400, "turns": 1, "engine": "own"},
    }
    with engine.connect() as connection:
        assert len(connection.execute(select(RESULTS)).all()) == 3
        assert len(connection.execute(select(ATTEMPTS)).all()) == 3
        assert len(connection.execute(select(SETTINGS)).all()) == 3


def test_what_people_decided_stays(run: Path, scan: Path) -> None:
    report = paged(report_of(1, [(T4, RIGHT)]), scan, t4=4)
    engine = old_journal(run_of(run, scan, report))
    address = ("review", "upheld")
    decide(engine, [Choice(report.source.sha256, "t4", address, Answer.VALUE, 3, "李")])
    done, _ = again(run, scan, paged(report_of(1, [(T4, WORSE)]), scan, t4=4))
    cell = cells_of(run, "t4")[address]
    assert (cell.printed, cell.value, cell.status) == ("8", 3, Status.HUMAN)
    assert {c.address for c in done.changes} >= {address, ("review", "total")}
    assert done.after.status == "review"  # 3 + 1 + 2 is not 11


def test_a_way_that_shows_nothing_changes_nothing(run: Path, scan: Path) -> None:
    report = paged(report_of(1, [(T4, RIGHT)]), scan, t4=4)
    lost = Report(report.source, None, None, (), (Finding("unknown-form"),), failed=True)
    with pytest.raises(InputError, match="nothing was found on page 4"):
        again(run_of(run, scan, report), scan, lost)
    assert cells_of(run, "t4")["review", "upheld"].value == 3
    engine = old_journal(run)
    (trouble,) = troubles(engine)
    assert trouble.outcome == "nothing-read"
    done, _ = again(run, scan, paged(report_of(1, [(T4, WORSE)]), scan, t4=5), "4-5")
    assert (done.pages, done.kept) == ((5,), (4,))


def test_a_table_found_at_last_is_missing_no_more(run: Path, scan: Path) -> None:
    missing = Finding("table-missing", Message("", ""), "t3", wants_person=True)
    poor = Finding("poor-page", Message("", "it was grey"), page=4)
    other = Finding("poor-page", Message("灰", "grey too"), page=2)
    first = paged(report_of(1, [(T4, RIGHT)]), scan, t4=2)
    first = replace(first, findings=(missing, poor, other))
    found = paged(report_of(1, [(T3, SUQIAN_2023), (T4, WORSE)]), scan, t3=4, t4=2)
    done, _ = again(run_of(run, scan, first), scan, found)
    assert done.before.status == "review"
    assert done.after.status == "clean"
    assert done.after.findings == (other,)
    assert cells_of(run, "t4")["review", "upheld"].value == 3
    assert cells_of(run, "t3")["total", "total"].value == 3486  # page 5, with the table's head


def test_a_document_that_failed_can_be_read_page_by_page(run: Path, scan: Path) -> None:
    found = paged(report_of(1, [(T4, RIGHT)]), scan, t4=4)
    nothing = Finding("unknown-form", Message("", ""), wants_person=True)
    failed = Report(replace(found.source, pages=0), None, None, (), (nothing,), failed=True)
    done, _ = again(run_of(run, scan, failed), scan, found)
    assert (done.before.status, done.after.status) == ("failed", "clean")
    assert done.after.source.pages == 6
    (document,) = filed(old_journal(run))
    assert (document.status, document.agency) == ("clean", None)  # page 1 was not read again


def test_refusals(run: Path, scan: Path, tmp_path: Path) -> None:
    report = paged(report_of(1, [(T4, RIGHT)]), scan, t4=4)
    run_of(run, scan, report)
    other = tmp_path / "other.png"
    Image.fromarray(np.zeros((50, 50), np.uint8)).save(other)
    with pytest.raises(InputError, match="no result of that file"):
        again(run, other, report)
    with pytest.raises(InputError, match="page 9 was asked for and the file has 6"):
        again(run, scan, report, "9")
    with held_folder(run), pytest.raises(GoujiError, match="another gouji batch"):
        again(run, scan, report)
