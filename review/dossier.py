"""A document as it stands with what people decided, and what one more answer changes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.decisions import Entry, Shown, holding
from pipeline.journal import counts
from review.leases import Spot

if TYPE_CHECKING:
    from document.decision import Answer, Decision
    from document.report import Cell, Figure, Report, Table
    from pipeline.journal_queries import Filed
    from review.foresight import Foresight


@dataclass(frozen=True, slots=True)
class Dossier:
    """A document with its report as it was read and as it stands with all that was decided."""

    filed: Filed
    read: Report
    report: Report
    entries: tuple[Entry, ...]

    @property
    def left(self) -> int:
        """How many figures want a person."""
        return sum(cell.needs_review for cell in self.report.cells)

    def table(self, name: str) -> Table | None:
        """Return a table by its name."""
        return next((one for one in self.report.tables if one.table == name), None)

    def cell(self, spot: Spot) -> Cell | None:
        """Return a figure."""
        return _cell(self.report, spot)

    def read_cell(self, spot: Spot) -> Cell | None:
        """Return a figure as it was read, whatever people decided."""
        return _cell(self.read, spot)

    def history(self, spot: Spot) -> tuple[Entry, ...]:
        """Return what people said of a figure, in its order."""
        return tuple(e for e in self.entries if (e.table, e.address) == (spot.table, spot.address))

    def holding_with(self, one: Decision) -> tuple[Decision, ...]:
        """Return what would hold if a decision were written down now."""
        number = self.entries[-1].id + 1 if self.entries else 1
        where = (self.filed.sha256, one.table, one.address)
        entry = Entry(number, *where, 0, one.person, one.decided, one, None, Shown())
        return holding((*self.entries, entry))


def _cell(report: Report, spot: Spot) -> Cell | None:
    cells = (one for table in report.tables if table.table == spot.table for one in table.cells)
    return next((one for one in cells if one.address == spot.address), None)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a figure; ``after`` is the turn of the last entry they were shown."""

    spot: Spot
    answer: Answer
    value: Figure | None
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer changed: the figures that want nobody any more, and those that do now."""

    entry: Entry
    dossier: Dossier
    settled: tuple[Spot, ...]
    opened: tuple[Spot, ...]

    @property
    def certain(self) -> bool:
        """Whether nothing of the report wants a person now."""
        return self.dossier.report.status in {"clean", "repaired"}


def standing(
    document: Filed, read: Report, entries: tuple[Entry, ...], settle: Foresight
) -> Dossier:
    """Settle what was read with what was decided; the document's numbers are those of that."""
    report = settle(document, read, holding(entries))
    now = counts(report)
    stands = replace(document, status=report.status, repaired=now["repaired"], review=now["review"])
    return Dossier(stands, read, report, entries)


def open_spots(dossier: Dossier) -> list[Spot]:
    """Return the figures that want a person, in the order of the report."""
    return [
        Spot(dossier.filed.sha256, table.table, cell.address)
        for table in dossier.report.tables
        for cell in table.cells
        if cell.needs_review
    ]
