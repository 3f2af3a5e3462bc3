"""What people decide: kept as they said it, taken back only by saying so, and seen everywhere."""

from __future__ import annotations

import csv
import io
import json
import threading
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from cli.main import app
from document.decision import Answer
from document.errors import InputError
from document.report import Status
from pipeline.decisions import (
    Choice,
    DecidedMeanwhileError,
    Shown,
    all_holding,
    decide,
    decisions_of,
    holding,
    shown,
    undo,
)
from pipeline.export_json import pack, parse
from pipeline.export_run import export
from pipeline.journal import Attempt, add_attempt, add_settings, old_journal
from pipeline.journal_queries import filed, find, report_of
from pipeline.journal_schema import DECISIONS
from pipeline.run_findings import run_findings
from pipeline.run_reports import settle_run, standing_of, standings
from pipeline.run_templates import templates_of
from pipeline.settings import settings_of
from pipeline.settling import settled
from reconstruct.templates import builtin
from tests.pipeline import runs
from tests.pipeline.runs import T3, T4, begin, file_again
from tests.reconstruct.readings import SUQIAN_2023, seen, t4_printed

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from document.report import Cell, Figure, Report
    from document.template import Address

DOUBTS = {
    ("new", "person"): seen(("3402", 0.5), ("3482", 0.49)),
    ("carry", "person"): seen(("91", 0.5), ("11", 0.49)),
    ("total", "person"): seen(("3375", 0.5), ("3376", 0.49)),
    ("new", "total"): seen(("3511", 0.5), ("3591", 0.49)),
    ("carry", "total"): seen(("96", 0.9), legible=False),
}
WRONG = t4_printed("3 1 0 2 9 0 0 0 0 0 0 0 0 0 0")
RIGHT = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")


def doubtful() -> Report:
    return runs.report_of(1, [(T3, SUQIAN_2023), (T4, RIGHT)], DOUBTS)


def choice(
    report: Report,
    address: Address,
    value: Figure | None,
    answer: Answer = Answer.VALUE,
    **more: str,
) -> Choice:
    table = more.get("table", "t3")
    person = more.get("person", "李")
    return Choice(report.source.sha256, table, address, answer, value, person)


def cell_of(engine: Engine, address: Address, table: str = "t3") -> Cell:
    (one,) = standings(engine, builtin())
    assert one.report is not None
    (found,) = [t for t in one.report.tables if t.table == table]
    return next(cell for cell in found.cells if cell.address == address)


def test_what_was_decided_and_shown_is_there_when_the_run_is_opened_again(run: Path) -> None:
    report = doubtful()
    engine = begin(run, report)
    address = ("carry", "total")
    cell = next(c for c in report.tables[0].cells if c.address == address)
    before = shown(cell, filed(engine)[0].result)
    wanted = Choice(report.source.sha256, "t3", address, Answer.VALUE, 96, "李\0", before)
    (entry,) = decide(engine, [wanted])
    engine.dispose()
    (again,) = decisions_of(old_journal(run), report.source.sha256)
    assert again == entry
    assert again.decision is not None
    assert (again.decision.value, again.decision.person, again.turn) == (96, "李\ufffd", 1)
    assert again.shown == before
    assert again.shown.candidates == (("96", 0.9),)
    assert again.shown.result == 1
    assert again.decided.endswith("+00:00")


def test_taking_back_is_a_new_entry_and_what_was_said_before_holds_again(run: Path) -> None:
    report = doubtful()
    engine, address = begin(run, report), ("new", "person")
    first, second = decide(
        engine,
        [choice(report, address, 3402), choice(report, address, 3482, person="王")],
    )
    assert (first.turn, second.turn) == (1, 2)
    assert [d.value for d in holding(decisions_of(engine, report.source.sha256))] == [3482]
    taken = undo(engine, second.id, "王")
    assert (taken.decision, taken.undoes, taken.turn) == (None, second.id, 3)
    assert [d.value for d in holding(decisions_of(engine, report.source.sha256))] == [3402]
    undo(engine, first.id, "李")
    assert holding(decisions_of(engine, report.source.sha256)) == ()
    assert cell_of(engine, address).status is not Status.HUMAN
    assert len(decisions_of(engine, report.source.sha256)) == 4
    for number in (first.id, second.id, taken.id, 999):
        with pytest.raises(InputError, match="no such decision"):
            undo(engine, number, "李")


