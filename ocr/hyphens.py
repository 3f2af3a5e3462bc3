"""A table that has hyphens for its blanks, blurred or under grain: all are the same little blot.

A hyphen of five pixels under grain is a blot, of which readers make any digit, each cell another.
But a table sets all of them alike: one size, at one place of their cells, at half the height of
its digits, and nothing else in the cell. Dirt and grain stand anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from ocr.adapt import CERTAIN, CLEAR
from ocr.dashes import Digits, digits_of, told
from ocr.evidence import LONE_DASHES
from ocr.ink import LOWEST_CELL, SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.reading import Reading

    Image: TypeAlias = NDArray[np.uint8]
    Plane: TypeAlias = NDArray[np.float32]

MANY, MOST = 12, 0.5
"""Blots of one size and place that a table must have, and their share among all its blots.

Had all 14,487 cells of 100 drawn documents (L1 to L3) been in doubt, 374 in four tables would have
been told for hyphens, and are.
"""

FEW = 3
"""Blots of a column from which they have a place of their own."""

CALM = 0.06
"""Heights of a digit by which a cell is blurred to tell blots from grain."""

RIM = 0.12
"""Part of a cell's height at its rims in which lines of the table, and their remains, stand."""

ROOM = 1.1
"""Height of a cell that has room for a digit, in heights of one: where lines are supposed, a row
may come out hardly higher (1.17 in a drawn table, whose hyphens there were the only ones unread).
"""

DARK, GRAIN = 0.35, 4.0
"""Darkness of a blot beside that of digits, at least, and beside the spread of its paper."""

LOW, WIDE = 0.4, 0.8
"""Height and width of a blot beside the height of digits, at most. A dash lies: it is no less
wide than high."""

REST = 0.6
"""Darkness of anything else in the cell beside the blot's, at most."""

PALE = 0.03
"""Mean darkness, beside that of digits, by which the darkest place for a digit around a blot may
be darker than around the others. A digit of two fifths of the usual darkness comes to more, grain
on drawn terrible pages to half of it at the median."""

AROUND = 1.3
"""Heights of a digit to either side of a blot in which a digit of its figure would stand."""

PLACE, SIZE = (0.2, 0.15), 0.35
"""How far from the others' place a blot may stand, across and down, in heights of a digit, and how
much its size may differ, as a share; or two pixels."""

MIDDLE = 0.25
"""How far from the middle of the digits blots stand, in heights of a digit, at most: points and
commas stand lower."""

READ = 0.9
"""Probability from which another reading is left alone."""


@dataclass(frozen=True, slots=True)
class Blot:
    """A blot that is alone in its cell: where it stands, and how large it is, in pixels.

    ``across`` is how far its middle is from the left, the middle and the right of the cell,
    ``down`` how far below its middle, or below that of its row's figures. ``pale`` is the mean
    darkness (0…1) of the darkest place for a digit around it.
    """

    across: tuple[float, float, float]
    down: float
    width: float
    height: float
    pale: float


def with_hyphens(
    crops: Sequence[Image],
    readings: Sequence[Reading],
    columns: Sequence[int],
    rows: Sequence[int],
) -> tuple[Reading, ...]:
    """Make the doubtful readings of a table sure that are just another of its hyphens.

    ``crops`` (H, W, 3) are those of its cells that were read, ``columns`` and ``rows`` tell which
    of them stand below and beside one another. Needs six certain figures that tell how high and
    dark its digits are. Readings that are sure stay as they are.
    """
    doubtful = [n for n, one in enumerate(readings) if _may_be_a_dash(one)]
    digits = digits_of(crops, readings) if len(doubtful) >= MANY else None
    if digits is None:
        return tuple(readings)
    blots = {n: blot for n in doubtful if (blot := blot_in(crops[n], digits)) is not None}
    middles = _middles(crops, readings, rows)
    usual = float(np.median(list(middles.values())))
    blots = {
        n: replace(blot, down=blot.down - middles.get(rows[n], usual)) for n, blot in blots.items()
    }
    same = alike(blots, columns, digits)
    if len(same) < max(MANY, MOST * len(blots)):
        return tuple(readings)
    if abs(float(np.median([blots[n].down for n in same]))) > MIDDLE * digits.height:
        return tuple(readings)
    found = list(readings)
    for number in same:
        found[number] = told(readings[number], "-")
    return tuple(found)


