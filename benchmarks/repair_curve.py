"""Risk against coverage as a small picture (SVG), and the numbers behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 30, 60
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#566573")
ACROSS = "share of figures sent to a person"
UP = "share of the accepted figures that are wrong"
LEAST_RISK = 1e-6
MOST_FLAGGED = 0.3


def risk_and_coverage(scores: Sequence[tuple[float, bool]]) -> Iterator[tuple[float, float]]:
    """Yield (share of figures sent to a person, share of the accepted ones that are wrong).

    ``scores`` are (confidence, whether right); the least sure figures are sent first.
    """
    ranked = sorted(scores, key=lambda s: s[0])
    wrong = sum(not right for _, right in ranked)
    total = len(ranked)
    for number, (score, right) in enumerate(ranked):
        if number == 0 or score > ranked[number - 1][0]:  # figures equally sure go together
            yield number / total, wrong / (total - number)
        wrong -= not right


def draw_curve(curves: Mapping[str, Sequence[tuple[float, bool]]]) -> str:
    """Return a picture with one line a setting: risk (logarithmic) over the share reviewed."""
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(flagged: float, risk: float) -> str:
        x = LEFT + inner * math.sqrt(min(flagged, MOST_FLAGGED) / MOST_FLAGGED)
        depth = math.log10(max(risk, LEAST_RISK)) / math.log10(LEAST_RISK)
        return f"{x:.1f},{TOP + tall * depth:.1f}"

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12"',
        f'width="{WIDTH}" height="{HEIGHT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in range(7):
        risk = 10.0**-power
        x, y = at(0, risk).split(",")
        name = ("1", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴", "10⁻⁵", "≤10⁻⁶")[power]
        end = at(MOST_FLAGGED, risk)
        parts += [
            f'<path d="M{x},{y} L{end}" stroke="#ddd"/>',
            f'<text x="{LEFT - 8}" y="{float(y) + 4:.0f}" text-anchor="end">{name}</text>',
        ]
    for flagged in (0.0, 0.001, 0.01, 0.03, 0.1, 0.3):
        x, y = at(flagged, LEAST_RISK).split(",")
        parts.append(
            f'<text x="{x}" y="{float(y) + 18:.0f}" text-anchor="middle">{flagged:.1%}</text>'
        )
    parts += [
        f'<text x="{LEFT + inner / 2}" y="{HEIGHT - 16}" text-anchor="middle">{ACROSS}</text>',
        f'<text x="{LEFT - 55}" y="{TOP - 12}">{UP}</text>',
    ]
    for place, (name, scores) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = [at(f, r) for f, r in risk_and_coverage(scores)]
        points = list(dict.fromkeys(points))
        below = TOP + 14 + 18 * place
        parts += [
            f'<polyline fill="none" stroke="{colour}" points="{" ".join(points)}"/>',
            f'<text x="{WIDTH - RIGHT + 14}" y="{below}" fill="{colour}">{name}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
