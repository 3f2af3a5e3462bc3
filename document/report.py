"""The result: figures with their status and reason, checks, findings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from document.message import NOTHING, Message

if TYPE_CHECKING:
    from document.geometry import Polygon
    from document.reading import Reading
    from document.template import Address, CellType

Figure: TypeAlias = int | Decimal
ReportStatus: TypeAlias = Literal["clean", "repaired", "review", "failed"]


class Status(StrEnum):
    """How a cell's value came about."""

    READ = "read"
    REPAIRED = "repaired"
    DERIVED = "derived"
    DISPUTED = "disputed"
    UNREADABLE = "unreadable"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A figure's place as found on a page, with what was read there and nothing decided.

    ``polygon`` is in pixels of the page image (original pixels). ``reading`` is None where the
    cell was not found on any page; ``page`` is then 0 and ``polygon`` None.
    ``reliable`` is False where its place is in doubt, so that even a clear reading may belong
    to another address.
    """

    address: Address
    type: CellType
    reading: Reading | None
    page: int
    polygon: Polygon | None
    reliable: bool = True


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A registered table, read but not yet checked. Cells in the template's order."""

    table: str
    template: str
    pages: tuple[int, ...]
    cells: tuple[ReadCell, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the result.

    ``printed`` is the text as read, never overwritten; ``value`` what Gouji stands for, None
    where that is nothing (blank, dash, unreadable). ``confidence`` is the probability that
    ``value`` is what the page prints. ``suggestion`` is a value that equations alone imply;
    it never becomes ``value`` by itself. ``reliable`` is that of the ``ReadCell``.
    """

    address: Address
    printed: str
    value: Figure | None
    status: Status
    needs_review: bool
    confidence: float
    reason: Message
    reading: Reading | None
    page: int
    polygon: Polygon | None
    suggestion: Figure | None = None
    reliable: bool = True

    def because(self, reason: Message) -> Cell:
        """Return the cell with a reason. Many get one: ``replace`` would take thrice as long."""
        return Cell(
            self.address,
            self.printed,
            self.value,
            self.status,
            self.needs_review,
            self.confidence,
            reason,
            self.reading,
            self.page,
            self.polygon,
            self.suggestion,
            self.reliable,
        )


@dataclass(frozen=True, slots=True)
class Check:
    """An equation evaluated: ``found`` is the stated side, ``expected`` the sum of the parts.

    ``holds`` is None where a cell of it is unreadable, so that nothing can be said.
    """

    equation: str
    holds: bool | None
    expected: Figure | None
    found: Figure | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know, with its cause and remedy.

    ``wants_person`` is True where somebody has to look before the report can be relied on.
    """

    code: str
    message: Message = NOTHING
    table: str | None = None
    cells: tuple[Address, ...] = ()
    page: int | None = None
    wants_person: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A finished table. Cells in the template's order, row by row."""

    table: str
    template: str
    pages: tuple[int, ...]
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The input file: its name, the sha256 of its bytes, how many pages it has."""

    file: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything Gouji says about one document."""

    source: Source
    agency: str | None
    year: int | None
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    failed: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells of all tables."""
        return tuple(cell for table in self.tables for cell in table.cells)

    @property
    def status(self) -> ReportStatus:
        """failed, review (a cell or finding wants a person), repaired, or clean."""
        if self.failed:
            return "failed"
        if any(cell.needs_review for cell in self.cells):
            return "review"
        if any(finding.wants_person for finding in self.findings):
            return "review"
        if any(cell.status in {Status.REPAIRED, Status.DERIVED} for cell in self.cells):
            return "repaired"
        return "clean"
