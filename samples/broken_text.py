"""Writes tables as the texts that converters make of them: grids flattened, lost, broken.

What really happened to published reports when their pages were turned into text: cells parted by
tabs or bars with spans flattened, a cell on each line, separators lost altogether, page breaks in
the middle, cells dropped, headers scrambled. See ``STYLES`` and ``damage``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence

    from document.template import Address, TableTemplate

Style: TypeAlias = Literal[
    "tabs", "flat-tabs", "bars", "padded-bars", "markdown", "stacked", "lines", "spaces", "gaps",
    "runs", "barred", "wrapped", "own-bars", "below-bars",
]  # fmt: skip
STYLES: tuple[Style, ...] = (
    "tabs", "flat-tabs", "bars", "padded-bars", "markdown", "stacked", "lines", "spaces", "gaps",
    "runs", "barred", "wrapped", "own-bars", "below-bars",
)  # fmt: skip
KEEPS_BLANKS = frozenset({"tabs", "flat-tabs", "bars", "padded-bars", "markdown", "stacked"})
HEADINGS = {
    "t2": "二、主动公开政府信息情况",
    "t3": "三、收到和处理政府信息公开申请情况",
    "t4": "四、政府信息公开行政复议、行政诉讼情况",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a row as written: a label, a figure (with its address), or a span's empty part."""

    text: str
    address: Address | None = None
    spanned: bool = False
    header: bool = False


Row: TypeAlias = tuple[Slot, ...]


