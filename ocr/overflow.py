"""Figures wider than their column: what reaches over a cell's side is read whole, or cut away.

A crop ends where its cell ends. Where no ruling line stands there, a figure may run on into the
next cell: half of its last digit is missing here, and stands before the neighbour's figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from document.geometry import Box
from document.reading import Candidate, Reading
from models.digits.inputs import inks
from models.quantiles import quantile_of_levels
from ocr.ink import ink_mask
from ocr.pieces import pieces_of
from ocr.seams import GLYPH, on_a_side
from ocr.sides import RIM, unruled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DARK = 0.12
"""Darkness of a crop's rim, against its paper, from which something may be cut there."""

MOST_CUT = 0.8
"""Share of a crop's rows, at its rim, above which what is dark there is a ruling line."""

SPAN = (0.5, 1.3)
"""Heights of a cut digit, relative to the tallest glyph of the crop."""

WIDEST, TOUCHING = 1.0, 0.8
"""Width of one glyph at most, relative to the tallest, and from which it may be two that touch."""

CLEARLY = 0.2
"""By how much one gap must exceed the other, in heights, to say whose a glyph is."""

SURE, LIKELY, OPEN = 0.985, 0.9, 0.5
"""How likely a glyph is its nearer neighbour's; how likely the one's that it does not touch, where
it touches the other's (digits of one figure keep apart); and how likely where nothing tells."""

RUN_ON = 0.35
"""Gap, in heights, up to which glyphs look like those of one figure."""

GRAZED = 0.15
"""How far, in heights, a glyph may reach over a line and yet stand beside it."""

ROW = 1.5
"""Height of a row, in em, in which glyphs are as high as text is: they are no higher in one that
a label makes tall."""

BEYOND = 0.2
"""How far from a cell's side its line stands at most, in heights of the row, where it is torn."""

LEAST_WEIGHT = 0.01
UNSURE = 0.9
"""What a reading is multiplied by if a glyph is cut and nothing can be said of its other half."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A crop that a cell's figure may fill, and how likely it is the right one (0…1)."""

    image: NDArray[np.uint8]
    weight: float


def may_be_cut(crop: NDArray[np.uint8]) -> bool:
    """Tell whether ink stands at the left or right rim of a crop (H, W, 3): a cheap question."""
    rows, columns = crop.shape[:2]
    if rows < 4 * RIM or columns < 4 * RIM:
        return False
    green = crop[:, :, 1]
    paper = quantile_of_levels(green[::2, ::2], 80)
    for rim in (green[:, :RIM], green[:, -RIM:]):
        # Noise is smoothed; what is dark from top to bottom is a ruling line.
        calm = np.convolve(rim.mean(axis=1), np.full(3, 1 / 3), mode="valid")
        dark = calm < (1 - DARK) * paper
        if dark.any() and dark.mean() < MOST_CUT:
            return True
    return False


