"""The worlds that could explain a table, and what each of them costs.

A world says for every figure what the page prints and what its author meant. The meant figures
satisfy every equation. What it costs: the reader's cost of each printed value that is not the
likeliest one, and the price of each cell where the page itself prints something else than was
meant. That price is paid per cell and not per broken equation, because one wrong figure breaks
several equations at once.

Costs are whole milli-nats, so that sums are exact and the same table always gives the same
answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Choice(NamedTuple):
    """A value the page may print, its cost (milli-nats), and the confusion it would be.

    Choices of different cells with the same ``confusion`` are the same misread made again:
    the first costs ``cost``, every further one ``again``.
    """

    value: int
    cost: int = 0
    again: int = 0
    confusion: int | None = None

    @property
    def least(self) -> int:
        """What it costs beside other figures with the same confusion."""
        return self.cost if self.confusion is None else self.again


class Unknown(NamedTuple):
    """A figure of the problem; costs in milli-nats.

    ``choices`` start with the likeliest, which costs nothing; an unreadable figure has none
    and may be anything at no cost. ``mistake`` is the price of the page's own mistake here,
    ``unlisted`` that of a printed value the reader did not list, None where it was too sure.
    """

    choices: tuple[Choice, ...]
    mistake: int
    unlisted: int | None
    signed: bool

    @property
    def free(self) -> int:
        """What it costs that the figure means just anything."""
        if not self.choices:
            return 0
        return self.mistake if self.unlisted is None else min(self.mistake, self.unlisted)

    @property
    def others(self) -> tuple[tuple[int, int, int], ...]:
        """The choices but the likeliest: their numbers, least costs, and the steps to them."""
        choices = self.choices
        if len(choices) < 2:  # most are clear
            return ()
        read = choices[0].value
        return tuple([(n, c.least, c.value - read) for n, c in enumerate(choices) if n])

    @property
    def clear(self) -> bool:
        """Whether its reader was so sure that no equation may change it."""
        return len(self.choices) == 1 and self.unlisted is None

    @property
    def least(self) -> int:
        """What the cheapest change of the figure costs."""
        return min([self.free, *(choice.least for choice in self.choices[1:])])


@dataclass(frozen=True, slots=True)
class Problem:
    """Figures and the equations between them: (indices on the left, indices on the right).

    The last ``hints`` of the figures are numbers said elsewhere, each in an equation that ends the
    list: to break it is the "mistake" of that number, at its price.
    """

    unknowns: tuple[Unknown, ...]
    equations: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    hints: int = 0

    def hinted(self, hints: Iterable[tuple[tuple[int, ...], int, int]]) -> Problem:
        """Return the problem with hints (figures, their sum, the price in milli-nats)."""
        unknowns, equations = self.unknowns, self.equations
        for figures, total, price in hints:
            equations += (((len(unknowns),), figures),)
            unknowns += (Unknown((Choice(total),), price, None, signed=False),)
        return Problem(unknowns, equations, len(unknowns) - len(self.unknowns))

    def first_times(self) -> dict[int, int]:
        """Return what confusions cost when they are made, beyond what each cell of one costs."""
        found: dict[int, int] = {}
        for unknown in self.unknowns:
            for _, cost, again, confusion in unknown.choices[1:]:
                if confusion is not None:
                    found[confusion] = min(cost - again, found.get(confusion, cost))
        return found

    @property
    def bound(self) -> int:
        """More than any figure can mean in a world worth considering."""
        largest = (max((abs(c.value) for c in u.choices), default=0) for u in self.unknowns)
        return 2 * sum(largest) + 1000


@dataclass(frozen=True, slots=True)
class World:
    """One explanation of the table.

    ``chosen`` is the index of each figure's choice, None where the page prints something
    unlisted or unreadable; ``meant`` what its author meant; ``blamed`` the figures whose
    meaning is none of their choices: a mistake of the page, or an unlisted print.
    """

    cost: int
    chosen: tuple[int | None, ...]
    meant: tuple[int, ...]
    blamed: frozenset[int]


def world_of(problem: Problem, meant: Sequence[int]) -> World:
    """Return the cheapest world in which the figures mean just that.

    They must satisfy the equations; ``meant`` leaves hints out.
    """
    values = list(meant)
    for _, figures in problem.equations[len(problem.equations) - problem.hints :]:
        values.append(sum(values[i] for i in figures))
    cost, blamed = 0, set()
    chosen: list[int | None] = []
    made: set[int] = set()
    first_times = problem.first_times()
    for index, (unknown, value) in enumerate(zip(problem.unknowns, values, strict=True)):
        if not unknown.choices:
            chosen.append(None)
            continue
        printed = [
            (0 if number == 0 else _spent(choice, made, first_times), number)
            for number, choice in enumerate(unknown.choices)
            if choice.value == value
        ]
        least, number = min(printed, default=(unknown.free, -1))
        if number < 0 or unknown.free < least:
            blamed.add(index)
            cost += unknown.free
            strange = unknown.unlisted is not None and unknown.unlisted <= unknown.mistake
            chosen.append(None if strange else 0)
            continue
        cost += least
        chosen.append(number)
        confusion = unknown.choices[number].confusion
        if confusion is not None:
            made.add(confusion)
    return World(cost, tuple(chosen), tuple(values), frozenset(blamed))


def _spent(choice: Choice, made: Collection[int], first_times: Mapping[int, int]) -> int:
    """Return what a choice costs where the confusions ``made`` are not made for the first time."""
    if choice.confusion is None or choice.confusion in made:
        return choice.least
    return choice.least + first_times[choice.confusion]
