"""A table as it will be drawn: the form's printed grid, worded and filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    from document.template import Address, TableTemplate, TemplateCell
    from samples.figures import TableFigures
    from samples.style import Style

Kind: TypeAlias = Literal["figure", "label", "header"]
HALF = str.maketrans({"（": "(", "）": ")", "，": ",", "：": ":"})
# Column heads that agencies like to break by hand.
NARROW = frozenset({"商业企业", "科研机构", "结果维持", "结果纠正", "其他结果", "尚未审结"})


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """One cell with its place on the grid and its text; ``address`` for figures only."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    kind: Kind
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """One table: ``widths`` are shares of the text width; ``break_rows`` start a new page."""

    table: str
    rows: int
    columns: int
    widths: tuple[float, ...]
    cells: tuple[DrawnCell, ...]
    break_rows: tuple[int, ...] = ()


def lay_grid(
    template: TableTemplate, figures: TableFigures, style: Style, rng: np.random.Generator
) -> DrawnTable:
    """Fill the printed grid of ``template`` with ``figures`` in the wording of ``style``."""
    header_rows = {cell.row for cell in template.cells} - {
        cell.row for cell in template.cells if cell.address
    }
    cells = tuple(_draw(cell, figures, style, rng, header_rows) for cell in template.cells)
    columns = template.columns
    widths = {"t2": style.t2_widths, "t3": style.t3_widths}.get(template.id, ())
    table = DrawnTable(
        template.id,
        template.rows,
        columns,
        widths or tuple(1 / columns for _ in range(columns)),
        cells,
    )
    if template.id == "t3" and style.top_total:
        table = _total_on_top(table)
    if template.id == "t3" and style.hand_split:
        table = _split_by_hand(table, int(rng.integers(9, 13)))
    if template.id == "t2" and style.uneven_t2:
        table = _uneven(table)
    return table


def _draw(
    cell: TemplateCell,
    figures: TableFigures,
    style: Style,
    rng: np.random.Generator,
    header_rows: set[int],
) -> DrawnCell:
    place = (cell.row, cell.column, cell.row_span, cell.column_span)
    if cell.address is not None:
        return DrawnCell(*place, figures.entry(cell.address).printed, "figure", cell.address)
    kind: Kind = "header" if cell.row in header_rows else "label"
    return DrawnCell(*place, word(cell, style, rng), kind)


def word(cell: TemplateCell, style: Style, rng: np.random.Generator) -> str:
    """Return the label of ``cell`` in the wording of ``style``, line feeds where it breaks."""
    text = cell.label
    if style.variants and cell.variants and rng.random() < 0.6:
        text = cell.variants[int(rng.integers(len(cell.variants)))]
    if style.item_mark != "." and text[:1].isdigit() and text[1:2] == ".":
        text = text[0] + style.item_mark + text[2:]
    if style.half_width:
        text = text.translate(HALF)
    if style.breaks and text in NARROW:
        text = text[:2] + "\n" + text[2:]
    if style.breaks and text == "总计" and rng.random() < 0.3:
        text = "总 计"
    return text


def _total_on_top(table: DrawnTable) -> DrawnTable:
    """Print 总计 beside 申请人情况 instead of under it, as some agencies do."""
    cells = []
    last = table.columns - 1
    for cell in table.cells:
        new = cell
        if cell.row == 0 and cell.column + cell.column_span - 1 == last:
            new = replace(cell, column_span=cell.column_span - 1)
        elif cell.row == 1 and cell.column == last:
            new = replace(cell, row=0, row_span=cell.row_span + 1)
        cells.append(new)
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def _split_by_hand(table: DrawnTable, rows: int) -> DrawnTable:
    """Print the long merged label of 表三 as two cells, one under the other."""
    cells: list[DrawnCell] = []
    for cell in table.cells:
        if cell.row_span > 15 and cell.kind == "label":
            cells.append(replace(cell, row_span=rows))
            rest = replace(cell, row=cell.row + rows, row_span=cell.row_span - rows)
            cells.append(rest)
        else:
            cells.append(cell)
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def _uneven(table: DrawnTable) -> DrawnTable:
    """Draw 表二 on five columns: the rows of three figures disagree about the middle line."""
    if table.columns != 4:
        return table
    cells = []
    for cell in table.cells:
        late = cell.column > 1
        inner = cell.column == 1 and cell.column_span == 1
        shifted = replace(cell, column=cell.column + 1) if late else cell
        if inner and cell.kind == "figure":
            shifted = replace(shifted, column_span=2)
        elif cell.column == 2 and cell.kind != "figure":
            shifted = replace(cell, column_span=cell.column_span + 1)
        elif cell.column <= 1 < cell.column + cell.column_span - 1:
            shifted = replace(shifted, column_span=cell.column_span + 1)
        cells.append(shifted)
    a, b, c, d = table.widths
    widths = (a, b * 0.92, b * 0.16, c * 0.92, d)
    total = sum(widths)
    return replace(table, columns=5, widths=tuple(w / total for w in widths), cells=tuple(cells))


def cut_rows(table: DrawnTable, start: int, stop: int, labels: str) -> DrawnTable:
    """Return rows [start, stop) as a table of its own, as a page break leaves them.

    ``labels`` says what becomes of a merged label that is cut: "cut" shares its text out
    between the halves, "first" leaves it on the first, "repeat" prints it on both.
    """
    cells = []
    for cell in table.cells:
        top, bottom = max(cell.row, start), min(cell.row + cell.row_span, stop)
        if top >= bottom:
            continue
        text = cell.text
        if bottom - top < cell.row_span and labels != "repeat":
            if labels == "first":
                text = text if top == cell.row else ""
            else:
                done = round(len(text) * (top - cell.row) / cell.row_span)
                text = text[done : round(len(text) * (bottom - cell.row) / cell.row_span)]
        cells.append(replace(cell, row=top - start, row_span=bottom - top, text=text))
    return replace(table, rows=stop - start, cells=tuple(cells), break_rows=())
