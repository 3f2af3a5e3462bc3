"""Glyphs that stand on a drawn line, as where a form was printed before its figures were.

What of such a glyph is in the cell passes for what is left of the line, and the cell for blank; or
its figure is read without it. Both readers see the same crop, so that both agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.inputs import inks
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

INK = 0.3
"""Darkness, relative to the darkest of a crop but 0.2 at least, from which something is ink."""

FAINTEST = 0.2

LINE, FRAY = 0.55, 0.3
"""Share of a row in which a drawn line holds ink, and in which its frayed edge does."""

NEAR = 0.35
"""How far from a cell's edge its line is looked for, in em."""

HIGH = 0.4
"""Height of a glyph that stands on a line, both sides of it and the line together, in em. What
stands on one side only, and touches the line, may as well be its own row's figure, set low: so do
two of four blanks of a page with ticks drawn into it."""

ASTRIDE, DARK = 0.25, 0.55
"""Height in em of what is seen of such a glyph besides the line, and darkness of its darker side
beside the darkest of the crop, at least. Specks and rough edges of the line are lower, folds of
the paper and shadows' edges paler: of 20 blank cells of four poor drawn pages 15."""

BROAD = 1.5
"""Breadth of one glyph at most, or of some that touch, in em."""

FULL = 0.9
"""Share of a figure's rows in which the line beside it holds ink."""

CLOSE = 0.55
"""White between a line and a figure's digit beside it, in heights of the figure, up to which one
on the line may be another digit of it."""

RUN_ON, STUB = 0.4, 0.3
"""How far from the figure, in its heights, such a digit ends at most, the line with it, and the
share of the figure's rows it fills there at least. Words of a label stand further off."""

SHORT, APART = 1.3, 0.35
"""Width in em of a figure of one or two digits, and the white behind it: one that touches its
cell's side because it fills its column is longer. Of the cells of 104 drawn tables, poor ones too,
one more goes to a person by this."""

STROKE, TOUCHING = 0.12, 0.12
"""Width in em of a piece of a glyph at least: what is left of a line's edge is narrower. And white
up to which it touches the line: cells are padded by more."""

ASIDE = 0.3
"""How far from the cell's own sides glyphs are looked for, in em: where lines cross are stubs."""


def crosses_a_line(tall: NDArray[np.uint8], top: int, bottom: int, em: float) -> bool:
    """Tell whether a glyph stands on the drawn line above or below a cell.

    The cell reaches from row ``top`` to row ``bottom`` of ``tall`` (H, W, 3), which shows paper
    above and below it; ``em`` is in its pixels.
    """
    aside = round(ASIDE * em)
    if tall.shape[1] <= 3 * aside or tall.shape[0] < 3:
        return False
    dark = inks(tall)[:, aside : -aside or None, 1]
    darkest = float(dark.max(initial=0.0))
    ink, plain = dark > max(FAINTEST, INK * darkest), dark >= DARK * darkest
    return any(_stands_on(ink, plain, edge, em) for edge in (top, bottom))


def _stands_on(ink: Mask, plain: Mask, edge: int, em: float) -> bool:
    """Tell whether a glyph stands on the line (rows of ``ink``) near row ``edge``.

    Some of it is ``plain`` (H, W).
    """
    coverage = ink.mean(axis=1)
    near = max(2, round(NEAR * em))
    rows = [
        row
        for row in range(max(0, edge - near), min(len(ink), edge + near + 1))
        if coverage[row] >= LINE
    ]
    if not rows:
        return False
    first, last = rows[0], rows[-1]
    while first > 0 and coverage[first - 1] >= FRAY:
        first -= 1
    while last + 1 < len(ink) and coverage[last + 1] >= FRAY:
        last += 1
    above, below = _touching(ink[:first][::-1], em), _touching(ink[last + 1 :], em)
    thick = last + 1 - first
    return any(
        high + deep >= max(HIGH * em - thick, ASTRIDE * em)
        and left < end
        and start < right
        and (
            plain[first - high : first, left:right].any()
            or plain[last + 1 : last + 1 + deep, start:end].any()
        )
        for left, right, high in above
        for start, end, deep in below
    )


def near_a_side(crop: NDArray[np.uint8]) -> bool:
    """Tell whether the ink of a cell (H, W, 3) stands close to its left or right side."""
    if min(crop.shape[:2]) < SMALLEST:
        return False
    lines = find_ink(kept_inks(crop)).lines
    return any(min(line.left, crop.shape[1] - line.right) <= CLOSE * line.height for line in lines)