def _may_be_a_dash(reading: Reading) -> bool:
    best = reading.best
    return best.probability < (CLEAR if best.text in LONE_DASHES else READ)


def _middles(
    crops: Sequence[Image], readings: Sequence[Reading], rows: Sequence[int]
) -> dict[int, float]:
    """Return how far below the middle of their cells the certain figures of each row stand."""
    found: dict[int, list[float]] = {}
    for crop, reading, row in zip(crops, readings, rows, strict=True):
        certain = reading.best.probability >= CERTAIN and reading.best.text.isdecimal()
        if certain and min(crop.shape[:2]) >= SMALLEST:
            ink = find_ink(kept_inks(crop))
            if len(ink.lines) == 1:
                found.setdefault(row, []).append(ink.lines[0].center[1] - crop.shape[0] / 2)
    return {row: float(np.median(each)) for row, each in found.items()}


def blot_in(crop: Image, digits: Digits) -> Blot | None:
    """Return the one low blot of a cell (H, W, 3); None where there is none, or anything else."""
    rows, columns = crop.shape[:2]
    high = digits.height
    rim = max(2, round(RIM * rows))
    if min(rows, columns) < LOWEST_CELL or rows < ROOM * high or rows <= 2 * rim:
        return None
    calm = cv2.GaussianBlur(kept_inks(crop)[:, :, 1], (0, 0), max(0.6, CALM * high))
    inner = np.zeros_like(calm)
    inner[rim : rows - rim, 2 : columns - 2] = calm[rim : rows - rim, 2 : columns - 2]
    y, x = np.unravel_index(int(inner.argmax()), inner.shape)
    peak = float(calm[y, x])
    paper = float(np.median(calm))
    spread = float(np.median(np.abs(calm - paper))) / 0.67
    if peak < max(DARK * digits.dark, paper + GRAIN * spread):
        return None
    _, marks, stats, _ = cv2.connectedComponentsWithStats(
        (calm > peak / 2).astype(np.uint8), connectivity=8
    )
    left, top, width, height, _ = stats[marks[y, x]].tolist()
    if not (height <= LOW * high and height <= width <= WIDE * high):
        return None
    own = np.s_[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2]
    inner[own] = 0
    if inner.max() > REST * peak:
        return None
    middle = (left + width / 2, top + height / 2)
    across = (middle[0], middle[0] - columns / 2, middle[0] - columns)
    calm[own] = paper
    pale = _darkest(calm - paper, middle, high)
    return Blot(across, middle[1] - rows / 2, width, height, pale)


def _darkest(dark: Plane, middle: tuple[float, float], high: float) -> float:
    """Return the mean darkness of the darkest place as large as a digit around a blot."""
    size = (max(1, round(0.6 * high)), max(1, round(high)))
    places = cv2.blur(dark, size, borderType=cv2.BORDER_REFLECT)
    row, reach = round(middle[1]), round(AROUND * high)
    rows = slice(max(0, row - 1), row + 2)
    return float(places[rows, max(0, round(middle[0]) - reach) : round(middle[0]) + reach].max())


def alike(blots: dict[int, Blot], columns: Sequence[int], digits: Digits) -> list[int]:
    """Return the numbers of the blots that stand where most do, are as large, and as much alone.

    Where lines are found some pixels off, those of one column stand at a place of their own.
    """
    if not blots:
        return []
    numbers, high = list(blots), digits.height
    across = np.array([blots[n].across for n in numbers])
    off = np.abs(across - np.median(across, axis=0))
    off = off[:, int(np.median(off, axis=0).argmin())]
    owners = np.array([columns[n] for n in numbers])
    for column in np.unique(owners):
        own = owners == column
        if own.sum() >= FEW:
            aside = np.abs(across[own, 1] - np.median(across[own, 1]))
            off[own] = np.minimum(off[own], aside)
    down = np.array([blots[n].down for n in numbers])
    pale = np.array([blots[n].pale for n in numbers])
    near = off <= max(2.0, PLACE[0] * high)
    near &= np.abs(down - np.median(down)) <= max(2.0, PLACE[1] * high)
    near &= pale <= np.median(pale) + PALE * digits.dark
    for sizes in ([blots[n].width for n in numbers], [blots[n].height for n in numbers]):
        usual = float(np.median(sizes))
        near &= np.abs(np.array(sizes) - usual) <= max(2.0, SIZE * usual)
    return [n for n, one in zip(numbers, near.tolist(), strict=True) if one]
