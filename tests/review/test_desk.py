"""The desk: who gets which card, what an answer settles, and that nothing said is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from document.decision import Answer
from document.report import Status
from pipeline.decisions import DecidedMeanwhileError, decisions_of
from pipeline.export_run import export
from pipeline.journal import old_journal
from pipeline.journal_queries import filed
from reconstruct.templates import builtin
from review.desk import Desk
from review.gain import gains
from review.leases import Leases, Spot
from tests.pipeline import runs
from tests.pipeline.runs import T3, T4
from tests.reconstruct.readings import SUQIAN_2023, seen, t4_printed

if TYPE_CHECKING:
    from pathlib import Path

DOUBTS = {
    ("new", "person"): seen(("3402", 0.5), ("3482", 0.49)),
    ("carry", "person"): seen(("91", 0.5), ("11", 0.49)),
    ("total", "person"): seen(("3375", 0.5), ("3376", 0.49)),
    ("new", "total"): seen(("3511", 0.5), ("3591", 0.49)),
    ("carry", "total"): seen(("96", 0.9), legible=False),
}
RIGHT = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")
WRONG = t4_printed("3 1 0 2 9 0 0 0 0 0 0 0 0 0 0")


def desk_of(run: Path, *numbers: int) -> Desk:
    reports = [runs.report_of(n, [(T3, SUQIAN_2023), (T4, RIGHT)], DOUBTS) for n in numbers]
    runs.begin(run, *reports).dispose()
    return Desk(old_journal(run), builtin(), run)


def test_one_answer_takes_others_off_the_queue_and_says_so(run: Path) -> None:
    desk = desk_of(run, 1)
    (document,) = desk.documents()
    assert document.review > 1
    spot = Spot(document.sha256, "t3", ("carry", "total"))
    effect = desk.decide((spot,), Answer.VALUE, 96, "李", (0,))
    assert effect is not None
    assert effect.certain
    assert len(effect.settled) == document.review - 1
    assert spot not in effect.settled
    assert desk.queue("李", (), None) is None
    assert (desk.documents()[0].status, desk.documents()[0].review) == ("clean", 0)
    desk.close()  # it would be written down by itself, a moment later
    assert filed(old_journal(run))[0].review == 0  # and for everybody else


def test_what_was_shown_is_kept_with_the_answer(run: Path) -> None:
    desk = desk_of(run, 1)
    spot = Spot(desk.documents()[0].sha256, "t3", ("new", "person"))
    desk.decide((spot,), Answer.VALUE, 3402, "李", (0,))
    (entry,) = decisions_of(desk.engine, spot.sha256)
    assert entry.person == "李"
    assert [text for text, _ in entry.shown.candidates] == ["3402", "3482"]
    assert entry.shown.printed == "3402"
    assert entry.shown.result == 1


def test_two_people_never_get_the_same_card(run: Path) -> None:
    desk = desk_of(run, 1, 2)
    first, second = desk.queue("李", (), None), desk.queue("王", (), None)
    assert first is not None
    assert second is not None
    assert first.sha256 != second.sha256  # nor the same report, as long as there are others
    third = desk.queue("张", (), None)
    assert third is not None
    assert third not in {first, second}
    assert desk.queue("李", (), first.sha256) == first


def test_who_opens_a_card_by_hand_that_is_held_is_refused_it(run: Path) -> None:
    desk = desk_of(run, 1)
    spot = desk.queue("李", (), None)
    assert spot is not None
    assert not desk.leases.take(spot, "王")
    assert desk.leases.others("王") == {spot: "李"}
    desk.leases.release("李")
    assert desk.leases.take(spot, "王")


def test_a_lease_ends_when_nobody_asks_for_it() -> None:
    now = [0.0]
    leases = Leases(60, lambda: now[0])
    spot = Spot("0" * 64, "t3", ("a", "b"))
    assert leases.take(spot, "李")
    now[0] = 59
    assert not leases.take(spot, "王")
    assert leases.take(spot, "李")
    now[0] = 118
    assert not leases.take(spot, "王")
    now[0] = 120
    assert leases.take(spot, "王")


def test_the_second_to_decide_is_told_and_nothing_is_written(run: Path) -> None:
    desk = desk_of(run, 1)
    spot = Spot(desk.documents()[0].sha256, "t3", ("new", "person"))
    desk.decide((spot,), Answer.VALUE, 3402, "李", (0,))
    with pytest.raises(DecidedMeanwhileError, match="李 decided it meanwhile"):
        desk.decide((spot,), Answer.VALUE, 3482, "王", (0,))
    assert len(decisions_of(desk.engine, spot.sha256)) == 1


def test_undo_takes_back_ones_own_last_answer_only(run: Path) -> None:
    desk = desk_of(run, 1)
    sha256 = desk.documents()[0].sha256
    one, other = Spot(sha256, "t3", ("new", "person")), Spot(sha256, "t3", ("carry", "person"))
    desk.decide((one,), Answer.VALUE, 3402, "李", (0,))
    desk.decide((other,), Answer.VALUE, 91, "王", (0,))
    effect = desk.undo("李")
    assert effect is not None
    assert effect.entry.address == one.address
    assert desk.undo("李") is None
    dossier = desk.dossier(sha256)
    assert dossier is not None
    cell = dossier.cell(other)
    assert cell is not None
    assert cell.status is Status.HUMAN
    assert len(dossier.entries) == 3


def test_what_another_server_writes_is_seen(run: Path) -> None:
    desk = desk_of(run, 1)
    other = Desk(old_journal(run), builtin(), run)
    spot = Spot(desk.documents()[0].sha256, "t3", ("carry", "total"))
    assert desk.dossier(spot.sha256) is not None
    other.decide((spot,), Answer.VALUE, 96, "王", (0,))
    dossier = desk.dossier(spot.sha256)
    assert dossier is not None
    assert dossier.left == 0
    assert desk.documents()[0].review == 0


def test_a_mistake_of_the_page_is_confirmed_once_and_kept(run: Path) -> None:
    runs.begin(run, runs.report_of(1, [(T4, WRONG)])).dispose()
    desk = Desk(old_journal(run), builtin(), run)
    sha256 = desk.documents()[0].sha256
    dossier = desk.dossier(sha256)
    assert dossier is not None
    (finding,) = dossier.report.findings
    spots = tuple(Spot(sha256, "t4", address) for address in finding.cells)
    effect = desk.decide(spots, Answer.PAGE, None, "李", (0,) * len(spots))
    assert effect is not None
    assert effect.certain
    (kept,) = effect.dossier.report.findings
    assert (kept.code, kept.wants_person) == ("source-arithmetic", False)


def test_a_figure_counts_for_what_follows_from_it() -> None:
    """Four blots at the corners of a rectangle: any one of them gives the other three."""
    ring = [(row, column) for row in ("d2", "d3") for column in ("person", "total")]
    lone = ("suit_direct", "pending")
    t3 = runs.report_of(1, [(T3, SUQIAN_2023)], dict.fromkeys(ring)).tables[0]
    worth = gains(t3, T3)
    assert set(worth) == set(ring)
    assert all(3 <= gain < 3.1 for gain in worth.values())
    t4 = runs.report_of(1, [(T4, RIGHT)], {lone: None}).tables[0]
    assert gains(t4, T4) == {lone: 0}
    assert gains(t4, None) == {lone: 0}


def test_the_figure_that_settles_most_is_asked_first(run: Path) -> None:
    ring = [(row, column) for row in ("d2", "d3") for column in ("person", "total")]
    doubts = dict.fromkeys([*ring, ("fee", "amount"), ("review", "upheld")])
    report = runs.report_of(1, [(T4, RIGHT), (T3, SUQIAN_2023)], doubts)
    runs.begin(run, report).dispose()
    desk = Desk(old_journal(run), builtin(), run)
    dossier = desk.dossier(report.source.sha256)
    assert dossier is not None
    order = desk.order(dossier)
    assert [spot.table for spot in order] == ["t3"] * 4 + ["t4"]  # though 表四 is printed first
    effect = desk.decide(order[:1], Answer.VALUE, 27, "李", (0,))
    assert effect is not None


def test_skipped_cards_come_last(run: Path) -> None:
    desk = desk_of(run, 1)
    first = desk.queue("李", (), None)
    assert first is not None
    second = desk.queue("李", {first}, None)
    assert second is not None
    assert second != first
    dossier = desk.dossier(first.sha256)
    assert dossier is not None
    assert desk.queue("李", set(desk.order(dossier)), None) == first


def test_exports_hold_what_was_decided_at_the_desk(run: Path) -> None:
    desk = desk_of(run, 1)
    spot = Spot(desk.documents()[0].sha256, "t3", ("carry", "total"))
    desk.decide((spot,), Answer.VALUE, 96, "李", (0,))
    paths = export(desk.engine, run / "out", "csv", builtin(), "en")
    assert any(b",96,96,human,false," in path.read_bytes() for path in paths)
