"""Whole numbers that satisfy what is left of the equations when no row determines them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconstruct.elimination import mask_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconstruct.elimination import Row

_NODES = 60
"""So many guesses are tried before the question is left open."""

_ROUNDS = 50


class Part(NamedTuple):
    """A row in its freed figures and the others, and what the freed ones add up to as printed."""

    own: Row
    known: Row
    total: int


class Parts:
    """The rows that say what freed figures are, parted; each is kept for as long as this is."""

    def __init__(self, read: Sequence[int]) -> None:
        """Take what every figure most likely reads."""
        self._read = read
        self._masks: dict[int, int] = {}
        self._known: dict[tuple[int, int], Part] = {}

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
            found = self._known[key] = Part(own, known, total)
        return found


class OpenError(Exception):
    """Neither were fitting values found nor is it proved that there are none."""


def fit(
    rows: Sequence[tuple[Row, int]], ranges: Mapping[int, tuple[int | None, int | None]]
) -> dict[int, int] | None:
    """Return whole numbers in ``ranges`` (least, most) with Σ coefficient × number = total.

    ``rows`` are (coefficients, total). None where there are none. Raises OpenError.
    """
    budget = [_NODES]
    return _fit(rows, dict(ranges), budget)


def _fit(
    rows: Sequence[tuple[Row, int]],
    ranges: dict[int, tuple[int | None, int | None]],
    budget: list[int],
) -> dict[int, int] | None:
    budget[0] -= 1
    if budget[0] < 0:
        raise OpenError
    if not _narrow(rows, ranges):
        return None
    free = [(_width(r), i) for i, r in sorted(ranges.items()) if r[0] is None or r[0] != r[1]]
    if not free:
        return {i: least for i, (least, _) in ranges.items() if least is not None}
    index = min(free)[1]
    least, most = ranges[index]
    guess = least if least is not None else (most if most is not None and most < 0 else 0)
    found = _fit(rows, ranges | {index: (guess, guess)}, budget)
    if found is not None:
        return found
    if most is None or guess < most:
        found = _fit(rows, ranges | {index: (guess + 1, most)}, budget)
    if found is None and (least is None or least < guess):
        found = _fit(rows, ranges | {index: (least, guess - 1)}, budget)
    return found


def _width(bounds: tuple[int | None, int | None]) -> float:
    least, most = bounds
    return float("inf") if least is None or most is None else most - least


def _narrow(
    rows: Sequence[tuple[Row, int]], ranges: dict[int, tuple[int | None, int | None]]
) -> bool:
    """Narrow ``ranges`` to what the rows allow; return False where nothing is left."""
    for _ in range(_ROUNDS):
        changed = False
        for row, total in rows:
            for index, coefficient in row.items():
                least, most = _rest(row, total, index, ranges)
                if coefficient < 0:
                    least, most = (
                        None if most is None else -most,
                        None if least is None else -least,
                    )
                size = abs(coefficient)
                low, high = ranges[index]
                if least is not None and (low is None or -(-least // size) > low):
                    low, changed = -(-least // size), True
                if most is not None and (high is None or most // size < high):
                    high, changed = most // size, True
                if low is not None and high is not None and low > high:
                    return False
                ranges[index] = (low, high)
        if not changed:
            break
    return True


def _rest(
    row: Row, total: int, index: int, ranges: Mapping[int, tuple[int | None, int | None]]
) -> tuple[int | None, int | None]:
    """Return the bounds of coefficient × number for ``index``, given all others of its row."""
    least: int | None = total
    most: int | None = total
    for other, coefficient in row.items():
        if other == index:
            continue
        low, high = ranges[other] if coefficient > 0 else ranges[other][::-1]
        least = None if least is None or high is None else least - coefficient * high
        most = None if most is None or low is None else most - coefficient * low
    return least, most
