"""The worlds that could explain a table, found by exact best-first search.

Where figures do not add up, some figure of a broken row must be printed otherwise than it reads
or be the page's mistake; the search branches over which is the first. A figure whose value
becomes free is eliminated: one of its rows then only says what it is, and the others are
combined with that one. ``Price`` bounds from below what a branch can still cost. Work is counted
in branches, not in seconds, so that the same table always gives the same answer; where it meets
a limit, what was proved until then is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconstruct.branches import FREE, Branch, Branches
from reconstruct.frontier import Frontier
from reconstruct.loose import OpenError
from reconstruct.price import BOUNDLESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reconstruct.worlds import Problem, World

_CHILDREN = 20
"""So many changes are planned in the time that one branch takes to weigh."""

_ROWS = 12
"""So many broken rows are priced in the time that one branch takes otherwise."""


class OutOfReachError(Exception):
    """The search met its limit. Every world it looks for costs at least ``bound``."""

    def __init__(self, bound: int) -> None:
        """Keep what was proved (milli-nats)."""
        super().__init__(bound)
        self.bound = bound


class Alike(NamedTuple):
    """The worlds that cost little more than the cheapest, cheapest first.

    Each has no more changes than it takes; all others of that kind cost ``bound`` or more.
    ``ends`` are the branches they were found at: any other world that costs less than ``bound``
    has the changes of one of these, and further ones besides.
    """

    worlds: tuple[World, ...]
    bound: int
    ends: tuple[Branch, ...] = ()


class _Ended(NamedTuple):
    """A search for explanations that ended, and what was spent on the best one and on all."""

    frontier: Frontier
    pairs: list[tuple[World, Branch]]
    reach: int
    best: int
    spent: int


class Search:
    """Exact search over the worlds of one problem. ``spent`` counts the branches weighed."""

    def __init__(self, problem: Problem) -> None:
        """Prepare the search."""
        self.problem = problem
        self.branches = Branches(problem)
        self.root = self.branches.root
        self.price = self.branches.price
        self.spent = 0
        self._ended: _Ended | None = None
        self._standing: dict[int, tuple[int, ...]] = {}

    def take_as_read(self, figures: int) -> None:
        """Leave figures (bits) as they are read in all that is looked for from now on."""
        self.root = self.root._replace(decided=self.root.decided | figures)

    def standing(self, index: int) -> tuple[int, ...]:
        """Return how many figures each row has that says something about a figure.

        Rows are what is left of the equations when the unreadable figures are eliminated. What
        is said elsewhere does not count.
        """
        found = self._standing.get(index)
        if found is None:
            rows, masks, soft = (system := self.root.system).rows, system.masks, system.soft
            holding = [n for n in system.holding(index) if not masks[n] & soft]
            found = self._standing[index] = tuple([len(rows[n]) for n in holding])
        return found

    def other_print(self, index: int) -> int | None:
        """Return what a figure's cheapest print besides the likeliest one costs by itself."""
        unknown = self.problem.unknowns[index]
        again = self.branches.first_time
        costs = [
            c.least + (0 if c.confusion is None else again[c.confusion])
            for c in unknown.choices[1:]
        ]
        if unknown.unlisted is not None:
            costs.append(unknown.unlisted)
        return min(costs, default=None)

    def besides(self, index: int, end: Branch | None = None) -> int:
        """Return what it costs at least that a figure changes where nothing has to be mended.

        Others of its rows must then make up for it. Rows are those left at ``end``, where the
        search found a world, or else at its root.
        """
        least = self.price.least[index]
        _, system, _, decided, *_ = end or self.root
        if decided >> index & 1:
            return BOUNDLESS
        others = self.price.of(system, {}, decided | 1 << index, system.holding(index))
        return BOUNDLESS if others is None else least + others

    def best(self, branches: int) -> World:
        """Return the cheapest world. Raises OutOfReachError after so many branches."""
        return self.explanations(0, branches, 0).worlds[0]

    def explanations(self, within: int, branches: int, more: int, reach: int = 0) -> Alike:
        """Return the cheapest world, and those that cost less than ``within`` more.

        Raises OutOfReachError if the cheapest takes more than so many branches; ``more`` are
        spent on the others. Up to ``reach`` the search can be gone on with: see ``widened``.
        """
        frontier, began = Frontier(BOUNDLESS, self.spent + branches), self.spent
        found = self._worlds([self.root], frontier, None)
        pairs = [next(found)]
        cheapest = pairs[0][0].cost
        frontier.ceiling = bound = cheapest + within
        frontier.reach = max(bound, cheapest + reach)
        best = self.spent - began
        frontier.stop = self.spent + more
        self._ended = None
        try:
            pairs.extend(found)
        except OutOfReachError as error:
            bound = error.bound
        else:
            self._ended = _Ended(frontier, pairs, reach, best, self.spent - began)
        return _alike(pairs, bound)

    def widened(self, within: int, branches: int) -> Alike:
        """Return ``explanations(within, branches, branches)``, at what that takes.

        Where the last ones were found with ``within`` for their reach they are gone on with.
        """
        ended, self._ended = self._ended, None
        if ended is None or ended.reach != within:
            return self.explanations(within, branches, branches)
        frontier, pairs, _, best, spent = ended
        planned = frontier.planned + frontier.besides
        spent += planned // _CHILDREN - frontier.planned // _CHILDREN
        if spent >= branches:
            return self.explanations(within, branches, branches)
        frontier.planned, frontier.besides = planned, 0
        frontier.ceiling = bound = pairs[0][0].cost + within
        frontier.stop = self.spent + best + branches
        self.spent += spent
        try:
            pairs.extend(self._worlds([], frontier, None))
        except OutOfReachError as error:
            bound = error.bound
        return _alike(pairs, bound)

    def bound(self, index: int, world: World) -> int | None:
        """Return what worlds cost at least that print figure ``index`` otherwise than it reads.

        ``world`` is the cheapest one, which prints it as it reads. There are two kinds: the
        figure is a mistake of the page as well, so that it means what it reads; or it means
        something else, and so does another one in each of its rows. None if there are none.
        """
        changed = self.other_print(index)
        if changed is None:
            return None
        system, residuals = self.root.system, self.root.residuals
        rows = system.holding(index)
        decided = self.root.decided | 1 << index
        if not residuals:
            others = self.price.elsewhere(system, rows, decided)
        else:
            left = {n: r for n, r in residuals.items() if n not in rows}
            also = [n for n in rows if n not in residuals]
            others = self.price.of(system, left, decided, also)
        both = world.cost + changed + self.problem.unknowns[index].mistake
        return both if others is None else min(both, changed + others)

    def rival(
        self,
        world: World,
        index: int,
        cap: int,
        branches: int,
        ends: Sequence[Branch] = (),
    ) -> World | None:
        """Return the cheapest world that prints figure ``index`` otherwise than ``world``.

        For an unreadable figure: that means another value. None where every such world costs
        at least ``cap`` more than ``world``. Where ``ends`` are given only worlds are looked for
        that have the changes of one of these, and others besides; ``world`` must print the
        figure as it reads. Raises OutOfReachError after so many branches.
        """
        unknown, chosen = self.problem.unknowns[index], world.chosen[index]
        limit = world.cost + cap

        def cheapest(roots: list[Branch | None], unlike: tuple[int, int] | None) -> World | None:
            frontier = Frontier(limit, self.spent + branches)
            return next((w for w, _ in self._worlds(roots, frontier, unlike)), None)

        if not unknown.choices:
            return cheapest([self.root], (index, world.meant[index]))
        roots: list[Branch | None] = []
        if chosen != 0:  # printed as it reads, whether or not the page is mistaken there
            roots.append(self.root._replace(decided=self.root.decided | 1 << index))
            roots.append(self.branches.changed(self.root, index, FREE, unknown.mistake))
        numbers = [n for n in range(1, len(unknown.choices)) if n != chosen]
        starts = ends or (self.root,)
        roots += [self.branches.changed(s, index, number) for s in starts for number in numbers]
        if numbers:  # printed otherwise, and a mistake of the page as well
            least = min(unknown.choices[n].cost for n in numbers) + unknown.mistake
            roots += [self.branches.changed(s, index, FREE, least) for s in starts]
        found = [cheapest(roots, None)]
        if unknown.unlisted is not None and chosen is not None:
            strange = [self.branches.changed(s, index, FREE, unknown.unlisted) for s in starts]
            unlike = (index, unknown.choices[chosen].value)
            found.append(cheapest(strange, unlike))
        return min((w for w in found if w), key=lambda w: w.cost, default=None)

    def _worlds(
        self,
        roots: Iterable[Branch | None],
        frontier: Frontier,
        unlike: tuple[int, int] | None,
    ) -> Iterator[tuple[World, Branch]]:
        """Yield worlds and their ends, cheapest first, from ``roots`` on, within ``frontier``.

        In each of them figure ``unlike[0]`` means something else than ``unlike[1]``. Raises
        OutOfReachError.
        """
        for root in roots:
            self._weigh(frontier, root, -1)
        while (found := frontier.pop()) is not None:
            bound, branch, change = found
            if self.spent >= frontier.stop:
                raise OutOfReachError(bound)
            self.spent += 1
            if change is not None:
                _, _, decided, figure, number = change
                now = self.branches.changed(branch, figure, number, None, decided)
                weighed = self._weigh(frontier, now, bound)
                if weighed is None:
                    continue
                branch = weighed
            row, figures = self.branches.dearest_row(branch)
            if figures is None:
                try:
                    values, figures = self.branches.values(branch, unlike)
                except OpenError as error:
                    raise OutOfReachError(bound) from error
                if figures is None:
                    yield self.branches.world(branch, values), branch
                    continue
            depth = len(branch.changes) + 1
            before = frontier.planned
            children = self.branches.children(branch, figures, row, bound, frontier.reach)
            frontier.plan(depth, branch, children)
            self.spent += frontier.planned // _CHILDREN - before // _CHILDREN

    def _weigh(self, frontier: Frontier, branch: Branch | None, bound: int) -> Branch | None:
        """Return ``branch`` if it costs no more than ``bound``; else it waits for its turn."""
        if branch is None:
            return None
        # many rows take longer than few
        self.spent += len(branch.residuals) // _ROWS
        lacking = self.branches.lacking(branch)
        most = frontier.reach - branch.cost  # what costs as much is not looked for
        more = self.price.of(branch.system, branch.residuals, branch.decided, (), lacking, most)
        if more is None:
            return None
        if branch.cost + more <= bound:
            return branch
        if more < most:
            frontier.push(branch.cost + more, len(branch.changes), branch)
        return None


def _alike(pairs: Sequence[tuple[World, Branch]], bound: int) -> Alike:
    return Alike(tuple(w for w, _ in pairs), bound, tuple(end for _, end in pairs))