def goes_on_beyond(wide: NDArray[np.uint8], left: int, right: int) -> bool:
    """Tell whether a figure close to a drawn side of its cell has a digit on that very line.

    The cell reaches from column ``left`` to column ``right`` of ``wide`` (H, W, 3), which shows
    what is beside it. A digit in the middle of a line is in no cell's crop, and touches none.
    """
    cell = wide[:, left:right]
    if min(cell.shape[:2]) < SMALLEST:
        return False
    dark = inks(wide)[:, :, 1]
    ink = dark > max(FAINTEST, INK * float(dark.max(initial=0.0)))
    for line in find_ink(kept_inks(np.ascontiguousarray(cell))).lines:
        top, bottom = max(0, int(line.top)), int(np.ceil(line.bottom))
        rows, others = ink[top:bottom], np.concatenate([ink[:top], ink[bottom:]])
        begin, end = left + int(line.left), left + int(np.ceil(line.right))
        before = _beyond(rows[:, :begin][:, ::-1], others[:, :begin][:, ::-1])
        if before or _beyond(rows[:, end:], others[:, end:]):
            return True
    return False


def leans_on_a_side(wide: NDArray[np.uint8], left: int, right: int, em: float) -> bool:
    """Tell whether a short figure touches a drawn side of a blank cell from beyond it.

    A form that was printed before its figures were: the figure of this cell may have come to
    stand on the line, half hidden by it, or behind it. ``wide`` (H, W, 3) shows the cell from
    column ``left`` to ``right`` with what is beside it; ``em`` is in its pixels.
    """
    if min(wide.shape[:2]) < SMALLEST or right - left < SMALLEST:
        return False
    dark = inks(wide)[:, :, 1]
    ink = dark > max(FAINTEST, INK * float(dark.max(initial=0.0)))
    into = round(NEAR * em)
    sides = ink[:, : left + into][:, ::-1], ink[:, max(0, right - into) :]
    return any(_leans(beyond, 2 * into, em) for beyond in sides)


def _leans(ink: Mask, near: int, em: float) -> bool:
    """Tell whether a figure touches the line within the first ``near`` columns from behind."""
    through = ink.mean(axis=0)
    lines = np.flatnonzero(through[: near + 1] >= FULL)
    if not lines.size:
        return False
    end = int(lines[0])
    while end < len(through) and through[end] >= FULL:
        end += 1
    rest = ink[:, end:]
    short = min(round(SHORT * em), rest.shape[1] - 1)
    _, _, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8), connectivity=8)
    for x, y, width, height, _ in stats[1:].tolist():
        whole = y > 0 and y + height < len(rest)
        if x > TOUCHING * em or not whole or height < HIGH * em or width < STROKE * em:
            continue
        inked = x + np.flatnonzero(rest[y : y + height, x:].any(axis=0))
        steps = np.flatnonzero(np.diff(inked) > APART * em)
        last = int(inked[steps[0]]) if steps.size else int(inked[-1])
        if last < short:
            return True
    return False


def _beyond(ink: Mask, others: Mask) -> bool:
    """Tell whether a glyph stands closely behind a line, ``ink`` (h, w) beginning before that.

    ``others`` are the cell's other rows: what is seen there, too, is the frayed edge of the line.
    """
    through = ink.mean(axis=0)
    lines = np.flatnonzero(through[: round(CLOSE * len(ink)) + 1] >= FULL)
    if not lines.size:
        return False
    end = int(lines[0])
    while end < len(through) and through[end] >= FULL:
        end += 1
    thick = end - int(lines[0])
    reach = max(end + 1, round(RUN_ON * len(ink)))
    behind = through[end:reach]
    if len(others):
        behind = behind - others.mean(axis=0)[end:reach]
    return thick < len(ink) and bool((behind >= STUB).any())


def _touching(ink: Mask, em: float) -> list[tuple[int, int, int]]:
    """Return what touches row 0, glyphs' pieces: from which column to which, and how high."""
    if not len(ink):
        return []
    reach = ink[: round(em)].astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(reach, connectivity=8)
    return [
        (x, x + width, height)
        for x, y, width, height, _ in stats[1:].tolist()
        if y == 0 and width <= BROAD * em and not height >= len(reach)
    ]
