"""Explanations of a table found by walking, where search finds no end.

With as many figures written down last as there are independent equations, those follow from all
others. At first they are the figures read least surely: where one follows as it is read all is
well, and where it does not it is misread, or another one is that it follows from. Then one figure
at a time takes another's place among those that follow, so that what differs from what is read
becomes cheaper. That proves nothing; but it takes milliseconds, and comes close to the cheapest
world also where twenty figures are misread (in coding theory: ordered statistics decoding).
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from reconstruct.elimination import system_of, without
from reconstruct.problem import milli

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconstruct.elimination import Row
    from reconstruct.price import Price
    from reconstruct.worlds import Problem

ROUNDS, PATIENCE = 150, 60
"""Steps of a walk, and those without a cheaper explanation after which it ends."""

TENURE = 7
"""Steps for which a figure that a step made dearer does not come back."""

IMPOSSIBLE = milli(8.0)
"""What a count below 0 costs on the way; an explanation holds none."""


class Explained(NamedTuple):
    """An explanation: the figures that are not what is read, or not readable, and its cost.

    ``meant`` is what every figure is in it, hints left out.
    """

    cost: int
    otherwise: frozenset[int]
    meant: tuple[int, ...]


class _Move(NamedTuple):
    """Figure ``figure`` follows from row ``row`` from now on; that costs ``more``."""

    more: int
    figure: int
    row: int


class _Basis:
    """The equations, each solved for one figure that stands in no other of them."""

    def __init__(self, problem: Problem, price: Price) -> None:
        self.unknowns = problem.unknowns[: len(problem.unknowns) - problem.hints]
        self.price = price
        self.read = tuple(u.choices[0].value if u.choices else 0 for u in self.unknowns)
        equations = len(problem.equations) - problem.hints
        self.rows: list[Row] = list(system_of(problem).rows[:equations])
        self.solved: list[int | None] = [None] * equations
        self.residuals = [sum([c * self.read[i] for i, c in row.items()]) for row in self.rows]
        sure = [price.least[i] if u.choices else -1 for i, u in enumerate(self.unknowns)]
        for i in sorted(range(len(sure)), key=lambda i: (sure[i], i)):
            free = [n for n, row in enumerate(self.rows) if self.solved[n] is None and i in row]
            if free:
                self.solve(min(free, key=lambda n: (len(self.rows[n]), n)), i)
        self.least = tuple(price.least[i] if u.choices else 0 for i, u in enumerate(self.unknowns))

    def solve(self, number: int, index: int) -> None:
        """Have figure ``index`` follow from row ``number``."""
        by, residuals = self.rows[number], self.residuals
        for other, row in enumerate(self.rows):
            if other != number and index in row:
                combined = without(index, row, by)
                rest = by[index] * residuals[other] - row[index] * residuals[number]
                share = gcd(*combined.values()) if combined else 1
                if share > 1:
                    combined = {i: c // share for i, c in combined.items()}
                self.rows[other], residuals[other] = combined, rest // share
        self.solved[number] = index

    def cost(self, index: int, residual: int, coefficient: int) -> int:
        """Return what a figure costs as a row with this residual, not 0, makes it follow."""
        step, remainder = divmod(-residual, coefficient)
        unknown = self.unknowns[index]
        if remainder:
            return 4 * IMPOSSIBLE
        short = not unknown.signed and self.read[index] + step < 0
        if not unknown.choices:
            return IMPOSSIBLE if short else 0
        listed = self.price.steps[index].get(step)
        if listed is not None:
            return listed
        return self.price.free[index] + (IMPOSSIBLE if short else 0)

    def held(self) -> list[int]:
        """Return what each row's figure costs."""
        return [
            self.cost(i, residual, row[i]) if i is not None and residual else 0
            for i, residual, row in zip(self.solved, self.residuals, self.rows, strict=True)
        ]

    def explained(self, cost: int) -> Explained | None:
        """Return what the figures that follow explain, None if one of them is impossible."""
        otherwise = {i for i, u in enumerate(self.unknowns) if not u.choices}
        meant = list(self.read)
        for i, residual, row in zip(self.solved, self.residuals, self.rows, strict=True):
            if i is None:
                if residual:
                    return None
                continue
            step, remainder = divmod(-residual, row[i])
            if remainder or (not self.unknowns[i].signed and self.read[i] + step < 0):
                return None
            if step:
                otherwise.add(i)
                meant[i] += step
        return Explained(cost, frozenset(otherwise), tuple(meant))

    def step(self, resting: dict[int, int], now: int) -> _Move | None:
        """Return the cheapest move of a figure that does not rest, None if there is none.

        Of equally cheap ones that is the first in the order of rows.
        """
        saved = self._saved()
        columns: dict[int, list[tuple[int, int]]] = {i: [] for i in saved}
        for number, row in enumerate(self.rows):
            for i, coefficient in row.items():
                if i in columns:
                    columns[i].append((number, coefficient))
        best: _Move | None = None
        for more, i in sorted((self.least[i] - spent, i) for i, spent in saved.items()):
            if best is not None and more > best.more:
                break  # a figure that changes costs that at least, and so do all others
            if resting.get(i, -1) < now:
                best = self._cheaper(i, columns[i], saved[i], best)
        return best

    def _saved(self) -> dict[int, int]:
        """Return for figures that follow from no row what theirs cost, if that is anything."""
        saved: dict[int, int] = {}
        for spent, row in zip(self.held(), self.rows, strict=True):
            if spent:
                for i in row:
                    saved[i] = saved.get(i, 0) + spent
        for own in self.solved:
            if own is not None:
                saved.pop(own, None)
        return saved

    def _cheaper(
        self, index: int, places: Sequence[tuple[int, int]], saved: int, best: _Move | None
    ) -> _Move | None:
        """Return the cheapest move of a figure, if ``best`` is none better.

        It stands in rows (number, coefficient), and saves so much of what they cost.
        """
        tried = set()
        solved, residuals, rows = self.solved, self.residuals, self.rows
        for number, coefficient in places:
            size, remainder = divmod(-residuals[number], coefficient)
            if remainder or not size or size in tried:
                continue
            tried.add(size)
            more = self.cost(index, -size, 1) - saved
            for n, c in places:
                if best is not None and more > best.more:
                    break
                own, residual = solved[n], residuals[n] + c * size
                if residual and own is not None:
                    more += self.cost(own, residual, rows[n][own])
            if best is None or more < best.more:
                best = _Move(more, index, number)
            elif more == best.more:
                best = min(best, _Move(more, index, number), key=self._order)
        return best

    def _order(self, move: _Move) -> tuple[int, int, int]:
        """Return where a move stands in the order of rows."""
        first = next(n for n, row in enumerate(self.rows) if move.figure in row)
        return first, list(self.rows[first]).index(move.figure), move.row


def walk(problem: Problem, price: Price) -> tuple[Explained, ...]:
    """Return explanations of a table, cheapest first, none where none was found.

    They leave out that misreads of one kind recur, and what is said elsewhere.
    """
    basis = _Basis(problem, price)
    cost, since = sum(basis.held()), 0
    resting: dict[int, int] = {}
    found: dict[frozenset[int], Explained] = {}
    cheapest: int | None = None
    for now in range(ROUNDS):
        one = basis.explained(cost)
        if one is not None:
            if one.otherwise not in found or cost < found[one.otherwise].cost:
                found[one.otherwise] = one
            if cheapest is None or cost < cheapest:
                cheapest, since = cost, 0
        since += 1
        move = basis.step(resting, now)
        if move is None or (cheapest is not None and since > PATIENCE):
            break
        leaving = basis.solved[move.row]
        if move.more >= 0 and leaving is not None:
            resting[leaving] = now + TENURE
        basis.solve(move.row, move.figure)
        cost += move.more
    return tuple(sorted(found.values(), key=lambda one: (one.cost, sorted(one.otherwise))))