def test_who_decides_second_is_told_what_the_first_said(run: Path) -> None:
    report = doubtful()
    engine = begin(run, report)
    one = Choice(
        report.source.sha256, "t3", ("new", "person"), Answer.VALUE, 3402, "李", Shown(), after=0
    )
    (entry,) = decide(engine, [one])
    other = choice(report, ("carry", "person"), 91)
    with pytest.raises(DecidedMeanwhileError, match="李 decided it meanwhile") as conflict:
        decide(engine, [other, one])
    assert conflict.value.entry == entry
    assert len(decisions_of(engine, report.source.sha256)) == 1  # all or none
    with pytest.raises(InputError, match="no result of that file"):
        decide(engine, [Choice("0" * 64, "t3", ("a", "b"), Answer.BLANK, None, "李")])


def test_people_at_once_lose_nothing(run: Path) -> None:
    report = doubtful()
    begin(run, report).dispose()
    address, failures = ("new", "person"), []

    def work(person: str) -> None:
        engine = old_journal(run)
        for value in range(20):
            try:
                decide(engine, [choice(report, address, value, person=person)])
            except Exception as error:  # noqa: BLE001 - told to the test's own thread
                failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("李", "王", "张")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failures
    entries = decisions_of(old_journal(run), report.source.sha256)
    assert [entry.turn for entry in entries] == list(range(1, 61))
    for name in ("李", "王", "张"):
        said = [e.decision.value for e in entries if e.person == name and e.decision]
        assert said == list(range(20))


def test_a_run_gives_back_all_that_settling_needs() -> None:
    """Probabilities unrounded, what is illegible, whose place is in doubt."""
    report = doubtful()
    again = parse(pack(report))
    assert settled(again, (), builtin()) == again
    first = [c for t in report.tables for c in t.cells]
    second = [c for t in again.tables for c in t.cells]
    for one, other in zip(first, second, strict=True):
        if one.reading and other.reading:
            assert one.reading.legible == other.reading.legible
            for a, b in zip(one.reading.candidates, other.reading.candidates, strict=True):
                assert a.cost == pytest.approx(b.cost, abs=1e-12)


def test_one_decision_settles_others_and_every_way_out_shows_it(run: Path) -> None:
    report = doubtful()
    engine, sha256 = begin(run, report), report.source.sha256
    assert [one.status for one in filed(engine)] == ["review"]
    assert filed(engine)[0].review > 1
    decide(engine, [choice(report, ("carry", "total"), 96)])
    assert settle_run(engine, builtin(), "0" * 64) == 0
    assert settle_run(engine, builtin(), sha256) == 1
    assert settle_run(engine, builtin()) == 0
    (document,) = filed(engine)
    assert find(engine, sha256) == document
    assert find(engine, "0" * 64) is None
    one = standing_of(engine, sha256, builtin())
    assert one is not None
    assert one.document == document
    assert one.report is not None
    assert one.report.status == "clean"
    assert (document.status, document.review) == ("clean", 0)
    tidy, wide = export(engine, run / "out", "csv", builtin(), "en")
    rows = list(csv.DictReader(io.StringIO(tidy.read_text("utf-8-sig"), newline="")))
    by_place = {(row["table"], row["row"], row["column"]): row for row in rows}
    row = by_place["t3", "carry", "total"]
    assert (row["printed"], row["value"], row["status"]) == ("96", "96", "human")
    assert (row["needs_review"], row["confidence"]) == ("false", "1.000000")
    assert by_place["t3", "new", "person"]["needs_review"] == "false"
    assert len(rows) == 190
    (line,) = csv.DictReader(io.StringIO(wide.read_text("utf-8-sig"), newline=""))
    assert (line["t3.carry.total"], line["doubtful"]) == ("96", "")
    (path,) = export(engine, run / "out", "json", builtin(), "en")
    (written,) = json.loads(path.read_bytes())["reports"]
    cells = written["tables"][0]["cells"]
    (cell,) = [c for c in cells if c["status"] == "human"]
    assert "李" in cell["reason"]
    assert {"legible", "reliable"}.isdisjoint(cell)
    held = report_of(engine, document)
    assert held is not None
    assert held.status == "review"  # what was read is as it was
    assert sha256 in all_holding(engine)


