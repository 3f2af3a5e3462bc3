"""Ends what takes too long in this very process, where nobody else stands beside it."""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_AGAIN = 2.0
"""Seconds after which it is said once more: what was raised in a destructor is lost."""
_GRACE = 20.0
"""Seconds that code which never comes back to Python has left."""
_warden: list[int] = []
"""Where the process is told of times that watches this one, once there is one."""


class OutOfTime(BaseException):
    """The time is up: no fault of what happens to run just then, which must not handle it."""


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime in the block once it has taken so long; None for ever. In the main thread."""
    if seconds is None:
        yield
        return
    before = signal.signal(signal.SIGALRM, _raise)
    _tell(seconds + _GRACE)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _tell(0)


def be_watched(said: str) -> None:
    """Have another process end this one where a decoder does not even hear that the time is up.

    ``said`` is what it prints then. To be called before there are threads.
    """
    hears, tells = os.pipe()
    watched = os.getpid()
    if os.fork() > 0:
        os.close(hears)
        _warden[:] = [tells]
        return
    os.close(tells)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    left: float | None = None
    while True:
        ready, _, _ = select.select([hears], [], [], left)
        if not ready:
            sys.stderr.write(f"{said}\n")
            sys.stderr.flush()
            os.kill(watched, signal.SIGKILL)
            os._exit(0)
        told = os.read(hears, 4096)
        if not told:
            os._exit(0)
        left = float(told.split()[-1]) or None


def _tell(seconds: float) -> None:
    for place in _warden:
        with suppress(OSError):
            os.write(place, f"{seconds} ".encode())


def _raise(*_: object) -> None:
    raise OutOfTime
