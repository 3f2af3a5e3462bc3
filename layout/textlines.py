"""Where lines of text run: inside a cell, and on the page outside its tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from layout.counted import middle_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from layout.rulings import Rulings
    from layout.sheet import Sheet
    from layout.tone import Tone

THICK = 0.5
"""Characters across from which what is straight is no line: print that runs together."""

MERGED = 0.3
"""Share of the box of characters that hang together which is ink; of frames it is less."""

BANNER = 0.75
"""The same share from which it is the coloured ground of a header, not print that runs together.

Of 217 such grounds on 50 pages with dark headers 187 were filled so far, of 154 lines that ran
together on 29 terrible pages none (0.74 at most)."""

BAR, DRAWN = 1.5, 0.6
"""Characters from which what is straight and thin is no stroke; and the share of a piece's ink in
such bars from which it was drawn, not written: the corner of a frame of which a page that is a
little askew leaves the end."""

TALL = 2.1
"""Characters of height from which what hangs together may be two lines."""

GRAINS, DARKEST = 6.0, 70.0
"""Spreads of the paper above it up to which it is grain, and levels that no grain is darker."""

HALVED, INKED = 18.0, 2
"""Height of a character from which text is told from paper as well at half the size, and pixels
of four that are ink where one of these is."""

FEWEST_EMS = 12
"""Characters that must stand in lines for a page to tell which way they run."""


def cell_lines(sheet: Sheet, cell: Box) -> tuple[Box, ...]:
    """Return the boxes of the lines of text in a cell, from the top down.

    Ruling lines do not count as ink. A line is cut where a gap of 2.5 characters shows that
    two cells have run together because the line between them is gone.
    """
    scale, em = sheet.made.scale, sheet.made.em
    ink = sheet.letters
    top, bottom = round(cell.top * scale) + 1, round(cell.bottom * scale) - 1
    left, right = round(cell.left * scale) + 1, round(cell.right * scale) - 1
    patch = ink[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if patch.size == 0:
        return ()
    boxes: list[Box] = []
    for low, high in _rows(patch.sum(axis=1), em):
        strip = np.asarray(patch[low:high].any(axis=0))
        for start, end in _runs(strip, 2.5 * em):
            rows = np.flatnonzero(patch[low:high, start:end].any(axis=1))
            if (end - start) < 0.12 * em or int(patch[low:high, start:end].sum()) < 6:
                continue
            boxes.append(
                Box(left + start, top + low + rows[0], left + end, top + low + rows[-1] + 1)
            )
    return tuple(_scaled(box, 1 / scale) for box in boxes)


def loose_lines(sheet: Sheet, avoid: Iterable[Box]) -> tuple[Box, ...]:
    """Return the boxes of lines of text outside the boxes to ``avoid``, from the top down."""
    scale = sheet.made.scale
    ink = sheet.letters.astype(np.uint8)
    for box in avoid:
        ink[
            max(0, int(box.top * scale)) : int(box.bottom * scale) + 1,
            max(0, int(box.left * scale)) : int(box.right * scale) + 1,
        ] = 0
    chains = [box for box in _chains(ink, sheet.made.em, 1.8) if box.width >= 2 * sheet.made.em]
    return tuple(_scaled(box, 1 / scale) for box in _in_reading_order(chains))


def text_lines(made: Tone) -> tuple[Box, ...]:
    """Return the boxes of anything that looks like a level line of text, longest first.

    Those that may be two lines come last. In pixels of the image ``made`` was made from. For
    finding out which way up a page is.
    """
    text = _written(made)
    found = sorted(_chained(text, 0.9), key=lambda box: (box.height > TALL * text.em, -box.width))
    return tuple(_scaled(box, 1 / (made.scale * text.em / made.em)) for box in found)


def level_share(made: Tone) -> float:
    """Return how much of the page's text runs along x rather than along y: 0…1, 0.5 unknown.

    Characters of a line stand nearer to one another than lines do, so that only real lines
    stay whole when gaps of less than half a character are closed.
    """
    lengths = []
    for text in (_written(made), _text_of(np.ascontiguousarray(_dark(made).T), made)):
        chains, em = _chained(text, 0.4), text.em
        lengths.append(sum(b.width for b in chains if b.width >= 3 * em and b.height <= 1.8 * em))
    total = sum(lengths)
    return lengths[0] / total if total >= FEWEST_EMS * text.em else 0.5


def is_figure_sized(sheet: Sheet, lines: tuple[Box, ...], digits: int = 7) -> bool:
    """Tell whether a cell's text could be a figure: one line, no longer than ``digits``."""
    return len(lines) <= 1 and all(box.width < 0.6 * digits * sheet.em for box in lines)


def letters_of(made: Tone, found: Rulings) -> NDArray[np.bool_]:
    """Return the dark pixels that belong to no ruling line: (height, width) bool."""
    drawn = (found.level | found.plumb).astype(np.uint8)
    grown = cv2.dilate(drawn, np.ones((3, 3), np.uint8)) > 0
    return np.asarray(_dark(made) & ~grown)


