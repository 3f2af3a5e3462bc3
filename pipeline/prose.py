"""Reads a report's prose, where that can help, and holds it against the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from reconstruct.prose import contradictions, phrases, statements, suggested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.report import Finding, Table
    from ocr.labels import LabelReader
    from pipeline.sight import Sight

Prose: TypeAlias = Literal["auto", "always", "never"]
"""When to read the prose: where a figure that it may speak of is open, always, or never."""


def weigh_prose(
    tables: Sequence[Table], sights: Sequence[Sight], reader: LabelReader, asked: Prose
) -> tuple[list[Table], list[Finding]]:
    """Return the tables, open figures with what the prose says of them, and what differs.

    Reading all prose takes about as long as reading the tables, so that it is done where it can
    help only, unless ``asked`` says otherwise.
    """
    if asked == "never" or (asked == "auto" and not any(_is_open(table) for table in tables)):
        return list(tables), []
    said = statements(prose_of(sights, reader))
    return list(suggested(said, tables)), list(contradictions(said, tables))


def prose_of(sights: Sequence[Sight], reader: LabelReader) -> tuple[tuple[int, str], ...]:
    """Return all lines outside the tables as (page, text), in reading order."""
    unread = [line.picture for sight in sights for line in sight.loose if line.picture is not None]
    texts = (line.text for line in reader.read(unread))
    return tuple(
        (sight.page, next(texts) if line.picture is not None else line.text or "")
        for sight in sights
        for line in sight.loose
    )


def _is_open(table: Table) -> bool:
    """Tell whether a figure of ``table`` wants a person that the prose may speak of."""
    spoken = {
        address
        for phrase in phrases()
        if phrase.table == table.table
        for addresses in phrase.means
        for address in addresses
    }
    return any(cell.needs_review and cell.address in spoken for cell in table.cells)
