"""Guesses the equations of a form from filled pages: sums that hold wherever they can be tried.

Lines are taken in their order on a stack. A line that is the sum of those on top of it takes
their place, so that groups with subtotals, and totals of subtotals, come out by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOTAL = re.compile(r"合\s*计|小\s*计|总\s*计|共\s*计|总额|净额|^计$|计$|净利润|营业利润|总数")
_LESS = re.compile(r"^\W*减")
_MORE = re.compile(r"^\W*加|^[一二三四五六七八九十]+、")
_OF_WHICH = re.compile(r"^\W*其中")
_PART = re.compile(r"^\W*其中|^\W*[（(][一二三四五六七八九十\d]+[)）]")
_PROVED = 6
"""Digits of totals, in places that are not trivial, from which a sum is no coincidence."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row or a column: its key, its label, and its figures in all places where it has one.

    ``values`` are as many for every item of a list; None where there is none or it is unread.
    """

    key: str
    label: str
    values: tuple[Decimal | None, ...]

    @property
    def own(self) -> str:
        """Its own label, without those of what it belongs to."""
        return self.label.split(" ")[-1]

    @property
    def is_total(self) -> bool:
        """Whether its own label says that it is a total."""
        return bool(TOTAL.search(self.own))

    @property
    def in_total(self) -> bool:
        """Whether it is a part of a total, such as the boys of all grades."""
        return not self.is_total and bool(TOTAL.search(self.label))


@dataclass(frozen=True, slots=True)
class Guess:
    """left = right, as signed keys; it held in ``tried`` places, ``telling`` of them not trivial.

    A place is trivial where all is zero, or a total equals its only part. ``digits`` are those of
    the totals in the other places. A guess from labels alone has been tried nowhere.
    """

    left: tuple[str, ...]
    right: tuple[tuple[int, str], ...]
    tried: int = 0
    telling: int = 0
    digits: int = 0

    @property
    def proved(self) -> bool:
        """Whether it held often enough to be believed."""
        return self.digits >= _PROVED

    @property
    def says(self) -> str:
        """The guess as an equation is spoken."""
        (_, first), *others = self.right
        rest = "".join(f" {'+' if sign > 0 else '-'} {key}" for sign, key in others)
        return f"{' + '.join(self.left)} = {first}{rest}"


def guesses(items: Sequence[Item]) -> tuple[Guess, ...]:
    """Guess which of ``items``, in their printed order, are sums of others."""
    if not any(value for item in items for value in item.values):
        return tuple(_from_labels(items))
    found = tuple(_from_figures(items))
    told = {key for guess in found for key in guess.left}
    # a total whose parts are zero on all pages is proved by none of them
    return (*found, *(g for g in _from_labels(items) if g.left[0] not in told and _open(g, items)))


def _open(guess: Guess, items: Sequence[Item]) -> bool:
    """Tell whether no page speaks against a guess from labels."""
    item_of = {item.key: item for item in items}
    left = [item_of[key] for key in guess.left]
    return _tried(left, [(sign, item_of[key]) for sign, key in guess.right]) is not None


def _from_figures(items: Sequence[Item]) -> Iterator[Guess]:
    stack: list[Item] = []
    covered = 0
    for index, item in enumerate(items):
        if covered:
            covered -= 1
            continue
        below = _ahead(item, items[index + 1 :])
        if below is not None:
            yield below
            covered = len(below.right)
        above = _atop(item, stack)
        if above is not None:
            yield above
            keys = {key for _, key in above.right}
            first = min(n for n, one in enumerate(stack) if one.key in keys)
            del stack[first:]
        else:
            alike = _same_kind(item, items[:index])
            if alike is not None and alike.proved:
                yield alike
        stack.append(item)
    balance = _balance(stack)
    if balance is not None:
        yield balance


def _atop(item: Item, stack: Sequence[Item]) -> Guess | None:
    """Return the item as the sum of the last ones on the stack; the longest such sum."""
    found = []
    for first in range(len(stack) - 1):
        for terms in _signed(stack[first:]):
            guess = _tried((item,), terms)
            if guess is not None and guess.telling:
                found.append(guess)
    if not found:
        return None
    best = max(found, key=lambda g: (g.telling, len(g.right)))
    return best if best.proved or item.is_total else None


def _ahead(item: Item, following: Sequence[Item]) -> Guess | None:
    """Return the item as the sum of those right after it, such as 其中 lines that share it out."""
    for count in range(2, min(len(following), 12) + 1):
        parts = following[:count]
        if parts[-1].is_total and not _PART.match(parts[-1].own):
            return None
        guess = _tried((item,), tuple((1, one) for one in parts))
        named = all(_PART.match(one.own) for one in parts)
        if guess is not None and (guess.proved or (named and guess.telling)):
            return guess
    return None


def _same_kind(item: Item, before: Sequence[Item]) -> Guess | None:
    """Return the item as the sum of those called alike: 合计 男 = 一年级 男 + 二年级 男."""
    same = [one for one in before if one.own == item.own]
    if item.own == item.label or len(same) < 2:
        return None
    return _tried((item,), tuple((1, one) for one in same))


def _balance(stack: Sequence[Item]) -> Guess | None:
    """Return the last two items left as equal, or the last four as two sums that are.

    So are the totals of both sides of a balance sheet; so is new + carried = done + left.
    """
    if len(stack) == 2:
        guess = _tried((stack[0],), ((1, stack[1]),), fewest=1)
    elif len(stack) > 3:
        a, b, c, d = stack[-4:]
        guess = _tried((a, b), ((1, c), (1, d)))
    else:
        return None
    return guess if guess is not None and guess.proved else None


def _signed(items: Sequence[Item]) -> Iterator[tuple[tuple[int, Item], ...]]:
    """Yield the ways in which lines may be added up: all, as 减 and 加 say, without 其中 lines."""
    yield tuple((1, item) for item in items)
    signs: list[tuple[int, Item]] = []
    sign, aside = 1, False
    for item in items:
        label = item.own
        if _OF_WHICH.match(label):
            aside = True
        elif _LESS.match(label):
            sign, aside = -1, False
        elif _MORE.match(label):
            sign, aside = 1, False
        if not aside:
            signs.append((sign, item))
    if signs != [(1, item) for item in items] and len(signs) > 1 and signs[0][0] > 0:
        yield tuple(signs)


def _tried(
    left: Sequence[Item], right: Sequence[tuple[int, Item]], fewest: int = 2
) -> Guess | None:
    """Return the guess where it holds in every place that has all its figures, else None.

    A place tells something where ``fewest`` figures on the right are not zero.
    """
    tried = telling = digits = 0
    for place in range(len(left[0].values)):
        sides = [item.values[place] for item in left]
        parts = [(sign, item.values[place]) for sign, item in right]
        if any(v is None for v in sides) or any(v is None for _, v in parts):
            continue
        if sum(v for v in sides if v) != sum((s * v for s, v in parts if v), Decimal(0)):
            return None
        tried += 1
        if any(sides) and sum(bool(v) for _, v in parts) >= fewest:
            telling += 1
            digits += max(sum(c.isdigit() for c in f"{v:f}".lstrip("-0.")) for v in sides if v)
    keys = tuple((sign, item.key) for sign, item in right)
    return Guess(tuple(item.key for item in left), keys, tried, telling, digits)


def _from_labels(items: Sequence[Item]) -> Iterator[Guess]:
    """Guess from labels alone: a total is the sum of what stands above it since the last one."""
    stack: list[Item] = []
    for index, item in enumerate(items):
        if item.in_total:
            same = [one for one in items[:index] if one.own == item.own and not one.in_total]
            if len(same) > 1:
                yield Guess((item.key,), tuple((1, one.key) for one in same))
        elif item.is_total and len(stack) > 1:
            totals = [one for one in stack if one.is_total]
            since = stack[stack.index(totals[-1]) + 1 :] if totals else stack
            parts = since if len(since) > 1 else totals if len(totals) > 1 else stack
            yield Guess((item.key,), tuple((1, one.key) for one in parts))
            stack = [one for one in stack if one not in parts]
        stack.append(item)
