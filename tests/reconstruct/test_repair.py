"""What a user notices of repair: what is mended, what is left, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from document.report import Status
from reconstruct.repair import settle
from tests.reconstruct.readings import (
    SUQIAN_2023,
    T2,
    T3,
    T4,
    by_address,
    codes,
    read_table,
    seen,
    t3_printed,
    t4_printed,
)

if TYPE_CHECKING:
    from document.reading import Reading
    from document.template import Address


def test_a_clean_table_is_left_alone() -> None:
    table, findings = settle(read_table(T3, SUQIAN_2023), T3)
    assert not findings
    assert all(check.holds for check in table.checks)
    assert len(table.checks) == 39
    for cell in table.cells:
        assert (cell.status, cell.needs_review) == (Status.READ, False)
        assert str(cell.value) == cell.printed == SUQIAN_2023[cell.address]
        assert cell.confidence > 0.999


def test_a_misread_whose_true_value_the_reader_saw_is_mended() -> None:
    doubts = {("new", "person"): seen(("3482", 0.7), ("3402", 0.28))}
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cell = by_address(table)["new", "person"]
    assert (cell.printed, cell.value, cell.status) == ("3482", 3402, Status.REPAIRED)
    assert not cell.needs_review
    assert not findings
    assert all(check.holds for check in table.checks)
    assert (
        "自然人：本年新收 3402 + 上年结转 91 = （七）总计 3375 + 结转下年度 118" in cell.reason.zh
    )
    assert "holds only with 3402" in cell.reason.en
    assert "nats more" in cell.reason.en
    changed = [c for c in table.cells if c.status is not Status.READ]
    assert changed == [cell]


@pytest.mark.parametrize("first", ["?", "8"])
def test_where_none_of_its_sums_holds_nothing_is_repaired_for_sure(first: str) -> None:
    """The page is wrong beside it, in its row and in its column: no sum shows that it is right."""
    wrong = {("u3", "legal"): "23", ("partial", "business"): "118"}
    doubts = {("u3", "business"): seen((first, 0.8), (SUQIAN_2023["u3", "business"], 0.15))}
    table, _ = settle(read_table(T3, {**SUQIAN_2023, **wrong}, doubts), T3)
    cell = by_address(table)["u3", "business"]
    fails = [c for q, c in zip(T3.equations, table.checks, strict=True) if cell.address in q.cells]
    assert not any(check.holds for check in fails)
    assert cell.needs_review
    assert cell.reason.zh
    assert cell.reason.en


@pytest.mark.parametrize("seen_as", [".0", "-0"])
def test_a_speck_beside_a_zero_makes_no_blank_of_it(seen_as: str) -> None:
    address = next(a for a, text in SUQIAN_2023.items() if text == "0")
    table, _ = settle(
        read_table(T3, SUQIAN_2023, {address: seen((seen_as, 0.94), ("0", 0.03))}), T3
    )
    cell = by_address(table)[address]
    assert (cell.printed, cell.value, cell.needs_review) == (seen_as, 0, False)


def test_a_text_that_is_no_number_is_mended_too() -> None:
    doubts = {("new", "total"): seen(("35l1", 0.6), ("3511", 0.35))}
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cell = by_address(table)["new", "total"]
    assert (cell.printed, cell.value, cell.status) == ("35l1", 3511, Status.REPAIRED)
    assert not cell.needs_review
    assert not findings


def test_several_misreads_in_one_table() -> None:
    doubts = {
        ("new", "person"): seen(("3482", 0.7), ("3402", 0.28)),
        ("n1", "person"): seen(("345", 0.6), ("845", 0.3)),
        ("d5", "legal"): seen(("1", 0.6), ("0", 0.3)),
        ("total", "total"): seen(("3486", 0.9), ("3488", 0.08)),
    }
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cells = by_address(table)
    assert [str(cells[a].value) for a in doubts] == [SUQIAN_2023[a] for a in doubts]
    assert not any(cell.needs_review for cell in table.cells)
    assert not findings
    confirmed = cells["total", "total"]
    assert confirmed.status is Status.READ
    assert confirmed.confidence > 0.99
    assert "confirmed by" in confirmed.reason.en


def test_a_total_left_at_zero_on_the_page_stays() -> None:
    printed = t4_printed("10 1 0 0 0  2 1 0 0 3  5 0 0 0 0")
    table, findings = settle(read_table(T4, printed), T4)
    cells = by_address(table)
    assert {str(c.value) for c in table.cells if c.printed != str(c.value)} == set()
    total = cells["review", "total"]
    assert (total.value, total.status, total.needs_review) == (0, Status.DISPUTED, True)
    assert total.suggestion == 11
    assert codes(findings) == ["source-arithmetic", "source-arithmetic"]
    first, second = findings
    assert first.cells == (("review", "total"),)  # no part could be smaller by 11
    assert set(second.cells) == {("suit_after_review", "total"), ("suit_after_review", "upheld")}
    assert first.wants_person
    for part in ("结果维持 10 + 结果纠正 1", "总计 0", "0 − 11 = -11"):
        assert part in first.message.zh
    assert "the page itself does not add up" in first.message.en
    check = table.checks[0]
    assert (check.holds, check.expected, check.found) == (False, 11, 0)
    untouched = [c for a, c in cells.items() if a[0] == "suit_direct"]
    assert not any(c.needs_review for c in untouched)


def test_an_equation_alone_never_changes_a_clear_figure() -> None:
    printed = dict(SUQIAN_2023)
    printed["total", "person"] = "3370"
    table, findings = settle(read_table(T3, printed), T3)
    cell = by_address(table)["total", "person"]
    assert (cell.value, cell.status, cell.needs_review) == (3370, Status.DISPUTED, True)
    assert cell.suggestion == 3375
    assert {f.code for f in findings} == {"source-arithmetic"}
    assert {f.cells for f in findings} == {(("total", "person"),)}
    assert [c.address for c in table.cells if c.needs_review] == [("total", "person")]


def test_leaf_rows_that_add_up_to_more_than_their_total() -> None:
    # as on a real page: a part and the total of its row are both six too large
    printed = SUQIAN_2023 | {("d3", "person"): "12", ("d3", "total"): "12"}
    table, findings = settle(read_table(T3, printed), T3)
    assert all(str(c.value) == printed[c.address] for c in table.cells)
    assert {f.code for f in findings} == {"source-arithmetic"}
    named = {address for f in findings for address in f.cells}
    assert {("d3", "person"), ("d3", "total")} <= named
    assert all(by_address(table)[a].status is Status.DISPUTED for a in named)
    failing = [c.equation for c in table.checks if not c.holds]
    assert len(failing) == 2
    assert all(name.partition(": ")[2].startswith("total = granted") for name in failing)


def test_a_doubtful_figure_is_not_bent_to_a_mistake_of_the_page() -> None:
    # the page prints 3370 where 3375 would add up, and a part is doubtful as it happens
    printed = SUQIAN_2023 | {("total", "person"): "3370"}
    doubts = {("partial", "person"): seen(("319", 0.9), ("314", 0.08))}
    table, _ = settle(read_table(T3, printed, doubts), T3)
    assert by_address(table)["partial", "person"].value == 319
    assert by_address(table)["total", "person"].needs_review


def test_two_repairs_that_fit_equally_change_nothing() -> None:
    printed = t4_printed("3 5 0 0 9  0 0 0 0 0  0 0 0 0 0")
    doubts = {
        ("review", "upheld"): seen(("3", 0.6), ("4", 0.35)),
        ("review", "corrected"): seen(("5", 0.6), ("6", 0.35)),
    }
    table, findings = settle(read_table(T4, printed, doubts), T4)
    cells = by_address(table)
    for address in doubts:
        assert str(cells[address].value) == printed[address]
        assert (cells[address].status, cells[address].needs_review) == (Status.DISPUTED, True)
        assert "more than one explanation fits" in cells[address].reason.en
    assert codes(findings) == ["doubtful-arithmetic"]
    assert set(findings[0].cells) >= set(doubts)


def test_a_repair_that_rests_on_one_equation_alone_wants_good_evidence() -> None:
    printed = t4_printed("5 0 91 0 99  0 0 0 0 0  0 0 0 0 0")
    strong = {("review", "upheld"): seen(("5", 0.5), ("8", 0.45))}
    table, _ = settle(read_table(T4, printed, strong), T4)
    assert by_address(table)["review", "upheld"].value == 8
    assert not by_address(table)["review", "upheld"].needs_review
    weak = {("review", "upheld"): seen(("5", 0.81), ("8", 0.13))}
    table, _ = settle(read_table(T4, printed, weak), T4)
    assert by_address(table)["review", "upheld"].needs_review


def test_what_authors_get_wrong_most_wants_better_evidence() -> None:
    # a figure left at 0 may be the page's own mistake, an 8 taken for a 5 hardly
    for best, other, mended in [("5", "8", True), ("0", "8", False)]:
        printed = t3_printed(new="8 0 0 0 0 0 8", granted="8 0 0 0 0 0 8", total="8 0 0 0 0 0 8")
        doubts = {("granted", "person"): seen((best, 0.9), (other, 0.04))}
        table, _ = settle(read_table(T3, printed, doubts), T3)
        cell = by_address(table)["granted", "person"]
        assert (cell.value, cell.needs_review) == (int(other if mended else best), not mended)


def test_nothing_is_changed_to_a_candidate_far_behind_another_one() -> None:
    # the reader holds 3 for possible, and 8 for much less; that 8 makes the sums hold may be
    # the page's own mistake
    printed = t3_printed(new="8 0 0 0 0 0 8", granted="8 0 0 0 0 0 8", total="8 0 0 0 0 0 8")
    for third, mended in [(0.04, True), (0.02, False)]:
        doubts = {("granted", "person"): seen(("5", 0.86), ("3", 0.08), ("8", third))}
        table, findings = settle(read_table(T3, printed, doubts), T3)
        cell = by_address(table)["granted", "person"]
        assert (cell.value, cell.needs_review) == (8 if mended else 5, not mended)
        if not mended:
            assert (cell.status, cell.suggestion) == (Status.DISPUTED, 8)
            assert set(codes(findings)) == {"doubtful-arithmetic"}


def test_a_figure_missing_from_the_candidates_is_only_suggested() -> None:
    doubts = {("n1", "person"): seen(("345", 0.6), ("945", 0.3))}
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cell = by_address(table)["n1", "person"]
    assert (cell.value, cell.status, cell.needs_review) == (345, Status.DISPUTED, True)
    assert cell.suggestion == 845
    assert {f.code for f in findings} == {"doubtful-arithmetic"}


def test_unreadable_and_missing_figures_are_derived_but_not_decided() -> None:
    doubts = {
        ("u1", "person"): None,
        ("d2", "total"): seen(("8", 0.3), legible=False),
        ("d3", "total"): seen(("6", 0.3), legible=False),
    }
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cells = by_address(table)
    for address in doubts:
        assert cells[address].status is Status.DERIVED
        assert cells[address].needs_review
        assert str(cells[address].suggestion) == SUQIAN_2023[address]
    assert cells["u1", "person"].value is None  # not on the page
    assert cells["d2", "total"].value is None  # nobody saw it
    assert cells["d3", "total"].value == 6  # the blot may well be a 6
    assert codes(findings) == ["unreadable-figure"]
    assert set(findings[0].cells) == set(doubts)
    assert not [c for c in table.cells if c.needs_review and c.address not in doubts]
    about = [c for c in table.checks if "u1: total" in c.equation]
    assert [c.holds for c in about] == [None]


def test_what_cannot_be_derived_is_unreadable() -> None:
    doubts = {(row, "person"): None for row in ("d1", "d2")} | {
        (row, "business"): None for row in ("d1", "d2")
    }
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    lost = [by_address(table)[a] for a in doubts]
    # d1 adds up to 0 over the row, so that both of its figures are 0 if none is negative
    assert {c.address: c.suggestion for c in lost} == {
        ("d1", "person"): 0,
        ("d1", "business"): 0,
        ("d2", "person"): 27,
        ("d2", "business"): 0,
    }
    two_rows = {(row, c): None for row in ("granted", "partial") for c in ("person", "business")}
    table, findings = settle(read_table(T3, SUQIAN_2023, two_rows), T3)
    assert all(by_address(table)[a].status is Status.UNREADABLE for a in two_rows)
    assert all(by_address(table)[a].suggestion is None for a in two_rows)
    assert codes(findings) == ["unreadable-figure"]


def test_blanks_and_dashes_count_as_zero_and_stay_as_printed() -> None:
    printed = SUQIAN_2023 | {
        a: text for a, old in SUQIAN_2023.items() if old == "0" for text in [""]
    }
    printed["d1", "person"] = "—"
    printed["d4", "total"] = "/"
    printed["d4", "person"] = "无"
    table, findings = settle(read_table(T3, printed), T3)
    assert not findings
    assert all(check.holds for check in table.checks)
    for cell in table.cells:
        assert cell.printed == printed[cell.address]
        assert (cell.value is None) == (not cell.printed.isdigit())
        assert not cell.needs_review


def test_totals_left_blank_are_asked_about() -> None:
    printed = SUQIAN_2023 | {("d2", "total"): ""}
    table, findings = settle(read_table(T3, printed), T3)
    cell = by_address(table)["d2", "total"]
    assert (cell.value, cell.status, cell.needs_review) == (None, Status.DISPUTED, True)
    assert cell.suggestion == 27
    assert {f.code for f in findings} == {"left-blank"}


def test_a_whole_column_of_totals_left_blank() -> None:
    leaves = [r for r, _ in T3.row_names if r not in {"new", "carry", "total", "next"}]
    printed = SUQIAN_2023 | {(row, "total"): "" for row in leaves}
    table, _ = settle(read_table(T3, printed), T3)
    asked = {c.address for c in table.cells if c.needs_review}
    expected = {(r, "total") for r in leaves if SUQIAN_2023[r, "total"] != "0"}
    assert asked == expected
    assert all(str(by_address(table)[a].suggestion) == SUQIAN_2023[a] for a in expected)


def test_a_blank_or_a_zero_is_for_a_person_to_say() -> None:
    doubts = {("d1", "person"): seen(("0", 0.6), ("", 0.39))}
    table, _ = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cell = by_address(table)["d1", "person"]
    assert (cell.value, cell.needs_review) == (0, True)
    assert cell.confidence < 0.999


def test_a_table_without_equations_relies_on_its_readings() -> None:
    printed = {c.address: "12" for c in T2.figures if c.address}
    printed["fee", "amount"] = "5949.088667"
    printed["normative", "made"] = "22（其中修订16件）"
    doubts = {
        ("licence", "decisions"): seen(("10690", 0.97), ("10890", 0.02)),
        ("penalty", "decisions"): seen(("2113", 0.997), ("2118", 0.002)),
    }
    table, findings = settle(read_table(T2, printed, doubts), T2)
    cells = by_address(table)
    assert cells["fee", "amount"].value == Decimal("5949.088667")
    assert cells["normative", "made"].value == 22
    assert cells["normative", "made"].printed == "22（其中修订16件）"
    assert [c.address for c in table.cells if c.needs_review] == [("licence", "decisions")]
    assert "97.0%" in cells["licence", "decisions"].reason.zh
    assert cells["licence", "decisions"].value == 10690
    assert table.checks == ()
    assert findings == ()


def test_a_unit_unlike_its_heading_is_asked_about() -> None:
    printed = {c.address: "12" for c in T2.figures if c.address}
    for text, asked in [("96171.6万元", False), ("961716000元", True)]:
        printed["fee", "amount"] = text
        table, _ = settle(read_table(T2, printed), T2)
        assert by_address(table)["fee", "amount"].needs_review is asked


def test_figures_of_doubtful_places_are_asked_about_unless_sums_leave_just_them() -> None:
    read = read_table(T3, SUQIAN_2023)
    cells = tuple(replace(c, reliable=c.address[0] not in {"d2", "d3"}) for c in read.cells)
    table, _ = settle(replace(read, cells=cells), T3)
    cell = by_address(table)["d2", "person"]
    assert (cell.value, cell.needs_review) == (27, True)
    assert "row or column" in cell.reason.en


def test_a_misread_that_recurs_is_not_taken_for_confirmation() -> None:
    # a reader that takes every 1 for a 7 makes sums that hold: 7 = 7
    printed = t3_printed(new="7 0 0 0 0 0 7", granted="7 0 0 0 0 0 7", total="7 0 0 0 0 0 7")
    doubts = {a: seen(("7", 0.8), ("1", 0.18)) for a, text in printed.items() if text == "7"}
    table, _ = settle(read_table(T3, printed, doubts), T3)
    assert all(by_address(table)[a].needs_review for a in doubts)


def test_figures_the_table_lacks_count_as_missing_and_strangers_are_refused() -> None:
    read = read_table(T4, t4_printed("1 0 0 0 1  0 0 0 0 0  0 0 0 0 0"))
    table, findings = settle(replace(read, cells=read.cells[:-1]), T4)
    last = table.cells[-1]
    assert (last.address, last.value, last.page) == (("suit_after_review", "total"), None, 0)
    assert last.suggestion == 0
    assert codes(findings) == ["unreadable-figure"]
    with pytest.raises(ValueError, match="no figure at"):
        settle(read, T3)


def strokes(count: int, *, zero: bool = False) -> dict[Address, Reading | None]:
    """Return doubtful strokes in the first ``count`` figures of 表二, and perhaps a clear 0."""
    addresses = [cell.address for cell in T2.figures if cell.address]
    doubts: dict[Address, Reading | None] = {
        address: seen(("/", 0.984), ("1", 0.008)) for address in addresses[:count]
    }
    if zero:
        doubts[addresses[-1]] = seen(("0", 0.9999))
    return doubts


def test_strokes_all_over_a_table_are_its_way_to_print_zeros() -> None:
    printed = {cell.address: "12" for cell in T2.figures if cell.address}
    table, _ = settle(read_table(T2, printed, strokes(5)), T2)
    assert not any(cell.needs_review for cell in table.cells)
    few, _ = settle(read_table(T2, printed, strokes(2)), T2)
    assert sum(cell.needs_review for cell in few.cells) == 2


def test_where_zeros_are_printed_a_stroke_may_be_a_one() -> None:
    printed = {cell.address: "12" for cell in T2.figures if cell.address}
    table, _ = settle(read_table(T2, printed, strokes(5, zero=True)), T2)
    assert sum(cell.needs_review for cell in table.cells) == 5


@pytest.mark.parametrize("others", [7, 2])
def test_a_row_of_strokes_among_rows_of_zeros_is_left_out_as_a_whole(others: int) -> None:
    printed = t3_printed(d4=" ".join(["/"] * others + ["0"] * (7 - others)))
    doubt = {("d4", "person"): seen(("/", 0.94), ("1", 0.035), ("", 0.005), ("7", 0.005))}
    table, _ = settle(read_table(T3, printed, doubt), T3)
    cell = by_address(table)["d4", "person"]
    assert (cell.value, cell.needs_review) == (None, others < 7)


def test_dashes_all_over_a_table_are_no_zeros_even_if_each_might_be_one() -> None:
    rows = [row for row, _ in T3.row_names]
    blank = dict.fromkeys(rows, "- - - - - - -")
    printed = t3_printed(
        **blank | {"new": "3 - - - - - 3", "total": "3 - - - - - 3"} | {"granted": "3 - - - - - 3"}
    )
    doubts = {
        a: seen(("-", 0.88), ("0", 0.04), ("8", 0.02)) for a, t in printed.items() if t == "-"
    }
    table, _ = settle(read_table(T3, printed, doubts), T3)
    assert not any(by_address(table)[a].needs_review for a in doubts)


LEFT_OUT = t3_printed(
    **dict.fromkeys((row for row, _ in T3.row_names), "- - - - - - -")
    | dict.fromkeys(("new", "granted", "total"), "3 - - - - - 3")
)


@pytest.mark.parametrize(("printed", "value"), [(SUQIAN_2023, 0), (LEFT_OUT, None)])
def test_a_zero_in_doubt_is_as_its_table_prints_zeros(
    printed: dict[Address, str], value: int | None
) -> None:
    at = "d4", "person"
    unlike, like = ("", "0") if value == 0 else ("0", "-")
    doubt = seen((unlike, 0.36), (like, 0.23), ("1", 0.07))
    table, _ = settle(read_table(T3, printed, {at: doubt}), T3)
    cell = by_address(table)[at]
    assert (cell.value, cell.needs_review) == (value, True)
    assert "the other zeros of this table" in cell.reason.en


@pytest.mark.parametrize(("printed", "value"), [(SUQIAN_2023, 0), (LEFT_OUT, None)])
def test_a_zero_that_nobody_can_read_is_as_its_table_prints_zeros(
    printed: dict[Address, str], value: int | None
) -> None:
    at = "d4", "person"
    doubt = seen(("-", 0.3), ("0", 0.1), ("8", 0.1), legible=False)
    table, _ = settle(read_table(T3, printed, {at: doubt}), T3)
    cell = by_address(table)[at]
    assert (cell.status, cell.value, cell.suggestion) == (Status.DERIVED, value, 0)
    assert cell.needs_review


def test_a_blank_that_is_likely_by_itself_stays_among_zeros() -> None:
    doubt = {("d4", "person"): seen(("", 0.9), ("0", 0.05))}
    table, _ = settle(read_table(T3, SUQIAN_2023, doubt), T3)
    cell = by_address(table)["d4", "person"]
    assert (cell.value, cell.needs_review) == (None, True)
