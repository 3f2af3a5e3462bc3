"""What it costs at least to mend rows that do not hold: the bound of the search."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from reconstruct.mends import Mend, mended, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reconstruct.elimination import Row, System
    from reconstruct.worlds import Choice, Problem


BOUNDLESS = 1 << 60


_Gain: TypeAlias = tuple[int, int, int, int, list[tuple[int, int]]]
"""A figure of a sum as a bit, the cost of its cheapest change and of any change, how much that can
add to the sum, and what its listed values add, each with its cost, cheapest first."""


class Lack(NamedTuple):
    """What a figure that cannot be read is by the others (coefficients), times a number > 0.

    As printed that is ``short`` of 0, which a count cannot be.
    """

    row: dict[int, int]
    mask: int
    short: int


class Price:
    """Lower bounds on the cost of changes that mend rows.

    A row is mended by one figure that changes by just what is missing, or by two or more. A
    change at a figure that stands in n of the rows serves n of them, so that each row is
    charged 1/n of it; rows without a figure in common are charged in full. Both are lower
    bounds, and the larger counts.
    """

    def __init__(self, problem: Problem) -> None:
        """Take what every change of every figure costs at least (milli-nats)."""
        self.free = tuple([u.free for u in problem.unknowns])
        self.steps = tuple([_steps(u.choices) for u in problem.unknowns])
        self.least = tuple(
            [
                min(free, *steps.values()) if steps else free
                for steps, free in zip(self.steps, self.free, strict=True)
            ]
        )
        self.order = sorted(range(len(self.least)), key=self.least.__getitem__)
        places = {i: place for place, i in enumerate(self.order)}
        self._rank = places.__getitem__
        # a figure that is none of its choices may be smaller by no more than there is
        self.down = tuple(
            [
                -BOUNDLESS if u.signed or not u.choices else -u.choices[0].value
                for u in problem.unknowns
            ]
        )
        bits = [1 << i for i in range(len(self.least))]
        # all that a change of a figure may cost, in one place
        self._changes = tuple(zip(bits, self.least, self.free, self.down, self.steps, strict=True))
        self._rows: dict[int, Sequence[int]] = {}
        self._mends: dict[tuple[int, int, int], Mend | None] = {}
        self._gains: dict[int, Sequence[_Gain]] = {}

    def of(
        self,
        system: System,
        residuals: Mapping[int, int],
        decided: int,
        also: Iterable[int] = (),
        lacking: Iterable[tuple[Lack, int]] = (),
        most: int = BOUNDLESS,
    ) -> int | None:
        """Return what mending every row of ``residuals`` costs at least, None if impossible.

        ``also`` are further rows, in each of which some figure must change, and ``lacking``
        sums that must become larger by so much. Figures in ``decided`` (bits) may not change.
        From ``most`` on it does not matter how much it is: what is returned may be too little
        then, but no less than ``most``.
        """
        mends = []
        for lack, amount in lacking:
            mend = self.filled(lack, amount, decided)
            if mend is None:
                return None
            mends.append(mend)
        masks, rows, known = system.masks, system.rows, self._mends
        for number, residual in residuals.items():
            left = masks[number] & ~decided
            key = (id(rows[number]), residual, left)
            try:
                mend = known[key]
            except KeyError:
                mend = known[key] = self._mend(system, number, residual, left)
            if mend is None:
                return None
            if mend.whole >= most:
                return mend.whole
            mends.append(mend)
        for number in also:
            left = masks[number] & ~decided
            if not left:
                return None
            cost = self._cheapest(rows[number], left)
            mends.append(Mend(left, ((cost, left),), cost, cost))
        return together(mends, most)

    def elsewhere(self, system: System, rows: Sequence[int], decided: int) -> int | None:
        """Return what it costs at least that another figure changes in each of ``rows``.

        That is ``of`` where all rows hold as they are printed. None if it is impossible.
        """
        costs, charged = 0, 0
        for number in rows:
            left = system.masks[number] & ~decided
            if not left:
                return None
            if left & charged:  # one change may serve two rows
                return self.of(system, {}, decided, rows)
            costs, charged = costs + self._cheapest(system.rows[number], left), charged | left
        return costs

    def mend(self, system: System, number: int, residual: int, decided: int) -> Mend | None:
        """Return how row ``number`` can be mended, None if nothing is left to do it."""
        left = system.masks[number] & ~decided
        if not left:
            return None
        key = (id(system.rows[number]), residual, left)
        if key not in self._mends:
            self._mends[key] = self._mend(system, number, residual, left)
        return self._mends[key]

    def filled(self, lack: Lack, amount: int, decided: int) -> Mend | None:
        """Return how a sum can become larger by ``amount``, None if nothing is left to do it."""
        key = (id(lack), amount, left := lack.mask & ~decided)
        if key not in self._mends:
            self._mends[key] = self._filled(lack, amount, left)
        return self._mends[key]

    def _filled(self, lack: Lack, amount: int, left: int) -> Mend | None:
        alone: dict[int, int] = {}
        first = second = -1
        for bit, least, free, most, gains in self._gaining(lack):
            if not left & bit:
                continue
            if first < 0:
                first = least
            elif second < 0:
                second = least
            elif least >= first + second:
                break  # whatever these do alone, two others do as cheaply
            cost = free if most >= amount else BOUNDLESS
            for gain, spent in gains:  # cheapest first
                if gain >= amount:
                    cost = min(cost, spent)
                    break
            if cost < BOUNDLESS:
                alone[cost] = alone.get(cost, 0) | bit
        return mended(left, alone, first + second if second >= 0 else None)

    def _gaining(self, lack: Lack) -> Sequence[_Gain]:
        """Return what each figure of a sum can add to it, those with the cheapest change first."""
        found = self._gains.get(id(lack))
        if found is None:
            found = []
            for i in self.ranked(lack.row):
                coefficient, (bit, least, free, down, steps) = lack.row[i], self._changes[i]
                most = BOUNDLESS if coefficient > 0 else coefficient * down
                more = [(coefficient * step, cost) for step, cost in steps.items()]
                gains = sorted([one for one in more if one[0] > 0], key=itemgetter(1))
                found.append((bit, least, free, most, gains))
            self._gains[id(lack)] = found
        return found

    def _mend(self, system: System, number: int, residual: int, left: int) -> Mend | None:
        alone: dict[int, int] = {}
        first = second = -1
        row, changes = system.rows[number], self._changes
        for i in self.ordered(row):
            bit, least, free, down, steps = changes[i]
            if not left & bit:
                continue
            if first < 0:
                first = least
            elif second < 0:
                second = least
            elif least >= first + second:
                break  # whatever these do alone, two others do as cheaply
            step, remainder = divmod(-residual, row[i])
            if remainder:
                continue
            cost = steps.get(step, BOUNDLESS) if steps else BOUNDLESS
            if step >= down and free < cost:
                cost = free
            if cost < BOUNDLESS:
                alone[cost] = alone.get(cost, 0) | bit
        return mended(left, alone, first + second if second >= 0 else None)

    def ordered(self, row: Row) -> Sequence[int]:
        """Return the figures of a row of a system, those with the cheapest change first."""
        found = self._rows.get(id(row))  # most are shared between systems, which are kept
        if found is None:
            found = self._rows[id(row)] = self.ranked(row)
        return found

    def ranked(self, figures: Iterable[int]) -> list[int]:
        """Return figures, those with the cheapest change first."""
        return sorted(figures, key=self._rank)

    def _cheapest(self, row: Row, left: int) -> int:
        """Return the cost of the cheapest change of a row's figures ``left``."""
        for index in self.ordered(row):
            if left >> index & 1:
                return self.least[index]
        raise AssertionError


def _steps(choices: Sequence[Choice]) -> dict[int, int]:
    """Return what changing a figure by so much costs at least, for the values on its list."""
    found: dict[int, int] = {}
    for choice in choices[1:]:
        step, least = choice.value - choices[0].value, choice.least
        found[step] = min(least, found.get(step, least))
    return found
