"""Sees a page at the size of its tables' characters, where its prose is larger than these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layout.characters import em_of
from layout.sheet import survey
from layout.tone import tone_at

if TYPE_CHECKING:
    from document.lattice import Lattice
    from document.page import View
    from layout.sheet import Sheet
    from layout.tone import Tone

LARGER, MOST = 1.25, 2.5
"""How much larger prose must be for the page to be seen again, and is at most: what seems smaller
yet in a table is grain. On most drawn reports both are of one size, or prose is 1.2 to 1.65 times
as large."""


def survey_tables(view: View, page: int, made: Tone | None = None) -> Sheet:
    """Do what ``survey`` does at the size that characters have in the largest table found.

    At the size of larger prose the two lines of a narrow header are one, and cannot be read. A
    page whose tables have fewer rows at their own size is left as it was seen first: columns may
    have been seen where characters ran together.
    """
    sheet = survey(view, page, made)
    largest = max(sheet.lattices, key=_bands, default=None)
    em = None if largest is None else _em_in(sheet, largest)
    if em is None or not LARGER <= sheet.em / em <= MOST:
        return sheet
    again = survey(sheet.view, page, tone_at(sheet.view.image, em, sheet.made))
    return again if _rows(again) >= _rows(sheet) else sheet


def _em_in(sheet: Sheet, lattice: Lattice) -> float | None:
    """Return how large the characters of a table are, in pixels of the view."""
    box, scale, ink = lattice.box, sheet.made.scale, sheet.made.ink
    top, left = (max(0, int(side * scale)) for side in (box.top, box.left))
    inside = ink[top : int(box.bottom * scale), left : int(box.right * scale)]
    em = em_of(np.ascontiguousarray(inside)) if inside.size else None
    return None if em is None else em / scale


def _rows(sheet: Sheet) -> int:
    return sum(lattice.rows for lattice in sheet.lattices)


def _bands(lattice: Lattice) -> int:
    return lattice.rows * lattice.columns
