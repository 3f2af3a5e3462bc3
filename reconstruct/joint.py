"""Weighs the ways in which several lines may be read against the sums that join them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from reconstruct.thresholds import PAGE_MISTAKE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.report import Figure

MOST_WORLDS = 4_000
NODES = 30_000
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to read a line: what each place counts as in sums (None if unknown), and its cost."""

    values: tuple[Figure | None, ...]
    cost: float


Place = tuple[int, int]
"""(number of the line, place in it)."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Σ left = Σ right over places of several lines."""

    left: tuple[Place, ...]
    right: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All places it speaks of."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Weighed:
    """How likely each kind of each line is; and how many sums hold, or fail, at the likeliest."""

    shares: tuple[tuple[float, ...], ...]
    holding: tuple[int, ...]
    failing: tuple[int, ...]


class TooManyError(Exception):
    """There are too many ways to read the lines together."""


def weigh(kinds: Sequence[Sequence[Kind]], sums: Sequence[Sum]) -> Weighed:
    """Return the chances of each line's kinds, each sum that fails costing what a mistake does.

    Where there are too many combinations, every line is judged by its own costs alone.
    """
    usable = [_linear(one, kinds) for one in sums if _known(one, kinds)]
    kept = _narrowed(kinds, usable)
    open_ = [i for i, alive in enumerate(kept) if len(alive) > 1]
    chances = [[0.0] * len(mine) for mine in kinds]
    try:
        worlds = list(_worlds(kinds, kept, open_, usable))
    except TooManyError:
        worlds = []
    if worlds:
        least = min(cost for _, cost in worlds)
        total = math.fsum(math.exp(least - cost) for _, cost in worlds)
        for chosen, cost in worlds:
            for i, number in enumerate(chosen):
                chances[i][number] += math.exp(least - cost) / total
    else:
        for i, alive in enumerate(kept):
            least = min(kinds[i][k].cost for k in alive)
            total = math.fsum(math.exp(least - kinds[i][k].cost) for k in alive)
            for k in alive:
                chances[i][k] = math.exp(least - kinds[i][k].cost) / total
    best = [max(range(len(c)), key=c.__getitem__) for c in chances]
    holding, failing = [0] * len(kinds), [0] * len(kinds)
    for one in usable:
        holds = _sum(one, best) == 0
        for i in one:
            holding[i] += holds
            failing[i] += not holds
    return Weighed(tuple(tuple(c) for c in chances), tuple(holding), tuple(failing))


Linear = dict[int, tuple["Figure", ...]]
"""What each kind of each line adds to left − right of a sum."""


def _known(one: Sum, kinds: Sequence[Sequence[Kind]]) -> bool:
    return all(kind.values[p] is not None for i, p in one.places for kind in kinds[i])


def _linear(one: Sum, kinds: Sequence[Sequence[Kind]]) -> Linear:
    parts: dict[int, list[Figure]] = {}
    for sign, places in ((1, one.left), (-1, one.right)):
        for i, p in places:
            mine = parts.setdefault(i, [0] * len(kinds[i]))
            for k, kind in enumerate(kinds[i]):
                mine[k] += sign * (kind.values[p] or 0)
    return {i: tuple(mine) for i, mine in parts.items()}


def _sum(one: Linear, chosen: Sequence[int]) -> Figure:
    total: Figure = 0
    for i, parts in one.items():
        total += parts[chosen[i]]
    return total


def _narrowed(kinds: Sequence[Sequence[Kind]], usable: Sequence[Linear]) -> list[list[int]]:
    """Drop the kinds with which a sum cannot hold, where there are too many combinations."""
    kept = [list(range(len(mine))) for mine in kinds]
    if math.prod(map(len, kept)) <= MOST_WORLDS:
        return kept
    for _ in range(ROUNDS):
        before = sum(map(len, kept))
        for one in usable:
            low = {i: min(parts[k] for k in kept[i]) for i, parts in one.items()}
            high = {i: max(parts[k] for k in kept[i]) for i, parts in one.items()}
            least, most = sum(low.values()), sum(high.values())
            fitting = {
                i: [
                    k
                    for k in kept[i]
                    if least - low[i] + parts[k] <= 0 <= most - high[i] + parts[k]
                ]
                for i, parts in one.items()
            }
            if all(fitting.values()):  # else the page itself is wrong here
                for i, alive in fitting.items():
                    kept[i] = alive
        if sum(map(len, kept)) == before:
            break
    return kept


def _worlds(
    kinds: Sequence[Sequence[Kind]],
    kept: Sequence[Sequence[int]],
    open_: Sequence[int],
    usable: Sequence[Linear],
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield combinations of kinds with their costs. Raises TooManyError."""
    if math.prod(len(kept[i]) for i in open_) <= MOST_WORLDS:
        touched = [one for one in usable if any(len(kept[i]) > 1 for i in one)]
        chosen = [alive[0] for alive in kept]
        for picks in product(*(kept[i] for i in open_)):
            for i, k in zip(open_, picks, strict=True):
                chosen[i] = k
            broken = sum(_sum(one, chosen) != 0 for one in touched)
            cost = sum(kinds[i][k].cost for i, k in zip(open_, picks, strict=True))
            yield tuple(chosen), cost + PAGE_MISTAKE * broken
        return
    exact = list(_exact(kept, open_, usable))
    if not exact:
        raise TooManyError
    for world in exact:
        yield world, sum(kinds[i][world[i]].cost for i in open_)
    best = min(exact, key=lambda w: sum(kinds[i][w[i]].cost for i in open_))
    for i in open_:  # those that break sums are too many to list: the nearest stand for them
        for k in range(len(kinds[i])):
            if k != best[i]:
                world = (*best[:i], k, *best[i + 1 :])
                broken = sum(_sum(one, world) != 0 for one in usable)
                if broken:
                    cost = sum(kinds[j][world[j]].cost for j in open_)
                    yield world, cost + PAGE_MISTAKE * broken


def _exact(
    kept: Sequence[Sequence[int]], open_: Sequence[int], usable: Sequence[Linear]
) -> Iterator[tuple[int, ...]]:
    """Yield the combinations with which every sum that can hold does. Raises TooManyError."""
    order = sorted(open_, key=lambda i: len(kept[i]))
    chosen = [alive[0] for alive in kept]
    fixed = [
        sum(parts[chosen[i]] for i, parts in one.items() if len(kept[i]) == 1) for one in usable
    ]
    later: list[list[tuple[Figure, Figure]]] = []
    for step in range(len(order) + 1):
        rest = set(order[step:])
        later.append(
            [
                (
                    sum(min(p[k] for k in kept[i]) for i, p in one.items() if i in rest),
                    sum(max(p[k] for k in kept[i]) for i, p in one.items() if i in rest),
                )
                for one in usable
            ]
        )
    can = [f + low <= 0 <= f + high for f, (low, high) in zip(fixed, later[0], strict=True)]
    nodes = [0]

    def walk(step: int, sums: list[Figure]) -> Iterator[tuple[int, ...]]:
        nodes[0] += 1
        if nodes[0] > NODES:
            raise TooManyError
        for number, (low, high) in enumerate(later[step]):
            if can[number] and not sums[number] + low <= 0 <= sums[number] + high:
                return
        if step == len(order):
            yield tuple(chosen)
            return
        i = order[step]
        for k in kept[i]:
            chosen[i] = k
            yield from walk(
                step + 1,
                [s + one[i][k] if i in one else s for s, one in zip(sums, usable, strict=True)],
            )

    yield from walk(0, fixed)
