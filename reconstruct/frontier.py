"""What a search has found and not yet looked at."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from reconstruct.branches import Branch

Change: TypeAlias = tuple[int, int, int, int, int]
"""A change of a branch that has not been worked out: what its worlds cost at least, its place
among those of the same branch, what is decided with it, the figure, and the choice it takes."""


class _Siblings(NamedTuple):
    """Changes of one branch, the dearest first, and the serial number of the first planned."""

    branch: Branch
    changes: list[Change]
    first: int


class Frontier:
    """Branches that cost less than ``ceiling``, to be looked at cheapest first.

    Those below ``reach`` are kept, for a search that goes on. The search is out of reach when it
    has ``spent`` as much as ``stop`` says. ``planned`` changes of branches have been, and
    ``besides`` of them more for what is kept only.
    """

    def __init__(self, ceiling: int, stop: int) -> None:
        """Begin without any branch."""
        self.ceiling = self.reach = ceiling
        self.stop = stop
        self.planned = self.besides = 0
        self._heap: list[tuple[int, int, int, Branch | _Siblings]] = []
        self._serial = 0

    def push(self, bound: int, depth: int, branch: Branch) -> None:
        """Keep a branch whose worlds cost ``bound`` at least."""
        if bound < self.reach:
            self._serial += 1
            # of equal bounds the deeper first: where many tie, one of them is followed down
            heapq.heappush(self._heap, (bound, -depth, self._serial, branch))

    def plan(self, depth: int, branch: Branch, changes: list[Change]) -> None:
        """Keep changes of ``branch``, each of which costs less than ``reach``.

        Most are never looked at, so that only the cheapest of them takes part in the order.
        """
        if not changes:
            return
        now = len(changes)
        if self.ceiling < self.reach:
            now = sum([change[0] < self.ceiling for change in changes])
        self.planned += now
        self.besides += len(changes) - now
        first, self._serial = self._serial + 1, self._serial + len(changes)
        changes.sort(reverse=True)
        bound, place, *_ = changes[-1]
        heapq.heappush(
            self._heap, (bound, -depth, first + place, _Siblings(branch, changes, first))
        )

    def pop(self) -> tuple[int, Branch, Change | None] | None:
        """Return the cheapest one, its bound, and the change of it that has not been worked out.

        None where all cost ``ceiling`` or more.
        """
        if not self._heap or self._heap[0][0] >= self.ceiling:
            return None
        bound, depth, _, waiting = self._heap[0]
        if not isinstance(waiting, _Siblings):
            heapq.heappop(self._heap)
            return bound, waiting, None
        branch, changes, first = waiting
        change = changes.pop()
        if changes:
            ahead, place, *_ = changes[-1]
            heapq.heapreplace(self._heap, (ahead, depth, first + place, waiting))
        else:
            heapq.heappop(self._heap)
        return bound, branch, change
