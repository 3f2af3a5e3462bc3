"""Parts runs of digits whose separators are lost into the figures of a line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 8
"""Digits of one figure, at most."""

BUDGET = 60_000
"""Steps after which a run counts as unsolved."""

_DIGITS = re.compile(r"\d+", re.ASCII)

Sums = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
"""Equations within a line: (places of the left side, places of the right side)."""


class TooManyError(Exception):
    """There are too many ways to part a run."""


@dataclass(frozen=True, slots=True)
class Splits:
    """Ways to part runs into figures: those that satisfy the line's sums, and how many do not."""

    fitting: tuple[tuple[str, ...], ...]
    others: int


def plain(text: str) -> str:
    """Return a figure with full-width digits as plain ones."""
    return unicodedata.normalize("NFKC", text)


def may_be_run(text: str) -> bool:
    """Tell whether a text is digits that could be several figures."""
    return _DIGITS.fullmatch(plain(text)) is not None and len(text) > 1


def is_run(text: str) -> bool:
    """Tell whether a text must be several figures: no figure begins with a zero."""
    return may_be_run(text) and plain(text[0]) == "0"


def split(runs: Sequence[str], places: int, sums: Sums) -> Splits:
    """Part ``runs`` into ``places`` figures, none of them with a leading zero.

    Raises TooManyError.
    """
    digits = tuple(map(plain, runs))
    total = ways(digits, places)
    steps = [0]
    fitting = tuple(_parted(digits, places, sums, steps))
    return Splits(fitting, total - len(fitting))


@cache
def ways(runs: tuple[str, ...], places: int) -> int:
    """Return in how many ways runs can be parted into so many figures."""
    if not runs:
        return int(places == 0)
    if places < len(runs) or places > sum(map(len, runs)):
        return 0
    head, rest = runs[0], runs[1:]
    count = 0
    for end in _ends(head):
        left = (head[end:], *rest) if end < len(head) else rest
        count += ways(left, places - 1)
    return count


def _ends(run: str) -> range:
    """Return where the first figure of a run may end."""
    if not run.isdecimal():
        return range(len(run), len(run) + 1)
    return range(1, 2) if run[0] == "0" else range(1, min(len(run), LONGEST) + 1)


def _parted(
    runs: tuple[str, ...], places: int, sums: Sums, steps: list[int]
) -> Iterator[tuple[str, ...]]:
    due: dict[int, list[tuple[tuple[int, ...], tuple[int, ...]]]] = {}
    for left, right in sums:
        due.setdefault(max((*left, *right)), []).append((left, right))

    def walk(chosen: tuple[str, ...], rest: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        steps[0] += 1
        if steps[0] > BUDGET:
            raise TooManyError
        for left, right in due.get(len(chosen) - 1, ()):
            if _total(chosen, left) != _total(chosen, right):
                return
        if len(chosen) == places:
            yield chosen
        else:
            for figure, later in _heads(rest, places - len(chosen) - 1):
                yield from walk((*chosen, figure), later)

    yield from walk((), runs)


def _heads(runs: tuple[str, ...], places: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the first figure may be, and the runs left, which must fill just ``places``."""
    if not runs:
        return
    head, others = runs[0], runs[1:]
    for end in _ends(head):
        later = (head[end:], *others) if end < len(head) else others
        if len(later) <= places <= sum(map(len, later)):
            yield head[:end], later


def _total(chosen: Sequence[str], places: Sequence[int]) -> int:
    """Return a sum; a dash counts 0."""
    return sum(int(chosen[i]) for i in places if chosen[i].isdecimal())
