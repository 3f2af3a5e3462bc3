"""A page as the file holds it, and a view of it that a stage has made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from document.geometry import Point
    from document.message import Message

Origin: TypeAlias = Literal["embedded", "rendered", "raster"]
"""The scan embedded in a PDF at its own resolution, a PDF page rendered, or an image file."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page of a document, untouched.

    ``image`` has shape (height, width, 3), uint8, blue-green-red. ``dpi`` is what the file
    claims, None where it claims nothing. Polygons of results are in pixels of ``image``.
    """

    number: int
    image: NDArray[np.uint8]
    dpi: float | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page that could not be taken from the file; the other pages go on without it."""

    number: int
    code: str
    message: Message


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A page turned, straightened or flattened, with the way back to its pixels.

    ``image`` has shape (height, width, 3), uint8. ``to_page`` is a (3, 3) homography that
    takes view pixels to page pixels.
    """

    image: NDArray[np.uint8]
    to_page: NDArray[np.float64]

    def page_points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        """Map points of the view (pixels) to points of the page (pixels)."""
        found = np.asarray(list(points), dtype=np.float64)
        lifted = np.column_stack([found, np.ones(len(found))]) @ self.to_page.T
        flat = lifted[:, :2] / lifted[:, 2:]
        return tuple((float(x), float(y)) for x, y in flat)
