"""Which of two looks finds a table better, and whether one look is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.geometry import Box
    from pipeline.sight import Part
    from reconstruct.stitch import Stitched

DOUBTED = 0.15
"""Share of a table's places left unproved, under its own header, that calls for another look."""

FITTING = 0.95
"""Share of the first look's likeness to the form that another look must at least have.

Rows that run together leave fewer lines, all of them proved, of another edition of the form."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a registration of one table on one page is worth; larger is better."""

    table: str
    places: int
    reliable: int

    @property
    def rank(self) -> int:
        """Places found count, and twice where they are proved."""
        return self.places + self.reliable


def complete(one: Stitched) -> bool:
    """Tell whether all figures between the first and the last line found have their places."""
    found = one.registration
    shown = [match.line for match in found.matches]
    between = range(min(shown), max(shown) + 1)
    wanted = sum(cell.row in between for cell in found.table.figures)
    headed = min(shown) == 0
    whole = len(found.places) >= max(1, wanted)
    return whole and not found.left_over and not (headed and doubted(one))


def doubted(one: Stitched) -> bool:
    """Tell whether many of a table's places are not proved."""
    places = one.registration.places
    return sum(not place.reliable for place in places) > DOUBTED * len(places)


def _worth(one: Stitched) -> Worth:
    found = one.registration
    reliable = sum(place.reliable for place in found.places)
    return Worth(found.table.id, len(found.places), reliable)


def better(one: Stitched, rival: Stitched) -> bool:
    """Tell whether a table is found better: more of it is there or proved, no less of it fits."""
    fits = one.registration.score >= FITTING * rival.registration.score
    return fits and _worth(one).rank > _worth(rival).rank


def overlap(one: Part, other: Part) -> bool:
    """Tell whether the smaller of two tables lies by a third or more inside the larger."""
    a, b = one.fragment.lattice.box, other.fragment.lattice.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width > 0 and height > 0 and width * height > 0.33 * min(_area(a), _area(b))


def _area(box: Box) -> float:
    return box.width * box.height