def test_what_people_decided_outlives_another_reading(run: Path) -> None:
    report = doubtful()
    engine = begin(run, report)
    decide(engine, [choice(report, ("carry", "total"), 96)])
    settle_run(engine, builtin())
    worse = DOUBTS | {("carry", "total"): seen(("86", 0.9), ("96", 0.05))}
    file_again(engine, runs.report_of(1, [(T3, SUQIAN_2023), (T4, RIGHT)], worse))
    cell = cell_of(engine, ("carry", "total"))
    assert (cell.printed, cell.value, cell.status) == ("86", 96, Status.HUMAN)
    assert settle_run(engine, builtin()) == 1
    file_again(engine, runs.report_of(1, [(T4, RIGHT)]))
    (one,) = standings(engine, builtin())
    assert one.report is not None
    assert [f.code for f in one.report.findings] == ["decision-without-cell"]
    assert one.report.status == "review"


def test_a_mistake_of_the_page_once_confirmed_asks_nobody_and_stays_listed(run: Path) -> None:
    report = runs.report_of(1, [(T4, WRONG)])
    engine = begin(run, report)
    disputed = [cell for cell in report.cells if cell.status is Status.DISPUTED]
    assert filed(engine)[0].status == "review"
    decide(
        engine,
        [choice(report, c.address, c.value, Answer.PAGE, table="t4") for c in disputed],
    )
    settle_run(engine, builtin())
    assert filed(engine)[0].status == "clean"
    (finding,) = run_findings(engine, builtin())
    assert (finding.kind, finding.code) == ("arithmetic", "source-arithmetic")
    assert (finding.expected, finding.found) == ("6", "9")
    assert finding.confirmed
    assert "confirmed by a person" in finding.message.en


def test_a_form_that_is_not_at_hand_is_asked_for(run: Path) -> None:
    report = doubtful()
    engine = begin(run, report)
    decide(engine, [choice(report, ("carry", "total"), 96)])
    (one,) = standings(engine, ())
    assert one.report is not None
    assert "form-not-given" in [finding.code for finding in one.report.findings]
    settle_run(engine, ())
    assert settle_run(engine, builtin()) == 1


def test_forms_that_a_run_was_read_with_are_at_hand_without_being_named(
    run: Path, tmp_path: Path
) -> None:
    form = tmp_path / "own.toml"
    text = resources.files("reconstruct").joinpath("forms/cn-foi-2021.toml").read_text("utf-8")
    form.write_text(text.replace('"cn-foi/2021"', '"own/1"', 1), "utf-8")
    report = doubtful()
    tables = tuple(replace(table, template="own/1") for table in report.tables)
    report = replace(report, tables=tables)
    engine = begin(run, report)
    settings = settings_of((form,), None, "auto")
    add_settings(engine, settings)
    form.unlink()
    attempt = Attempt(report.source.sha256, settings.key, 1.0, alone=False, outcome="read")
    add_attempt(engine, attempt, report)
    decide(engine, [choice(report, ("carry", "total"), 96)])
    said = CliRunner().invoke(app, ["status", str(run), "--json"])
    assert said.exit_code == 0
    (stands,) = filed(engine)
    assert stands.review < sum(cell.needs_review for cell in report.cells)
    assert "forms" not in json.loads(said.stdout)["settings"][-1]["settings"]
    assert templates_of((), engine)[0].id == "own/1"


def test_nothing_is_ever_changed_in_what_was_decided(run: Path) -> None:
    report = doubtful()
    engine = begin(run, report)
    (entry,) = decide(engine, [choice(report, ("new", "person"), 1)])
    rows = select(DECISIONS).order_by(DECISIONS.c.id)
    with engine.connect() as connection:
        first = tuple(connection.execute(rows))
    undo(engine, entry.id, "王")
    decide(engine, [choice(report, ("new", "person"), 2)])
    with engine.connect() as connection:
        assert tuple(connection.execute(rows))[:1] == first
        assert connection.scalar(select(func.count()).select_from(DECISIONS)) == 3
