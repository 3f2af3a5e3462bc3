"""Gathers, for each line of a form, the figures that a text prints after its labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from reconstruct.anchors import labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.passage import Piece
    from document.template import TableTemplate, TemplateCell
    from reconstruct.anchors import Anchor

SURE_LABEL = 0.72
"""Likeness from which a label is its line's own, wherever it stands."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line of the form with what stands in its place: figures, and cells marked as empty.

    ``reliable`` is False where its label is in doubt, so that all may belong to another line.
    ``width`` is how many cells the line of the text has, ``whole`` that all elements stand on it,
    ``square`` that all lines around it have just as many.
    ``span`` is how many columns of the form its label takes.
    ``surplus`` counts figures left out because the line has no place for them. ``label`` are the
    first and last row of the text on which its label stands, None where that is not found.
    """

    cells: tuple[TemplateCell, ...]
    elements: tuple[Piece, ...]
    reliable: bool
    width: int = 0
    whole: bool = True
    square: bool = False
    surplus: int = 0
    label: tuple[int, int] | None = None
    span: int = 1

    @property
    def figures(self) -> tuple[Piece, ...]:
        """The elements that are figures."""
        return tuple(piece for piece in self.elements if piece.kind == "figure")

    @property
    def full(self) -> bool:
        """Whether there are just as many figures as the line has places for."""
        return len(self.figures) == len(self.cells)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All lines of a form; ``strange`` are rows of the text that are none of its lines."""

    rows: tuple[TextRow, ...]
    strange: int


def gather(
    pieces: Sequence[Piece], found: Sequence[Anchor], table: TableTemplate, free: Sequence[bool]
) -> Gathered:
    """Return what the text holds for each line of ``table`` that has figures."""
    shapes = _Shapes.of(pieces)
    lines = figure_lines(table)
    labelled = {cell.row for cell in labels_of(table)}
    rows: list[TextRow] = []
    pending: list[Piece] = []
    strange = 0
    for number, (line, cells) in enumerate(lines.items()):
        before = lines_before(lines, number)
        anchors = (
            [a for a in found if before < a.cell.row <= line]
            if line not in labelled
            else [a for a in found if a.cell.row == line]
        )
        leaf = max(
            (c for c in labels_of(table) if c.row == line), key=lambda c: c.column, default=None
        )
        own = max(anchors, key=lambda a: a.last, default=None)
        if own is None:
            n = len(cells)
            mine, pending = pending[:n], pending[n:]
            rows.append(TextRow(cells, tuple(mine), reliable=False))
            continue
        strange += len(pending) > 0
        segment = _segment(pieces, own, found, free)
        if line not in labelled:  # what is empty behind a header belongs to the header
            segment = replace(segment, elements=tuple(_from_first_figure(segment.elements)))
        first, pending = _parted(segment.elements, len(cells)) if segment.elements else ([], [])
        sure = own.likeness >= SURE_LABEL or _between(own, found, lines)
        at = pieces[own.last].line
        rows.append(
            TextRow(
                cells,
                tuple(first),
                reliable=sure
                and not segment.beyond
                and (leaf is None or own.cell is leaf)
                and not _runs_on(first)
                and not _too_wide(first, cells)
                and not (pending and not any(piece.kind == "figure" for piece in first)),
                width=shapes.widths[at],
                whole=all(piece.line == at for piece in first),
                square=shapes.is_square(pieces[own.last].block),
                label=(pieces[own.first].line, at),
                span=own.cell.column_span,
            )
        )
        missing = _missing_after(lines, number, found)
        if len(pending) != sum(missing):
            if pending and first and (not rows[-1].whole or pending[0].line == first[-1].line):
                rows[-1] = replace(rows[-1], surplus=len(pending))
            strange += bool(pending)
            pending = []
    beside = any(_beside_label(row) for row in rows)
    rows = [replace(r, reliable=r.reliable and not (beside and _below_label(r))) for r in rows]
    return Gathered(tuple(rows), strange + bool(pending))


def _beside_label(row: TextRow) -> bool:
    """Tell whether a line's first figure stands on the row of the text where its label ends."""
    return row.label is not None and bool(row.figures) and row.figures[0].line == row.label[1]


def _below_label(row: TextRow) -> bool:
    """Tell whether a line's figures all stand below its label: they may be of a label lost."""
    return row.label is not None and bool(row.figures) and row.figures[0].line > row.label[1]


def lines_before(lines: Mapping[int, object], number: int) -> int:
    """Return the last line with figures before the ``number``-th one, −1 for the first."""
    return list(lines)[number - 1] if number else -1


def figure_lines(table: TableTemplate) -> dict[int, tuple[TemplateCell, ...]]:
    """Return the figures of each line of a form that has any, from left to right."""
    ordered = sorted(table.figures, key=lambda cell: (cell.row, cell.column))
    return {row: tuple(cells) for row, cells in groupby(ordered, key=lambda cell: cell.row)}


