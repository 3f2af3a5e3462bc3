"""Batches and review servers that begin in no time, so that many of them can be killed.

Each is a process of its own, forked from one that has everything imported already.
"""

from __future__ import annotations

import os
import sys
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

_NURSERY = get_context("forkserver")
_NURSERY.set_forkserver_preload(
    [
        *("cli.main", "cli.review", "review.serve", "review.settlers"),
        *("pipeline.run", "tests.pipeline.driver", "tests.pipeline.orders"),
    ]
)


def batch(run: Path, scans: Path, *words: str) -> BaseProcess:
    """Start the batch that the fault tests order (see ``tests.pipeline.driver``)."""
    return _born(_batch, str(run), str(scans), *words)


def server(run: Path, port: int) -> BaseProcess:
    """Start ``gouji review``."""
    return _born(_server, "review", str(run), "--port", str(port))


def _born(act: object, *words: str) -> BaseProcess:
    life = _NURSERY.Process(target=act, args=(words,))  # type: ignore[arg-type]
    life.start()
    return life


def _batch(words: tuple[str, ...]) -> None:
    from tests.pipeline.driver import main  # noqa: PLC0415 - imported where it runs

    _alone("driver", *words)
    main()


def _server(words: tuple[str, ...]) -> None:
    from cli.main import main  # noqa: PLC0415 - imported where it runs

    _alone("gouji", *words)
    main()


def _alone(*words: str) -> None:
    """Be a program with its own words and nobody who listens."""
    sys.argv = list(words)
    nobody = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nobody, stream)
