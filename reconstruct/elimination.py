"""Equations as rows, and the elimination of figures whose value becomes free."""

from __future__ import annotations

from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconstruct.worlds import Problem

Row: TypeAlias = dict[int, int]
"""An equation Σ coefficient × figure = 0, by index of the figure."""

Residuals: TypeAlias = dict[int, int]
"""What the rows that do not hold add up to, by number of the row."""


class Step(NamedTuple):
    """How residuals change when a figure is eliminated by row ``pivot``.

    ``others`` are (row, its factor, the pivot's factor, what both are divided by).
    """

    pivot: int
    others: tuple[tuple[int, int, int, int], ...]


class System:
    """The equations that are left when some figures are free.

    ``rows`` keep their numbers; one that served to eliminate
    a figure is empty. ``masks`` hold the figures of each row, one bit a figure. ``pivots`` are
    the rows that say what a freed figure is, in the order of elimination: no row holds a figure
    freed before it. ``loose`` are freed figures that no row determines. ``soft`` are the numbers
    said elsewhere, as bits: rows that hold one serve to eliminate only where no other does.
    """

    def __init__(
        self,
        rows: tuple[Row, ...],
        pivots: tuple[tuple[int, Row], ...] = (),
        loose: frozenset[int] = frozenset(),
        masks: tuple[int, ...] | None = None,
        soft: int = 0,
        holding: dict[int, tuple[int, ...]] | None = None,
    ) -> None:
        """Take the rows as they are after elimination, and where figures stand if it is known."""
        self.soft = soft
        self.rows = rows
        self.masks = tuple(mask_of(row) for row in rows) if masks is None else masks
        self.pivots = pivots
        self.loose = loose
        self._freed: dict[int, tuple[System, Step | None]] = {}
        self._free: int | None = None
        self._holding = {} if holding is None else holding

    def holding(self, index: int) -> tuple[int, ...]:
        """Return the rows in which a figure stands."""
        found = self._holding.get(index)
        if found is None:
            bit = 1 << index
            found = tuple([n for n, mask in enumerate(self.masks) if mask & bit])
            self._holding[index] = found
        return found

    @property
    def free(self) -> int:
        """The freed figures as bits."""
        if self._free is None:
            self._free = mask_of([index for index, _ in self.pivots]) | mask_of(self.loose)
        return self._free

    def derived(self) -> dict[int, int | None]:
        """Return for every freed figure which others the rows derive it from, one bit each.

        None where no row determines it.
        """
        found: dict[int, int | None] = dict.fromkeys(self.loose)
        for index, row in reversed(self.pivots):
            sources: int | None = 0
            for other in row:
                more = found.get(other, 1 << other) if other != index else 0
                sources = None if sources is None or more is None else sources | more
            found[index] = sources
        return found

    def expressed(self) -> dict[int, Row]:
        """Return for every freed figure that rows determine a row of it and read figures alone."""
        found: dict[int, Row] = {}
        for index, row in reversed(self.pivots):
            own = row
            for later in [other for other in row if other in found]:
                own = without(later, own, found[later])
            if not self.loose & own.keys():
                found[index] = own
        return found

    def freed(self, index: int) -> tuple[System, Step | None]:
        """Return the system without figure ``index``, and what becomes of residuals."""
        found = self._freed.get(index)
        if found is None:
            found = self._freed[index] = self._eliminated(index)
        return found

    def _eliminated(self, index: int) -> tuple[System, Step | None]:
        holding = self.holding(index)
        if not holding:
            loose = self.loose | {index}
            return System(self.rows, self.pivots, loose, self.masks, self.soft), None
        pivot = min(holding, key=lambda n: (self.masks[n] & self.soft != 0, len(self.rows[n]), n))
        by = self.rows[pivot]
        own = by[index]
        rows, masks = list(self.rows), list(self.masks)
        others = []
        for number in holding:
            if number == pivot:
                continue
            other = rows[number][index]
            combined = without(index, rows[number], by)
            share = gcd(*combined.values()) if combined else 1
            rows[number] = combined
            if share > 1:
                rows[number] = {i: c // share for i, c in combined.items()}
            mask = (masks[number] | masks[pivot]) & ~(1 << index)
            if len(combined) < mask.bit_count():  # others cancelled out, too
                mask = mask_of(combined)
            masks[number] = mask
            others.append((number, own, other, share))
        rows[pivot], masks[pivot] = {}, 0
        pivots = (*self.pivots, (index, by))
        system = System(tuple(rows), pivots, self.loose, tuple(masks), self.soft)
        return system, Step(pivot, tuple(others))


def system_of(problem: Problem) -> System:
    """Return the equations of a problem as rows, left side minus right side; nothing is free."""
    count = len(problem.unknowns)
    soft = (1 << count) - (1 << count - problem.hints)
    rows, masks, holding = _form(problem.equations)
    return System(rows, masks=masks, soft=soft, holding=holding)


@lru_cache(maxsize=16)
def _form(
    equations: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...],
) -> tuple[tuple[Row, ...], tuple[int, ...], dict[int, tuple[int, ...]]]:
    """Return rows, their figures as bits, and where each figure stands: a form's never change."""
    rows = tuple(dict.fromkeys(left, 1) | dict.fromkeys(right, -1) for left, right in equations)
    holding: dict[int, tuple[int, ...]] = {}
    for number, row in enumerate(rows):
        for index in row:
            holding[index] = (*holding.get(index, ()), number)
    return rows, tuple(mask_of(row) for row in rows), holding


def after(residuals: Residuals, step: Step | None) -> Residuals | None:
    """Return ``residuals`` after an elimination; None where no whole numbers fit any more."""
    if step is None:
        return residuals
    rest = residuals.get(step.pivot, 0)
    found = residuals
    if rest or any(n in residuals for n, *_ in step.others):
        found = dict(residuals)
        found.pop(step.pivot, None)
        for number, own, other, share in step.others:
            value, remainder = divmod(own * found.get(number, 0) - other * rest, share)
            if remainder:
                return None
            if value:
                found[number] = value
            else:
                found.pop(number, None)
    return found


def mask_of(figures: Iterable[int]) -> int:
    """Return the figures as bits."""
    mask = 0
    for index in figures:
        mask |= 1 << index
    return mask


def without(index: int, row: Row, by: Row) -> Row:
    """Return ``row`` combined with ``by`` so that figure ``index`` cancels out."""
    own, other = by[index], row[index]
    found = dict(row) if own == 1 else {i: own * coefficient for i, coefficient in row.items()}
    for i, coefficient in by.items():
        left = found.get(i, 0) - other * coefficient
        if left:
            found[i] = left
        else:
            del found[i]
    return found
