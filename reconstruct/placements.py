"""What a line of a text may hold: which figure stands in which of the form's columns."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from reconstruct.counted_cells import counted
from reconstruct.run_together import Sums, TooManyError, is_run, may_be_run, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.passage import Piece
    from reconstruct.text_rows import TextRow

Contents = tuple[str | None, ...]
"""What stands in each place of a line: a text, "" for a cell marked as empty, None for one that
is not there: left out because it is empty, or lost."""

MOST = 2_000
MOST_SPLITS, FEW_SPLITS = 4_000, 500
"""So many ways to part a run are weighed one by one, where some satisfy the sums, or none does."""
SPLIT_THOUGH_PARTED = 5.0
"""Price (nats) of two figures run together where the line is parted elsewhere."""

STRAY_KEPT, FIGURE_DROPPED, STRAY_DROPPED = 1.0, 5.0, 0.5
"""Prices of taking what may be a page's number for a figure, of dropping a figure that is one too
many, and of dropping what may be a page's number."""

CELL_LOST_BEFORE = 2.0
"""Price of a lost cell anywhere but at the end of its line, where most are lost."""

SHARED_HABIT = 3
"""Lines that must leave the same last columns empty for that to be the table's habit."""


@dataclass(frozen=True, slots=True)
class Placements:
    """The ways a line may be read, each with its cost in nats; one if there is no doubt.

    ``rivals`` counts further ways that break a sum of the line and are not listed. ``unproved``
    tells that runs of digits were parted, or a broken line with empty cells put together, which
    only sums can show to be right.
    """

    ways: tuple[tuple[Contents, float], ...]
    rivals: int = 0
    unproved: bool = False


def placements(row: TextRow, rows: Sequence[TextRow], sums: Sums) -> Placements:
    """Return how the elements of ``row`` may stand in its places; ``rows`` are all of the table.

    ``sums`` are the equations within the line, by place.
    """
    n = len(row.cells)
    figures = _one_a_cell(row.figures, n)
    if not row.elements:
        return _lost(n)
    stray = any(piece.stray for piece in row.figures)
    if len(figures) == n and not stray and not any(is_run(text) for text in figures):
        return Placements(((figures, 0.0),))
    if stray:
        return _with_strays(row, rows, sums)
    if len(row.figures) > n or (row.surplus and len(figures) >= n):
        return _too_many(row, n)
    gridded = _by_grid(row, rows)
    if gridded is None:
        gridded = counted(row, rows, sums)
    if gridded is not None:
        return Placements(((gridded, 0.0),))
    return _guessed(row, rows, figures, sums)


def _guessed(
    row: TextRow, rows: Sequence[TextRow], figures: tuple[str, ...], sums: Sums
) -> Placements:
    """Return the ways to part what is run together, and to leave places empty."""
    n = len(row.cells)
    found: list[tuple[Contents, float]] = []
    rivals = 0
    long = len(figures) == 1 and n > 2 and len(figures[0]) >= n
    alone = long or any(is_run(text) for text in figures) or _runs_here(rows)
    if any(may_be_run(text) for text in figures) and len(figures) < n:
        try:
            splits = split(figures, n, sums)
            count = len(splits.fitting) + splits.others
            several = len(sums) > 1 and count <= MOST_SPLITS
            if alone and (several or (not splits.fitting and count <= FEW_SPLITS)):
                splits = split(figures, n, ())  # the page's own sums may be wrong
        except TooManyError:
            return _lost(n)
        cost = 0.0 if alone else SPLIT_THOUGH_PARTED
        found += [(one, cost) for one in splits.fitting]
        rivals = splits.others
        unproved = any(set(text) - {"0"} for text in figures if may_be_run(text))
        if alone:
            return Placements(tuple(found), rivals, unproved) if found else _lost(n)
    if not row.figures:
        return _lost(n)
    core = _core(row, rows)
    found += _shifted(core, n)
    unproved = not row.whole and "" in core
    return Placements(tuple(found), rivals, unproved) if found else _lost(n)


def _runs_here(rows: Sequence[TextRow]) -> bool:
    """Tell whether figures of a table run into one another: nothing shows that they are parted.

    Either a figure begins with a zero, or no line of several places has two.
    """
    several = [row.figures for row in rows if row.figures and len(row.cells) > 1]
    return any(is_run(one[0].text) for one in several) or max(map(len, several), default=2) == 1


def _lost(n: int) -> Placements:
    return Placements((((None,) * n, 0.0),))


def _one_a_cell(figures: Sequence[Piece], places: int) -> tuple[str, ...]:
    """Return the figures; those of one cell as one, where that makes just as many as places."""
    if len(figures) > places:
        cells: dict[tuple[int, int], str] = {}
        for piece in figures:
            at = (piece.line, piece.cell)
            cells[at] = f"{cells[at]} {piece.text}" if at in cells else piece.text
        if len(cells) == places:
            return tuple(cells.values())
    return tuple(piece.text for piece in figures)


