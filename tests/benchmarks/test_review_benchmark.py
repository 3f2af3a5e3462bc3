"""The simulated reviewer: counts keys as the screen does, and ends with everything right."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.repair_drawing import Setting, draw
from benchmarks.review import HEAD, Tally, keys_for, line, note, review
from document.report import Report, Source, Status
from reconstruct.repair import settle
from tests.reconstruct.readings import T4, by_address, read_table, seen, t4_printed

if TYPE_CHECKING:
    from document.report import Cell

UPHELD = ("review", "upheld")


def doubtful() -> Cell:
    doubts = {UPHELD: seen(("3", 0.5), ("8", 0.3), ("5", 0.1))}
    table, _ = settle(read_table(T4, t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0"), doubts), T4)
    return by_address(table)[UPHELD]


def test_keys_are_counted_as_the_screen_takes_them() -> None:
    cell = replace(doubtful(), value=3, status=Status.READ, needs_review=True)
    assert keys_for(cell, 3) == 1  # Enter
    assert keys_for(cell, 8) == 2  # its key, Enter
    assert keys_for(cell, None) == 1  # B
    assert keys_for(cell, 7) == 2  # 7, Enter
    assert keys_for(cell, 2) == 3  # Space, 2, Enter: 2 alone is a candidate's key
    assert keys_for(cell, 120) == 4  # typed in one go


def test_the_reviewer_ends_with_every_figure_right_and_nothing_asked() -> None:
    rng = random.Random(3)  # noqa: S311 - the same tables every time
    tally = Tally()
    for setting in (
        Setting("", 0.1, "mixed", table="t4"),
        Setting("", 0, page_wrong=1, table="t4"),
    ):
        drawn = draw(rng, setting)
        table, findings = settle(drawn.read, drawn.template)
        report = Report(Source("a", "0" * 64, 1), None, None, (table,), findings)
        truth = {("t4", address): value for address, value in drawn.printed.items()}
        for way in ("gain", "page"):
            keys, cards, wrong = review(report, truth, way)
            assert wrong == 0
            assert keys >= cards
        note(tally, report, truth)
    assert tally.reports == 2
    assert tally.keys["gain"] <= tally.keys["tables"]
    assert len(line("x", tally)) == len(HEAD)
