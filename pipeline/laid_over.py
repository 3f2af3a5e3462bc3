"""The doubtful cells of a document, with the digits that it prints elsewhere laid over them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ocr.imprint import learn, lesson
from ocr.matched import matches
from ocr.overlaid import weighed
from ocr.standing import standings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Polygon
    from document.reading import Reading
    from pipeline.sight import Part

OPEN = 0.97
"""Probability below which the document's own digits are laid over a cell."""

APART = 0.5
"""How far apart, in em, the middles of cells are that stand in different columns or rows."""

CLOUD = 3
"""Doubtful cells beside one another, in rows and in columns, that one thing covers: no pen."""


def laid_over(
    cells: Sequence[tuple[Part, Polygon]],
    crops: Sequence[NDArray[np.uint8]],
    readings: Sequence[Reading],
    cut: AbstractSet[int] = frozenset(),
) -> tuple[Reading, ...]:
    """Lay the document's own digits over its doubtful cells, where their columns' figures stand.

    ``cut`` are the numbers of those whose ink runs on beyond their ``crops``: a seal's, or a wide
    figure's. They teach nothing, and only what covers the cells around, too, may be a seal's.
    """
    doubtful = [n for n, one in enumerate(readings) if one.best.probability < OPEN or n in cut]
    if not doubtful:
        return tuple(readings)
    columns, rows = bands(cells, 0), bands(cells, 1)
    hidden = frozenset(doubtful)
    whole = [n for n in range(len(cells)) if n not in cut]
    lines = [
        replace(one, number=whole[one.number])
        for one in lesson(
            [crops[n] for n in whole], [readings[n] for n in whole], [columns[n] for n in whole]
        )
    ]
    imprint = learn(lines)
    if imprint is None:
        return tuple(readings)
    shapes = [crop.shape[:2] for crop in crops]
    found = list(readings)
    for part in {id(cells[number][0]): cells[number][0] for number in doubtful}.values():
        own = [line for line in lines if cells[line.number][0] is part]
        places = standings(own, shapes, columns)
        for number in doubtful:
            if cells[number][0] is not part or columns[number] not in places:
                continue
            covered = _covered(number, hidden, columns, rows)
            if number in cut and not covered:
                continue
            seen = matches(imprint, places[columns[number]], crops[number])
            if number in cut:
                seen = tuple(replace(one, over=1.0) for one in seen)
            found[number] = weighed(readings[number], seen, covered=covered)
    return tuple(found)


def _covered(
    number: int, doubtful: AbstractSet[int], columns: Sequence[int], rows: Sequence[int]
) -> bool:
    """Tell whether cells around one are as doubtful, in rows and columns beside its own."""
    around = [
        other
        for other in doubtful
        if abs(columns[other] - columns[number]) <= 1 and abs(rows[other] - rows[number]) <= 1
    ]
    return (
        len(around) >= CLOUD
        and len({columns[other] for other in around}) > 1
        and len({rows[other] for other in around}) > 1
    )


def bands(cells: Sequence[tuple[Part, Polygon]], axis: int) -> list[int]:
    """Number the columns (``axis`` 0) or rows (1) in which cells stand, part by part."""
    parts = {id(part): number for number, (part, _) in enumerate(cells)}
    middles = [sum(corner[axis] for corner in polygon) / 4 for _, polygon in cells]
    order = sorted(range(len(cells)), key=lambda n: (parts[id(cells[n][0])], middles[n]))
    found = [0] * len(cells)
    for before, number in pairwise(order):
        part, last = cells[number][0], cells[before][0]
        apart = middles[number] - middles[before] > APART * part.em
        found[number] = found[before] + (2 if part is not last else apart)
    return found
