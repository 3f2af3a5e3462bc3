"""Whole numbers that satisfy what is left of the equations when no row determines them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from reconstruct.elimination import mask_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reconstruct.elimination import Row, System

_NODES = 60
"""So many guesses are tried before the question is left open."""

_ROUNDS = 50


Ranges: TypeAlias = dict[int, tuple[int | None, int | None]]
"""The least and the largest that each number may be, None where there is no bound."""


class Part(NamedTuple):
    """A row in its freed figures and the others, and what the freed ones add up to as printed.

    ``mask`` are the others as bits.
    """

    own: Row
    known: Row
    total: int
    mask: int


class Parts:
    """The rows that say what freed figures are, parted; each is kept for as long as this is."""

    def __init__(self, read: Sequence[int]) -> None:
        """Take what every figure most likely reads."""
        self._read = read
        self._masks: dict[int, int] = {}
        self._known: dict[tuple[int, int], Part] = {}
        self._systems: dict[int, tuple[list[Part], frozenset[int]]] = {}

    def of(self, row: Row, free: int) -> Part:
        """Part a row, where the figures in ``free`` (bits) are freed."""
        mask = self._masks.get(id(row))
        if mask is None:
            mask = self._masks[id(row)] = mask_of(row)
        key = (id(row), mask & free)
        found = self._known.get(key)
        if found is None:
            known = {i: c for i, c in row.items() if not free >> i & 1}
            own = {i: c for i, c in row.items() if free >> i & 1}
            total = -sum(c * self._read[i] for i, c in known.items())
            found = self._known[key] = Part(own, known, total, mask & ~free)
        return found

    def all(self, system: System) -> tuple[list[Part], frozenset[int]]:
        """Return the parted rows of a system that is kept, and the figures that are not freed."""
        found = self._systems.get(id(system))
        if found is None:
            parts = [self.of(row, system.free) for _, row in system.pivots]
            known = frozenset([i for part in parts for i in part.known])
            found = self._systems[id(system)] = (parts, known)
        return found


class OpenError(Exception):
    """Neither were fitting values found nor is it proved that there are none."""


def fit(
    rows: Sequence[tuple[Row, int]], ranges: Mapping[int, tuple[int | None, int | None]]
) -> dict[int, int] | None:
    """Return whole numbers in ``ranges`` (least, most) with Σ coefficient × number = total.

    ``rows`` are (coefficients, total). None where there are none. Raises OpenError.
    """
    holding: dict[int, set[int]] = {}
    for number, (row, _) in enumerate(rows):
        for index in row:
            holding.setdefault(index, set()).add(number)
    return _Fit(rows, holding).found(dict(ranges), set(range(len(rows))))


class _Fit:
    """A search for whole numbers that fit rows; ``holding`` are the rows of each number."""

    def __init__(
        self, rows: Sequence[tuple[Row, int]], holding: Mapping[int, Collection[int]]
    ) -> None:
        self.rows = rows
        self.holding = holding
        self.budget = _NODES

    def found(self, ranges: Ranges, open_: set[int]) -> dict[int, int] | None:
        """Return numbers in ``ranges``; rows that are not ``open_`` do not narrow them."""
        self.budget -= 1
        if self.budget < 0:
            raise OpenError
        if not self._narrow(ranges, open_):
            return None
        free = [(_width(r), i) for i, r in ranges.items() if r[0] is None or r[0] != r[1]]
        if not free:
            return {i: least for i, (least, _) in ranges.items() if least is not None}
        index = min(free)[1]
        open_ = open_.union(self.holding.get(index, ()))
        least, most = ranges[index]
        guess = least if least is not None else (most if most is not None and most < 0 else 0)
        found = self.found(ranges | {index: (guess, guess)}, set(open_))
        if found is not None:
            return found
        if most is None or guess < most:
            found = self.found(ranges | {index: (guess + 1, most)}, set(open_))
        if found is None and (least is None or least < guess):
            found = self.found(ranges | {index: (least, guess - 1)}, set(open_))
        return found

    def _narrow(self, ranges: Ranges, open_: set[int]) -> bool:
        """Narrow ``ranges`` to what the rows allow; return False where nothing is left.

        Rows that can narrow them further, after so many rounds, are left in ``open_``.
        """
        for _ in range(_ROUNDS):
            if not open_:
                break
            for number, (row, total) in enumerate(self.rows):
                if number not in open_:
                    continue
                moved = _narrowed(row, total, ranges)
                if moved is None:
                    return False
                open_.discard(number)
                for index in moved:
                    open_.update(self.holding[index])
        return True


def _width(bounds: tuple[int | None, int | None]) -> float:
    least, most = bounds
    return float("inf") if least is None or most is None else most - least


def _narrowed(row: Row, total: int, ranges: Ranges) -> list[int] | None:
    """Narrow the ranges of a row's figures; return which were, None where nothing is left."""
    most, most_open = _sum(row, ranges, 1)
    least, least_open = _sum(row, ranges, 0)
    moved = []
    for index, coefficient in row.items():
        low, high = ranges[index]
        top, bottom = (high, low) if coefficient > 0 else (low, high)
        # what is left for coefficient × number if all others are as large, or small, as can be
        floor = ceiling = None
        if most_open == (top is None):
            floor = total - most + (0 if top is None else coefficient * top)
        if least_open == (bottom is None):
            ceiling = total - least + (0 if bottom is None else coefficient * bottom)
        found = _bounded(coefficient, floor, ceiling, (low, high))
        if found == (low, high):
            continue
        if found[0] is not None and found[1] is not None and found[0] > found[1]:
            return None
        ranges[index] = found
        moved.append(index)
        above, below = found[::-1] if coefficient > 0 else found
        if above is not None and above != top:
            most += coefficient * (above - (top or 0))
            most_open -= top is None
        if below is not None and below != bottom:
            least += coefficient * (below - (bottom or 0))
            least_open -= bottom is None
    return moved


def _sum(row: Row, ranges: Ranges, side: int) -> tuple[int, int]:
    """Return the least sum of a row (0) or the largest (1), and how many figures have no bound."""
    total = unbounded = 0
    for index, coefficient in row.items():
        bound = ranges[index][side if coefficient > 0 else 1 - side]
        if bound is None:
            unbounded += 1
        else:
            total += coefficient * bound
    return total, unbounded


def _bounded(
    coefficient: int, floor: int | None, ceiling: int | None, known: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    """Return the range of a number whose product with ``coefficient`` has these bounds."""
    size = abs(coefficient)
    if coefficient < 0:
        floor, ceiling = (
            None if ceiling is None else -ceiling,
            None if floor is None else -floor,
        )
    low, high = known
    if floor is not None and (low is None or -(-floor // size) > low):
        low = -(-floor // size)
    if ceiling is not None and (high is None or ceiling // size < high):
        high = ceiling // size
    return low, high
