"""Labels that differ in a word that matters are not alike."""

from __future__ import annotations

import pytest

from reconstruct.text_rows import SURE_LABEL
from reconstruct.wording import alike


@pytest.mark.parametrize("read", ["上年制发件数", "去年制发件数", "上一年制发件数"])
def test_a_column_of_the_year_before_is_not_this_years(read: str) -> None:
    """Agencies print last year's figures beside this year's: five of six characters agree."""
    assert alike(read, "本年制发件数") < SURE_LABEL


@pytest.mark.parametrize("read", ["木年制发件数", "本年制发件数(件)", "年制发件数"])
def test_a_label_of_this_year_is_known_though_it_is_read_badly(read: str) -> None:
    assert alike(read, "本年制发件数") >= SURE_LABEL


def test_a_label_that_speaks_of_both_years_is_compared_as_it_stands() -> None:
    assert alike("本年与上年制发件数", "本年制发件数") >= SURE_LABEL
