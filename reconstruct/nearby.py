"""What a figure's own equations say about it, where the whole table is out of reach.

Each equation is looked at by itself: what its other figures cost at least to make up for what is
missing. That conditions on fewer equations than there are, and on nothing else.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reconstruct.elimination import system_of
from reconstruct.margins import CAP, SURE, TIE, Margin
from reconstruct.price import BOUNDLESS
from reconstruct.problem import milli
from reconstruct.thresholds import ALIKE, ALIKE_BEYOND
from reconstruct.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reconstruct.elimination import Row
    from reconstruct.price import Price
    from reconstruct.search import Search
    from reconstruct.worlds import Problem, World

BEYOND = milli(ALIKE_BEYOND)


class Nearby:
    """The equations of one problem, each by itself."""

    def __init__(self, problem: Problem, price: Price, likely: Sequence[int | None]) -> None:
        """Take what every figure most likely reads, None where it cannot be read."""
        self.problem = problem
        self.price = price
        self.likely = likely
        self.rows = tuple(
            row if all(likely[i] is not None for i in row) else None
            for row in system_of(problem).rows
        )
        self.residuals = tuple(
            0 if row is None else sum(c * (likely[i] or 0) for i, c in row.items())
            for row in self.rows
        )
        self.of_figure: tuple[list[int], ...] = tuple([] for _ in problem.unknowns)
        for number, row in enumerate(self.rows):
            for i in row or ():
                self.of_figure[i].append(number)
        self._sums: dict[tuple[int, int], dict[int, int]] = {}

    def margin(self, index: int) -> int | None:
        """Return how much dearer (milli-nats) other prints of a figure are; None if unsaid."""
        if not self.of_figure[index]:
            return None
        unknown = self.problem.unknowns[index]
        stays = self._others(index, 0)
        steps = [(c.value - unknown.choices[0].value, c.cost) for c in unknown.choices[1:]]
        found = [cost + self._others(index, step) for step, cost in steps]
        if unknown.unlisted is not None:
            found += [unknown.unlisted + self._others(index, s) for s in self._fitting(index)]
        if not found:
            return None
        return max(0, min(found) - stays)

    def confirmed(self, index: int) -> int | None:
        """Return ``margin`` less what rivals that are many and alike take, None if unsaid."""
        numbers = self.of_figure[index]
        if len(numbers) == 1 and self.residuals[numbers[0]] != 0:
            return None
        margin = self.margin(index)
        if margin is None or len(numbers) > 1:
            return margin
        return max(0, margin - milli(math.log(len(self.rows[numbers[0]] or {}))))

    def suspect(self, index: int, within: int) -> bool:
        """Tell whether a change of the figure explains its equations about as well as any."""
        free = self.price.free[index]
        changed = min((free + self._others(index, s) for s in self._fitting(index)), default=None)
        return changed is not None and changed < self._others(index, 0) + within

    def verdicts(self, among: Collection[int]) -> list[Verdict]:
        """Return what their own equations make of all figures, see ``verdict``.

        What only another figure like it bears out is not sure.
        """
        found = [self.verdict(i, among) for i in range(len(self.problem.unknowns))]
        return [
            one._replace(margin=0.0) if self.by_its_like(i) else one for i, one in enumerate(found)
        ]

    def by_its_like(self, index: int) -> bool:
        """Tell whether a figure is borne out only by others that may be misread as it is.

        A 1 that touches its line and reads as 3 does so in its row's total as well: together they
        cost little more than one of them. Elsewhere they stand in equations that fail.
        """
        numbers = self.of_figure[index]
        holding = [n for n in numbers if self.residuals[n] == 0]
        if not self.likely[index] or not holding or len(holding) == len(numbers):
            return False
        return all(self._has_its_like(index, number) for number in holding)

    def _has_its_like(self, index: int, number: int) -> bool:
        """Tell whether a figure on an equation's other side may be misread by as much."""
        row = self.rows[number] or {}
        return any(row[i] == -row[index] and self._alike(index, i) < BEYOND for i in row)

    def _alike(self, index: int, other: int) -> float:
        """Return what it costs at least that two figures are misread for one other value."""
        mine, its = (self.price.steps[i] for i in (index, other))
        return min(
            (
                max(mine[step], its[step]) * ALIKE + min(mine[step], its[step])
                for step in mine.keys() & its.keys()
            ),
            default=math.inf,
        )

    def verdict(self, index: int, among: Collection[int]) -> Verdict:
        """Return what a figure's own equations make of it.

        It is disputed if it stands ``among`` those of equations that fail, and its change would
        explain that about as well as any.
        """
        if not self.problem.unknowns[index].choices:
            return Verdict(None, unresolved=True)
        margin = self.margin(index)
        return Verdict(
            0,
            None if margin is None else min(margin, CAP) / 1000,
            disputed=index in among and self.suspect(index, TIE),
            unresolved=True,
        )

    def _fitting(self, index: int) -> list[int]:
        """Return the changes of a figure that mend one of its equations."""
        found = set()
        for number in self.of_figure[index]:
            row = self.rows[number] or {}
            step, remainder = divmod(-self.residuals[number], row[index])
            if step and not remainder:
                found.add(step)
        return sorted(found) or [1]

    def _others(self, index: int, step: int) -> int:
        """Return what the others must cost at least if the figure changes by ``step``."""
        total = 0
        for number in self.of_figure[index]:
            row = self.rows[number] or {}
            missing = self.residuals[number] + row[index] * step
            if missing:
                total += self._mended(number, missing, index)
        return total

    def _mended(self, number: int, missing: int, without: int) -> int:
        """Return what the others of an equation must cost at least to make up for ``missing``."""
        row = self.rows[number] or {}
        key = (number, without)
        if key not in self._sums:
            self._sums[key] = self._reached([i for i in row if i != without], row)
        return self._sums[key].get(-missing, self._anything(row, without))

    def _anything(self, row: Row, without: int) -> int:
        """Return what it costs that some other figure of an equation means just anything."""
        return min((self.price.free[i] for i in row if i != without), default=BOUNDLESS)

    def _reached(self, figures: Sequence[int], row: Row) -> dict[int, int]:
        """Return what it costs that figures change a sum by so much, within what is asked for.

        Listed values only, exactly: of every sum that some of them reach together the cheapest.
        """
        free = min((self.price.free[i] for i in figures), default=BOUNDLESS)
        reached = {0: 0}
        for i in figures:
            steps = [(row[i] * step, cost) for step, cost in self.price.steps[i].items()]
            more: dict[int, int] = {}
            for sum_, spent in reached.items():
                for step, cost in steps:
                    if spent + cost < min(free, CAP, more.get(sum_ + step, CAP)):
                        more[sum_ + step] = spent + cost
            for sum_, cost in more.items():
                reached[sum_] = min(cost, reached.get(sum_, CAP))
        return {sum_: min(cost, free) for sum_, cost in reached.items()}


def nearby_at_least(
    search: Search,
    likely: Sequence[int | None],
    world: World,
    margins: Mapping[int, Margin],
) -> dict[int, Margin]:
    """Return what their own equations say of figures whose margins are out of reach.

    That is asked where two of them can be evaluated, or one that holds, of figures that ``world``
    leaves as read. Where it is one, each of its other figures could be the mistake instead.
    """
    open_ = [i for i, m in margins.items() if not m.proved and m.least < SURE]
    # What is said elsewhere is no reading, and says nothing here.
    unsaid = [None] * (len(search.problem.unknowns) - len(likely))
    nearby = Nearby(search.problem, search.price, (*likely, *unsaid)) if open_ else None
    found = {}
    for i in open_:
        if nearby is None or world.chosen[i] != 0 or nearby.by_its_like(i):
            continue
        margin = nearby.confirmed(i)
        if margin is not None and margin > margins[i].least:
            found[i] = Margin(min(margin, CAP), proved=False)
    return found
