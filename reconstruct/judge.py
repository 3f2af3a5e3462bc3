"""Decides, figure by figure, what its equations say about its reading."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reconstruct.grounds import has_grounds, over_page
from reconstruct.margins import SURE, TIE, Margin, crowd, lost_margins, margins_of, suspects_of
from reconstruct.nearby import Nearby, nearby_at_least
from reconstruct.problem import components, figure_of, milli, pose, scale_of
from reconstruct.remainder import sure_of_the_rest
from reconstruct.search import Alike, OutOfReachError, Search
from reconstruct.thresholds import (
    BRANCHES_FOR_ALIKE,
    BRANCHES_FOR_BEST,
    MANY,
    MISPLACED_MANY,
    SURE_MARGIN,
    TIE_MARGIN,
)
from reconstruct.verdict import AS_READ, Verdict
from reconstruct.worlds import World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from document.template import Address, Equation
    from reconstruct.evidence import Evidence
    from reconstruct.hints import Hint
    from reconstruct.worlds import Problem


def judge(
    evidence: Sequence[Evidence], equations: Sequence[Equation], hints: Sequence[Hint] = ()
) -> dict[Address, Verdict]:
    """Return a verdict for every figure of a table."""
    verdicts = {e.cell.address: AS_READ if e.options else Verdict(None) for e in evidence}
    for figures, theirs in components(evidence, equations):
        found = _Component(figures, theirs, hints).verdicts()
        verdicts |= {e.cell.address: v for e, v in zip(figures, found, strict=True)}
    return verdicts


class _Component:
    """Figures that equations connect, and the problem they pose."""

    def __init__(
        self,
        evidence: Sequence[Evidence],
        equations: Sequence[Equation],
        hints: Sequence[Hint],
    ) -> None:
        self.evidence = evidence
        self.scale = scale_of(evidence)
        self.problem: Problem = pose(evidence, equations, self.scale)
        self.search = Search(self.problem)
        if hints and self.search.root.residuals:  # figures that add up need no hint
            self.search = Search(self.problem.hinted(self._posed(hints)))
        self.equations = tuple(left + right for left, right in self.problem.equations)
        self.of_figure: tuple[list[int], ...] = tuple([] for _ in evidence)
        for number, cells in enumerate(self.equations):
            for i in cells:
                self.of_figure[i].append(number)
        self.likely = tuple(
            [u.choices[0].value if u.choices else None for u in self.problem.unknowns]
        )
        doubted = sum(not e.cell.reliable for e in evidence)
        # sums do not see columns exchanged: where many places are in doubt, they prove less
        self.placed = doubted <= MISPLACED_MANY * len(evidence)
        self.violated = self.failing(self.likely)
        self.near = self.cells_of(self.violated)

    def _posed(self, hints: Sequence[Hint]) -> Iterator[tuple[tuple[int, ...], int, int]]:
        """Yield the hints that could matter as (figures, their sum, the price in milli-nats)."""
        index = {e.cell.address: number for number, e in enumerate(self.evidence)}
        found = []
        for hint in sorted(hints, key=lambda h: (h.figures, h.number)):
            figures = tuple(index[a] for a in hint.figures if a in index)
            read = [self.evidence[i].likely.addend for i in figures if self.evidence[i].options]
            clear = all(self.evidence[i].clear for i in figures)
            # what reads clearly as it is said to be is not in question
            if len(figures) == len(hint.figures) and not (clear and sum(read) == hint.number):
                found.append((hint, figures))
        share = Counter(hint.source for hint, _ in found)
        for hint, figures in found:
            yield figures, hint.number * self.scale, milli(hint.price / share[hint.source])

    def failing(self, values: Sequence[int | None]) -> frozenset[int]:
        """Return the equations that ``values`` break; an unreadable figure breaks none."""
        found = set()
        for number, (left, right) in enumerate(self.problem.equations):
            stated, parts = _sum(values, left), _sum(values, right)
            if stated is not None and parts is not None and stated != parts:
                found.add(number)
        return frozenset(found)

    def cells_of(self, equations: Iterable[int]) -> frozenset[int]:
        """Return the figures that stand in any of ``equations``."""
        return frozenset(i for number in equations for i in self.equations[number])

    def verdicts(self) -> list[Verdict]:
        """Return the verdict of every figure."""
        alike = self._explanations()
        if alike is None:
            return self._by_their_own_equations()
        world = alike.worlds[0]
        doubtful = [i for i, e in enumerate(self.evidence) if e.options and not e.clear]
        refused: frozenset[int] = frozenset()
        if self.violated or None in self.likely:
            refused = suspects_of(self.search, alike) | self._refused(world, doubtful)
        margins = margins_of(
            self.search,
            alike,
            [i for i in doubtful if i not in refused],
            self.near,
            {i for i in doubtful if self.evidence[i].plain},
            asked=bool(world.blamed or refused) or None in self.likely,
            together=self.placed,
        )
        if self.placed:
            margins |= nearby_at_least(self.search, self.likely, world, margins)
        if not self.violated and None not in self.likely:
            return [self._verdict(i, world, margins) for i in range(len(self.evidence))]
        margins |= lost_margins(self.search, alike)
        told = {i for i, m in margins.items() if m.proved or world.chosen[i] != 0} | set(refused)
        verdicts = self._explained(alike, margins, refused)
        # beside a clear figure that is wrong nothing would be confirmed
        clear = {i for i, e in enumerate(self.evidence) if e.clear}
        return verdicts if clear & world.blamed else self._beside(verdicts, told)

    def _refused(self, world: World, doubtful: Iterable[int]) -> frozenset[int]:
        """Return the figures that ``world`` changes, and that are not changed by any margin."""
        altered = {i for i in doubtful if world.chosen[i] != 0}
        hopeful = {i for i in altered if has_grounds(self.search, self.evidence[i], world, i)}
        return frozenset(altered - hopeful | self._unsupported(world, hopeful))

    def _explanations(self) -> Alike | None:
        """Return the cheapest worlds, None where they are out of reach."""
        if not self.violated and None not in self.likely:
            meant = tuple(0 if value is None else value for value in self.likely)
            return Alike((World(0, tuple(0 for _ in meant), meant, frozenset()),), TIE)
        try:
            return self.search.explanations(TIE, BRANCHES_FOR_BEST, BRANCHES_FOR_ALIKE, SURE)
        except OutOfReachError:
            # few tables need it, and OR-Tools takes half a second to load
            from reconstruct.cpsat import UnresolvedError, best_world  # noqa: PLC0415

            try:
                world = best_world(self.search.problem, self.search.price)
            except UnresolvedError:
                return None
            return Alike((world,), world.cost)

    def _verdict(
        self,
        index: int,
        world: World,
        margins: Mapping[int, Margin],
        changed: Collection[int] = (),
        disputed: Collection[int] = (),
    ) -> Verdict:
        margin = margins.get(index)
        if margin is None and self.evidence[index].clear and index not in disputed:
            return AS_READ
        if not self.evidence[index].options:
            option = None
        else:
            option = world.chosen[index] if index in changed else 0
        nats = self._nats(index, margin)
        if nats is not None and index in changed:
            nats = min(nats, over_page(self.search, self.evidence[index], world, index))
        return Verdict(
            option=option,
            margin=nats,
            changed=index in changed,
            disputed=index in disputed,
            unresolved=margin is not None
            and not margin.proved
            and nats is not None
            and nats < SURE_MARGIN,
        )

    def _nats(self, index: int, margin: Margin | None) -> float | None:
        """Return a margin in nats, None for a figure of which no equation says anything."""
        if margin is None or not self.search.standing(index):
            return None
        return max(0.0, margin.least / 1000 - crowd(self.search, index))

    def _explained(
        self, alike: Alike, margins: Mapping[int, Margin], refused: Collection[int]
    ) -> list[Verdict]:
        """Return the verdicts of a component that does not add up, or not as far as is seen."""
        world = alike.worlds[0]
        suspects = suspects_of(self.search, alike)
        disputed, changed = set(suspects) | set(refused), set()
        for i, margin in margins.items():
            if not self.evidence[i].options:
                continue
            # one equation alone is changed for only if that is sure: its other figures are as
            # likely to be the page's mistake
            needed = SURE_MARGIN if crowd(self.search, i) else TIE_MARGIN
            if world.chosen[i] and (self._nats(i, margin) or 0.0) >= needed:
                changed.add(i)
            elif world.chosen[i] != 0 or (i in self.near and margin.proved and margin.least < TIE):
                disputed.add(i)
        changed -= disputed
        unsupported = self._unsupported(world, changed)
        changed -= unsupported
        disputed |= unsupported
        verdicts = [
            self._verdict(i, world, margins, changed, disputed) for i in range(len(self.evidence))
        ]
        blamed = world.blamed.intersection(range(len(self.evidence)))
        asked = suspects if suspects == blamed else frozenset()
        asked |= {i for i in disputed - blamed if world.chosen[i] != 0}
        asked |= {i for i, v in enumerate(self.likely) if v is None and margins[i].least >= TIE}
        for i in asked:
            verdicts[i] = verdicts[i]._replace(implied=figure_of(world.meant[i], self.scale))
        if alike.bound >= world.cost + TIE:
            return verdicts
        values = [world.meant[i] if i in changed else v for i, v in enumerate(self.likely)]
        return self._open_to_question(verdicts, values)

    def _unsupported(self, world: World, changed: Collection[int]) -> set[int]:
        """Return those of ``changed`` whose equations do not all hold by changes alone.

        A change is evidence only together with equations that it makes hold. Where one of
        them still fails, or none can be evaluated, the page itself may be wrong there.
        """
        kept = set(changed)
        while True:
            values = [world.meant[i] if i in kept else v for i, v in enumerate(self.likely)]
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
                return set(changed) - kept
            kept -= dropped

    def _by_their_own_equations(self) -> list[Verdict]:
        """Judge every figure by its own equations only, where the whole is out of reach."""
        nearby = Nearby(self.problem, self.search.price, self.likely)
        verdicts = nearby.verdicts(among=self.near)
        alike = {i for i in range(len(verdicts)) if nearby.by_its_like(i)}
        return self._beside(self._open_to_question(verdicts, self.likely), alike)

    def _beside(self, verdicts: list[Verdict], told: Collection[int]) -> list[Verdict]:
        """Return the verdicts, with figures confirmed by what adds up beside all that is wrong.

        That is asked where many figures would go to a person for want of proof; not of those
        that are ``told`` apart already, nor of what is clear.
        """
        waiting = [
            i
            for i, (e, v) in enumerate(zip(self.evidence, verdicts, strict=True))
            if i not in told and e.options and not e.clear and (v.margin or 0.0) < SURE_MARGIN
        ]
        hopeful = [i for i in waiting if self.search.standing(i)]  # of others no part says more
        if self.placed and hopeful and len(waiting) >= MANY:
            for i, m in sure_of_the_rest(self.problem, self.search.price, hopeful).items():
                verdicts[i] = Verdict(0, m / 1000)
        return verdicts

    def _open_to_question(
        self, verdicts: list[Verdict], values: Sequence[int | None]
    ) -> list[Verdict]:
        """Return the verdicts where the limits left open what else could explain the table.

        There a figure in no equation that holds, and in one that fails, is not sure, however
        clear it reads: nothing speaks for it, and something against it.
        """
        failing = self.failing(values)
        for i in self.cells_of(failing):
            told = [
                n
                for n in self.of_figure[i]
                if all(values[j] is not None for j in self.equations[n])
            ]
            if failing.issuperset(told) and verdicts[i].option is not None:
                verdicts[i] = verdicts[i]._replace(margin=0.0, unresolved=True)
        return verdicts


def _sum(values: Sequence[int | None], figures: Iterable[int]) -> int | None:
    """Return the sum of ``values`` at ``figures``, None where one of them is unreadable."""
    total = 0
    for i in figures:
        value = values[i]
        if value is None:
            return None
        total += value
    return total
