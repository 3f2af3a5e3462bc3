"""What the screen tells of a figure's past."""

from __future__ import annotations

from dataclasses import replace

from document.reading import Opinion
from reconstruct.repair import settle
from review.cards import history_of
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, read_table, seen


def test_the_history_names_what_each_reader_saw() -> None:
    reading = replace(
        seen(("3402", 0.5), ("3482", 0.49)),
        opinions=(Opinion("paddle", "3402", 0.97), Opinion("own", "3482", 0.88)),
    )
    table, _ = settle(read_table(T3, SUQIAN_2023, {("new", "person"): reading}), T3)
    told = history_of(by_address(table)["new", "person"], (), "en")
    assert "first reader (PP-OCR): “3402”" in told
    assert "second reader (digit network): “3482”" in told
    told = history_of(by_address(table)["new", "person"], (), "zh")
    assert any("读者一" in line and "3402" in line for line in told)
    plain = history_of(by_address(table)["new", "total"], (), "en")
    assert not any("reader" in line for line in plain)
