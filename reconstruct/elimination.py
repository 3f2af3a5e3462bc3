"""Partial explanations, and the elimination of figures whose value becomes free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

FREE = -1
"""Stands for "the value becomes free" where otherwise the index of a choice stands."""

Row: TypeAlias = dict[int, int]
"""An equation Σ coefficient × figure = 0, by index of the figure."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A partial explanation: what is decided, and what is left of the equations.

    ``residuals`` are the sums of ``rows`` over what is printed. ``masks`` hold the figures of
    each row, and ``decided`` those that may no longer change, one bit a figure. ``changes``
    name a figure and the choice it takes, or FREE. ``pivots`` are the rows that say what a
    freed figure is, in the order of elimination: no row holds a figure freed before it.
    """

    cost: int
    rows: tuple[Row, ...]
    masks: tuple[int, ...]
    residuals: tuple[int, ...]
    decided: int
    changes: tuple[tuple[int, int], ...]
    pivots: tuple[tuple[int, Row], ...]
    confusions: frozenset[int]


def freed(branch: Branch, index: int, cost: int) -> Branch:
    """Return ``branch`` with the value of figure ``index`` eliminated."""
    bit = 1 << index
    holding = [n for n, mask in enumerate(branch.masks) if mask & bit]
    found = replace(
        branch,
        cost=branch.cost + cost,
        decided=branch.decided | bit,
        changes=(*branch.changes, (index, FREE)),
    )
    if not holding:
        return found
    pivot = min(holding, key=lambda n: (len(branch.rows[n]), n))
    by, rest = branch.rows[pivot], branch.residuals[pivot]
    rows, masks, residuals = list(branch.rows), list(branch.masks), list(branch.residuals)
    for number in holding:
        row = rows[number]
        own, other = by[index], row[index]
        rows[number] = combined = without(index, row, by)
        masks[number] = mask_of(combined)
        residuals[number] = own * residuals[number] - other * rest
    del rows[pivot], masks[pivot], residuals[pivot]
    return replace(
        found,
        rows=tuple(rows),
        masks=tuple(masks),
        residuals=tuple(residuals),
        pivots=(*branch.pivots, (index, by)),
    )


def mask_of(figures: Iterable[int]) -> int:
    """Return the figures as bits."""
    mask = 0
    for index in figures:
        mask |= 1 << index
    return mask


def without(index: int, row: Row, by: Row) -> Row:
    """Return ``row`` combined with ``by`` so that figure ``index`` cancels out."""
    own, other = by[index], row[index]
    found = {i: own * coefficient for i, coefficient in row.items()}
    for i, coefficient in by.items():
        found[i] = found.get(i, 0) - other * coefficient
    return {i: coefficient for i, coefficient in found.items() if coefficient}
