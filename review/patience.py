"""Ends connections that keep the server waiting: a request comes within its time, or not at all.

Somebody who opens connections and sends a byte now and then would otherwise hold them for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

HEAD_SECONDS = 20.0
"""In which the head of a request must have come, from the connection or the request before it."""
LEAST_BYTES = 4096
"""Of a body that must come within HEAD_SECONDS; a slow line sends more in a second."""


class Patience(H11Protocol):
    """HTTP as uvicorn speaks it, with an end to waiting."""

    _received = 0
    _seen = 0
    _waited = False
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to watch the clock."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        if self._clock is not None:
            self._clock.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self._received += len(data)
        super().data_received(data)

    def _watch(self) -> None:
        self._clock = self.loop.call_later(HEAD_SECONDS, self._look)

    def _look(self) -> None:
        """End the connection where nothing, or hardly anything, came of what is waited for.

        Between two requests nothing is: uvicorn itself ends idle connections.
        """
        came, self._seen = self._received - self._seen, self._received
        if self.cycle is None:  # not even a first request
            self.transport.abort()
            return
        if self.cycle.response_complete:
            slow = bool(self.conn.trailing_data[0])  # a head that was begun
        else:
            slow = self.cycle.more_body and came < LEAST_BYTES
        if slow and self._waited:  # it may have begun just before the first look
            self.transport.abort()
            return
        self._waited = slow
        self._watch()