def views_of(
    wide: NDArray[np.uint8], left: int, right: int, *, sided: bool = True, em: float = math.inf
) -> tuple[View, ...]:
    """Return the crops that the figure between columns ``left`` and ``right`` may fill.

    ``wide`` (H, W, 3) shows what stands beside the cell as well. One view, the cell itself,
    where nothing is cut; every view's weight says how likely it holds this figure and all of it.
    ``sided`` tells that lines are drawn at its sides, on which no figure can lie unseen; ``em``
    is the size of the page's text in pixels, of which a row may be many high.
    """
    clear, before, after = unruled(wide, left, right)
    # What touches a line stands beside it; what is seen on its other side, too, lies over it.
    reach = round(BEYOND * len(wide))
    first = before[0] if left - reach <= before[1] <= left + reach else left
    last = after[1] if right - reach <= after[0] <= right + reach else right
    first, last = min(left, first), max(right, last)
    begin, end = sum(before) / 2, sum(after) / 2
    glyphs = _glyphs(clear, first, last, (before, after))
    tallest = max((box.height for box in glyphs if _inside(box, first, last)), default=0.0)
    over = [box for box in glyphs if SPAN[0] * tallest <= box.height <= SPAN[1] * tallest]
    # a cell is cut out a little within its lines, or to their middles
    near, beyond = min(left, max(first, before[1])), max(right, min(last, after[0]))
    over = [box for box in over if _over(box, near, first) or _over(box, beyond, last)]
    # A line that is torn is found to within some pixels, and figures stand as close to it.
    whole = [b for b in glyphs if _inside(b, first, last) and b.height >= SPAN[0] * tallest]
    whole = [box for box in whole if box.height >= GLYPH * min(len(wide), ROW * em)]
    # what stands rather outside is a piece of the line
    whole = [box for box in whole if left <= box.center[0] <= right]
    start = max(before[1] - 1, min((box.left for box in whole), default=left))
    stop = min(after[0] + 1, max((box.right for box in whole), default=right))
    cell = wide[:, min(left, int(start)) : max(right, int(stop))]
    # Where figures on both sides of a line look like one, their digits may lie on one another.
    crowded = tallest and any(_runs_on(glyphs, line, tallest) for line in (begin, end))
    trust = OPEN if crowded else 1.0
    specks = tallest < GLYPH * min(len(wide), ROW * em)
    if specks and on_a_side(inks(clear)[:, :, 1], left, right, sided=sided):
        return (View(cell, UNSURE),)
    if not tallest or not over:
        return (View(cell, trust),)
    if any(box.width > WIDEST * tallest for box in over):
        return (View(cell, UNSURE * trust),)
    ours = [box for box in over if _over(box, near, first)]
    theirs = [box for box in over if _over(box, beyond, last)]
    at_left = _bounds(ours, glyphs, begin, left, before=False)
    at_right = _bounds(theirs, glyphs, end, right, before=True)
    views = [
        View(clear[:, max(0, a) : b], one * other * trust)
        for (a, one), (b, other) in product(at_left, at_right)
        if one * other >= LEAST_WEIGHT and b - a >= RIM
    ]
    return tuple(views) or (View(cell, UNSURE),)


def _glyphs(
    clear: NDArray[np.uint8], left: int, right: int, lines: Sequence[tuple[int, int]]
) -> list[Box]:
    """Find the glyphs in the rows of the cell's own text; two that touch are parted.

    What a line of ``lines`` (from, to) cut in pieces, which are all that is left of a glyph once
    the line is taken away, is put together.
    """
    mask = ink_mask(inks(clear))
    pieces, remnants = pieces_of(mask)
    boxes = _mended([piece.box for piece in pieces + remnants], left, right, lines)
    boxes = _text(boxes, left, right)
    tallest = max((box.height for box in boxes if _inside(box, left, right)), default=0.0)
    return [
        part
        for box in boxes
        for part in (
            _parted(mask, box) if TOUCHING * tallest < box.width <= 2 * WIDEST * tallest else [box]
        )
    ]


def _mended(
    boxes: Sequence[Box], left: int, right: int, lines: Sequence[tuple[int, int]]
) -> list[Box]:
    """Put pieces above one another together that stand over the same line, up to a glyph's size."""
    tallest = max((box.height for box in boxes if _inside(box, left, right)), default=0.0)
    found = list(boxes)
    for begin, end in lines:
        over = [b for b in found if b.left <= end and b.right >= begin and b.width <= tallest]
        if len(over) < 2:
            continue
        whole = Box(
            min(b.left for b in over), min(b.top for b in over),
            max(b.right for b in over), max(b.bottom for b in over),
        )  # fmt: skip
        if whole.height <= SPAN[1] * tallest and whole.width <= WIDEST * tallest:
            found = [b for b in found if b not in over] + [whole]
    return found