def rows_of(table: TableTemplate, printed: Mapping[Address, str]) -> list[Row]:
    """Lay a table out in rows, a slot for every band; parts of spans are empty."""
    rows: list[Row] = []
    first = min(cell.row for cell in table.figures)
    cells = {
        (row, column): cell
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    for band in range(table.rows):
        slots: list[Slot] = []
        for column in range(table.columns):
            cell = cells[band, column]
            if (cell.row, cell.column) != (band, column):
                slots.append(Slot("", spanned=True))
            elif cell.address is None:
                slots.append(Slot(cell.label, header=band < first))
            else:
                slots.append(Slot(printed[cell.address], cell.address))
        rows.append(tuple(slots))
    return rows


def write(rows: Sequence[Row], style: Style, rng: random.Random) -> str:
    """Write rows in a style, one text line (or more) for each."""
    return "\n".join(_lines(rows, style, rng))


def _lines(rows: Sequence[Row], style: Style, rng: random.Random) -> Iterator[str]:
    width = max((len(row) for row in rows), default=0)
    for number, row in enumerate(rows):
        texts, own = [slot.text for slot in row], [slot.text for slot in _own(row)]
        if style in {"tabs", "flat-tabs"}:
            yield "\t".join(texts if style == "tabs" else own)
        elif style == "markdown":
            yield "| " + " | ".join(texts) + " |"
            if number == 0:
                yield "|" + "---|" * len(row)
        elif style in {"bars", "padded-bars", "own-bars"}:
            yield _barred(row, style, width)
        elif style in {"stacked", "lines", "barred", "below-bars"}:
            yield from _one_below_the_other(row, style, width, rng)
        elif style == "wrapped" and all(slot.header for slot in row if slot.text):
            yield from _wrapped_labels([text for text in own if text], rng.choice((1, 2)))
        elif any(texts):
            yield _tight(row, {"gaps": "   ", "runs": ""}.get(style, " "))


def _one_below_the_other(row: Row, style: Style, width: int, rng: random.Random) -> Iterator[str]:
    """Write the cells of a row on a line each."""
    own = [slot.text for slot in _own(row)]
    if style == "stacked":
        yield from ("\t" + _wrapped(slot.text, rng) for slot in row if _stands(slot, row))
        yield ""
    elif style == "lines":
        yield from (text for text in own if text)
    elif style == "below-bars":
        yield from (line for text in own for line in (text, "|" if text != "\f" else "") if line)
    elif own:
        yield "|"
        yield from (f"{text} |" for text in own[:-1])
        yield f"{own[-1]} |" + (" " + "|" * (width - len(own)) if width > len(own) else "")


def _barred(row: Row, style: Style, width: int) -> str:
    """Write a row with bars: all slots, or its own cells, padded or behind merged ones."""
    texts, own = [slot.text for slot in row], [slot.text for slot in _own(row)]
    if style == "bars":
        return " | ".join(texts)
    if style == "padded-bars":
        return " | ".join(own) + " | " + "|" * (width - len(own))
    merged = next((at for at, slot in enumerate(row) if not slot.spanned), 0)
    return " | ".join([""] * merged + own).strip(" ") + " |"


def _own(row: Row) -> list[Slot]:
    return [slot for slot in row if not slot.spanned]


def _stands(slot: Slot, row: Row) -> bool:
    """Tell whether a stacked cell is written: of spans, only those to the left of the labels."""
    return not slot.spanned or row.index(slot) < 2


def _wrapped(text: str, rng: random.Random) -> str:
    if 3 < len(text) < 6 and text.isalpha() and rng.random() < 0.5:
        return f"{text[:2]}\n{text[2:]}"
    return text


def _wrapped_labels(labels: Sequence[str], size: int) -> Iterator[str]:
    """Write labels side by side as narrow cells print them, so many characters on a line."""
    chunks = [
        [text[at : at + size] for at in range(0, len(text), size)] if len(text) <= 6 else [text]
        for text in labels
    ]
    for number in range(max(map(len, chunks), default=0)):
        yield " ".join(mine[number] for mine in chunks if number < len(mine))


def _tight(row: Row, gap: str) -> str:
    """Write a row with its empty cells lost; figures and labels are parted by ``gap``."""
    labels = [slot.text for slot in row if slot.address is None and slot.text]
    figures = [slot.text for slot in row if slot.address is not None and slot.text]
    between = gap or (" " if len(labels) > 1 else "")
    tail = gap.join(figures)
    return between.join(labels) + (gap if labels and figures else "") + tail


# ------------------------------------------------------------------------------------ damages
Damage: TypeAlias = Literal[
    "drop-cell", "drop-last", "break", "break-in-row", "misprint", "header", "no-header",
    "drop-label", "drop-row", "escape", "stray", "width",
]  # fmt: skip
DAMAGES: tuple[Damage, ...] = (
    "drop-cell", "drop-last", "break", "break-in-row", "misprint", "header", "no-header",
    "drop-label", "drop-row", "escape", "stray", "width",
)  # fmt: skip


def damage(rows: list[Row], kind: Damage, rng: random.Random) -> list[Row]:
    """Return rows with a damage done to them; a page break is a row of one slot, a form feed."""
    body = [n for n, row in enumerate(rows) if any(slot.address for slot in row)]
    if not body:
        return rows
    at = rng.choice(body)
    row = rows[at]
    figures = [n for n, slot in enumerate(row) if slot.address]
    if kind == "drop-last":
        new = [(*row[: figures[-1]], *row[figures[-1] + 1 :])]
    elif kind == "drop-cell":
        gone = rng.choice(figures)
        new = [(*row[:gone], *row[gone + 1 :])]
    elif kind == "break":
        new = [(Slot("\f"),), row]
    elif kind == "stray":
        new = [(Slot(str(rng.randint(2, 9))),), (Slot("\f"),), row]
    elif kind == "break-in-row":
        middle = rng.choice(figures)
        new = [row[:middle], (Slot("\f"),), row[middle:]]
    elif kind == "drop-row":
        new = []
    elif kind == "escape":
        new = [(*(s for s in row if not s.spanned), *(s for s in row if s.spanned))]
    else:
        return _respelled(rows, kind, at, rng)
    return [*rows[:at], *new, *rows[at + 1 :]]


def _respelled(rows: list[Row], kind: Damage, at: int, rng: random.Random) -> list[Row]:
    """Return rows whose labels are damaged, or whose figures are printed in full width."""
    if kind == "no-header":
        return [row for row in rows if not any(slot.header for slot in row)]
    if kind == "header":
        return [tuple(_shortened(slot, rng) for slot in row) for row in rows]
    if kind == "drop-label":
        new = tuple(replace(s, text="") if s.address is None else s for s in rows[at])
    elif kind == "misprint":
        new = tuple(_misprinted(slot, rng) for slot in rows[at])
    else:
        new = tuple(replace(slot, text=_wide(slot.text)) for slot in rows[at])
    return [*rows[:at], new, *rows[at + 1 :]]


def _misprinted(slot: Slot, rng: random.Random) -> Slot:
    if slot.address is not None or len(slot.text) < 5:
        return slot
    at = rng.randrange(len(slot.text) - 1)
    return replace(slot, text=slot.text[:at] + slot.text[at + 1 :])


def _shortened(slot: Slot, rng: random.Random) -> Slot:
    if slot.header and len(slot.text) == 4 and rng.random() < 0.7:
        return replace(slot, text=slot.text[:2])
    return slot


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in text)
