"""Decides, figure by figure, what its equations say about its reading."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reconstruct.cpsat import UnresolvedError, best_world, rival_of
from reconstruct.problem import components, figure_of, milli, pose, scale_of, whole
from reconstruct.search import OutOfReachError, Search
from reconstruct.thresholds import ALIKE, MARGIN_CAP, PAGE_MISTAKE, SURE_MARGIN, TIE_MARGIN
from reconstruct.worlds import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from document.report import Figure
    from document.template import Address, Equation
    from reconstruct.evidence import Evidence
    from reconstruct.worlds import Problem

_HANDED_OVER = 12
"""So many questions about one table are handed over to CP-SAT."""

_GIVEN_UP = 3
"""After so many searches that met their limit no more are begun for the same table."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What equations say about one figure.

    ``option`` is the option of the evidence they settle on; None where there is none.
    ``margin`` (nats) says how much dearer any other print is, None where no equation says
    anything and the reading stands alone. ``changed`` marks a misread that is mended,
    ``disputed`` a figure whose equation fails through it, or for which two values fit.
    ``implied`` is the value that equations alone ask for, where they ask for just one.
    """

    option: int | None
    margin: float | None = None
    changed: bool = False
    disputed: bool = False
    implied: Figure | None = None
    unresolved: bool = False


def judge(evidence: Sequence[Evidence], equations: Sequence[Equation]) -> dict[Address, Verdict]:
    """Return a verdict for every figure of a table."""
    verdicts = {e.cell.address: Verdict(0 if e.options else None) for e in evidence}
    for figures, theirs in components(evidence, equations):
        verdicts |= _Component(figures, theirs).verdicts()
    return verdicts


class _Component:
    """Figures that equations connect, and the problem they pose."""

    def __init__(self, evidence: Sequence[Evidence], equations: Sequence[Equation]) -> None:
        self.evidence = evidence
        self.scale = scale_of(evidence)
        self.search: Search | None = None
        self.handed_over = 0
        self.problem: Problem = pose(evidence, equations, self.scale)
        self.equations = tuple(left + right for left, right in self.problem.equations)
        self.of_figure = tuple(
            tuple(n for n, cells in enumerate(self.equations) if i in cells)
            for i in range(len(evidence))
        )
        self.likely = tuple(
            whole(e.likely.addend, self.scale) if e.options else None for e in evidence
        )
        self.violated = self.failing(self.likely)

    def failing(self, values: Sequence[int | None]) -> frozenset[int]:
        """Return the equations that ``values`` break; an unreadable figure breaks none."""
        found = set()
        for number, (left, right) in enumerate(self.problem.equations):
            sides = [[values[i] for i in side] for side in (left, right)]
            if None in sides[0] or None in sides[1]:
                continue
            if sum(v for v in sides[0] if v is not None) != sum(
                v for v in sides[1] if v is not None
            ):
                found.add(number)
        return frozenset(found)

    def cells_of(self, equations: Iterable[int]) -> frozenset[int]:
        """Return the figures that stand in any of ``equations``."""
        return frozenset(i for number in equations for i in self.equations[number])

    def verdicts(self) -> dict[Address, Verdict]:
        """Return the verdict of every figure."""
        try:
            found = self._settled() if self._adds_up() else self._repaired()
        except UnresolvedError:
            found = self._unresolved()
        return {e.cell.address: v for e, v in zip(self.evidence, found, strict=True)}

    def _adds_up(self) -> bool:
        return not self.violated and None not in self.likely

    def _as_read(self) -> World:
        """Return the world in which everything is printed as it most likely reads."""
        meant = tuple(0 if value is None else value for value in self.likely)
        return World(0, tuple(0 for _ in meant), meant, frozenset())

    def _unresolved(self) -> list[Verdict]:
        in_doubt = self.cells_of(self.violated)
        return [
            Verdict(0 if e.options else None, None, disputed=i in in_doubt, unresolved=True)
            for i, e in enumerate(self.evidence)
        ]

    def _settled(self) -> list[Verdict]:
        """Return the verdicts of a component whose readings add up."""
        world = self._as_read()
        bounds = {i: self._bound(i) for i, e in enumerate(self.evidence) if not e.clear}
        # most need no search: every other print would need a dear change beside it
        searched = [i for i, bound in bounds.items() if bound < SURE_MARGIN]
        margins = bounds | self._margins(world, searched)
        return [Verdict(0, margins.get(i)) for i in range(len(self.evidence))]

    def _bound(self, index: int) -> float:
        """Return a lower bound (nats) on the margin of a figure, where everything adds up.

        Printed otherwise, the figure breaks each of its equations, so that in each of them
        another figure must be printed otherwise too, or be a mistake of the page.
        """
        beside = (
            min(self._least_change(i) for i in self.equations[number] if i != index)
            for number in self.of_figure[index]
        )
        return min(self._least_change(index) + max(beside, default=0.0), MARGIN_CAP)

    def _least_change(self, index: int) -> float:
        e = self.evidence[index]
        if e.clear:
            return PAGE_MISTAKE
        costs = [PAGE_MISTAKE, e.off_list_cost]
        if len(e.options) > 1:
            costs.append(ALIKE * e.cost(1))
        return min(costs)

    def _best(self) -> World:
        try:
            return self._search().best()
        except OutOfReachError:
            return best_world(self.problem)

    def _search(self) -> Search:
        if self.search is None:
            self.search = Search(self.problem)
        return self.search

    def _rival(self, world: World, index: int) -> World | None:
        try:
            return self._search().rival(world, index, milli(MARGIN_CAP))
        except OutOfReachError as error:
            if self.handed_over == _HANDED_OVER:
                raise UnresolvedError from error
            self.handed_over += 1
            return rival_of(self.problem, world, index, milli(MARGIN_CAP))

    def _margins(self, world: World, figures: Iterable[int]) -> dict[int, float]:
        """Return how much dearer (nats) any other print of each of ``figures`` is.

        What the limits do not allow to be found out is given no margin at all.
        """
        found = {}
        given_up = 0
        for index in figures:
            found[index] = 0.0
            if given_up == _GIVEN_UP:
                continue
            try:
                rival = self._rival(world, index)
            except UnresolvedError:
                given_up += 1
                continue
            cap = milli(MARGIN_CAP)
            margin = (cap if rival is None else min(cap, rival.cost - world.cost)) / 1000
            found[index] = max(0.0, margin - self._crowd(index))
        return found

    def _crowd(self, index: int) -> float:
        """Return what a margin must be lowered by for rivals that are many and alike (nats).

        Where one equation alone speaks for a figure, each of its other figures could be the
        mistake of the page instead, and their chances add up. Two equations meet in one figure.
        """
        speaking = [
            n
            for n in self.of_figure[index]
            if all(self.likely[i] is not None for i in self.equations[n] if i != index)
        ]
        return math.log(len(self.equations[speaking[0]])) if len(speaking) == 1 else 0.0

    def _repaired(self) -> list[Verdict]:
        """Return the verdicts of a component that does not add up, or not as far as is seen."""
        world = self._best()
        blamed, alone = self._blame(world)
        doubtful = [i for i, e in enumerate(self.evidence) if not e.clear]
        # the limits may leave the last ones out, so that those that matter most come first
        wanted = self.cells_of(self.violated)
        doubtful.sort(key=lambda i: (world.chosen[i] == 0, i not in wanted))
        margins = self._margins(world, doubtful)
        disputed = set(blamed)
        changed = set()
        for index in doubtful:
            if not self.evidence[index].options:
                continue
            tied = margins[index] < TIE_MARGIN
            if tied and (index in wanted or world.chosen[index] != 0):
                disputed.add(index)
            elif world.chosen[index] not in {0, None}:
                changed.add(index)
        changed -= disputed
        disputed |= self._unsupported(world, changed)
        changed -= disputed
        values = self._values(world, changed)
        failing = self.failing(values)
        verdicts = []
        for i, e in enumerate(self.evidence):
            supported = any(
                n not in failing and all(values[j] is not None for j in self.equations[n])
                for n in self.of_figure[i]
            )
            verdict = Verdict(
                option=(world.chosen[i] if i in changed else 0) if e.options else None,
                margin=margins.get(i) if supported or not e.options else None,
                changed=i in changed,
                disputed=i in disputed,
            )
            asks = (i in blamed and alone) or (
                i in disputed and world.chosen[i] != 0 and i not in blamed
            )
            if asks or (not e.options and margins.get(i, 0.0) >= SURE_MARGIN):
                verdict = replace(verdict, implied=figure_of(world.meant[i], self.scale))
            verdicts.append(verdict)
        return verdicts

    def _values(self, world: World, changed: set[int]) -> list[int | None]:
        """Return what the figures count as when just ``changed`` are changed."""
        return [world.meant[i] if i in changed else value for i, value in enumerate(self.likely)]

    def _unsupported(self, world: World, changed: set[int]) -> set[int]:
        """Return those of ``changed`` whose equations do not all hold by changes alone.

        A change is evidence only together with equations that it makes hold. Where one of
        them still fails, or none can be evaluated, the page itself may be wrong there.
        """
        kept = set(changed)
        while True:
            values = self._values(world, kept)
            failing = self.failing(values)
            dropped = {
                i
                for i in kept
                if any(n in failing for n in self.of_figure[i])
                or not any(
                    all(values[j] is not None for j in self.equations[n]) for n in self.of_figure[i]
                )
            }
            if not dropped:
                return changed - kept
            kept -= dropped

    def _blame(self, world: World) -> tuple[frozenset[int], bool]:
        """Return the figures that may be wrong on the page, and whether the blame is certain.

        Explanations that cost nearly the same are equally good, so that the figures of all
        of them are in dispute; of whole equations, where the explanations are too many.
        """
        if not world.blamed:
            return frozenset(), True
        try:
            blamed = self._search().blamed(world, milli(TIE_MARGIN))
        except OutOfReachError:
            touched = (n for n in self.violated if world.blamed & set(self.equations[n]))
            return world.blamed | self.cells_of(touched), False
        return blamed, blamed == world.blamed


def chance(margin: float) -> float:
    """Return the probability that a margin (nats) over all rivals stands for."""
    return 1.0 / (1.0 + math.exp(-margin))
