"""Drawn cells to measure the readers of figures on: fonts and damage that were held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.digits.alphabet import OTHER, SYMBOLS, canonical, encode
from models.digits.cells import draw_cell
from models.digits.degrade import HELD_OUT_KINDS, KINDS, degrade
from models.digits.texts import figure_text
from models.digits.typeset import faces
from ocr.evidence import NO_FIGURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.digits.typeset import Split

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
    kinds = KINDS + HELD_OUT_KINDS
    found = []
    for number in range(count):
        cell = draw_cell(rng, figure_text(rng), fonts)
        kind = kinds[number % len(kinds)]
        image = degrade(rng, cell.image, kind)
        found.append(FigureCell(image, canonical(cell.text), kind, cell.digit_height))
    return found


def is_right(read: str, truth: str) -> bool:
    """Tell whether an outcome is right: the text itself, or "no figure" where there is none."""
    if read == NO_FIGURE:
        return OTHER in "".join(SYMBOLS[number - 1] for number in encode(truth))
    return read == truth
