"""The second reader of figures: our own small network, which errs differently from the first.

It sees another picture than the first reader: darkness against the paper, with and without red
light, in frames of its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from document.geometry import Box
from models.digits.alphabet import SYMBOLS
from models.digits.inputs import by_width, darkness, framed
from models.sessions import DEFAULT_THREADS, infer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WEIGHTS = "gouji-digits"
BATCH = 64

MARGINS = (0.12, 0.35)
"""Each line is read in two frames: margins in heights of the frame."""

LEAST_SHARE = 0.2
"""A frame is at least so high, relative to the crop: a dash must not fill it like a digit."""


def framed_lines(
    darks: Sequence[NDArray[np.float32]], lines: Sequence[Box]
) -> list[tuple[NDArray[np.float32], ...]]:
    """Return for every line its pictures (2, 32, width), one for each frame of MARGINS.

    ``darks`` are crops as ``models.digits.inputs.darkness`` returns them, ``lines`` the box of
    one line in each, in pixels.
    """
    return [
        tuple(framed(dark, frame(line, dark.shape[0], margin)) for margin in MARGINS)
        for dark, line in zip(darks, lines, strict=True)
    ]


def read_figures_closely(
    lines: Sequence[Sequence[NDArray[np.float32]]], threads: int = DEFAULT_THREADS
) -> list[tuple[NDArray[np.float64], ...]]:
    """Return for every line its lattices (T, classes), one for each of its pictures."""
    each = iter(_lattices([view for pictures in lines for view in pictures], threads))
    return [tuple(next(each) for _ in pictures) for pictures in lines]


def glimpse(
    crops: Sequence[NDArray[np.uint8]], lines: Sequence[Box], threads: int = DEFAULT_THREADS
) -> tuple[str, ...]:
    """Return what each crop (H, W, 3) seems to say where its line's ink is known to stand.

    One frame, and the likeliest symbol of every step: a tenth of the cost of a reading, for
    those who only want a text borne out that they know already.
    """
    views = [
        framed(darkness(crop), frame(line, 0, MARGINS[0]))
        for crop, line in zip(crops, lines, strict=True)
    ]
    return tuple(_at_once(lattice) for lattice in _lattices(views, threads))


def _at_once(lattice: NDArray[np.float64]) -> str:
    """Read the likeliest class of every step, repetitions as one, blanks left out."""
    steps = lattice.argmax(axis=1).tolist()
    return "".join(
        SYMBOLS[now - 1] for before, now in pairwise([0, *steps]) if now and now != before
    )


def _lattices(views: Sequence[NDArray[np.float32]], threads: int) -> list[NDArray[np.float64]]:
    lattices: list[NDArray[np.float64]] = [np.zeros((0, 0))] * len(views)
    for _, indices in sorted(by_width(views).items()):
        for start in range(0, len(indices), BATCH):
            part = indices[start : start + BATCH]
            found = infer(WEIGHTS, np.stack([views[index] for index in part]), threads)
            for index, lattice in zip(part, found, strict=True):
                lattices[index] = lattice.astype(np.float64)
    return lattices


def frame(line: Box, rows: int, margin: float) -> Box:
    """Return the frame around a line of ink, with ``margin`` relative to its height."""
    height = max(line.height, LEAST_SHARE * rows)
    spare = (height - line.height) / 2
    around = margin * height
    return Box(
        line.left - around, line.top - spare - around, line.right + around,
        line.bottom + spare + around,
    )  # fmt: skip
