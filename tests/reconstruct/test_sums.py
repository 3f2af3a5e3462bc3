"""An equation written out for people."""

from __future__ import annotations

from reconstruct.sums import written_out
from tests.reconstruct.readings import T4, t4_printed

GROUP = T4.equations[0]


def test_a_sum_that_fails_shows_what_was_expected_and_by_how_much() -> None:
    values = {a: int(t) for a, t in t4_printed("10 1 0 0 0  0 0 0 0 0  0 0 0 0 0").items()}
    assert written_out(T4, GROUP, values, "en").splitlines() == [
        "  review.upheld      10",
        "+ review.corrected    1",
        "-----------------------",
        "  sum                11",
        "≠ review.total        0",
        "  difference        -11",
    ]
    chinese = written_out(T4, GROUP, values)
    assert "结果维持   10" in chinese
    assert "差额" in chinese


def test_a_sum_that_holds_and_one_that_nobody_can_check() -> None:
    values = {a: int(t) for a, t in t4_printed("10 1 0 0 11  0 0 0 0 0  0 0 0 0 0").items()}
    assert "= review.total" in written_out(T4, GROUP, values, "en")
    unread = values | {("review", "other"): None}
    assert "? review.total" in written_out(T4, GROUP, unread, "en")
    assert "+ review.other       ?" in written_out(T4, GROUP, unread, "en")
