"""Figures put right by hand: the printed one struck, another one written beside it with a pen."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

STROKES = {
    "0": ((0.5, 0.05), (0.1, 0.4), (0.3, 0.95), (0.8, 0.8), (0.85, 0.3), (0.45, 0.04)),
    "1": ((0.4, 0.1), (0.55, 0.05), (0.5, 0.5), (0.45, 0.98)),
    "2": ((0.12, 0.25), (0.45, 0.03), (0.8, 0.25), (0.55, 0.6), (0.1, 0.95), (0.9, 0.92)),
    "3": ((0.15, 0.1), (0.7, 0.12), (0.4, 0.45), (0.85, 0.65), (0.55, 0.97), (0.1, 0.9)),
    "4": ((0.6, 0.03), (0.1, 0.62), (0.9, 0.6), (0.65, 0.4), (0.62, 0.98)),
    "5": ((0.85, 0.06), (0.25, 0.06), (0.2, 0.45), (0.75, 0.5), (0.7, 0.9), (0.1, 0.93)),
    "6": ((0.75, 0.03), (0.2, 0.5), (0.3, 0.95), (0.8, 0.75), (0.55, 0.5), (0.2, 0.65)),
    "7": ((0.1, 0.08), (0.88, 0.06), (0.55, 0.5), (0.4, 0.98)),
    "8": ((0.75, 0.15), (0.2, 0.2), (0.75, 0.7), (0.4, 0.98), (0.2, 0.7), (0.78, 0.15)),
    "9": ((0.8, 0.25), (0.3, 0.1), (0.25, 0.45), (0.8, 0.3), (0.7, 0.65), (0.5, 0.98)),
}
"""Corners of digits as a hand draws them, in boxes of one by one."""

INKS = ("#1a3a9c", "#b01818", "#222")
WIDE, TALL = 9.0, 15.0
"""A handwritten digit, in CSS pixels."""


def handwritten(figure: str, rng: np.random.Generator) -> str:
    """Return an SVG picture of digits as a pen writes them, shaky and a little askew."""
    ink, paths = str(rng.choice(INKS)), []
    for n, digit in enumerate(figure):
        drift = rng.normal(0, 0.7)
        points = [
            (2 + n * (WIDE + 2) + x * WIDE + rng.normal(0, 0.3), 3 + drift + y * TALL)
            for x, y in STROKES[digit]
        ]
        paths.append(f"<path d='{_smooth(points)}'/>")
    size = f"width={4 + len(figure) * (WIDE + 2):.0f} height=22"
    style = f"fill='none' stroke='{ink}' stroke-width='1.5' stroke-linecap='round'"
    turn = f"style='transform:rotate({rng.normal(0, 3):.1f}deg);vertical-align:middle'"
    return f"<svg {size} {turn}><g {style} stroke-linejoin='round'>{''.join(paths)}</g></svg>"


def struck(figure: str, rng: np.random.Generator) -> str:
    """Return a printed figure with a pen's stroke, or two, through it."""
    ink, height = str(rng.choice(INKS)), rng.uniform(0.4, 0.6)
    lines = "".join(
        f"<line x1='0' y1='{14 * (height + shift) + rng.normal(0, 1.5):.1f}' x2='100%' "
        f"y2='{14 * (height + shift) + rng.normal(0, 1.5):.1f}'/>"
        for shift in ((0.0,) if rng.random() < 0.6 else (-0.1, 0.12))
    )
    return (
        f"<span style='position:relative;padding:0 2px'>{figure}<svg style='position:absolute;"
        f"left:0;top:0' width='100%' height='100%'><g stroke='{ink}' stroke-width='1.4'>{lines}"
        "</g></svg></span>"
    )


def _smooth(points: list[tuple[float, float]]) -> str:
    """Return a path through ``points`` whose corners are rounded."""
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x, y), (ahead, below) in pairwise(points[1:]):
        path += f" Q{x:.1f},{y:.1f} {(x + ahead) / 2:.1f},{(y + below) / 2:.1f}"
    return f"{path} L{points[-1][0]:.1f},{points[-1][1]:.1f}"
