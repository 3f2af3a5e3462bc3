"""Matrices and boxes as PDF writes them: in points, y upward."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from document.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""a b c d e f of a PDF matrix: x' = a·x + c·y + e, y' = b·x + d·y + f."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies ``first``, and then ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def matrix_of(values: Iterable[object]) -> Matrix:
    """Return six PDF numbers as a matrix. Raises ValueError where they are not six."""
    a, b, c, d, e, f = (float(value) for value in values)  # type: ignore[arg-type]
    return (a, b, c, d, e, f)


def box_between(left: float, top: float, right: float, bottom: float) -> Box:
    """Return the box between two corners, whichever they are."""
    return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def image_of(box: Box, matrix: Matrix) -> Box:
    """Return the box around what ``matrix`` makes of ``box``."""
    a, b, c, d, e, f = matrix
    across, down = (a * box.left, a * box.right), (c * box.top, c * box.bottom)
    level, upright = (b * box.left, b * box.right), (d * box.top, d * box.bottom)
    return Box(
        min(across) + min(down) + e,
        min(level) + min(upright) + f,
        max(across) + max(down) + e,
        max(level) + max(upright) + f,
    )


def common(first: Box, second: Box) -> Box:
    """Return the part two boxes share; it has no area where they share none."""
    left, top = max(first.left, second.left), max(first.top, second.top)
    return Box(
        left,
        top,
        max(left, min(first.right, second.right)),
        max(top, min(first.bottom, second.bottom)),
    )
