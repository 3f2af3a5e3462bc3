"""How a document prints its digits: their pictures, the tone of their ink, how far apart they are.

Learnt from figures that are read for certain; a digit that none of them shows is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocr.glyphs import SCALED, SLACK, cut_evenly
from ocr.ink import SMALLEST, find_ink
from ocr.kept import kept_inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Box
    from document.reading import Reading

CERTAIN = 0.97
"""Probability from which a reading teaches."""

LONGEST = 6
"""Digits of the longest figure that teaches."""

FEWEST, MOST = 8, 24
"""Certain figures that are needed, and pictures of one digit that are looked at."""

PER_COLUMN = 12
"""Certain figures of a column that are looked at, whatever their digits."""

TALL = (0.78, 1.28)
"""Heights of a figure's ink, relative to the document's usual one."""

MANY = 4
"""Pictures of a digit from which their median is taken instead of their mean."""

LENGTHS = 3
"""Figures of several digits that tell how far apart digits stand."""

ADVANCE, WIDTH = 0.75, 0.55
"""How far apart, and how wide, digits are where none tell; relative to their height."""

CLOSE, WIDE = 0.45, 1.1
"""No font sets its digits closer than the first, or wider than the second."""

DARKEST = 1.3
"""Ink darker than so many times the usual is no darker."""

SEEN = 90
"""Percentile of the darkness in a figure's box that is the tone of its ink."""

LEVELS = np.linspace(0.0, 1.1, 9)
"""The shades of a picture that are told apart."""

SPREAD = 0.22
"""Standard deviation of ink's darkness about the picture's, relative to the tone of print."""

ADDED, MISSING = 0.15, 0.03
"""Share of the pixels in which something lies over the paper or the print, and of those in which
print is gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """A picture ready to be laid over others.

    ``picture`` is its darkness (h, w), ``layers`` are its shades from the second on, each as a
    mask (h, w) of 0 and 1; ``whole`` is how much likelier the picture is than bare paper, in
    nats by pixel, where it stands alone.
    """

    picture: NDArray[np.float32]
    layers: tuple[tuple[int, NDArray[np.float32]], ...]
    whole: float

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the picture."""
        rows, columns = self.picture.shape
        return rows, columns


@dataclass(frozen=True, slots=True, eq=False)
class Imprint:
    """A document's digits; lengths in pixels of its pages.

    ``height`` is how tall they are, ``width`` how wide the ink of one is, ``advance`` how far
    apart two stand; ``tone`` is how dark they are (0…1).
    """

    height: float
    width: float
    advance: float
    tone: float
    digits: dict[str, Kernel]

    @property
    def scale(self) -> float:
        """What a pixel of the page is in a picture."""
        return SCALED / self.height


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A certain figure: its text, the darkness (H, W) of its crop, and the box of its ink there."""

    number: int
    text: str
    dark: NDArray[np.float32]
    box: Box


def lesson(
    crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading], columns: Sequence[int]
) -> list[Taught]:
    """Return certain figures: enough of every digit, and of each of the cells' ``columns``."""
    found = []
    digits: dict[str, int] = {}
    standing: dict[int, int] = {}
    for number, (crop, reading) in enumerate(zip(crops, readings, strict=True)):
        text = reading.best.text
        if not reading.legible or reading.best.probability < CERTAIN or not is_figure(text):
            continue
        column = columns[number]
        enough = standing.get(column, 0) >= PER_COLUMN
        if enough and all(digits.get(digit, 0) >= MOST for digit in text):
            continue
        line = line_of(crop)
        if line is not None:
            found.append(Taught(number, text, *line))
            standing[column] = standing.get(column, 0) + 1
            for digit in text:
                digits[digit] = digits.get(digit, 0) + 1
    return found


def learn(lines: Sequence[Taught]) -> Imprint | None:
    """Learn what a document's digits look like; None if too few are certain."""
    if len(lines) < FEWEST:
        return None
    height = float(np.median([one.box.height for one in lines]))
    lines = [one for one in lines if TALL[0] * height < one.box.height < TALL[1] * height]
    if len(lines) < FEWEST:
        return None
    tone = float(np.median([_tone(one.dark, one.box) for one in lines]))
    pictures: dict[str, list[NDArray[np.float32]]] = {}
    for one in lines:
        shade = np.minimum(one.dark / tone, DARKEST).astype(np.float32)
        cuts = cut_evenly(shade, one.box, len(one.text), height)
        for digit, picture in zip(one.text, cuts, strict=True):
            pictures.setdefault(digit, []).append(picture)
    digits = {digit: kernel_of(_mean(group[:MOST])) for digit, group in pictures.items()}
    known = {digit: kernel for digit, kernel in digits.items() if kernel is not None}
    width, advance = _measures([(one.box, len(one.text)) for one in lines], height)
    return Imprint(height, width, advance, tone, known) if known else None


