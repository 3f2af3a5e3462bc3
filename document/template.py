"""A form as it is printed, and the equations its figures must satisfy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Address: TypeAlias = tuple[str, str]
"""A figure's place in a table: (row key, column key)."""

CellType: TypeAlias = Literal["count", "signed", "decimal", "money"]
"""count: int ≥ 0; signed: int; decimal: ≥ 0 with any number of decimals; money: decimal whose
unit may be printed in the cell (元, 万元), normalised to 元."""


@dataclass(frozen=True, slots=True)
class TemplateCell:
    """One cell of the printed form: a label, or the place of a figure.

    ``row`` and ``column`` are grid positions in the printed table, spans included.
    ``label`` is the printed text ("" for a figure); ``address`` is None for a label.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    label: str
    variants: tuple[str, ...]
    address: Address | None
    type: CellType | None

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every wording this label is known to be printed with, the form's own first."""
        return (self.label, *self.variants)


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ left = Σ right over figures of one table; ``left`` is what the page states as a total.

    ``name`` is the spoken form, with keys: "new: total = person + business + …".
    """

    name: str
    left: tuple[Address, ...]
    right: tuple[Address, ...]

    @property
    def cells(self) -> tuple[Address, ...]:
        """All figures it speaks of, left ones first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class TableTemplate:
    """One table of a form, as a printed grid of ``rows`` × ``columns`` bands."""

    id: str
    headings: tuple[str, ...]
    rows: int
    columns: int
    cells: tuple[TemplateCell, ...]
    equations: tuple[Equation, ...]
    row_names: tuple[tuple[str, str], ...]
    column_names: tuple[tuple[str, str], ...]

    @property
    def figures(self) -> tuple[TemplateCell, ...]:
        """The cells that hold figures, row by row."""
        return tuple(cell for cell in self.cells if cell.address is not None)

    def row_name(self, key: str) -> str:
        """Return the printed (Chinese) name of a row key; the key itself where unnamed."""
        return dict(self.row_names).get(key, key)

    def column_name(self, key: str) -> str:
        """Return the printed (Chinese) name of a column key; the key itself where unnamed."""
        return dict(self.column_names).get(key, key)


@dataclass(frozen=True, slots=True)
class Template:
    """A form: its tables, and the phrases by which an unsuited form is told from it.

    ``foreign`` are phrases that prove a table to be of another form (pre-2019 reports).
    """

    id: str
    title: str
    tables: tuple[TableTemplate, ...]
    foreign: tuple[str, ...]
