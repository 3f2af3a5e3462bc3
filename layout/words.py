"""Pieces of text joined to what may be one label, where its characters are set apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box, hull

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GAP = 0.85
"""White between pieces, in em, that may be within a label."""


STACK = 5.0
"""Width, in em, up to which lines above one another may be the words of one narrow column."""

LEADING = (-0.35, 0.75)
"""White between such lines, in em; boxes of characters overlap a little."""

MOST = 6
"""Lines of such words: a label set one character a line has no more."""


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


def stacked(pieces: Sequence[Box], em: float) -> tuple[tuple[int, ...], ...]:
    """Return the runs of pieces (indices, from the top down) that may be words of one column.

    So headers of narrow columns are set: in two or three lines, or one character a line. All
    parts of a run from its first line on are returned.
    """
    order = sorted(range(len(pieces)), key=lambda n: pieces[n].top)
    below: dict[int, int] = {}
    for at, number in enumerate(order):
        one = pieces[number]
        for other in order[at + 1 :]:
            two = pieces[other]
            if two.top - one.bottom >= LEADING[1] * em:
                break
            narrow = max(one.width, two.width) < STACK * em
            close = LEADING[0] * em < two.top - one.bottom
            if narrow and close and abs(one.center[0] - two.center[0]) < 0.5 * em:
                below[number] = other
                break
    runs = []
    for first in set(below) - set(below.values()):
        run = [first]
        while run[-1] in below and len(run) < MOST:
            run.append(below[run[-1]])
            runs.append(tuple(run))
    return tuple(runs)


def in_line(crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return crops (h, w, 3) of single characters side by side, as high as the highest.

    Each is laid on paper of its own lightest kind.
    """
    high = max((crop.shape[0] for crop in crops), default=0)
    padded = []
    for crop in crops:
        if not crop.size:
            continue
        paper = np.percentile(crop.reshape(-1, 3), 90, axis=0).tolist()
        above = (high - crop.shape[0]) // 2
        below = high - crop.shape[0] - above
        padded.append(
            cv2.copyMakeBorder(crop, above, below, 0, 0, cv2.BORDER_CONSTANT, value=paper)
        )
    if not padded:
        return np.zeros((0, 0, 3), np.uint8)
    return np.asarray(np.hstack(padded), np.uint8)
