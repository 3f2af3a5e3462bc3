"""The worlds that could explain a table, found by exact best-first search.

Where figures do not add up, some figure of a broken equation must be printed otherwise than it
reads or be the page's mistake; the search branches over which is the first. A figure whose
value becomes free is eliminated: one of its equations then only says what it is, and the
others are combined with that one. A broken equation needs at least the cheapest change of one
of its figures, which bounds from below what a branch can still cost. Most tables need few
branches; where more than a limit would be needed, OutOfReachError hands the problem to CP-SAT.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from typing import TYPE_CHECKING

from reconstruct.elimination import FREE, Branch, freed, mask_of, without
from reconstruct.price import Price
from reconstruct.worlds import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconstruct.elimination import Row
    from reconstruct.worlds import Problem

_BRANCHES = 2500
"""So many branches are weighed for one answer, in a seventh of a second; CP-SAT takes longer for
most problems and is quicker only for those that need more."""

_BRANCHES_IN_ALL = 25_000
"""So many for all answers about one problem."""


class OutOfReachError(Exception):
    """The search needs more branches than it may look at, or values stay undetermined."""


class Search:
    """Exact search over the worlds of one problem."""

    def __init__(self, problem: Problem) -> None:
        """Prepare the search. Raises OutOfReachError where too much is unreadable."""
        self.problem = problem
        self.spent = 0
        self.read = tuple(u.choices[0].value if u.choices else 0 for u in problem.unknowns)
        self.free_cost = tuple(
            0 if not u.choices else min(u.mistake, u.mistake if u.unlisted is None else u.unlisted)
            for u in problem.unknowns
        )
        self.least = tuple(
            min([free, *(c.cost if c.confusion is None else c.again for c in u.choices[1:])])
            for u, free in zip(problem.unknowns, self.free_cost, strict=True)
        )
        self.price = Price(self.least)
        rows = tuple(
            dict.fromkeys(left, 1) | dict.fromkeys(right, -1) for left, right in problem.equations
        )
        masks = tuple(mask_of(row) for row in rows)
        residuals = tuple(self._residual(row) for row in rows)
        root = Branch(0, rows, masks, residuals, 0, (), (), frozenset())
        for index, unknown in enumerate(problem.unknowns):
            if not unknown.choices:
                root = freed(root, index, 0)
                if all(index != pivot for pivot, _ in root.pivots):
                    raise OutOfReachError
        self.root = root

    @property
    def exhausted(self) -> bool:
        """Whether all the branches are spent that one problem may take."""
        return self.spent > _BRANCHES_IN_ALL

    def best(self) -> World:
        """Return the cheapest world. Raises OutOfReachError."""
        return next(self._worlds([self.root], None, None))

    def rival(self, world: World, index: int, cap: int) -> World | None:
        """Return the cheapest world that prints figure ``index`` otherwise than ``world``.

        For an unreadable figure: that means another value. None where every such world costs
        at least ``cap`` more than ``world``. Raises OutOfReachError.
        """
        unknown, chosen = self.problem.unknowns[index], world.chosen[index]
        limit = world.cost + cap
        if not unknown.choices:
            return next(self._worlds([self.root], limit, (index, world.meant[index])), None)
        roots = []
        if chosen != 0:  # printed as it reads, whether or not the page is mistaken there
            roots.append(replace(self.root, decided=self.root.decided | 1 << index))
            roots.append(freed(self.root, index, unknown.mistake))
        roots += [
            self._changed(self.root, index, number)
            for number in range(1, len(unknown.choices))
            if number != chosen
        ]
        prints = [c.cost for n, c in enumerate(unknown.choices) if n and n != chosen]
        if prints:  # printed otherwise, and a mistake of the page as well
            roots.append(freed(self.root, index, min(prints) + unknown.mistake))
        found = [next(self._worlds(roots, limit, None), None)]
        if unknown.unlisted is not None and chosen is not None:
            strange = freed(self.root, index, unknown.unlisted)
            value = unknown.choices[chosen].value
            found.append(next(self._worlds([strange], limit, (index, value)), None))
        return min((w for w in found if w), key=lambda w: w.cost, default=None)

    def blamed(self, world: World, cap: int) -> frozenset[int]:
        """Return the figures blamed by any world that costs less than ``cap`` above ``world``.

        Raises OutOfReachError.
        """
        worlds = self._worlds([self.root], world.cost + cap, None)
        return world.blamed.union(*(other.blamed for other in worlds))

    def _worlds(
        self, roots: list[Branch], limit: int | None, unlike: tuple[int, int] | None
    ) -> Iterator[World]:
        """Yield worlds, cheapest first, that cost less than ``limit``.

        In each of them figure ``unlike[0]`` means something else than ``unlike[1]``.
        """
        serial = 0
        heap: list[tuple[int, int, int, Branch]] = []

        def push(branch: Branch) -> None:
            nonlocal serial
            self.spent += 1
            more = self.price.of(_broken(branch))
            if more is not None and (limit is None or branch.cost + more < limit):
                bound = branch.cost + more
                serial += 1
                # of equal bounds the deeper first: where many tie, one of them is followed down
                heapq.heappush(heap, (bound, -len(branch.changes), serial, branch))

        allowed = self.spent + _BRANCHES
        for root in roots:
            push(root)
        while heap:
            if self.spent > allowed or self.exhausted:
                raise OutOfReachError
            *_, branch = heapq.heappop(heap)
            row = self._tightest(branch)
            if row is None:
                values, row = self._values(branch, unlike)
                if row is not None and self._slack(branch, row):
                    raise OutOfReachError  # a fitting value may exist; CP-SAT will find it
                if row is None:
                    yield self._world(branch, values)
                    continue
            for child in self._children(branch, row, limit):
                push(child)

    def _children(self, branch: Branch, row: Row, limit: int | None) -> Iterator[Branch]:
        """Yield the branches in which some undecided figure of ``row`` is the first to change."""
        undecided = sorted(
            (i for i in row if not branch.decided >> i & 1), key=lambda i: (self.least[i], i)
        )
        decided = branch.decided
        broken = _broken(branch)
        for index in undecided:
            here = replace(branch, decided=decided)
            bit = 1 << index
            decided |= bit
            # a change here serves the rows that hold the figure; the others still need theirs
            more = self.price.of(mask for mask in broken if not mask & bit)
            if more is None or (
                limit is not None and branch.cost + self.least[index] + more >= limit
            ):
                continue
            for number in range(1, len(self.problem.unknowns[index].choices)):
                yield self._changed(here, index, number)
            yield freed(here, index, self.free_cost[index])

    def _changed(self, branch: Branch, index: int, number: int) -> Branch:
        """Return ``branch`` with figure ``index`` printed as its choice ``number``."""
        choice = self.problem.unknowns[index].choices[number]
        cost, confusions = choice.cost, branch.confusions
        if choice.confusion is not None:
            cost = choice.again
            if choice.confusion not in confusions:
                cost += self.problem.first_time(choice.confusion)
                confusions |= {choice.confusion}
        step, bit = choice.value - self.read[index], 1 << index
        return replace(
            branch,
            cost=branch.cost + cost,
            residuals=tuple(
                residual + row[index] * step if mask & bit else residual
                for row, mask, residual in zip(
                    branch.rows, branch.masks, branch.residuals, strict=True
                )
            ),
            decided=branch.decided | bit,
            changes=(*branch.changes, (index, number)),
            confusions=confusions,
        )

    def _tightest(self, branch: Branch) -> Row | None:
        """Return the broken row with the fewest undecided figures, None where none is broken."""
        undecided = ~branch.decided
        broken = [
            ((mask & undecided).bit_count(), number)
            for number, mask in enumerate(branch.masks)
            if branch.residuals[number]
        ]
        return branch.rows[min(broken)[1]] if broken else None

    def _values(
        self, branch: Branch, unlike: tuple[int, int] | None
    ) -> tuple[tuple[int, ...], Row | None]:
        """Return what the figures mean, and a row in which something must still change.

        The row is None unless a freed figure would be negative, or no whole number, or just
        what it must not be.
        """
        values = list(self.read)
        for index, number in branch.changes:
            if number != FREE:
                values[index] = self.problem.unknowns[index].choices[number].value
        unfit = None
        for place, (index, row) in reversed(list(enumerate(branch.pivots))):
            rest = -sum(c * values[i] for i, c in row.items() if i != index)
            value, remainder = divmod(rest, row[index])
            values[index] = value
            signed = self.problem.unknowns[index].signed
            if remainder or (value < 0 and not signed) or (index, value) == unlike:
                unfit = row
                # figures freed later are what their own rows make of others: those may change
                for later, by in branch.pivots[place + 1 :]:
                    unfit = without(later, unfit, by) if later in unfit else unfit
        return tuple(values), unfit

    def _slack(self, branch: Branch, row: Row) -> bool:
        """Tell whether ``row`` holds a freed figure that no row of its own determines."""
        determined = {index for index, _ in branch.pivots}
        free = {index for index, number in branch.changes if number == FREE}
        return not row.keys().isdisjoint(free - determined)

    def _world(self, branch: Branch, values: tuple[int, ...]) -> World:
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

    def _residual(self, row: Row) -> int:
        return sum(coefficient * self.read[i] for i, coefficient in row.items())


def _broken(branch: Branch) -> list[int]:
    """Return the undecided figures of each broken row, as bits."""
    undecided = ~branch.decided
    return [
        mask & undecided
        for mask, residual in zip(branch.masks, branch.residuals, strict=True)
        if residual
    ]