@dataclass(frozen=True, slots=True)
class _Shapes:
    """How many cells each line of the text has, and which widths occur in each block."""

    widths: Mapping[int, int]
    of_block: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> _Shapes:
        widths: dict[int, int] = {}
        blocks: dict[int, int] = {}
        for piece in pieces:
            widths[piece.line] = max(widths.get(piece.line, 0), piece.cell + 1)
            blocks[piece.line] = piece.block
        of_block: dict[int, list[int]] = {}
        for line, width in widths.items():
            of_block.setdefault(blocks[line], []).append(width)
        return cls(widths, {block: tuple(mine) for block, mine in of_block.items()})

    def is_square(self, block: int) -> bool:
        """Tell whether all lines of a block, three at least, have equally many cells."""
        mine = [width for width in self.of_block[block] if width > 1]
        return len(mine) > 2 and len(set(mine)) == 1


@dataclass(frozen=True, slots=True)
class _Segment:
    elements: tuple[Piece, ...]
    strange: int
    beyond: bool = False


def _segment(
    pieces: Sequence[Piece], own: Anchor, found: Sequence[Anchor], free: Sequence[bool]
) -> _Segment:
    """Return the figures and empty cells between a label and the next one."""
    end = min((a.first for a in found if a.first > own.last), default=None)
    stop = len(pieces) if end is None else end
    at = pieces[own.last].line
    kept: list[Piece] = []
    strange, worded, beyond = 0, False, False
    rest = [(i, pieces[i]) for i in range(own.last + 1, stop)]
    for line, group in groupby(rest, key=lambda one: one[1].line):
        mine = list(group)
        words = any(p.kind == "words" for i, p in mine)
        figures = [p for _, p in mine if p.kind == "figure"]
        if any(p.kind == "prose" for _, p in mine) or not all(free[i] for i, _ in mine):
            break
        if line == at:
            kept += [p for _, p in mine if p.kind != "words"]
        elif words:
            if end is None:
                break
            strange += bool(figures)
            worded = True
        elif figures:
            beyond = beyond or worded  # words in between may be the label that owns them
            last = max(number for number, (_, p) in enumerate(mine) if p.kind == "figure")
            # what is empty behind the last figure of a line leads to the next label
            kept += [p for _, p in mine[: last + 1]] if end is not None else [p for _, p in mine]
    return _Segment(tuple(kept), strange, beyond)


def _parted(elements: Sequence[Piece], places: int) -> tuple[list[Piece], list[Piece]]:
    """Part the elements of a line from figures that follow, for which it has no place."""
    own = [piece for piece in elements if piece.line == elements[0].line]
    later = [p for p in elements[len(own) :] if p.kind == "figure"]
    if later and not any(p.kind == "figure" for p in own):
        return own, later  # its cells are marked and empty: what follows has lost its label
    count = 0
    for number, piece in enumerate(elements):
        count += piece.kind == "figure"
        whole = number + 1 == len(elements) or elements[number + 1].line != piece.line
        if count == places and (whole or _stacked(elements)):
            rest = [p for p in elements[number + 1 :] if p.kind == "figure"]
            blanks = [] if rest else [p for p in elements[number + 1 :] if p.line == piece.line]
            return [*elements[: number + 1], *blanks], rest
    return list(elements), []


def _from_first_figure(elements: Sequence[Piece]) -> Sequence[Piece]:
    """Drop what stands on lines before the first figure's."""
    line = next((piece.line for piece in elements if piece.kind == "figure"), None)
    return [] if line is None else [piece for piece in elements if piece.line >= line]


def _stacked(elements: Sequence[Piece]) -> bool:
    """Tell whether nearly every element has a line of its own."""
    return len({piece.line for piece in elements}) > 0.8 * len(elements)


def _runs_on(elements: Sequence[Piece]) -> bool:
    """Tell whether figures go on in another line without a page's end between: no row does so."""
    return not _stacked(elements) and any(
        a.line != b.line and a.page == b.page for a, b in pairwise(elements)
    )


def _too_wide(elements: Sequence[Piece], cells: Sequence[TemplateCell]) -> bool:
    """Tell whether more cells lie between a line's figures than it has: another line is in it."""
    at = [number for number, piece in enumerate(elements) if piece.kind == "figure"]
    wide = max(len(cells), cells[-1].column + cells[-1].column_span - cells[0].column)
    return bool(at) and at[-1] - at[0] >= wide


def _between(own: Anchor, found: Sequence[Anchor], lines: Mapping[int, object]) -> bool:
    """Tell whether the lines before and after are surely found, so that this one is certain."""
    rows = list(lines)
    if own.cell.row not in rows:
        return True
    at = rows.index(own.cell.row)
    near = [rows[i] for i in (at - 1, at + 1) if 0 <= i < len(rows)]
    return own.likeness >= 0.5 and all(
        any(a.cell.row == row and a.likeness >= SURE_LABEL for a in found) for row in near
    )


def _missing_after(
    lines: Mapping[int, Sequence[TemplateCell]], number: int, found: Sequence[Anchor]
) -> list[int]:
    """Return how many figures each of the next lines has whose labels are not found."""
    missing = []
    for row in list(lines)[number + 1 :]:
        if any(a.cell.row == row for a in found):
            break
        missing.append(len(lines[row]))
    return missing
