"""A line of text and where it stands, for those who search a page and not its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.geometry import Polygon


@dataclass(frozen=True, slots=True)
class Word:
    """Some text in one line; ``polygon`` is in pixels of the page image, around its ink."""

    page: int
    text: str
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is written on the ``pages`` that were read from their pixels, but for the figures.

    Pages that hold their own words are none of them.
    """

    pages: frozenset[int] = frozenset()
    words: tuple[Word, ...] = ()


NOTHING_READ = Transcript()
