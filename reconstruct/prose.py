"""What a report's prose says about its own tables: it raises flags and breaks ties, no more.

Agencies count differently in prose and table (with or without what was carried over, the office
alone or the whole district): of some ninety statements in real reports ten differ, none of them
a misread figure. So prose never changes a figure; where a figure is open and one of its
candidates is what the prose says, that becomes the suggestion.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from document.message import Message
from document.numeral import parse
from document.report import Finding
from reconstruct.checks import addend, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from document.report import Cell, Figure, Table
    from document.template import Address

_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+|[零一二两三四五六七八九十])"
_SPOKEN = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
_HALF_WIDTH = str.maketrans("０１２３４５６７８９;", "0123456789；")
_LONGEST = 60
"""Characters of a statement that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way prose speaks of a table: patterns that hold a number, and patterns that say none.

    ``means`` are the sums of figures, each a tuple of addresses, that the number may stand for.
    """

    name: str
    table: str
    means: tuple[tuple[Address, ...], ...]
    says: tuple[re.Pattern[str], ...]
    zero: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A number that the prose of ``page`` gives for one of the sums a phrase may mean."""

    phrase: Phrase
    number: int
    sentence: str
    page: int


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return the phrases known for the forms that come with Gouji."""
    text = (resources.files("reconstruct") / "forms" / "cn-foi-prose.toml").read_text("utf-8")
    return tuple(
        Phrase(
            one["name"],
            one["table"],
            tuple(tuple(_address(cell) for cell in cells) for cells in one["means"]),
            tuple(re.compile(says.replace("{n}", _NUMBER)) for says in one["says"]),
            tuple(re.compile(says) for says in one["zero"]),
        )
        for one in tomllib.loads(text)["statements"]
    )


def statements(lines: Iterable[tuple[int, str]]) -> tuple[Statement, ...]:
    """Find what the prose says; ``lines`` are (page, text) in reading order.

    A sentence may run over lines and pages; it counts for the page it begins on. What is said
    of other years (去年, 较上年, 同比) is left out.
    """
    return tuple(
        statement
        for page, sentence in _sentences(lines)
        if not re.search(r"同比|较上年|比上年|去年|上年同期", sentence)
        for phrase in phrases()
        for statement in _spoken(phrase, page, sentence)
    )


def contradictions(said: Sequence[Statement], tables: Sequence[Table]) -> tuple[Finding, ...]:
    """Name the statements that no sum they may mean agrees with, and those that differ.

    Only figures that stand are compared: an open one contradicts nobody.
    """
    findings = []
    for one in said:
        cells = _cells(tables, one.phrase.table)
        sums = [_sum(cells, addresses) for addresses in one.phrase.means]
        if not cells or None in sums or one.number in sums:
            continue
        found = sums[0]
        findings.append(
            Finding(
                "prose-differs",
                Message(
                    f"正文“{one.sentence}”为 {one.number}，表中“{one.phrase.name}”为 {found}；"
                    "二者口径可能不同，请留意",
                    f"the text says {one.number} (“{one.sentence}”), the table {found}"
                    f" ({one.phrase.name}); the two may count differently",
                ),
                one.phrase.table,
                one.phrase.means[0],
                one.page,
            )
        )
    return tuple(findings) + tuple(_at_odds(said))


def suggested(said: Sequence[Statement], tables: Sequence[Table]) -> tuple[Table, ...]:
    """Suggest, for an open figure, what the prose says of it alone, if a reader saw it too."""
    told: dict[tuple[str, Address], set[int]] = {}
    for one in said:
        for addresses in one.phrase.means:
            if len(addresses) == 1:
                told.setdefault((one.phrase.table, addresses[0]), set()).add(one.number)
    return tuple(
        replace(
            table,
            cells=tuple(
                _with_hint(cell, told.get((table.table, cell.address))) for cell in table.cells
            ),
        )
        for table in tables
    )


def _with_hint(cell: Cell, told: set[int] | None) -> Cell:
    if not told or not cell.needs_review or cell.suggestion is not None or cell.reading is None:
        return cell
    seen = {parse(candidate.text, "count").value for candidate in cell.reading.candidates}
    fitting = sorted(told & {value for value in seen if isinstance(value, int)})
    if len(fitting) != 1:
        return cell
    reason = Message(
        f"{cell.reason.zh}；正文称 {fitting[0]}", f"{cell.reason.en}; the text says {fitting[0]}"
    )
    return replace(cell, suggestion=fitting[0], reason=reason)


def _at_odds(said: Sequence[Statement]) -> Iterator[Finding]:
    """Name phrases of which one sentence gives a number and another says there was none."""
    for phrase in phrases():
        mine = [one for one in said if one.phrase is phrase]
        none = next((one for one in mine if one.number == 0), None)
        some = next((one for one in mine if one.number > 0), None)
        if none and some:
            yield Finding(
                "prose-contradicts-itself",
                Message(
                    f"正文前后不一：“{some.sentence}”与“{none.sentence}”",
                    f"the text contradicts itself: “{some.sentence}” and “{none.sentence}”",
                ),
                phrase.table,
                phrase.means[0],
                some.page,
            )


def _spoken(phrase: Phrase, page: int, sentence: str) -> Iterator[Statement]:
    for pattern in phrase.says:
        for found in pattern.finditer(sentence):
            text = found["n"].replace(",", "")
            number = int(text) if text.isdigit() else _SPOKEN[text]
            yield Statement(phrase, number, sentence[:_LONGEST], page)
    if any(pattern.search(sentence) for pattern in phrase.zero):
        yield Statement(phrase, 0, sentence[:_LONGEST], page)


def _sentences(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join lines and cut them at full stops; white space and full-width digits are levelled."""
    begun, text = 0, ""
    for page, line in lines:
        for part in re.split(r"(?<=[。；！])", re.sub(r"\s+", "", line).translate(_HALF_WIDTH)):
            begun = begun if text else page
            text += part
            if part.endswith(("。", "；", "！")):
                yield begun, text
                text = ""
    if text:
        yield begun, text


def _address(text: str) -> Address:
    row, column = text.split(".")
    return (row, column)


def _cells(tables: Sequence[Table], name: str) -> dict[Address, Cell]:
    return {cell.address: cell for table in tables if table.table == name for cell in table.cells}


def _sum(cells: dict[Address, Cell], addresses: Sequence[Address]) -> Figure | None:
    """Return the sum of figures that stand, None where one is open; rows not printed count 0."""
    there = [address for address in addresses if address in cells]
    if not there or any(cells[address].needs_review for address in there):
        return None
    return total(there, {address: addend(cells[address]) for address in there})
