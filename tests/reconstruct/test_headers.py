"""Columns are proved by the words above them, unless these say that separators are displaced."""

from __future__ import annotations

import pytest

from reconstruct.headers import Heads, denied_columns, proved_columns
from tests.reconstruct.printed_forms import table

T3 = table("2021", "t3")
NAMES = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
HEADERS = tuple(
    next(c for c in T3.cells if c.address is None and c.label == name) for name in NAMES
)


def proved(read: dict[str, str], *, supposed: bool) -> set[str]:
    """Return the headers that are proved where each reads as it is printed but for ``read``."""
    words = {h: read.get(h.label, h.label) for h in HEADERS}
    return {h.label for h in proved_columns(Heads(words, (), supposed))}


@pytest.mark.parametrize("supposed", [False, True])
def test_headers_read_in_their_places_prove_their_columns(*, supposed: bool) -> None:
    assert proved({}, supposed=supposed) == set(NAMES)


def test_one_header_that_is_anothers_leaves_the_others_proved() -> None:
    assert proved({"其他": "法律服务机构"}, supposed=True) == set(NAMES) - {"其他"}


def test_two_headers_that_are_others_say_that_supposed_separators_are_displaced() -> None:
    shifted = {"其他": "法律服务机构", "法律服务机构": "社会公益组织"}
    assert proved(shifted, supposed=True) == set()
    assert proved(shifted, supposed=False) == set(NAMES) - set(shifted)


def test_headers_whose_letters_stand_in_each_others_places_are_cut_by_their_separator() -> None:
    cut = {"其他": "其", "总计": "他总计"}
    words = {h: cut.get(h.label, h.label) for h in HEADERS}
    assert {h.label for h in denied_columns(Heads(words, (), supposed=False))} == set(cut)
    assert proved(cut, supposed=True) == set()


def test_letters_lost_or_misread_cut_no_header() -> None:
    poor = {"其他": "其", "总计": "急总计", "法律服务机构": "法律服务机"}
    assert proved(poor, supposed=True) == set(NAMES)
