"""What a printed cell says: a number, nothing, a dash, or something that is no figure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from document.template import SIGNED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from document.report import Figure
    from document.template import CellType


class Kind(StrEnum):
    """What stands in a cell. Four of these say nothing of a number, each in its own way."""

    NUMBER = "number"
    BLANK = "blank"
    DASH = "dash"
    NONE = "none"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A cell's text, understood.

    ``value`` is None unless ``kind`` is NUMBER. ``unit`` and ``remark`` are as printed, without
    white space; None where nothing is printed.
    """

    kind: Kind
    value: Figure | None = None
    unit: str | None = None
    remark: str | None = None

    @property
    def addend(self) -> Figure | None:
        """What the cell counts as in a sum: 0 where a page leaves a zero out, None if unclear."""
        if self.kind is Kind.OTHER:
            return None
        return 0 if self.value is None else self.value


# Full-width forms (U+FF01…FF5E) to ASCII, one character for one. NFKC would do more than is
# wanted: it turns ① into 1 and ² into 2, and a footnote mark into a digit of the figure.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("。"): ord(".")}
_UNSEEN = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_DASHES = r"\-‐‑‒–—―−─"  # for a character class, hence the escape
_DASH = re.compile(rf"[{_DASHES}]{{1,4}}|/{{1,2}}")
_REMARK = re.compile(r"(?P<body>[^()]+)\((?P<remark>[^()]+)\)")
_BLURRED = re.compile(
    r"(?P<sign>[+-]?)(?P<groups>[1-9]\d{0,2}(?:[.,]\d{3})+)[.,](?P<fraction>\d{1,2})"
)
_LESS = re.compile(r"\((?P<body>[^()+\-]*\d[^()]*)\)")
_NUMBER = re.compile(
    rf"(?P<sign>[+{_DASHES}])?(?P<whole>\d{{1,3}}(?:,\d{{3}})+|\d+)"
    r"(?:\.(?P<fraction>\d+)|\.)?(?P<unit>[^\d.,+-]*)",
    re.ASCII,
)
_MONEY = {"元": 0, "万元": 4, "亿元": 8}
_COUNTED = frozenset("件个项次条宗份起例人")
_UNITS: Mapping[CellType, Collection[str]] = {
    "count": _COUNTED,
    "signed": _COUNTED,
    "decimal": _MONEY,  # whoever compares it with the unit of the heading is told
    "signed-decimal": ("元",),
    "amount": ("元",),
    "money": _MONEY,
    "percent": ("%",),
}


def parse(text: str, kind: CellType) -> Numeral:
    """Read the text of a cell whose template type is ``kind``.

    - White space of every kind is ignored, also between digits ("1 0" is 10): scans and
      converters put it there, printed figures have none.
    - Full-width digits and punctuation count as their half-width forms. Look-alikes (O, 〇, l)
      do not count as digits: that is for a reader who sees the pixels to say.
    - Commas are accepted only where they group thousands. A dot at the end is ignored. Leading
      zeros are legible and mean nothing: "007" is 7. In small print dots and commas look alike:
      where several part groups of three and one or two decimals, it does not matter which is
      which ("2.166,848.81").
    - A sign is accepted only in ``signed``, ``signed-decimal``, ``amount`` and ``percent`` cells,
      decimals in all but ``count`` and ``signed``. In a ``signed-decimal`` or ``amount`` cell
      "(1,234.50)" is less than zero, as accountants write it. An ``amount`` has two decimals; only
      a zero may lack them.
    - A unit is accepted where it fits the type (件, 个, 项 … for counts; 元, 万元, 亿元 for
      amounts; % for ``percent``), and so is a remark in brackets after the figure. The value of
      ``money`` is in 元; that of the others is the number as printed, in the unit of its heading.

    Values of ``count`` and ``signed`` are int; those of the other types are Decimal, without
    trailing zeros ("0.00" is 0) and never in exponent notation.
    """
    seen = _UNSEEN.sub("", text)
    folded = seen.translate(_HALF_WIDTH)
    if not folded:
        return Numeral(Kind.BLANK)
    bracket = _REMARK.fullmatch(folded)
    # the translation is one to one, so that positions in the folded text hold in the seen one
    remark = seen[bracket.start("remark") : bracket.end("remark")] if bracket else None
    body = bracket["body"] if bracket else folded
    if _DASH.fullmatch(body):
        return Numeral(Kind.DASH, remark=remark)
    if body == "无":
        return Numeral(Kind.NONE, remark=remark)
    less = _LESS.fullmatch(body) if kind in {"signed-decimal", "amount"} else None
    plain = less["body"] if less else body
    blurred = None if kind in {"count", "signed"} else _BLURRED.fullmatch(plain)
    if blurred:
        whole = re.sub("[.,]", "", blurred["groups"])
        plain = f"{blurred['sign']}{whole}.{blurred['fraction']}"
    number = _NUMBER.fullmatch(plain)
    if number is None:
        return Numeral(Kind.OTHER)
    value = _value(number, kind)
    if value is None:
        return Numeral(Kind.OTHER)
    if less and isinstance(value, Decimal) and value:
        value = value.copy_negate()  # arithmetic would round to the context
    return Numeral(Kind.NUMBER, value, number["unit"] or None, remark)


def spell(value: Figure) -> str:
    """Write a value in digits, all of them: no exponent, no grouping, nothing rounded."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _value(number: re.Match[str], kind: CellType) -> Figure | None:
    """Return the value of a matched number, None where ``kind`` does not allow it."""
    unit, fraction = number["unit"], number["fraction"]
    if number["sign"] and kind not in SIGNED:
        return None
    less = number["sign"] not in {None, "+"}
    whole = number["whole"].replace(",", "")
    if unit and unit not in _UNITS[kind]:
        return None
    if kind in {"count", "signed"}:
        if fraction is not None:
            return None
        return -int(whole) if less else int(whole)
    if kind == "amount" and len(fraction or "") != 2 and (fraction or whole.strip("0")):
        return None
    value = _decimal(whole, fraction or "", _MONEY.get(unit, 0) if kind == "money" else 0)
    return value.copy_negate() if less and value else value  # arithmetic would round


def _decimal(whole: str, fraction: str, shift: int) -> Decimal:
    """Return whole.fraction × 10^shift, exactly. Arithmetic would round to the context."""
    padded = fraction.ljust(shift, "0")
    whole, fraction = whole + padded[:shift], padded[shift:].rstrip("0")
    whole = whole.lstrip("0") or "0"
    return Decimal(f"{whole}.{fraction}" if fraction else whole)
