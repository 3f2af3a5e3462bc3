"""The row bands of a table on the page, and the lines of a form that they may show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reconstruct.wording import is_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.template import TableTemplate, TemplateCell


@dataclass(frozen=True, slots=True)
class Band:
    """A row band of a fragment: the texts that start in it, and whether it holds figures.

    ``owned`` are texts of cells that are just this band; ``shared`` lines that stand in it but
    belong to taller cells. ``figures`` counts cells with figure-like ink. ``closed`` tells that
    a line is drawn above it over most of its width, so that it is no part of the band above.
    ``told`` are the lines of forms that it shows by the merged cells around it (see
    reconstruct.structure); None where its words must tell that.
    """

    fragment: int
    row: int
    owned: tuple[str, ...]
    shared: tuple[str, ...]
    figures: int
    closed: bool = False
    told: tuple[Line, ...] | None = None

    @property
    def blank(self) -> bool:
        """True where the band holds no ink at all."""
        return not (self.owned or self.shared or self.figures)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of the printed form: its own labels, those starting here but taller, figures.

    ``lines`` gives each of a table once, so that it is known by what it is, not what it says.
    """

    row: int
    labels: tuple[TemplateCell, ...]
    tall: tuple[TemplateCell, ...]
    figures: tuple[TemplateCell, ...]
    label: str
    """Its own labels as one text."""


def bands(fragments: Sequence[Fragment]) -> tuple[Band, ...]:
    """List the row bands of fragments in the order of their pages."""
    found: list[Band] = []
    for number, fragment in enumerate(fragments):
        ys = fragment.lattice.ys
        for row in range(fragment.lattice.rows):
            owned: list[str] = []
            shared: list[str] = []
            figures = 0
            for cell in fragment.spans:
                if not cell.span.top <= row < cell.span.bottom:
                    continue
                single = cell.span.bottom - cell.span.top == 1
                if single and cell.lines and not is_figure(cell.text):
                    owned.append(cell.text)
                elif single:
                    figures += cell.inked
                else:
                    here = [t for y, t in cell.lines if ys[row] <= y < ys[row + 1]]
                    figures += any(is_figure(text) for text in here)
                    words = [text for text in here if not is_figure(text)]
                    if words:
                        shared.append("".join(words))
                    if cell.span.top == row and cell.lines:
                        shared.append(cell.text)
            above = fragment.lattice.across[row]
            closed = row > 0 and sum(above) > 0.5 * len(above)
            told = _told(fragment, row)
            found.append(Band(number, row, tuple(owned), tuple(shared), figures, closed, told))
    return tuple(found)


def _told(fragment: Fragment, row: int) -> tuple[Line, ...] | None:
    """Return the lines that merged cells tell a band to be; None where they do not."""
    known = [(table, shown[row]) for table, shown in fragment.told]
    return tuple(lines(table)[line] for table, line in known if line is not None) or None


@lru_cache(maxsize=256)
def lines(table: TableTemplate) -> tuple[Line, ...]:
    """List the printed lines of a table, from the top down."""
    found = []
    for row in range(table.rows):
        here = [cell for cell in table.cells if cell.row == row]
        # a printed line number is no label to go by: it reads as a figure
        labels = [c for c in here if c.address is None and c.label and not is_figure(c.label)]
        own = tuple(cell for cell in labels if cell.row_span == 1)
        found.append(
            Line(
                row,
                own,
                tuple(cell for cell in labels if cell.row_span > 1),
                tuple(cell for cell in here if cell.address is not None),
                "".join(cell.label for cell in own),
            )
        )
    return tuple(found)


def merged(parts: Sequence[Band]) -> Band:
    """Return bands that show one line as one: their texts apart and, in case, joined."""
    owned = tuple(text for part in parts for text in part.owned)
    shared = tuple(text for part in parts for text in part.shared)
    joined = ("".join(owned),) if len(owned) > 1 else ()
    return Band(
        parts[0].fragment,
        parts[0].row,
        joined + owned,
        (*shared, "".join(shared)) if len(shared) > 1 else shared,
        max(part.figures for part in parts),
        told=() if len(parts) > 1 and any(part.told for part in parts) else parts[0].told,
    )
