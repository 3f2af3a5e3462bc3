"""A table, or the part of one that stands on one page, with the texts read in its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.geometry import Box
    from document.lattice import Lattice, Span
    from document.template import TableTemplate


@dataclass(frozen=True, slots=True)
class SpanText:
    """A cell of a lattice and its text.

    ``lines`` are (height of the middle in pixels of the view, text), from the top down; empty
    where nothing was read because the cell is blank or its ink looks like a figure.
    ``inked`` tells whether there is ink at all; ``confidence`` (0…1) is the reader's own, in the
    mean of the lines.
    """

    span: Span
    lines: tuple[tuple[float, str], ...]
    inked: bool
    confidence: float = 1.0

    @property
    def text(self) -> str:
        """All lines as one."""
        return "".join(text for _, text in self.lines)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A lattice with its texts, and the lines of text that stand shortly above it.

    ``told`` are tables (one, or editions of it) whose merged cells it shows, with the line that
    each of its bands is, None where it may be another; empty where words must tell all that.
    ``heard`` are words that other looks at the same view read where a header should stand, and
    that are another header's: (place in pixels, words).
    """

    lattice: Lattice
    spans: tuple[SpanText, ...]
    headings: tuple[str, ...] = ()
    told: tuple[tuple[TableTemplate, tuple[int | None, ...]], ...] = ()
    heard: tuple[tuple[Box, str], ...] = ()
