"""Drawn cells to measure the readers of figures on: fonts and damage that were held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.digits.alphabet import OTHER, SYMBOLS, canonical, encode
from models.digits.cells import draw_cell
from models.digits.degrade import HELD_OUT_KINDS, KINDS, degrade
from models.digits.samples import is_there
from models.digits.texts import figure_text
from models.digits.typeset import faces
from ocr.evidence import NO_FIGURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.digits.typeset import Split

COMMON = ("clean", "scan", "photo", "scan", "clean", "scan", "poor")
"""Kinds of damage that come more than once, as they do among pages."""

BLANK_SHARE = 0.12
REPORT_SHARE = 0.5
"""Share of the cells that hold what reports hold; the others hold what is hard to read."""

LONE = {"0": 0.35, "1": 0.06, "/": 0.05, "-": 0.04, "—": 0.03, "--": 0.02, "无": 0.03}
"""Shares of texts among what reports hold; the rest are numbers of one digit and more."""

LENGTHS = (0.48, 0.29, 0.16, 0.07)
"""Shares of those numbers by their length."""

BANDS = (5, 7, 10, 14, 20, 42)
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
        cell = draw_cell(rng, _text(rng), fonts)
        kind = kinds[len(found) % len(kinds)]
        image = degrade(rng, cell.image, kind)
        if is_there(cell, image):
            found.append(FigureCell(image, canonical(cell.text), kind, cell.digit_height))
    return found


def _text(rng: np.random.Generator) -> str:
    """Draw the text of a cell: forms leave many blank, and most figures of reports are zeros."""
    share = rng.random()
    if share < BLANK_SHARE:
        return ""
    if share > BLANK_SHARE + REPORT_SHARE:
        return figure_text(rng)
    lone = rng.random()
    for text, part in LONE.items():
        lone -= part
        if lone < 0:
            return text
    length = int(rng.choice(len(LENGTHS), p=LENGTHS)) + 1
    return str(rng.integers(10 ** (length - 1), 10**length))


def is_right(read: str, truth: str) -> bool:
    """Tell whether an outcome is right: the text itself, or "no figure" where there is none."""
    if read == NO_FIGURE:
        return OTHER in "".join(SYMBOLS[number - 1] for number in encode(truth))
    # Which dash stands alone in a cell changes nothing; all are called right.
    dashes = bool(read) and bool(truth) and not (read + truth).strip("-—")
    return read == truth or dashes
