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

ITSELF = 0.7
"""Length, in em, over which a dark piece is no ghost though one goes on from it."""

DARKEST = 90
"""Percentile of the darkness along a line at which it is told: a pale piece makes no ghost."""

USUAL = (75, 97)
"""Percentiles, of all that is drawn, that tell how dark the page's own lines are.

The higher one is for a page with little of its own: the last rows of a table before the back of
a whole one, say.
"""

LEAST = 0.003
"""Share of the length of all lines that ghosts must have, for a look without them."""


def without_ghosts(made: Tone, found: Rulings, usual: int) -> Rulings | None:
    """Return the ruling lines without those far paler than the others; None if there are none.

    ``usual`` is the percentile of darkness, of ``USUAL``, that a page's own lines are known by.
    A table whose inner lines are paler than its frame loses them too: this is only another way
    to look at a page whose lines explain too little.
    """
    level = _solid(made.ink, found.level, found.em, usual)
    plumb = _solid(made.ink.T, found.plumb.T, found.em, usual).T
    gone = np.count_nonzero(found.level) + np.count_nonzero(found.plumb)
    gone -= np.count_nonzero(level) + np.count_nonzero(plumb)
    if gone < LEAST * (np.count_nonzero(found.level) + np.count_nonzero(found.plumb)):
        return None
    return Rulings(level, plumb, found.em)


def _solid(
    ink: NDArray[np.uint8], drawn: NDArray[np.bool_], em: float, usual: int
) -> NDArray[np.bool_]:
    """Keep the lines along x, of a mask (height, width), that are as dark as the page's own are."""
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
    own = float(np.percentile(darkness[mine], usual))
    kept = np.zeros(drawn.shape, bool)
    kept[drawn] = (darkness >= APART * own)[labels[drawn]]
    itself = (drawn & (ink >= APART * own)).view(np.uint8)
    stretch = np.ones((1, max(3, round(ITSELF * em))), np.uint8)
    return np.asarray(kept | (cv2.morphologyEx(itself, cv2.MORPH_OPEN, stretch) > 0))