def _parted(mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Part a box of two glyphs where it has the least ink, somewhere in its middle."""
    rows = slice(int(box.top), int(box.bottom))
    ink = mask[rows, int(box.left) : int(box.right)].sum(axis=0)
    third = len(ink) // 3
    if not third:
        return [box]
    cut = box.left + third + int(ink[third : len(ink) - third].argmin())
    return [Box(box.left, box.top, cut, box.bottom), Box(cut, box.top, box.right, box.bottom)]


def joined(readings: Sequence[Reading], weights: Sequence[float]) -> Reading:
    """Join what the views of a cell are read as: a text is as likely as its views say."""
    if len(readings) == 1 and weights[0] == 1:
        return readings[0]
    chances: dict[str, float] = {}
    for reading, weight in zip(readings, weights, strict=True):
        for candidate in reading.candidates:
            chance = weight * candidate.probability
            chances[candidate.text] = chances.get(candidate.text, 0.0) + chance
    ranked = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    legible = [r.legible for r, w in zip(readings, weights, strict=True) if w >= 0.5 * max(weights)]
    candidates = tuple(Candidate(t, max(0.0, -math.log(max(p, 1e-12)))) for t, p in ranked)
    said = readings[max(range(len(readings)), key=lambda n: weights[n])].opinions
    return Reading(candidates, all(legible), said)


def _text(boxes: Sequence[Box], left: int, right: int) -> list[Box]:
    """Return the boxes that stand in the rows of the cell's own text."""
    own = [box for box in boxes if _inside(box, left, right)]
    if not own:
        return []
    tallest = max(own, key=lambda box: box.height)
    return [
        box
        for box in boxes
        if min(box.bottom, tallest.bottom) - max(box.top, tallest.top) > 0.4 * box.height
        and box.height >= 0.3 * tallest.height
    ]


def _inside(box: Box, left: int, right: int) -> bool:
    return box.left > left and box.right < right


def _over(box: Box, side: float, far: float) -> bool:
    """Tell whether a glyph lies over a side, and over the ``far`` edge of the line there."""
    return box.left + 1 < min(side, far) and max(side, far) < box.right - 1


def _runs_on(glyphs: Sequence[Box], line: float, tallest: float) -> bool:
    """Tell whether glyphs follow on one another from one side of a line to the other.

    One that stands over the line does not matter by itself: it has whole ones on both sides.
    """
    full = sorted((b for b in glyphs if b.height >= SPAN[0] * tallest), key=lambda b: b.left)
    before = after = False
    reached = -math.inf
    for box in full:
        if box.left - reached > RUN_ON * tallest:
            before = after = False
        left_of = box.right <= line + GRAZED * tallest
        right_of = box.left >= line - GRAZED * tallest
        # what is both is a piece of the line
        before |= left_of and not right_of
        after |= right_of and not left_of
        if before and after:
            return True
        reached = max(reached, box.right)
    return False


def _bounds(
    over: Sequence[Box], glyphs: Sequence[Box], line: float, side: int, *, before: bool
) -> list[tuple[int, float]]:
    """Return where the cell's crop may end at ``side``, with the chance of each.

    ``before`` says that the cell lies left of its ``line`` there.
    """
    if not over:
        return [(side, 1.0)]
    box = max(over, key=lambda b: b.height)
    mine = _chance_before(box, glyphs, line)
    if before:
        return [(math.ceil(box.right) + 1, mine), (math.floor(box.left), 1 - mine)]
    return [(math.floor(box.left) - 1, 1 - mine), (math.ceil(box.right), mine)]


def _chance_before(box: Box, glyphs: Sequence[Box], line: float) -> float:
    """Return how likely the glyph over a line belongs to what stands before (left of) it."""
    left = [box.left - b.right for b in glyphs if b.center[0] < box.left]
    right = [b.left - box.right for b in glyphs if b.center[0] > box.right]
    near_left, near_right = min(left, default=math.inf), min(right, default=math.inf)
    far = box.height
    if near_left > far and near_right > far:  # it stands alone: the cell that has most of it
        share = (line - box.left) / box.width
        return SURE if share > 0.65 else 1 - SURE if share < 0.35 else OPEN
    difference = min(near_right, 2 * far) - min(near_left, 2 * far)
    if abs(difference) > CLEARLY * box.height:
        return SURE if difference > 0 else 1 - SURE
    if min(near_left, near_right) > 0 or difference == 0:
        return OPEN
    return LIKELY if difference < 0 else 1 - LIKELY
