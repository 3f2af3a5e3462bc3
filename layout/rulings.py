"""Ruling lines: thin, straight, longer than any stroke of a character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from layout.counted import middle_of
from layout.runs import Strokes, runs, runs_either_way, true

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from layout.tone import Tone

TORN = 0.55
"""The same, where lines are known to be torn and something else tells them from text."""

FRAMED, MUCH = 0.25, 10.0
"""Share by which the ink of a page's ruling lines grows at least where its cells have frames of
their own, and squares of a character.

Of 112 pages of strangers that is so on two with double frames around every cell and on one with a
bevelled frame: it grew by 0.34 and more, and by 17 squares. Where text, folds and rims of stamps
would have changed a table's lines it grew by 0.03 at most, or 0.22 with gaps bridged."""

HOLLOW = 20
"""Characters between the lines of a frame in which there is nothing else of a table."""


@dataclass(frozen=True, slots=True, eq=False)
class Rulings:
    """Masks of what is drawn along x (``level``) and along y (``plumb``), each (height, width).

    bool arrays in pixels of the tone they were found on; ``em`` is that tone's character height.
    """

    level: NDArray[np.bool_]
    plumb: NDArray[np.bool_]
    em: float


def _both_ways(made: Tone, bridge: float) -> tuple[Strokes, Strokes]:
    """Return the strokes of a page and, turned, those of its columns; gaps in characters."""
    fill = max(3, int(made.em * 0.6)) | 1
    strokes = cv2.subtract(
        made.ink, cv2.morphologyEx(made.ink, cv2.MORPH_OPEN, np.ones((fill, fill), np.uint8))
    )
    level, _ = cv2.threshold(strokes, 0, 255, cv2.THRESH_OTSU)
    text = (strokes > max(40.0, 0.6 * level)).astype(np.uint8)
    turned, text_turned = np.ascontiguousarray(made.ink.T), np.ascontiguousarray(text.T)
    return _strokes(made.ink, text, made.em, bridge), _strokes(turned, text_turned, made.em, bridge)


def _strokes(ink: NDArray[np.uint8], text: NDArray[np.uint8], em: float, bridge: float) -> Strokes:
    thick = max(3, int(em * 0.45)) | 1
    thin = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)))
    thin = cv2.dilate(thin, np.ones((2, 1), np.uint8))
    dark = (thin > _level(np.asarray(thin, np.uint8))).astype(np.uint8)
    if bridge:
        closing = np.ones((1, int(em * bridge) | 1), np.uint8)
        thin = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, closing)
        dark = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, closing), np.uint8)
    gap = np.ones((1, max(3, int(em * 0.25)) | 1), np.uint8)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, gap)
    return Strokes(em, np.asarray(thin, np.uint8), dark, np.asarray(joined, np.uint8), text)


def torn_rulings(made: Tone, pieces: Iterable[Box]) -> Rulings:
    """Find what may be left of ruling lines of which up to half is gone.

    Runs need be filled to ``TORN`` only, and single gaps up to a quarter em do not count; what
    lies inside the ``pieces`` of text (boxes in pixels of the tone) is taken for strokes.
    """
    free = np.ones(made.ink.shape, dtype=bool)
    for box in pieces:
        free[
            int(box.top + 0.1 * made.em) : int(box.bottom - 0.1 * made.em) + 1,
            int(box.left) : int(box.right) + 1,
        ] = False
    along, turned = _both_ways(made, 0.28)
    level = runs(along, 3.0, TORN) & free
    plumb = runs(turned, 3.0, TORN)
    plumb |= _rungs(runs(turned, 1.1, TORN), level, made.em)
    return Rulings(level, np.ascontiguousarray(plumb.T) & free, made.em)


def rulings(made: Tone, *, dashed: bool = False) -> Rulings:
    """Find the ruling lines of a straightened page.

    Upright lines as short as a single row count where they reach from one level line to the
    next, which no stroke of a character does. With ``dashed``, gaps of up to a quarter em do
    not interrupt a line: for dotted lines, and for copies that broke every line. Lines beside
    one another hide each other no paper where cells have frames of their own.
    """
    along, turned = _both_ways(made, 0.28 if dashed else 0.0)
    level, plumb = _framed_or_not(
        runs_either_way(along, 2.2), runs_either_way(turned, 2.2), made.em
    )
    plumb |= _rungs(runs(turned, 1.1, framed=True), level, made.em)
    return Rulings(level, np.ascontiguousarray(plumb.T), made.em)


