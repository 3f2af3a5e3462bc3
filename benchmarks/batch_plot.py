"""A small picture of memory over a batch, as SVG written by hand: no library draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, TOP = 720, 320, 60, 30
COLOURS = ("#1b6ca8", "#c1440e", "#2e7d32", "#7b1fa2", "#8d6e63", "#455a64")


def plot(lives: Sequence[tuple[str, tuple[Sequence[float], Sequence[float]]]], said: str) -> str:
    """Draw each worker's memory over the documents it read.

    Args:
        lives: For each worker process the batch it belongs to, the peaks during its documents and
            what it held after each, in MiB.
        said: A line of words below: the slopes.
    """
    batches = list(dict.fromkeys(name for name, _ in lives))
    colours = [COLOURS[batches.index(name) % len(COLOURS)] for name, _ in lives]
    lines = [line for _, line in lives]
    most = max(max(peaks) for peaks, _ in lines)
    top = (int(most) // 500 + 1) * 500
    count = max(2, *(len(peaks) for peaks, _ in lines))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 2 * LEFT}" '
        f'height="{HEIGHT + 2 * TOP + 40}" font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="white"/>'
        f'<text x="{LEFT}" y="18">MiB of a worker: peak during each document (line), held after '
        "it (dots)</text>"
    )
    parts = [head]
    for level in range(0, top + 1, 500):
        y = _y(level, top)
        parts.append(
            f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{level}</text>'
        )
    parts += [
        f'<text x="{_x(number - 1, count):.1f}" y="{TOP + HEIGHT + 18}" '
        f'text-anchor="middle">{number}</text>'
        for number in sorted({1, count // 4, count // 2, 3 * count // 4, count} - {0})
    ]
    parts.append(
        f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 36}" text-anchor="middle">'
        "documents of a worker's life</text>"
        f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 56}" text-anchor="middle">{said}</text>'
    )
    parts += [
        f'<text x="{LEFT + 8}" y="{TOP + 14 + 15 * at}" '
        f'fill="{COLOURS[at % len(COLOURS)]}">{name}</text>'
        for at, name in enumerate(batches)
    ]
    for colour, (peaks, held) in zip(colours, lines, strict=True):
        line = " ".join(f"{_x(n, count):.1f},{_y(size, top):.1f}" for n, size in enumerate(peaks))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        parts += [
            f'<circle cx="{_x(n, count):.1f}" cy="{_y(size, top):.1f}" r="1.5" fill="{colour}"/>'
            for n, size in enumerate(held)
        ]
    return "\n".join([*parts, "</svg>", ""])


def _x(number: int, count: int) -> float:
    return LEFT + number / (count - 1) * WIDTH


def _y(size: float, top: float) -> float:
    return TOP + HEIGHT * (1 - size / top)
