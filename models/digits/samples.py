"""Training samples: drawn cells, degraded, framed as the reader would frame them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from models.digits.alphabet import OTHER, encode
from models.digits.cells import draw_cell
from models.digits.degrade import KINDS, degrade
from models.digits.inputs import darkness, framed
from models.digits.texts import figure_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.digits.cells import Cell
    from models.digits.typeset import Face

KIND_SHARES = (0.14, 0.28, 0.25, 0.15, 0.18)
"""How often each of degrade.KINDS is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One input of the network, as bytes (2, 32, W), with its class numbers."""

    image: NDArray[np.uint8]
    classes: tuple[int, ...]


def draw_samples(
    rng: np.random.Generator, faces: Sequence[Face], kinds: Sequence[str] = KINDS
) -> list[Sample]:
    """Draw one cell and return it degraded in two ways, framed differently each time.

    A way that leaves no trace of the text teaches nothing, and is left out.
    """
    cell = draw_cell(rng, figure_text(rng), faces)
    shares = KIND_SHARES if tuple(kinds) == KINDS else None
    samples = []
    for kind in rng.choice(list(kinds), 2, replace=False, p=shares):
        image = degrade(rng, cell.image, str(kind))
        if not is_there(cell, image):
            continue
        inputs = framed(darkness(image), _frame(rng, cell))
        stored = np.round(inputs * 255).astype(np.uint8)
        samples.append(Sample(stored, tuple(encode(cell.text))))
    return samples


def _frame(rng: np.random.Generator, cell: Cell) -> Box:
    """Frame a cell's ink the way an ink finder might: tight, loose, or with rubbish beside it."""
    rows, columns = cell.image.shape[:2]
    if cell.ink is None:
        left, right = np.sort(rng.uniform(0, columns, 2))
        top, bottom = np.sort(rng.uniform(0, rows, 2))
        ink = Box(left, top, max(right, left + 2), max(bottom, top + 2))
        if rng.random() < 0.3:
            ink = Box(0, 0, columns, rows)
        if cell.dirt is not None and rng.random() < 0.6:
            ink = cell.dirt
    else:
        ink = cell.ink
        if rng.random() < 0.2:  # a speck or a remnant was taken for ink
            side = rng.integers(4)
            reach = rng.beta(1, 2)
            ink = Box(
                ink.left - (reach * ink.left if side == 0 else 0),
                ink.top - (reach * ink.top if side == 1 else 0),
                ink.right + (reach * (columns - ink.right) if side == 2 else 0),
                ink.bottom + (reach * (rows - ink.bottom) if side == 3 else 0),
            )
    least = cell.digit_height * rng.uniform(0.4, 1.8)
    spare = max(0.0, least - ink.height) / 2
    margin = max(ink.height, least) * rng.uniform(0.02, 0.5)
    jitter = margin * rng.uniform(-0.4, 0.4, 4)
    return Box(
        ink.left - margin + jitter[0],
        ink.top - spare - margin + jitter[1],
        ink.right + margin + jitter[2],
        ink.bottom + spare + margin + jitter[3],
    )


LEAST_CORRELATION = 0.45


def is_there(cell: Cell, image: NDArray[np.uint8]) -> bool:
    """Tell whether anything is left of the cell's text after the damage.

    Text that left no trace is no text any more, and nobody could read it: the picture must
    still correlate with the text that was drawn.
    """
    if cell.ink is None or cell.text == OTHER:  # blank, or struck out on purpose
        return True
    left, top = round(cell.ink.left), round(cell.ink.top)
    template = cell.coverage[top : round(cell.ink.bottom), left : round(cell.ink.right)]
    dark = darkness(image)[:, :, 1]
    slack = 4  # photographs shift the text a little
    window = dark[max(0, top - slack) : round(cell.ink.bottom) + slack]
    window = window[:, max(0, left - slack) : round(cell.ink.right) + slack]
    if template.std() < 1e-3 or window.max() < 0.3:
        return False
    found = cv2.matchTemplate(window, np.ascontiguousarray(template), cv2.TM_CCOEFF_NORMED)
    return float(found.max()) >= LEAST_CORRELATION
