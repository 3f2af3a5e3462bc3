"""Ruling lines: thin, straight, longer than any stroke of a character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from layout.tone import Tone

FILLED = 0.9
"""Share of a run that must be dark for it to be a line: text stays below, broken lines above."""

TORN = 0.55
"""The same, where lines are known to be torn and something else tells them from text."""

ALONE = 0.3
"""Share of a line's length that must have clear paper on both sides."""

EVEN = 0.35
"""How dark a pixel must be, beside its run's mean, to count as part of a line.

A line is as dark at one place as at the next. Strokes with mere dirt between them are not."""

HOLLOW = 20
"""Characters between the lines of a frame in which there is nothing else of a table."""

LONELY = 0.6
"""How much paler the runs a quarter and half a character to either side of a line must be.

A stroke that runs through a row of characters has their other strokes beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Rulings:
    """Masks of what is drawn along x (``level``) and along y (``plumb``), each (height, width).

    bool arrays in pixels of the tone they were found on; ``em`` is that tone's character height.
    """

    level: NDArray[np.bool_]
    plumb: NDArray[np.bool_]
    em: float


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
    level = _runs(made.ink, made.em, 3.0, 0.28, TORN) & free
    turned = np.ascontiguousarray(made.ink.T)
    plumb = _runs(turned, made.em, 3.0, 0.28, TORN).T
    plumb = (plumb | _rungs(_runs(turned, made.em, 1.1, 0.28, TORN).T, level, made.em)) & free
    return Rulings(level, np.ascontiguousarray(plumb), made.em)


def rulings(made: Tone, *, dashed: bool = False) -> Rulings:
    """Find the ruling lines of a straightened page.

    Upright lines as short as a single row count where they reach from one level line to the
    next, which no stroke of a character does. With ``dashed``, gaps of up to a quarter em do
    not interrupt a line: for dotted lines, and for copies that broke every line.
    """
    bridge = 0.28 if dashed else 0.0
    level = _runs(made.ink, made.em, 2.2, bridge)
    turned = np.ascontiguousarray(made.ink.T)
    plumb = _runs(turned, made.em, 2.2, bridge).T
    plumb |= _rungs(_runs(turned, made.em, 1.1, bridge).T, level, made.em)
    return Rulings(level, np.ascontiguousarray(plumb), made.em)


def _rungs(short: NDArray[np.bool_], level: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """Keep the upright pieces whose both ends meet a level line, but for an eighth of an em."""
    near = max(2, round(0.12 * em))
    reached = cv2.dilate(level.astype(np.uint8), np.ones((2 * near + 1, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(short.astype(np.uint8))
    keep = np.zeros(count, dtype=bool)
    for label in range(1, count):
        x, y, w, h, _ = stats[label]
        columns = slice(x, x + w)
        keep[label] = bool(reached[y, columns].any() and reached[y + h - 1, columns].any())
    return np.asarray(keep[labels])


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


def _runs(
    ink: NDArray[np.uint8], em: float, length: float, bridge: float, filled: float = FILLED
) -> NDArray[np.bool_]:
    """Find runs along x that are dark for ``length`` em, and thin across.

    What is thicker than half a character across (fills, blots, scanner edges) is removed first
    by a top-hat; what is left must be ``filled`` over the whole run. The mask holds
    the ink of such runs, so that it reaches to the line's ends but not beyond.
    """
    thick = max(3, int(em * 0.45)) | 1
    thin = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)))
    thin = cv2.dilate(thin, np.ones((2, 1), np.uint8))
    dark = (thin > _level(thin)).astype(np.float32)
    if bridge:
        thin = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, int(em * bridge) | 1), np.uint8))
        dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, int(em * bridge) | 1), np.uint8))
    run = max(9, int(em * length)) | 1
    mean = cv2.boxFilter(thin, cv2.CV_32F, (run, 1), borderType=cv2.BORDER_CONSTANT)
    even = np.where(thin > EVEN * mean, dark, np.float32(0))
    share = cv2.boxFilter(even, -1, (run, 1), borderType=cv2.BORDER_CONSTANT)
    beside = np.maximum(_nearby(mean, em, -1), _nearby(mean, em, 1))
    cores = ((share >= filled) & (beside <= (1 - LONELY) * mean)).astype(np.uint8)
    grown = cv2.dilate(cores, np.ones((1, run), np.uint8))
    bridged = cv2.morphologyEx(
        dark.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, max(3, int(em * 0.25)) | 1), np.uint8)
    )
    return _alone((grown & bridged).astype(np.uint8), ink, em)


def _alone(mask: NDArray[np.uint8], ink: NDArray[np.uint8], em: float) -> NDArray[np.bool_]:
    """Keep the runs that have clear paper on both sides over a good part of their length.

    Even where a line passes close to a label, it goes on between figures or over empty cells;
    a row of strokes that happen to meet has the rest of its characters beside it throughout.
    Other lines beside it (double rules) do not count.
    """
    fill = max(3, int(em * 0.6)) | 1
    strokes = cv2.subtract(
        ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((fill, fill), np.uint8))
    )
    level, _ = cv2.threshold(strokes, 0, 255, cv2.THRESH_OTSU)
    text = (strokes > max(40.0, 0.6 * level)) & (cv2.dilate(mask, np.ones((3, 1))) == 0)
    text = text.astype(np.uint8)
    near, far = max(2, round(em * 0.18)), max(4, round(em * 0.42))
    reach = far - near + 1
    beside = np.zeros_like(text)
    for shift in (near, -far):
        band = cv2.dilate(text, np.ones((reach, 1), np.uint8), anchor=(0, 0))
        beside |= cv2.warpAffine(
            band,
            np.array([[1, 0, 0], [0, 1, -shift]], np.float32),
            (text.shape[1], text.shape[0]),
            flags=cv2.INTER_NEAREST,
        )
    count, labels = cv2.connectedComponents(mask)
    total = np.bincount(labels.ravel(), minlength=count)
    busy = np.bincount(labels.ravel(), weights=beside.ravel(), minlength=count)
    keep = busy <= (1 - ALONE) * total
    keep[0] = False
    return np.asarray(keep[labels])


def _nearby(share: NDArray[np.float32], em: float, side: int) -> NDArray[np.float32]:
    """Return how dark the runs beside each run are, on one side (``side`` ±1).

    The second of double lines, which lies at one of the two distances, does not count.
    """
    shifted = [
        cv2.warpAffine(
            share,
            np.array([[1, 0, 0], [0, 1, side * round(em * d)]], np.float32),
            (share.shape[1], share.shape[0]),
        )
        for d in (0.27, 0.48)
    ]
    return np.asarray(np.minimum(*shifted), dtype=np.float32)


def _level(thin: NDArray[np.uint8]) -> float:
    """Return the darkness above which a pixel is drawn rather than noise, in gray levels."""
    sample = thin[:: max(1, thin.shape[0] // 600), :: max(1, thin.shape[1] // 600)]
    noise = float(np.median(sample)) + 4.0 * float(np.median(np.abs(sample - np.median(sample))))
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
