"""Reads a report's prose, where that can help, and holds it against the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from reconstruct.hints import from_prose
from reconstruct.prose import contradictions, phrases, statements, suggested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.report import Finding, Table
    from ocr.labels import LabelReader
    from pipeline.sight import Sight
    from reconstruct.hints import Hint
    from reconstruct.prose import Statement

Prose: TypeAlias = Literal["auto", "always", "never"]
"""When to read the prose: where a figure that it may speak of is open, always, or never."""


Settled: TypeAlias = "tuple[Table, tuple[Finding, ...]]"
"""A table as it was settled, and what was found out about it."""


def weigh_prose(
    settled: Sequence[Settled],
    again: Sequence[Callable[[Sequence[Hint]], Settled]],
    sights: Sequence[Sight],
    reader: LabelReader,
    asked: Prose,
) -> tuple[list[Table], list[Finding]]:
    """Return the tables with what the prose says of them, what was found, and what differs.

    ``again`` settle the tables anew with hints, which is done for those with open figures; of
    figures that stay open the prose is told. Reading all prose takes about as long as reading
    the tables, so that it is done where it can help only, unless ``asked`` says otherwise.
    """
    said: tuple[Statement, ...] = ()
    if asked == "always" or (asked == "auto" and any(_is_open(table) for table, _ in settled)):
        said = statements(prose_of(sights, reader))
    tables: list[Table] = []
    findings: list[Finding] = []
    for one, anew in zip(settled, again, strict=True):
        hints = from_prose(said, one[0])
        wanted = hints and any(cell.needs_review for cell in one[0].cells)
        table, found = anew(hints) if wanted else one
        tables.append(table)
        findings += found
    return list(suggested(said, tables)), [*findings, *contradictions(said, tables)]


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
