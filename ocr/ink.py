"""Where the ink of a cell stands, apart from ruling remnants, specks and the paper's shade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box, hull
from models.quantiles import quantile
from ocr.kept import mark_of
from ocr.pieces import Piece, is_blot, pieces_of
from ocr.tones import beside_line, darkness_of, paper_spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

SMALLEST = 3
"""Height and width in pixels under which a crop cannot hold a figure."""

FAINTEST = 0.06
"""Darkness that no print on paper falls short of, unless it is lost for any reader."""

MOST_OF_SPECK = 5.0
"""Height in pixels of the biggest speck; digits have seven at least."""

UNDER_RED = 0.22
"""Darkness of black ink at least, where red ink stands too: its traces are paler."""

LOWEST_CELL = 10
"""Height in pixels under which a crop is a slice of a cell rather than a cell: it may lie between
figures, and finding no ink in it does not mean that its cell is blank."""

BLOT = 1.7
"""How much larger a round filled piece must be to be no speck."""

TOUCHING = 0.1
"""Gap, in heights of the tallest, up to which two lines of ink are halves of one figure."""

STROKES = 12
"""Pixels of the darkest that are ink, in however large a cell: a digit in a tall cell fills less
than any share of it that were not all of a small cell's ink."""

PALE_STROKES = 5
"""Pixels of the darkest that are no longer paper's grain in a cell that seems bare."""

LEAST_SHARE = 0.12
"""Size, relative to the crop's height, under which a lone piece of ink is a speck."""


MOST_KEPT = 2048
"""Crops whose ink is remembered."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What was found in a crop; boxes in pixels of the crop.

    ``lines`` are the boxes of its lines of text from top to bottom; empty where there is no
    ink worth reading. ``contrast`` is how dark the ink is against its paper (0…1), ``noise`` the
    spread of the paper's own darkness, ``height`` the height of the tallest glyph in pixels.
    ``red`` is the share (0…1) of the ink that vanishes in red light: a seal's. ``dropped`` is
    the size of the largest piece of ink that was left out as a remnant or speck, relative to
    ``height`` (0 where nothing was, or nothing else was found), ``rubbish`` the number of such
    pieces. ``room`` is the paper between the ink and the nearest rim of the crop, relative to
    ``height``. ``beside`` is how dark it is where another glyph might stand beside the ink,
    relative to the ink (0 … 1.5): strokes too pale or broken to be found. ``bare`` says that
    there is paper and at most round specks, smaller than any digit.
    """

    lines: tuple[Box, ...]
    contrast: float
    noise: float
    height: float
    red: float
    dropped: float
    rubbish: int
    room: float = 0.0
    beside: float = 0.0
    bare: bool = False


_FOUND: dict[bytes, Ink] = {}


def find_ink(dark: NDArray[np.float32]) -> Ink:
    """Find the ink in a cell's interior, ``models.digits.inputs.inks`` of it: (H, W, 2).

    Many ask for that of the same cell: what was found is kept for a while.
    """
    if min(dark.shape[:2]) < SMALLEST:
        return Ink((), 0.0, 0.0, 0.0, 0.0, 0.0, 0)
    mark = mark_of(dark)
    found = _FOUND.get(mark)
    if found is None:
        if len(_FOUND) >= MOST_KEPT:
            _FOUND.clear()
        found = _FOUND[mark] = _find_ink(dark)
    return found


