"""Takes an input from a pipe: ``-`` stands for what comes in there."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from document.errors import InputError
from document.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DASH = Path("-")
_PREFIX, _NAME = "gouji-piped-", "stdin"


def shown(path: Path) -> str:
    """Return how people named an input: what came through a pipe is ``-``."""
    piped = path.name == _NAME and path.parent.name.startswith(_PREFIX)
    return str(_DASH) if piped else str(path)


@contextmanager
def files_of(inputs: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Give ``inputs`` with ``-`` as a file named stdin, which is gone afterwards.

    Raises InputError where ``-`` stands twice, or nothing is piped in.
    """
    if _DASH not in inputs:
        yield tuple(inputs)
        return
    if list(inputs).count(_DASH) > 1 or sys.stdin is None or sys.stdin.isatty():
        raise InputError(
            "no-pipe",
            Message(
                "“-”表示标准输入，只能写一次，且须有内容传入：cat report.txt | gouji read - -o DIR",
                "“-” is standard input: write it once, and pipe something in: "
                "cat report.txt | gouji read - -o DIR",
            ),
        )
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        held = Path(folder) / _NAME
        held.write_bytes(sys.stdin.buffer.read())
        yield tuple(held if one == _DASH else one for one in inputs)