def dark_pixels(ink: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where there is ink rather than paper and grain: (height, width) bool."""
    level, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    paper, away = middle_of(ink[::3, ::3])
    grain = paper + GRAINS * 1.4826 * away
    return np.asarray(ink > max(30.0, 0.75 * level, min(grain, DARKEST)))


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """What is written on a page, 1 on its ink (height, width), where a character is ``em`` high.

    ``halved`` tells that this is half the size of the tone that it was taken from.
    """

    ink: NDArray[np.uint8]
    em: float
    halved: bool


@lru_cache(maxsize=1)  # which way a page's lines run, and where, is asked one after the other
@lru_cache(maxsize=1)
def _written(made: Tone) -> _Text:
    return _text_of(_dark(made), made)


@lru_cache(maxsize=1)
def _dark(made: Tone) -> NDArray[np.bool_]:
    return dark_pixels(made.ink)


def _text_of(dark: NDArray[np.bool_], made: Tone) -> _Text:
    """Return what is written where there is ink: of clean pages, at half the size.

    There is no grain on these that might fill the gaps between lines then.
    """
    ink = dark.view(np.uint8)
    if not (made.treatment.clean and made.em >= HALVED):
        return _Text(_without_drawing(ink, made.em), made.em, halved=False)
    height, width = (side // 2 * 2 for side in ink.shape)
    across = ink[:height, :width:2] + ink[:height, 1:width:2]
    half = ((across[::2] + across[1::2]) >= INKED).astype(np.uint8)
    return _Text(_without_drawing(half, made.em / 2), made.em / 2, halved=True)


def _without_drawing(ink: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """Drop what is drawn rather than written, and would hang together as text does.

    That is straight runs longer than any stroke; grids, frames and seals of more than six
    characters; the hollow frames of single cells; and the dots and dashes of dotted lines.
    """
    run, thick = max(9, round(4 * em)) | 1, max(3, round(THICK * em)) | 1
    bar, bars = max(5, round(BAR * em)) | 1, np.zeros_like(ink)
    for along, thick_shape in ((1, (thick, 1)), (0, (1, thick))):
        fat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(thick_shape, np.uint8))
        thin = cv2.subtract(ink, fat)
        straight, short_ones = (
            cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, n) if along else (n, 1), np.uint8))
            for n in (run, bar)
        )
        ink = cv2.subtract(ink, cv2.dilate(straight, np.ones((3, 3), np.uint8)))
        bars |= short_ones
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    long, short = np.maximum(width, height), np.minimum(width, height)
    # Fat or blurred characters hang together over a whole line.
    filled = stats[:, cv2.CC_STAT_AREA] > MERGED * long * short
    merged = (short > 0.6 * em) & (short < TALL * em) & filled
    merged &= stats[:, cv2.CC_STAT_AREA] <= BANNER * long * short
    drop = ((long > 6 * em) & ~merged) | (long < 0.2 * em)
    for label in np.flatnonzero((long > 1.8 * em) & ~drop):
        x, y, w, h, area = stats[label]
        inside = labels[y + h // 5 : y + h - h // 5, x + w // 5 : x + w - w // 5]
        drop[label] = bool(h > 3) and not (inside == label).any()
        own = labels[y : y + h, x : x + w] == label
        drop[label] |= np.count_nonzero(bars[y : y + h, x : x + w][own]) > DRAWN * area
    return np.where(drop[labels], 0, ink).astype(np.uint8)


def _rows(mass: NDArray[np.int_], em: float) -> list[tuple[int, int]]:
    """Cut a cell into rows of text at its empty pixel rows; a row too tall is cut evenly."""
    rows: list[tuple[int, int]] = []
    for low, high in _runs(mass > 0, 0.1 * em):
        height = high - low
        if height < 0.12 * em:
            continue
        parts = max(1, round(height / (1.3 * em))) if height > 1.75 * em else 1
        cuts = [low]
        for part in range(1, parts):
            around = low + height * part / parts
            first, last = int(around - 0.3 * em), int(around + 0.3 * em) + 1
            cuts.append(first + int(np.argmin(mass[first:last])))
        cuts.append(high)
        rows.extend(pairwise(cuts))
    return rows


def _runs(filled: NDArray[np.bool_], gap: float) -> list[tuple[int, int]]:
    """Return the runs (start, end) of True, joined across gaps shorter than ``gap``."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _chained(text: _Text, gap: float) -> list[Box]:
    return _chains(text.ink, text.em, gap, calm=text.halved)


def _chains(ink: NDArray[np.uint8], em: float, gap: float, *, calm: bool = False) -> list[Box]:
    """Join characters along x across ``gap`` em, and keep chains as tall as a line of text.

    ``calm`` tells that there is no grain, and that strokes may be a pixel wide.
    """
    joined = ink if calm else cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    wide = max(3, int(em * gap)) | 1
    joined = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((1, wide), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    return [
        Box(x, y, x + w, y + h)
        for x, y, w, h, _ in stats[1:].tolist()
        if 0.6 * em <= h <= 3.2 * em and w >= 1.6 * em and w > 1.3 * h
    ]


def _in_reading_order(boxes: list[Box]) -> list[Box]:
    """Sort boxes into rows from the top down, and each row from left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.center[1]):
        if rows and box.top < rows[-1][0].center[1]:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row, key=lambda b: b.left)]


def _scaled(box: Box, factor: float) -> Box:
    return Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)
