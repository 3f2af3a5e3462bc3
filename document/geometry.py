"""Points, boxes and quadrilaterals, in pixels: x to the right, y downward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = tuple[Point, Point, Point, Point]
"""Four corners, clockwise from the upper left one."""


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle; ``right`` and ``bottom`` are exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Extent along x, in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent along y, in pixels."""
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        """The middle of the box."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def polygon(self) -> Polygon:
        """The corners, clockwise from the upper left."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )

    def inset(self, margin: float) -> Box:
        """Return the box shrunk by ``margin`` pixels on every side (grown, if negative)."""
        return Box(self.left + margin, self.top + margin, self.right - margin, self.bottom - margin)

    def contains(self, point: Point) -> bool:
        """Tell whether ``point`` lies inside."""
        x, y = point
        return self.left <= x < self.right and self.top <= y < self.bottom


def hull(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around ``boxes``. Raises ValueError when there are none."""
    found = list(boxes)
    if not found:
        msg = "the hull of no boxes is not defined"
        raise ValueError(msg)
    return Box(
        min(b.left for b in found),
        min(b.top for b in found),
        max(b.right for b in found),
        max(b.bottom for b in found),
    )


def nearest(places: Sequence[float], at: float) -> int:
    """Return the number of the place nearest to ``at``, the first of several; at least one."""
    off = [abs(place - at) for place in places]
    return off.index(min(off))


def hull_of(polygon: Polygon) -> Box:
    """Return the box around four corners."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return Box(min(xs), min(ys), max(xs), max(ys))
