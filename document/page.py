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
class Bend:
    """How a page that is not flat has to be pulled to become so.

    ``offsets`` (rows, columns, 2) are the steps (x, y) in pixels from a point of the flat view
    to where it lies on the bent one, at knots ``step`` pixels apart, the first at ``origin``.
    Between knots they are interpolated linearly; beyond the last they stay as they are there.
    """

    offsets: NDArray[np.float64]
    step: float
    origin: Point = (0.0, 0.0)

    def moved(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points (n, 2) of the flat view lie on the bent one."""
        rows, columns = self.offsets.shape[:2]
        at = (points - self.origin) / self.step
        x, y = np.clip(at[:, 0], 0, columns - 1), np.clip(at[:, 1], 0, rows - 1)
        left = np.minimum(x.astype(int), max(0, columns - 2))
        top = np.minimum(y.astype(int), max(0, rows - 2))
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        u, v = (x - left)[:, None], (y - top)[:, None]
        upper = (1 - u) * self.offsets[top, left] + u * self.offsets[top, right]
        lower = (1 - u) * self.offsets[bottom, left] + u * self.offsets[bottom, right]
        return np.asarray(points + (1 - v) * upper + v * lower)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A page turned, straightened or flattened, with the way back to its pixels.

    ``image`` has shape (height, width, 3), uint8. ``to_page`` is a (3, 3) homography that
    takes view pixels to page pixels, after ``bend`` has moved them where the page is not flat.
    """

    image: NDArray[np.uint8]
    to_page: NDArray[np.float64]
    bend: Bend | None = None

    def part(self, image: NDArray[np.uint8], left: int, top: int) -> View:
        """Return the view that is ``image``, cut out of this one from (left, top) on."""
        shift = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], dtype=np.float64)
        bend = self.bend
        if bend is not None:
            x, y = bend.origin
            bend = Bend(bend.offsets, bend.step, (x - left, y - top))
        return View(image, self.to_page @ shift, bend)

    def view_points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        """Map points of the page (pixels) to points of the view (pixels)."""
        found = np.asarray(list(points), dtype=np.float64)
        lifted = np.column_stack([found, np.ones(len(found))]) @ np.linalg.inv(self.to_page).T
        bent = lifted[:, :2] / lifted[:, 2:]
        flat = bent
        for _ in range(8 if self.bend is not None else 0):
            flat = flat + bent - self.bend.moved(flat)  # type: ignore[union-attr]
        return tuple((float(x), float(y)) for x, y in flat)

    def page_points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        """Map points of the view (pixels) to points of the page (pixels)."""
        found = np.asarray(list(points), dtype=np.float64)
        if self.bend is not None:
            found = self.bend.moved(found)
        lifted = np.column_stack([found, np.ones(len(found))]) @ self.to_page.T
        flat = lifted[:, :2] / lifted[:, 2:]
        return tuple((float(x), float(y)) for x, y in flat)
