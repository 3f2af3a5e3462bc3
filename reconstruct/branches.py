"""Partial explanations of a table, and what can be added to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconstruct.elimination import System, after, mask_of, system_of, without
from reconstruct.loose import Parts, fit
from reconstruct.price import BOUNDLESS, Lack, Price
from reconstruct.worlds import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconstruct.elimination import Residuals
    from reconstruct.frontier import Change
    from reconstruct.worlds import Problem

FREE = -1
"""Stands for "the value becomes free" where otherwise the number of a choice stands."""


class Branch(NamedTuple):
    """A partial explanation: what is decided, and what is left of the equations.

    ``residuals`` are the sums of the rows that do not hold over what is printed. ``decided``
    holds the figures that may no longer change, one bit a figure. ``changes`` name a figure
    and the choice it takes, or FREE.
    """

    cost: int
    system: System
    residuals: Residuals
    decided: int
    changes: tuple[tuple[int, int], ...]
    confusions: frozenset[int]


class _Apart:
    """What the broken rows cost at least that a figure does not stand in.

    Whatever becomes of the figure, those stay as they are. Figures in the same of them share it.
    """

    def __init__(self, price: Price, branch: Branch, ceiling: int) -> None:
        self.price = price
        self.most = ceiling - branch.cost
        self.branch = branch
        masks = branch.system.masks
        self.masks = [(number, masks[number]) for number in branch.residuals]
        self._found: dict[int, int] = {}

    def of(self, index: int) -> int:
        """Return the bound without the rows of figure ``index``, as far as it can matter."""
        bit, key = 1 << index, 0
        for place, (_, mask) in enumerate(self.masks):
            if mask & bit:
                key |= 1 << place
        found = self._found.get(key)
        if found is None:
            residuals = self.branch.residuals
            rest = {
                number: residuals[number]
                for place, (number, _) in enumerate(self.masks)
                if not key >> place & 1
            }
            system, decided = self.branch.system, self.branch.decided
            found = self.price.of(system, rest, decided, most=self.most) if rest else 0
            found = self._found[key] = BOUNDLESS if found is None else found
        return found


class Branches:
    """The partial explanations of one problem.

    ``root`` is the one in which nothing has changed and what cannot be read is free.
    """

    def __init__(self, problem: Problem) -> None:
        """Eliminate the unreadable figures."""
        self.problem = problem
        self.price = Price(problem)
        self.read = tuple(u.choices[0].value if u.choices else 0 for u in problem.unknowns)
        self.first_time = problem.first_times()
        system, read = system_of(problem), self.read
        sums = [sum([c * read[i] for i, c in row.items()]) for row in system.rows]
        residuals = {number: total for number, total in enumerate(sums) if total}
        root = Branch(0, system, residuals, 0, (), frozenset())
        for index, unknown in enumerate(problem.unknowns):
            if not unknown.choices:
                root = self.changed(root, index, FREE) or root
        self.root = root
        self._options = tuple([u.others for u in problem.unknowns])
        self._parts = Parts(self.read)
        self.lacks = tuple(self._lacks(root.system))

    def _lacks(self, system: System) -> Iterator[Lack]:
        """Yield the figures that would be negative as the others are printed."""
        for index, row in system.expressed().items():
            if self.problem.unknowns[index].signed:
                continue
            sign = -1 if row[index] > 0 else 1
            others = {i: sign * c for i, c in row.items() if i != index}
            value = sum(c * self.read[i] for i, c in others.items())
            if value < 0:
                yield Lack(others, mask_of(others), -value)

    def lacking(self, branch: Branch) -> list[tuple[Lack, int]]:
        """Return which of ``lacks`` the changes of a branch leave, and how much is missing."""
        if not self.lacks:
            return []
        free = steps = 0
        sizes = []
        for index, number in branch.changes:
            if number == FREE:
                free |= 1 << index
            else:
                steps |= 1 << index
                choices = self.problem.unknowns[index].choices
                sizes.append((index, choices[number].value - choices[0].value))
        found = []
        for lack in self.lacks:
            if lack.mask & free:
                continue  # that figure may be as large as need be
            short = lack.short
            if lack.mask & steps:
                short -= sum(lack.row.get(i, 0) * size for i, size in sizes)
            if short > 0:
                found.append((lack, short))
        return found

    def dearest_row(self, branch: Branch) -> tuple[int | None, Iterable[int] | None]:
        """Return the broken row that is dearest to mend, and its figures; None without one."""
        if not branch.residuals:
            return None, None
        system, decided = branch.system, branch.decided

        def rank(number: int) -> tuple[int, int, int]:
            mend = self.price.mend(system, number, branch.residuals[number], decided)
            left = (system.masks[number] & ~decided).bit_count()
            return (-(mend.whole if mend else 0), left, number)

        number = min(branch.residuals, key=rank)
        return number, system.rows[number]

    def children(
        self,
        branch: Branch,
        figures: Iterable[int],
        number: int | None,
        bound: int,
        ceiling: int,
    ) -> list[Change]:
        """Return changes in which some undecided figure is the first to change.

        Those whose worlds cost ``ceiling`` or more are left out; none cost less than ``bound``.
        """
        price, cost, decided = self.price, branch.cost, branch.decided
        least, free, options = price.least, price.free, self._options
        row = branch.system.rows[number] if number is not None else {}
        residual = branch.residuals[number] if number is not None else 0
        ordered = price.ranked(figures) if number is None else price.ordered(row)
        undecided = [i for i in ordered if not decided >> i & 1]
        apart = _Apart(price, branch, ceiling) if branch.residuals else None
        found: list[Change] = []
        last, others = len(undecided) - 1, cost
        for place, index in enumerate(undecided):
            if cost + least[index] >= ceiling:
                break
            if apart is not None:
                others = cost + apart.of(index)
            floor = others + free[index]
            if floor < ceiling:
                found.append((max(floor, bound), len(found), decided, index, FREE))
            for choice, spent, step in options[index]:
                floor = others + spent
                if number is not None and residual + row[index] * step:
                    if place == last:
                        continue  # the row would stay broken
                    floor = max(floor, cost + spent + least[undecided[place + 1]])
                if floor < ceiling:
                    found.append((max(floor, bound), len(found), decided, index, choice))
            decided |= 1 << index
        return found

    def changed(
        self, branch: Branch, index: int, number: int, price: int | None = None, decided: int = 0
    ) -> Branch | None:
        """Return ``branch`` with figure ``index`` printed as its choice ``number``.

        With FREE for ``number`` its value becomes free at ``price``, or at what that costs. The
        figures in ``decided`` (bits) are decided, too. None where no whole numbers fit any more.
        """
        decided |= branch.decided | 1 << index
        changes = (*branch.changes, (index, number))
        if number == FREE:
            system, step = branch.system.freed(index)
            residuals = after(branch.residuals, step)
            if residuals is None:
                return None
            cost = branch.cost + (self.price.free[index] if price is None else price)
            return Branch(cost, system, residuals, decided, changes, branch.confusions)
        choices = self.problem.unknowns[index].choices
        choice = choices[number]
        cost, confusions = branch.cost + choice.least, branch.confusions
        if choice.confusion is not None and choice.confusion not in confusions:
            cost += self.first_time[choice.confusion]
            confusions |= {choice.confusion}
        residuals = dict(branch.residuals)
        step_size = choice.value - choices[0].value
        for row in branch.system.holding(index):
            total = residuals.get(row, 0) + branch.system.rows[row][index] * step_size
            if total:
                residuals[row] = total
            else:
                residuals.pop(row, None)
        return Branch(cost, branch.system, residuals, decided, changes, confusions)

    def values(
        self, branch: Branch, unlike: tuple[int, int] | None
    ) -> tuple[tuple[int, ...], Iterable[int] | None]:
        """Return what the figures mean, and figures of which one must still change.

        The latter are None unless a freed figure would be negative, or no whole number, or just
        what it must not be.
        """
        values = list(self.read)
        for index, number in branch.changes:
            if number != FREE:
                values[index] = self.problem.unknowns[index].choices[number].value
        system = branch.system
        if system.loose:
            return self._loose(branch, values, unlike)
        first: int | None = None
        for place, (index, row) in reversed(list(enumerate(system.pivots))):
            own = row[index]
            rest = own * values[index] - sum([c * values[i] for i, c in row.items()])
            value, remainder = divmod(rest, own)
            values[index] = value
            short = value < 0 and not self.problem.unknowns[index].signed
            if remainder or short or (index, value) == unlike:
                first = place
        if first is None:
            return tuple(values), None
        unfit = system.pivots[first][1]
        # figures freed later are what their own rows make of others: those may change
        for later, by in system.pivots[first + 1 :]:
            unfit = without(later, unfit, by) if later in unfit else unfit
        return tuple(values), unfit

    def _loose(
        self, branch: Branch, values: list[int], unlike: tuple[int, int] | None
    ) -> tuple[tuple[int, ...], Iterable[int] | None]:
        """Do what ``values`` does where some figures are not determined by rows."""
        parts, known = self._parts.all(branch.system)
        chosen = [index for index, number in branch.changes if number != FREE]
        sizes = [(index, values[index] - self.read[index]) for index in chosen]
        steps = mask_of(chosen)
        rows = [
            (part.own, part.total - sum([part.known.get(i, 0) * size for i, size in sizes]))
            if part.mask & steps
            else (part.own, part.total)
            for part in parts
        ]
        free = {index for index, _ in branch.system.pivots} | branch.system.loose
        unknowns = self.problem.unknowns
        ranges: dict[int, tuple[int | None, int | None]] = {
            i: (None if unknowns[i].signed else 0, None) for i in free
        }
        options = [ranges]
        if unlike is not None and unlike[0] in free:
            index, value = unlike
            least = ranges[index][0]
            options = [ranges | {index: (value + 1, None)}]
            if least is None or value > least:
                options.append(ranges | {index: (least, value - 1)})
        for option in options:
            found = fit(rows, option)
            if found is not None:
                for i, value in found.items():
                    values[i] = value
                return tuple(values), None
        return tuple(values), known

    def world(self, branch: Branch, values: tuple[int, ...]) -> World:
        """Return a branch without broken rows as a world in which the figures mean ``values``."""
        chosen: list[int | None] = [0 if u.choices else None for u in self.problem.unknowns]
        blamed = set()
        for index, number in branch.changes:
            if number != FREE:
                chosen[index] = number
            elif (unknown := self.problem.unknowns[index]).choices:
                blamed.add(index)
                cheaper = unknown.unlisted is not None and unknown.unlisted < unknown.mistake
                chosen[index] = None if cheaper else 0
        return World(branch.cost, tuple(chosen), values, frozenset(blamed))
