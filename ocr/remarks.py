"""Figures with a remark behind them, 141（含自然失效80件）, read by themselves as well.

The second reader knows no words, so that of such a cell both readers together are never sure.
What counts of it is the figure: it ends at the wide space before the bracket.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2

from document.geometry import Box, hull
from document.reading import Candidate
from ocr.ink import SMALLEST, find_ink, ink_mask
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from document.reading import Reading

    Image = NDArray[np.uint8]

LIKELY = 0.5
"""Probability of a reading from which its figure is read by itself."""

CLEAR = 0.995
"""Probability from which that is not needed."""

SUREST = 0.998
"""What a figure that is read alike both times is worth at most."""

TALL, WIDE = 0.5, 0.9
"""Height of a digit's ink beside that of its line, at least; its width beside it, at most."""

SPACE = 0.3
"""White before a bracket beside the line's height, at least: digits stand closer."""

WIDER = 1.8
"""The same beside the widest white within the figure."""

_REMARK = re.compile(r"(\d{1,7})（.*")


def remark_of(text: str) -> str:
    """Return the digits before the remark of a text; "" where it has none."""
    found = _REMARK.fullmatch(text)
    return found[1] if found else ""


def head_of(crop: Image, reading: Reading) -> Image | None:
    """Cut the figure out of a cell (H, W, 3) that is read as a figure with a remark, in doubt."""
    digits = remark_of(reading.best.text)
    doubtful = LIKELY <= reading.best.probability < CLEAR
    if not digits or not reading.legible or not doubtful or min(crop.shape[:2]) < SMALLEST:
        return None
    dark = kept_inks(crop)
    lines = find_ink(dark).lines
    if not lines:
        return None
    line = lines[0]
    top, bottom = max(0, math.floor(line.top)), math.ceil(line.bottom)
    glyphs = glyphs_of(ink_mask(dark)[top:bottom])
    if len(glyphs) <= len(digits):
        return None
    head, after = glyphs[: len(digits)], glyphs[len(digits)]
    shapes = all(g.height >= TALL * line.height and g.width <= WIDE * line.height for g in head)
    within = max((b.left - a.right for a, b in pairwise(head)), default=0.0)
    if not shapes or after.left - head[-1].right < max(SPACE * line.height, WIDER * within):
        return None
    below = lines[1].top if len(lines) > 1 else float(crop.shape[0])
    return crop[: max(bottom, math.floor((bottom + below) / 2)), : int(after.left) - 1]


def with_head(reading: Reading, head: Reading) -> Reading:
    """Return a reading that is as sure of its figure as that is, read by itself."""
    best, digits = reading.best, remark_of(reading.best.text)
    sure = min(head.best.probability, SUREST)
    if not head.legible or head.best.text != digits or sure <= best.probability:
        return reading
    share = (1 - sure) / max(1 - best.probability, 1e-9)
    others = [
        Candidate(c.text, -math.log(max(share * c.probability, 1e-12)))
        for c in reading.candidates[1:]
    ]
    return replace(reading, candidates=(Candidate(best.text, -math.log(sure)), *others))


def glyphs_of(mask: NDArray[np.uint8]) -> Sequence[Box]:
    """Return the boxes of what stands side by side in a line, from left to right."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = sorted((Box(x, y, x + w, y + h) for x, y, w, h, _ in stats[1:count].tolist()), key=_at)
    found: list[Box] = []
    for box in boxes:
        if box.height < 0.25 * len(mask):
            continue
        if found and box.left < found[-1].right:
            found[-1] = hull([found[-1], box])
        else:
            found.append(box)
    return found


def _at(box: Box) -> float:
    return box.left
