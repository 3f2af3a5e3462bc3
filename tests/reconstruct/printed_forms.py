"""Prints a form's tables as fragments, without pixels: what a perfect page would come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from document.fragment import Fragment, SpanText
from document.geometry import Box
from document.lattice import Lattice, Span
from document.template import TemplateCell
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.template import Address, TableTemplate, Template
    from reconstruct.register import Registration

HEIGHT = 40.0
PITCH = 15.0
LEFT, TOP = 90.0, 120.0


@dataclass(frozen=True)
class Printed:
    """Fragments of one table, and where each figure of it stands: (fragment, box)."""

    table: TableTemplate
    fragments: tuple[Fragment, ...]
    boxes: dict[Address, tuple[int, Box]]


def form(name: str) -> Template:
    return next(one for one in builtin() if one.id == f"cn-foi/{name}")


def table(name: str, kind: str) -> TableTemplate:
    return next(one for one in form(name).tables if one.id == kind)


def as_printed(cell: TemplateCell) -> str:
    return cell.label if cell.address is None else "3"


def printed(
    table: TableTemplate,
    *,
    rows: Sequence[int] | None = None,
    cuts: Sequence[int] = (),
    say: Callable[[TemplateCell], str] = as_printed,
    footnote: str = "",
    xs: Sequence[float] | None = None,
) -> Printed:
    """Print ``table``, cut below its first ``cuts`` bands.

    ``rows`` are the lines of the form that are there at all; ``say`` the text of each cell;
    ``footnote`` adds a band as wide as the table below it.
    """
    kept = list(range(table.rows)) if rows is None else list(rows)
    placed = [(cell, at) for cell in table.cells if (at := _extent(cell, kept))]
    if footnote:
        last = len(kept)
        whole = TemplateCell(last, 0, 1, table.columns, footnote, (), None, None)
        placed.append((whole, (last, last + 1)))
        kept.append(-1)
    edges = xs or _edges(table)
    fragments, boxes = [], {}
    for number, (top, bottom) in enumerate(pairwise([0, *cuts, len(kept)])):
        here = [
            (cell, at, (max(at[0], top) - top, min(at[1], bottom) - top))
            for cell, at in placed
            if at[0] < bottom and at[1] > top
        ]
        spans = []
        for cell, whole_extent, (first, last) in here:
            left, right = edges[cell.column], edges[cell.column + cell.column_span]
            box = Box(left, TOP + first * HEIGHT, right, TOP + last * HEIGHT)
            lines = _lines(say(cell), box.width, whole_extent, top, (first, last))
            text = "".join(text for _, text in lines)
            if cell.address is not None and len(text) <= 3:
                lines = ()
            end = cell.column + cell.column_span
            span = Span(first, last, cell.column, end, box)
            spans.append(SpanText(span, lines, bool(text)))
            if cell.address is not None:
                boxes[cell.address] = (number, box)
        fragments.append(Fragment(_lattice(number, edges, bottom - top, spans), tuple(spans)))
    return Printed(table, tuple(fragments), boxes)


def assert_right(found: Registration, page: Printed) -> None:
    """Every figure that is printed stands at its own address, and no other is claimed."""
    where = {place.address: (place.fragment, place.polygon) for place in found.places}
    assert where == {address: (n, box.polygon) for address, (n, box) in page.boxes.items()}


def relabelled(
    changes: dict[str, str], say: Callable[[TemplateCell], str] = as_printed
) -> Callable[[TemplateCell], str]:
    """Return ``say`` with some labels replaced."""

    def other(cell: TemplateCell) -> str:
        return changes.get(cell.label, say(cell)) if cell.address is None else say(cell)

    return other


def fragment_of(texts: Sequence[Sequence[str]], headings: tuple[str, ...] = ()) -> Fragment:
    """Print a table without spans: one text a cell."""
    edges = [LEFT + 100.0 * j for j in range(len(texts[0]) + 1)]
    spans = []
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            box = Box(
                edges[column], TOP + row * HEIGHT, edges[column + 1], TOP + (row + 1) * HEIGHT
            )
            figure = text.isdigit() and len(text) <= 3
            lines = () if figure or not text else ((box.center[1], text),)
            span = Span(row, row + 1, column, column + 1, box)
            spans.append(SpanText(span, lines, bool(text)))
    return Fragment(_lattice(0, edges, len(texts), spans), tuple(spans), headings)


def without_column_line(fragment: Fragment, column: int) -> Fragment:
    """Erase the line at a column separator in every row, and join the cells it parted."""
    lattice = fragment.lattice
    nodes = tuple((*row[:column], *row[column + 1 :]) for row in lattice.nodes)
    across = tuple((*row[: column - 1], *row[column:]) for row in lattice.across)
    down = tuple((*row[:column], *row[column + 1 :]) for row in lattice.down)
    walls = (*lattice.column_walls[:column], *lattice.column_walls[column + 1 :])
    thinner = replace(lattice, nodes=nodes, across=across, down=down, column_walls=walls)
    spans: list[SpanText] = []
    for cell in fragment.spans:
        span = cell.span
        right = span.right - (span.right >= column)
        left = span.left - (span.left >= column)
        before = next(
            (o for o in spans if (o.span.top, o.span.right) == (span.top, column - 1)), None
        )
        if span.left == column and before is not None and span.bottom == before.span.bottom:
            spans.remove(before)
            box = Box(before.span.box.left, span.box.top, span.box.right, span.box.bottom)
            joined = Span(span.top, span.bottom, before.span.left, right, box)
            spans.append(SpanText(joined, (*before.lines, *cell.lines), before.inked or cell.inked))
        else:
            moved = replace(span, left=min(left, right - 1), right=right)
            spans.append(replace(cell, span=moved))
    return Fragment(thinner, tuple(spans), fragment.headings)


def _extent(cell: TemplateCell, kept: Sequence[int]) -> tuple[int, int] | None:
    """Return the bands (first, end) in which a cell of the form is printed."""
    here = [i for i, row in enumerate(kept) if cell.row <= row < cell.row + cell.row_span]
    return (here[0], here[-1] + 1) if here else None


def _edges(table: TableTemplate) -> list[float]:
    figures = {cell.column for cell in table.figures}
    widths = [60.0 if column in figures else 130.0 for column in range(table.columns)]
    return list(accumulate(widths, initial=LEFT))


def _lines(
    text: str, width: float, extent: tuple[int, int], top: int, own: tuple[int, int]
) -> tuple[tuple[float, str], ...]:
    """Break a text as its cell is wide; return the lines that stand in the bands ``own``."""
    if not text:
        return ()
    tall = extent[1] - extent[0]
    length = max(4, int(width / 8)) if tall == 1 else 4
    chunks = [text[i : i + length] for i in range(0, len(text), length)]
    pitch = min(PITCH, tall * HEIGHT / (len(chunks) + 1))
    middle = TOP + ((extent[0] + extent[1]) / 2 - top) * HEIGHT
    ys = [middle + (k - (len(chunks) - 1) / 2) * pitch for k in range(len(chunks))]
    low, high = TOP + own[0] * HEIGHT, TOP + own[1] * HEIGHT
    return tuple((y, chunk) for y, chunk in zip(ys, chunks, strict=True) if low <= y < high)


def _lattice(page: int, xs: Sequence[float], rows: int, spans: Sequence[SpanText]) -> Lattice:
    owner = [[-1] * (len(xs) - 1) for _ in range(rows)]
    for number, cell in enumerate(spans):
        for row in range(cell.span.top, cell.span.bottom):
            for column in range(cell.span.left, cell.span.right):
                owner[row][column] = number
    columns = len(xs) - 1

    def apart(a: tuple[int, int], b: tuple[int, int]) -> float:
        inside = all(0 <= r < rows and 0 <= c < columns for r, c in (a, b))
        return float(not inside or owner[a[0]][a[1]] != owner[b[0]][b[1]])

    return Lattice(
        page,
        tuple(tuple((float(x), TOP + i * HEIGHT) for x in xs) for i in range(rows + 1)),
        tuple(tuple(apart((i - 1, j), (i, j)) for j in range(columns)) for i in range(rows + 1)),
        tuple(tuple(apart((i, j - 1), (i, j)) for j in range(columns + 1)) for i in range(rows)),
        (0.0,) * (rows + 1),
        (0.0,) * (columns + 1),
    )
