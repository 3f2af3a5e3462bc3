"""Pieces of text on a page, and the lines of them that stand in columns as figures do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from layout.rulings import Rulings
    from layout.tone import Tone

MANY = 4
"""Pieces of text on a line from which it may be a row of figures."""

LONGEST = 5.0
"""Width of a figure, or of a short header, in heights."""

MOST = 3000
"""Pieces on a page above which they are noise."""


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of text at one height, from left to right; boxes in pixels of a tone.

    ``full`` tells that it has as many as a row of figures, in columns with other such lines.
    """

    pieces: tuple[Box, ...]
    full: bool = False

    @property
    def top(self) -> float:
        """The upper edge of its middle piece."""
        return float(np.median([piece.top for piece in self.pieces]))

    @property
    def bottom(self) -> float:
        """The lower edge of its middle piece."""
        return float(np.median([piece.bottom for piece in self.pieces]))

    @property
    def center(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2

    @property
    def climb(self) -> float:
        """Pixels downward per pixel along it, by the middles of its figures; small."""
        at = np.array([piece.center for piece in self.figures])
        left, right = at[: len(at) // 2], at[(len(at) + 1) // 2 :]
        if not len(left):
            return 0.0
        run, rise = np.median(right, axis=0) - np.median(left, axis=0)
        return float(np.clip(rise / max(run, 1.0), -0.03, 0.03))

    @property
    def figures(self) -> tuple[Box, ...]:
        """The pieces no longer than a figure is, but for specks and commas."""
        usual = float(np.median([piece.height for piece in self.pieces]))
        return tuple(p for p in self.pieces if p.width < LONGEST * usual and p.height > 0.6 * usual)


def pieces_of(made: Tone, drawn: Rulings) -> tuple[Box, ...]:
    """Return the boxes of pieces of text: characters nearer than 0.4 em, on one height.

    Ruling lines, and thin remains of them, are no characters (nor is 1, which does not matter).
    """
    em = made.em
    level, _ = cv2.threshold(made.ink, 0, 255, cv2.THRESH_OTSU)
    lines = cv2.dilate((drawn.level | drawn.plumb).astype(np.uint8), np.ones((3, 3), np.uint8))
    dark = ((made.ink > max(30.0, 0.75 * level)) & (lines == 0)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    long, thin = np.maximum(width, height), np.minimum(width, height)
    keep = (long > 0.3 * em) & (thin > 0.16 * em) & (long < 6 * em) & (height < 1.6 * em)
    keep[0] = False
    strokes = [Box(*corners) for corners in _lying(stats, dark, em)]
    dark = np.where(keep[labels], np.uint8(1), np.uint8(0))
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, max(3, int(0.4 * em)) | 1)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    if len(stats) > MOST:
        return ()
    found = _rejoined(
        [Box(x, y, x + w, y + h) for x, y, w, h, _ in stats[1:].tolist() if h < 1.7 * em],
        em,
    )
    return (*found, *_dashes(strokes, found, em))


def _lying(
    stats: NDArray[np.int32], dark: NDArray[np.uint8], em: float
) -> list[tuple[float, float, float, float]]:
    """Return the corners of short lying strokes that have paper around them."""
    found = []
    for x, y, w, h, area in stats[1:].tolist():
        if not (0.18 * em < w < 1.4 * em and h <= max(3.0, 0.26 * em) and w >= 1.6 * h):
            continue
        # What is left of a torn line has more of it beside itself.
        beside, above = round(0.8 * em), round(0.45 * em)
        rows = slice(max(0, y - above), y + h + above)
        around = dark[rows, max(0, x - beside) : x + w + beside]
        if int(around.sum()) <= 1.15 * area + 2:
            found.append((x, y, x + w, y + h))
    return found


def _dashes(strokes: Sequence[Box], pieces: Sequence[Box], em: float) -> list[Box]:
    """Return the strokes that stand where figures do, as high as figures are.

    A row of a table has text at their height, or two lines of a label just above and below;
    what is left of torn lines lies between rows.
    """
    middles = np.sort([piece.center[1] for piece in pieces if piece.height > 0.6 * em])
    if not strokes or not len(middles):
        return []
    found = []
    for stroke in strokes:
        y = stroke.center[1]
        after = int(np.searchsorted(middles, y))
        above = y - middles[after - 1] if after else np.inf
        below = middles[after] - y if after < len(middles) else np.inf
        if min(above, below) < 0.3 * em or max(above, below) < 0.8 * em:
            found.append(Box(stroke.left, y - 0.4 * em, stroke.right, y + 0.4 * em))
    return found


def _rejoined(boxes: list[Box], em: float) -> tuple[Box, ...]:
    """Join the parts of characters that lie above one another within a height of a character."""
    # Left, top, right, bottom of what is joined so far: pages have hundreds of pieces.
    done = np.zeros((len(boxes), 4))
    count = 0
    for box in sorted(boxes, key=lambda b: (b.left, b.top)):
        left, top, right, bottom = done[:count].T
        overlap = np.minimum(box.right, right) - np.maximum(box.left, left)
        high = np.maximum(box.bottom, bottom) - np.minimum(box.top, top)
        near = (overlap > -0.2 * em) & (high < 1.25 * em)
        number = int(near.argmax()) if count else 0
        if count and near[number]:
            low, up = done[number, :2], done[number, 2:]
            np.minimum(low, (box.left, box.top), out=low)
            np.maximum(up, (box.right, box.bottom), out=up)
        else:
            done[count] = box.left, box.top, box.right, box.bottom
            count += 1
    joined = [Box(*corners) for corners in done[:count].tolist()]
    return tuple(b for b in joined if max(b.width, b.height) > 0.45 * em and b.width > 0.25 * em)


def rows_of_figures(pieces: Sequence[Box], em: float) -> int:
    """Count the lines of the blocks that may be tables."""
    return sum(len(block) for block in blocks(pieces, em))


def _lines(pieces: Sequence[Box], em: float) -> list[Line]:
    """Group pieces whose middles lie within 0.4 em of a height into lines, from the top down."""
    groups: list[list[Box]] = []
    for box in sorted(pieces, key=lambda b: b.center[1]):
        if groups:
            middle = float(np.mean([b.center[1] for b in groups[-1]]))
            if box.center[1] - middle < 0.4 * em:
                groups[-1].append(box)
                continue
        groups.append([box])
    return [Line(tuple(sorted(group, key=lambda b: b.left))) for group in groups]


def _in_columns(lines: Sequence[Line], em: float) -> list[Line]:
    """Mark the lines of which enough pieces stand right above or below those of two others."""
    rich = [line for line in lines if len(line.figures) >= MANY]
    centers = [np.array([p.center[0] for p in line.figures]) for line in rich]
    marked = []
    for line in lines:
        if len(line.figures) < MANY:
            marked.append(line)
            continue
        shared = sum(
            sum(bool(np.abs(xs - p.center[0]).min() < 0.8 * em) for xs in centers) > 2
            for p in line.figures
        )
        marked.append(Line(line.pieces, full=shared >= MANY))
    return _without_words(marked)


def _without_words(lines: Sequence[Line]) -> list[Line]:
    """Unmark lines that end where the figures of the others have hardly begun.

    The words of a long label may stand above those of others as figures do.
    """
    starts = [line.figures[-MANY].left for line in lines if line.full]
    begin = float(np.median(starts)) if starts else 0.0
    return [Line(one.pieces, full=one.full and one.figures[-1].right > begin) for one in lines]


def blocks(pieces: Sequence[Box], em: float) -> list[list[Line]]:
    """Return the runs of lines that may be tables: full lines, and what stands among them.

    Above the first full line up to five more may belong to the header, as long as they follow
    closely and do not begin left of the table.
    """
    lines = _in_columns(_lines(pieces, em), em)
    full = [number for number, line in enumerate(lines) if line.full]
    found: list[list[Line]] = []
    while full:
        run = [full.pop(0)]
        while full and lines[full[0]].top - lines[run[-1]].bottom < 6 * em:
            run.append(full.pop(0))
        if len(run) < 3:
            continue
        first, last = run[0], run[-1]
        left = min(lines[n].pieces[0].left for n in run)
        while (
            first > 0
            and run[0] - first < 5
            and lines[first].top - lines[first - 1].bottom < _reach(lines[first - 1]) * em
            and lines[first - 1].pieces[0].left > left - em
        ):
            first -= 1
        found.append(list(lines[first : last + 1]))
    return found


def _reach(line: Line) -> float:
    """Return how far above a table, in em, a line may be its header: farther with many words."""
    return 2.0 if len(line.figures) >= MANY else 1.1
