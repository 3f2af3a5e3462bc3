"""Keeps what one look at a page, or one page, read against its columns before the next.

A look in which the words of a header fall apart says nothing against its column, and counting, or
the ink of its figures, may prove it there. Sums cannot see columns exchanged, so what was clearly
read stays said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.headers import denied_columns, foreign_headed, read_alone, says_another

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from document.geometry import Box
    from document.template import TemplateCell
    from reconstruct.headers import Heads

BESIDE = 0.3
"""Share of a column's width by which the place of a header may differ from look to look.

Half a column further the words may be the next one's.
"""


def denials(
    heads: Heads, heard: Sequence[tuple[Box, str]], before: AbstractSet[TemplateCell]
) -> frozenset[TemplateCell]:
    """Return the headers that are denied by what is read in their places, here or before.

    ``heard`` is what other looks read (``Fragment.heard``), ``before`` the headers that are denied
    on the page before; a header whose own words are read here, alone, needs not mind either.
    """
    told = read_alone(heads)
    said = {
        header
        for header, box in heads.boxes.items()
        for place, text in heard
        if _same_columns(place, box) and says_another(text, header, heads.read)
    }
    return denied_columns(heads) | ((said | before) - told)


def overheard(heads: Heads) -> tuple[tuple[Box, str], ...]:
    """Return the words that are clearly another header's, with the places where they are read."""
    found = ((heads.boxes[header], heads.read[header]) for header in foreign_headed(heads))
    return tuple(sorted(found, key=lambda one: (one[0].left, one[0].top)))


def _same_columns(one: Box, other: Box) -> bool:
    near = BESIDE * min(one.width, other.width)
    return abs(one.left - other.left) <= near and abs(one.right - other.right) <= near