def _with_strays(row: TextRow, rows: Sequence[TextRow], sums: Sums) -> Placements:
    """Take what may be numbers of pages for figures, or not."""
    n = len(row.cells)
    kept = tuple(piece for piece in row.elements if not piece.stray)
    if len([piece for piece in kept if piece.kind == "figure"]) > n:
        return _too_many(row, n)
    lines = {piece.line for piece in kept}
    without = replace(row, elements=kept, whole=len(lines) == 1)
    found = placements(without, rows, sums)
    if len(row.figures) != n or (len(found.ways) == 1 and None not in found.ways[0][0]):
        return found
    taken = (tuple(piece.text for piece in row.figures), STRAY_KEPT)
    listed = [way for way in found.ways if any(text is not None for text in way[0])]
    return replace(found, ways=(*listed, taken))


def _too_many(row: TextRow, n: int) -> Placements:
    """Leave out as many figures as are too many, whichever they are."""
    figures = row.figures
    k = len(figures)
    if k <= n or math.comb(k, n) > MOST:
        return _lost(n)
    found = []
    for kept in combinations(range(k), n):
        dropped = set(range(k)) - set(kept)
        cost = sum(STRAY_DROPPED if figures[i].stray else FIGURE_DROPPED for i in dropped)
        cost += sum(STRAY_KEPT for i in kept if figures[i].stray)
        found.append((tuple(figures[i].text for i in kept), cost))
    return Placements(tuple(found))


def _by_grid(row: TextRow, rows: Sequence[TextRow]) -> Contents | None:
    """Return the contents by the places of the cells, where these can be relied on."""
    contents = _as_marked(row, rows)
    if contents is None:
        return None
    empty = tuple(i for i, text in enumerate(contents) if text == "")
    filled = [i for i, text in enumerate(contents) if text]
    # cells pushed out of a line are made up for at its end: what is empty there proves little
    at_end = bool(filled) and bool(empty) and min(empty) > max(filled)
    if at_end or (contents[-1] == "" and _padded(row, rows)):
        alike = sum(_empty_places(other, rows) == empty for other in rows)
        return contents if alike >= SHARED_HABIT else None
    return contents


def _empty_places(row: TextRow, rows: Sequence[TextRow]) -> tuple[int, ...] | None:
    contents = _as_marked(row, rows)
    return None if contents is None else tuple(i for i, t in enumerate(contents) if t == "")


def _full(row: TextRow, rows: Sequence[TextRow]) -> list[TextRow]:
    """Return the other lines of as many places that are filled, each on one line of the text."""
    return [
        r for r in rows if r.full and r.whole and len(r.cells) == len(row.cells) and r is not row
    ]


def _padded(row: TextRow, rows: Sequence[TextRow]) -> bool:
    return any(r.figures[-1].cell < r.width - 1 for r in _full(row, rows))


def _as_marked(row: TextRow, rows: Sequence[TextRow]) -> Contents | None:
    """Return what the marked cells say, where full lines of the same width show their places."""
    n = len(row.cells)
    one_each = len({(p.line, p.cell) for p in row.elements}) == len(row.elements)
    if not (row.whole and one_each and row.elements and row.width > 1):
        return None
    full = _full(row, rows)
    if not full and not any(len(r.cells) == n for r in rows if r is not row):
        texts = tuple(piece.text for piece in row.elements)
        return texts if len(texts) == n else None
    near = [r for r in full if r.width == row.width]
    # an empty cell right behind the label may be a part of the label's span
    spans = row.elements[0].kind == "blank" and any(r.elements[0].kind == "blank" for r in full)
    alike = [r for r in near if r.figures[0].cell == row.elements[0].cell and not spans]
    starts = {r.figures[0].cell for r in near}
    to_the_end = all(r.figures[-1].cell == r.width - 1 for r in near)
    if alike:
        start = row.elements[0].cell
    elif len(starts) == 1 and ((row.square and to_the_end) or len(near) == len(full) > 2):
        start = starts.pop()
    else:
        return None
    contents = [""] * n
    for piece in row.elements:
        place = piece.cell - start
        if 0 <= place < n:
            contents[place] = piece.text
        elif piece.kind == "figure":
            return None
    return tuple(contents)


def _core(row: TextRow, rows: Sequence[TextRow]) -> tuple[str, ...]:
    """Return the elements that certainly are cells of the line's places, in order.

    Empty cells at either end may be parts of spans, or made up for others that are lost.
    """
    n = len(row.cells)
    full = [r for r in rows if r.full and r.whole and r is not row]
    texts = [piece.text for piece in row.elements]
    ends = bool(full) and all(r.figures[-1].cell == r.width - 1 for r in full)
    begins = bool(full) and all(r.elements[0].kind == "figure" for r in full)
    if not ends or len(texts) >= n:
        while texts and not texts[-1]:
            texts.pop()
    if not begins or len(texts) >= n:
        while texts and not texts[0]:
            texts.pop(0)
    return tuple(texts) if len(texts) <= n else tuple(text for text in texts if text)


def _shifted(core: Sequence[str], n: int) -> list[tuple[Contents, float]]:
    """Return all ways to set texts into n places in their order, the other places empty."""
    m = len(core)
    if m > n or math.comb(n, m) > MOST:
        return []
    found: dict[Contents, float] = {}
    for places in combinations(range(n), m):
        contents: list[str | None] = [None] * n
        for place, text in zip(places, core, strict=True):
            contents[place] = text
        packed = places == tuple(range(m))
        found.setdefault(tuple(contents), 0.0 if packed else CELL_LOST_BEFORE)
    return list(found.items())
