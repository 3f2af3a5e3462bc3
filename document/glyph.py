"""A character that a file itself names, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.geometry import Box


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or the whole text of a cell where a file has cells and no places.

    ``box`` is around its ink, ``line`` as high as its line of text; both in the unit of what
    holds it. Characters of one ``run`` were written in one go, one beside the other; None where
    a file does not tell.
    """

    text: str
    box: Box
    line: Box
    run: int | None = None
