"""Keeps what one look at a page, or one page, read against its columns before the next.

A look in which the words of a header fall apart says nothing against its column, and counting, or
the ink of its figures, may prove it there. Sums cannot see columns exchanged, so what was clearly
read stays said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.headers import (
    READ_WELL,
    cut_edges,
    denied_columns,
    foreign_headed,
    misheaded,
    read_alone,
    says_another,
)
from reconstruct.wording import likeness, normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from document.geometry import Box
    from document.template import TemplateCell
    from reconstruct.headers import Heads

BESIDE = 0.3
"""Share of a column's width by which the place of a header may differ from look to look.

Half a column further the words may be the next one's.
"""


def denials(
    heads: Heads,
    heard: Sequence[tuple[Box, str]],
    before: AbstractSet[TemplateCell],
    above: AbstractSet[TemplateCell],
) -> frozenset[TemplateCell]:
    """Return the headers that are denied by what is read in their places, here or before.

    ``heard`` is what other looks read (``Fragment.heard``), ``before`` the headers that are denied
    on the page before; a header whose own words are read here, alone, needs not mind either.
    ``above`` are the headers that pages before show in the same places: a header that fell apart
    when it was repeated says nothing against them.
    """
    if fell_apart(heads, above):
        return frozenset()
    told = read_alone(heads)
    return denied_columns(heads) | ((_heard(heads, heard) | before) - told)


def _heard(heads: Heads, heard: Sequence[tuple[Box, str]]) -> frozenset[TemplateCell]:
    """Return the headers in whose place another look read another header's words."""
    return frozenset(
        header
        for header, box in heads.boxes.items()
        for place, text in heard
        if _same_columns(place, box) and says_another(text, header, heads.read)
    )


def only_cut(
    heads: Heads, heard: Sequence[tuple[Box, str]], before: AbstractSet[TemplateCell]
) -> dict[TemplateCell, set[int]]:
    """Return the headers that are denied for no more than a separator that runs through words.

    For each the boundaries that it is taken for; the arguments are those of ``denials``.
    """
    others = misheaded(heads) | _heard(heads, heard) | before
    return {h: edges for h, edges in cut_edges(heads.read).items() if h not in others}


def released(
    cut: Mapping[TemplateCell, AbstractSet[int]],
    before: Sequence[float | None],
    here: Sequence[float | None],
    steady: AbstractSet[int],
) -> frozenset[TemplateCell]:
    """Return the headers cut on the page before whose separators stand elsewhere on this one.

    Where most separators stand as they did (``steady``), one that does not is not the one that
    ran through words: what these say of the columns beside it, they say of the page before.
    ``before`` and ``here`` are the places of all boundaries, in pixels.
    """
    both = {e for e in range(min(len(before), len(here))) if None not in (before[e], here[e])}
    moved = both - steady if steady else set()
    return frozenset(header for header, edges in cut.items() if edges <= moved)


def standing(
    headers: AbstractSet[TemplateCell], edges: AbstractSet[int]
) -> frozenset[TemplateCell]:
    """Return the headers between two of some separators: those at the same places as before."""
    return frozenset(h for h in headers if {h.column, h.column + h.column_span} <= edges)


def fell_apart(heads: Heads, above: AbstractSet[TemplateCell]) -> bool:
    """Tell whether a repeated header has lost its merged cells: its labels stand row by row.

    Where a page ends within a header of several rows, programs that print repeat what is left of
    it as one row: first the labels that reached down from above, then those of the last row. That
    order is nobody's choice where the same columns stood otherwise at the end of the page before.
    """
    boxes = heads.boxes
    lowest = [
        one
        for one in boxes
        if not any(
            other.row > one.row and one.column <= other.column < one.column + one.column_span
            for other in boxes
        )
    ]
    places = sorted(lowest, key=lambda one: one.column)
    fallen = sorted(lowest, key=lambda one: (one.row, one.column))
    moved = {place for place, label in zip(places, fallen, strict=True) if place != label}
    return bool(moved & above) and all(
        likeness(heads.read[place], label.spellings) >= READ_WELL
        or (label in above and _ends(label, heads.read[place]))
        for place, label in zip(places, fallen, strict=True)
    )


def _ends(label: TemplateCell, text: str) -> bool:
    """Tell whether a text is the rest of a label whose beginning a page's end cut off."""
    rest = normal(text)
    return bool(rest) and any(normal(spelling).endswith(rest) for spelling in label.spellings)


def overheard(
    heads: Heads, above: AbstractSet[TemplateCell] = frozenset()
) -> tuple[tuple[Box, str], ...]:
    """Return the words that are clearly another header's, with the places where they are read.

    None of a header that fell apart below ``above``, see ``fell_apart``.
    """
    if fell_apart(heads, above):
        return ()
    found = ((heads.boxes[header], heads.read[header]) for header in foreign_headed(heads))
    return tuple(sorted(found, key=lambda one: (one[0].left, one[0].top)))


def _same_columns(one: Box, other: Box) -> bool:
    near = BESIDE * min(one.width, other.width)
    return abs(one.left - other.left) <= near and abs(one.right - other.right) <= near