def _find_ink(dark: NDArray[np.float32]) -> Ink:
    rows, columns = dark.shape[:2]
    noise = paper_spread(dark)
    vivid = _vivid(dark, noise)
    mask, (calm, level, contrast) = _masked(dark, noise, vivid)
    reds = int((vivid & (mask == 0)).sum())  # ink that is red, of all ink
    red = reds / max(1, reds + int(mask.sum()))
    pieces, remnants = pieces_of(mask)
    least = max(4.0, LEAST_SHARE * min(rows, 50))
    blots = {p for p in pieces if p.size < BLOT * least and is_blot(p, calm)}
    kept, specks = _figure_pieces(pieces, blots, least)
    if not kept:
        biggest = max((piece.size for piece in specks), default=0.0)
        left = specks + remnants
        bare = _is_bare(calm, mask, specks, remnants)
        return Ink((), contrast, noise, biggest, red, 0.0, len(left), bare=bare)
    height = max(piece.box.height for piece in kept)
    # Fainter strokes beside the clear ones belong to the figure as well.
    faint, _ = pieces_of((calm > max(0.6 * level, 0.05, 3 * noise)).astype(np.uint8))
    lines = tuple(_grown(line, faint, height) for line in _lines(kept))
    outside = [
        piece
        for piece in remnants + specks
        if not any(line.contains(piece.box.center) for line in lines)
    ]
    dropped = max((piece.size for piece in outside), default=0.0) / max(height, 1.0)
    span = hull(lines)
    room = min(span.left, span.top, columns - span.right, rows - span.bottom) / max(height, 1.0)
    beside = max(beside_line(calm, line) for line in lines)
    contrast = max(contrast, *(darkness_of(calm, line) for line in lines))
    return Ink(lines, contrast, noise, height, red, dropped, len(outside), max(0.0, room), beside)


