"""A straightened page with what the geometry saw on it, shared by all later questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout.lattice import lattices_on
from layout.rulings import Rulings, rulings
from layout.tone import Tone, tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Box
    from document.lattice import Lattice
    from document.page import View

FEW_BANDS = 30
"""Bands of a page's largest table below which its lines may be dotted: a second look is due."""

HALF_DRAWN = (0.12, 0.85)
"""Share of an edge that is covered where it is neither clearly drawn nor clearly absent."""

RAGGED = 0.05
"""Share of half drawn edges above which a table's lines may be dotted or dashed."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A view, its ink at a size fit for geometry, its ruling lines and its tables.

    The lattices, and every box that functions on a sheet take or return, are in pixels of the
    view's image; ``em`` is the height of a full-width character in the same pixels.
    """

    view: View
    made: Tone
    found: Rulings
    lattices: tuple[Lattice, ...]

    @property
    def em(self) -> float:
        """The height of a full-width character, in pixels of the view."""
        return self.made.em / self.made.scale

    def crop(self, box: Box) -> NDArray[np.uint8]:
        """Return the view's pixels in ``box``, as far as it lies on the view: (h, w, 3)."""
        height, width = self.view.image.shape[:2]
        top, bottom = max(0, round(box.top)), min(height, round(box.bottom))
        left, right = max(0, round(box.left)), min(width, round(box.right))
        return self.view.image[top : max(top, bottom), left : max(left, right)]


def survey(view: View, page: int) -> Sheet:
    """Find everything the geometry knows about a straightened view of page ``page``."""
    made = tone(view.image)
    found = rulings(made)
    seen = lattices_on(made, found, page)
    if _largest(seen) < FEW_BANDS or _ragged(seen) > RAGGED:
        bridged = rulings(made, dashed=True)
        more = lattices_on(made, bridged, page)
        cleaner = _largest(more) >= _largest(seen) and _ragged(more) < 0.5 * _ragged(seen)
        if cleaner or _largest(more) > 3 * _largest(seen):
            found, seen = bridged, more
    return Sheet(view, made, found, seen)


def _largest(lattices: tuple[Lattice, ...]) -> int:
    return max((lattice.rows * lattice.columns for lattice in lattices), default=0)


def _ragged(lattices: tuple[Lattice, ...]) -> float:
    """Return the share of edges that are half drawn in the largest of the lattices."""
    if not lattices:
        return 0.0
    largest = max(lattices, key=lambda lattice: lattice.rows * lattice.columns)
    edges = [share for row in (*largest.across, *largest.down) for share in row]
    low, high = HALF_DRAWN
    return sum(low < share < high for share in edges) / max(1, len(edges))