def _framed_or_not(
    level: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    plumb: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    em: float,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Choose between lines found without fellows of their own and with them, both ways alike."""
    grown = any(
        np.count_nonzero(more) > max((1 + FRAMED) * has, has + MUCH * em * em)
        for plain, more in (level, plumb)
        for has in (np.count_nonzero(plain),)
    )
    return (level[1], plumb[1]) if grown else (level[0], plumb[0])


def _rungs(short: NDArray[np.bool_], level: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Keep the upright pieces whose both ends meet a level line, but for a fifth of an em.

    ``short``, and what is returned, are turned: (width, height).
    """
    near = max(2, round(0.2 * em))
    reached = cv2.dilate(level.view(np.uint8), np.ones((2 * near + 1, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(short.view(np.uint8))
    keep = np.zeros(count, dtype=bool)
    # what is its column here is its row on the page
    for label, (y, x, high, wide, _) in enumerate(stats[1:].tolist(), start=1):
        columns = slice(x, x + wide)
        ends = reached[y, columns], reached[y + high - 1, columns]
        keep[label] = bool(ends[0].any() and ends[1].any())
    along, across = true(short)
    kept = np.zeros(short.shape, bool)
    kept[along, across] = keep[labels[along, across]]
    return kept


def regions(found: Rulings) -> tuple[Box, ...]:
    """Return the boxes of connected ruling lines that could frame a table, from the top down.

    Lines nearer than about a character belong together, so that a broken frame stays whole,
    while two tables with a heading between them do not.
    """
    drawn = (found.level | found.plumb).astype(np.uint8)
    reach = max(3, int(found.em * 0.9)) | 1
    near = cv2.dilate(drawn, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near)
    half = reach // 2
    boxes = [
        Box(x + half, y + half, x + w - half, y + h - half)
        for label, (x, y, w, h, _) in enumerate(stats[1:count].tolist(), start=1)
        if not _is_hollow(labels[y : y + h, x : x + w] == label, reach)
    ]
    boxes = _merge([b for b in boxes if b.width > found.em or b.height > found.em])
    large = [b for b in boxes if b.width > 8 * found.em and b.height > 1.4 * found.em]
    return tuple(sorted((b for b in large if _is_grid(found, b)), key=lambda b: b.top))


def _is_hollow(part: NDArray[np.bool_], reach: int) -> bool:
    """Tell whether lines run along the sides of their box only, far apart: no table does.

    These are the edges of a scanner's lid, or a frame drawn around the page. Their box would
    swallow the tables inside.
    """
    height, width = part.shape
    if min(height, width) < HOLLOW * reach:
        return False
    rim = max(2 * reach, round(0.04 * max(height, width)))
    return not part[rim : height - rim, rim : width - rim].any()


def _level(thin: NDArray[np.uint8]) -> float:
    """Return the darkness above which a pixel is drawn rather than noise, in gray levels."""
    sample = thin[:: max(1, thin.shape[0] // 600), :: max(1, thin.shape[1] // 600)]
    middle, away = middle_of(sample)
    noise = middle + 4.0 * away
    return float(np.clip(noise, 14, 70))


def _merge(boxes: list[Box]) -> list[Box]:
    """Join boxes that overlap until none do."""
    todo, done = list(boxes), list[Box]()
    while todo:
        box = todo.pop()
        hit = next((o for o in todo if _overlap(box, o)), None)
        if hit is None:
            done.append(box)
            continue
        todo.remove(hit)
        todo.append(
            Box(
                min(box.left, hit.left),
                min(box.top, hit.top),
                max(box.right, hit.right),
                max(box.bottom, hit.bottom),
            )
        )
    return done


def _overlap(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _is_grid(found: Rulings, box: Box) -> bool:
    """Tell whether lines of both directions run inside the box, as in a table."""
    rows = slice(int(box.top), int(box.bottom) + 1)
    columns = slice(int(box.left), int(box.right) + 1)
    level = found.level[rows, columns].any(axis=0).mean()
    plumb = found.plumb[rows, columns].any(axis=1).mean()
    return bool(level > 0.4 and plumb > 0.4)
