"""Which cell a character belongs to, where figures are too long for theirs."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.glyph import Glyph
    from document.lattice import Lattice, Span

CROSSING = 0.12
"""Share of its line's height by which a character alone may reach over a drawn line."""


def share_out(
    lattice: Lattice, cells: Sequence[Span], glyphs: Sequence[Glyph]
) -> tuple[list[list[Glyph]], frozenset[int], frozenset[int]]:
    """Put characters into cells: the middle of each says where it belongs.

    Figures that are too long for their cell run over its line, and their last digits would be
    the first of the neighbour's. So what was written in one go stays together, in the cell where
    it begins. If that leaves the neighbour blank, it may have been two figures that touch.

    Returns what each cell holds; the numbers of cells into or out of which characters run; and
    of those where some lie outside of the table, or where it cannot be told whose they are.
    """
    held: list[list[Glyph]] = [[] for _ in cells]
    owner = {
        (row, column): number
        for number, cell in enumerate(cells)
        for row in range(cell.top, cell.bottom)
        for column in range(cell.left, cell.right)
    }
    xs, ys = lattice.xs, lattice.ys
    crowded: set[int] = set()
    cut: set[int] = set()
    entered: list[tuple[int, int]] = []
    for run in _runs(glyphs):
        homes = [
            owner.get(
                (bisect_right(ys, g.box.center[1]) - 1, bisect_right(xs, g.box.center[0]) - 1)
            )
            for g in run
        ]
        first = homes[0]
        if len(set(homes)) > 1 and run[0].run is not None:
            touched = {home for home in homes if home is not None}
            crowded |= touched
            if None in homes or first is None or Counter(homes).most_common(1)[0][0] != first:
                cut |= touched
            if first is not None:
                entered += [(first, home) for home in touched if home != first]
                homes = [first] * len(run)
        for glyph, home in zip(run, homes, strict=True):
            if home is not None:
                held[home].append(glyph)
        if len(run) == 1 and homes[0] is not None and _crosses(run[0], cells[homes[0]]):
            cut.add(homes[0])
    for first, home in entered:
        if not held[home]:
            cut |= {first, home}
    return held, frozenset(crowded), frozenset(cut)


def _crosses(glyph: Glyph, cell: Span) -> bool:
    reach = CROSSING * glyph.line.height
    return glyph.box.left < cell.box.left - reach or glyph.box.right > cell.box.right + reach


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Gather characters that were written in one go, in their order."""
    runs: dict[tuple[int | None, int], list[Glyph]] = {}
    for number, glyph in enumerate(glyphs):
        key = (glyph.run, 0) if glyph.run is not None else (None, number)
        runs.setdefault(key, []).append(glyph)
    return list(runs.values())
