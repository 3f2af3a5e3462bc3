"""What a person decided stands, and the rest of the table is judged with it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from document.decision import Answer, Decision
from document.report import Status
from reconstruct.repair import settle
from tests.reconstruct.readings import (
    SUQIAN_2023,
    T3,
    T4,
    by_address,
    codes,
    read_table,
    seen,
    t4_printed,
)

if TYPE_CHECKING:
    from document.reading import Reading
    from document.report import Cell, Figure
    from document.template import Address

TIME = "2026-01-02T03:04:05.678+00:00"
# rows review, suit_direct, suit_after_review; columns upheld, corrected, other, pending, total
WRONG = t4_printed("3 1 0 2 9 0 0 0 0 0 0 0 0 0 0")


def said(
    address: Address, value: Figure | None, answer: Answer = Answer.VALUE, table: str = "t3"
) -> dict[Address, Decision]:
    return {address: Decision(table, address, answer, value, "李", TIME)}


def test_a_decision_outranks_a_clear_reading_and_what_was_read_stays() -> None:
    table, findings = settle(read_table(T3, SUQIAN_2023), T3, said(("new", "person"), 3401))
    cell = by_address(table)["new", "person"]
    assert (cell.printed, cell.value, cell.status) == ("3402", 3401, Status.HUMAN)
    assert cell.confidence == 1.0
    assert "李" in cell.reason.zh
    assert TIME in cell.reason.en
    assert cell.reading is not None
    assert [check.holds for check in table.checks].count(False) == 2
    # the others read clearly: nothing is bent to the person's figure, which may be a slip
    assert all(c.value == int(c.printed) for c in table.cells if c is not cell)
    assert set(codes(findings)) == {"source-arithmetic"}
    assert all(finding.wants_person for finding in findings)
    assert [c for c in table.cells if c.needs_review] == [cell]
    sure = said(("new", "person"), 3401, Answer.PAGE)
    table, findings = settle(read_table(T3, SUQIAN_2023), T3, sure)
    assert not any(c.needs_review for c in table.cells)
    assert findings
    assert not any(finding.wants_person for finding in findings)


def test_one_decision_settles_what_follows_from_it() -> None:
    doubts = {
        ("new", "person"): seen(("3402", 0.5), ("3482", 0.49)),
        ("carry", "person"): seen(("91", 0.5), ("11", 0.49)),
        ("total", "person"): seen(("3375", 0.5), ("3376", 0.49)),
        ("new", "total"): seen(("3511", 0.5), ("3591", 0.49)),
        ("carry", "total"): None,
    }
    before, _ = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3, said(("carry", "total"), 96))
    open_before = sum(cell.needs_review for cell in before.cells)
    assert open_before > sum(cell.needs_review for cell in table.cells) == 0
    assert not findings
    assert [by_address(table)[address].value for address in doubts] == [3402, 91, 3375, 3511, 96]


def test_a_mistake_of_the_page_that_a_person_confirmed_asks_nobody_and_is_still_told() -> None:
    before, findings = settle(read_table(T4, WRONG), T4)
    disputed = [cell for cell in before.cells if cell.status is Status.DISPUTED]
    assert len(disputed) > 1
    one = said(disputed[0].address, disputed[0].value, Answer.PAGE, "t4")
    table, findings = settle(read_table(T4, WRONG), T4, one)
    (finding,) = findings
    assert finding.wants_person  # the others may be misread as well
    assert disputed[0].address not in finding.cells
    every: dict[Address, Decision] = {}
    for cell in disputed:
        every |= said(cell.address, cell.value, Answer.PAGE, "t4")
    table, findings = settle(read_table(T4, WRONG), T4, every)
    (finding,) = findings
    assert (finding.code, finding.wants_person) == ("source-arithmetic", False)
    assert not any(cell.needs_review for cell in table.cells)
    assert [check.holds for check in table.checks].count(False) == 1


def test_a_blank_counts_as_zero_and_what_nobody_can_read_as_nothing() -> None:
    address = ("new", "nonprofit")
    blank, _ = settle(read_table(T3, SUQIAN_2023), T3, said(address, None, Answer.BLANK))
    cell = by_address(blank)[address]
    assert (cell.value, cell.status) == (None, Status.HUMAN)
    (row,) = [check for check in blank.checks if check.equation.startswith("new: total")]
    assert (row.holds, row.expected) == (False, 3507)
    lost, findings = settle(read_table(T3, SUQIAN_2023), T3, said(address, None, Answer.UNREADABLE))
    cell = by_address(lost)[address]
    assert (cell.value, cell.suggestion, cell.needs_review) == (None, 4, False)
    assert cell.status is Status.DERIVED
    (finding,) = findings
    assert (finding.code, finding.wants_person) == ("unreadable-figure", False)


def test_a_decision_without_its_value_is_none() -> None:
    with pytest.raises(ValueError, match="needs one"):
        said(("new", "person"), None)
    with pytest.raises(ValueError, match="has no value"):
        said(("new", "person"), 3, Answer.BLANK)


@pytest.mark.parametrize("seed", range(8))
def test_true_answers_never_make_a_wrong_figure_sure_and_settle_what_they_cost(
    seed: int,
) -> None:
    """Somebody who knows the page answers whatever is asked, from the top down."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    doubts: dict[Address, Reading | None] = {}
    for address in dice.sample(sorted(SUQIAN_2023), 30):
        truth = SUQIAN_2023[address]
        other = str(int(truth) + dice.choice((1, 6, 30)))
        sure = dice.uniform(0.5, 0.95)
        texts = (truth, other) if dice.random() < sure else (other, truth)
        doubts[address] = seen((texts[0], sure), (texts[1], 0.99 - sure))
    doubts[dice.choice(sorted(SUQIAN_2023))] = None
    read = read_table(T3, SUQIAN_2023, doubts)
    decisions: dict[Address, Decision] = {}
    table, findings = settle(read, T3)
    asked = sum(cell.needs_review for cell in table.cells)
    while any(cell.needs_review for cell in table.cells):
        assert len(decisions) < asked + 5
        address = next(cell.address for cell in table.cells if cell.needs_review)
        decisions |= said(address, int(SUQIAN_2023[address]))
        table, findings = settle(read, T3, decisions)
        wrong = [c for c in table.cells if not c.needs_review and str(c.value) != _true(c)]
        assert not wrong
    assert not any(finding.wants_person for finding in findings)
    assert all(check.holds for check in table.checks)
    # what a person knows may leave a question open that a likelier world had answered
    assert len(decisions) <= asked + 1


def _true(cell: Cell) -> str:
    return SUQIAN_2023[cell.address]
