"""Who has which card before them, so that nobody else gets it meanwhile.

Leases live in the memory of the one process that serves a run. If it is killed they are gone,
and nothing else with them: of two who then decide at once the second is told (see
``pipeline.decisions``).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.template import Address

LEASE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure of a document."""

    sha256: str
    table: str
    address: Address


class Leases:
    """The cards that are held, each by one person at a time."""

    def __init__(
        self, seconds: float = LEASE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Hold nothing yet. ``seconds`` after it was last asked for a lease ends."""
        self._seconds = seconds
        self._clock = clock
        self._held: dict[Spot, tuple[str, float]] = {}
        self._entered: dict[str, str] = {}
        self._lock = threading.Lock()

    def take(self, spot: Spot, holder: str) -> bool:
        """Take a card, or keep it; False where somebody else holds it. One holds one card."""
        with self._lock:
            self._expire()
            if self._held.get(spot, (holder,))[0] != holder:
                return False
            for other in [s for s, (who, _) in self._held.items() if who == holder]:
                del self._held[other]
            self._held[spot] = (holder, self._clock() + self._seconds)
            self._entered.pop(holder, None)
            return True

    def enter(self, sha256: str, holder: str) -> bool:
        """Begin to look for a card in a document; False where somebody else does, or holds one.

        So of many who come at once each opens another document.
        """
        with self._lock:
            self._expire()
            if any(s.sha256 == sha256 and who != holder for s, (who, _) in self._held.items()):
                return False
            if any(one == sha256 and who != holder for who, one in self._entered.items()):
                return False
            self._entered[holder] = sha256
            return True

    def release(self, holder: str) -> None:
        """Let go of what somebody holds."""
        with self._lock:
            self._entered.pop(holder, None)
            for spot in [s for s, (who, _) in self._held.items() if who == holder]:
                del self._held[spot]

    def others(self, holder: str) -> dict[Spot, str]:
        """Return the cards that others hold, and who does."""
        with self._lock:
            self._expire()
            return {s: who for s, (who, _) in self._held.items() if who != holder}

    def _expire(self) -> None:
        now = self._clock()
        for spot in [s for s, (_, until) in self._held.items() if until <= now]:
            del self._held[spot]