def is_figure(text: str) -> bool:
    """Tell whether a text is nothing but a few digits."""
    return 0 < len(text) <= LONGEST and text.isascii() and text.isdigit()


def line_of(crop: NDArray[np.uint8]) -> tuple[NDArray[np.float32], Box] | None:
    """Return the share of light (H, W) that black ink takes, and the box of its one line."""
    if min(crop.shape[:2]) < SMALLEST:
        return None
    share = kept_inks(crop)
    ink = find_ink(share)
    return (share[:, :, 1], ink.lines[0]) if len(ink.lines) == 1 else None


def kernel_of(picture: NDArray[np.float32]) -> Kernel | None:
    """Take a picture (h, w) of darkness apart into its shades; None if it is bare."""
    shade = np.abs(picture[None] - LEVELS[:, None, None]).argmin(axis=0)
    layers = tuple(
        (level, (shade == level).astype(np.float32))
        for level in range(1, len(LEVELS))
        if (shade == level).any()
    )
    whole = sum(
        float(mask.sum() * GAIN[level, round(100 * LEVELS[level])]) for level, mask in layers
    )
    return Kernel(picture, layers, whole) if whole > 0 else None


def gains(canvas: NDArray[np.float32], kernels: Sequence[Kernel]) -> NDArray[np.float32]:
    """Return how much likelier pictures are than bare paper, at every place of a canvas (H, W).

    1 is as much as where one stands alone; what else lies there takes little away, print that
    is missing takes much. The pictures must be of one size (h, w); (n, H - h + 1, W - w + 1).
    """
    shade = np.rint(100 * np.clip(canvas, 0.0, DARKEST)).astype(np.intp)
    maps = {level: GAIN[level][shade] for kernel in kernels for level, _ in kernel.layers}
    return np.stack(
        [
            sum(cv2.matchTemplate(maps[level], mask, cv2.TM_CCORR) for level, mask in one.layers)
            / one.whole
            for one in kernels
        ]
    ).astype(np.float32)


def _chances() -> NDArray[np.float32]:
    """Return ln of the chance of each darkness, by hundredths, for each shade of a picture."""
    dark = np.linspace(0.0, DARKEST, round(100 * DARKEST) + 1)[None]
    shade = LEVELS[:, None]
    shown = np.exp(-0.5 * ((dark - shade) / SPREAD) ** 2) / (SPREAD * np.sqrt(2 * np.pi))
    over = np.where(dark >= shade - 0.1, 1 / (DARKEST + 0.1 - shade), 0.0)
    total = (1 - ADDED - MISSING) * shown + ADDED * over + MISSING / DARKEST
    return np.asarray(np.log(total), np.float32)


GAIN = _chances() - _chances()[:1]
"""How much likelier each shade of a picture is than bare paper, in nats, by hundredths of
darkness: (9, 131)."""


def _tone(dark: NDArray[np.float32], box: Box) -> float:
    inner = dark[int(box.top) : int(np.ceil(box.bottom)), int(box.left) : int(np.ceil(box.right))]
    return float(np.percentile(inner, SEEN))


def _mean(group: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Shift pictures of one digit so that each is most like their mean, and take their middle."""
    mean = np.mean([one[SLACK:-SLACK, SLACK:-SLACK] for one in group], axis=0).astype(np.float32)
    aligned = []
    for one in group:
        found = cv2.matchTemplate(one, mean, cv2.TM_CCOEFF_NORMED)
        y, x = np.unravel_index(int(found.argmax()), found.shape)
        aligned.append(one[y : y + mean.shape[0], x : x + mean.shape[1]])
    middle = np.median if len(group) > MANY else np.mean
    return np.asarray(middle(aligned, axis=0), np.float32)


def _measures(boxes: Sequence[tuple[Box, int]], height: float) -> tuple[float, float]:
    """Return how wide a digit's ink is, and how far apart digits stand."""
    single = [box.width for box, count in boxes if count == 1]
    width = float(np.median(single)) if single else WIDTH * height
    apart = [(box.width - width) / (count - 1) for box, count in boxes if count > 1]
    advance = float(np.median(apart)) if len(apart) >= LENGTHS else ADVANCE * height
    return width, min(max(advance, CLOSE * height), WIDE * height)
