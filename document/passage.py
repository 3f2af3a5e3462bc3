"""A text that holds tables: its lines, cut into cells, and these into words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

PieceKind: TypeAlias = Literal["words", "figure", "blank", "prose"]
"""Words may be a label, or a part of one. A blank is a cell that is marked and empty. Prose is a
line that is no row of a table."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, in reading order.

    ``line`` counts the rows of the text from 0 (where a cell stands on each line, a row is what
    lies between empty lines), ``cell`` the cells of that row. ``block`` changes at every empty
    line. ``stray`` tells that it may be a page number: a figure alone beside a page break.
    ``doubted`` tells that the text itself asks whether this is right: "12?".
    """

    kind: PieceKind
    text: str
    page: int
    block: int
    line: int
    cell: int
    stray: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A whole text: its pieces, and its rows as (page, text), which ``Piece.line`` counts.

    ``pictures`` are the rows where a picture stood. Pages count from 1. ``kept`` tells that
    whoever wrote it kept the grids of its tables: no cell is lost and none is padding.
    """

    pieces: tuple[Piece, ...]
    lines: tuple[tuple[int, str], ...]
    pictures: tuple[int, ...]
    pages: int
    kept: bool = False
