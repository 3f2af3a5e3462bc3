"""What a search has found and not yet looked at."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconstruct.branches import Branch, Planned


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
        self._heap: list[tuple[int, int, int, Branch | Planned]] = []
        self._serial = 0

    def push(self, bound: int, depth: int, branch: Branch | Planned) -> None:
        """Keep a branch, or a planned one, whose worlds cost ``bound`` at least."""
        if bound < self.reach:
            self._serial += 1
            # of equal bounds the deeper first: where many tie, one of them is followed down
            heapq.heappush(self._heap, (bound, -depth, self._serial, branch))

    def pop(self) -> tuple[int, Branch | Planned] | None:
        """Return the cheapest one and its bound, None where all cost ``ceiling`` or more."""
        if not self._heap or self._heap[0][0] >= self.ceiling:
            return None
        bound, _, _, branch = heapq.heappop(self._heap)
        return bound, branch
