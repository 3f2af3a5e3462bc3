"""Where the ink of a cell stands, apart from ruling remnants, specks and the paper's shade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box, hull
from models.quantiles import quantile
from ocr.gathered import grown, lines_of
from ocr.kept import known_mark, mark_of
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


_FOUND: dict[bytes, tuple[Ink, NDArray[np.uint8]]] = {}
"""What was found in crops, and the mask of their black ink, eight pixels in a byte."""


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
        mask, reds, noise, of_black = _masked(dark)
        found = _FOUND[mark] = (_find_ink(mask, reds, noise, of_black), np.packbits(mask))
    return found[0]


def _find_ink(
    mask: NDArray[np.uint8],
    reds: int,
    noise: float,
    of_black: tuple[NDArray[np.float32], float, float],
) -> Ink:
    """Find the ink in what ``_masked`` says of a crop."""
    rows, columns = mask.shape
    calm, level, contrast = of_black
    red = reds / max(1, reds + int(np.count_nonzero(mask)))  # ink that is red, of all ink
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
    lines = tuple(grown(line, faint, height) for line in lines_of(kept))
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
    known = _FOUND.get(known_mark(dark))
    if known is None:
        return _masked(dark)[0]
    rows, columns = dark.shape[:2]
    return np.unpackbits(known[1], count=rows * columns).reshape(rows, columns)


def _masked(
    dark: NDArray[np.float32],
) -> tuple[NDArray[np.uint8], int, float, tuple[NDArray[np.float32], float, float]]:
    """Return the mask of black ink, how many pixels are red ink instead, and the paper's noise.

    With them smoothed darkness, the level, and the contrast.
    """
    first, black = (np.ascontiguousarray(dark[:, :, channel]) for channel in (0, 1))
    noise = paper_spread(black)
    vivid = _vivid(first, black, noise)
    calm, level, contrast = _calmed(black, noise)
    level = max(level, UNDER_RED) if np.count_nonzero(vivid) / vivid.size > 0.005 else level
    mask = calm > level
    reds = int(np.count_nonzero(vivid & ~mask))
    return mask.astype(np.uint8), reds, noise, (calm, level, contrast)


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


def _vivid(
    first: NDArray[np.float32], black: NDArray[np.float32], noise: float
) -> NDArray[np.bool_]:
    """Tell which pixels are ink that only the first channel shows: red."""
    return (first > max(0.15, 5 * noise)) & (black < 0.4 * first)


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
