"""Pieces of text joined to what may be one label, where its characters are set apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.geometry import Box, hull

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 0.85
"""White between pieces, in em, that may be within a label."""


def joined(pieces: Sequence[Box], em: float) -> tuple[Box, ...]:
    """Return the boxes of runs of pieces at one height that stand close to one another."""
    runs: list[list[Box]] = []
    for piece in sorted(pieces, key=lambda box: box.left):
        for run in runs:
            last = run[-1]
            level = abs(piece.center[1] - last.center[1]) < 0.35 * em
            if level and -0.3 * em < piece.left - last.right < GAP * em:
                run.append(piece)
                break
        else:
            runs.append([piece])
    return tuple(hull(run) for run in runs if len(run) > 1)
