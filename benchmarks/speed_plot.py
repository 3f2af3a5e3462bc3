"""A small picture of what a page costs, as SVG written by hand: no library draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEFT, WIDTH, BAR, GAP = 190, 520, 18, 6
COLOURS = {"Gouji": "#c1440e"}
OTHERS, FLOORS = "#1b6ca8", "#8d6e63"


def bars(costs: Mapping[str, Mapping[str, float]]) -> str:
    """Draw median CPU seconds a page: a group of bars for each kind of document."""
    most = max(cost for engines in costs.values() for cost in engines.values())
    parts, y = [], 24
    for kind, engines in costs.items():
        parts.append(f'<text x="{LEFT}" y="{y}" font-weight="bold">{kind}: CPU s a page</text>')
        y += 10
        for engine, cost in sorted(engines.items(), key=lambda item: item[1]):
            colour = COLOURS.get(engine, FLOORS if engine.startswith("floor") else OTHERS)
            width = WIDTH * cost / most
            parts.append(
                f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{engine}</text>'
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>'
                f'<text x="{LEFT + width + 6:.1f}" y="{y + 14}">{cost:.2f}</text>'
            )
            y += BAR + GAP
        y += 28
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 70}" height="{y}" '
        'font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="white"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""])
