"""Where a reader fails all over a table, its own word is not enough for the rest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconstruct.repair import settle
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, read_table, seen

if TYPE_CHECKING:
    from document.reading import Reading
    from document.template import Address

FALSE = ("n4", "legal")
ROWS = [key for key, _ in T3.row_names]


def lost(rows: list[str]) -> dict[Address, Reading | None]:
    return {a: seen(("?", 0.5), legible=False) for a in SUQIAN_2023 if a[0] in rows}


def test_a_confident_misreading_between_unreadable_rows_goes_to_a_person() -> None:
    unread = ROWS[4:]
    doubts = lost([row for row in unread if row != FALSE[0]]) | {
        a: seen(("0", 0.5), legible=False)
        for a in SUQIAN_2023
        if a[0] == FALSE[0] and a[1] != FALSE[1]
    }
    doubts[FALSE] = seen(("3", 0.9985), ("40", 0.0005))
    table, _ = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cell = by_address(table)[FALSE]
    assert cell.needs_review
    assert "人工确认" in cell.reason.zh
    assert "a person must look" in cell.reason.en


def test_what_a_sum_confirms_is_still_taken() -> None:
    table, _ = settle(read_table(T3, SUQIAN_2023, lost(ROWS[4:20])), T3)
    cells = by_address(table)
    assert not any(cells["new", column].needs_review for column, _ in T3.column_names)


def test_a_few_lost_figures_cast_no_doubt_on_the_others() -> None:
    row = ROWS[7]
    table, _ = settle(read_table(T3, SUQIAN_2023, lost([row])), T3)
    assert {c.address[0] for c in table.cells if c.needs_review} <= {row}


@pytest.mark.parametrize(("sure", "asked"), [(0.13, True), (0.97, False)])
def test_blanks_of_a_table_that_hardly_reads_at_all_go_to_a_person(
    *, sure: float, asked: bool
) -> None:
    """A fax kept specks of thin figures, and of most zeros nothing."""
    printed = dict.fromkeys(SUQIAN_2023, "")
    rows = [key for key, _ in T3.row_names][:8]
    doubts = {
        (row, column): seen(("7", sure), ("1", 0.02), ("-", 0.005))
        for row in rows
        for column in ("person", "total")
    }
    table, _ = settle(read_table(T3, printed, doubts), T3)
    blanks = [cell for address, cell in by_address(table).items() if address not in doubts]
    assert all(cell.value is None for cell in blanks)
    assert any(not cell.needs_review for cell in blanks) is not asked


@pytest.mark.parametrize(("well", "asked"), [(0, True), (1, False)])
def test_three_specks_on_a_form_hardly_filled_in_are_no_faded_print(
    *, well: int, asked: bool
) -> None:
    """A figure that is read well shows that figures can be read there."""
    specks = [("granted", "nonprofit"), ("d3", "other"), ("n2", "research")]
    doubts = {address: seen(("0", 0.6), ("9", 0.02), ("", 0.02)) for address in specks}
    doubts |= dict.fromkeys([("new", "person"), ("new", "total")][: 2 * well], seen(("2", 0.9995)))
    table, _ = settle(read_table(T3, dict.fromkeys(SUQIAN_2023, ""), doubts), T3)
    blanks = [cell for address, cell in by_address(table).items() if address not in doubts]
    assert any(not cell.needs_review for cell in blanks) is not asked
