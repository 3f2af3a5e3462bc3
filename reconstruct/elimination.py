"""Partial explanations, and the elimination of figures whose value becomes free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

FREE = -1
"""Stands for "the value becomes free" where otherwise the index of a choice stands."""

Row: TypeAlias = dict[int, int]
"""An equation Σ coefficient × figure = 0, by index of the figure."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A partial explanation: what is decided, and what is left of the equations.

    ``residuals`` are the sums of ``rows`` over what is printed. ``changes`` name a figure and
    the choice it takes, or FREE. ``pivots`` are the rows that say what a freed figure is, in
    the order of elimination: no row holds a figure freed before it.
    """

    cost: int
    rows: tuple[Row, ...]
    residuals: tuple[int, ...]
    decided: frozenset[int]
    changes: tuple[tuple[int, int], ...]
    pivots: tuple[tuple[int, Row], ...]
    confusions: frozenset[int]


def freed(branch: Branch, index: int, cost: int) -> Branch:
    """Return ``branch`` with the value of figure ``index`` eliminated."""
    holding = [n for n, row in enumerate(branch.rows) if index in row]
    found = replace(
        branch,
        cost=branch.cost + cost,
        decided=branch.decided | {index},
        changes=(*branch.changes, (index, FREE)),
    )
    if not holding:
        return found
    pivot = min(holding, key=lambda n: (len(branch.rows[n]), n))
    by, rest = branch.rows[pivot], branch.residuals[pivot]
    rows, residuals = [], []
    for number, (row, residual) in enumerate(zip(branch.rows, branch.residuals, strict=True)):
        if number == pivot:
            continue
        if index not in row:
            rows.append(row)
            residuals.append(residual)
            continue
        own, other = by[index], row[index]
        rows.append(without(index, row, by))
        residuals.append(own * residual - other * rest)
    return replace(
        found,
        rows=tuple(rows),
        residuals=tuple(residuals),
        pivots=(*branch.pivots, (index, by)),
    )


def without(index: int, row: Row, by: Row) -> Row:
    """Return ``row`` combined with ``by`` so that figure ``index`` cancels out."""
    own, other = by[index], row[index]
    return {
        i: value
        for i in row.keys() | by.keys()
        if (value := own * row.get(i, 0) - other * by.get(i, 0))
    }
