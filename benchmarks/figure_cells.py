"""Drawn cells to measure the readers of figures on: fonts and damage that were held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.alphabet import OTHER, SYMBOLS, canonical, encode
from models.digits.cells import draw_cell
from models.digits.degrade import HELD_OUT_KINDS, KINDS, degrade
from models.digits.inputs import darkness
from models.digits.texts import figure_text
from models.digits.typeset import faces
from ocr.evidence import NO_FIGURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.digits.cells import Cell
    from models.digits.typeset import Split

COMMON = ("clean", "scan", "photo", "scan", "poor")
"""Kinds of damage that come twice, or three times, as often as the others."""

BLANK_SHARE = 0.2
LEAST_CORRELATION = 0.35

BANDS = (7, 10, 14, 20, 42)
"""Heights of a digit, in pixels, that part the tables into columns."""


@dataclass(frozen=True, slots=True, eq=False)
class FigureCell:
    """A degraded cell with its truth; ``height`` is that of a digit in pixels."""

    image: NDArray[np.uint8]
    truth: str
    kind: str
    height: float

    @property
    def band(self) -> str:
        """The range of digit heights it belongs to."""
        low = max(edge for edge in BANDS[:-1] if edge <= self.height + 1e-9)
        return f"{low}-{BANDS[BANDS.index(low) + 1]}"


def figure_cells(seed: int, count: int, split: Split = "held-out") -> list[FigureCell]:
    """Draw ``count`` cells, the kinds of damage in turn."""
    rng = np.random.default_rng(seed)
    fonts = faces(split)
    kinds = (*KINDS, *COMMON, *HELD_OUT_KINDS)
    found: list[FigureCell] = []
    while len(found) < count:
        # Forms leave many cells blank; training draws few, since they teach little.
        text = "" if rng.random() < BLANK_SHARE else figure_text(rng)
        cell = draw_cell(rng, text, fonts)
        kind = kinds[len(found) % len(kinds)]
        image = degrade(rng, cell.image, kind)
        if is_there(cell, image):
            found.append(FigureCell(image, canonical(cell.text), kind, cell.digit_height))
    return found


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


def is_right(read: str, truth: str) -> bool:
    """Tell whether an outcome is right: the text itself, or "no figure" where there is none."""
    if read == NO_FIGURE:
        return OTHER in "".join(SYMBOLS[number - 1] for number in encode(truth))
    # Which dash stands alone in a cell changes nothing; both are called right.
    return read == truth or {read, truth} <= {"-", "—"}
