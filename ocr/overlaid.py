"""What a reading is worth once a document's own digits were laid over its cell."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from document.reading import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.reading import Reading
    from ocr.matched import Match

AHEAD = 4.0
"""Nats by which a figure must be likelier than any other, and than bare paper, to count."""

ASTRAY = 2.0
"""Standard deviations from its column's place beyond which it is no figure of the column."""

SUPPORTS, SPEAKS = 0.6, 0.8
"""Fit from which it supports what was read, and from which it says something else."""

AGREED, SUREST = 20.0, 0.998
"""What the odds of a reading are multiplied by where the digits laid over the cell agree, and
what it is then worth at most."""

LISTED, NEW = 0.9, 0.5
"""What a figure is worth that the readers held for possible, or that they did not think of."""

CLEAN = 0.05
"""Share of dark paper among a figure's strokes up to which nothing runs through it.

A stroke that strikes a figure out covers 0.06 at least."""

ALONE = 0.25
"""Ink beside a figure, relative to a digit's, up to which it is no part of a longer one."""

COVERED = 0.9
"""What a figure is worth at most that something runs through: it may be a digit never seen."""

DOUBTFUL = 0.9
"""Probability of a reading from which another figure in the same place does not count."""


def weighed(reading: Reading, found: Sequence[Match], *, covered: bool) -> Reading:
    """Weigh what was read in a cell by what a document's digits find there.

    ``covered`` tells that whatever covers the cell covers its neighbours, too. If it does not,
    and something runs through the figure, that may have been struck out: nothing is said.
    """
    if len(found) < 2:
        return reading
    best = found[0]
    if not best.text or best.gain - found[1].gain < AHEAD or best.off > ASTRAY:
        return reading
    clean = best.over < CLEAN
    if not clean and not covered:
        return reading
    chances = {one.text: one.probability for one in reading.candidates}
    before = chances.get(best.text, 0.0)
    if reading.legible and best.text == reading.best.text:
        odds = AGREED * before / max(1 - before, 1e-9)
        now = max(before, min(SUREST if clean else COVERED, odds / (1 + odds)))
        fits = best.fit >= SUPPORTS
    else:
        if best.beside > ALONE and not covered:
            return reading
        now = max(before, LISTED if before else NEW)
        fits = best.fit >= SPEAKS and reading.best.probability < DOUBTFUL
    if not fits or (now == before and reading.legible):
        return reading
    rest = sum(chances.values()) - before
    less = min(1.0, (1 - now) / rest) if rest else 1.0
    chances = {text: less * chance for text, chance in chances.items()} | {best.text: now}
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple(Candidate(t, max(0.0, -math.log(max(p, 1e-12)))) for t, p in ranked)
    return replace(reading, candidates=candidates, legible=True)
