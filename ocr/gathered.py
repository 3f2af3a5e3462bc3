"""Pieces of ink gathered to lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.geometry import Box, hull

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr.pieces import Piece

TOUCHING = 0.1
"""Gap, in heights of the tallest, up to which two lines of ink are halves of one figure."""


def grown(line: Box, pieces: Sequence[Piece], height: float) -> Box:
    """Widen a line's box by pieces of its height that follow on one another beside it."""
    waiting = [
        piece.box
        for piece in pieces
        if 0.4 * height <= piece.box.height <= 1.6 * height and piece.box.width <= 3 * height
    ]
    more = True
    while more:
        more = False
        for box in list(waiting):
            shared = min(line.bottom, box.bottom) - max(line.top, box.top)
            gap = max(box.left - line.right, line.left - box.right)
            if shared >= 0.6 * box.height and gap <= 0.8 * height:
                line = hull([line, box])
                waiting.remove(box)
                more = True
    return line


def lines_of(pieces: Sequence[Piece]) -> tuple[Box, ...]:
    """Gather pieces into lines: those whose heights overlap stand on one."""
    lines: list[Box] = []
    for box in sorted((piece.box for piece in pieces), key=lambda b: -b.height):
        for place, line in enumerate(lines):
            shared = min(line.bottom, box.bottom) - max(line.top, box.top)
            if shared >= 0.4 * min(box.height, line.height):
                lines[place] = hull([line, box])
                break
        else:
            lines.append(box)
    return _settled(lines)


def _settled(lines: list[Box]) -> tuple[Box, ...]:
    """Join what is no line by itself (a dot, a comma, a minus) to the line nearest to it."""
    tallest = max(line.height for line in lines)
    full = [line for line in lines if line.height >= 0.5 * tallest]
    for line in lines:
        if line.height >= 0.5 * tallest:
            continue
        nearest = min(range(len(full)), key=lambda i: abs(full[i].center[1] - line.center[1]))
        gap = max(full[nearest].top - line.bottom, line.top - full[nearest].bottom)
        if gap < 0.35 * tallest:
            full[nearest] = hull([full[nearest], line])
    whole: list[Box] = []
    for line in sorted(full, key=lambda line: line.top):
        # Halves of a figure whose thin strokes broke touch; lines of text never do.
        if whole and line.top - whole[-1].bottom <= TOUCHING * tallest:
            whole[-1] = hull([whole[-1], line])
        else:
            whole.append(line)
    return tuple(whole)