def ink_mask(dark: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return 1 where ``inks`` (H, W, 2) of a crop shows black ink, else 0."""
    noise = paper_spread(dark)
    return _masked(dark, noise, _vivid(dark, noise))[0]


def _masked(
    dark: NDArray[np.float32], noise: float, vivid: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], tuple[NDArray[np.float32], float, float]]:
    """Return the mask of black ink; with smoothed darkness, the level, the contrast."""
    calm, level, contrast = _calmed(dark[:, :, 1], noise)
    level = max(level, UNDER_RED) if vivid.mean() > 0.005 else level
    return (calm > level).astype(np.uint8), (calm, level, contrast)


def _calmed(dark: NDArray[np.float32], noise: float) -> tuple[NDArray[np.float32], float, float]:
    """Return darkness with noise smoothed, the level that parts ink from paper, the contrast.

    The level is Otsu's, kept off the noise and between 0.3 and 0.6 of the contrast.
    """
    calm = cv2.GaussianBlur(dark, (0, 0), 0.6) if noise > 0.03 else dark
    inner = calm[1:-1, 1:-1]
    contrast = quantile(inner, max(99.5, 100 * (1 - STROKES / inner.size)))
    grey = np.round(np.minimum(calm / max(contrast, 0.1), 1) * 255).astype(np.uint8)
    otsu, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    level = float(np.clip(otsu / 255, 0.3, 0.6)) * max(contrast, 0.1)
    return calm, max(level, 0.06, 3.5 * noise if noise > 0.03 else 4.5 * noise), contrast


def _is_bare(
    calm: NDArray[np.float32],
    mask: NDArray[np.uint8],
    specks: Sequence[Piece],
    remnants: Sequence[Piece],
) -> bool:
    """Tell whether nothing but paper is left once round specks and ruling lines are taken out."""
    least = min(MOST_OF_SPECK, LEAST_SHARE * min(calm.shape[0], 50))
    round_ones = all(
        piece.box.height <= least and piece.box.width <= 2 * piece.box.height for piece in specks
    )
    around = cv2.dilate(mask, np.ones((5, 5), np.uint8)) == 0
    # Many specks may be a figure in halftone, a thick remnant one grown into a line.
    thick = [p for p in remnants if p.inner and min(p.box.width, p.box.height) > MOST_OF_SPECK]
    few = len(specks) <= 2 and not thick
    # Where lines and specks cover most of a crop, nothing can be said of the rest.
    if not (round_ones and few) or around.mean() < 0.5 or len(calm) < LOWEST_CELL:
        return False
    paper = calm[around]
    return quantile(paper, max(99.8, 100 * (1 - PALE_STROKES / paper.size))) < FAINTEST


def _vivid(dark: NDArray[np.float32], noise: float) -> NDArray[np.bool_]:
    """Tell which pixels are ink that only the first channel shows: red."""
    return (dark[:, :, 0] > max(0.15, 5 * noise)) & (dark[:, :, 1] < 0.4 * dark[:, :, 0])


def _figure_pieces(
    pieces: Sequence[Piece], blots: AbstractSet[Piece], least: float
) -> tuple[list[Piece], list[Piece]]:
    """Part pieces into those of figures and specks or strokes of something else.

    No figure is smaller than ``least`` pixels, its strokes excepted, nor made of ``blots``.

    A piece is kept where it is tall beside the tallest, or stands inside or close to the span
    of the tall ones (a minus, a decimal point, the dots of a broken stroke).
    """
    solid = [p for p in pieces if p.area >= 3 and p.size >= least and p not in blots]
    # A long thin stroke is a dash when it stands alone, and a line when there are glyphs.
    glyphs = [piece for piece in solid if not piece.is_stroke] or solid
    if not glyphs:
        return [], list(pieces)
    tallest = max(piece.box.height for piece in glyphs)
    tall = [piece for piece in pieces if not piece.is_stroke and piece.box.height >= 0.45 * tallest]
    if glyphs is solid:
        tall = [max(solid, key=lambda piece: piece.size)]
    kept = list(tall)
    rest = [
        piece
        for piece in pieces
        if piece not in kept
        and not (piece.is_stroke and piece.box.width > 1.3 * tallest)
        and piece.size >= 0.07 * tallest
    ]
    grown = True
    while grown:
        span = hull(piece.box for piece in kept)
        reach = 0.6 * tallest
        near = Box(span.left - reach, span.top - 1, span.right + reach, span.bottom + 0.3 * tallest)
        close = [piece for piece in rest if _touches(near, piece.box)]
        rest = [piece for piece in rest if piece not in close]
        kept += close
        # Dots alone do not lead on to further dots: noise would be followed to the rim.
        grown = any(piece.box.height >= 0.3 * tallest for piece in close)
    return kept, [piece for piece in pieces if piece not in kept]


def _touches(near: Box, box: Box) -> bool:
    """Tell whether ``box`` reaches into ``near`` sideways and is centred in its height."""
    return (
        box.right > near.left and box.left < near.right and near.top <= box.center[1] < near.bottom
    )


def _grown(line: Box, pieces: Sequence[Piece], height: float) -> Box:
    """Widen a line's box by pieces of its height that follow on one another beside it."""
    waiting = [
        piece.box
        for piece in pieces
        if 0.4 * height <= piece.box.height <= 1.6 * height and piece.box.width <= 3 * height
    ]
    grown = True
    while grown:
        grown = False
        for box in list(waiting):
            shared = min(line.bottom, box.bottom) - max(line.top, box.top)
            gap = max(box.left - line.right, line.left - box.right)
            if shared >= 0.6 * box.height and gap <= 0.8 * height:
                line = hull([line, box])
                waiting.remove(box)
                grown = True
    return line


def _lines(pieces: Sequence[Piece]) -> tuple[Box, ...]:
    """Gather pieces into lines: those whose heights overlap stand on one."""
    lines: list[Box] = []
    for box in sorted((piece.box for piece in pieces), key=lambda b: -b.height):
        for place, line in enumerate(lines):
            shared = min(line.bottom, box.bottom) - max(line.top, box.top)
            if shared >= 0.4 * min(box.height, line.height):
                lines[place] = hull([line, box])
                break
        else:
            lines.append(box)
    return _settled(lines)


def _settled(lines: list[Box]) -> tuple[Box, ...]:
    """Join what is no line by itself (a dot, a comma, a minus) to the line nearest to it."""
    tallest = max(line.height for line in lines)
    full = [line for line in lines if line.height >= 0.5 * tallest]
    for line in lines:
        if line.height >= 0.5 * tallest:
            continue
        nearest = min(range(len(full)), key=lambda i: abs(full[i].center[1] - line.center[1]))
        gap = max(full[nearest].top - line.bottom, line.top - full[nearest].bottom)
        if gap < 0.35 * tallest:
            full[nearest] = hull([full[nearest], line])
    whole: list[Box] = []
    for line in sorted(full, key=lambda line: line.top):
        # Halves of a figure whose thin strokes broke touch; lines of text never do.
        if whole and line.top - whole[-1].bottom <= TOUCHING * tallest:
            whole[-1] = hull([whole[-1], line])
        else:
            whole.append(line)
    return tuple(whole)
