"""Doubts lines whose figures stand on another row of the text, above the label or below it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.passage import Piece
    from reconstruct.text_rows import TextRow


def sided(pieces: Sequence[Piece], rows: Sequence[TextRow]) -> tuple[TextRow, ...]:
    """Return the lines of a form, unreliable where their figures may be the next line's.

    Converters put figures on a row of their own where they stand a little higher or lower than
    the label. Below it is what is expected; but where as many figures stand right above a label
    too, and no line before it owns them, all figures may belong to the label that follows.
    """
    texts: dict[int, list[Piece]] = {}
    for piece in pieces:
        texts.setdefault(piece.line, []).append(piece)
    order = sorted(texts)
    before = dict(zip(order[1:], order, strict=False))
    found: list[TextRow] = []
    owned: set[int] = set()
    for row in rows:
        apart = row.label is not None and bool(row.elements) and _apart(row, row.label[1])
        above = None if row.label is None else before.get(row.label[0])
        unowned = above is not None and above not in owned and _may_be(texts[above], row)
        doubted = apart and unowned
        if not doubted:
            owned.update(piece.line for piece in row.elements)
        found.append(replace(row, reliable=False) if doubted else row)
    return tuple(found)


def _apart(row: TextRow, label: int) -> bool:
    return all(piece.line > label for piece in row.elements)


def _may_be(line: Sequence[Piece], row: TextRow) -> bool:
    """Tell whether a row of the text is nothing but figures, as many as a line of the form has."""
    if any(piece.kind not in {"figure", "blank"} for piece in line):
        return False
    return sum(piece.kind == "figure" for piece in line) == len(row.cells)
