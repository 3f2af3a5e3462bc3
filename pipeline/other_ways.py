"""Holds a page other ways up where the way its lines were read shows no table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.orient import turned_view
from pipeline.sight import sheet_of
from reconstruct.structure import shown_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.page import View
    from layout.sheet import Sheet
    from pipeline.second_look import Looker
    from pipeline.sight import Sight


def other_ways(
    view: View, turns: int, desk: View | None, page: int, looker: Looker
) -> Iterator[tuple[Sheet, int]]:
    """Yield a page turned, and with the desk it seemed to lie on: sheet, clockwise quarter turns.

    First come those whose merged cells are a form's, whatever can be read there: faint letters
    are taken for others on each of their sides.
    """
    ways = [(turned_view(view, step), (turns + step) % 4) for step in (2, 1, 3)]
    if desk is not None:
        ways.append((turned_view(desk, turns), turns))
    later = []
    for other, way in ways:
        sheet = sheet_of(other, page)
        if any(shown_by(lattice, looker.templates) for lattice in sheet.lattices):
            yield sheet, way
        else:
            later.append((sheet, way))
    yield from later


def lines_read(sight: Sight) -> int:
    """Return how many lines of text were read in the cells of a page's tables."""
    return sum(len(cell.lines) for part in sight.parts for cell in part.fragment.spans)
