"""What printed cells say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document.numeral import Kind, Numeral, parse, spell

if TYPE_CHECKING:
    from document.report import Figure
    from document.template import CellType


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0", "count", 0),
        ("3001", "count", 3001),
        ("１２", "count", 12),
        ("1 0", "count", 10),
        (" \u00a01\u30002\u200b ", "count", 12),
        ("2,527", "count", 2527),
        ("11，398，889", "count", 11_398_889),
        ("12.", "count", 12),
        ("12。", "count", 12),
        ("007", "count", 7),
        ("22件", "count", 22),
        ("-18", "signed", -18),
        ("－15", "signed", -15),
        ("−15", "signed", -15),
        ("+1036", "signed", 1036),
        ("＋1,036", "signed", 1036),
        ("442", "signed", 442),
        ("96171.6", "decimal", Decimal("96171.6")),
        ("5949.088667", "decimal", Decimal("5949.088667")),
        ("２４252．311082", "decimal", Decimal("24252.311082")),
        ("0.00", "decimal", Decimal(0)),
        ("316441", "decimal", Decimal(316441)),
        ("75394432.52元", "money", Decimal("75394432.52")),
        ("251000元", "money", Decimal(251000)),
        ("12.5万元", "money", Decimal(125000)),
        ("0.123456万元", "money", Decimal("1234.56")),
        ("1亿元", "money", Decimal(100_000_000)),
        ("7,539.5", "money", Decimal("7539.5")),
        ("-1,234,567.80", "signed-decimal", Decimal("-1234567.8")),
        ("(1,234.50)", "signed-decimal", Decimal("-1234.5")),
        ("（1，234.50）", "signed-decimal", Decimal("-1234.5")),
        ("(0.00)", "signed-decimal", Decimal(0)),
        ("-0.00", "signed-decimal", Decimal(0)),
        ("35,000.00", "signed-decimal", Decimal(35000)),
        ("1234.50（注）", "signed-decimal", Decimal("1234.5")),
        ("2.166,848.81", "signed-decimal", Decimal("2166848.81")),
        ("-48.464.728,76", "signed-decimal", Decimal("-48464728.76")),
        ("1.234,5", "decimal", Decimal("1234.5")),
        ("(35,000.00)", "amount", Decimal(-35000)),
        ("1,234.50元", "amount", Decimal("1234.5")),
        ("0", "amount", Decimal(0)),
        ("12.5%", "percent", Decimal("12.5")),
        ("-3.20％", "percent", Decimal("-3.2")),
        ("100", "percent", Decimal(100)),
    ],
)
def test_numbers(text: str, kind: CellType, value: Figure) -> None:
    numeral = parse(text, kind)
    assert (numeral.kind, numeral.value) == (Kind.NUMBER, value)
    assert type(numeral.value) is type(value)
    assert numeral.value is not None
    assert "E" not in spell(numeral.value)


@pytest.mark.parametrize(
    "kind", ["count", "signed", "decimal", "signed-decimal", "amount", "money", "percent"]
)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Kind.BLANK),
        ("\u3000\u00a0", Kind.BLANK),
        ("-", Kind.DASH),
        ("—", Kind.DASH),
        ("——", Kind.DASH),
        ("－", Kind.DASH),
        ("/", Kind.DASH),
        ("／", Kind.DASH),
        ("无", Kind.NONE),
    ],
)
def test_cells_without_a_number(text: str, kind: CellType, found: Kind) -> None:
    numeral = parse(text, kind)
    assert (numeral.kind, numeral.value, numeral.addend) == (found, None, 0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3O", "count"),
        ("〇", "count"),
        ("l2", "count"),
        ("一", "count"),
        ("1.5", "count"),
        ("0.00", "count"),
        ("-3", "count"),
        ("+3", "count"),
        ("1,23", "count"),
        ("1,2345", "count"),
        ("12,345,6", "count"),
        (",123", "count"),
        ("1.5", "signed"),
        ("--5", "signed"),
        ("-1.5", "decimal"),
        ("1.2.3", "decimal"),
        (".5", "decimal"),
        ("12%", "decimal"),
        ("251000件", "money"),
        ("5元", "count"),
        ("5①", "count"),
        ("5²", "count"),
        ("٣", "count"),
        ("22（其中", "count"),
        ("（22）", "count"),
        ("（22.50）", "decimal"),
        ("2.166,848", "decimal"),
        ("1775708.5", "amount"),
        ("12.50万元", "amount"),
        ("12.50万元", "signed-decimal"),
        ("1775708", "amount"),
        ("1,234,5", "amount"),
        ("0.0", "amount"),
        ("12.345", "amount"),
        ("0.123,45", "decimal"),
        ("2.16,848.81", "signed-decimal"),
        ("1.234,56", "count"),
        ("（-22.50）", "signed-decimal"),
        ("5%", "signed-decimal"),
        ("5元", "percent"),
        ("22其中修订16件", "count"),
    ],
)
def test_what_is_no_figure(text: str, kind: CellType) -> None:
    assert parse(text, kind) == Numeral(Kind.OTHER)
    assert parse(text, kind).addend is None


def test_remarks_are_kept_as_printed() -> None:
    assert parse("22（其中修订16件）", "count") == Numeral(Kind.NUMBER, 22, None, "其中修订16件")
    assert parse("55 (含自然失效 29 件)", "count").remark == "含自然失效29件"
    assert parse("1件（修订）", "count") == Numeral(Kind.NUMBER, 1, "件", "修订")
    assert parse("—（未统计）", "count") == Numeral(Kind.DASH, remark="未统计")


def test_units_are_kept_as_printed() -> None:
    assert parse("12.5 万元", "money").unit == "万元"
    assert parse("96171.6万元", "decimal") == Numeral(Kind.NUMBER, Decimal("96171.6"), "万元", None)


COUNTS = st.integers(min_value=0, max_value=10**12)
AMOUNTS = st.decimals(
    min_value=0, max_value=10**40, allow_nan=False, allow_infinity=False, places=6
)


@given(COUNTS)
def test_counts_round_trip_however_they_are_printed(value: int) -> None:
    full_width = str(value).translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    for text in (str(value), f"{value:,}", full_width, " ".join(str(value)), f"{value}件"):
        assert parse(text, "count").value == value
    assert parse(spell(value), "count").value == value


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_signed_numbers_round_trip(value: int) -> None:
    assert parse(str(value), "signed").value == value
    assert parse(f"{value:+,}".replace("-", "－"), "signed").value == value


@given(AMOUNTS)
def test_amounts_round_trip_and_nothing_is_rounded(value: Decimal) -> None:
    printed = format(value, "f")
    found = parse(printed, "decimal").value
    assert found == value
    assert found is not None
    assert parse(spell(found), "decimal").value == found
    in_yuan = parse(printed + "万元", "money").value
    assert isinstance(in_yuan, Decimal)
    # 万元 has four more digits before the point: the same digits, moved
    digits = format(value, "f").replace(".", "").lstrip("0")
    assert spell(in_yuan).replace(".", "").strip("0") == digits.strip("0")
    assert parse(spell(in_yuan) + "元", "money").value == in_yuan


@given(st.text(max_size=12), st.sampled_from(["count", "signed", "decimal", "money"]))
def test_any_text_is_understood_or_left_alone(text: str, kind: CellType) -> None:
    numeral = parse(text, kind)
    assert (numeral.value is None) == (numeral.kind is not Kind.NUMBER)
    assert (numeral.addend is None) == (numeral.kind is Kind.OTHER)
