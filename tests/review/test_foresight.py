"""Reports settled before the answer: never another report than the answer itself would give."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from document.decision import Answer
from pipeline.journal import old_journal
from reconstruct.templates import builtin
from review.cards import card_of, kind_of, likely
from review.desk import Desk
from review.leases import Spot
from review.settlers import at_once
from tests.review.test_settlers import SPOT, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from document.decision import Decision
    from document.report import Figure, Report
    from pipeline.journal_queries import Filed

TEMPLATES = builtin()


class Counted:
    """Settles, and knows which threads asked for it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.done = threading.Condition()

    def __call__(
        self, document: Filed, read: Report, decisions: Sequence[Decision]
    ) -> Callable[[], Report]:
        report = at_once(TEMPLATES)(document, read, decisions)
        with self.done:
            self.asked.append(threading.current_thread().name)
            self.done.notify_all()
        return report

    def wait_for(self, count: int) -> None:
        with self.done:
            assert self.done.wait_for(lambda: len(self.asked) >= count, 60)


def here(settle: Counted) -> int:
    return sum(name != "foresight" for name in settle.asked)


def look(desk: Desk, spot: Spot) -> tuple[Answer, Figure | None]:
    """Have a card shown to 李, as the screen does; returns what Enter says."""
    dossier = desk.dossier(spot.sha256)
    assert dossier is not None
    card = card_of(dossier, spot, TEMPLATES, "en")
    assert card is not None
    said = likely(card, kind_of(dossier, spot, TEMPLATES))
    desk.foresee(dossier, spot, "李", said)
    return said[0]


def test_what_enter_says_was_settled_while_the_person_looked(run: Path) -> None:
    begin(run)
    desk = Desk(old_journal(run), TEMPLATES, run, settle=(settle := Counted()), beforehand=1)
    spot = Spot(desk.documents()[0].sha256, *SPOT)
    said = look(desk, spot)
    settle.wait_for(1)
    before = here(settle)
    effect = desk.decide((spot,), *said, "李", (0,))
    assert effect is not None
    assert here(settle) == before  # nothing was settled after the answer

    plain = Desk(old_journal(run), TEMPLATES, run).dossier(spot.sha256)
    assert plain is not None
    assert effect.dossier.report == plain.report  # times and names in the reasons as well
    decided = effect.dossier.cell(spot)
    assert decided is not None
    assert f"李, {effect.entry.decided}" in decided.reason.en


def test_what_was_foreseen_is_not_used_for_what_somebody_else_said_or_after_another_answer(
    run: Path,
) -> None:
    begin(run)
    desk = Desk(old_journal(run), TEMPLATES, run, settle=(settle := Counted()), beforehand=1)
    spot = Spot(desk.documents()[0].sha256, *SPOT)
    said = look(desk, spot)
    settle.wait_for(1)
    dossier = desk.dossier(spot.sha256)
    assert dossier is not None
    other = next(one for one in desk.order(dossier) if one != spot)

    before = here(settle)
    assert desk.decide((other,), Answer.BLANK, None, "王", (0,)) is not None
    assert here(settle) == before + 1
    effect = desk.decide((spot,), *said, "李", (0,))
    assert effect is not None
    assert here(settle) == before + 2  # it stood differently then
    plain = Desk(old_journal(run), TEMPLATES, run).dossier(spot.sha256)
    assert plain is not None
    assert effect.dossier.report == plain.report

    effect = desk.undo("李")
    assert effect is not None
    assert here(settle) == before + 2  # and so it stood before
    plain = Desk(old_journal(run), TEMPLATES, run).dossier(spot.sha256)
    assert plain is not None
    assert effect.dossier.report == plain.report


def test_a_typed_figure_is_settled_for_itself(run: Path) -> None:
    begin(run)
    desk = Desk(old_journal(run), TEMPLATES, run, settle=Counted(), beforehand=2)
    spot = Spot(desk.documents()[0].sha256, *SPOT)
    look(desk, spot)
    effect = desk.decide((spot,), Answer.VALUE, 4711, "李", (0,))
    assert effect is not None
    plain = Desk(old_journal(run), TEMPLATES, run).dossier(spot.sha256)
    assert plain is not None
    assert effect.dossier.report == plain.report
