"""A table, or the part of one that stands on one page, with the texts read in its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.lattice import Lattice, Span


@dataclass(frozen=True, slots=True)
class SpanText:
    """A cell of a lattice and its text.

    ``lines`` are (height of the middle in pixels of the view, text), from the top down; empty
    where nothing was read because the cell is blank or its ink looks like a figure.
    ``inked`` tells whether there is ink at all.
    """

    span: Span
    lines: tuple[tuple[float, str], ...]
    inked: bool

    @property
    def text(self) -> str:
        """All lines as one."""
        return "".join(text for _, text in self.lines)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A lattice with its texts, and the lines of text that stand shortly above it."""

    lattice: Lattice
    spans: tuple[SpanText, ...]
    headings: tuple[str, ...] = ()
