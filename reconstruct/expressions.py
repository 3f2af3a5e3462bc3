"""Parses what an equation says: sums, products, comparisons, figures of other tables and years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from document.message import Message

if TYPE_CHECKING:
    from document.template import Comparison

Each: TypeAlias = Literal["row", "column"] | None
"""What an equation is spoken of: every row, every column, or the figures it names."""


@dataclass(frozen=True, slots=True)
class Name:
    """A figure as it is spoken of: in the table itself unless ``table`` names another.

    ``row`` is None where the name is a row's or a column's alone. ``until`` is the other end of
    a range.
    """

    key: str
    row: str | None = None
    table: str | None = None
    years_before: int = 0
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """Two parts of what is said, and the sign between them."""

    sign: Literal["+", "-", "*", "/"]
    left: Said
    right: Said


Said: TypeAlias = Decimal | Name | Combination


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole equation or inequality as spoken."""

    each: Each
    left: Said
    comparison: Comparison
    right: Said


class UnspokenError(Exception):
    """A text that says no equation, with the message why."""

    def __init__(self, message: Message) -> None:
        """Keep the message."""
        super().__init__(message.en)
        self.message = message


_EACH = re.compile(r"\{(row|column)\}\s*:")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w])"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign><=|>=|\.\.|[-+*/()<>=.:\[\]])|(?P<strange>\S))",
    re.ASCII,
)
_SIGNS = str.maketrans({"×": "*", "÷": "/", "＋": "+", "－": "-", "−": "-", "＝": "=", "（": "(",
                        "）": ")", "＜": "<", "＞": ">", "：": ":"})  # fmt: skip
COMPARISONS = ("=", "<", "<=", ">", ">=")


def parse_sentence(text: str) -> Sentence:
    """Parse "{row}: total = first + second", an inequality, or any other comparison.

    Raises UnspokenError.
    """
    plain = text.strip().translate(_SIGNS).replace("≤", "<=").replace("≥", ">=")
    spoken = _EACH.match(plain)
    each = cast("Each", spoken[1]) if spoken else None
    return _Parser(text, plain[spoken.end() :] if spoken else plain, each).sentence()


class _Parser:
    """Recursive descent over the tokens of one sentence."""

    def __init__(self, text: str, plain: str, each: Each) -> None:
        self.text = text
        self.each: Each = each
        self.words: list[tuple[str, str]] = []
        for match in _TOKEN.finditer(plain):
            self.words.append((match.lastgroup or "", match[0].strip()))
        self.at = 0

    def sentence(self) -> Sentence:
        if sum(word in COMPARISONS for _, word in self.words) != 1:
            raise self._unlike_any()
        left = self._sum()
        comparison = self._next()
        if comparison not in COMPARISONS:
            raise self._unlike_any()
        right = self._sum()
        if self.at < len(self.words):
            raise self._unlike_any()
        return Sentence(self.each, left, cast("Comparison", comparison), right)

    def _sum(self) -> Said:
        said = self._product()
        while self._peek() in {"+", "-"}:
            sign = self._next()
            said = Combination(cast("Literal['+', '-']", sign), said, self._product())
        return said

    def _product(self) -> Said:
        said = self._part()
        while self._peek() in {"*", "/"}:
            sign = self._next()
            said = Combination(cast("Literal['*', '/']", sign), said, self._part())
        return said

    def _part(self) -> Said:
        kind, word = self.words[self.at] if self.at < len(self.words) else ("", "")
        if word == "(":
            self.at += 1
            said = self._sum()
            self._expect(")")
            return said
        if kind == "number":
            self.at += 1
            return Decimal(word)
        if kind != "name":
            raise UnspokenError(
                Message(
                    f"“{self.text}”里有空的加数", f'"{self.text}" has a sign with nothing beside it'
                )
            )
        return self._name()

    def _name(self) -> Name:
        key, row, table, until = self._key(), None, None, None
        if self._peek() == ":":
            self.at += 1
            table, key = key, self._key()
        if self._peek() == ".":
            self.at += 1
            row, key = key, self._key()
        elif self._peek() == "..":
            self.at += 1
            until = self._key()
        return Name(key, row, table, self._years(), until)

    def _years(self) -> int:
        if self._peek() != "[":
            return 0
        self.at += 1
        self._expect("-")
        years = self._next()
        if not years.isdigit() or int(years) == 0:
            raise self._unlike_any()
        self._expect("]")
        return int(years)

    def _key(self) -> str:
        kind, word = self.words[self.at] if self.at < len(self.words) else ("", "")
        if kind != "name":
            raise self._unlike_any()
        self.at += 1
        return word

    def _expect(self, word: str) -> None:
        if self._next() != word:
            raise self._unlike_any()

    def _peek(self) -> str:
        return self.words[self.at][1] if self.at < len(self.words) else ""

    def _next(self) -> str:
        word = self._peek()
        self.at += 1
        return word

    def _unlike_any(self) -> UnspokenError:
        return UnspokenError(
            Message(
                f"“{self.text}”应写作“{{row}}: 总计 = 甲 + 乙”",
                f'"{self.text}" should be spoken like "{{row}}: total = first + second"',
            )
        )
