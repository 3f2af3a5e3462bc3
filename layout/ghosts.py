"""Ruling lines that shine through from the other side of the paper: paler than the page's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.rulings import Rulings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.tone import Tone

APART = 0.5
"""Share of the darkness of a page's own lines that what shines through does not reach anywhere."""

JOINED = 2.0
"""Gap, in em, that a line may have: its pieces are one line, as dark as the darkest of them."""

DARKEST = 90
"""Percentile of the darkness along a line at which it is told: a pale piece makes no ghost."""

USUAL = 75
"""Percentile, of all that is drawn, that tells how dark the page's own lines are."""

LEAST = 0.003
"""Share of the length of all lines that ghosts must have, for a look without them."""


def without_ghosts(made: Tone, found: Rulings) -> Rulings | None:
    """Return the ruling lines without those far paler than the others; None if there are none.

    A table whose inner lines are paler than its frame loses them too: this is only another way
    to look at a page whose lines explain too little.
    """
    level = _solid(made.ink, found.level, found.em)
    plumb = _solid(made.ink.T, found.plumb.T, found.em).T
    gone = np.count_nonzero(found.level) + np.count_nonzero(found.plumb)
    gone -= np.count_nonzero(level) + np.count_nonzero(plumb)
    if gone < LEAST * (np.count_nonzero(found.level) + np.count_nonzero(found.plumb)):
        return None
    return Rulings(level, plumb, found.em)


def _solid(ink: NDArray[np.uint8], drawn: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Keep the lines along x, of a mask (height, width), that are as dark as most of them are."""
    wide = round(JOINED * em) | 1
    near = cv2.dilate(np.ascontiguousarray(drawn).view(np.uint8), np.ones((3, wide), np.uint8))
    count, labels = cv2.connectedComponents(near)
    mine, dark = labels[drawn], ink[drawn]
    if not len(mine):
        return drawn
    order = np.lexsort((dark, mine))
    mine, dark = mine[order], dark[order]
    first = np.searchsorted(mine, np.arange(count), side="left")
    last = np.searchsorted(mine, np.arange(count), side="right") - 1
    at = first + np.round((last - first) * DARKEST / 100).astype(np.int64)
    darkness = np.where(last >= first, dark[np.clip(at, 0, len(dark) - 1)], 0)
    usual = float(np.percentile(darkness[mine], USUAL))
    kept = np.zeros(drawn.shape, bool)
    kept[drawn] = (darkness >= APART * usual)[labels[drawn]]
    return kept
