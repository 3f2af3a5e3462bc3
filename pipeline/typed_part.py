"""Parts of tables whose characters a file names itself: nothing has to be read in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from document.fragment import Fragment, SpanText
from document.numeral import Kind, parse
from document.page import View
from document.reading import Candidate, Reading
from layout.lattice import spans
from layout.quality import Quality
from pipeline.sharing import share_out
from pipeline.sight import HEADING_LINES, Line, Part, Sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from document.geometry import Box, Polygon
    from document.glyph import Glyph
    from document.lattice import Lattice, Span

SAME_LINE = 0.5
"""Share of a line's height by which characters of one line may stand apart."""

WORD_GAP = 0.9
"""Distance in em that parts two figures, where no line is drawn between them."""

WHOLE = 0.8
"""Share that a figure's place and the cell drawn there must have in common to be the same."""

FLAWLESS = Quality(em=40.0, dpi=300, contrast=1.0, edge=0.0, noise=0.0)
_NO_PICTURE = View(np.zeros((0, 0, 3), np.uint8), np.eye(3))


@dataclass(frozen=True, slots=True, eq=False)
class TypedPart(Part):
    """A fragment with the characters in it, in the unit of its lattice.

    ``on_image`` tells that this unit is pixels of a page image; else polygons mean nothing.
    ``crowded`` are the cells (numbers of ``glyphs``) in which characters stand that belong to
    a neighbour, or whose own stand elsewhere; of ``cut`` ones some lie outside of the table, or
    may belong to either side of a line.
    """

    glyphs: tuple[tuple[Span, tuple[Glyph, ...]], ...] = ()
    on_image: bool = True
    crowded: frozenset[int] = frozenset()
    cut: frozenset[int] = frozenset()

    @property
    def placed(self) -> bool:
        """Whether polygons can be given in pixels of a page image."""
        return self.on_image

    def says(self, polygon: Polygon) -> tuple[Reading, bool]:
        """Return what stands in a place, and whether it is one drawn cell with one figure."""
        x, y = sum(p[0] for p in polygon) / 4, sum(p[1] for p in polygon) / 4
        left, right = polygon[0][0], polygon[1][0]
        top, bottom = polygon[0][1], polygon[3][1]
        for number, (span, glyphs) in enumerate(self.glyphs):
            if not span.box.contains((x, y)):
                continue
            box = span.box
            common = max(0.0, min(right, box.right) - max(left, box.left)) * max(
                0.0, min(bottom, box.bottom) - max(top, box.top)
            )
            area = max((right - left) * (bottom - top), box.width * box.height)
            whole = common >= WHOLE * area
            inside = [g for g in glyphs if whole or left <= g.box.center[0] < right]
            whole = whole and number not in self.cut
            lines = lines_of(inside)
            text = "".join(text for _, text in lines)
            single = len(lines) <= 1 and " " not in text.strip() and not _raised(inside)
            return Reading((Candidate(text.replace(" ", ""), 0.0),)), whole and single
        return Reading((Candidate("", 0.0),), legible=False), False


def typed_part(
    lattice: Lattice, glyphs: Sequence[Glyph], headings: Sequence[str], *, placed: bool = True
) -> TypedPart:
    """Put characters into the cells of a lattice."""
    cells = spans(lattice)
    held, crowded, cut = share_out(lattice, cells, glyphs)
    texts = []
    for cell, mine in zip(cells, held, strict=True):
        lines = lines_of(mine)
        text = "".join(text for _, text in lines)
        shown = () if _is_figure(text) else lines
        texts.append(SpanText(cell, shown, bool(mine)))
    tall = [glyph.line.height for mine in held for glyph in mine] or [g.line.height for g in glyphs]
    em = median(tall) if tall else 1.0
    kept = tuple((cell, tuple(mine)) for cell, mine in zip(cells, held, strict=True))
    fragment = Fragment(lattice, tuple(texts), tuple(headings))
    return TypedPart(
        lattice.page, fragment, _NO_PICTURE, (0.0, 0.0), em, kept, placed, crowded, cut
    )


def lines_of(glyphs: Iterable[Glyph]) -> tuple[tuple[float, str], ...]:
    """Gather characters to lines (height of the middle, text), from the top down.

    A wide gap within a line becomes a space.
    """
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.line.center[1]):
        middle = glyph.line.center[1]
        if rows and middle - rows[-1][0].line.center[1] < SAME_LINE * glyph.line.height:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return tuple((median(g.line.center[1] for g in row), _written(row)) for row in rows)


def _written(row: Sequence[Glyph]) -> str:
    text, end = "", None
    for glyph in sorted(row, key=lambda g: g.box.left):
        if end is not None and glyph.box.left - end > WORD_GAP * glyph.line.height:
            text += " "
        text += glyph.text
        end = glyph.box.right
    return text


def _raised(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether a digit is smaller than another, or stands higher: a mark of a footnote."""
    digits = [glyph.box for glyph in glyphs if glyph.text.isdigit()]
    if len(digits) < 2:
        return False
    tall = max(box.height for box in digits)
    foot = max(box.bottom for box in digits)
    return any(b.height < 0.8 * tall or b.bottom < foot - 0.2 * tall for b in digits)


def _is_figure(text: str) -> bool:
    """Tell whether a cell's text is a figure, a dash or nothing, and so no label."""
    return not text or any(parse(text, kind).kind is not Kind.OTHER for kind in ("signed", "money"))


def typed_sight(
    number: int, lattices: Sequence[Lattice], glyphs: Sequence[Glyph], *, placed: bool = True
) -> Sight:
    """Return what stands on a page whose characters and tables are known."""
    frames = [lattice.box for lattice in lattices]
    outside = [g for g in glyphs if not any(f.contains(g.box.center) for f in frames)]
    loose = lines_of(outside)
    parts = [
        typed_part(lattice, glyphs, _above(loose, frames, lattice.box), placed=placed)
        for lattice in lattices
    ]
    lines = tuple(Line(text.strip()) for _, text in loose)
    return Sight(number, tuple(parts), lines, 0, 1.0, FLAWLESS)


def _above(
    loose: Sequence[tuple[float, str]], frames: Sequence[Box], frame: Box
) -> tuple[str, ...]:
    """Return the lines shortly above a table, below any other table."""
    ends = [other.bottom for other in frames if other.bottom <= frame.top]
    floor = max(ends, default=float("-inf"))
    near = [text.strip() for y, text in loose if floor < y < frame.top]
    return tuple(near[-HEADING_LINES:])
