"""A document without pages: text, tables of cells, and pictures, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class FlowCell:
    """A cell of a table: the row and column it begins at, how many it spans, and its text."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class FlowTable:
    """A table of ``rows`` × ``columns``; its cells do not overlap, and may leave gaps."""

    rows: int
    columns: int
    cells: tuple[FlowCell, ...]


@dataclass(frozen=True, slots=True)
class FlowText:
    """A paragraph."""

    text: str


Margins: TypeAlias = tuple[float, float, float, float]
"""Shares of a picture's width and height: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """A picture: its name in the document, and the bytes of its file.

    ``hidden`` are the margins of it that the document does not show.
    """

    name: str
    content: bytes
    hidden: Margins = (0.0, 0.0, 0.0, 0.0)


Block: TypeAlias = FlowTable | FlowText | FlowPicture


@dataclass(frozen=True, slots=True)
class Flow:
    """What a document holds, cut where its pictures stand: each picture is a page of its own.

    ``absent`` names the pictures that it shows and does not hold.
    """

    sections: tuple[tuple[Block, ...], ...]
    absent: tuple[str, ...] = ()


def cut(blocks: tuple[Block, ...], absent: tuple[str, ...] = ()) -> Flow:
    """Cut blocks into sections: what stands between pictures, and each picture."""
    sections: list[list[Block]] = []
    open_one = False
    for block in blocks:
        if isinstance(block, FlowPicture):
            sections.append([block])
            open_one = False
        elif open_one:
            sections[-1].append(block)
        else:
            sections.append([block])
            open_one = True
    return Flow(tuple(tuple(section) for section in sections), absent)
